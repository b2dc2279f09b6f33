import AuditTrail
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// Who one is, which sessions there are, and what was done: on the operators' listener. Nothing of it is out of a record.
struct AdminRoutes: Sendable {
    let desk: OperatorDesk
    let trail: AuditDatabase
    let writer: AuditWriter
    let lifetime: SessionLifetime
    let audit: any Audit

    private static let page = 100

    func add(to admin: RouterGroup<AppContext>) {
        admin.get("me", use: me)
        admin.get("sessions", use: sessions)
        admin.get("audit", use: search)
        admin.get("maintenance", use: showMaintenance)
        admin.put("maintenance", use: setMaintenance)
    }

    private struct MeBody: Encodable {
        var name: String
        var roles: [Operator.Role]
        var proof: Operator.Proof
        var expiresAt: Date?
    }

    @Sendable private func me(_ request: Request, context: AppContext) async throws -> Response {
        let person = try context.operatorAdmitted.person
        return try JSON.response(
            MeBody(
                name: person.name, roles: Operator.Role.allCases.filter(person.roles.contains), proof: person.proof,
                expiresAt: person.expiresAt))
    }

    // MARK: - Sessions

    private struct SessionsBody: Encodable {
        struct Item: Encodable {
            var session: String
            var createdAt: Date
            var lastSeenAt: Date
            var expiresAt: Date
            var uploads: Int
            var analyses: Int
            var reports: Int
            var conversations: Int
        }

        var sessions: [Item]
        /// What to ask with as `after` for those that follow; nil at the end.
        var next: String?
    }

    @Sendable private func sessions(_ request: Request, context: AppContext) async throws -> Response {
        let after = request.uri.queryParameters["after"].map(String.init)
        if let after, !isPseudonym(after) { throw Self.mistake("after", "the name of a session") }
        let found = try await desk.store.sessions(limit: Self.page, after: after)
        return try JSON.response(
            SessionsBody(
                sessions: found.map { found in
                    let idle = found.lastSeenAt.addingTimeInterval(lifetime.idle)
                    return SessionsBody.Item(
                        session: found.pseudonym, createdAt: found.createdAt, lastSeenAt: found.lastSeenAt,
                        expiresAt: min(idle, found.createdAt.addingTimeInterval(lifetime.absolute)),
                        uploads: found.uploads, analyses: found.analyses, reports: found.reports,
                        conversations: found.conversations)
                }, next: found.count == Self.page ? found.last?.pseudonym : nil))
    }

    // MARK: - The trail

    private struct SearchBody: Encodable {
        var lines: [Line]
        /// What to ask with as `after` for older ones; nil at the end.
        var next: Int?
    }

    private struct Line: Encodable {
        var number: Int
        var at: Date
        var actor: AuditActor.Kind
        var name: String?
        var role: String?
        var session: String?
        var action: String
        var subject: String?
        var outcome: AuditOutcome
        var request: String?
        var bytes: Int?

        init(_ line: AuditLine) {
            func some(_ text: String) -> String? { text.isEmpty ? nil : text }
            number = line.number
            at = line.time
            actor = line.actor
            name = some(line.name)
            role = some(line.role)
            session = some(line.session)
            action = line.event
            subject = some(line.subject)
            outcome = line.outcome
            request = some(line.request)
            bytes = line.bytes
        }
    }

    @Sendable private func search(_ request: Request, context: AppContext) async throws -> Response {
        let query = request.uri.queryParameters
        var search = AuditDatabase.Search(limit: Self.page)
        if let text = query["session"] {
            guard let name = SessionID(text)?.pseudonym ?? (isPseudonym(text) ? String(text) : nil) else {
                throw Self.mistake("session", "the name of a session, 24 digits, or its id")
            }
            search.session = name
        }
        if let text = query["action"] {
            guard let event = AuditEvent(rawValue: String(text)) else { throw Self.mistake("action", "a known action") }
            search.event = event
        }
        search.from = try Self.time("from", query["from"])
        search.to = try Self.time("to", query["to"])
        if let text = query["after"] {
            guard let number = Int(text), number > 0 else { throw Self.mistake("after", "the number of a line") }
            search.after = number
        }
        await writer.flush()
        let lines = try await trail.lines(search)
        audit.record(.trailSearched)
        return try JSON.response(
            SearchBody(lines: lines.map(Line.init), next: lines.count == Self.page ? lines.last?.number : nil))
    }

    private static func time(_ name: String, _ text: Substring?) throws -> Date? {
        guard let text else { return nil }
        for fractional in [false, true] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractional)
            if let date = try? style.parse(String(text)) { return date }
        }
        throw mistake(name, "a time as 2026-11-28T15:00:00Z")
    }

    private static func mistake(_ parameter: String, _ expected: String) -> Problem {
        Problem(
            .badRequest, "“\(parameter)” is \(expected).",
            faults: [
                FieldFault(pointer: "/query/\(parameter)", code: .notReadable, detail: "This must be \(expected).")
            ])
    }

    // MARK: - Maintenance

    private struct NewMaintenance: Decodable {
        var on: Bool
        var message: String?
    }

    struct MaintenanceBody: Encodable {
        var on: Bool
        var message: String?
        var since: Date?

        init(_ maintenance: Maintenance?) {
            on = maintenance != nil
            message = maintenance?.message
            since = maintenance?.since
        }
    }

    @Sendable private func showMaintenance(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(MaintenanceBody(desk.maintenance.current))
    }

    @Sendable private func setMaintenance(_ request: Request, context: AppContext) async throws -> Response {
        let new = try await JSON.decode(NewMaintenance.self, from: request)
        guard new.on else {
            try await desk.maintenance.turnOff()
            return try JSON.response(MaintenanceBody(nil))
        }
        return try JSON.response(MaintenanceBody(try await desk.maintenance.turnOn(telling: new.message ?? "")))
    }
}
