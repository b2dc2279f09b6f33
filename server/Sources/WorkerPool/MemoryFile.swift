internal import CMemoryFile
internal import Glibc
internal import Synchronization

/// A file that is nowhere but in memory, and not in this process's own. It goes with the last reference.
public final class MemoryFile: Sendable {
    private let owned: Mutex<Int32>
    /// In bytes.
    public let size: Int

    /// Takes over the descriptor.
    init(descriptor: Int32, size: Int) {
        owned = Mutex(descriptor)
        self.size = size
    }

    deinit {
        let descriptor = take()
        if descriptor >= 0 { close(descriptor) }
    }

    var descriptor: Int32 { owned.withLock { $0 } }

    /// Gives the descriptor away: its new owner closes it.
    public func take() -> Int32 {
        owned.withLock { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
    }
}

/// Gathers what comes in pieces.
struct MemoryFileWriter: ~Copyable {
    private var descriptor: Int32
    private var size = 0
    private let limit: Int

    /// - Returns: nil where the system has no descriptor.
    init?(limit: Int) {
        descriptor = lb_memory_file_make()
        self.limit = limit
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// - Returns: false where it would be over the limit, or can't be written.
    mutating func append(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= limit - size else { return false }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                return false
            }
        }
        size += bytes.count
        return true
    }

    consuming func finish() -> MemoryFile {
        let file = MemoryFile(descriptor: descriptor, size: size)
        descriptor = -1
        return file
    }
}
