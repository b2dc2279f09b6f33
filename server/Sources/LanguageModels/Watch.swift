internal import Synchronization

/// Holds an exchange to its deadlines.
///
/// Whoever reads the connection says what must come next and until when; ``expiry()`` runs beside it.
final class Watch: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How late an expiry may be noticed, at most: a deadline can be set sooner than the one that is slept to.
    private static let step = Duration.milliseconds(50)

    private struct State {
        var due: Instant?
        var ending: Exchange.Ending
    }

    private let state: Mutex<State>
    private let end: Instant

    /// - Parameters:
    ///   - end: when all is over, whatever comes.
    ///   - first: until when the first token is awaited.
    init(until end: Instant, first: Duration) {
        self.end = end
        state = Mutex(State(due: .now + first, ending: .silence))
    }

    /// Something must come within `patience`, or else the exchange ends so.
    func expect(within patience: Duration, otherwise ending: Exchange.Ending) {
        state.withLock { $0 = State(due: .now + patience, ending: ending) }
    }

    /// Nothing is awaited: it is the reader who is slow.
    func rest() {
        state.withLock { $0.due = nil }
    }

    /// How the exchange ends when a deadline has passed; nil when this task is cancelled.
    func expiry() async -> Exchange.Ending? {
        while true {
            let state = state.withLock { $0 }
            let now = Instant.now
            if let due = state.due, now >= due { return state.ending }
            if now >= end { return .silence }
            do {
                try await Task.sleep(until: min(state.due ?? end, end, now + Self.step), clock: .continuous)
            } catch {
                return nil
            }
        }
    }
}
