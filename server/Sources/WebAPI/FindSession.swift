import HTTPTypes
import Hummingbird
import Workflows

/// Finds the session that the cookie names, or the bearer token: one or the other, never both.
struct FindSession: RouterMiddleware {
    let resume: ResumeSession
    let secure: Bool

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let credential: Credential = BearerToken.isUsed(by: request) ? .bearer : .cookie
        let token =
            switch credential {
            case .bearer: BearerToken.token(in: request)
            case .cookie: SessionCookie.token(in: request, secure: secure)
            }
        if let token {
            context.foundSession = try await resume(
                tokenHash: credential.hash(token), isActive: request.method.isUnsafe)
        }
        return try await next(request, context)
    }
}
