import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// The history: its questions, its answers.
struct IntakeRoutes: Sendable {
    let save: SaveIntake
    let watch: WatchAcuity
    let emergencyNumber: String

    func add(to api: RouterGroup<AppContext>) {
        api.get("intake/questionnaire", use: questionnaire)
        api.get("intake", use: show)
        api.get("intake/questionnaire-response", use: resource)
        api.put("intake", use: replace)
        api.patch("intake", use: merge)
    }

    private struct Replacement: Decodable {
        var answers: Answers
    }

    private struct Patch: Decodable {
        var answers: [String: Answer?]
        /// Questions whose text is still being typed.
        var drafts: [String]?
    }

    private struct Body: Encodable {
        var answers: Answers
        var complete: Bool
        /// Questions that need an answer and have none, as `age` or `medication/0/name`.
        var missing: [String]
        /// Answers that can't be true together.
        var contradictions: [FieldFault]
        /// Packs of twenty a day, times years: computed.
        var packYears: Double?
        /// How urgent it is, with what was told just now.
        var acuity: AcuityBody
        var revision: Int
        var updatedAt: Date
    }

    @Sendable private func questionnaire(_ request: Request, context: AppContext) async throws -> Response {
        var response = try JSON.response(FHIRQuestionnaire(save.questionnaire))
        response.headers[.contentType] = "application/fhir+json; charset=utf-8"
        response.headers[.cacheControl] = "no-cache"
        return response
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session
        return try await response(try await save.current(of: session), in: session.id)
    }

    /// The answers as FHIR.
    @Sendable private func resource(_ request: Request, context: AppContext) async throws -> Response {
        let intake = try await save.current(of: try context.session)
        let resource = FHIRQuestionnaireResponse(
            save.questionnaire, answers: intake.answers, isComplete: save.review(intake).isComplete,
            authored: intake.updatedAt.formatted(.iso8601))
        var response = try JSON.response(resource, headers: [.eTag: "\"\(intake.revision)\""])
        response.headers[.contentType] = "application/fhir+json; charset=utf-8"
        return response
    }

    @Sendable private func replace(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let revision = try Self.revision(of: request)
        let answers = try await JSON.decode(Replacement.self, from: request).answers
        return try await response(try await save.replace(answers, of: session, revision: revision), in: session)
    }

    @Sendable private func merge(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let revision = try Self.revision(of: request)
        let patch = try await JSON.decode(Patch.self, from: request)
        return try await response(
            try await save.merge(
                patch.answers, of: session, revision: revision, drafts: Set(patch.drafts ?? [])), in: session)
    }

    /// The revision that If-Match names; nil if any will do.
    private static func revision(of request: Request) throws -> Int? {
        guard let header = request.headers[.ifMatch], header != "*" else { return nil }
        let tag = header.trimmingCharacters(in: .whitespaces)
        guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\""), let revision = Int(tag.dropFirst().dropLast())
        else { throw Problem(.badRequest, "If-Match must hold one entity tag, as GET /intake gives it.") }
        return revision
    }

    private func response(_ intake: Intake, in session: SessionID) async throws -> Response {
        let review = save.review(intake)
        let acuity = try await watch.current(of: session)
        return try JSON.response(
            Body(
                answers: intake.answers, complete: review.isComplete, missing: review.missing,
                contradictions: review.contradictions, packYears: review.packYears,
                acuity: AcuityBody(
                    acuity, emergencyNumber: emergencyNumber, isChild: try await watch.isAboutChild(session)),
                revision: intake.revision, updatedAt: intake.updatedAt),
            headers: [.eTag: "\"\(intake.revision)\""])
    }
}
