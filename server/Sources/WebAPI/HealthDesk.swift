/// Has the parts looked at for whoever asks: once for all who ask at the same time, and not again for a moment after. A look
/// writes to the disk, and anybody may ask.
public actor HealthDesk {
    private let lasting: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let look: @Sendable () async -> [HealthCheck]
    private var running: Task<[HealthCheck], Never>?
    private var last: (checks: [HealthCheck], at: ContinuousClock.Instant)?

    /// - Parameter lasting: how long what was found is told again.
    public init(
        lasting: Duration = .seconds(1), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        look: @escaping @Sendable () async -> [HealthCheck]
    ) {
        self.lasting = lasting
        self.now = now
        self.look = look
    }

    public func checks() async -> [HealthCheck] {
        if let last, now() - last.at < lasting { return last.checks }
        if let running { return await running.value }
        let look = look
        // Of its own: it is no step of the request that happened to come first, and goes on when that one is called off.
        let task = Task.detached { await look() }
        running = task
        let checks = await task.value
        last = (checks, now())
        running = nil
        return checks
    }
}
