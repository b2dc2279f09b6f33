import Logging
import Metrics
public import Observability

/// Sends what has ended to a collector, in batches, by OTLP/HTTP with JSON. Nobody waits for it: what the collector
/// doesn't take in a few tries is counted and let go.
public struct SpanExporter: Sendable {
    private static let batch = 512
    private static let tries = 3

    private let queue: SpanQueue
    private let sender: Sender
    private let version: String
    private let instance: String
    private let pause: @Sendable (Duration) async throws -> Void
    private let logger = Logger(label: "lightbox.traces")

    /// - Parameters:
    ///   - endpoint: of the collector, with or without `/v1/traces`, for example `http://127.0.0.1:4318`.
    ///   - instance: tells one process from another.
    public init(
        queue: SpanQueue, endpoint: String, version: String, instance: String,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.queue = queue
        let root = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        sender = Sender(url: root.hasSuffix("/v1/traces") ? root : root + "/v1/traces")
        self.version = version
        self.instance = instance
        self.pause = pause
    }

    /// Exports until ``SpanQueue/finish()``, then what is left. Cancelled, it counts what is left as lost and returns.
    public func run() async {
        for await _ in queue.calls {
            // A short wait lets a batch gather.
            try? await pause(.milliseconds(500))
            await flush()
        }
        await flush()
        queue.drop(queue.take(.max).count)
    }

    private func flush() async {
        while !Task.isCancelled {
            let spans = queue.take(Self.batch)
            guard !spans.isEmpty else { return }
            await send(spans)
        }
    }

    private func send(_ spans: [SpanRecord]) async {
        for attempt in 1...Self.tries {
            do {
                try await sender.post(OTLPBatch(spans, version: version, instance: instance).json())
                Counter(label: "lightbox_traces_exported_spans_total").increment(by: spans.count)
                return
            } catch {
                guard attempt < Self.tries, (try? await pause(.seconds(attempt))) != nil else {
                    logger.warning(
                        "spans could not be exported", metadata: ["count": "\(spans.count)", "cause": "\(error)"])
                    break
                }
            }
        }
        queue.drop(spans.count)
    }
}
