import Crypto
import Foundation
import ReportDocuments
import Workflows

@testable import ReportRendering

/// A real key, the same in every run.
struct FixedSigner: ReportSigner {
    let key: Curve25519.Signing.PrivateKey

    init(_ seed: UInt8) throws {
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: seed, count: 32))
    }

    var publicKey: [UInt8] { [UInt8](key.publicKey.rawRepresentation) }

    func signature(for message: [UInt8]) throws -> [UInt8] { [UInt8](try key.signature(for: message)) }
}

/// Random numbers that are the same in every run (SplitMix64).
struct FixedRandomness: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}

enum SealFixtures {
    /// As it stands within a seal.
    static let statementJSON = """
        {"audience":"clinician","created":"2026-11-28T09:30:00Z","format":"txt","marked":["effusion","mass"],\
        "report":"019ac9c5-1c40-7000-8000-0123456789ab","sources":{"context":"\(String(repeating: "e", count: 64))",\
        "model":"\(String(repeating: "a", count: 64))","picture":"\(String(repeating: "c", count: 64))",\
        "preprocessing":"\(String(repeating: "b", count: 64))","softwareVersion":"0.1.0",\
        "thresholds":"\(String(repeating: "d", count: 64))"},"urgency":"soon"}
        """

    static func statement() throws -> ReportStatement {
        guard let statement = SealJSON.decode(ReportStatement.self, from: Array(statementJSON.utf8)) else {
            throw CocoaError(.coderInvalidValue)
        }
        return statement
    }

    /// A document of so many covered bytes with its gap at `place`.
    static func document(
        _ covered: [UInt8], gapAt place: Int, _ statement: ReportStatement? = nil
    ) throws -> GappedDocument {
        let length = try ReportSeal.gapLength(for: statement ?? Self.statement())(covered.count)
        var bytes = covered
        bytes.insert(contentsOf: [UInt8](repeating: 0x20, count: length), at: place)
        return GappedDocument(bytes: bytes, gap: place..<place + length)
    }

    /// A sealed one.
    static func sealed(
        _ covered: [UInt8], gapAt place: Int, by signer: FixedSigner, _ statement: ReportStatement? = nil
    ) throws -> GappedDocument {
        var document = try document(covered, gapAt: place, statement)
        try ReportSeal.fill(&document, statement: try statement ?? Self.statement(), signer: signer)
        return document
    }

    /// A text of so many lines, whose last line is the gap.
    static func text(lines: Int) -> (bytes: [UInt8], gap: Int) {
        let text = (0..<lines).map { "Line \($0) of a report, which says something of its own.\n" }.joined()
        return (Array((text + "\n").utf8), text.utf8.count)
    }
}
