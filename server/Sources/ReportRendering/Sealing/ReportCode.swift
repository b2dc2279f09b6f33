import Crypto
public import Domain
public import Foundation
public import Workflows

/// What the QR code of a printed report says: `LBX1.`, a payload in Base64url, `.`, its signature in Base64url. Short, so
/// that the code stays coarse enough for any camera; the key isn't in it.
public enum ReportCode {
    static let prefix = "LBX1"

    /// What is signed. The names are short for the same reason.
    struct Payload: Codable {
        /// Report.
        var r: ReportID
        /// Created, in seconds since 1970.
        var c: Int
        /// Audience.
        var a: Report.Audience
        /// Urgency.
        var u: AcuityLevel
        /// Findings that reached their thresholds.
        var m: [String]
        /// The first half of the SHA-256 of the sources, as sorted JSON, in Base64url.
        var d: String
        /// The beginning of the key's id.
        var k: String
        /// Whether the version of the model was withdrawn.
        var w: Bool?
    }

    /// Digits of the key's id: enough to tell keys apart, since the signature says whether it is that one.
    private static let keyDigits = 16

    /// The same text for the same statement and key, in whichever format the report is.
    public static func text(for statement: ReportStatement, signer: any ReportSigner) throws -> String {
        let payload = Payload(
            r: statement.report, c: Int(statement.created.timeIntervalSince1970), a: statement.audience,
            u: statement.urgency, m: statement.marked, d: try digest(statement.sources),
            k: String(ReportKey(of: signer).id.prefix(keyDigits)), w: statement.withdrawal == nil ? nil : true)
        let signed = "\(prefix).\(Base64URL.encode(try SealJSON.encode(payload)))"
        return "\(signed).\(Base64URL.encode(try signer.signature(for: Array(signed.utf8))))"
    }

    private static func digest(_ sources: ReportSources) throws -> String {
        Base64URL.encode(SHA256.hash(data: try SealJSON.encode(sources)).prefix(16))
    }

    // MARK: - Reading

    /// What a code says.
    public struct Content: Sendable, Equatable {
        public var report: ReportID
        public var created: Date
        public var audience: Report.Audience
        public var urgency: AcuityLevel
        public var marked: [String]
        public var isWithdrawn: Bool
        /// 16 bytes that stand for what the report was made from.
        public var sources: [UInt8]
        /// The beginning of the key's id.
        public var keyID: String

        /// Whether this is the code of a report with this statement.
        public func belongs(to statement: ReportStatement) -> Bool {
            report == statement.report && created == statement.created && audience == statement.audience
                && urgency == statement.urgency && marked == statement.marked
                && isWithdrawn == (statement.withdrawal != nil)
                && (try? ReportCode.digest(statement.sources)) == Base64URL.encode(sources)
        }
    }

    public enum Reading: Sendable, Equatable {
        /// Signed by one of the trusted keys.
        case genuine(Content, ReportKey)
        /// It names a key that isn't among the trusted ones, so that nothing can be said of its signature.
        case unknownKey(Content)
        /// It names a trusted key that didn't sign this.
        case forged(Content)
        /// It is no code of a report, or was changed so that it can't be read.
        case unreadable
    }

    /// Reads a code and checks its signature.
    public static func read(_ text: String, trusted: [ReportKey]) -> Reading {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == prefix,
            let payload = Base64URL.decode(parts[1]).flatMap({ SealJSON.decode(Payload.self, from: $0) }),
            let signature = Base64URL.decode(parts[2]), signature.count == 64,
            let sources = Base64URL.decode(payload.d), sources.count == 16, payload.k.utf8.count == keyDigits
        else { return .unreadable }
        let content = Content(
            report: payload.r, created: Date(timeIntervalSince1970: TimeInterval(payload.c)), audience: payload.a,
            urgency: payload.u, marked: payload.m, isWithdrawn: payload.w == true, sources: sources, keyID: payload.k)
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        let named = trusted.filter { $0.id.hasPrefix(payload.k) }
        if let key = named.first(where: { $0.signed(signed, signature) }) { return .genuine(content, key) }
        return named.isEmpty ? .unknownKey(content) : .forged(content)
    }
}
