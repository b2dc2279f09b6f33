import Crypto
import Domain
import Foundation
public import ReportDocuments
public import Workflows

/// The seal of a document: `LIGHTBOX-SEAL-1:`, a JSON Web Signature in compact form (RFC 7515, EdDSA of RFC 8037), `:`,
/// and two sums of that form in eleven digits; then spaces up to the end of the gap.
///
/// What is signed is the ``ReportStatement``, and about the bytes outside the gap: how many there are, their SHA-256, where
/// the gap is, and a table that finds what changed. docs/reports-verify.md describes it for others.
public enum ReportSeal {
    static let marker = Array("LIGHTBOX-SEAL-1:".utf8)
    static let kind = "lightbox-seal"
    /// Base64url of `{"alg":"EdDSA",`, which every header begins with: a seal is found by it too.
    static let headerStart = Array(Base64URL.encode(Array(#"{"alg":"EdDSA","#.utf8)).utf8)
    /// `:` and the sums.
    static let checkLength = 12
    /// Digits of a signature of 64 bytes.
    static let signatureLength = 86
    /// Something that is no part of the token has to follow it.
    static let leastPadding = 2
    /// The largest prime below 2³¹: sums of forms of up to a gigabyte.
    static let prime: UInt64 = 2_147_483_647

    struct Header: Codable {
        var alg = "EdDSA"
        var jwk: ReportKey.JWK
        var kid: String
        var typ = ReportSeal.kind

        init(_ key: ReportKey) {
            // The public members only (RFC 8037, section 2); what else a JWK may say stands in the header itself.
            jwk = key.jwk
            jwk.kid = nil
            jwk.alg = nil
            jwk.use = nil
            kid = key.id
        }
    }

    struct Payload: Codable {
        var seal: Cover
        var statement: ReportStatement
    }

    /// What is known of the covered bytes.
    struct Cover: Codable {
        var block = BlockTable.block
        /// Where the gap begins, and its length.
        var gap: [Int]
        /// Covered bytes.
        var length: Int
        /// Lower-case hexadecimal.
        var sha256: String
        /// ``BlockTable/packed`` in Base64url.
        var table: String
    }

    // MARK: - Making

    /// A length, always even, that suffices for every statement of at most 4,096 bytes of JSON.
    public static func gapLength(covering bytes: Int) -> Int { gapLength(covering: bytes, statement: 4096) }

    /// The length for this statement, always even, by how many bytes are covered: some four kilobytes less.
    public static func gapLength(for statement: ReportStatement) throws -> @Sendable (Int) -> Int {
        let length = try SealJSON.encode(statement).count
        return { gapLength(covering: $0, statement: length) }
    }

    private static func gapLength(covering bytes: Int, statement: Int) -> Int {
        // Header and frame of the payload with numbers of twelve digits: {"alg":…} is 172 bytes, {"seal":{…},"statement":}
        // 179. A test holds the sum against real seals.
        let header = digits(172)
        let table = digits(BlockTable.count(bytes) * BlockTable.rowLength)
        let payload = digits(184 + table + statement)
        let token = marker.count + header + 1 + payload + 1 + signatureLength + checkLength
        return (token + leastPadding + 1) / 2 * 2
    }

    /// Digits of Base64url for so many bytes.
    private static func digits(_ bytes: Int) -> Int { (bytes * 4 + 2) / 3 }

    /// Writes the seal into the gap. The same document, statement and key give the same bytes.
    ///
    /// - Throws: ``ReportSealFault`` where the gap is too short or isn't in the document; what the signer throws.
    public static func fill(
        _ document: inout GappedDocument, statement: ReportStatement, signer: any ReportSigner
    ) throws {
        let gap = document.gap
        guard gap.lowerBound >= 0, gap.upperBound <= document.bytes.count else {
            throw ReportSealFault("The gap for the seal isn't within the document.")
        }
        let covered = Array(document.bytes[..<gap.lowerBound] + document.bytes[gap.upperBound...])
        let cover = Cover(
            gap: [gap.lowerBound, gap.count], length: covered.count,
            sha256: SHA256.hash(data: covered).hexadecimal,
            table: Base64URL.encode(BlockTable(covered).packed))
        let header = Base64URL.encode(try SealJSON.encode(Header(ReportKey(of: signer))))
        let payload = Base64URL.encode(try SealJSON.encode(Payload(seal: cover, statement: statement)))
        let signed = Array("\(header).\(payload)".utf8)
        let form = signed + [UInt8(ascii: ".")] + Array(Base64URL.encode(try signer.signature(for: signed)).utf8)
        let token = marker + form + check(of: form[...])
        guard token.count + leastPadding <= gap.count else {
            throw ReportSealFault("The seal takes \(token.count + leastPadding) bytes, the gap has \(gap.count).")
        }
        let padding = [UInt8](repeating: UInt8(ascii: " "), count: gap.count - token.count)
        document.bytes.replaceSubrange(gap, with: token + padding)
    }

    /// `:` and the sums of a form, each in four bytes, in Base64url.
    static func check(of form: ArraySlice<UInt8>) -> [UInt8] {
        let sums = ByteSums(form, modulo: prime)
        let both = sums.plain << 32 | sums.weighted
        let bytes = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: both >> UInt64($0)) }
        return [UInt8(ascii: ":")] + Array(Base64URL.encode(bytes).utf8)
    }

    /// Reads what ``check(of:)`` wrote.
    static func sums(_ check: ArraySlice<UInt8>) -> ByteSums? {
        guard let bytes = Base64URL.decode(check.dropFirst()), bytes.count == 8 else { return nil }
        let both = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return ByteSums(plain: both >> 32, weighted: both & 0xffff_ffff)
    }
}

/// Why a document couldn't be sealed.
public struct ReportSealFault: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
