public import Listener
import Synchronization

/// What holds for all that is served by http, whatever the route: as one value, made once.
public struct WebRules: Sendable {
    /// Whether browsers come by https.
    public let isSecure: Bool
    /// Pages of other origins that may use the API.
    public let corsOrigins: Set<String>
    /// Names that this server answers to; empty: to each.
    public let hosts: Set<String>
    public let proxies: TrustedProxies
    public let rates: RateLimits
    /// Whom the buckets of addresses aren't for.
    public let unlimited: [AddressRange]
    /// Event streams that one session may read at once.
    public let streams: Int
    let headers: SecurityHeaders
    let limiter: RateLimiter

    public init(
        isSecure: Bool, hstsSeconds: Int = 0, hstsIncludesSubdomains: Bool = false, corsOrigins: Set<String> = [],
        hosts: Set<String> = [], proxies: TrustedProxies = TrustedProxies([], header: .xForwardedFor),
        rates: RateLimits = .standard, unlimited: [AddressRange] = [], streams: Int = 32,
        limiter: RateLimiter = RateLimiter()
    ) {
        self.isSecure = isSecure
        self.corsOrigins = corsOrigins
        self.hosts = hosts
        self.proxies = proxies
        self.rates = rates
        self.unlimited = unlimited
        self.streams = streams
        self.limiter = limiter
        headers = SecurityHeaders(hstsSeconds: hstsSeconds, hstsIncludesSubdomains: hstsIncludesSubdomains)
    }
}
