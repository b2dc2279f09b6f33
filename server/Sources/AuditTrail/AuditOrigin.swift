import Domain
public import Foundation
public import Workflows

/// Where a trail begins: line 1, or the line after those that were let go, with the instance's word for that.
public struct AuditOrigin: Sendable, Equatable {
    /// Of the first line.
    public var number: Int
    /// Of the line before it.
    public var hash: [UInt8]
    /// Nil where nobody signed that lines were let go.
    public var release: AuditRelease?

    /// Whether nothing is before it, or a trusted key says that what was may be gone.
    public func isGenuine(_ keys: [ReportKey]) -> Bool {
        guard number > 1 else { return number == 1 && hash == AuditLine.origin }
        guard let release else { return false }
        return release.number == number - 1 && release.hash == hash.hexadecimal && release.isGenuine(keys)
    }
}

/// That the lines up to one are gone because their time was over, and not because somebody cut them off.
public struct AuditRelease: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case released
        /// An earlier version let them go without a signature; the first one that signs took it as it was.
        case adopted
    }

    public var kind: Kind
    /// The last line that was let go.
    public var number: Int
    /// Its hash, lower-case hexadecimal.
    public var hash: String
    /// Milliseconds since 1970.
    public var at: Int64
    /// The thumbprint of the key that signed.
    public var key: String
    /// Base64url.
    public var signature: String

    public var time: Date { Date(timeIntervalSince1970: Double(at) / 1000) }

    private var message: [UInt8] { Array("lightbox-audit-release\n\(kind.rawValue)\n\(number)\n\(hash)\n\(at)\n".utf8) }

    init(kind: Kind, number: Int, hash: String, at: Int64, key: String, signature: String) {
        self.kind = kind
        self.number = number
        self.hash = hash
        self.at = at
        self.key = key
        self.signature = signature
    }

    init(_ kind: Kind, number: Int, hash: [UInt8], at: Int64, signer: any ReportSigner) throws {
        self.init(
            kind: kind, number: number, hash: hash.hexadecimal, at: at, key: ReportKey(of: signer).id, signature: "")
        signature = Base64URL.encode(try signer.signature(for: message))
    }

    func isGenuine(_ keys: [ReportKey]) -> Bool {
        guard let bytes = Base64URL.decode(signature) else { return false }
        return keys.contains { $0.id == key && $0.signed(message, bytes) }
    }
}
