import Crypto
import Foundation

/// The key that wraps the keys of sessions. It is in a file of its own, so that a copy of the data without it is worth
/// nothing.
public struct MasterKey: Sendable, Equatable {
    let key: SymmetricKey

    /// Reads the key; makes the file with a new one if there is none and `mayMake` is set: where nothing was kept yet.
    ///
    /// The file holds 32 random bytes in Base64 (`openssl rand -base64 32` makes one) and may be read by its owner only.
    ///
    /// - Throws: ``KeyFault``.
    public static func load(_ path: String, mayMake: Bool = true) throws(KeyFault) -> MasterKey {
        MasterKey(key: SymmetricKey(data: try KeyFile(path: path, name: "The master key").load(mayMake: mayMake)))
    }

    /// A key that was given as text: 32 bytes in Base64. It stands in no error.
    ///
    /// - Parameter name: where it came from, for operators.
    public init(text: String, name: String) throws(KeyFault) {
        guard let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32
        else { throw KeyFault("\(name) isn't 32 bytes in Base64.") }
        key = SymmetricKey(data: bytes)
    }

    private init(key: SymmetricKey) {
        self.key = key
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
