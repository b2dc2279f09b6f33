import Foundation

/// A JSON value that keeps the order of its members. What is nil or empty is left out, because FHIR has no empty ones.
///
/// Source: <https://hl7.org/fhir/R4/json.html>.
indirect enum FHIRValue: Sendable, Equatable {
    /// Taken as it is; ``text(_:)`` is for what somebody wrote.
    case string(String)
    case integer(Int)
    case decimal(Decimal)
    case boolean(Bool)
    case array([FHIRValue])
    case object([Member])
    /// A string that the seal goes into.
    case gap

    struct Member: Sendable, Equatable {
        var name: String
        var value: FHIRValue
    }

    /// nil where nothing of the text is left.
    static func text(_ text: String?) -> FHIRValue? {
        let cleaned = FHIRText.cleaned(text ?? "")
        return cleaned.isEmpty ? nil : .string(cleaned)
    }

    /// With six digits after the point; nil for what is no number.
    static func number(_ value: Double?) -> FHIRValue? {
        guard let value, value.isFinite, let millionths = Int(exactly: (value * 1_000_000).rounded()) else {
            return nil
        }
        return .decimal(Decimal(millionths) / 1_000_000)
    }

    static func list(_ values: [FHIRValue?]) -> FHIRValue? {
        let values = values.compactMap { $0 }.filter { !$0.isEmpty }
        return values.isEmpty ? nil : .array(values)
    }

    private var isEmpty: Bool {
        switch self {
        case .string(let text): text.isEmpty
        case .array(let values): values.isEmpty
        case .object(let members): members.isEmpty
        case .integer, .decimal, .boolean, .gap: false
        }
    }

    subscript(_ name: String) -> FHIRValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

extension FHIRValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }

    init(booleanLiteral value: Bool) { self = .boolean(value) }

    init(integerLiteral value: Int) { self = .integer(value) }

    init(arrayLiteral elements: FHIRValue?...) { self = Self.list(elements) ?? .array([]) }

    init(dictionaryLiteral elements: (String, FHIRValue?)...) {
        self = .object(
            elements.compactMap { name, value in
                value.flatMap { $0.isEmpty ? nil : Member(name: name, value: $0) }
            })
    }
}

extension FHIRValue: Decodable {
    /// Members come in an order of their own, because a decoder doesn't tell theirs.
    private static let order = ["resourceType", "questionnaire", "status", "authored", "linkId", "text"]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Decimal.self) {
            self = .decimal(value)
        } else if let value = try? container.decode(String.self) {
            self = Self.text(value) ?? .string("")
        } else if let values = try? container.decode([FHIRValue].self) {
            self = Self.list(values) ?? .array([])
        } else {
            func rank(_ name: String) -> (Int, String) { (Self.order.firstIndex(of: name) ?? Self.order.count, name) }
            let members = try container.decode([String: FHIRValue].self)
            self = .object(
                members.sorted { rank($0.key) < rank($1.key) }.filter { !$0.value.isEmpty }
                    .map { Member(name: $0.key, value: $0.value) })
        }
    }
}

extension FHIRValue {
    /// UTF-8 without a blank between, and where the gap is, of no length yet.
    var json: (bytes: [UInt8], gap: Int?) {
        var writer = FHIRWriter()
        writer.write(self)
        return (writer.bytes, writer.gap)
    }
}

private struct FHIRWriter {
    var bytes: [UInt8] = []
    var gap: Int?

    mutating func write(_ value: FHIRValue) {
        switch value {
        case .string(let text): write(text)
        case .integer(let number): bytes += "\(number)".utf8
        // The description of a decimal has a point and no exponent, wherever the program runs.
        case .decimal(let number): bytes += number.description.utf8
        case .boolean(let truth): bytes += (truth ? "true" : "false").utf8
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (number, value) in values.enumerated() {
                if number > 0 { bytes.append(UInt8(ascii: ",")) }
                write(value)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (number, member) in members.enumerated() {
                if number > 0 { bytes.append(UInt8(ascii: ",")) }
                write(member.name)
                bytes.append(UInt8(ascii: ":"))
                write(member.value)
            }
            bytes.append(UInt8(ascii: "}"))
        case .gap:
            bytes.append(UInt8(ascii: "\""))
            gap = bytes.count
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// RFC 8259, section 7.
    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case ..<0x20: bytes += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
