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
        let tag = "\"\(report.sha256)\""
        var headers: HTTPFields = [
            .contentType: "application/pdf", .eTag: tag, .acceptRanges: "bytes",
            .contentDisposition: ContentDisposition.attachment(report.fileName),
            .cacheControl: "private, no-cache",
        ]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        let bytes = try await blobs.read(.report(report.id), in: report.sessionID)
        switch ByteRange(request.headers[.range], size: bytes.count) {
        case .whole:
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(bytes.count)"
            return Response(
                status: .partialContent, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes[range])))
        case .unsatisfiable:
            var problem = Problem(.rangeNotSatisfiable, "The document has \(bytes.count) bytes.")
            problem.headers[.contentRange] = "bytes */\(bytes.count)"
            throw problem
        }
    }

    private func report(_ context: AppContext) async throws -> Report {
        let session = try context.session.id
        guard let report = try await studies.report(try context.identifier("report"), in: session) else {
            throw Fault.notFound
        }
        return report
    }
}

/// What a `Range` header asks for (RFC 9110, section 14.2). Several ranges, and whatever isn't understood, give the whole.
enum ByteRange: Equatable {
    case whole
    case part(ClosedRange<Int>)
    case unsatisfiable

    init(_ header: String?, size: Int) {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else {
            self = .whole
            return
        }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
            self = .whole
            return
        }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first...min(last, size - 1)) : .unsatisfiable
        case (let first?, nil) where ends[1].isEmpty:
            self = first < size ? .part(first...(size - 1)) : .unsatisfiable
        case (nil, let length?) where ends[0].isEmpty:
            self = length > 0 && size > 0 ? .part(max(0, size - length)...(size - 1)) : .unsatisfiable
        default:
            self = .whole
        }
    }
}
