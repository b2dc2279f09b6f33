import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// Opening, asking, prolonging and erasing a session.
struct SessionRoutes: Sendable {
    let sessions: any SessionStore
    let open: OpenSession
    let erase: EraseSession
    let intake: SaveIntake
    let lifetime: SessionLifetime
    let secure: Bool
    let audit: any Audit
    let now: @Sendable () -> Date

    func add(to api: RouterGroup<AppContext>) {
        api.post("session", use: create)
        api.get("session", use: show)
        api.post("session/extend", use: extend)
        api.delete("session", use: remove)
    }

    private struct NewSession: Decodable {
        struct Consent: Decodable {
            var version: String
            var accepted: Bool
        }

        var consent: Consent?
    }

    struct Body: Encodable {
        var id: SessionID
        var createdAt: Date
        var idleExpiresAt: Date
        var absoluteExpiresAt: Date
        var consent: Consent
        var intakeComplete: Bool
        var uploads: Int
        var analyses: Int
        var reports: Int
    }

    private struct Receipt: Encodable {
        var receiptId: Identifier<ErasureReceipt>
        var erasedAt: Date
        var uploads: Int
        var analyses: Int
        var reports: Int
    }

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let consent = try await JSON.decode(NewSession.self, from: request).consent
        let token = SessionCookie.makeToken()
        let session = try await open(
            consentVersion: consent?.version, accepted: consent?.accepted ?? false,
            tokenHash: SessionCookie.hash(token))
        // Only now the request has a session.
        audit.add(
            AuditRecord(
                at: now(), actor: AuditActor(.person, session: session.id, request: context.requestID),
                event: .sessionOpened))
        var response = try JSON.response(try await body(session), status: .created)
        response.headers[.location] = "/api/v1/session"
        response.headers[.setCookie] = SessionCookie.set(token, secure: secure, seconds: Int(lifetime.absolute))
        return response
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(try await body(try context.session))
    }

    @Sendable private func extend(_ request: Request, context: AppContext) async throws -> Response {
        var session = try context.session
        session.lastSeenAt = now()
        try await sessions.touch(session.id, at: session.lastSeenAt)
        return try JSON.response(try await body(session))
    }

    @Sendable private func remove(_ request: Request, context: AppContext) async throws -> Response {
        let receipt = try await erase(try context.session.id)
        var response = try JSON.response(
            Receipt(
                receiptId: receipt.id, erasedAt: receipt.erasedAt, uploads: receipt.uploads,
                analyses: receipt.analyses, reports: receipt.reports))
        response.headers[.setCookie] = SessionCookie.set("", secure: secure, seconds: 0)
        return response
    }

    private func body(_ session: Session) async throws -> Body {
        let contents = try await sessions.contents(of: session.id)
        let answers = try await intake.current(of: session)
        return Body(
            id: session.id, createdAt: session.createdAt, idleExpiresAt: lifetime.idleExpiry(of: session),
            absoluteExpiresAt: lifetime.absoluteExpiry(of: session), consent: session.consent,
            intakeComplete: intake.review(answers).isComplete, uploads: contents.uploads,
            analyses: contents.analyses, reports: contents.reports)
    }
}
