/// Reads what was written, element by element: explicit VR, little endian.
struct ParsedElement: Equatable {
    var tag: UInt32
    var vr: String
    var value: [UInt8]
    /// Of a sequence.
    var items: [[ParsedElement]] = []

    var text: String { String(decoding: value, as: UTF8.self) }
}

struct ElementParser {
    struct Failure: Error { var offset: Int }

    var bytes: ArraySlice<UInt8>

    /// All elements behind the preamble, those of the file meta information too.
    static func file(_ bytes: [UInt8]) throws -> [ParsedElement] {
        guard bytes.count > 132, bytes[128..<132].elementsEqual("DICM".utf8) else { throw Failure(offset: 0) }
        return try data(bytes[132...])
    }

    static func data(_ bytes: ArraySlice<UInt8>) throws -> [ParsedElement] {
        var parser = ElementParser(bytes: bytes)
        var found: [ParsedElement] = []
        while !parser.bytes.isEmpty { found.append(try parser.element()) }
        return found
    }

    mutating func number(_ count: Int) throws -> UInt32 {
        guard bytes.count >= count else { throw Failure(offset: bytes.startIndex) }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard bytes.count >= count else { throw Failure(offset: bytes.startIndex) }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    mutating func tag() throws -> UInt32 { try number(2) << 16 | number(2) }

    mutating func element() throws -> ParsedElement {
        let tag = try tag()
        let vr = String(decoding: try take(2), as: UTF8.self)
        let isLong = ["OB", "SQ", "UC", "UT"].contains(vr)
        if isLong { _ = try number(2) }
        let length = try number(isLong ? 4 : 2)
        guard vr == "SQ" else { return ParsedElement(tag: tag, vr: vr, value: Array(try take(Int(length)))) }
        guard length == 0xFFFF_FFFF else {
            var inner = ElementParser(bytes: try take(Int(length)))
            var items: [[ParsedElement]] = []
            while !inner.bytes.isEmpty { items.append(try inner.item(try inner.tag())) }
            return ParsedElement(tag: tag, vr: vr, value: [], items: items)
        }
        var items: [[ParsedElement]] = []
        while case let next = try self.tag(), next != 0xFFFE_E0DD { items.append(try item(next)) }
        _ = try number(4)
        return ParsedElement(tag: tag, vr: vr, value: [], items: items)
    }

    private mutating func item(_ tag: UInt32) throws -> [ParsedElement] {
        guard tag == 0xFFFE_E000 else { throw Failure(offset: bytes.startIndex) }
        let length = try number(4)
        guard length == 0xFFFF_FFFF else { return try Self.data(try take(Int(length))) }
        var found: [ParsedElement] = []
        while bytes.prefix(4) != [0xFE, 0xFF, 0x0D, 0xE0] { found.append(try element()) }
        _ = try take(8)
        return found
    }
}
