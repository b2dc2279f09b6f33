import Glibc

/// Bytes that are read piece by piece.
public protocol ByteSource: Sendable {
    /// Size in bytes.
    var size: Int { get }
    /// - Parameter range: within 0..<size.
    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8]
}

/// A file that was kept. Whatever it gives is what was put in: it was verified.
public protocol StoredFile: ByteSource {
    /// The whole content behind a descriptor that a worker can be lent. It blocks.
    func exposed() throws(Fault) -> OpenFile
    /// The same, where waiting blocks nobody.
    func inMemory() async throws(Fault) -> OpenFile
    /// Whether it is the one that was kept under its name; otherwise its content may be another file's of the session.
    var isBoundToName: Bool { get }
}

extension StoredFile {
    public func readAll() async throws(Fault) -> [UInt8] { try await read(0..<size) }
    public var isBoundToName: Bool { true }
}

/// An open, read-only file that isn't sealed: one on the command line, or one in memory. The descriptor is closed when the
/// last reference goes.
public final class OpenFile: StoredFile {
    public let descriptor: Int32
    public let size: Int

    /// Takes over the descriptor.
    public init(descriptor: Int32, size: Int) {
        self.descriptor = descriptor
        self.size = size
    }

    deinit {
        close(descriptor)
    }

    public func exposed() throws(Fault) -> OpenFile { self }
    public func inMemory() async throws(Fault) -> OpenFile { self }

    public func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] {
        var isComplete = true
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + count }, range.count - count, range.lowerBound + count)
                if got > 0 {
                    count += got
                } else if got == 0 || errno != EINTR {
                    isComplete = false
                    return
                }
            }
        }
        guard isComplete else { throw .storageFailed(cause: ShortFile()) }
        return bytes
    }

    private struct ShortFile: Error, CustomStringConvertible {
        let description = "a file ended before its end"
    }
}
