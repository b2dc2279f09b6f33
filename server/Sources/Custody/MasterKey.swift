import Crypto
import Foundation
import Glibc

/// The key that wraps the keys of sessions. It is in a file of its own, so that a copy of the data without it is worth
/// nothing.
public struct MasterKey: Sendable {
    let key: SymmetricKey

    /// Reads the key; makes the file with a new one if there is none and `mayMake` is set: where nothing was kept yet.
    ///
    /// The file holds 32 random bytes in Base64 (`openssl rand -base64 32` makes one) and may be read by its owner only.
    ///
    /// - Throws: ``MasterKeyFault``.
    public static func load(_ path: String, mayMake: Bool = true) throws(MasterKeyFault) -> MasterKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT {
            guard mayMake else { throw MasterKeyFault("The master key \(path) is gone. Put the file back.") }
            return try make(path)
        }
        guard descriptor >= 0 else { throw MasterKeyFault("The master key \(path) can't be opened", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw MasterKeyFault("The master key \(path) isn't a file.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw MasterKeyFault("The master key \(path) can be read by others. Set its mode to 0600.")
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        guard let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32
        else { throw MasterKeyFault("The master key \(path) isn't 32 bytes in Base64.") }
        return MasterKey(key: SymmetricKey(data: bytes))
    }

    /// Writes beside and links, so that a file that is there is whole.
    private static func make(_ path: String) throws(MasterKeyFault) -> MasterKey {
        let key = SymmetricKey(size: .bits256)
        let text = key.withUnsafeBytes { Data($0).base64EncodedString() } + "\n"
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw MasterKeyFault("The master key \(path) can't be made", errno) }
        defer { unlink(draft) }
        let written = write(descriptor, text, text.utf8.count) == text.utf8.count && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        guard written else { throw MasterKeyFault("The master key \(path) can't be written", number) }
        guard link(draft, path) == 0 else {
            // Another process was faster: its key counts.
            if errno == EEXIST { return try load(path) }
            throw MasterKeyFault("The master key \(path) can't be made", errno)
        }
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return MasterKey(key: key)
    }

    // MARK: - Wrapping

    /// - Parameter context: what the secret belongs to; the same has to be said when it is unwrapped.
    func wrap(_ secret: [UInt8], for context: String) -> [UInt8] {
        // Sealing fails only for keys and nonces of a wrong size, which these can't have.
        guard let sealed = try? AES.GCM.seal(secret, using: key, authenticating: Array(context.utf8)).combined else {
            preconditionFailure("a nonce of 96 bits always gives a combined form")
        }
        return [UInt8](sealed)
    }

    /// - Returns: nil if it was wrapped by another key, or for something else, or was changed.
    func unwrap(_ wrapped: [UInt8], for context: String) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: wrapped),
            let secret = try? AES.GCM.open(box, using: key, authenticating: Array(context.utf8))
        else { return nil }
        return [UInt8](secret)
    }
}

/// Why there is no master key. `description` is a sentence for operators.
public struct MasterKeyFault: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ sentence: String, _ number: Int32? = nil) {
        description = number.map { "\(sentence): \(String(cString: strerror($0)))." } ?? sentence
    }
}
