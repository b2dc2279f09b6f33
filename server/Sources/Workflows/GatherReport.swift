public import Domain
public import Foundation

/// Judges whether a report can be made, and gathers what it says.
public struct GatherReport: Sendable {
    let sessions: any SessionStore
    let studies: any StudyStore
    let conversations: any ConversationStore
    let blobs: any BlobStore
    let engine: any PictureEngine
    let limits: Limits
    let watch: WatchAcuity
    let describe: DescribeRecord
    let emergencyNumber: String
    /// Who answers for this installation.
    let responsible: String
    let questionnaire: Questionnaire
    let now: @Sendable () -> Date

    /// So many conversations one report prints.
    public static let mostConversations = 10

    public init(
        sessions: any SessionStore, studies: any StudyStore, conversations: any ConversationStore,
        blobs: any BlobStore, engine: any PictureEngine, limits: Limits, watch: WatchAcuity,
        describe: DescribeRecord, emergencyNumber: String, responsible: String,
        questionnaire: Questionnaire = .intake, now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.studies = studies
        self.conversations = conversations
        self.blobs = blobs
        self.engine = engine
        self.limits = limits
        self.watch = watch
        self.describe = describe
        self.emergencyNumber = emergencyNumber
        self.responsible = responsible
        self.questionnaire = questionnaire
        self.now = now
    }

    /// A new report that waits to be made.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/readingAwaited``, ``Fault/analysisNotCompleted``, ``Fault/validation(_:)``.
    func accept(
        _ options: Report.Options, of analysisID: AnalysisID, in session: SessionID
    ) async throws(Fault) -> Report {
        guard let analysis = try await studies.analysis(analysisID, in: session) else { throw .notFound }
        guard !analysis.awaitsReading else { throw .readingAwaited }
        guard analysis.result != nil else { throw .analysisNotCompleted }
        try await check(options.conversations, in: session)
        // Whole seconds, because that is how finely the documents tell the time.
        let time = Date(timeIntervalSince1970: now().timeIntervalSince1970.rounded(.down))
        let id = ReportID.make(at: time)
        var pseudonym: String?
        if options.namesFile, case .text(let name)? = try await sessions.intake(of: session)?.answers["pseudonym"] {
            pseudonym = name
        }
        return Report(
            id: id, sessionID: session, analysisID: analysisID, options: options,
            fileStem: ReportFileName.stem(at: time, for: options.audience, id: id, pseudonym: pseudonym),
            createdAt: time, updatedAt: time)
    }

    private func check(_ chosen: [ConversationID], in session: SessionID) async throws(Fault) {
        guard chosen.count <= Self.mostConversations else {
            throw .validation(
                ValidationFault([
                    FieldFault(
                        pointer: "/conversations", code: .tooMany,
                        detail: "A report prints at most \(Self.mostConversations) conversations.")
                ]))
        }
        var faults: [FieldFault] = []
        for (number, id) in chosen.enumerated() {
            let pointer = "/conversations/\(number)"
            if chosen[..<number].contains(id) {
                faults.append(
                    FieldFault(pointer: pointer, code: .contradiction, detail: "This conversation is named twice."))
            } else if try await conversations.conversation(id, in: session) == nil {
                faults.append(
                    FieldFault(
                        pointer: pointer, code: .notAnOption,
                        detail: "There is no such conversation in this session."))
            }
        }
        if !faults.isEmpty { throw .validation(ValidationFault(faults)) }
    }

    /// All that the report says, but for the picture.
    ///
    /// - Throws: ``Fault/notFound`` if the analysis is gone.
    func content(of report: Report) async throws(Fault) -> ReportContent {
        let session = report.sessionID
        let analyses = try await studies.analyses(in: session)
        let uploads = try await studies.uploads(in: session)
        guard let analysis = analyses.first(where: { $0.id == report.analysisID }), let result = analysis.result,
            let upload = uploads.first(where: { $0.id == analysis.uploadID })
        else { throw .notFound }
        let answers = questionnaire.counting(try await sessions.intake(of: session)?.answers ?? [:])
        let withheld = try await sessions.notes(of: session).withheld
        return ReportContent(
            id: report.id, options: report.options, createdAt: report.createdAt, questionnaire: questionnaire,
            answers: answers, acuity: try await watch.current(of: session), emergencyNumber: emergencyNumber,
            withheld: questionnaire.questions.map(\.id).filter { withheld.contains($0) && answers[$0] != nil },
            upload: upload, analysis: analysis, result: result,
            earlier: EarlierStudy.all(before: upload, of: uploads, analyses),
            reading: try await studies.reading(of: analysis.id, in: session),
            conversations: try await printed(report.options.conversations, in: session),
            withdrawal: try await withdrawal(of: result.model), responsible: responsible, preview: [],
            sources: ReportSources(
                of: result, picture: upload.sha256, context: try await describe(of: session).markdown))
    }

    /// As of now: it decides which edition is given out.
    func withdrawal(of model: AnalysisResult.Model) async throws(Fault) -> ModelWithdrawal? {
        try await studies.withdrawal(of: model.id, version: model.version)
    }

    /// One that was deleted since it was chosen isn't printed.
    private func printed(
        _ chosen: [ConversationID], in session: SessionID
    ) async throws(Fault) -> [ReportedConversation] {
        var printed: [ReportedConversation] = []
        for id in chosen {
            guard let conversation = try await conversations.conversation(id, in: session) else { continue }
            printed.append(
                ReportedConversation(
                    title: conversation.title, messages: try await conversations.messages(of: id, in: session)))
        }
        return printed
    }

    /// JPEG of the picture as it was analysed. Where the preview that was made of it is lost, it is made again.
    func picture(of content: ReportContent) async throws(Fault) -> [UInt8] {
        let (upload, analysis) = (content.upload, content.analysis)
        let edge = limits.previewEdges.last ?? 1600
        if analysis.frame == 0, analysis.adjustment == .none,
            let preview = try? await blobs.read(.preview(upload.id, edge: edge), in: upload.sessionID)
        {
            return preview
        }
        let file = try await blobs.picture(of: upload)
        do throws(EngineFault) {
            return try await engine.render(
                file, limits: limits.picture, frame: analysis.frame, adjustment: analysis.adjustment, edge: edge)
        } catch {
            throw .reportFailed(ReportFault(.picture, cause: error))
        }
    }
}

extension EarlierStudy {
    /// Other pictures that are from before this one and were analysed, the newest first. Where both files tell their
    /// date and these differ, the dates decide; else what came first. The same file sent twice is one picture.
    ///
    /// - Parameter analyses: the newest first.
    static func all(before upload: Upload, of uploads: [Upload], _ analyses: [Analysis]) -> [EarlierStudy] {
        let date = studyDate(of: upload)
        var seen: Set<String> = [upload.sha256]
        return uploads.sorted { $0.createdAt > $1.createdAt }.compactMap { other in
            guard isEarlier(other, than: upload, date), !seen.contains(other.sha256),
                let analysis = analyses.first(where: { $0.uploadID == other.id && $0.result != nil }),
                let result = analysis.result
            else { return nil }
            seen.insert(other.sha256)
            return EarlierStudy(
                analysisID: analysis.id, uploadID: other.id, studyDate: studyDate(of: other),
                receivedAt: other.createdAt, result: result)
        }.sorted { ($0.day, $0.receivedAt) > ($1.day, $1.receivedAt) }
    }

    /// When it was taken, or else received.
    private var day: String {
        studyDate ?? receivedAt.formatted(.iso8601.year().month().day().dateSeparator(.dash))
    }

    private static func isEarlier(_ other: Upload, than upload: Upload, _ date: String?) -> Bool {
        guard other.id != upload.id else { return false }
        if let date, let before = studyDate(of: other), before != date { return before < date }
        return other.createdAt < upload.createdAt
    }

    /// `YYYYMMDD` as `YYYY-MM-DD`; nil for what is no date.
    private static func studyDate(of upload: Upload) -> String? {
        guard let text = upload.inspection.dicom?.studyDate, text.utf8.count == 8,
            text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    }
}

extension ReportedConversation {
    /// Questions with their answers. One that is still being answered isn't printed.
    init(title: String, messages: [ChatMessage]) {
        var exchanges: [Exchange] = []
        var asked: (at: Date, question: String)?
        for message in messages {
            switch message.content {
            case .question(let question): asked = (message.createdAt, question)
            case .answer(let answer):
                if let asked, answer.state != .writing {
                    exchanges.append(Exchange(askedAt: asked.at, question: asked.question, answer: answer))
                }
                asked = nil
            }
        }
        self.init(title: title, exchanges: exchanges)
    }
}
