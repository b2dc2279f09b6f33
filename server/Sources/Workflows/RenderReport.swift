public import Domain
public import Foundation

/// Makes a report from a completed analysis and keeps it.
public struct RenderReport: Sendable {
    let sessions: any SessionStore
    let studies: any StudyStore
    let blobs: any BlobStore
    let engine: any PictureEngine
    let renderer: any ReportRenderer
    let limits: Limits
    let watch: WatchAcuity
    let describe: DescribeRecord
    let emergencyNumber: String
    let questionnaire: Questionnaire
    let now: @Sendable () -> Date

    public init(
        sessions: any SessionStore, studies: any StudyStore, blobs: any BlobStore, engine: any PictureEngine,
        renderer: any ReportRenderer, limits: Limits, watch: WatchAcuity,
        describe: DescribeRecord, emergencyNumber: String,
        questionnaire: Questionnaire = .intake,
        now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.studies = studies
        self.blobs = blobs
        self.engine = engine
        self.renderer = renderer
        self.limits = limits
        self.watch = watch
        self.describe = describe
        self.emergencyNumber = emergencyNumber
        self.questionnaire = questionnaire
        self.now = now
    }

    /// - Throws: ``Fault/notFound``, ``Fault/readingAwaited``, ``Fault/analysisNotCompleted``,
    ///   ``Fault/reportFailed(cause:)``.
    public func callAsFunction(
        of analysisID: AnalysisID, for audience: Report.Audience, in session: SessionID
    ) async throws(Fault) -> Report {
        guard let analysis = try await studies.analysis(analysisID, in: session),
            let upload = try await studies.upload(analysis.uploadID, in: session)
        else { throw .notFound }
        guard !analysis.awaitsReading else { throw .readingAwaited }
        guard let result = analysis.result else { throw .analysisNotCompleted }
        // Whole seconds, because that is how finely the document tells the time.
        let time = Date(timeIntervalSince1970: now().timeIntervalSince1970.rounded(.down))
        let answers = questionnaire.counting(try await sessions.intake(of: session)?.answers ?? [:])
        let acuity = try await watch.current(of: session)
        let withheld = try await sessions.notes(of: session).withheld
        let context = try await describe(of: session)
        let content = ReportContent(
            id: .make(at: time), options: .init(audience: audience), createdAt: time, questionnaire: questionnaire,
            answers: answers, acuity: acuity, emergencyNumber: emergencyNumber,
            withheld: questionnaire.questions.map(\.id).filter { withheld.contains($0) && answers[$0] != nil },
            upload: upload, analysis: analysis, result: result,
            preview: try await picture(of: upload, in: analysis),
            sources: ReportSources(of: result, picture: upload.sha256, context: context.markdown))
        let document: [UInt8]
        do {
            document = try await renderer.render(content, as: .pdf)
        } catch {
            throw .reportFailed(cause: error)
        }
        let digest = try await put(document, as: .report(content.id), in: session)
        let report = Report(
            id: content.id, sessionID: session, analysisID: analysis.id, audience: audience,
            fileName: Self.fileName(at: time, id: content.id), bytes: digest.bytes, sha256: digest.sha256,
            createdAt: time)
        do throws(Fault) {
            try await studies.insert(report)
        } catch {
            try? await blobs.delete([.report(content.id)], in: session)
            throw error
        }
        return report
    }

    private func put(
        _ document: [UInt8], as name: BlobName, in session: SessionID
    ) async throws(Fault) -> BlobDigest {
        let writer = try await blobs.begin(in: session)
        do throws(Fault) {
            try await writer.write(document)
            return try await writer.commit(as: name, with: [])
        } catch {
            await writer.abandon()
            throw error
        }
    }

    /// The picture as it was analysed.
    private func picture(of upload: Upload, in analysis: Analysis) async throws(Fault) -> [UInt8] {
        let edge = limits.previewEdges.last ?? 1600
        if analysis.frame == 0, analysis.adjustment == .none {
            return try await blobs.read(.preview(upload.id, edge: edge), in: upload.sessionID)
        }
        let file = try await blobs.open(.picture(upload.id), in: upload.sessionID)
        do throws(EngineFault) {
            return try await engine.render(
                file, limits: limits.picture, frame: analysis.frame, adjustment: analysis.adjustment, edge: edge)
        } catch {
            throw .reportFailed(cause: error)
        }
    }

    /// For example `lightbox-chest-x-ray-2026-11-23-3f2a91.pdf`: when, and something to tell two of one day apart. No
    /// name, because files travel further than people think.
    static func fileName(at time: Date, id: ReportID) -> String {
        let day = time.formatted(.iso8601.year().month().day().dateSeparator(.dash))
        return "lightbox-chest-x-ray-\(day)-\(id.description.suffix(6)).pdf"
    }
}
