import Foundation

/// Reads what this program wrote into a column as JSON, in a fraction of `JSONDecoder`'s time. What it doesn't take is for
/// `JSONDecoder` to read, or to refuse in its own words.
///
/// Dates, numbers and bytes stand there as `JSONEncoder` writes them unless it is told otherwise. It keeps no coding paths.
struct JSONReader {
    /// What isn't read here.
    struct NotTaken: Error {}

    /// - Throws: ``NotTaken``, or what the type itself throws.
    static func read<Value: Decodable>(_ type: Value.Type, _ bytes: Data) throws -> Value {
        let node = try bytes.withUnsafeBytes { bytes in
            var reader = JSONReader(bytes: bytes.bindMemory(to: UInt8.self))
            let node = try reader.value(depth: 0)
            reader.skipSpace()
            guard reader.place == bytes.count else { throw NotTaken() }
            return node
        }
        return try node.decode(type)
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    private static let deepest = 64

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws -> ReadNode {
        guard depth < Self.deepest else { throw NotTaken() }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws -> ReadNode {
        place += 1
        let object = ReadObject()
        if take(UInt8(ascii: "}")) { return .object(object) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw NotTaken() }
            let key = try text()
            guard take(UInt8(ascii: ":")) else { throw NotTaken() }
            object.members.append((key, try value(depth: depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw NotTaken() }
        return .object(object)
    }

    private mutating func list(depth: Int) throws -> ReadNode {
        place += 1
        var elements: [ReadNode] = []
        if take(UInt8(ascii: "]")) { return .list(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw NotTaken() }
        return .list(elements)
    }

    private mutating func word(_ word: StaticString, _ node: ReadNode) throws -> ReadNode {
        let rest = bytes[place...].prefix(word.utf8CodeUnitCount)
        guard rest.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) else {
            throw NotTaken()
        }
        place += word.utf8CodeUnitCount
        return node
    }

    private mutating func number() throws -> ReadNode {
        let start = place
        while let byte = next, Self.isOfNumber(byte) { place += 1 }
        guard place > start, bytes[start] != UInt8(ascii: "+") else { throw NotTaken() }
        return .number(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x2e || byte == 0x2b || byte == 0x65 || byte == 0x45
    }

    private mutating func text() throws -> String {
        place += 1
        let start = place
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes[start..<place], as: UTF8.self) else { throw NotTaken() }
                place += 1
                return text
            case UInt8(ascii: "\\"): return try escapedText(from: start)
            case 0..<0x20: throw NotTaken()
            default: place += 1
            }
        }
        throw NotTaken()
    }

    private mutating func escapedText(from start: Int) throws -> String {
        var plain = Array(bytes[start..<place])
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: plain, as: UTF8.self) else { throw NotTaken() }
                return text
            case UInt8(ascii: "\\"):
                guard let code = next else { throw NotTaken() }
                place += 1
                switch code {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(code)
                case UInt8(ascii: "b"): plain.append(0x08)
                case UInt8(ascii: "f"): plain.append(0x0c)
                case UInt8(ascii: "n"): plain.append(0x0a)
                case UInt8(ascii: "r"): plain.append(0x0d)
                case UInt8(ascii: "t"): plain.append(0x09)
                // `\u`: a control character, which hardly anybody types.
                default: throw NotTaken()
                }
            case 0..<0x20: throw NotTaken()
            default: plain.append(byte)
            }
        }
        throw NotTaken()
    }
}

/// A value as it stands in JSON.
private enum ReadNode {
    case null
    case bool(Bool)
    /// A number, as it is written.
    case number(String)
    case text(String)
    case list([ReadNode])
    case object(ReadObject)

    var isNull: Bool { if case .null = self { true } else { false } }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        // Those that Foundation reads otherwise than they decode themselves.
        if type == Data.self || type == URL.self || type == Decimal.self { throw JSONReader.NotTaken() }
        return try Value(from: NodeDecoder(node: self))
    }

    func bool() throws -> Bool {
        guard case .bool(let value) = self else { throw JSONReader.NotTaken() }
        return value
    }

    func text() throws -> String {
        guard case .text(let value) = self else { throw JSONReader.NotTaken() }
        return value
    }

    func number<Number: BinaryFloatingPoint & LosslessStringConvertible>() throws -> Number {
        guard case .number(let text) = self, let value = Number(text), value.isFinite else {
            throw JSONReader.NotTaken()
        }
        return value
    }

    func integer<Number: FixedWidthInteger>() throws -> Number {
        guard case .number(let text) = self else { throw JSONReader.NotTaken() }
        if let value = Number(text) { return value }
        // Written as 1.0 or 1e3.
        guard let whole = Double(text), let value = Number(exactly: whole) else { throw JSONReader.NotTaken() }
        return value
    }
}

/// The members of an object, in the order in which they stand.
private final class ReadObject {
    var members: [(key: String, node: ReadNode)] = []

    init() { members.reserveCapacity(8) }

    /// So many are gone through faster than they are hashed.
    private static let few = 12
    private lazy var byKey = Dictionary(members.map { ($0.key, $0.node) }) { first, _ in first }

    subscript(key: String) -> ReadNode? {
        members.count <= Self.few ? members.first { $0.key == key }?.node : byKey[key]
    }
}

private struct NodeDecoder: Decoder, SingleValueDecodingContainer {
    let node: ReadNode
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = node else { throw JSONReader.NotTaken() }
        return KeyedDecodingContainer(ReadMembers<Key>(object: object))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let elements) = node else { throw JSONReader.NotTaken() }
        return ReadElements(elements: elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { node.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try node.bool() }
    func decode(_ type: String.Type) throws -> String { try node.text() }
    func decode(_ type: Double.Type) throws -> Double { try node.number() }
    func decode(_ type: Float.Type) throws -> Float { try node.number() }
    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number { try node.integer() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try node.decode(type) }
}

private struct ReadMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: ReadObject
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { object.members.compactMap { Key(stringValue: $0.key) } }

    private func node(_ key: Key) throws -> ReadNode {
        guard let node = object[key.stringValue] else { throw JSONReader.NotTaken() }
        return node
    }

    func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try node(key).isNull }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try node(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try node(key).text() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try node(key).number() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try node(key).number() }
    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type, forKey key: Key) throws -> Number {
        try node(key).integer()
    }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try node(key).decode(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try NodeDecoder(node: try node(key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try NodeDecoder(node: try node(key)).unkeyedContainer()
    }

    /// Nothing here is a class that inherits its decoding.
    func superDecoder() throws -> any Decoder { throw JSONReader.NotTaken() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw JSONReader.NotTaken() }
}

private struct ReadElements: UnkeyedDecodingContainer {
    let elements: [ReadNode]
    var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    init(elements: [ReadNode]) {
        self.elements = elements
    }

    /// Goes on to the next one only where this one can be read, as `JSONDecoder` does.
    private mutating func next<Value>(_ read: (ReadNode) throws -> Value) throws -> Value {
        guard !isAtEnd else { throw JSONReader.NotTaken() }
        let value = try read(elements[currentIndex])
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd else { throw JSONReader.NotTaken() }
        guard elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.bool() } }
    mutating func decode(_ type: String.Type) throws -> String { try next { try $0.text() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.number() } }
    mutating func decode(_ type: Float.Type) throws -> Float { try next { try $0.number() } }
    mutating func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number {
        try next { try $0.integer() }
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next { try $0.decode(type) } }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next { try NodeDecoder(node: $0).container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try NodeDecoder(node: $0).unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { throw JSONReader.NotTaken() }
}
