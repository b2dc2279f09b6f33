import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// Opening one record in need, and reading it. Nothing of it can be changed from here.
struct AdminRecordRoutes: Sendable {
    let breakGlass: BreakGlass
    let sessions: any SessionStore
    let studies: any StudyStore
    let reports: any ReportStore
    let watch: WatchAcuity
    let board: ProgressBoard
    let emergencyNumber: String

    func add(to admin: RouterGroup<AppContext>) {
        admin.post("records/:session/break-glass", use: open)
        admin.get("records/:session", use: show)
    }

    private struct Opening: Decodable {
        var reason: String
    }

    private struct GrantBody: Encodable {
        var grant: RecordGrantID
        var session: String
        var openedAt: Date
        var expiresAt: Date

        init(_ grant: RecordGrant) {
            self.grant = grant.id
            session = grant.session.pseudonym
            openedAt = grant.openedAt
            expiresAt = grant.expiresAt
        }
    }

    @Sendable private func open(_ request: Request, context: AppContext) async throws -> Response {
        let admitted = try context.operatorAdmitted
        let opening = try await JSON.decode(Opening.self, from: request)
        let grant = try await breakGlass(
            try context.sessionNamed, because: opening.reason, by: admitted.person, as: admitted.role)
        return try JSON.response(
            GrantBody(grant), status: .created,
            headers: [.location: "/admin/records/\(grant.session.pseudonym)?grant=\(grant.id)"])
    }

    // MARK: - Reading

    private struct RecordBody: Encodable {
        var grant: GrantBody
        var history: History
        var acuity: AcuityBody
        var pictures: [Picture]
        var analyses: [AnalysisBody]
        var readings: [Reading]
        var reports: [ReportLine]
    }

    private struct History: Encodable {
        var answers: Answers
        var updatedAt: Date?
    }

    private struct Picture: Encodable {
        var id: UploadID
        var format: PictureFormat
        var width: Int
        var height: Int
        var bytes: Int
        var createdAt: Date
    }

    private struct Reading: Encodable {
        var analysisId: AnalysisID
        var clinician: String
        var text: String
        var recordedAt: Date
        var isBlind: Bool
    }

    private struct ReportLine: Encodable {
        var id: ReportID
        var analysisId: AnalysisID
        var audience: Report.Audience
        var state: Report.State
        var createdAt: Date
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let person = try context.operatorAdmitted.person
        let asked = request.uri.queryParameters["grant"].flatMap { RecordGrantID($0) }
        // Without a session there is no grant either: the same answer, whichever is missing.
        guard let session = context.namedSession else { throw Fault.grantRequired }
        let grant = try await breakGlass.read(asked, of: session, by: person)
        let intake = try await sessions.intake(of: session)
        let analyses = try await studies.analyses(in: session)
        let withdrawals = try await WithdrawnModels(in: studies)
        var readings: [Reading] = []
        for analysis in analyses {
            guard let reading = try await studies.reading(of: analysis.id, in: session) else { continue }
            readings.append(
                Reading(
                    analysisId: analysis.id, clinician: reading.clinician, text: reading.text,
                    recordedAt: reading.recordedAt, isBlind: reading.isBlind))
        }
        let pictures = try await studies.uploads(in: session).map {
            Picture(
                id: $0.id, format: $0.inspection.format, width: $0.inspection.width, height: $0.inspection.height,
                bytes: $0.bytes, createdAt: $0.createdAt)
        }
        return try JSON.response(
            RecordBody(
                grant: GrantBody(grant),
                history: History(answers: intake?.answers ?? [:], updatedAt: intake?.updatedAt),
                acuity: AcuityBody(
                    try await watch.current(of: session), emergencyNumber: emergencyNumber,
                    isChild: try await watch.isAboutChild(session)),
                pictures: pictures,
                analyses: analyses.map { AnalysisBody($0, live: board.current($0.id), withdrawals: withdrawals) },
                readings: readings,
                reports: try await reports.reports(in: session).map {
                    ReportLine(
                        id: $0.id, analysisId: $0.analysisID, audience: $0.options.audience, state: $0.state,
                        createdAt: $0.createdAt)
                }))
    }
}
