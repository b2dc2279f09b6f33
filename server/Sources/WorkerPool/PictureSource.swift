internal import Glibc
internal import WorkerProtocol

/// A picture that a worker may read: an open file, or bytes in memory. A worker gets a copy of the descriptor, never a
/// path.
public struct PictureSource: Sendable {
    let descriptor: Int32
    private let owner: any AnyObject & Sendable

    /// Lends a read-only descriptor of a regular file.
    /// - Parameter owner: keeps the descriptor open as long as it lives.
    public init(descriptor: Int32, owner: any AnyObject & Sendable) {
        self.descriptor = descriptor
        self.owner = owner
    }

    /// Copies bytes into a sealed memory file.
    /// - Throws: ``WorkerPoolError/unavailable(reason:)`` where the system has no memory or descriptor for it.
    public init(bytes: [UInt8]) throws(WorkerPoolError) {
        do throws(WorkerProtocolFault) {
            let file = MemoryFile(descriptor: try PictureBytes.sealedFile(bytes))
            self.init(descriptor: file.descriptor, owner: file)
        } catch {
            throw .unavailable(reason: error.message)
        }
    }

    private final class MemoryFile: Sendable {
        let descriptor: Int32

        init(descriptor: Int32) {
            self.descriptor = descriptor
        }

        deinit {
            close(descriptor)
        }
    }
}
