/// Leaves an endpoint alone for a while after it has failed several times in a row.
///
/// Closed, it admits everything. After ``Settings/failuresInRow`` it is open and admits nothing. When the pause is over
/// it is half open and admits one probe: a success closes it, a failure opens it again for twice as long. It is a value
/// that is told the time, so that its rules are tested without waiting.
struct CircuitBreaker: Sendable {
    typealias Instant = ContinuousClock.Instant

    struct Settings: Sendable, Equatable {
        var failuresInRow = 3
        var firstPause: Duration = .seconds(15)
        var longestPause: Duration = .seconds(120)
    }

    private enum State: Equatable {
        case closed(failures: Int)
        case open(until: Instant)
        case probing
    }

    private let settings: Settings
    private var state = State.closed(failures: 0)
    private var nextPause: Duration

    init(settings: Settings = Settings()) {
        self.settings = settings
        nextPause = settings.firstPause
    }

    /// False also while the one probe is under way.
    func wouldAdmit(at now: Instant) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): now >= until
        case .probing: false
        }
    }

    /// Whether it is anything but closed.
    var isOpen: Bool {
        if case .closed = state { false } else { true }
    }

    /// Admits a request; the caller then says once how it went, with ``succeeded()``, ``failed(at:)`` or ``released(at:)``.
    mutating func admit(at now: Instant) -> Bool {
        guard wouldAdmit(at: now) else { return false }
        if case .open = state { state = .probing }
        return true
    }

    mutating func succeeded() {
        state = .closed(failures: 0)
        nextPause = settings.firstPause
    }

    /// A request that was admitted before the breaker opened changes nothing when it fails later.
    mutating func failed(at now: Instant) {
        switch state {
        case .closed(let failures):
            if failures + 1 < settings.failuresInRow {
                state = .closed(failures: failures + 1)
            } else {
                open(at: now)
            }
        case .probing: open(at: now)
        case .open: break
        }
    }

    /// Nothing was learnt: the person stopped the answer. Another probe may be made at once.
    mutating func released(at now: Instant) {
        if state == .probing { state = .open(until: now) }
    }

    private mutating func open(at now: Instant) {
        state = .open(until: now + nextPause)
        nextPause = min(nextPause * 2, settings.longestPause)
    }
}
