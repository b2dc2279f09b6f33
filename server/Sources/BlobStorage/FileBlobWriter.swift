import Crypto
import Domain
import Foundation
import Glibc
import Workflows

/// One file on its way in: hashed and sealed while it comes. Memory stays the same however large it is.
///
/// What has come and isn't sealed yet is always at least one byte (unless nothing has come), because the last chunk is
/// sealed as the last one.
actor FileBlobWriter: BlobWriter {
    private let folder: String
    private let path: String
    private let descriptor: Int32
    private let key: DataKey
    private let seal: FileSeal
    private let syncs: SyncGroup
    /// Whether it can be gone on with after the end of this process, so that it keeps its name until it is abandoned.
    private let isResumable: Bool

    /// What a roll-back goes back to.
    private struct Content {
        var hash = SHA256()
        var bytes = 0
        /// What isn't sealed for good, from the chunk `sealedChunks` on.
        var pending: [UInt8] = []
        var sealedChunks = 0
    }

    private var content: Content
    private var mark: Content?
    private var writing: Task<Fault?, Never>?
    private var isOpen = true
    private var isSealed = false
    private var fileName: String { URL(filePath: path).lastPathComponent }

    /// So much is gathered before it is sealed and written.
    private static let batch = 2 * FileSeal.chunkBytes

    /// Takes over the descriptor of a file that holds a header and nothing else.
    init(
        folder: String, path: String, descriptor: Int32, key: DataKey, seal: FileSeal, syncs: SyncGroup,
        isResumable: Bool
    ) {
        self.folder = folder
        self.path = path
        self.descriptor = descriptor
        self.key = key
        self.seal = seal
        self.syncs = syncs
        self.isResumable = isResumable
        content = Content()
    }

    /// Takes over a file that was left unfinished. It blocks while it reads all that is there.
    ///
    /// A last chunk that was only half written is given up: what it held was never promised.
    init(resuming path: String, folder: String, descriptor: Int32, key: DataKey, syncs: SyncGroup) throws(Fault) {
        do throws(Fault) {
            let header = try Disk.read(descriptor, 0..<FileSeal.headerBytes)
            let seal: FileSeal
            do throws(SealFault) {
                seal = try FileSeal(of: header, named: URL(filePath: path).lastPathComponent, key)
            } catch {
                throw .storageFailed(cause: error)
            }
            content = try Self.content(of: descriptor, seal)
            self.seal = seal
        } catch {
            close(descriptor)
            throw error
        }
        self.folder = folder
        self.path = path
        self.descriptor = descriptor
        self.key = key
        self.syncs = syncs
        isResumable = true
    }

    private static func content(of descriptor: Int32, _ seal: FileSeal) throws(Fault) -> Content {
        var content = Content()
        while true {
            let start = FileSeal.place(of: content.sealedChunks)
            let sealed = try Disk.read(descriptor, start..<start + FileSeal.chunkBytes + FileSeal.overhead)
            // The last chunk is sealed as such where the end had come, but not the check of what came.
            guard sealed.count >= FileSeal.overhead,
                let piece = (try? seal.open(sealed[...], chunk: content.sealedChunks, isLast: false))
                    ?? (try? seal.open(sealed[...], chunk: content.sealedChunks, isLast: true))
            else { break }
            content.hash.update(data: piece)
            content.bytes += piece.count
            content.pending = [UInt8](piece)
            guard piece.count == FileSeal.chunkBytes else { return content }
            content.sealedChunks += 1
        }
        // The last whole chunk may still become the last one of the file.
        if content.sealedChunks > 0, !content.pending.isEmpty { content.sealedChunks -= 1 }
        return content
    }

    deinit {
        if isOpen { close(descriptor) }
    }

    var bytes: Int { content.bytes }

    // MARK: - Receiving

    /// Nothing can be added to, or taken from, what was finished.
    private func mustBeOpen() throws(Fault) {
        guard isOpen, !isSealed else { throw .storageFailed(cause: FinishedFile()) }
    }

    private struct FinishedFile: Error, CustomStringConvertible {
        let description = "a file that was finished can't be changed"
    }

    func write(_ piece: ArraySlice<UInt8>) async throws(Fault) {
        try mustBeOpen()
        content.hash.update(data: piece)
        content.bytes += piece.count
        // Once, for all that it will ever hold: a growing array doubles.
        if content.pending.isEmpty { content.pending.reserveCapacity(Self.batch + FileSeal.chunkBytes) }
        content.pending += piece
        if content.pending.count > Self.batch { try await writeWholeChunks() }
    }

    private func writeWholeChunks() async throws(Fault) {
        let count = (content.pending.count - 1) / FileSeal.chunkBytes
        let sealed = sealed(count)
        content.pending.removeFirst(count * FileSeal.chunkBytes)
        let place = FileSeal.place(of: content.sealedChunks)
        content.sealedChunks += count
        try await settle()
        let descriptor = descriptor
        // The next batch comes, and is sealed, while this one is written.
        writing = Task {
            do throws(Fault) {
                try await Disk.run { () throws(Fault) in
                    var place = place
                    for chunk in sealed {
                        try Disk.write(chunk, to: descriptor, at: place)
                        place += chunk.count
                    }
                }
                return nil
            } catch {
                return error
            }
        }
    }

    /// The first `count` pending chunks, none of them the last one of the file.
    private func sealed(_ count: Int) -> [Data] {
        (0..<count).map { index in
            let start = index * FileSeal.chunkBytes
            return seal.seal(
                content.pending[start..<start + FileSeal.chunkBytes], chunk: content.sealedChunks + index,
                isLast: false)
        }
    }

    /// Waits for the write that is under way.
    private func settle() async throws(Fault) {
        guard let running = writing else { return }
        writing = nil
        if let failure = await running.value { throw failure }
    }

    func flush() async throws(Fault) {
        try mustBeOpen()
        if content.pending.count > FileSeal.chunkBytes { try await writeWholeChunks() }
        try await settle()
        try await writeRest(isLast: false)
        try await syncs.sync([descriptor], in: folder)
    }

    /// Writes what is pending as one chunk, at most, and cuts the file after it.
    private func writeRest(isLast: Bool) async throws(Fault) {
        let isThere = !content.pending.isEmpty || isLast
        let rest = isThere ? seal.seal(content.pending, chunk: content.sealedChunks, isLast: isLast) : Data()
        let (descriptor, place) = (descriptor, FileSeal.place(of: content.sealedChunks))
        try await Disk.run { () throws(Fault) in
            try Disk.write(rest, to: descriptor, at: place)
            try Disk.truncate(descriptor, to: place + rest.count)
        }
    }

    func setMark() async throws(Fault) {
        try mustBeOpen()
        mark = content
    }

    func rollBack() async throws(Fault) {
        try mustBeOpen()
        guard let mark else { return }
        try? await settle()
        content = mark
        try await flush()
    }

    // MARK: - The end

    func finish() async throws(Fault) {
        guard !isSealed else { return }
        if content.pending.count > FileSeal.chunkBytes { try await writeWholeChunks() }
        try await settle()
        try await writeRest(isLast: true)
        isSealed = true
        content.pending = []
    }

    func reading() async throws(Fault) -> any StoredFile {
        try await finish()
        let (path, name, key) = (path, fileName, key)
        return try await Disk.run { () throws(Fault) in
            try SealedFile(descriptor: try Disk.open(path, O_RDONLY), named: name, key: key)
        }
    }

    func commit(as name: BlobName, with others: [NamedBytes]) async throws(Fault) -> BlobDigest {
        try await finish()
        let (path, folder, key, descriptor, isResumable) = (path, folder, key, descriptor, isResumable)
        let tag = seal.tag(of: name.fileName)
        let files = try await Disk.run { () throws(Fault) in
            let files = try SmallFiles(others, in: folder, key)
            let place = "\(folder)/\(name.fileName)"
            // Its parts were acknowledged. Were its only name that of a picture which no row knows yet, then it would be
            // swept away as nobody's if the process ended now.
            if isResumable { try Disk.addName(path, place) } else { try Disk.rename(path, place) }
            do throws(Fault) {
                try Disk.write(tag, to: descriptor, at: FileSeal.tagPlace)
            } catch {
                unlink(place)
                throw error
            }
            return files
        }
        try await syncs.sync([descriptor] + files.descriptors, in: folder)
        closeFile()
        return BlobDigest(bytes: content.bytes, sha256: content.hash.finalize().hexadecimal)
    }

    func abandon() async {
        try? await settle()
        closeFile()
        // Of what was committed this is no name any more, or one too many.
        unlink(path)
    }

    func park() async {
        try? await settle()
        closeFile()
    }

    private func closeFile() {
        guard isOpen else { return }
        isOpen = false
        close(descriptor)
    }
}
