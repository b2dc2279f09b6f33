import Dispatch
import Foundation
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

    /// - Returns: whether it wasn't there before.
    @discardableResult
    static func makeFolder(_ path: String) throws(Fault) -> Bool {
        if mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw Fault(errno: errno, "mkdir") }
        return false
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

    static func write(_ bytes: some ContiguousBytes, to descriptor: Int32) throws(Fault) {
        try lend(bytes) { buffer throws(Fault) in try write(buffer, to: descriptor) }
    }

    /// Writes at a place, whatever the descriptor's position is.
    static func write(_ bytes: some ContiguousBytes, to descriptor: Int32, at place: Int) throws(Fault) {
        try lend(bytes) { buffer throws(Fault) in
            var done = 0
            while done < buffer.count {
                let count = pwrite(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, place + done)
                if count > 0 {
                    done += count
                } else if errno != EINTR {
                    throw Fault(errno: errno, "write")
                }
            }
        }
    }

    /// `withUnsafeBytes` loses the error's type.
    private static func lend(
        _ bytes: some ContiguousBytes, _ body: (UnsafeRawBufferPointer) throws(Fault) -> Void
    ) throws(Fault) {
        let failure: Fault? = bytes.withUnsafeBytes { buffer in
            do throws(Fault) { try body(buffer) } catch { return error }
            return nil
        }
        if let failure { throw failure }
    }

    /// Reads a range; fewer bytes where the file ends before.
    static func read(_ descriptor: Int32, _ range: Range<Int>) throws(Fault) -> [UInt8] {
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + count }, range.count - count, range.lowerBound + count)
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

    static func truncate(_ descriptor: Int32, to size: Int) throws(Fault) {
        guard ftruncate(descriptor, size) == 0 else { throw Fault(errno: errno, "ftruncate") }
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

    /// Gives a file a second name; where the file system can't do that, another one instead of the first.
    static func addName(_ old: String, _ new: String) throws(Fault) {
        if link(old, new) == 0 { return }
        switch errno {
        case EPERM, EOPNOTSUPP, ENOSYS, EMLINK: try rename(old, new)
        case let number: throw Fault(errno: number, "link")
        }
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
        // No descriptor is left: there will be when others have ended.
        case EMFILE, ENFILE: self = .storageBusy
        // The device, or a file system that went read-only, or away.
        case EIO, EROFS, ENXIO, ENODEV, ESTALE, ETIMEDOUT:
            self = .storageUnavailable(cause: SystemCallError(call: call, number: number))
        default: self = .storageFailed(cause: SystemCallError(call: call, number: number))
        }
    }
}
