import Domain
import HTTPTypes
import Hummingbird
import Synchronization
import Workflows

/// What a request turns out to be about, told by whoever takes it: some ids aren't in its path.
final class AuditSubject: Sendable {
    @TaskLocal static var current: AuditSubject?

    private let noted = Mutex<String?>(nil)

    var text: String? { noted.withLock { $0 } }

    static func note(_ text: String) { current?.noted.withLock { $0 = text } }
}

/// Records what is done to a record through the API: which address, by whom, and how it ended. Workflows that know more
/// record by themselves; of these addresses only what was refused or failed is recorded here.
///
/// A person reading their own record isn't recorded; every change is, everything that an operator changes, and whoever asks
/// for what isn't in their session.
struct AuditRequests: RouterMiddleware {
    let audit: any Audit
    let kind: AuditActor.Kind

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        let actor = AuditActor(
            kind, session: kind == .operator ? context.namedSession : context.foundSession?.id,
            request: context.requestID, name: context.admitted?.person.name, role: context.admitted?.role)
        let rule = request.method.isUnsafe ? rule(request.method, AdminRights.pattern(context.endpointPath)) : nil
        let subject = AuditSubject()
        return try await AuditActor.$current.withValue(actor) {
            do {
                let response = try await AuditSubject.$current.withValue(subject) { try await next(request, context) }
                if let rule { record(rule, response.status.code < 400 ? .done : .refused, subject, context) }
                return response
            } catch {
                let problem = Problem(error)
                if let rule {
                    record(rule, problem.code.status.code >= 500 ? .failed : .refused, subject, context)
                }
                if kind == .person, problem.code == .notFound, !problem.isOwn, context.foundSession != nil {
                    audit.record(.accessDenied, on: Self.identifier(context), outcome: .refused)
                }
                throw error
            }
        }
    }

    private func record(_ rule: Rule, _ outcome: AuditOutcome, _ subject: AuditSubject, _ context: AppContext) {
        guard let event = rule.event, outcome != .done || !rule.isRecordedByWorkflow else { return }
        audit.record(event, on: subject.text ?? Self.identifier(context) ?? rule.subject, outcome: outcome)
    }

    // MARK: - Which address is what

    private struct Rule {
        var event: AuditEvent?
        var isRecordedByWorkflow = false
        var subject: String?
    }

    private static let table: [(HTTPRequest.Method, String, AuditEvent, isRecordedByWorkflow: Bool)] = [
        (.post, "session/extend", .sessionExtended, false), (.post, "session/log-off", .sessionLoggedOff, false),
        (.delete, "session", .sessionErased, false),
        (.put, "intake", .historyChanged, false), (.patch, "intake", .historyChanged, false),
        (.patch, "context", .answersWithheld, false), (.post, "uploads", .pictureReceived, true),
        (.post, "uploads/tus", .pictureReceived, true),
        (.delete, "uploads/:upload", .pictureDeleted, false), (.post, "analyses", .analysisAsked, false),
        (.post, "analyses/:analysis/retry", .analysisAsked, false),
        (.post, "analyses/:analysis/cancel", .analysisCancelled, false),
        (.put, "analyses/:analysis/reading", .readingRecorded, true),
        (.post, "reports/:report/cancel", .reportCancelled, false),
        (.delete, "reports/:report", .reportDeleted, false),
        (.post, "sessions/:session/acuity", .urgencyLowered, false),
        (.post, "records/:session/break-glass", .recordOpened, true),
        (.put, "maintenance", .maintenanceBegun, true),
        (.post, "models/:model/:version/withdraw", .modelWithdrawn, true),
        (.post, "queue/pause", .queuePaused, true), (.post, "queue/resume", .queueResumed, true),
        (.post, "queue/drain", .queueDrained, true),
        (.post, "analyses/:analysis/requeue", .analysisRequeued, true),
    ]

    private func rule(_ method: HTTPRequest.Method, _ pattern: String) -> Rule? {
        let prefix = kind == .operator ? "admin/" : "api/v1/"
        if let known = Self.table.first(where: { $0.0 == method && pattern == prefix + $0.1 }) {
            return Rule(event: known.2, isRecordedByWorkflow: known.isRecordedByWorkflow)
        }
        // Whatever else operators can change.
        return kind == .operator && pattern.hasPrefix("admin/")
            ? Rule(event: .operatorActed, subject: "\(method.rawValue) \(pattern)") : nil
    }

    /// The first identifier of the path, by its name.
    private static func identifier(_ context: AppContext) -> String? {
        for name in ["upload", "reception", "analysis", "conversation", "report"] {
            // Only what is an identifier: the path is whatever somebody sent.
            if let text = context.parameters.get(name), let id = Identifier<Upload>(text) { return "\(name):\(id)" }
        }
        return nil
    }
}
