import Foundation
import GRDB
import Glibc

extension AuditDatabase {
    /// Copies the trail, as it is at one moment, while others write to it. The copy is for its owner's eyes only.
    ///
    /// - Parameter copy: a path where nothing is.
    public static func copy(_ path: String, to copy: String) throws {
        guard access(path, F_OK) == 0 else {
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
        let made = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard made >= 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: copy]) }
        close(made)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.label = "lightbox.audit.copy"
        try DatabaseQueue(path: path, configuration: configuration).writeWithoutTransaction {
            try $0.execute(sql: "VACUUM INTO ?", arguments: [copy])
        }
    }
}
