import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// A clinician's own reading of a picture, and showing what is held back for it.
struct ReadingRoutes: Sendable {
    let studies: any StudyStore
    let record: RecordReading
    let board: ProgressBoard

    func add(to api: RouterGroup<AppContext>) {
        api.get("analyses/:analysis/reading", use: show)
        api.put("analyses/:analysis/reading", use: put)
        api.post("analyses/:analysis/reveal", use: reveal)
    }

    private struct NewReading: Decodable {
        var clinician: String
        var text: String
    }

    private struct Body: Encodable {
        var clinician: String
        var text: String
        var recordedAt: Date
        var isBlind: Bool

        init(_ reading: OwnReading) {
            clinician = reading.clinician
            text = reading.text
            recordedAt = reading.recordedAt
            isBlind = reading.isBlind
        }
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let id: AnalysisID = try context.identifier("analysis")
        guard let reading = try await studies.reading(of: id, in: session) else {
            var problem = Problem(Fault.notFound)
            problem.isOwn = try await studies.analysis(id, in: session) != nil
            throw problem
        }
        return try JSON.response(Body(reading))
    }

    @Sendable private func put(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let id: AnalysisID = try context.identifier("analysis")
        let new = try await JSON.decode(NewReading.self, from: request)
        let (reading, isFirst) = try await record(new.text, by: new.clinician, of: id, in: session)
        return try JSON.response(
            Body(reading), status: isFirst ? .created : .ok,
            headers: isFirst ? [.location: "/api/v1/analyses/\(id)/reading"] : [:])
    }

    @Sendable private func reveal(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let analysis = try await record.reveal(try context.identifier("analysis"), in: session)
        return try JSON.response(
            AnalysisBody(
                analysis, live: board.current(analysis.id), withdrawals: try await WithdrawnModels(in: studies)))
    }
}
