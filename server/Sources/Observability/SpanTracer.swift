import CoreMetrics
import Synchronization
public import Tracing

/// Gives every request and every step of it its place in a trace, and hands what has ended to whoever exports it.
public struct SpanTracer: Tracer {
    private let queue: SpanQueue?

    /// - Parameter queue: takes what has ended; nil where nothing is exported, so that only the names remain.
    public init(queue: SpanQueue?) {
        self.queue = queue
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context.trace
        let own = TraceContext(
            trace: parent?.trace ?? .random(), span: .random(in: 1 ... .max), isSampled: parent?.isSampled ?? true)
        context.trace = own
        return RecordedSpan(
            operationName, context: context, own: own, parent: parent?.span, kind: kind,
            startedAt: instant().nanosecondsSinceEpoch, queue: own.isSampled ? queue : nil)
    }

    public func forceFlush() {}

    /// Writes `traceparent`.
    public func inject<Carrier, Inject>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject: Injector, Carrier == Inject.Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier)
    }

    /// Reads `traceparent` where it is valid, and the id of the request that is being served.
    public func extract<Carrier, Extract>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract: Extractor, Carrier == Extract.Carrier {
        context.requestID = extractor.extract(key: "x-request-id", from: carrier)
        context.trace = extractor.extract(key: "traceparent", from: carrier).flatMap(TraceContext.init(traceparent:))
    }
}

private enum TraceKey: InstrumentationContextKey {
    typealias Value = TraceContext
}

private enum RequestIDKey: InstrumentationContextKey {
    typealias Value = String
}

extension InstrumentationContext {
    public var trace: TraceContext? {
        get { self[TraceKey.self] }
        set { self[TraceKey.self] = newValue }
    }

    /// Of the request that something is done for.
    public var requestID: String? {
        get { self[RequestIDKey.self] }
        set { self[RequestIDKey.self] = newValue }
    }
}

/// A step that is being taken.
public final class RecordedSpan: Span {
    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var hasFailed = false
        var hasEnded = false
    }

    public let context: InstrumentationContext
    private let own: TraceContext
    private let parent: UInt64?
    private let kind: SpanKind
    private let startedAt: UInt64
    private let queue: SpanQueue?
    private let state: Mutex<State>

    init(
        _ name: String, context: InstrumentationContext, own: TraceContext, parent: UInt64?, kind: SpanKind,
        startedAt: UInt64, queue: SpanQueue?
    ) {
        self.context = context
        self.own = own
        self.parent = parent
        self.kind = kind
        self.startedAt = startedAt
        self.queue = queue
        state = Mutex(State(name: name))
    }

    public var operationName: String {
        get { state.withLock { $0.name } }
        set { state.withLock { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { if queue != nil { state.withLock { $0.attributes = newValue } } }
    }

    public var isRecording: Bool { queue != nil && !state.withLock { $0.hasEnded } }

    public func setStatus(_ status: SpanStatus) {
        if case .error = status.code { state.withLock { $0.hasFailed = true } }
    }

    /// Nothing here uses events and links.
    public func addEvent(_ event: SpanEvent) {}
    public func addLink(_ link: SpanLink) {}

    /// That it failed, without the error's words: what they hold isn't known here.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        state.withLock { $0.hasFailed = true }
    }

    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let ended: State? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return state
        }
        guard let queue, let ended else { return }
        var attributes: [String: SpanRecord.Value] = [:]
        // Not a sequence.
        // swift-format-ignore: ReplaceForEachWithForLoop
        ended.attributes.forEach { name, value in
            switch value {
            case .int32(let number): attributes[name] = .integer(Int64(number))
            case .int64(let number): attributes[name] = .integer(number)
            case .double(let number): attributes[name] = .number(number)
            case .bool(let flag): attributes[name] = .flag(flag)
            case .string(let text): attributes[name] = .text(text)
            case .stringConvertible(let value): attributes[name] = .text("\(value)")
            default: break
            }
        }
        queue.append(
            SpanRecord(
                trace: own.trace, span: own.span, parent: parent, name: ended.name, kind: .init(kind),
                startedAt: startedAt, endedAt: max(startedAt, instant().nanosecondsSinceEpoch),
                attributes: attributes, hasFailed: ended.hasFailed))
    }
}

/// A step that was taken.
public struct SpanRecord: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case number(Double)
        case flag(Bool)
    }

    /// As OTLP numbers them.
    public enum Kind: Int, Sendable {
        case `internal` = 1
        case server, client, producer, consumer

        init(_ kind: SpanKind) {
            self =
                switch kind {
                case .server: .server
                case .client: .client
                case .producer: .producer
                case .consumer: .consumer
                default: .internal
                }
        }
    }

    public var trace: TraceContext.TraceID
    public var span: UInt64
    public var parent: UInt64?
    public var name: String
    public var kind: Kind
    /// Nanoseconds since 1970.
    public var startedAt: UInt64
    public var endedAt: UInt64
    public var attributes: [String: Value]
    public var hasFailed: Bool
}

/// What waits to be exported. Bounded: whoever ends a step never waits, and what doesn't fit is counted and let go.
public final class SpanQueue: Sendable {
    private let limit: Int
    private let waiting = Mutex<[SpanRecord]>([])
    private let dropped = Counter(label: "lightbox_traces_dropped_spans_total")
    private let bell: AsyncStream<Void>.Continuation
    /// Rings when something waits.
    public let calls: AsyncStream<Void>

    public init(limit: Int = 4096) {
        self.limit = limit
        (calls, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        dropped.increment(by: 0)
    }

    func append(_ record: SpanRecord) {
        let isKept = waiting.withLock { waiting in
            guard waiting.count < limit else { return false }
            waiting.append(record)
            return true
        }
        if isKept { bell.yield() } else { dropped.increment() }
    }

    /// - Returns: the oldest that wait, at most `count`.
    public func take(_ count: Int) -> [SpanRecord] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(count))
            waiting.removeFirst(taken.count)
            return taken
        }
    }

    /// What could not be sent.
    public func drop(_ count: Int) {
        dropped.increment(by: count)
    }

    /// Ends ``calls``.
    public func finish() {
        bell.finish()
    }
}
