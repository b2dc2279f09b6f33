import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Listener
import Metrics
import Workflows

extension HTTPField.Name {
    static let rateLimit = Self("RateLimit")!
    static let rateLimitPolicy = Self("RateLimit-Policy")!
}

/// Answers 429 to those who ask more often than they may, and tells everybody what is left
/// (draft-ietf-httpapi-ratelimit-headers-10).
///
/// There are two: that of addresses stands before the session is looked up, so that guessing one is limited too.
struct RateCheck: RouterMiddleware {
    enum Partition { case address, session }

    let by: Partition
    let rules: WebRules

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard !rules.rates.quotas.isEmpty else { return try await next(request, context) }
        let kind = RateLimits.kind(request.method, context.endpointPath ?? "")
        guard let (name, key, quota) = bucket(kind, context) else { return try await next(request, context) }
        let policy = "\"\(name)\";q=\(quota.requests);w=\(quota.seconds)"
        switch rules.limiter.take(key, quota) {
        case .allowed(let left, let seconds):
            let state = "\"\(name)\";r=\(left);t=\(seconds)"
            do {
                var response = try await next(request, context)
                Self.add(policy, state, to: &response.headers)
                return response
            } catch {
                var problem = Problem(error)
                Self.add(policy, state, to: &problem.headers)
                throw problem
            }
        case .refused(let seconds):
            Counter(label: "lightbox_rate_limited_total", dimensions: [("policy", name)]).increment()
            var problem = Problem(
                .tooManyRequests, "Try again in \(seconds) \(seconds == 1 ? "second" : "seconds"). Nothing was changed."
            )
            problem.violatedPolicies = [name]
            problem.headers[.retryAfter] = String(seconds)
            Self.add(policy, "\"\(name)\";r=0;t=\(seconds)", to: &problem.headers)
            throw problem
        }
    }

    private func bucket(
        _ kind: RateLimits.Kind, _ context: AppContext
    ) -> (name: String, RateLimiter.Key, RateLimits.Quota)? {
        guard let quotas = rules.rates.quotas[kind] else { return nil }
        let number = UInt8(RateLimits.Kind.allCases.firstIndex(of: kind) ?? 0)
        switch by {
        case .address:
            guard let address = context.caller.address, let quota = quotas.address else { return nil }
            // Whoever has no session can fill the log from anywhere.
            guard kind == .errors || !rules.unlimited.contains(where: { $0.contains(address) }) else { return nil }
            let customer = address.customer
            return (
                "\(kind.rawValue)-address", RateLimiter.Key(policy: number, high: customer.high, low: customer.low),
                quota
            )
        case .session:
            guard let session = context.foundSession, let quota = quotas.session else { return nil }
            let (high, low) = session.id.halves
            return (kind.rawValue, RateLimiter.Key(policy: 128 | number, high: high, low: low), quota)
        }
    }

    private static func add(_ policy: String, _ state: String, to headers: inout HTTPFields) {
        headers[.rateLimitPolicy] = headers[.rateLimitPolicy].map { "\(policy), \($0)" } ?? policy
        headers[.rateLimit] = headers[.rateLimit].map { "\(state), \($0)" } ?? state
    }
}

extension Identifier {
    fileprivate var halves: (UInt64, UInt64) {
        withUnsafeBytes(of: uuid.uuid) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }
}
