import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import Synchronization
import Workflows

/// Server-sent events of something that changes (HTML standard, section 9.2).
///
/// They are written by the connection's own loop, straight to its channel: no task is woken for one, so that thousands of streams
/// can be told at once. One write is under way at a time. What comes meanwhile waits; of what waits only the newest is kept.
final class EventStream<Event: Sendable>: Sendable {
    private struct State {
        var waiting: [Event] = []
        /// Nothing comes any more.
        var isOver = false
        /// The loop will look at what waits: it isn't open yet, was told to, or has a write under way.
        var isBusy = true
        var end: CheckedContinuation<Void, Never>?
        /// It was over for so long that its reader isn't waited for.
        var isHungUp = false
    }

    private let channel: any Channel
    private let mostWaiting: Int
    private let encode: @Sendable (Event, inout ByteBuffer) throws -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - mostWaiting: of more that a slow reader hasn't taken, the oldest are left out.
    ///   - encode: appends an event as it is sent.
    init(
        on channel: any Channel, mostWaiting: Int, encode: @escaping @Sendable (Event, inout ByteBuffer) throws -> Void
    ) {
        self.channel = channel
        self.mostWaiting = mostWaiting
        self.encode = encode
    }

    /// Whoever tells this stream what to send.
    var watcher: Watcher<Event> {
        Watcher(show: { self.show($0) }, finish: { self.finish() })
    }

    /// An answer that sends what comes until it is over.
    ///
    /// - Parameter watch: the stream's place on a board, kept for as long.
    func response(holding watch: Watch) -> Response {
        EventStreams.response { writer in
            defer { withExtendedLifetime(watch) {} }
            try await writer.write(EventStreams.retry)
            await self.run()
        }
    }

    private func show(_ event: Event) {
        let isIdle = state.withLock { state in
            guard !state.isOver else { return false }
            if state.waiting.count == mostWaiting { state.waiting.removeFirst() }
            state.waiting.append(event)
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isIdle { channel.eventLoop.execute { self.drain() } }
    }

    private func finish() {
        let isIdle = state.withLock { state in
            state.isOver = true
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isIdle { return channel.eventLoop.execute { self.drain() } }
        // Whoever takes nothing doesn't hold up the end, which a server that stops waits for. A browser comes back for the rest.
        channel.eventLoop.scheduleTask(in: EventStreams.patience) { [weak self] in self?.hangUp() }
    }

    // MARK: - On the loop

    /// Until all was sent or the reader is gone.
    private func run() async {
        // Keeps proxies from closing the connection, and finds out about a reader who has gone without a word.
        let beats = channel.eventLoop.scheduleRepeatedTask(initialDelay: EventStreams.pause, delay: EventStreams.pause)
        {
            _ in self.beat()
        }
        defer { beats.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isHungUp = state.withLock { state in
                    state.end = continuation
                    return state.isHungUp
                }
                if isHungUp { channel.close(promise: nil) }
                channel.closeFuture.whenComplete { [weak self] _ in self?.end() }
                channel.eventLoop.execute { self.drain() }
            }
        } onCancel: {
            finish()
        }
    }

    private func drain() {
        let (events, isOver) = state.withLock { state in
            let events = state.waiting
            state.waiting = []
            state.isBusy = !events.isEmpty
            return (events, state.isOver)
        }
        guard !events.isEmpty else {
            if isOver { end() }
            return
        }
        var buffer = channel.allocator.buffer(capacity: 512 * events.count)
        do {
            for event in events { try encode(event, &buffer) }
        } catch {
            channel.pipeline.fireErrorCaught(error)
            return channel.close(promise: nil)
        }
        write(buffer)
    }

    private func beat() {
        let isIdle = state.withLock { state in
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isIdle { write(ByteBuffer(string: ": keep-alive\n\n")) }
    }

    private func write(_ buffer: ByteBuffer) {
        channel.writeAndFlush(HTTPResponsePart.body(buffer)).whenComplete { result in
            switch result {
            case .success: self.drain()
            case .failure: self.end()
            }
        }
    }

    private func hangUp() {
        let isWaitedFor = state.withLock { state in
            state.isHungUp = true
            return state.end != nil
        }
        if isWaitedFor { channel.close(promise: nil) }
    }

    private func end() {
        let end = state.withLock { state in
            defer { state.end = nil }
            return state.end
        }
        end?.resume()
    }
}

enum EventStreams {
    /// When a reader who lost the connection comes back.
    static let retry = ByteBuffer(string: "retry: 1000\n\n")
    static let pause = TimeAmount.seconds(15)
    /// For a reader who hasn't taken all when a stream is over.
    static let patience = TimeAmount.seconds(10)

    /// An answer of events that are all there already.
    static func response(of events: ByteBuffer) -> Response {
        response { writer in
            var bytes = retry
            bytes.writeImmutableBuffer(events)
            try await writer.write(bytes)
        }
    }

    fileprivate static func response(
        _ body: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                try await body(&writer)
                try await writer.finish(nil)
            })
    }
}

extension ByteBuffer {
    /// Appends a server-sent event.
    ///
    /// - Parameter data: appends JSON, which has no line breaks here.
    mutating func writeEvent(_ name: StaticString, id: Int, data: (inout ByteBuffer) throws -> Void) rethrows {
        writeString("id: \(id)\nevent: ")
        writeStaticString(name)
        writeString("\ndata: ")
        try data(&self)
        writeString("\n\n")
    }

    /// The same, with an encoded value.
    mutating func writeEvent(_ name: StaticString, id: Int, data: some Encodable) throws {
        try writeEvent(name, id: id) { $0.writeBytes(try JSON.bytes(data)) }
    }
}
