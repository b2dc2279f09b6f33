import HTTPTypes
import Hummingbird
import Workflows

/// Finds the session that the cookie names.
struct FindSession: RouterMiddleware {
    let resume: ResumeSession
    let secure: Bool

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let token = SessionCookie.token(in: request, secure: secure) {
            context.foundSession = try await resume(
                tokenHash: SessionCookie.hash(token), isActive: request.method.isUnsafe)
        }
        return try await next(request, context)
    }
}
