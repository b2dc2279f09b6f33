public import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore

/// A listener's connections, counted and watched. What is spoken on them is `Base`.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    typealias Value = Base.Value

    let limits: ListenerLimits
    let register: ConnectionRegister
    let answer: ListenerAnswer
    let isSecure: Bool
    /// Asked for each connection, because a certificate may be replaced meanwhile.
    let base: @Sendable () throws -> Base

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let address = IPAddress(channel.remoteAddress)
        do {
            if let refusal = register.admit(address) {
                ListenerMetrics.count(refusal)
                let text = isSecure ? nil : Self.text(answer(refusal))
                // The rest is set up all the same: a connection whose setup fails stays open, and nobody closes it.
                try channel.pipeline.syncOperations.addHandler(TurnAway(text))
                return try base().setup(channel: channel, logger: logger)
            }
            channel.closeFuture.whenComplete { [register] _ in register.leave(address) }
            try channel.pipeline.syncOperations.addHandler(ConnectionWatch(limits, isSecure: isSecure))
            // What the system holds back for a reader is bounded too, and a slow one is noticed.
            try? channel.syncOptions?.setOption(.tcpOption(Self.unsentLimit), value: 128 << 10)
            return try base().setup(channel: channel, logger: logger)
        } catch {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    func handle(value: Value, logger: Logger) async {
        guard let base = try? base() else { return }
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }

    /// TCP_NOTSENT_LOWAT, which has no name here (tcp(7)).
    private static var unsentLimit: NIOBSDSocket.Option { .init(rawValue: 25) }

    private static func text(_ answer: (status: Int, reason: String, body: String)) -> String {
        "HTTP/1.1 \(answer.status) \(answer.reason)\r\nContent-Type: application/problem+json; charset=utf-8\r\n"
            + "Content-Length: \(answer.body.utf8.count)\r\nCache-Control: no-store\r\nRetry-After: 5\r\n"
            + "Connection: close\r\n\r\n\(answer.body)"
    }
}

/// Says at most why, and closes. What the client has sent meanwhile is read and thrown away, because a connection that is
/// closed with something unread in it is reset, and the client loses the answer.
private final class TurnAway: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String?
    private var end: Scheduled<Void>?

    init(_ text: String?) {
        self.text = text
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { turnAway(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        turnAway(context)
    }

    private func turnAway(_ context: ChannelHandlerContext) {
        guard end == nil else { return }
        guard let text else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        context.close(mode: .output, promise: nil)
        end = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) {
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        end = nil
        context.fireChannelInactive()
    }
}

extension HTTPServerBuilder {
    /// Serves HTTP/1.1 within limits; with a certificate, HTTP/2 and HTTP/1.1 over TLS.
    public static func guarded(
        _ limits: ListenerLimits, register: ConnectionRegister, certificate: Certificate? = nil,
        answer: @escaping ListenerAnswer
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let http = HTTP1Channel.Configuration(
                additionalChannelHandlers: [RequestWatch(limits, answer: answer)], idleTimeout: limits.idle,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes,
                    maxHeaderFieldCount: limits.headFields))
            guard let certificate else {
                let channel = HTTP1Channel(responder: responder, configuration: http)
                return GuardedChannel(
                    limits: limits, register: register, answer: answer, isSecure: false, base: { channel })
            }
            let configuration = HTTP2UpgradeChannel.Configuration(
                idleTimeout: .nanoseconds(limits.idle.nanoseconds), gracefulCloseTimeout: .seconds(5),
                streamConfiguration: http)
            let current = certificate.following { tls in
                try HTTP2UpgradeChannel(tlsConfiguration: tls, configuration: configuration, responder: responder)
            }
            return GuardedChannel(
                limits: limits, register: register, answer: answer, isSecure: true, base: current)
        }
    }
}
