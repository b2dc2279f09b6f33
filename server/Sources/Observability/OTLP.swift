public import Foundation

/// Spans as OTLP/HTTP takes them in JSON (OpenTelemetry protocol 1.x): `POST …/v1/traces`.
public struct OTLPBatch: Encodable, Sendable {
    private struct Attribute: Encodable {
        struct Value: Encodable {
            var stringValue: String?
            /// 64-bit numbers are strings in the JSON form of protocol buffers.
            var intValue: String?
            var doubleValue: Double?
            var boolValue: Bool?
        }

        var key: String
        var value: Value

        init(_ key: String, _ value: SpanRecord.Value) {
            self.key = key
            switch value {
            case .text(let text): self.value = Value(stringValue: text)
            case .integer(let number): self.value = Value(intValue: String(number))
            case .number(let number): self.value = Value(doubleValue: number)
            case .flag(let flag): self.value = Value(boolValue: flag)
            }
        }
    }

    private struct Resource: Encodable {
        var attributes: [Attribute]
    }

    private struct Scope: Encodable {
        var name = "lightbox"
        var version: String
    }

    private struct Status: Encodable {
        /// 2 is an error, 0 is unset.
        var code: Int
    }

    private struct Span: Encodable {
        var traceId: String
        var spanId: String
        var parentSpanId: String?
        var name: String
        var kind: Int
        var startTimeUnixNano: String
        var endTimeUnixNano: String
        var attributes: [Attribute]
        var status: Status

        init(_ record: SpanRecord) {
            traceId = record.trace.text
            spanId = TraceContext.hexadecimal(record.span)
            parentSpanId = record.parent.map(TraceContext.hexadecimal)
            name = record.name
            kind = record.kind.rawValue
            startTimeUnixNano = String(record.startedAt)
            endTimeUnixNano = String(record.endedAt)
            attributes = record.attributes.sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) }
            status = Status(code: record.hasFailed ? 2 : 0)
        }
    }

    private struct ScopeSpans: Encodable {
        var scope: Scope
        var spans: [Span]
    }

    private struct ResourceSpans: Encodable {
        var resource: Resource
        var scopeSpans: [ScopeSpans]
    }

    private var resourceSpans: [ResourceSpans]

    /// - Parameter instance: tells one process from another.
    public init(_ records: [SpanRecord], version: String, instance: String) {
        resourceSpans = [
            ResourceSpans(
                resource: Resource(attributes: [
                    Attribute("service.name", .text("lightbox")), Attribute("service.version", .text(version)),
                    Attribute("service.instance.id", .text(instance)),
                ]),
                scopeSpans: [ScopeSpans(scope: Scope(version: version), spans: records.map(Span.init))])
        ]
    }

    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return try encoder.encode(self)
    }
}
