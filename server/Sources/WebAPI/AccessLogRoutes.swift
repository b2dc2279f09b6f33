import AuditTrail
import Domain
import Foundation
import Hummingbird
import Workflows

/// What was done with the record of this session, by whom, and when.
struct AccessLogRoutes: Sendable {
    let trail: AuditDatabase
    let writer: AuditWriter

    /// Most lines of one answer.
    private static let page = 200

    func add(to api: RouterGroup<AppContext>) {
        api.get("access-log", use: list)
    }

    struct Body: Encodable {
        var entries: [Entry]
        /// The number to ask for the entries before these with; nil where these are all.
        var before: Int?
    }

    struct Entry: Encodable {
        var number: Int
        var at: Date
        var actor: AuditActor.Kind
        var event: String
        var subject: String?
        var outcome: AuditOutcome
        var request: String?

        init(_ line: AuditLine) {
            number = line.number
            at = line.time
            actor = line.actor
            event = line.event
            subject = line.subject.isEmpty ? nil : line.subject
            outcome = line.outcome
            request = line.request.isEmpty ? nil : line.request
        }
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        var before: Int?
        if let text = request.uri.queryParameters["before"] {
            guard let number = Int(text), number > 0 else {
                throw Problem(.badRequest, "before is the number of an entry.")
            }
            before = number
        }
        // Who asks right after doing something finds it.
        await writer.flush()
        let lines = try await trail.lines(of: session, limit: Self.page, before: before)
        return try JSON.response(
            Body(entries: lines.map(Entry.init), before: lines.count == Self.page ? lines.last?.number : nil))
    }
}
