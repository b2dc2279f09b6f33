import HTTPTypes
import Hummingbird
import Workflows

/// While an operator works on the server, nothing new is begun: no session, no picture, no analysis. What was begun goes
/// on, and everything can be read, reported and erased.
struct DuringMaintenance: RouterMiddleware {
    let maintenance: MaintenanceSwitch

    private static let beginnings: Set<String> = [
        "api/v1/session", "api/v1/uploads", "api/v1/uploads/tus", "api/v1/analyses", "api/v1/analyses/:analysis/retry",
    ]

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        if let now = maintenance.current, request.method == .post,
            Self.beginnings.contains(AdminRights.pattern(context.endpointPath))
        {
            throw Problem(.maintenance, now.message)
        }
        return try await next(request, context)
    }
}
