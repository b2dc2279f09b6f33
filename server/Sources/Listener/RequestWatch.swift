import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Sees the requests and answers of one HTTP/1.1 connection, or those of one HTTP/2 stream: a body that comes too slowly,
/// a reader that takes nothing, and what can't be read as HTTP are answered here and end it.
final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ListenerLimits
    private let answer: ListenerAnswer
    private var context: ChannelHandlerContext?
    /// Of HTTP/1.1 only.
    private var connection: ConnectionWatch?

    /// Requests that aren't answered completely.
    private var open = 0
    private var clock: BodyClock?
    private var isAnswering = false
    /// The answer said that it is the last one.
    private var isLast = false
    private var isRefused = false
    private var look: Scheduled<Void>?
    private var linger: Scheduled<Void>?
    private var stall: Scheduled<Void>?
    /// Parts of bodies that neither the system nor HTTP/2's window has taken whole.
    private var partsWaiting = 0
    private var partsTaken = 0

    init(_ limits: ListenerLimits, answer: @escaping ListenerAnswer) {
        self.limits = limits
        self.answer = answer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection = try? context.pipeline.syncOperations.handler(type: ConnectionWatch.self)
        if let connection {
            connection.speaksHTTP()
        } else if let whole = context.channel.parent, whole.parent != nil {
            // A stream of HTTP/2; the parent of anything else is what listens, on a loop of its own.
            let watch = try? whole.pipeline.syncOperations.handler(type: ConnectionWatch.self)
            watch?.requestBegan()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        forget()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    private func forget() {
        for task in [look, linger, stall] { task?.cancel() }
        (look, linger, stall, context, connection) = (nil, nil, nil, nil, nil)
    }

    // MARK: - What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isRefused { return }
        switch unwrapInboundIn(data) {
        case .head:
            open += 1
            clock = BodyClock(limits)
            connection?.requestBegan()
        case .body(let bytes):
            clock?.received(bytes.readableBytes, at: .now())
        case .end:
            clock = nil
            look?.cancel()
            look = nil
            if let linger {
                linger.cancel()
                self.linger = nil
                if isLast { context.close(promise: nil) } else { settle() }
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if clock != nil, look == nil, linger == nil { lookAgain(in: limits.bodyGrace, context) }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        clock?.asked(at: .now())
        context.read()
    }

    private func lookAgain(in time: TimeAmount, _ context: ChannelHandlerContext) {
        look = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.look = nil
            guard let clock = self.clock, let context = self.context else { return }
            switch clock.verdict(at: .now()) {
            case .tooSlow: self.refuse(.bodyTooSlow)
            case .fine(let time): self.lookAgain(in: time, context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: refuse(.headTooLarge)
        // The client went away in the middle: there is nobody to tell.
        case HTTPParserError.invalidEOFState: context.fireErrorCaught(error)
        case is HTTPParserError: refuse(.malformed)
        default:
            if open == 0, connection != nil, !isRefused, Self.isConversion(error) { return refuse(.malformed) }
            context.fireErrorCaught(error)
        }
    }

    /// A header that HTTP/1.1 allows and that isn't one of a request: the type of its error is not public.
    private static func isConversion(_ error: any Error) -> Bool {
        String(describing: type(of: error)).contains("HTTP1TypeConversionError")
    }

    // MARK: - What is answered

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isRefused {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status.kind != .informational { isAnswering = true }
            if head.headerFields[.connection]?.lowercased() == "close" { isLast = true }
            context.write(data, promise: promise)
        case .body:
            let taken = promise ?? context.eventLoop.makePromise(of: Void.self)
            partsWaiting += 1
            taken.futureResult.assumeIsolated().whenComplete { _ in
                self.partsWaiting -= 1
                self.partsTaken += 1
            }
            context.write(data, promise: taken)
        case .end:
            open -= 1
            isAnswering = false
            if clock != nil {
                // RFC 9112, section 9.6: the client may read the answer before the connection is gone. What it goes on
                // sending is thrown away meanwhile, but not for long.
                context.write(data, promise: promise)
                linger = context.eventLoop.assumeIsolated().scheduleTask(in: limits.linger) {
                    self.context?.close(promise: nil)
                }
                look?.cancel()
                look = nil
            } else if isLast {
                let written = promise ?? context.eventLoop.makePromise(of: Void.self)
                written.futureResult.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
                context.write(data, promise: written)
            } else {
                context.write(data, promise: promise)
                settle()
            }
        }
    }

    private func settle() {
        if open == 0 { connection?.requestsEnded() }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        // However little waits: an event stream's events may never be enough to make the channel unwritable.
        if partsWaiting > 0, stall == nil { watchReader(context) }
    }

    /// Whoever takes something, however little, within each pause may go on.
    private func watchReader(_ context: ChannelHandlerContext) {
        let (taken, waiting) = (partsTaken, pending(context))
        // A stream doesn't tell how much of it waits, so that it is given longer instead.
        let pause = waiting == nil ? .nanoseconds(limits.writePause.nanoseconds * 2) : limits.writePause
        stall = context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
            self.stall = nil
            guard let context = self.context, self.partsWaiting > 0 else { return }
            let tookSome =
                if let waiting, let left = self.pending(context) { left < waiting } else { false }
            if tookSome || self.partsTaken != taken { return self.watchReader(context) }
            ListenerMetrics.count(.readerTooSlow)
            self.isRefused = true
            context.close(promise: nil)
        }
    }

    private func pending(_ context: ChannelHandlerContext) -> Int? {
        guard connection != nil else { return nil }
        return try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
    }

    // MARK: - Refusing

    /// Answers, ends the connection, and tells whoever waits for the body.
    func refuse(_ refusal: ListenerRefusal) {
        guard let context, !isRefused else { return }
        ListenerMetrics.count(refusal)
        let mayAnswer = !isAnswering && (open > 0 || context.channel.isActive)
        isRefused = true
        guard mayAnswer else { return context.close(promise: nil) }
        let (status, reason, text) = answer(refusal)
        var fields: HTTPFields = [
            .contentType: "application/problem+json; charset=utf-8", .contentLength: String(text.utf8.count),
            .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        if connection != nil { fields[.connection] = "close" }
        let head = HTTPResponse(status: .init(code: status, reasonPhrase: reason), headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(string: text))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.context?.fireErrorCaught(refusal)
            self.context?.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}
