import HTTPTypes
import Hummingbird

/// A connection's tasks run on its event loop (``Listener``). This hands all requests to the threads that everybody shares,
/// but those that are known to be short: what takes long on a loop holds up all its connections.
struct LongWork: RouterMiddleware {
    /// What is found by its key, and event streams, which wait nearly all the time.
    private static let short: Set<String> = [
        "/health/live", "/api/v1/session", "/api/v1/limits", "/api/v1/uploads/{upload}", "/api/v1/analyses/{analysis}",
        "/api/v1/analyses/{analysis}/events", "/api/v1/reports/{report}/events",
    ]

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        if request.method == .get, let route = context.endpointPath, Self.short.contains(route) {
            return try await next(request, context)
        }
        return try await Self.away { try await next(request, context) }
    }

    /// Runs it on the threads that all tasks share, and comes back.
    static func away<Value>(_ work: () async throws -> Value) async throws -> Value {
        try await withTaskExecutorPreference(globalConcurrentExecutor, operation: work)
    }
}
