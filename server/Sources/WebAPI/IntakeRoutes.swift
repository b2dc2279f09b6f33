import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// The history: its questions, its answers.
struct IntakeRoutes: Sendable {
    let save: SaveIntake

    func add(to api: RouterGroup<AppContext>) {
        api.get("intake/questionnaire", use: questionnaire)
        api.get("intake", use: show)
        api.put("intake", use: replace)
        api.patch("intake", use: merge)
    }

    private struct Replacement: Decodable {
        var answers: Answers
    }

    private struct Patch: Decodable {
        var answers: [String: Answer?]
    }

    private struct Body: Encodable {
        var answers: Answers
        var complete: Bool
        /// Questions that need an answer and have none.
        var missing: [String]
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
        try response(try await save.current(of: try context.session))
    }

    @Sendable private func replace(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let answers = try await JSON.decode(Replacement.self, from: request).answers
        return try response(try await save.replace(answers, of: session))
    }

    @Sendable private func merge(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let patch = try await JSON.decode(Patch.self, from: request).answers
        return try response(try await save.merge(patch, of: session))
    }

    private func response(_ intake: Intake) throws -> Response {
        let missing = save.missing(in: intake)
        return try JSON.response(
            Body(
                answers: intake.answers, complete: missing.isEmpty, missing: missing, revision: intake.revision,
                updatedAt: intake.updatedAt),
            headers: [.eTag: "\"\(intake.revision)\""])
    }
}
