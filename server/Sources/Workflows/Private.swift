/// Something that a person typed, or that stands in their record: it can be used, and it can't be written down by
/// accident. In a log line, a message of an error or a debugger's dump it is `<private>`.
public struct Private<Value> {
    /// The value itself. Whoever asks for it answers for where it goes.
    public let revealed: Value

    public init(_ value: Value) {
        revealed = value
    }
}

extension Private: Sendable where Value: Sendable {}
extension Private: Equatable where Value: Equatable {}

extension Private: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<private>" }
    public var debugDescription: String { "<private>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why something couldn't be read, written or made. Rows and snapshots hold what people typed, and an error of decoding
/// one quotes it: so this says nothing but what ``LoggedCause`` says, also within a fault that is written into a log line.
public struct PrivateCause: Sendable {
    /// The error itself, to be told from others. Whoever writes it down answers for what it quotes.
    public let revealed: any Error

    public init(_ error: any Error) {
        revealed = error
    }
}

extension PrivateCause: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { LoggedCause(revealed).description }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The cause of an error for the log. Errors of decoding say where, never what stood there.
public struct LoggedCause: CustomStringConvertible {
    public let description: String

    public init(_ error: any Error) {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: "/")
        }
        description =
            switch error {
            case DecodingError.typeMismatch(let type, let context): "no \(type) at /\(path(context))"
            case DecodingError.valueNotFound(let type, let context): "no \(type) at /\(path(context))"
            case DecodingError.keyNotFound(let key, let context): "no \(key.stringValue) at /\(path(context))"
            case DecodingError.dataCorrupted(let context): "damaged data at /\(path(context))"
            case EncodingError.invalidValue(let value, let context):
                "no \(type(of: value)) can be written at /\(context.codingPath.map(\.stringValue).joined(separator: "/"))"
            default: "\(error)"
            }
    }

    /// What a program of others says, with everything in quotation marks and every number taken out: a browser's message
    /// may quote what stands in a field.
    public static func masked(_ text: String) -> String {
        var result = ""
        var closing: Character?
        for character in text {
            if let end = closing {
                if character == end { closing = nil }
                continue
            }
            switch character {
            case "\"", "'", "`": closing = character
            case "“", "„": closing = "”"
            case "«": closing = "»"
            case _ where character.isNumber:
                if result.last != "#" { result.append("#") }
                continue
            default:
                result.append(character)
                continue
            }
            result.append("…")
        }
        return result
    }
}
