import Foundation
import ReportDocuments
import Testing
import Workflows

@testable import ReportRendering

@Suite("The seal of a report")
struct SealTests {
    let signer: FixedSigner
    let key: ReportKey

    init() throws {
        signer = try FixedSigner(7)
        key = ReportKey(of: signer)
    }

    private func verify(_ bytes: [UInt8]) -> ReportVerification { ReportSeal.verify(bytes, trusted: [key]) }

    /// Covered bytes and the place of the gap: text and random bytes, from nothing to several blocks.
    static let shapes: [(length: Int, gap: Int)] = [
        (0, 0), (1, 0), (1, 1), (700, 700), (1023, 5), (1024, 1024), (1025, 0), (2048, 1024), (3000, 1500),
        (5000, 4999),
    ]

    private func random(_ length: Int, gapAt gap: Int) throws -> GappedDocument {
        var randomness = FixedRandomness(state: UInt64(length))
        return try SealFixtures.sealed(randomness.bytes(length), gapAt: gap, by: signer)
    }

    @Test("A document is genuine as it was sealed, by the key that sealed it", arguments: shapes)
    func genuine(length: Int, gap: Int) throws {
        let document = try random(length, gapAt: gap)
        let found = verify(document.bytes)
        #expect(found.outcome == .genuine && found.isTrusted && found.changes.isEmpty)
        #expect(found.key == key)
        #expect(try found.statement == SealFixtures.statement())
        #expect(try random(length, gapAt: gap) == document)
        // Letters, digits, and nothing that has to be escaped in JSON or in a string of a PDF.
        let allowed = CharacterSet.alphanumerics.union(.init(charactersIn: "-_.: "))
        let seal = String(decoding: document.bytes[document.gap], as: UTF8.self)
        #expect(seal.unicodeScalars.allSatisfy { $0.isASCII && allowed.contains($0) })
    }

    @Test("Whichever byte is changed, it is named with what it was", arguments: [(0, 0), (1100, 600)])
    func everyByte(length: Int, gap: Int) throws {
        let document = try random(length, gapAt: gap)
        var randomness = FixedRandomness(state: 1)
        for place in document.bytes.indices {
            var bytes = document.bytes
            bytes[place] ^= UInt8.random(in: 1...255, using: &randomness)
            let found = verify(bytes)
            #expect(found.changes == [.byte(place, was: document.bytes[place], now: bytes[place])])
            #expect(found.outcome == (document.gap.contains(place) ? .sealChanged : .changed))
            #expect(try found.statement == SealFixtures.statement())
        }
    }

    @Test(
        "Whatever a byte of the seal is changed into, it is named", arguments: [0, 15, 16, 40, 300, -13, -12, -1, 1000])
    func everyValue(offset: Int) throws {
        let document = try random(100, gapAt: 50)
        let token = try #require(verify(document.bytes).seal)
        let place = offset == 1000 ? token.upperBound : (offset < 0 ? token.upperBound : token.lowerBound) + offset
        for value in UInt8.min...UInt8.max where value != document.bytes[place] {
            var bytes = document.bytes
            bytes[place] = value
            #expect(verify(bytes).changes == [.byte(place, was: document.bytes[place], now: value)])
        }
    }

    @Test("Changes in several blocks are all named, two in one block by the block")
    func several() throws {
        let document = try random(5000, gapAt: 2000)
        var bytes = document.bytes
        let shift = document.gap.count
        for place in [10, 1030, 4200 + shift] { bytes[place] ^= 0x40 }
        let exact = [10, 1030, 4200 + shift].map {
            ReportVerification.Change.byte($0, was: document.bytes[$0], now: bytes[$0])
        }
        #expect(verify(bytes).changes == exact)
        bytes[11] ^= 1
        #expect(verify(bytes).changes == [.bytes(0..<1024)] + exact.dropFirst())
    }

    @Test("Two bytes that changed places are found")
    func swapped() throws {
        let document = try random(3000, gapAt: 1500)
        var randomness = FixedRandomness(state: 5)
        for _ in 0..<200 {
            let (one, other) = (
                Int.random(in: 0..<1024, using: &randomness), Int.random(in: 0..<1024, using: &randomness)
            )
            var bytes = document.bytes
            bytes.swapAt(one, other)
            #expect(verify(bytes).changes == (bytes == document.bytes ? [] : [.bytes(0..<1024)]))
        }
    }

    @Test("What was put in is named exactly, wherever", arguments: [1, 2, 7, 1024, 3000])
    func inserted(count: Int) throws {
        let document = try random(3000, gapAt: 1500)
        var randomness = FixedRandomness(state: UInt64(count))
        let outside = Array(0...document.gap.lowerBound) + Array(document.gap.upperBound...document.bytes.count)
        for _ in 0..<40 {
            let place = outside.randomElement(using: &randomness) ?? 0
            var bytes = document.bytes
            bytes.insert(contentsOf: randomness.bytes(count), at: place)
            let found = verify(bytes)
            #expect(found.outcome == .changed || document.gap.upperBound == place)
            guard case .inserted(let range)? = found.changes.first, found.changes.count == 1 else {
                Issue.record("\(count) at \(place): \(found.changes)")
                continue
            }
            // Of equal neighbours either may be the new one: taking out what is named has to give the document back.
            bytes.removeSubrange(range)
            #expect(bytes == document.bytes)
        }
    }

    @Test("One byte that was taken out is named with its value and place")
    func removed() throws {
        let document = try random(3000, gapAt: 1500)
        for place in Array(0..<document.gap.lowerBound) + Array(document.gap.upperBound..<document.bytes.count)
        where place % 13 == 0 || place > document.bytes.count - 4 || abs(place - document.gap.lowerBound) < 4 {
            var bytes = document.bytes
            bytes.remove(at: place)
            // Without its last byte it is cut short.
            if verify(bytes).changes == [.ended(at: place, count: 1)], place == bytes.count { continue }
            guard case .removed(let near, 1, let value?)? = verify(bytes).changes.first, near.isEmpty else {
                Issue.record("\(place): \(verify(bytes).changes)")
                continue
            }
            bytes.insert(value, at: near.lowerBound)
            #expect(bytes == document.bytes)
        }
    }

    @Test("More that was taken out is named by how much, and between which blocks", arguments: [2, 100, 1200])
    func removedMore(count: Int) throws {
        let document = try random(5000, gapAt: 4900)
        for place in stride(from: 0, to: 3000, by: 171) {
            var bytes = document.bytes
            bytes.removeSubrange(place..<place + count)
            guard case .removed(let near, count, nil)? = verify(bytes).changes.first else {
                Issue.record("\(place): \(verify(bytes).changes)")
                continue
            }
            #expect(near.lowerBound <= place && place <= near.upperBound)
            // A block's bytes may be on both sides of the seal.
            #expect(near.count < 2048 + document.gap.count)
        }
    }

    @Test("Spaces of the seal that are gone, added or filled are named")
    func padding() throws {
        var document = try SealFixtures.document(Array("abc\n".utf8), gapAt: 3)
        document.bytes.insert(contentsOf: [UInt8](repeating: 0x20, count: 40), at: 3)
        document.gap = 3..<document.gap.upperBound + 40
        try ReportSeal.fill(&document, statement: try SealFixtures.statement(), signer: signer)
        let token = try #require(verify(document.bytes).seal)
        var bytes = document.bytes
        bytes.removeSubrange(token.upperBound..<document.gap.upperBound)
        let gone = document.gap.upperBound - token.upperBound
        #expect(
            verify(bytes).changes == [.removed(near: token.upperBound..<token.upperBound, count: gone, value: 0x20)])
        bytes = document.bytes
        bytes.insert(contentsOf: Array("  ".utf8), at: token.upperBound + 4)
        #expect(verify(bytes).changes == [.inserted(document.gap.upperBound..<document.gap.upperBound + 2)])
        bytes = document.bytes
        bytes.insert(contentsOf: Array("not normal".utf8), at: token.upperBound + 4)
        #expect(verify(bytes).outcome == .sealChanged)
        #expect(!verify(bytes).changes.isEmpty)
        bytes = document.bytes
        bytes.replaceSubrange(token.upperBound + 5..<token.upperBound + 8, with: Array("why".utf8))
        #expect(
            verify(bytes).changes
                == (5..<8).map { .byte(token.upperBound + $0, was: 0x20, now: bytes[token.upperBound + $0]) })
    }

    @Test("Wherever it is cut, it isn't genuine, and what is missing is told")
    func cut() throws {
        let document = try random(3000, gapAt: 700)
        for length in 0..<document.bytes.count where length % 7 == 0 || length > document.bytes.count - 5 {
            let found = verify(Array(document.bytes[..<length]))
            #expect(!found.isGenuine)
            let missing = document.bytes.count - length
            if length < 716 {
                #expect(found.outcome == .noSeal || found.outcome == .cutShort)
            } else if length > document.gap.upperBound, missing > 1 {
                #expect(found.outcome == .cutShort)
                if found.changes == [.ended(at: length, count: missing)] { continue }
                guard case .cut(let from, missing)? = found.changes.first else {
                    Issue.record("\(length): \(found.changes)")
                    continue
                }
                #expect(from <= length && length - from < 1024 + document.gap.count)
            }
        }
        let one = verify(Array(document.bytes.dropLast()))
        let end = document.bytes.count - 1
        #expect(one.changes == [.ended(at: end, count: 1)] && one.outcome == .cutShort)
    }

    @Test(
        "A text whose last line is its seal is cut at the byte where it ends, wherever that is in the line",
        arguments: [[], [10], [10, 10]])
    func cutText(end: [UInt8]) throws {
        var randomness = FixedRandomness(state: 3001)
        // Text ends with a line break, as the line of the seal does.
        let text = randomness.bytes(3000) + end
        let document = try SealFixtures.sealed(text + [10], gapAt: text.count, by: signer)
        let whole = verify(document.bytes)
        let token = try #require(whole.seal)
        #expect(whole.isGenuine && token.upperBound < document.gap.upperBound)
        // The line break, the spaces after the seal, the seal.
        for length in token.lowerBound + 100..<document.bytes.count {
            let found = verify(Array(document.bytes[..<length]))
            #expect(found.outcome == .cutShort, "\(length)")
            let count = length >= token.upperBound ? document.bytes.count - length : nil
            #expect(found.changes == [.ended(at: length, count: count)], "\(length)")
        }
    }

    @Test("No edit at all passes for genuine")
    func edits() throws {
        let document = try random(1800, gapAt: 900)
        var randomness = FixedRandomness(state: 99)
        for _ in 0..<400 {
            var bytes = document.bytes
            for _ in 0..<Int.random(in: 1...3, using: &randomness) {
                let start = Int.random(in: 0...bytes.count, using: &randomness)
                let end = min(bytes.count, start + Int.random(in: 0...30, using: &randomness))
                bytes.replaceSubrange(
                    start..<end, with: randomness.bytes(Int.random(in: 0...30, using: &randomness)))
            }
            let found = verify(bytes)
            #expect(found.isGenuine == (bytes == document.bytes))
            #expect(found.changes.isEmpty == (found.isGenuine || found.outcome == .noSeal))
        }
    }
}
