import Foundation

/// One answer as it travels in JSON: a string, a number, true or false, a list of codes, or a list of rows.
public enum Answer: Sendable, Equatable, Codable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    case codes([String])
    case rows([Answers])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([String].self) {
            self = .codes(value)
        } else if let value = try? container.decode([Answers].self) {
            self = .rows(value)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "An answer is a string, a number, true or false, a list of codes, or a list of rows.")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .codes(let value): try container.encode(value)
        case .rows(let value): try container.encode(value)
        case .number(let value):
            if let whole = Int(exactly: value) {
                try container.encode(whole)
            } else {
                try container.encode(value)
            }
        }
    }
}

/// Answers by question id.
public typealias Answers = [String: Answer]

/// One field that is wrong: where, what kind of mistake, and a sentence that says how to mend it.
public struct FieldFault: Error, Sendable, Equatable, Codable {
    public enum Code: String, Sendable, Codable, CaseIterable {
        case unknownField = "unknown-field"
        case wrongType = "wrong-type"
        case outOfRange = "out-of-range"
        case tooLong = "too-long"
        case notAnOption = "not-an-option"
        case notADate = "not-a-date"
        case forbiddenCharacter = "forbidden-character"
        case inTheFuture = "in-the-future"
        case tooMany = "too-many"
        case contradiction
        case required
        /// A header, or a file, that can't be read.
        case notReadable = "not-readable"
    }

    /// A JSON pointer (RFC 6901) into the request body, for example `/answers/age`.
    public var pointer: String
    public var code: Code
    public var detail: String

    public init(pointer: String, code: Code, detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }

    /// `path` as a JSON pointer, with `~` and `/` escaped.
    public static func pointer(_ path: String...) -> String {
        pointer(path)
    }

    static func pointer(_ path: [String]) -> String {
        path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }
}
