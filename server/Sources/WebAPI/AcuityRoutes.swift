import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// How urgent it is, and why.
struct AcuityRoutes: Sendable {
    let watch: WatchAcuity
    let emergencyNumber: String

    func add(to api: RouterGroup<AppContext>) {
        api.get("acuity", use: show)
        api.post("acuity/messages", use: hear)
    }

    private struct Message: Decodable {
        var text: String
    }

    /// Most characters of one message.
    private static let longestMessage = 4000

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        return try JSON.response(
            AcuityBody(
                try await watch.current(of: session), emergencyNumber: emergencyNumber,
                isChild: try await watch.isAboutChild(session)))
    }

    /// Hears a text for danger signs. It isn't kept.
    @Sendable private func hear(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let text = try await JSON.decode(Message.self, from: request).text
        guard text.count <= Self.longestMessage else {
            throw ValidationFault([
                FieldFault(
                    pointer: "/text", code: .tooLong, detail: "Enter at most \(Self.longestMessage) characters.")
            ])
        }
        let acuity = try await watch.hear(text, in: session).acuity
        return try JSON.response(
            AcuityBody(
                acuity, emergencyNumber: emergencyNumber, isChild: try await watch.isAboutChild(session)))
    }
}

/// For clinicians, on the operators' listener.
struct AcuityLoweringRoutes: Sendable {
    let watch: WatchAcuity
    let sessions: any SessionStore
    let emergencyNumber: String

    func add(to admin: RouterGroup<AppContext>) {
        admin.post("sessions/:session/acuity", use: lower)
    }

    private struct Lowering: Decodable {
        var level: AcuityLevel
        var reason: String
    }

    /// The name is that of the token: nobody lowers anything under another one's.
    @Sendable private func lower(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.sessionNamed
        let clinician = try context.operatorAdmitted.person.name
        let lowering = try await JSON.decode(Lowering.self, from: request)
        guard try await sessions.exists(session) else { throw Fault.notFound }
        let acuity = try await watch.lower(
            to: lowering.level, by: clinician, because: lowering.reason, in: session)
        return try JSON.response(
            AcuityBody(
                acuity, emergencyNumber: emergencyNumber, isChild: try await watch.isAboutChild(session)))
    }
}

/// The urgency as a client sees it.
struct AcuityBody: Encodable {
    var level: AcuityLevel
    /// Those that count, the heaviest first.
    var reasons: [AcuityReason]
    var advice: AcuityAdvice
    var emergencyNumber: String
    var raisedAt: Date?
    var lowering: Lowering?

    struct Lowering: Encodable {
        var level: AcuityLevel
        var clinician: String
        var reason: String
        var at: Date
    }

    /// - Parameter isChild: whether a child's warning signs are those to watch for.
    init(_ acuity: Acuity, emergencyNumber: String, isChild: Bool) {
        level = acuity.level
        reasons = acuity.standing
        advice = AcuityAdvice(for: acuity.level, emergencyNumber: emergencyNumber, isChild: isChild)
        self.emergencyNumber = emergencyNumber
        raisedAt = acuity.raisedAt
        lowering = acuity.lowering.map {
            Lowering(level: $0.level, clinician: $0.clinician, reason: $0.reason, at: $0.at)
        }
    }
}
