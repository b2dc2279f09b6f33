import Foundation
import Logging
import Testing
import Tracing

@testable import Observability

/// A trace that others began.
private let known = "0af7651916cd43dd8448eb211c80319c"

@Suite("Traces")
struct TraceTests {
    static let trace = known

    @Test(
        "A valid traceparent is taken",
        arguments: [
            "00-\(known)-b7ad6b7169203331-01", "00-\(known)-b7ad6b7169203331-00", "00-\(known)-b7ad6b7169203331-ff",
            "cc-\(known)-b7ad6b7169203331-01", "cc-\(known)-b7ad6b7169203331-01-what-the-future-brings",
        ])
    func valid(text: String) throws {
        let context = try #require(TraceContext(traceparent: text))
        #expect(context.trace.text == Self.trace)
        #expect(context.span == 0xb7ad_6b71_6920_3331)
        #expect(context.isSampled == !text.hasSuffix("-00"))
        #expect(context.traceparent == "00-\(Self.trace)-b7ad6b7169203331-\(context.isSampled ? "01" : "00")")
    }

    @Test(
        "Everything else is not",
        arguments: [
            "", "00", "ff-\(known)-b7ad6b7169203331-01", "00-\(known)-b7ad6b7169203331-01-more",
            "00-\(known)-b7ad6b7169203331-1", "00-\(known)-0000000000000000-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-\(known.uppercased())-b7ad6b7169203331-01",
            "00-\(known)-B7AD6B7169203331-01", "00_\(known)_b7ad6b7169203331_01", "cc-\(known)-b7ad6b7169203331-01.x",
            "00-\(known)-b7ad6b7169203331-01, 00-\(known)-b7ad6b7169203331-01",
            "00-\u{ff10}af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        ])
    func invalid(text: String) throws {
        #expect(TraceContext(traceparent: text) == nil)
    }

    private struct Fields: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    @Test("A step belongs to the step around it, and the trace to whoever began it")
    func family() throws {
        let queue = SpanQueue()
        let tracer = SpanTracer(queue: queue)
        var context = InstrumentationContext.topLevel
        tracer.extract(
            ["traceparent": "00-\(Self.trace)-b7ad6b7169203331-01", "x-request-id": "r1"], into: &context,
            using: Fields())
        let outer = tracer.startSpan("outer", context: context, ofKind: .server)
        let inner = tracer.startSpan("inner", context: outer.context)
        inner.attributes["step"] = "one"
        inner.recordError(CancellationError())
        inner.end()
        inner.end()
        outer.end()
        let spans = queue.take(10)
        try #require(spans.map(\.name) == ["inner", "outer"])
        #expect(spans[0].trace.text == Self.trace && spans[1].trace.text == Self.trace)
        #expect(spans[0].parent == spans[1].span)
        #expect(spans[1].parent == 0xb7ad_6b71_6920_3331)
        #expect(spans[0].attributes == ["step": .text("one")])
        #expect(spans.map(\.hasFailed) == [true, false])
        #expect(inner.context.requestID == "r1")
        var carrier: [String: String] = [:]
        tracer.inject(outer.context, into: &carrier, using: Fields())
        #expect(carrier["traceparent"] == "00-\(Self.trace)-\(TraceContext.hexadecimal(spans[1].span))-01")
    }

    @Test("What whoever began the trace doesn't want kept isn't, and keeps its names")
    func notSampled() throws {
        let queue = SpanQueue()
        let tracer = SpanTracer(queue: queue)
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": "00-\(Self.trace)-b7ad6b7169203331-00"], into: &context, using: Fields())
        let span = tracer.startSpan("step", context: context)
        span.end()
        #expect(queue.take(10).isEmpty)
        #expect(span.context.trace?.trace.text == Self.trace)
    }

    @Test("A queue that is full lets go of what comes")
    func bounded() throws {
        let queue = SpanQueue(limit: 3)
        let tracer = SpanTracer(queue: queue)
        for index in 0..<5 { tracer.startSpan("\(index)", context: .topLevel).end() }
        #expect(queue.take(10).map(\.name) == ["0", "1", "2"])
        #expect(queue.take(10).isEmpty)
    }

    @Test("A log line carries the trace and the request that it was written for")
    func logs() throws {
        let tracer = SpanTracer(queue: nil)
        var context = InstrumentationContext.topLevel
        tracer.extract(
            ["traceparent": "00-\(Self.trace)-b7ad6b7169203331-01", "x-request-id": "r7"], into: &context,
            using: Fields())
        let text = try LoggingTests.written { output in
            let handler = JSONLogHandler(
                label: "t", level: .info, output: output, provider: .ofTrace, hasPriority: true)
            let logger = Logger(label: "t") { _ in handler }
            InstrumentationContext.withValue(tracer.startSpan("s", context: context).context) { logger.error("x") }
            logger.info("y")
        }
        let lines = text.split(separator: "\n")
        try #require(lines.count == 2)
        #expect(lines[0].hasPrefix("<3>{") && lines[1].hasPrefix("<6>{"))
        let first = try #require(
            try JSONSerialization.jsonObject(with: Data(lines[0].dropFirst(3).utf8)) as? [String: Any])
        #expect(first["trace"] as? String == Self.trace)
        #expect(first["request"] as? String == "r7")
        #expect(!lines[1].contains("trace"))
    }
}
