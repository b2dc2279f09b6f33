import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// Asking for an analysis, watching it, and reading what it found.
struct AnalysisRoutes: Sendable {
    let studies: any StudyStore
    let engine: any PictureEngine
    let queue: AnalysisQueue
    let identity: CheckIdentity
    let board: ProgressBoard
    let once: CreateOnce
    let audit: any Audit

    func add(to api: RouterGroup<AppContext>) {
        api.post("analyses", use: create)
        api.get("analyses", use: list)
        api.get("analyses/:analysis", use: show)
        api.post("analyses/:analysis/retry", use: retry)
        api.post("analyses/:analysis/cancel", use: cancel)
        api.get("analyses/:analysis/events", use: events)
        api.get("analyses/:analysis/heatmaps/:finding", use: heatMap)
    }

    private struct NewAnalysis: Decodable {
        var uploadId: String
        /// Counted from 0.
        var frame: Int?
        var adjustment: PictureAdjustment?
        /// The differences between history and file that somebody has looked at.
        var confirmedDifferences: [IdentityCheck.Field]?
        /// Whether findings are held back until somebody's own reading is recorded.
        var blindFirst: Bool?
    }

    private struct ListBody: Encodable {
        var analyses: [AnalysisBody]
    }

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let new = try await JSON.decode(NewAnalysis.self, from: request)
        guard let id = UploadID(new.uploadId), let upload = try await studies.upload(id, in: session) else {
            throw Fault.notFound
        }
        AuditSubject.note("upload:\(id)")
        let frame = new.frame ?? 0
        guard (0..<upload.inspection.frames).contains(frame) else {
            throw Problem(
                .validationFailed, "The file has \(upload.inspection.frames) picture(s).",
                faults: [
                    FieldFault(
                        pointer: "/frame", code: .outOfRange,
                        detail: "This must be from 0 to \(upload.inspection.frames - 1).")
                ])
        }
        let adjustment = new.adjustment ?? .none
        let confirmed = new.confirmedDifferences ?? []
        let isBlindFirst = new.blindFirst ?? false
        try await identity.require(confirmed, of: upload)
        return try await once(
            request,
            fingerprint: "\(id) \(frame) \(adjustment) \(confirmed.map(\.rawValue).sorted())"
                + (isBlindFirst ? " blind" : ""),
            in: session
        ) {
            let analysis = try await queue.request(
                of: upload, frame: frame, adjustment: adjustment, confirmed: confirmed, isBlindFirst: isBlindFirst)
            AuditSubject.note("analysis:\(analysis.id)")
            if adjustment != .none {
                audit.record(.pictureAdjusted, on: "upload:\(id) \(adjustment)", bytes: upload.bytes)
            }
            return try await response(analysis, status: .accepted)
        } again: {
            try await accepted($0, in: session)
        }
    }

    /// What was accepted before, as it is now.
    private func accepted(_ made: Made, in session: SessionID) async throws -> Response? {
        guard let id: AnalysisID = made.identifier(), let analysis = try await studies.analysis(id, in: session) else {
            return nil
        }
        return try await response(analysis, status: .accepted)
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let analyses = try await studies.analyses(in: try context.session.id)
        let withdrawals = try await WithdrawnModels(in: studies)
        return try JSON.response(
            ListBody(
                analyses: analyses.map { AnalysisBody($0, live: board.current($0.id), withdrawals: withdrawals) }))
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        try await response(try await analysis(context))
    }

    @Sendable private func retry(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let id: AnalysisID = try context.identifier("analysis")
        return try await once(request, fingerprint: "retry", in: session) {
            try await response(try await queue.retry(id, in: session), status: .accepted)
        } again: {
            try await accepted($0, in: session)
        }
    }

    @Sendable private func cancel(_ request: Request, context: AppContext) async throws -> Response {
        try await response(try await queue.cancel(try context.identifier("analysis"), in: try context.session.id))
    }

    /// The longest edge of a heat map in pixels; the page enlarges it smoothly.
    private static let heatMapEdge = 384

    /// Drawn when somebody looks at it: most are never looked at, and an analysis that draws them all takes several times as
    /// long.
    @Sendable private func heatMap(_ request: Request, context: AppContext) async throws -> Response {
        let analysis = try await analysis(context)
        // Whatever finding it is, so that the answer doesn't tell which there are.
        guard !analysis.awaitsReading else { throw Fault.readingAwaited }
        guard let result = analysis.result,
            let finding = result.findings.first(where: { $0.id == context.parameters.get("finding") }),
            let activation = finding.activation
        else { throw Fault.notFound }
        return try await FileResponse(
            contentType: "image/png", tag: "\"\(analysis.id).\(analysis.attempt).\(finding.id)\""
        ).answer(request) {
            MadeBytes(
                try await EngineWork.carryOut { () throws(EngineFault) in
                    try await engine.heatMap(
                        activation, width: result.quality.width, height: result.quality.height,
                        longestEdge: Self.heatMapEdge)
                })
        }
    }

    private func analysis(_ context: AppContext) async throws -> Analysis {
        let session = try context.session.id
        guard let analysis = try await studies.analysis(try context.identifier("analysis"), in: session) else {
            throw Fault.notFound
        }
        return analysis
    }

    private func response(_ analysis: Analysis, status: HTTPResponse.Status = .ok) async throws -> Response {
        try JSON.response(
            AnalysisBody(
                analysis, live: board.current(analysis.id), withdrawals: try await WithdrawnModels(in: studies)),
            status: status,
            headers: status == .accepted ? [.location: "/api/v1/analyses/\(analysis.id)"] : [:])
    }

    // MARK: - Live state

    /// Server-sent events (HTML standard, section 9.2). Each one is the full state, so that a reader can miss some;
    /// `Last-Event-ID` resumes. After the end the stream closes, and a reader who comes back then gets 204, which tells
    /// an `EventSource` to stop.
    @Sendable private func events(_ request: Request, context: AppContext) async throws -> Response {
        let last = request.headers[.lastEventID].flatMap { Int($0) }
        let watched = try await analysis(context)
        let stream = EventStream(on: context.channel, mostWaiting: 32, encode: Self.write)
        let watch = board.watch(watched, after: last, by: stream.watcher)
        // What ended between the two lines above isn't on the board any more.
        let present = try await analysis(context)
        guard present.state.isFinal else { return stream.response(holding: watch) }
        if let last, last >= present.revision { return Response(status: .noContent) }
        var event = ByteBuffer()
        Self.write(AnalysisProgress(present), to: &event)
        return EventStreams.response(of: event)
    }

    @Sendable private static func write(_ progress: AnalysisProgress, to buffer: inout ByteBuffer) {
        buffer.writeEvent("state", id: progress.revision) { ProgressBody(progress).write(to: &$0) }
    }
}
