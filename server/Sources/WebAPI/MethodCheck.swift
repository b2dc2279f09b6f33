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
        // Those of the address itself, as the router does, and not of one that has a parameter in its place.
        let fitting = methods.filter { $0.pattern.matches(parts) }
        let fewest = fitting.map(\.pattern.parameterCount).min()
        var allowed = Set(fitting.filter { $0.pattern.parameterCount == fewest }.map(\.method))
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
        count == path.count && zip(self, path).allSatisfy { $0 == $1 || Self.isParameter($0) }
    }

    fileprivate var parameterCount: Int { count(where: Self.isParameter) }

    private static func isParameter(_ part: String) -> Bool { part.hasPrefix(":") || part.hasPrefix("{") }
}
