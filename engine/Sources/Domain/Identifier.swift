public import Foundation

/// A random name for one entity: a UUID version 7 (RFC 9562, section 5.7), written in lower case.
///
/// 74 of its bits are random. It is worth nothing without the session that owns the entity.
public struct Identifier<Entity>: Hashable, Sendable, Codable, CustomStringConvertible {
    public let uuid: UUID

    public init(uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the 36-character form; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let uuid = UUIDText.read(String(text)) else { return nil }
        self.uuid = uuid
    }

    /// A new identifier. `now` gives the 48 bits of time (milliseconds) that keep new rows together in an index.
    public static func make(
        at now: Date, using generator: inout some RandomNumberGenerator
    ) -> Identifier {
        let milliseconds = UInt64(max(0, now.timeIntervalSince1970 * 1000))
        let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0x0fff, using: &generator)
        let low = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3fff_ffff_ffff_ffff, using: &generator)
        var bytes: [UInt8] = []
        for word in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return Identifier(
            uuid: UUID(
                uuid: (
                    bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
                    bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
                )))
    }

    /// A new identifier from the system's random numbers.
    public static func make(at now: Date) -> Identifier {
        var generator = SystemRandomNumberGenerator()
        return make(at: now, using: &generator)
    }

    public var description: String { UUIDText.write(uuid) }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Identifier(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an identifier"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

public typealias SessionID = Identifier<Session>
public typealias UploadID = Identifier<Upload>
public typealias AnalysisID = Identifier<Analysis>
public typealias ReportID = Identifier<Report>
