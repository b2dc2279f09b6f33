import Glibc

/// An open, read-only file. The descriptor is closed when the last reference goes.
public final class OpenFile: Sendable {
    public let descriptor: Int32
    /// Size in bytes.
    public let size: Int

    /// Takes over the descriptor.
    public init(descriptor: Int32, size: Int) {
        self.descriptor = descriptor
        self.size = size
    }

    deinit {
        close(descriptor)
    }
}
