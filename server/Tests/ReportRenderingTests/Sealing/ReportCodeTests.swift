import Domain
import Foundation
import ReportDocuments
import Testing
import Workflows

@testable import ReportRendering

@Suite("The code on a printed report")
struct ReportCodeTests {
    let signer: FixedSigner
    let key: ReportKey

    init() throws {
        signer = try FixedSigner(7)
        key = ReportKey(of: signer)
    }

    @Test("Says what the report says, and whose it is")
    func genuine() throws {
        let statement = try SealFixtures.statement()
        let text = try ReportCode.text(for: statement, signer: signer)
        #expect(try ReportCode.text(for: statement, signer: signer) == text)
        guard case .genuine(let content, key) = ReportCode.read(" \(text)\n", trusted: [key]) else {
            Issue.record("not genuine")
            return
        }
        #expect(content.belongs(to: statement))
        #expect(content.report == statement.report && content.marked == ["effusion", "mass"])
        var other = statement
        other.sources.picture = String(repeating: "0", count: 64)
        #expect(!content.belongs(to: other))
        // The same in every format; at 33 mm a module is half a millimetre.
        var pdf = statement
        pdf.format = .pdf
        #expect(try ReportCode.text(for: pdf, signer: signer) == text)
        #expect(try QRCode.modules(text).count <= 77)
    }

    @Test("Not one character of it can be changed")
    func changed() throws {
        let text = Array(try ReportCode.text(for: try SealFixtures.statement(), signer: signer).utf8)
        var randomness = FixedRandomness(state: 3)
        for place in text.indices {
            var bytes = text
            bytes[place] =
                Array("ABCDEFGHabcdefgh01234567-_.".utf8).filter { $0 != text[place] }
                .randomElement(using: &randomness) ?? 0
            let reading = ReportCode.read(String(decoding: bytes, as: UTF8.self), trusted: [key])
            if case .genuine = reading { Issue.record("changed at \(place)") }
        }
        for length in text.indices {
            let reading = ReportCode.read(String(decoding: text[..<length], as: UTF8.self), trusted: [key])
            #expect(reading == .unreadable)
        }
    }

    @Test("That of another instance is told from a forged one")
    func others() throws {
        let other = try FixedSigner(9)
        let text = try ReportCode.text(for: try SealFixtures.statement(), signer: other)
        guard case .unknownKey = ReportCode.read(text, trusted: [key]) else {
            Issue.record("not unknown")
            return
        }
        let payload = try #require(Base64URL.decode(text.split(separator: ".")[1]))
        let forged = String(decoding: payload, as: UTF8.self)
            .replacing(ReportKey(of: other).id.prefix(16), with: key.id.prefix(16))
        let signed = "LBX1." + Base64URL.encode(Array(forged.utf8))
        let signature = Base64URL.encode(try other.signature(for: Array(signed.utf8)))
        guard case .forged = ReportCode.read("\(signed).\(signature)", trusted: [key]) else {
            Issue.record("not forged")
            return
        }
    }

    @Test("One with very many findings still fits into a QR code")
    func long() throws {
        var statement = try SealFixtures.statement()
        statement.marked = (0..<40).map { "a-finding-with-a-long-name-\($0)" }
        #expect(try QRCode.modules(ReportCode.text(for: statement, signer: signer)).count < 178)
    }
}
