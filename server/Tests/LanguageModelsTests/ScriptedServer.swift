import NIOCore
import NIOPosix
import Synchronization

/// A server on loopback that answers as a test's script says, byte by byte, and notes who comes and goes.
struct ScriptedServer: Sendable {
    /// One connection with one request.
    struct Visit: Sendable {
        /// Head and body.
        let request: String
        /// From 1, in the order in which the requests came.
        let number: Int
        fileprivate let channel: any Channel

        /// Writes these bytes as they are.
        func raw(_ text: String) async throws {
            try await channel.writeAndFlush(ByteBuffer(string: text))
        }

        func raw(_ bytes: [UInt8]) async throws {
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        }

        /// The head of a streamed answer.
        func begin(status: Int = 200, type: String = "text/event-stream") async throws {
            try await raw(
                "HTTP/1.1 \(status) Some\r\nContent-Type: \(type)\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
        }

        /// One chunk of the body.
        func chunk(_ text: String) async throws {
            try await raw(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n")
        }

        /// One event.
        func event(_ data: String) async throws {
            try await chunk("data: \(data)\n\n")
        }

        /// One piece of the answer.
        func say(_ text: String) async throws {
            try await event(CompletionReaderTests.text(text))
        }

        /// The end of a whole answer.
        func finish(_ reason: String = "stop") async throws {
            try await event(CompletionReaderTests.finish(reason))
            try await event("[DONE]")
            try await raw("0\r\n\r\n")
        }

        /// A whole answer.
        func answer(_ pieces: String...) async throws {
            try await begin()
            for piece in pieces { try await say(piece) }
            try await finish()
        }

        /// A whole response that isn't streamed.
        func plain(_ status: Int, _ body: String = "{}", headers: String = "") async throws {
            try await raw(
                "HTTP/1.1 \(status) Some\r\nContent-Type: application/json\r\nConnection: close\r\n\(headers)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }

        /// Says nothing until the client has gone; the script is then cancelled.
        func silence() async throws {
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in stream {}
            withExtendedLifetime(continuation) {}
        }
    }

    /// What a server has seen.
    final class Log: Sendable {
        private struct State {
            var requests: [String] = []
            var channels: [ObjectIdentifier: any Channel] = [:]
            var lastClosed: ContinuousClock.Instant?
            var waiting: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        var requests: [String] { state.withLock { $0.requests } }
        /// Connections that are open now.
        var open: Int { state.withLock { $0.channels.count } }

        /// When the last connection was closed, as soon as none is open.
        func allClosed() async -> ContinuousClock.Instant? {
            await withCheckedContinuation { continuation in
                let isNow = state.withLock { state in
                    if !state.channels.isEmpty { state.waiting.append(continuation) }
                    return state.channels.isEmpty
                }
                if isNow { continuation.resume() }
            }
            return state.withLock { $0.lastClosed }
        }

        fileprivate func opened(_ channel: any Channel) {
            state.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
        }

        fileprivate func closed(_ channel: any Channel) {
            let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
                state.channels[ObjectIdentifier(channel)] = nil
                state.lastClosed = .now
                guard state.channels.isEmpty else { return [] }
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        fileprivate func closeAll() {
            for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
        }

        fileprivate func came(_ request: String) -> Int {
            state.withLock { state in
                state.requests.append(request)
                return state.requests.count
            }
        }
    }

    typealias Script = @Sendable (Visit) async throws -> Void

    let url: String
    let log: Log

    /// Runs `body` while a server is there.
    static func run<Result: Sendable>(
        _ script: @escaping Script, during body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(VisitHandler(log: log, script: script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedServer(url: "http://127.0.0.1:\(listener.localAddress?.port ?? 0)", log: log)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        try await listener.close()
        log.closeAll()
        return try result.get()
    }

    /// An address of loopback where nobody listens.
    static func nobody() async throws -> String {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return "http://127.0.0.1:\(port)"
    }
}

/// One request a connection. The script ends early when the client closes the connection.
private final class VisitHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let log: ScriptedServer.Log
    private let script: ScriptedServer.Script
    private var request = ""
    private var visit: Task<Void, Never>?

    init(log: ScriptedServer.Log, script: @escaping ScriptedServer.Script) {
        self.log = log
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
        log.opened(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        visit?.cancel()
        log.closed(context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        request += String(buffer: unwrapInboundIn(data))
        guard visit == nil, isWhole else { return }
        let visit = ScriptedServer.Visit(request: request, number: log.came(request), channel: context.channel)
        self.visit = Task { [script] in
            try? await script(visit)
            visit.channel.close(promise: nil)
        }
    }

    private var isWhole: Bool {
        guard let end = request.firstRange(of: "\r\n\r\n") else { return false }
        let head = request[..<end.lowerBound].lowercased()
        guard let length = head.split(separator: "content-length: ").dropFirst().first?.prefix(while: \.isNumber) else {
            return true
        }
        return request[end.upperBound...].utf8.count >= Int(length) ?? 0
    }
}
