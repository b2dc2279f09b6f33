import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// Asking for reports, watching them being made, and giving out their documents.
struct ReportRoutes: Sendable {
    let press: ReportPress
    let archive: ReportArchive
    let board: ReportBoard
    let once: CreateOnce
    let audit: any Audit
    let downloads: DownloadLog

    /// A report that takes longer than this is answered with 202.
    private static let patience = Duration.milliseconds(300)

    func add(to api: RouterGroup<AppContext>) {
        api.post("reports", use: create)
        api.get("reports", use: list)
        api.get("reports/:report", use: show)
        api.delete("reports/:report", use: remove)
        api.post("reports/:report/cancel", use: cancel)
        api.get("reports/:report/events", use: events)
        api.get("reports/:report/document", use: document)
    }

    private struct NewReport: Decodable {
        var analysisId: String
        var audience: String
        var paper: String?
        var conversations: [String]?
        var nameInFileName: Bool?

        /// - Throws: ``ValidationFault`` that names each field that isn't right.
        func options() throws(ValidationFault) -> Report.Options {
            var faults: [FieldFault] = []
            func option<Value: RawRepresentable & CaseIterable>(_ text: String, _ field: String) -> Value?
            where Value.RawValue == String {
                if let value = Value(rawValue: text) { return value }
                let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
                faults.append(
                    FieldFault(pointer: "/\(field)", code: .notAnOption, detail: "This must be one of: \(allowed)."))
                return nil
            }
            let audience: Report.Audience? = option(audience, "audience")
            let paper: Report.Paper? = option(paper ?? Report.Paper.a4.rawValue, "paper")
            let chosen = (conversations ?? []).map { ConversationID($0) }
            for (number, id) in chosen.enumerated() where id == nil {
                faults.append(
                    FieldFault(
                        pointer: "/conversations/\(number)", code: .notAnOption,
                        detail: "There is no such conversation in this session."))
            }
            guard faults.isEmpty, let audience, let paper else { throw ValidationFault(faults) }
            return Report.Options(
                audience: audience, paper: paper, conversations: chosen.compactMap(\.self),
                namesFile: nameInFileName ?? false)
        }
    }

    private struct ListBody: Encodable {
        var reports: [ReportBody]
    }

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let new = try await JSON.decode(NewReport.self, from: request)
        let options = try new.options()
        guard let analysis = AnalysisID(new.analysisId) else { throw Fault.notFound }
        let fingerprint =
            "\(analysis) \(options.audience.rawValue) \(options.paper.rawValue) \(options.conversations) \(options.namesFile)"
        do {
            return try await once(request, fingerprint: fingerprint, in: session) {
                try await accepted(try await press.request(options, of: analysis, in: session))
            } again: { made in
                // One that failed doesn't count: another is made.
                guard let id: ReportID = made.identifier(), let report = try await press.report(id, in: session),
                    report.failure == nil
                else { return nil }
                return try await accepted(report)
            }
        } catch Fault.storageFull {
            return try await accepted(try await press.requestWithoutRoom(options, of: analysis, in: session))
        }
    }

    private func accepted(_ asked: Report) async throws -> Response {
        let report = try await press.settled(asked, within: Self.patience)
        // It stays, so that what can be had of it can be asked for.
        if let failure = report.failure {
            throw Fault.reportFailed(ReportFault(failure.part, available: failure.available, report: report.id))
        }
        return try await response(report, status: report.state == .ready ? .created : .accepted)
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        var bodies: [ReportBody] = []
        for report in try await press.reports(in: try context.session.id) { bodies.append(try await body(report)) }
        return try JSON.response(ListBody(reports: bodies))
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        try await response(try await report(context))
    }

    @Sendable private func remove(_ request: Request, context: AppContext) async throws -> Response {
        try await press.delete(try context.identifier("report"), in: try context.session.id)
        return Response(status: .noContent)
    }

    @Sendable private func cancel(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        return try await response(try await press.cancel(try context.identifier("report"), in: session))
    }

    private func report(_ context: AppContext) async throws -> Report {
        let session = try context.session.id
        guard let report = try await press.report(try context.identifier("report"), in: session) else {
            throw Fault.notFound
        }
        return report
    }

    private func body(_ report: Report) async throws -> ReportBody {
        ReportBody(
            report, live: board.current(report.id), formats: archive.formats,
            edition: try await archive.edition(of: report))
    }

    private func response(_ report: Report, status: HTTPResponse.Status = .ok) async throws -> Response {
        try JSON.response(
            try await body(report), status: status,
            headers: status == .ok ? [:] : [.location: "/api/v1/reports/\(report.id)"])
    }

    // MARK: - Documents

    /// `format` says as what, and `inline` that a browser may show it instead of saving it.
    @Sendable private func document(_ request: Request, context: AppContext) async throws -> Response {
        let report = try await report(context)
        let query = request.uri.queryParameters
        let name = query["format"].map(String.init) ?? Report.Format.pdf.rawValue
        guard let format = Report.Format(rawValue: name) else {
            let allowed = Report.Format.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.mistake(in: "format", "This must be one of: \(allowed).")
        }
        let isInline: Bool
        switch query["inline"].map({ $0.lowercased() }) {
        case nil, "0", "false": isInline = false
        case "", "1", "true": isInline = true
        default: throw Self.mistake(in: "inline", "This must be true or false.")
        }
        let copy = try await archive.copy(format, of: report)
        let response = try await FileResponse(
            contentType: format.mediaType, tag: "\"\(copy.document.sha256)\"", fileName: report.fileName(format),
            isInline: isInline
        ).answer(request) { copy.content }
        // Whichever part is asked for; parts of one download are one.
        let isGiven = response.status == .ok || response.status == .partialContent
        if isGiven, request.method == .get,
            downloads.isNew(
                "\(report.id) \(format.rawValue)", in: report.sessionID, isWhole: response.status == .ok)
        {
            audit.record(.reportDownloaded, on: "report:\(report.id) \(format.rawValue)", bytes: copy.document.bytes)
        }
        return response
    }

    private static func mistake(in parameter: String, _ detail: String) -> Problem {
        Problem(
            .badRequest, "The parameter “\(parameter)” is not right. \(detail)",
            faults: [FieldFault(pointer: "/query/\(parameter)", code: .notAnOption, detail: detail)])
    }

    // MARK: - Live state

    /// Server-sent events in the form of those of an analysis.
    @Sendable private func events(_ request: Request, context: AppContext) async throws -> Response {
        let last = request.headers[.lastEventID].flatMap { Int($0) }
        let watched = try await report(context)
        let stream = EventStream(on: context.channel, mostWaiting: 32, encode: Self.write)
        let watch = board.watch(watched, after: last, by: stream.watcher)
        // What ended between the two lines above isn't on the board any more.
        let present = try await report(context)
        guard present.state.isFinal else { return stream.response(holding: watch) }
        if let last, last >= present.revision { return Response(status: .noContent) }
        var event = ByteBuffer()
        try Self.write(ReportStatus(present), to: &event)
        return EventStreams.response(of: event)
    }

    @Sendable private static func write(_ status: ReportStatus, to buffer: inout ByteBuffer) throws {
        try buffer.writeEvent("state", id: status.revision, data: ReportStatusBody(status))
    }
}
