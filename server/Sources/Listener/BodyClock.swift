import NIOCore

/// How long a body may take: a grace, and a second more for so many bytes. Only time that was spent waiting for the client
/// counts; where the server doesn't read, because its disk is slow, nobody else is to blame.
struct BodyClock {
    private let limits: ListenerLimits
    private var bytes: Int64 = 0
    private var waited: TimeAmount = .zero
    private var since: NIODeadline?

    init(_ limits: ListenerLimits) {
        self.limits = limits
    }

    /// More is asked for.
    mutating func asked(at now: NIODeadline) {
        if since == nil { since = now }
    }

    mutating func received(_ count: Int, at now: NIODeadline) {
        bytes += Int64(count)
        if let since { waited = waited + (now - since) }
        since = nil
    }

    enum Verdict: Equatable {
        case tooSlow
        /// Worth to look at again then.
        case fine(for: TimeAmount)
    }

    func verdict(at now: NIODeadline) -> Verdict {
        let pause = since.map { now - $0 } ?? .zero
        let allowed = limits.bodyGrace + .milliseconds(bytes * 1000 / Int64(max(1, limits.bodyRate)))
        let left = min(allowed - (waited + pause), limits.bodyPause - pause)
        return left <= .zero ? .tooSlow : .fine(for: max(left, .milliseconds(100)))
    }
}
