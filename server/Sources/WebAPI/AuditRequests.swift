import Domain
import HTTPTypes
import Hummingbird
import Workflows

/// Records what is done to a record through the API: which address, by whom, and how it ended. Workflows that know more
/// record by themselves; those addresses aren't in the table.
///
/// A person reading their own record isn't recorded; every change is, and everything that an operator does.
struct AuditRequests: RouterMiddleware {
    let audit: any Audit
    let kind: AuditActor.Kind

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        let named: SessionID? = kind == .operator ? context.parameters.get("session").flatMap { SessionID($0) } : nil
        let actor = AuditActor(kind, session: context.foundSession?.id ?? named, request: context.requestID)
        return try await AuditActor.$current.withValue(actor) {
            guard request.method.isUnsafe, let event = Self.event(request.method, context.endpointPath ?? "") else {
                return try await next(request, context)
            }
            let subject = Self.subject(context)
            do {
                let response = try await next(request, context)
                audit.record(event, on: subject, outcome: response.status.code < 400 ? .done : .refused)
                return response
            } catch {
                let isFault = Problem(error).code.status.code >= 500
                audit.record(event, on: subject, outcome: isFault ? .failed : .refused)
                throw error
            }
        }
    }

    private static let table: [(HTTPRequest.Method, String, AuditEvent)] = [
        (.post, "session/extend", .sessionExtended), (.post, "session/log-off", .sessionLoggedOff),
        (.delete, "session", .sessionErased),
        (.put, "intake", .historyChanged), (.patch, "intake", .historyChanged),
        (.patch, "context", .answersWithheld), (.post, "uploads", .pictureReceived),
        (.delete, "uploads/:upload", .pictureDeleted), (.post, "analyses", .analysisAsked),
        (.post, "analyses/:analysis/retry", .analysisAsked),
        (.post, "analyses/:analysis/cancel", .analysisCancelled),
        (.post, "sessions/:session/acuity", .urgencyLowered),
    ]

    static func event(_ method: HTTPRequest.Method, _ path: String) -> AuditEvent? {
        let pattern = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? ":" + part.dropFirst().dropLast() : String(part)
        }.joined(separator: "/")
        return table.first { $0.0 == method && (pattern == "api/v1/" + $0.1 || pattern == "admin/" + $0.1) }?.2
    }

    /// The first identifier of the path, by its name.
    private static func subject(_ context: AppContext) -> String? {
        for name in ["upload", "analysis", "conversation", "report"] {
            // Only what is an identifier: the path is whatever somebody sent.
            if let text = context.parameters.get(name), let id = Identifier<Upload>(text) { return "\(name):\(id)" }
        }
        return nil
    }
}
