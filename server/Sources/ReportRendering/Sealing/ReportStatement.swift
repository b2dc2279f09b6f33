public import Domain
public import Foundation
public import Workflows

/// What a seal vouches for besides the bytes: which report it is, what it was made from, and what it says in short.
public struct ReportStatement: Codable, Sendable, Equatable {
    /// That the version of the model was withdrawn when this document was made.
    public struct Withdrawal: Codable, Sendable, Equatable {
        public var model: String
        public var version: String
        public var at: Date
    }

    public var report: ReportID
    /// In whole seconds.
    public var created: Date
    public var audience: Report.Audience
    public var format: Report.Format
    public var sources: ReportSources
    public var urgency: AcuityLevel
    /// The ids of the findings that reached their thresholds, in the order of the result.
    public var marked: [String]
    public var withdrawal: Withdrawal?

    public init(_ content: ReportContent, as format: Report.Format) {
        report = content.id
        created = content.createdAt.inWholeSeconds
        audience = content.options.audience
        self.format = format
        sources = content.sources
        urgency = content.acuity.level
        marked = content.result.findings.filter(\.flagged).map(\.id)
        withdrawal = content.withdrawal.map {
            Withdrawal(model: $0.model, version: $0.version, at: $0.at.inWholeSeconds)
        }
    }
}

extension Date {
    fileprivate var inWholeSeconds: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}

/// JSON that is the same for the same value.
enum SealJSON {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) -> Value? {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try? decoder.decode(type, from: Data(bytes))
    }
}
