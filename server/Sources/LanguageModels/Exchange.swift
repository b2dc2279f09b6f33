internal import AsyncHTTPClient
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Tracing
internal import Workflows

/// One request to one endpoint: sends it, reads the stream, and passes the text on.
///
/// When ``run()`` returns, the connection is closed or back in the pool; nothing of it goes on.
struct Exchange: Sendable {
    enum Ending: Sendable, Equatable {
        case whole
        /// The one who read has stopped.
        case stopped
        /// `isEndpointsFault` is false where the endpoint did as it should, and the answer is worthless all the same.
        case failed(LanguageModelFault, isEndpointsFault: Bool)

        /// A deadline has passed.
        static let silence = failed(.silent, isEndpointsFault: true)

        /// A word for metrics and logs.
        var outcome: String {
            switch self {
            case .whole: "whole"
            case .stopped: "stopped"
            case .failed(let fault, _): fault.word
            }
        }
    }

    /// What a server may still send between the end of its answer and the end of the stream.
    private static let afterword = Duration.milliseconds(250)

    let client: HTTPClient
    let endpoint: ModelEndpoint
    let body: CompletionRequest
    let deadlines: ModelDeadlines
    let end: ContinuousClock.Instant
    let channel: PieceChannel
    /// Nil for what nobody asked.
    let metrics: ModelMetrics?
    let logger: Logger

    func run() async -> Ending {
        let watch = Watch(until: end, first: deadlines.firstToken)
        let ending = await withTaskGroup(of: Ending?.self) { group in
            group.addTask { await read(watch) }
            group.addTask { await watch.expiry() }
            for await ending in group {
                if let ending {
                    group.cancelAll()
                    return ending
                }
            }
            return .stopped
        }
        // Its words are out already: that is an answer with its end missing, not silence.
        if case .failed(.silent, let isEndpointsFault) = ending, channel.hasSent {
            return .failed(.cutOff, isEndpointsFault: isEndpointsFault)
        }
        return ending
    }

    private func read(_ watch: Watch) async -> Ending {
        let started = ContinuousClock.now
        let response: HTTPClientResponse
        do {
            response = try await send()
        } catch {
            if Task.isCancelled { return .stopped }
            // What the network says, without a word of the question.
            logger.notice(
                "A language model's server gave no response",
                metadata: ["cause": "\(error)", "model": "\(endpoint.modelName)"])
            return .failed(Self.fault(before: error), isEndpointsFault: true)
        }
        guard (200..<300).contains(response.status.code) else { return Self.refused(Int(response.status.code)) }
        guard Self.isEventStream(response) else { return .failed(.garbled, isEndpointsFault: true) }

        var reading = Reading(exchange: self, watch: watch, started: started)
        defer { metrics?.came(tokens: reading.reader.tokens, within: reading.writing) }
        do {
            for try await bytes in response.body {
                if let ending = try await reading.take(bytes) { return ending }
            }
        } catch let fault as LanguageModelFault {
            return if case .refused(let status) = fault { Self.refused(status) } else {
                .failed(fault, isEndpointsFault: true)
            }
        } catch is EventStreamParser.TooLong {
            return .failed(.garbled, isEndpointsFault: true)
        } catch {
            if Task.isCancelled { return .stopped }
            if let fault = Self.fault(ofParser: error) { return .failed(fault, isEndpointsFault: true) }
        }
        return Task.isCancelled ? .stopped : reading.ending
    }

    /// An idle connection may be closed by the server just as the request goes out; then once more, on a new one.
    private func send() async throws -> HTTPClientResponse {
        var request = try body.request(to: endpoint)
        if let context = InstrumentationContext.current {
            InstrumentationSystem.instrument.inject(context, into: &request.headers, using: HeaderInjector())
        }
        let deadline = NIODeadline.now() + TimeAmount(ContinuousClock.now.duration(to: end))
        do {
            return try await client.execute(request, deadline: deadline)
        } catch  where Self.wasClosed(error) && !Task.isCancelled {
            return try await client.execute(request, deadline: deadline)
        }
    }

    /// Names the trace to the model's server, so that both sides can be seen as one.
    private struct HeaderInjector: Injector {
        func inject(_ value: String, forKey key: String, into carrier: inout HTTPHeaders) {
            carrier.replaceOrAdd(name: key, value: value)
        }
    }

    /// What has been read of the stream so far.
    private struct Reading {
        let exchange: Exchange
        let watch: Watch
        let started: ContinuousClock.Instant
        var parser = EventStreamParser()
        var reader = CompletionReader()
        var detector: LoopDetector
        var sawByte = false
        var hasBegun = false
        /// When the first token came, thought or said, and the last.
        var tokens: (first: ContinuousClock.Instant, last: ContinuousClock.Instant)?

        init(exchange: Exchange, watch: Watch, started: ContinuousClock.Instant) {
            self.exchange = exchange
            self.watch = watch
            self.started = started
            detector = LoopDetector(limits: .init(tokenLimit: exchange.body.maxTokens))
        }

        /// How long tokens came.
        var writing: Duration? { tokens.map { $0.first.duration(to: $0.last) } }

        /// How it has ended if nothing else comes.
        var ending: Ending {
            guard let fault = reader.fault(afterAnyByte: sawByte) else { return .whole }
            return .failed(fault, isEndpointsFault: !reader.endedProperly)
        }

        /// - Returns: the ending, where the rest needn't be read.
        mutating func take(_ bytes: ByteBuffer) async throws -> Ending? {
            if bytes.readableBytes > 0 { sawByte = true }
            for event in try parser.take(bytes.readableBytesView) {
                switch try reader.take(event) {
                case .text(let text):
                    noteToken()
                    if let ending = await pass(text) { return ending }
                case .thinking:
                    noteToken()
                    watch.expect(within: exchange.deadlines.betweenTokens, otherwise: .silence)
                case .nothing, .done: break
                }
            }
            if reader.endedProperly { watch.expect(within: Exchange.afterword, otherwise: ending) }
            return nil
        }

        private mutating func noteToken() {
            let now = ContinuousClock.now
            tokens = (tokens?.first ?? now, now)
        }

        private mutating func pass(_ text: String) async -> Ending? {
            if detector.take(text) { return .failed(.looping, isEndpointsFault: false) }
            var text = text[...]
            if !hasBegun {
                // White space before the first word is nothing that was said.
                text = text.drop { $0.isWhitespace }
                if text.isEmpty { return nil }
                hasBegun = true
                exchange.metrics?.firstToken(after: started.duration(to: .now))
            }
            watch.rest()
            guard await exchange.channel.send(String(text)) else { return .stopped }
            watch.expect(within: exchange.deadlines.betweenTokens, otherwise: .silence)
            return nil
        }
    }

    // MARK: - What went wrong

    /// A request that is at fault itself, for example too long a one, says nothing against the endpoint.
    private static func refused(_ status: Int) -> Ending {
        .failed(.refused(status), isEndpointsFault: ![400, 413, 422].contains(status))
    }

    /// The type is trusted where there is one.
    private static func isEventStream(_ response: HTTPClientResponse) -> Bool {
        guard let type = response.headers.first(name: "Content-Type") else { return true }
        return type.lowercased().hasPrefix("text/event-stream")
    }

    /// For what is thrown before there is a response.
    private static func fault(before error: any Error) -> LanguageModelFault {
        if let fault = fault(ofParser: error) { return fault }
        let late: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .getConnectionFromPoolTimeout]
        if let error = error as? HTTPClientError, late.contains(error) { return .silent }
        return .unreachable
    }

    /// Whether the connection was there and then wasn't, which says nothing about the server.
    private static func wasClosed(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case let error as ChannelError: [.ioOnClosedChannel, .alreadyClosed, .eof].contains(error)
        case let error as IOError: [ECONNRESET, EPIPE].contains(error.errnoCode)
        default: false
        }
    }

    /// What isn't HTTP, or HTTP that ends in the middle; nil for other errors.
    private static func fault(ofParser error: any Error) -> LanguageModelFault? {
        guard let error = error as? HTTPParserError else { return nil }
        return error == .invalidEOFState ? .cutOff : .garbled
    }
}
