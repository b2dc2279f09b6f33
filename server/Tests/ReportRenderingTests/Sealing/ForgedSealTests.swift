import Domain
import Foundation
import ReportDocuments
import Testing
import Workflows

@testable import ReportRendering

@Suite("Seals that somebody tampers with")
struct ForgedSealTests {
    let signer: FixedSigner
    let key: ReportKey

    init() throws {
        signer = try FixedSigner(7)
        key = ReportKey(of: signer)
    }

    private func verify(_ bytes: [UInt8]) -> ReportVerification { ReportSeal.verify(bytes, trusted: [key]) }

    private func report(_ lines: Int, by signer: FixedSigner? = nil) throws -> GappedDocument {
        let (bytes, gap) = SealFixtures.text(lines: lines)
        return try SealFixtures.sealed(bytes, gapAt: gap, by: signer ?? self.signer)
    }

    private func token(_ document: GappedDocument) throws -> [UInt8] {
        Array(document.bytes[try #require(verify(document.bytes).seal)])
    }

    private func token(_ document: GappedDocument, by signer: FixedSigner) throws -> [UInt8] {
        let trusted = ReportKey(of: signer)
        let seal = ReportSeal.verify(document.bytes, trusted: [trusted]).seal
        return Array(document.bytes[try #require(seal)])
    }

    /// The document with something else in its gap.
    private func with(_ seal: [UInt8], in document: GappedDocument) -> [UInt8] {
        var bytes = document.bytes
        let spaces = [UInt8](repeating: 0x20, count: max(0, document.gap.count - seal.count))
        bytes.replaceSubrange(document.gap, with: seal + spaces)
        return bytes
    }

    @Test("A whole document under a stranger's key is not taken for this instance's")
    func stranger() throws {
        let other = try FixedSigner(9)
        let found = verify(try report(30, by: other).bytes)
        #expect(found.outcome == .genuine && !found.isTrusted)
        #expect(found.key == ReportKey(of: other))
        #expect(found.sentences[0].hasPrefix("Not proven"))
    }

    @Test("The seal of another report doesn't fit")
    func foreign() throws {
        let (one, other) = (try report(40), try report(41))
        let found = verify(with(try token(other), in: one))
        #expect(found.outcome != .genuine && found.isTrusted && !found.changes.isEmpty)
    }

    @Test("A statement that was rewritten is not believed", arguments: ["soon", "effusion", "019ac9c5"])
    func rewritten(word: String) throws {
        let document = try report(20)
        let form = String(decoding: try token(document).dropFirst(ReportSeal.marker.count), as: UTF8.self)
        var parts = form.split(separator: ":")[0].split(separator: ".").map(String.init)
        let payload = String(decoding: try #require(Base64URL.decode(parts[1])), as: UTF8.self)
        let forged = payload.replacing(word, with: word.uppercased())
        #expect(forged != payload)
        parts[1] = Base64URL.encode(Array(forged.utf8))
        let text = Array(parts.joined(separator: ".").utf8)
        let found = verify(with(ReportSeal.marker + text + ReportSeal.check(of: text[...]), in: document))
        #expect(found.outcome == .sealChanged && found.statement == nil && found.key == nil)
    }

    @Test("A header that asks for no signature, or names another key than it holds, is not believed")
    func headers() throws {
        let document = try report(20)
        let form = String(decoding: try token(document).dropFirst(ReportSeal.marker.count), as: UTF8.self)
        let parts = form.split(separator: ":")[0].split(separator: ".").map(String.init)
        let header = String(decoding: try #require(Base64URL.decode(parts[0])), as: UTF8.self)
        let other = try FixedSigner(9)
        for change in [
            header.replacing("EdDSA", with: "none"), header.replacing("OKP", with: "oct"),
            header.replacing(ReportKey(of: other).jwk.x, with: key.jwk.x).replacing(
                key.id, with: ReportKey(of: other).id),
            header.replacing("lightbox-seal", with: "JWT"),
        ] {
            // Signed anew, so that nothing but the header is wrong.
            let signed = Array("\(Base64URL.encode(Array(change.utf8))).\(parts[1])".utf8)
            let text = signed + Array(".\(Base64URL.encode(try signer.signature(for: signed)))".utf8)
            let found = verify(with(ReportSeal.marker + text + ReportSeal.check(of: text[...]), in: document))
            #expect(found.outcome != .genuine && found.statement == nil, "\(change)")
        }
    }

    @Test("A seal that was moved within its document is found out")
    func moved() throws {
        let document = try report(30)
        var bytes = document.bytes
        let gap = Array(bytes[document.gap])
        bytes.removeSubrange(document.gap)
        bytes.insert(contentsOf: gap, at: 100)
        let found = verify(bytes)
        #expect(found.outcome == .changed)
        #expect(found.changes == [.moved(from: document.gap.lowerBound, to: 100)])
    }

    @Test("A second seal is found out, its own or another's")
    func doubled() throws {
        let document = try report(30)
        let place = document.bytes.count
        for seal in [
            try token(document), try token(try report(12)),
            try token(try report(30, by: try FixedSigner(9)), by: FixedSigner(9)),
        ] {
            let found = verify(document.bytes + seal)
            #expect(found.outcome == .changed && found.isTrusted)
            #expect(found.changes == [.inserted(place..<place + seal.count)])
            #expect(found.otherSeals == [place..<place + seal.count])
        }
    }

    @Test("What looks like a seal in what people wrote does no harm, however often")
    func hostileText() throws {
        let earlier = String(decoding: try token(try report(3)), as: UTF8.self)
        let stranger = try FixedSigner(9)
        let theirs = String(decoding: try token(try report(3, by: stranger), by: stranger), as: UTF8.self)
        let texts = [
            "LIGHTBOX-SEAL-1:", String(repeating: "LIGHTBOX-SEAL-1:", count: 3000), earlier, earlier + " " + theirs,
            String(repeating: theirs + "\n", count: 40), "LIGHTBOX-SEAL-1:" + String(repeating: "A.", count: 500),
            String(decoding: ReportSeal.headerStart, as: UTF8.self),
        ]
        for text in texts {
            let covered = Array("History: \(text)\nEnd\n".utf8)
            let document = try SealFixtures.sealed(covered, gapAt: covered.count - 1, by: signer)
            #expect(verify(document.bytes).isGenuine && verify(document.bytes).isTrusted, "\(text.prefix(40))")
            var bytes = document.bytes
            bytes[3] = UInt8(ascii: "X")
            #expect(verify(bytes).changes == [.byte(3, was: UInt8(ascii: "t"), now: UInt8(ascii: "X"))])
        }
    }

    @Test("A sealed document within a sealed document counts as what it is: some of its bytes")
    func nested() throws {
        let inner = try report(30).bytes
        let document = try SealFixtures.sealed(inner + inner, gapAt: 2 * inner.count, by: signer)
        #expect(verify(document.bytes).isGenuine)
        var bytes = document.bytes
        bytes[inner.count + 9] ^= 1
        #expect(verify(bytes).changes == [.byte(inner.count + 9, was: inner[9], now: inner[9] ^ 1)])
    }

    @Test("A file without a seal is told as such", arguments: ["", "L", "LIGHTBOX-SEAL-1: none", "Just a text."])
    func none(text: String) {
        #expect(verify(Array(text.utf8)).outcome == .noSeal)
    }

    @Test("The length that is said beforehand always suffices, is even, and wastes little")
    func gapLength() throws {
        for length in [0, 1, 1023, 1024, 1025, 9_999, 10_000, 200_000, 3_000_000] {
            let statement = try SealFixtures.statement()
            let exact = try ReportSeal.gapLength(for: statement)(length)
            let document = try SealFixtures.sealed([UInt8](repeating: 65, count: length), gapAt: length, by: signer)
            #expect(document.gap.count == exact && exact % 2 == 0)
            let seal = try #require(verify(document.bytes).seal)
            #expect((2...80).contains(exact - seal.count), "\(exact - seal.count) at \(length)")
            #expect(ReportSeal.gapLength(covering: length) % 2 == 0)
            #expect(ReportSeal.gapLength(covering: length) > exact)
        }
    }

    @Test("A gap that is too short is refused, and the document stays as it was")
    func tooShort() throws {
        var document = try SealFixtures.document(Array("abc".utf8), gapAt: 3)
        document.bytes.removeLast(100)
        document.gap = 3..<document.bytes.count
        let before = document
        #expect(throws: ReportSealFault.self) {
            try ReportSeal.fill(&document, statement: try SealFixtures.statement(), signer: signer)
        }
        #expect(document == before)
        document.gap = 3..<document.bytes.count + 1
        #expect(throws: ReportSealFault.self) {
            try ReportSeal.fill(&document, statement: try SealFixtures.statement(), signer: signer)
        }
    }

    @Test("The same bytes come out as from the description alone, put into Python")
    func vector() throws {
        let root = URL(filePath: #filePath).pathComponents.prefix { $0 != "server" }.joined(separator: "/")
        let expected = [UInt8](try Data(contentsOf: URL(filePath: "\(root)/tests/api/data/sealed-report.txt")))
        var (bytes, gap) = SealFixtures.text(lines: 30)
        bytes.insert(contentsOf: [UInt8](repeating: 0x20, count: 1700), at: gap)
        var document = GappedDocument(bytes: bytes, gap: gap..<gap + 1700)
        try ReportSeal.fill(&document, statement: try SealFixtures.statement(), signer: signer)
        #expect(document.bytes == expected)
        #expect(verify(expected).isGenuine)
    }

    @Test("A statement is made from what the report is made from")
    func statement() throws {
        let content = try ReportFixtures.content()
        let statement = ReportStatement(content, as: .pdf)
        #expect(statement.report == content.id && statement.sources == content.sources)
        #expect(statement.marked == ["effusion"] && statement.urgency == .routine && statement.withdrawal == nil)
        #expect(SealJSON.decode(ReportStatement.self, from: try SealJSON.encode(statement)) == statement)
    }

    @Test("What a stranger signs can't steer a terminal")
    func hostileStatement() throws {
        var statement = try SealFixtures.statement()
        statement.marked = ["\u{1b}[2Jmass", "a\u{202e}b"]
        statement.sources.softwareVersion = "1\nGenuine: every byte is as it was sealed."
        let document = try SealFixtures.sealed([65, 66], gapAt: 1, by: try FixedSigner(9), statement)
        let found = verify(document.bytes)
        #expect(found.statement == statement)
        #expect(found.sentences.contains { $0.hasSuffix("thresholds: \u{fffd}[2Jmass, a\u{fffd}b.") })
        #expect(found.sentences.contains("Software: Lightbox 1\u{fffd}Genuine: every byte is as it was sealed."))
    }

    @Test("The sentences name what was changed")
    func words() throws {
        let document = try report(30)
        var bytes = document.bytes
        bytes[5] = UInt8(ascii: "7")
        let lines = verify(bytes).sentences
        #expect(lines[0] == "Changed: the document isn't as it was sealed.")
        #expect(lines[1] == "Byte 5 was 0x30 “0” and is 0x37 “7”.")
        #expect(lines.contains("Sealed with a trusted key, fingerprint \(key.id)."))
        #expect(verify(document.bytes).sentences[0] == "Genuine: every byte is as it was sealed.")
        #expect(
            verify(document.bytes).sentences.contains(
                "Urgency: soon. Findings that reached their thresholds: effusion, mass."))
    }
}
