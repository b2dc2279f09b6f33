import HTTPTypes
import Hummingbird

/// Lets only those pass who have the operator's token (RFC 6750). Without one configured the addresses behind it are shut.
struct OperatorToken: RouterMiddleware {
    let token: String?

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard let token, let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer "),
            Self.isSame(Array(header.dropFirst(7).utf8), Array(token.utf8))
        else {
            throw Problem(.operatorTokenRequired, "Send the operator's token as “Authorization: Bearer …”.")
        }
        return try await next(request, context)
    }

    /// In a time that doesn't tell where the first difference is.
    private static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
