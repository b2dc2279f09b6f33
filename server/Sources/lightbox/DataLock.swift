import Foundation
import Glibc

/// Who works with a data folder: a server shares it with commands that may run beside it; whoever changes what all depend
/// on has it alone. The system lets go of it when the process ends, however it ends.
final class DataLock: Sendable {
    private let descriptor: Int32

    private init(_ folder: URL, _ operation: Int32, refusal: String) throws {
        let path = folder.appending(path: "lock").path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Exit(.unavailable, "\(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, operation | LOCK_NB) == 0 else {
            close(descriptor)
            throw Exit(.unavailable, refusal)
        }
    }

    deinit {
        close(descriptor)
    }

    static func shared(_ folder: URL) throws -> DataLock {
        try DataLock(
            folder, LOCK_SH,
            refusal:
                "The master key of \(folder.path) is being exchanged. Start again when “lightbox keys rotate” is done."
        )
    }

    static func exclusive(_ folder: URL) throws -> DataLock {
        try DataLock(
            folder, LOCK_EX,
            refusal: "Lightbox is running on \(folder.path). Stop it first, and start it again when this is done."
        )
    }
}
