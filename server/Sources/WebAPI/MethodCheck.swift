import HTTPTypes
public import Hummingbird

/// Answers 405 with `Allow` (RFC 9110, section 15.5.6) where an address exists, but not for this method.
public struct MethodCheck: HTTPResponder {
    private let inner: RouterResponder<AppContext>
    private let methods: [(pattern: [String], method: HTTPRequest.Method)]

    init(router: Router<AppContext>) {
        methods = router.routes.map { route in
            (route.path.description.split(separator: "/").map(String.init), route.method)
        }
        inner = router.buildResponder()
    }

    public func respond(to request: Request, context: AppContext) async throws -> Response {
        let response = try await inner.respond(to: request, context: context)
        guard response.status == .notFound, context.endpointPath == "NotFound" else { return response }
        let parts = request.uri.path.split(separator: "/").map(String.init)
        var allowed = Set(methods.filter { $0.pattern.matches(parts) }.map(\.method))
        if allowed.contains(.get) { allowed.insert(.head) }  // as the router does
        guard !allowed.isEmpty, !allowed.contains(request.method) else { return response }
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        var problem = Problem(.methodNotAllowed, "This address takes \(names).")
        problem.headers[.allow] = names
        let id = response.headers[.requestID] ?? ""
        var answer = problem.response(requestID: id)
        for field in response.headers where answer.headers[field.name] == nil && field.name != .contentLength {
            answer.headers.append(field)
        }
        return answer
    }
}

extension [String] {
    /// Whether a path fits a route's pattern of fixed parts and `:parameters`.
    fileprivate func matches(_ path: [String]) -> Bool {
        count == path.count && zip(self, path).allSatisfy { $0 == $1 || $0.hasPrefix(":") || $0.hasPrefix("{") }
    }
}
