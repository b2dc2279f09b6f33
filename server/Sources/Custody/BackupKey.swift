public import Crypto
import Foundation

/// The key that backups are sealed under: a file like the master key's, and never the master key itself, so that whoever
/// keeps the backups can't read them, and whoever has the disk can't either.
public struct BackupKey: Sendable {
    private let key: SymmetricKey

    /// Reads the key; makes the file with a new one if there is none and `mayMake` is set.
    public static func load(_ path: String, mayMake: Bool = false) throws(KeyFault) -> BackupKey {
        BackupKey(key: SymmetricKey(data: try KeyFile(path: path, name: "The backup key").load(mayMake: mayMake)))
    }

    /// The key of one backup (HKDF-SHA256, RFC 5869): no two share one, so that numbers can be nonces.
    public func sealing(salt: [UInt8]) -> SymmetricKey { derived(salt, "lightbox backup 1: seal", 32) }

    /// Tells a wrong key from a damaged backup, and says nothing about the key.
    public func proof(salt: [UInt8]) -> [UInt8] {
        derived(salt, "lightbox backup 1: proof", 16).withUnsafeBytes { [UInt8]($0) }
    }

    private func derived(_ salt: [UInt8], _ use: String, _ count: Int) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: salt, info: Array(use.utf8), outputByteCount: count)
    }
}
