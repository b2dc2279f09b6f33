internal import AsyncHTTPClient
public import Logging
internal import NIOCore
public import Workflows

/// A language model behind one or two servers that speak the chat completions protocol of OpenAI: llama.cpp, vLLM,
/// Ollama and others.
///
/// The primary endpoint is asked first. The secondary is asked when the primary has no free slot, is left alone after
/// failures, or fails before the first word; once a word is out, an answer that breaks off stays broken off. Whoever
/// stops reading closes the connection, and with it the server's work.
///
/// Only the addresses that the operator named are called, and redirects aren't followed. Nothing that is asked or
/// answered is logged.
public struct OpenAICompatibleModel: LanguageModel {
    public let name: String

    private let keeper: ClientKeeper
    private let endpoints: [EndpointState]
    private let deadlines: ModelDeadlines
    private let keepsPrefix: Bool
    private let pace: HealthWatch.Pace
    private let metrics: ModelMetrics
    private let logger: Logger

    /// - Parameters:
    ///   - name: as it is shown to people; nil for the primary's model name.
    ///   - keepsPrefix: asks a llama.cpp server to keep the part of the prompt that is the same from turn to turn.
    public init(
        primary: ModelEndpoint, secondary: ModelEndpoint? = nil, name: String? = nil,
        deadlines: ModelDeadlines = ModelDeadlines(), keepsPrefix: Bool = false, logger: Logger
    ) {
        self.init(
            primary: primary, secondary: secondary, name: name, deadlines: deadlines, keepsPrefix: keepsPrefix,
            breaker: CircuitBreaker.Settings(), pace: HealthWatch.Pace(), logger: logger)
    }

    init(
        primary: ModelEndpoint, secondary: ModelEndpoint? = nil, name: String? = nil,
        deadlines: ModelDeadlines = ModelDeadlines(), keepsPrefix: Bool = false,
        breaker: CircuitBreaker.Settings, pace: HealthWatch.Pace, logger: Logger
    ) {
        let metrics = ModelMetrics()
        self.name = name ?? primary.modelName
        self.deadlines = deadlines
        self.keepsPrefix = keepsPrefix
        self.pace = pace
        self.metrics = metrics
        self.logger = logger
        endpoints =
            [EndpointState(primary, as: .primary, breaker: breaker, metrics: metrics)]
            + (secondary.map { [EndpointState($0, as: .secondary, breaker: breaker, metrics: metrics)] } ?? [])
        keeper = ClientKeeper(connect: deadlines.connect, connections: (primary.slots + (secondary?.slots ?? 0)) + 2)
    }

    /// Watches the endpoints' health until the task is cancelled. Without it, an endpoint is asked until it fails.
    ///
    /// - Parameter prefix: what all prompts begin with. An endpoint that keeps prefixes reads it as soon as it is there, so
    ///   that the first question needn't wait for that.
    public func run(reading prefix: String? = nil) async {
        await withTaskGroup(of: Void.self) { group in
            for (state, watch) in zip(endpoints, healthWatches) {
                group.addTask {
                    await watch.run {
                        if keepsPrefix, let prefix { await warmUp(state, with: prefix) }
                    }
                }
            }
        }
    }

    /// Asks every endpoint once how it does.
    public func checkHealth() async {
        for watch in healthWatches { await watch.check() }
    }

    private func warmUp(_ state: EndpointState, with prefix: String) async {
        // A question that comes meanwhile waits for no more than what it would have had to have read itself.
        guard await state.begin(within: .zero) == nil else { return }
        let prompt = ChatPrompt(system: prefix, turns: [.init(.user, "Hello.")], tokenLimit: 1)
        var patient = deadlines
        patient.firstToken = deadlines.whole
        let ending = await Exchange(
            client: keeper.client, endpoint: state.endpoint,
            body: CompletionRequest(prompt, model: state.endpoint.modelName, keepsPrefix: keepsPrefix),
            deadlines: patient, end: .now + deadlines.whole, channel: PieceChannel(), metrics: nil, logger: logger
        ).run()
        // Nobody asked: it says nothing for or against the endpoint.
        state.finished(.stopped)
        logger.debug(
            "A language model was warmed up",
            metadata: ["endpoint": "\(state.role.rawValue)", "ending": "\(ending.outcome)"])
    }

    public func isAvailable() async -> Bool {
        endpoints.contains { $0.refusal() == nil }
    }

    public func reply(to prompt: ChatPrompt) -> AsyncThrowingStream<String, any Error> {
        let channel = PieceChannel()
        let reply = Reply(channel: channel, task: Task { await answer(prompt, into: channel) })
        return AsyncThrowingStream { try await reply.next() }
    }

    private var healthWatches: [HealthWatch] {
        endpoints.map {
            HealthWatch(client: keeper.client, state: $0, pace: pace, patience: deadlines.connect, logger: logger)
        }
    }

    private func answer(_ prompt: ChatPrompt, into channel: PieceChannel) async {
        let end = ContinuousClock.now + deadlines.whole
        var fault = LanguageModelFault.busy
        for state in endpoints {
            if let refusal = await state.begin(within: deadlines.slot) {
                if Task.isCancelled { break }
                if fault == .busy { fault = refusal }
                continue
            }
            let ending = await exchange(prompt, with: state.endpoint, until: end, into: channel).run()
            state.finished(ending)
            metrics.ended(ending)
            switch ending {
            case .whole: return channel.finish(nil)
            case .stopped: return channel.abandon()
            case .failed(let found, _):
                logger.notice(
                    "A language model gave no whole answer",
                    metadata: ["endpoint": "\(state.role.rawValue)", "fault": "\(found)"])
                fault = found
            }
            if channel.hasSent { break }
        }
        channel.finish(fault)
    }

    private func exchange(
        _ prompt: ChatPrompt, with endpoint: ModelEndpoint, until end: ContinuousClock.Instant,
        into channel: PieceChannel
    ) -> Exchange {
        Exchange(
            client: keeper.client, endpoint: endpoint,
            body: CompletionRequest(prompt, model: endpoint.modelName, keepsPrefix: keepsPrefix),
            deadlines: deadlines, end: end, channel: channel, metrics: metrics, logger: logger)
    }
}

/// What the reader of an answer holds: when it is let go, or its task is cancelled, the answer stops.
private final class Reply: Sendable {
    private let channel: PieceChannel
    private let task: Task<Void, Never>

    init(channel: PieceChannel, task: Task<Void, Never>) {
        self.channel = channel
        self.task = task
    }

    deinit {
        task.cancel()
    }

    func next() async throws -> String? {
        try await withTaskCancellationHandler {
            try await channel.next()
        } onCancel: {
            task.cancel()
            channel.abandon()
        }
    }
}

/// Owns the HTTP client, which must be shut down before it goes.
private final class ClientKeeper: Sendable {
    /// Shorter than the five seconds after which llama.cpp and others close an idle connection, so that a request is
    /// never sent into one that is just being closed.
    private static let idle = TimeAmount.seconds(3)

    let client: HTTPClient

    init(connect: Duration, connections: Int) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = TimeAmount(connect)
        configuration.connectionPool.idleTimeout = Self.idle
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // An exchange says itself of which trace it is; looking whether a server is there is of none.
        configuration.tracing.tracer = nil
        // To stop an answer is to close its connection: there must be nobody else on it.
        configuration.httpVersion = .http1Only
        client = HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup), configuration: configuration)
    }

    deinit {
        client.shutdown { _ in }
    }
}
