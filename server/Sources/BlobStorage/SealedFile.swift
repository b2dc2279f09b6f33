import CMemoryFile
import Foundation
import Glibc
import Workflows

/// A sealed file that is open for reading. Each chunk is verified before a byte of it is given out.
final class SealedFile: StoredFile {
    let size: Int
    private let descriptor: Int32
    private let seal: FileSeal
    private let chunks: Int
    var isBoundToName: Bool { seal.isBoundToName }

    /// Chunks that are read at once.
    private static let batch = 16

    /// Takes over the descriptor. It blocks.
    ///
    /// - Parameter name: that the file stands under.
    init(descriptor: Int32, named name: String, key: DataKey) throws(Fault) {
        do throws(Fault) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw Fault(errno: errno, "fstat") }
            let header = try Disk.read(descriptor, 0..<FileSeal.headerBytes)
            guard let extent = FileSeal.extent(ofFileSize: Int(status.st_size)), extent.chunks > 0 else {
                throw Fault.storageFailed(cause: SealFault())
            }
            seal = try Self.checked { () throws(SealFault) in try FileSeal(of: header, named: name, key) }
            chunks = extent.chunks
            size = extent.content
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] {
        try await Disk.run { [self] () throws(Fault) in
            var content: [UInt8] = []
            content.reserveCapacity(range.count)
            try pieces(of: range) { piece throws(Fault) in content += piece }
            return content
        }
    }

    func inMemory() async throws(Fault) -> OpenFile {
        try await Disk.run { [self] () throws(Fault) in try exposed() }
    }

    func exposed() throws(Fault) -> OpenFile {
        let file = lb_memory_file_make()
        guard file >= 0 else { throw Fault(errno: -file, "memfd_create") }
        let open = OpenFile(descriptor: file, size: size)
        try pieces(of: 0..<size) { piece throws(Fault) in try Disk.write(piece, to: file) }
        let sealed = lb_memory_file_seal(file)
        guard sealed == 0 else { throw Fault(errno: -sealed, "F_ADD_SEALS") }
        return open
    }

    /// Calls `body` with one piece of the content after another. A file without content has a chunk too: it is verified.
    private func pieces(of range: Range<Int>, _ body: (Data) throws(Fault) -> Void) throws(Fault) {
        precondition(range.lowerBound >= 0 && range.upperBound <= size)
        let first = range.lowerBound / FileSeal.chunkBytes
        let end = max(first + 1, (range.upperBound + FileSeal.chunkBytes - 1) / FileSeal.chunkBytes)
        var next = first
        while next < min(end, chunks) {
            let upTo = min(end, chunks, next + Self.batch)
            let start = FileSeal.place(of: next)
            let whole =
                upTo == chunks ? size + FileSeal.headerBytes + chunks * FileSeal.overhead : FileSeal.place(of: upTo)
            let sealed = try Disk.read(descriptor, start..<whole)
            for chunk in next..<upTo {
                let at = FileSeal.place(of: chunk) - start
                let bytes = sealed[at..<min(at + FileSeal.chunkBytes + FileSeal.overhead, sealed.count)]
                let content = try Self.checked { () throws(SealFault) in
                    try seal.open(bytes, chunk: chunk, isLast: chunk == chunks - 1)
                }
                let begin = chunk * FileSeal.chunkBytes
                let wanted = range.clamped(to: begin..<begin + content.count)
                if !wanted.isEmpty || content.isEmpty {
                    let from = content.startIndex + wanted.lowerBound - begin
                    try body(content.isEmpty ? content : content[from..<from + wanted.count])
                }
            }
            next = upTo
        }
    }

    private static func checked<Value>(_ body: () throws(SealFault) -> Value) throws(Fault) -> Value {
        do throws(SealFault) { return try body() } catch { throw .storageFailed(cause: error) }
    }
}
