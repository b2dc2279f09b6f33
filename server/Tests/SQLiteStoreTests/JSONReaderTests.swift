import Foundation
import Testing

@testable import SQLiteStore

@Suite("Reading JSON of columns")
struct JSONReaderTests {
    private enum Kind: String, Codable { case plain, other }

    private enum Choice: Codable, Equatable {
        case none
        case some(amount: Int)
        case list([Double])
    }

    private struct Everything: Codable, Equatable {
        var numbers: [String: Double] = [
            "one": 1, "Tenth": 0.1, "small": 1e-7, "large": 1e21, "whole": 1e15, "long": 123_456_789.125, "minus": -0.5,
            "least": .leastNonzeroMagnitude, "most": .greatestFiniteMagnitude, "third": 1.0 / 3, "zero": 0, "a": 1,
            "b": 2, "c": 3,
        ]
        var single: Float = 0.1
        var text = "é \u{7f}\u{2028}\"\\/\n\r\t\u{8}\u{c} 👩‍⚕️ </script>"
        var empty = ""
        var least = Int64.min
        var most = UInt64.max
        var byte: Int8 = -3
        var nothing: Int?
        var list: [Int?] = [1, nil]
        var early = Date(timeIntervalSince1970: -1.5)
        var late = Date(timeIntervalSince1970: 1_795_000_000.9999)
        var nested: [[String: [Bool]]] = [["k": [true, false]], [:], ["ö": []]]
        var kind = Kind.other
        var choices: [Choice] = [.none, .some(amount: 1), .list([]), .list([1, 2.5])]
        var byNumber: [Int: String] = [10: "a", 9: "b"]
    }

    private func same<Value: Decodable & Equatable>(_ type: Value.Type, _ text: String) throws -> Bool {
        let bytes = Data(text.utf8)
        return try JSONReader.read(type, bytes) == JSONDecoder().decode(type, from: bytes)
    }

    @Test("What the columns' encoder writes is read as JSONDecoder reads it")
    func everything() throws {
        let value = Everything()
        let written = try JSONColumn.encode(value)
        #expect(try JSONReader.read(Everything.self, written) == value)
        // A slice that doesn't begin at 0, as data that was decrypted may be.
        #expect(try JSONReader.read(Everything.self, (Data([1, 2, 3]) + written).dropFirst(3)) == value)
        for plain in [[Everything](), [value, value]] {
            #expect(try JSONReader.read([Everything].self, try JSONColumn.encode(plain)) == plain)
        }
    }

    @Test(
        "Numbers are read as JSONDecoder reads them", arguments: ["0", "-0", "7", "1.0", "1e3", "-1E+2", "127"])
    func integers(text: String) throws {
        #expect(try same([Int8?].self, "[\(text == "1e3" ? "1" : text)]"))
        #expect(try same([Int].self, "[ \(text) ,\n\(text)]"))
        #expect(try same([Double].self, "[\(text)]"))
    }

    @Test(
        "What isn't read here JSONDecoder reads or refuses",
        arguments: [
            "", "[", "[1", "[,1]", "[1 2]", "[1]x", "{}", "[+1]", "[1.5]", "[9223372036854775808]", "[true]", "[\"1\"]",
            "[null]", "[tru]", String(repeating: "[", count: 100),
        ])
    func refused(text: String) {
        #expect(throws: (any Error).self) { try JSONReader.read([Int].self, Data(text.utf8)) }
        #expect(throws: DecodingError.self) { try JSONColumn.decode([Int].self, Data(text.utf8)) }
    }

    @Test("Characters that are written as numbers, and bytes, are left to JSONDecoder")
    func left() throws {
        for text in ["[\"\\u00e9\"]", "[\"\\u0001\"]", "[\"\\ud83d\\ude00\"]"] {
            let bytes = Data(text.utf8)
            #expect(throws: JSONReader.NotTaken.self) { try JSONReader.read([String].self, bytes) }
            #expect(try JSONColumn.decode([String].self, bytes) == JSONDecoder().decode([String].self, from: bytes))
        }
        let bytes = try JSONColumn.encode([Data([0, 254])])
        #expect(throws: JSONReader.NotTaken.self) { try JSONReader.read([Data].self, bytes) }
        #expect(try JSONColumn.decode([Data].self, bytes) == [Data([0, 254])])
    }

    @Test("Text that isn't UTF-8, and control characters, are refused")
    func invalid() {
        for middle: [UInt8] in [[0xff], [0xc3], [0x0a], [0x5c]] {
            let bytes = Data([0x5b, 0x22] + middle + [0x22, 0x5d])
            #expect(throws: (any Error).self) { try JSONReader.read([String].self, bytes) }
        }
    }
}
