import Foundation
import Testing

@testable import WebAPI

@Suite("Writing JSON")
struct JSONWriterTests {
    private static func foundation(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func ours(_ value: some Encodable) throws -> String {
        String(decoding: try JSONWriter.bytes(value), as: UTF8.self)
    }

    private enum Kind: String, Encodable { case plain, other }

    private enum Choice: Encodable {
        case none
        case some(amount: Int)
    }

    private struct Everything: Encodable {
        var numbers: [String: Double] = [
            "one": 1, "Tenth": 0.1, "small": 1e-7, "large": 1e21, "whole": 1e15, "long": 123_456_789.125, "minus": -0.0,
            "least": .leastNonzeroMagnitude, "most": .greatestFiniteMagnitude, "third": 1.0 / 3,
        ]
        var single: Float = 0.1
        var text = "é \u{1}\u{1f}\u{7f}\u{2028}\"\\/\n\r\t\u{8}\u{c} 👩‍⚕️ </script>"
        var least = Int64.min
        var most = UInt64.max
        var byte: Int8 = -3
        var nothing: Int?
        var list: [Int?] = [1, nil]
        var early = Date(timeIntervalSince1970: -1.5)
        var late = Date(timeIntervalSince1970: 1_795_000_000.9999)
        var bytes = Data([0, 1, 254])
        var address = URL(string: "https://example.org/a/b?c=d")!
        var nested: [[String: [Bool]]] = [["k": [true, false]], [:]]
        var decimal = Decimal(string: "1.50")!
        var kind = Kind.plain
        var choices: [Choice] = [.none, .some(amount: 1)]
        var byNumber: [Int: String] = [10: "a", 9: "b"]
        var keys: [String: Int] = [
            "a10": 1, "a9": 2, "é": 3, "Z": 4, "_": 5, "z": 6, "ab": 7, "aB": 8, "": 9, "\"": 10,
        ]
    }

    /// Into the same object as another, with one member over again.
    private struct Twice: Encodable {
        private enum Key: CodingKey { case text, more }

        func encode(to encoder: any Encoder) throws {
            try Everything().encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("again", forKey: .text)
            var more = container.nestedUnkeyedContainer(forKey: .more)
            try more.encode(1)
            try more.encodeNil()
            var inner = more.nestedContainer(keyedBy: Key.self)
            try inner.encodeNil(forKey: .text)
        }
    }

    private struct Empty: Encodable {}

    @Test("It is what Foundation writes, byte for byte")
    func same() throws {
        #expect(try Self.ours(Everything()) == Self.foundation(Everything()))
        #expect(try Self.ours([Everything(), Everything()]) == Self.foundation([Everything(), Everything()]))
        #expect(try Self.ours(Twice()) == Self.foundation(Twice()))
        #expect(try Self.ours([Empty()]) == Self.foundation([Empty()]))
        #expect(try Self.ours(Kind.other) == Self.foundation(Kind.other))
        #expect(try Self.ours(["a": Int?.none]) == Self.foundation(["a": Int?.none]))
    }

    @Test("Every character stands as Foundation writes it")
    func characters() throws {
        let texts = (0..<0x300).compactMap { Unicode.Scalar($0) }.map { "a\($0)b" }
        #expect(try Self.ours(texts) == Self.foundation(texts))
    }

    @Test("A number that JSON can't write is refused", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ number: Double) {
        #expect(throws: EncodingError.self) { try JSONWriter.bytes([number]) }
    }
}
