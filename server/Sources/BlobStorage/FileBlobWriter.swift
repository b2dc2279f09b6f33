import Crypto
import Glibc
import Workflows

/// One file on its way in. Writes are in order because their caller awaits each.
actor FileBlobWriter: BlobWriter {
    private let folder: String
    private let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private var bytes = 0
    private var isOpen = true
    private var isCommitted = false

    init(folder: String, path: String, descriptor: Int32) {
        self.folder = folder
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        if isOpen { close(descriptor) }
    }

    func write(_ piece: [UInt8]) async throws(Fault) {
        let descriptor = descriptor
        try await Disk.run { () throws(Fault) in
            var failure: Fault?
            piece.withUnsafeBytes { buffer in
                do throws(Fault) { try Disk.write(buffer, to: descriptor) } catch { failure = error }
            }
            if let failure { throw failure }
        }
        hash.update(data: piece)
        bytes += piece.count
    }

    func reading() async throws(Fault) -> OpenFile {
        let path = path
        return try await Disk.run { () throws(Fault) in try OpenFile(reading: try Disk.open(path, O_RDONLY)) }
    }

    func commit(as name: BlobName) async throws(Fault) -> BlobDigest {
        let (descriptor, path, folder) = (descriptor, path, folder)
        try await Disk.run { () throws(Fault) in
            try Disk.sync(descriptor)
            try Disk.rename(path, "\(folder)/\(name.fileName)")
            try Disk.syncFolder(folder)
        }
        isCommitted = true
        finish()
        let digest = hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }
        return BlobDigest(bytes: bytes, sha256: digest.joined())
    }

    func abandon() async {
        finish()
        guard !isCommitted else { return }
        unlink(path)
    }

    private func finish() {
        guard isOpen else { return }
        isOpen = false
        close(descriptor)
    }
}
