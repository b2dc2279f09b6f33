internal import Synchronization
internal import Workflows

/// An endpoint, with what is known of how it does.
final class EndpointState: Sendable {
    enum Role: String, Sendable { case primary, secondary }

    private struct State {
        var breaker: CircuitBreaker
        /// As the last health check found; nil before the first.
        var isHealthy: Bool?
    }

    let role: Role
    let endpoint: ModelEndpoint
    let gate: SlotGate
    private let state: Mutex<State>
    private let metrics: ModelMetrics

    init(_ endpoint: ModelEndpoint, as role: Role, breaker: CircuitBreaker.Settings, metrics: ModelMetrics) {
        self.role = role
        self.endpoint = endpoint
        self.metrics = metrics
        gate = SlotGate(slots: endpoint.slots)
        state = Mutex(State(breaker: CircuitBreaker(settings: breaker)))
        metrics.endpoint(role, isOpen: false)
    }

    var isHealthy: Bool? { state.withLock { $0.isHealthy } }

    /// Why it isn't asked now; nil when it would be.
    func refusal() -> LanguageModelFault? {
        state.withLock { state in
            if state.isHealthy == false { return .unreachable }
            return state.breaker.wouldAdmit(at: .now) ? nil : .busy
        }
    }

    /// Waits for a slot. ``finished(_:)`` gives it back.
    ///
    /// - Returns: why it isn't to be asked; nil when it is.
    func begin(within patience: Duration) async -> LanguageModelFault? {
        if let refusal = refusal() { return refusal }
        guard await gate.take(within: patience) else { return .busy }
        guard state.withLock({ $0.breaker.admit(at: .now) }) else {
            gate.give()
            return .busy
        }
        return nil
    }

    func finished(_ ending: Exchange.Ending) {
        let isOpen = state.withLock { state in
            switch ending {
            case .failed(_, isEndpointsFault: true): state.breaker.failed(at: .now)
            case .whole, .failed: state.breaker.succeeded()
            case .stopped: state.breaker.released(at: .now)
            }
            return state.breaker.isOpen
        }
        metrics.endpoint(role, isOpen: isOpen)
        gate.give()
    }

    /// - Returns: whether that is news.
    func found(healthy: Bool) -> Bool {
        state.withLock { state in
            defer { state.isHealthy = healthy }
            return state.isHealthy != healthy
        }
    }
}
