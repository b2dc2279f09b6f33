import HTTPTypes
import Hummingbird

/// Lets pages of the origins that are listed use the API (the Fetch standard's CORS protocol). Without a list nothing is
/// said about it, so that browsers refuse.
struct CrossOrigin: RouterMiddleware {
    let origins: Set<String>

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard !origins.isEmpty else { return try await next(request, context) }
        let origin = request.headers[.origin].flatMap { origins.contains($0) ? $0 : nil }
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response: Response
        if isPreflight, let origin {
            response = Response(status: .noContent)
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlAllowCredentials] = "true"
            response.headers[.accessControlAllowMethods] = "GET, HEAD, POST, PUT, PATCH, DELETE"
            response.headers[.accessControlAllowHeaders] = Self.taken
            response.headers[.accessControlMaxAge] = "600"
        } else {
            do {
                response = try await next(request, context)
            } catch {
                // A page of another origin may read why it was refused, too.
                var problem = Problem(error)
                Self.allow(origin, in: &problem.headers)
                throw problem
            }
            Self.allow(origin, in: &response.headers)
        }
        Self.vary(in: &response.headers)
        return response
    }

    private static func allow(_ origin: String?, in headers: inout HTTPFields) {
        vary(in: &headers)
        guard let origin else { return }
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlAllowCredentials] = "true"
        headers[.accessControlExposeHeaders] = given
    }

    private static func vary(in headers: inout HTTPFields) {
        let present = headers[.vary].map { "\($0), " } ?? ""
        if headers[.vary]?.contains("Origin") != true { headers[.vary] = present + "Origin" }
    }

    private static let taken =
        "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, If-Match, Last-Event-ID, Range, "
        + "Tus-Resumable, Upload-Checksum, Upload-Length, Upload-Metadata, Upload-Offset, X-HTTP-Method-Override"
    private static let given =
        "Content-Disposition, Content-Range, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, "
        + "Tus-Resumable, Upload-Expires, Upload-Length, Upload-Offset, X-Request-Id"
}
