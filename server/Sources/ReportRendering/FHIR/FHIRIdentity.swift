import Crypto
import Domain
import Foundation

/// Names of the resources of a document. The same report gives the same ones.
enum FHIRIdentity {
    /// A UUID version 5 (RFC 9562, section 5.5): of the report's own and of what the resource is for it.
    static func uuid(_ name: String, in namespace: UUID) -> UUID {
        let digest = Insecure.SHA1.hash(data: bytes(of: namespace) + Array(name.utf8))
        var bytes = Array(digest.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    private static func bytes(of uuid: UUID) -> [UInt8] {
        withUnsafeBytes(of: uuid.uuid) { Array($0) }
    }
}
