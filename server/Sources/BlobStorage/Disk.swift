import Dispatch
import Glibc
import Workflows

/// System calls on files. They block, so they run on threads of their own and not on those of Swift's concurrency.
enum Disk {
    private static let queue = DispatchQueue(label: "lightbox.disk", attributes: .concurrent)

    /// Runs `body` where it may block.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(Fault) -> Value
    ) async throws(Fault) -> Value {
        let result: Result<Value, Fault> = await withCheckedContinuation { continuation in
            queue.async {
                let result: Result<Value, Fault>
                do throws(Fault) {
                    result = .success(try body())
                } catch {
                    result = .failure(error)
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    static func makeFolder(_ path: String) throws(Fault) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Fault(errno: errno, "mkdir") }
    }

    static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(Fault) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw Fault(errno: errno, "open") }
        }
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(Fault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(descriptor, piece.baseAddress, piece.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw Fault(errno: errno, "write")
            }
        }
    }

    static func read(_ descriptor: Int32, size: Int) throws(Fault) -> [UInt8] {
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + count }, size - count, count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    break
                } else if errno != EINTR {
                    failure = errno
                    break
                }
            }
        }
        if let failure { throw Fault(errno: failure, "read") }
        return bytes
    }

    static func sync(_ descriptor: Int32) throws(Fault) {
        guard fsync(descriptor) == 0 else { throw Fault(errno: errno, "fsync") }
    }

    /// Makes names in a folder durable.
    static func syncFolder(_ path: String) throws(Fault) {
        let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        try sync(descriptor)
    }

    static func rename(_ old: String, _ new: String) throws(Fault) {
        guard Glibc.rename(old, new) == 0 else { throw Fault(errno: errno, "rename") }
    }

    /// Removes a file; one that is gone is fine.
    static func remove(_ path: String) throws(Fault) {
        guard unlink(path) == 0 || errno == ENOENT else { throw Fault(errno: errno, "unlink") }
    }

    static func removeFolder(_ path: String) throws(Fault) {
        guard rmdir(path) == 0 || errno == ENOENT else { throw Fault(errno: errno, "rmdir") }
    }

    /// The names in a folder; none if there is no folder.
    static func names(in path: String) throws(Fault) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw Fault(errno: errno, "opendir")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}

/// A system call that failed.
struct SystemCallError: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    var description: String { "\(call): \(String(cString: strerror(number)))" }
}

extension Fault {
    init(errno number: Int32, _ call: String) {
        switch number {
        case ENOSPC, EDQUOT: self = .storageFull
        case ENOENT: self = .notFound
        default: self = .storageFailed(cause: SystemCallError(call: call, number: number))
        }
    }
}
