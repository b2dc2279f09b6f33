import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// Making reports, and giving them out.
struct ReportRoutes: Sendable {
    let render: RenderReport
    let studies: any StudyStore
    let blobs: any BlobStore

    func add(to api: RouterGroup<AppContext>) {
        api.post("reports", use: create)
        api.get("reports", use: list)
        api.get("reports/:report", use: show)
        api.get("reports/:report/document", use: document)
    }

    private struct NewReport: Decodable {
        var analysisId: String
        var audience: Report.Audience
    }

    private struct Body: Encodable {
        var id: ReportID
        var analysisId: AnalysisID
        var audience: Report.Audience
        var createdAt: Date
        var fileName: String
        var bytes: Int
        var sha256: String
        var document: String

        init(_ report: Report) {
            id = report.id
            analysisId = report.analysisID
            audience = report.audience
            createdAt = report.createdAt
            fileName = report.fileName
            bytes = report.bytes
            sha256 = report.sha256
            document = "/api/v1/reports/\(report.id)/document?format=pdf"
        }
    }

    private struct ListBody: Encodable {
        var reports: [Body]
    }

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let new = try await JSON.decode(NewReport.self, from: request)
        guard let analysis = AnalysisID(new.analysisId) else { throw Fault.notFound }
        let report = try await render(of: analysis, for: new.audience, in: session)
        return try JSON.response(
            Body(report), status: .created, headers: [.location: "/api/v1/reports/\(report.id)"])
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let reports = try await studies.reports(in: try context.session.id)
        return try JSON.response(ListBody(reports: reports.map(Body.init)))
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(Body(try await report(context)))
    }

    @Sendable private func document(_ request: Request, context: AppContext) async throws -> Response {
        let report = try await report(context)
        let format = request.uri.queryParameters["format"] ?? "pdf"
        guard format == "pdf" else { throw Problem(.badRequest, "The format is pdf.") }
        return try await FileResponse(
            contentType: "application/pdf", tag: "\"\(report.sha256)\"", fileName: report.fileName
        ).answer(request) { try await blobs.open(.report(report.id), in: report.sessionID) }
    }

    private func report(_ context: AppContext) async throws -> Report {
        let session = try context.session.id
        guard let report = try await studies.report(try context.identifier("report"), in: session) else {
            throw Fault.notFound
        }
        return report
    }
}
