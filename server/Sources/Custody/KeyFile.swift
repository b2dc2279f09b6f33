import Foundation
import Glibc

/// A file that holds one key: 32 random bytes in Base64 (`openssl rand -base64 32` makes one), for its owner's eyes only.
struct KeyFile {
    let path: String
    /// What the key is called, for operators: `The master key`.
    let name: String

    /// Reads the key; where there is no file and `mayMake` is set, makes one with a new key.
    func load(mayMake: Bool) throws(KeyFault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT {
            guard mayMake else { throw KeyFault("\(name) \(path) is gone. Put the file back.") }
            return try make()
        }
        guard descriptor >= 0 else { throw KeyFault("\(name) \(path) can't be opened", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw KeyFault("\(name) \(path) isn't a file.")
        }
        guard status.st_mode & (isLent ? 0o037 : 0o077) == 0 else {
            throw KeyFault("\(name) \(path) can be read by others. Set its mode to 0600.")
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        guard let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32
        else { throw KeyFault("\(name) \(path) isn't 32 bytes in Base64.") }
        return [UInt8](bytes)
    }

    /// Whether systemd lends it (`LoadCredential=`): by an access list for this user alone, which shows in the group's bits.
    private var isLent: Bool {
        guard let folder = getenv("CREDENTIALS_DIRECTORY").map({ String(cString: $0) }), !folder.isEmpty else {
            return false
        }
        return (path as NSString).deletingLastPathComponent == folder
    }

    /// Writes beside and links, so that a file that is there is whole.
    private func make() throws(KeyFault) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let text = Data(key).base64EncodedString() + "\n"
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw KeyFault("\(name) \(path) can't be made", errno) }
        defer { unlink(draft) }
        let written = write(descriptor, text, text.utf8.count) == text.utf8.count && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        guard written else { throw KeyFault("\(name) \(path) can't be written", number) }
        guard link(draft, path) == 0 else {
            // Another process was faster: its key counts.
            if errno == EEXIST { return try load(mayMake: false) }
            throw KeyFault("\(name) \(path) can't be made", errno)
        }
        syncFolder()
        return key
    }

    /// Takes the place of another key's file, in one step.
    func replace(_ other: String) throws(KeyFault) {
        guard rename(path, other) == 0 else {
            throw KeyFault("\(name) \(path) can't take the place of \(other)", errno)
        }
        syncFolder()
    }

    private func syncFolder() {
        let folder = (path as NSString).deletingLastPathComponent
        let opened = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if opened >= 0 {
            fsync(opened)
            close(opened)
        }
    }
}

/// Why there is no key. `description` is a sentence for operators.
public struct KeyFault: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(sentence: String) {
        description = sentence
    }

    init(_ sentence: String, _ number: Int32? = nil) {
        description = number.map { "\(sentence): \(String(cString: strerror($0)))." } ?? sentence
    }
}
