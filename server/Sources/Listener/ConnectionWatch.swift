import NIOCore

/// Sees the bytes of one connection, before TLS and HTTP: a header, or a handshake, that isn't complete in time ends it.
///
/// How many bytes came doesn't matter: whoever sends one byte a second gets no longer than whoever sends none.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        /// Nothing is awaited but a first byte.
        case idle
        /// A header has begun.
        case head(Scheduled<Void>)
        /// A request is under way, or many at once by HTTP/2, which has its own rules.
        case request
    }

    private let limits: ListenerLimits
    private let isSecure: Bool
    private var state = State.idle

    init(_ limits: ListenerLimits, isSecure: Bool) {
        self.limits = limits
        self.isSecure = isSecure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if isSecure, context.channel.isActive { awaitHead(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        // A handshake is awaited from the beginning, because nothing else closes a connection that stays without.
        if isSecure, case .idle = state { awaitHead(context) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .idle = state { awaitHead(context) }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        become(.request)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        become(.request)
    }

    /// HTTP/1.1 is spoken from here on.
    func speaksHTTP() { become(.idle) }
    /// A header is complete, or many requests may be under way at once.
    func requestBegan() { become(.request) }
    /// Everything was answered.
    func requestsEnded() { become(.idle) }

    private func become(_ next: State) {
        if case .head(let deadline) = state { deadline.cancel() }
        state = next
    }

    private func awaitHead(_ context: ChannelHandlerContext) {
        state = .head(
            context.eventLoop.assumeIsolated().scheduleTask(in: limits.headDeadline) {
                guard case .head = self.state else { return }
                self.state = .request
                if let requests = try? context.pipeline.syncOperations.handler(type: RequestWatch.self) {
                    requests.refuse(.headTooSlow)
                } else {
                    ListenerMetrics.count(.headTooSlow)
                    context.close(promise: nil)
                }
            })
    }
}
