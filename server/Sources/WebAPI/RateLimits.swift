import HTTPTypes

/// How many requests of which kind a session and an address may make.
public struct RateLimits: Sendable {
    /// A bucket of tokens: so many at once, and as many again within the time.
    public struct Quota: Sendable, Equatable {
        public var requests: Int
        public var seconds: Int

        public init(_ requests: Int, per seconds: Int) {
            self.requests = requests
            self.seconds = seconds
        }
    }

    /// What requests have in common that cost alike.
    public enum Kind: String, Sendable, CaseIterable {
        case reads, writes, sessions, uploads, analyses, messages, reports, errors
    }

    public struct Quotas: Sendable {
        /// nil: none, because there is no session yet, or because the address is enough.
        public var session: Quota?
        public var address: Quota?
    }

    public var quotas: [Kind: Quotas]

    /// Far more than the busiest session of the tests in `tests/journeys` takes; ADR 24 has the numbers.
    public static let standard = RateLimits(quotas: [
        .reads: Quotas(session: Quota(6000, per: 60), address: Quota(30_000, per: 60)),
        .writes: Quotas(session: Quota(1200, per: 60), address: Quota(6000, per: 60)),
        .sessions: Quotas(session: nil, address: Quota(120, per: 600)),
        .uploads: Quotas(session: Quota(240, per: 60), address: Quota(1200, per: 60)),
        .analyses: Quotas(session: Quota(240, per: 60), address: Quota(1200, per: 60)),
        .messages: Quotas(session: Quota(120, per: 60), address: Quota(600, per: 60)),
        .reports: Quotas(session: Quota(120, per: 60), address: Quota(600, per: 60)),
        .errors: Quotas(session: Quota(30, per: 60), address: Quota(30, per: 60)),
    ])

    public init(quotas: [Kind: Quotas]) {
        self.quotas = quotas
    }

    /// The same in per cent; 0 is no limit at all.
    public func scaled(_ percent: Int) -> RateLimits {
        guard percent > 0 else { return RateLimits(quotas: [:]) }
        func scaled(_ quota: Quota?) -> Quota? {
            quota.map { Quota(max(1, $0.requests * percent / 100), per: $0.seconds) }
        }
        return RateLimits(
            quotas: quotas.mapValues { Quotas(session: scaled($0.session), address: scaled($0.address)) })
    }

    /// - Parameter route: its pattern.
    static func kind(_ method: HTTPRequest.Method, _ route: String) -> Kind {
        guard method.isUnsafe else { return .reads }
        guard method == .post else { return .writes }
        switch route {
        case "/api/v1/session": return .sessions
        case "/api/v1/uploads", "/api/v1/uploads/tus": return .uploads
        case "/api/v1/analyses", "/api/v1/analyses/{analysis}/retry": return .analyses
        case "/api/v1/conversations/{conversation}/messages", "/api/v1/conversations/{conversation}/regenerate":
            return .messages
        case "/api/v1/reports": return .reports
        case "/api/v1/client-errors": return .errors
        default: return .writes
        }
    }
}
