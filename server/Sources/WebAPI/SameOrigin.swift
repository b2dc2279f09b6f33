import HTTPTypes
import Hummingbird
import Listener

extension HTTPField.Name {
    static let secFetchSite = Self("Sec-Fetch-Site")!
}

/// Refuses requests that change something and come from a page of another origin. A browser always says where such a
/// request comes from; a program that isn't a browser sends neither header and holds no cookie by accident.
struct SameOrigin: RouterMiddleware {
    let rules: WebRules

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        if !rules.hosts.isEmpty {
            guard let host = HostName(request.head.authority), rules.hosts.contains(host.name) else {
                throw Problem(.misdirectedRequest, "This server doesn't answer to that name.")
            }
        }
        // A browser adds no bearer token by itself, and beside one no cookie is read.
        if request.method.isUnsafe, !BearerToken.isUsed(by: request) {
            try check(request, isSecure: context.caller.isSecure ?? rules.isSecure)
        }
        return try await next(request, context)
    }

    private func check(_ request: Request, isSecure: Bool) throws {
        let origin = request.headers[.origin]
        if let origin, rules.corsOrigins.contains(origin) { return }
        let site = request.headers[.secFetchSite]
        if let site, site != "same-origin", site != "none" { throw Self.refusal }
        guard let origin else { return }
        guard let authority = request.head.authority else { throw Self.refusal }
        // A page that came by http may have been written by anybody on the way.
        guard origin == "https://\(authority)" || (!isSecure && origin == "http://\(authority)") else {
            throw Self.refusal
        }
    }

    private static let refusal = Problem(.crossSiteRequest, "Use the page of this server itself.")
}
