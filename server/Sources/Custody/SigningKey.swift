import Crypto
import Foundation
public import Workflows

/// The key that this instance signs its reports with: Ed25519 (RFC 8032). Its public half is no secret.
///
/// The file holds the 32 bytes of the private key in Base64 and may be read by its owner only.
public struct SigningKey: ReportSigner {
    private let key: Curve25519.Signing.PrivateKey

    public var publicKey: [UInt8] { [UInt8](key.publicKey.rawRepresentation) }

    /// Reads the key; makes the file with a new one if there is none and `mayMake` is set.
    ///
    /// - Throws: ``KeyFault``.
    public static func load(_ path: String, mayMake: Bool = true) throws(KeyFault) -> SigningKey {
        try SigningKey(KeyFile(path: path, name: "The signing key").load(mayMake: mayMake), from: path)
    }

    private init(_ bytes: [UInt8], from path: String) throws(KeyFault) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
            throw KeyFault("The signing key \(path) is no key for Ed25519.")
        }
        self.key = key
    }

    public func signature(for message: [UInt8]) throws -> [UInt8] {
        [UInt8](try key.signature(for: message))
    }
}
