internal import WorkerProtocol

/// A picture that a worker may read. It is opened when a worker takes the job, so that what waits holds no memory; the
/// worker gets a copy of the descriptor, never a path.
public struct PictureSource: Sendable {
    /// An open, read-only file or sealed memory file.
    public struct Open: Sendable {
        let descriptor: Int32
        private let owner: any AnyObject & Sendable

        /// - Parameter owner: keeps the descriptor open as long as it lives.
        public init(descriptor: Int32, owner: any AnyObject & Sendable) {
            self.descriptor = descriptor
            self.owner = owner
        }
    }

    let open: @Sendable () throws -> Open

    /// - Parameter open: called on a thread that may block, once for each job.
    public init(open: @escaping @Sendable () throws -> Open) {
        self.open = open
    }

    /// Lends a descriptor that is open already.
    /// - Parameter owner: keeps it open as long as it lives.
    public init(descriptor: Int32, owner: any AnyObject & Sendable) {
        self.init { Open(descriptor: descriptor, owner: owner) }
    }

    /// Copies bytes into a sealed memory file.
    /// - Throws: ``WorkerPoolError/unavailable(reason:)`` where the system has no memory or descriptor for it.
    public init(bytes: [UInt8]) throws(WorkerPoolError) {
        do throws(WorkerProtocolFault) {
            let file = MemoryFile(descriptor: try PictureBytes.sealedFile(bytes), size: bytes.count)
            self.init(descriptor: file.descriptor, owner: file)
        } catch {
            throw .unavailable(reason: error.message)
        }
    }
}
