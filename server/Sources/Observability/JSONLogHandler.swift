import Glibc
public import Logging
import Tracing

/// Writes each log event as one JSON object on a line of its own.
///
/// Fields: `time` (ISO 8601, UTC, milliseconds), `level`, `logger`, `message`, and the metadata under their own names.
/// Control characters are escaped, so that nobody can forge a line.
public struct JSONLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let output: LogOutput
    private let hasPriority: Bool

    /// - Parameter hasPriority: whether each line begins with its priority as journald reads it (`<6>`).
    public init(
        label: String, level: Logger.Level, output: LogOutput = .standardError,
        provider: Logger.MetadataProvider? = nil, hasPriority: Bool = false
    ) {
        self.label = label
        self.output = output
        self.hasPriority = hasPriority
        metadataProvider = provider
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = hasPriority ? event.level.priority : ""
        line.reserveCapacity(400)
        line += "{\"time\":\""
        line += UTC.now()
        line += "\",\"level\":\""
        line += event.level.rawValue
        line += "\",\"logger\":"
        line.appendJSON(label)
        line += ",\"message\":"
        line.appendJSON("\(event.message)")
        // Few, so that looking through them takes less than a dictionary.
        var all: [(key: String, value: Logger.MetadataValue)] = []
        all.reserveCapacity(16)
        for some in [metadataProvider?.get(), metadata, event.metadata] {
            for (key, value) in some ?? [:] {
                if let index = all.firstIndex(where: { $0.key == key }) {
                    all[index].value = value
                } else {
                    all.append((key, value))
                }
            }
        }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += ","
            // A field of the event itself must not be replaced.
            line.appendJSON(Self.isReserved(key) ? "metadata." + key : key)
            line += ":"
            line.appendJSON(value)
        }
        line += "}\n"
        output.write(line)
    }

    private static func isReserved(_ key: String) -> Bool {
        switch key {
        case "time", "level", "logger", "message": true
        default: false
        }
    }
}

extension Logger.Level {
    /// `<N>` as syslog(3) numbers it and sd-daemon(3) writes it.
    fileprivate var priority: String {
        switch self {
        case .trace, .debug: "<7>"
        case .info: "<6>"
        case .notice: "<5>"
        case .warning: "<4>"
        case .error: "<3>"
        case .critical: "<2>"
        }
    }
}

extension Logger.MetadataProvider {
    /// The id of the request that something is done for, and of its trace.
    public static var ofTrace: Logger.MetadataProvider {
        Logger.MetadataProvider {
            guard let context = InstrumentationContext.current else { return [:] }
            var metadata: Logger.Metadata = [:]
            if let trace = context.trace { metadata["trace"] = "\(trace.trace.text)" }
            if let request = context.requestID { metadata["request"] = "\(request)" }
            return metadata
        }
    }
}

/// Writes log events for people who watch a terminal.
public struct TextLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let label: String
    private let output: LogOutput

    public init(label: String, level: Logger.Level, output: LogOutput = .standardError) {
        self.label = label
        self.output = output
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = "\(UTC.now().dropFirst(11).dropLast()) \(event.level) \(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        let safe = line.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
        var text = String(String.UnicodeScalarView(safe))
        text += "\n"
        output.write(text)
    }
}

/// Where log lines go: each by one `write`, so that lines of several processes don't mix.
public struct LogOutput: Sendable {
    private let descriptor: Int32

    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    public static let standardError = LogOutput(descriptor: STDERR_FILENO)

    /// Whether people read it.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = UnsafeBufferPointer(rebasing: rest)
                let count = Glibc.write(descriptor, piece.baseAddress, piece.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}

extension String {
    /// Appends a JSON string (RFC 8259, section 7).
    mutating func appendJSON(_ text: String) {
        append("\"")
        defer { append("\"") }
        // Nearly every text is as it may stand.
        if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }) { return append(text) }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case _
            where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028
                || scalar.value == 0x2029:
                let code = String(scalar.value, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - code.count) + code)
            default: unicodeScalars.append(scalar)
            }
        }
    }

    mutating func appendJSON(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): appendJSON(text)
        // Asked for first, because it is quickly told.
        case .stringConvertible(let number as Double) where number.isFinite: append(number.description)
        case .stringConvertible(let number as any BinaryInteger): append(String(number))
        case .stringConvertible(let other): appendJSON(other.description)
        case .array(let values):
            append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { append(",") }
                appendJSON(value)
            }
            append("]")
        case .dictionary(let values):
            append("{")
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { append(",") }
                appendJSON(pair.key)
                append(":")
                appendJSON(pair.value)
            }
            append("}")
        }
    }
}
