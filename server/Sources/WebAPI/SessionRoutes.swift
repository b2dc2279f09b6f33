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
        api.post("session/log-off", use: logOff)
        api.delete("session", use: remove)
    }

    private struct NewSession: Decodable {
        struct Consent: Decodable {
            var version: String
            var accepted: Bool
        }

        var consent: Consent?
        /// How the client will show that the session is its own; a cookie unless it says otherwise.
        var credential: Credential?
    }

    /// What a program gets: the session, and once its token.
    private struct Opened: Encodable {
        let session: Body
        let token: String

        private enum Key: CodingKey { case token, tokenType }

        func encode(to encoder: any Encoder) throws {
            try session.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(token, forKey: .token)
            try container.encode("Bearer", forKey: .tokenType)
        }
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
        var conversations: Int
        var messages: Int
        var readings: Int
        var receptions: Int
    }

    private struct Receipt: Encodable {
        var receiptId: Identifier<ErasureReceipt>
        var erasedAt: Date
        var uploads: Int
        var analyses: Int
        var reports: Int
        var conversations: Int
        var messages: Int
        var readings: Int
        var receptions: Int
        var logEmptied: Bool
    }

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let new = try await JSON.decode(NewSession.self, from: request)
        let consent = new.consent
        let credential = new.credential ?? .cookie
        // Always a new one, whatever the request brought: nobody can choose another's token beforehand.
        let token = SessionCookie.makeToken()
        let session = try await open(
            consentVersion: consent?.version, accepted: consent?.accepted ?? false,
            tokenHash: credential.hash(token))
        // Only now the request has a session.
        audit.add(
            AuditRecord(
                at: now(), actor: AuditActor(.person, session: session.id, request: context.requestID),
                event: .sessionOpened))
        let body = try await body(session)
        var response: Response
        switch credential {
        case .bearer: response = try JSON.response(Opened(session: body, token: token), status: .created)
        case .cookie:
            response = try JSON.response(body, status: .created)
            response.headers[.setCookie] = SessionCookie.set(token, secure: secure, seconds: Int(lifetime.absolute))
        }
        response.headers[.location] = "/api/v1/session"
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
        let (receipt, isLogEmpty) = try await erase(try context.session.id)
        let contents = receipt.contents
        var response = try JSON.response(
            Receipt(
                receiptId: receipt.id, erasedAt: receipt.erasedAt, uploads: contents.uploads,
                analyses: contents.analyses, reports: contents.reports, conversations: contents.conversations,
                messages: contents.messages, readings: contents.readings, receptions: contents.receptions,
                logEmptied: isLogEmpty))
        forgetCookie(request, &response)
        return response
    }

    /// Ends the session at once, for every tab and program that holds its token. What is in it is erased right after,
    /// because nobody could come back to it; who wants to wait for that and have a receipt erases.
    @Sendable private func logOff(_ request: Request, context: AppContext) async throws -> Response {
        try await erase.logOff(try context.session.id)
        var response = Response(status: .noContent)
        forgetCookie(request, &response)
        return response
    }

    private func forgetCookie(_ request: Request, _ response: inout Response) {
        guard !BearerToken.isUsed(by: request) else { return }
        response.headers[.setCookie] = SessionCookie.set("", secure: secure, seconds: 0)
    }

    private func body(_ session: Session) async throws -> Body {
        let contents = try await sessions.contents(of: session.id)
        let answers = try await intake.current(of: session)
        return Body(
            id: session.id, createdAt: session.createdAt, idleExpiresAt: lifetime.idleExpiry(of: session),
            absoluteExpiresAt: lifetime.absoluteExpiry(of: session), consent: session.consent,
            intakeComplete: intake.review(answers).isComplete, uploads: contents.uploads,
            analyses: contents.analyses, reports: contents.reports, conversations: contents.conversations,
            messages: contents.messages, readings: contents.readings, receptions: contents.receptions)
    }
}
