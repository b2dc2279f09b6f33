public import AuditTrail
import Domain
public import Foundation
public import Hummingbird
public import Workflows

/// The routes of the product. `routes` reads as a table of contents.
public struct WebAPI: Sendable {
    public var sessions: any SessionStore
    public var studies: any StudyStore
    public var blobs: any BlobStore
    public var keys: any SessionKeys
    public var answers: any IdempotencyStore
    public var receive: ReceiveUpload
    public var parts: ReceiveInParts
    public var conversations: any ConversationStore
    /// What composes answers, with the language model where there is one.
    public var compose: ComposeAnswer
    public var modelName: String?
    public var answerBoard: AnswerBoard
    public var audit: any DurableAudit
    public var trail: AuditDatabase
    public var trailWriter: AuditWriter
    public var samples: any SampleStore
    public var engine: any PictureEngine
    public var queue: AnalysisQueue
    public var board: ProgressBoard
    /// What this instance's reports are checked with.
    public var reportKey: ReportKey
    public var reports: any ReportStore
    public var press: ReportPress
    public var archive: ReportArchive
    public var reportBoard: ReportBoard
    /// Reads the meaning of texts; nil where no sentence model is installed.
    public var encoder: (any SentenceEncoding)?
    public var limits: Limits
    /// The number that the page tells people to call in an emergency.
    public var emergencyNumber: String
    /// Who may use the operators' addresses, and what they keep.
    public var operators: OperatorDesk
    /// What holds for all that is served by http.
    public var web: WebRules
    /// Takes an error that a browser reported.
    public var reportClientError: @Sendable (ClientErrorReport) -> Void
    public var watching: Watching
    public var now: @Sendable () -> Date

    public init(
        sessions: any SessionStore, studies: any StudyStore, blobs: any BlobStore, keys: any SessionKeys,
        answers: any IdempotencyStore, receive: ReceiveUpload, parts: ReceiveInParts,
        conversations: any ConversationStore, compose: ComposeAnswer, modelName: String?, answerBoard: AnswerBoard,
        audit: any DurableAudit, trail: AuditDatabase, trailWriter: AuditWriter,
        samples: any SampleStore, engine: any PictureEngine, queue: AnalysisQueue, board: ProgressBoard,
        reportKey: ReportKey,
        reports: any ReportStore, press: ReportPress, archive: ReportArchive, reportBoard: ReportBoard,
        encoder: (any SentenceEncoding)?, limits: Limits, emergencyNumber: String, operators: OperatorDesk,
        web: WebRules,
        reportClientError: @escaping @Sendable (ClientErrorReport) -> Void,
        watching: Watching, now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.studies = studies
        self.blobs = blobs
        self.keys = keys
        self.answers = answers
        self.receive = receive
        self.parts = parts
        self.conversations = conversations
        self.compose = compose
        self.modelName = modelName
        self.answerBoard = answerBoard
        self.audit = audit
        self.trail = trail
        self.trailWriter = trailWriter
        self.samples = samples
        self.engine = engine
        self.queue = queue
        self.board = board
        self.reportKey = reportKey
        self.reports = reports
        self.press = press
        self.archive = archive
        self.reportBoard = reportBoard
        self.encoder = encoder
        self.limits = limits
        self.emergencyNumber = emergencyNumber
        self.operators = operators
        self.web = web
        self.reportClientError = reportClientError
        self.watching = watching
        self.now = now
    }

    /// What the public listener serves.
    ///
    /// - Parameters:
    ///   - site: the web app.
    ///   - docs: texts under `/docs/`.
    public func responder(site: StaticFiles, docs: StaticFiles) -> MethodCheck {
        let router = Router(context: AppContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: TraceRequest(watching: watching))
        router.add(middleware: RequestReport(rules: web))
        router.add(middleware: GroupErrors(watching: watching))
        router.add(middleware: CrossOrigin(origins: web.corsOrigins))
        router.add(middleware: SameOrigin(rules: web))
        router.add(middleware: LongWork())
        HealthRoutes(watching: watching, manifest: engine.manifest, studies: studies, operators: operators.access)
            .addForAll(to: router)
        DocumentationRoutes(docs: docs).add(to: router)
        KeyRoutes(key: reportKey).add(to: router)
        let api = router.group("api/v1").add(middleware: RateCheck(by: .address, rules: web)).add(
            middleware: FindSession(
                resume: ResumeSession(sessions: sessions, lifetime: limits.lifetime, now: now), secure: web.isSecure)
        ).add(middleware: RateCheck(by: .session, rules: web)).add(
            middleware: StreamCheck(places: StreamPlaces(most: web.streams))
        ).add(
            middleware: AuditRequests(audit: audit, kind: .person)
        ).add(middleware: DuringMaintenance(maintenance: operators.maintenance))
        AccessLogRoutes(trail: trail, writer: trailWriter, breakGlass: breakGlass).add(to: api)
        LimitsRoutes(
            limits: limits, rates: web.rates, emergencyNumber: emergencyNumber, maintenance: operators.maintenance,
            clinical: watching.clinical
        ).add(to: api)
        let watch = watch
        let save = SaveIntake(sessions: sessions, watch: watch, now: now)
        let identity = CheckIdentity(sessions: sessions, now: now)
        SessionRoutes(
            sessions: sessions, open: OpenSession(sessions: sessions, keys: keys, now: now),
            erase: EraseSession(
                sessions: sessions, studies: studies, blobs: blobs, keys: keys, queue: queue, board: answerBoard,
                press: press, audit: audit, now: now),
            intake: save, lifetime: limits.lifetime, secure: web.isSecure, audit: audit, now: now
        ).add(to: api)
        IntakeRoutes(save: save, watch: watch, emergencyNumber: emergencyNumber).add(to: api)
        AcuityRoutes(watch: watch, emergencyNumber: emergencyNumber).add(to: api)
        let describe = DescribeRecord(
            sessions: sessions, studies: studies, watch: watch, emergencyNumber: emergencyNumber, now: now)
        ContextRoutes(describe: describe).add(to: api)
        let once = CreateOnce(answers: answers, now: now)
        ConversationRoutes(
            answers: AnswerQuestion(
                conversations: conversations, describe: describe, watch: watch, compose: compose, board: answerBoard,
                audit: audit, limits: limits, now: now),
            conversations: conversations, modelName: modelName, once: once
        ).add(to: api)
        TusRoutes(parts: parts, studies: studies, once: once, limits: limits).add(to: api)
        UploadRoutes(
            receive: receive, studies: studies, blobs: blobs, samples: samples, identity: identity, once: once,
            audit: audit
        ).add(to: api)
        PictureRoutes(studies: studies, blobs: blobs, engine: engine, limits: limits).add(to: api)
        AnalysisRoutes(
            studies: studies, engine: engine, queue: queue, identity: identity, board: board, once: once, audit: audit
        ).add(to: api)
        ReadingRoutes(
            studies: studies, record: RecordReading(studies: studies, watch: watch, audit: audit, now: now),
            board: board
        ).add(to: api)
        ReportRoutes(
            press: press, archive: archive, board: reportBoard, once: once, audit: audit,
            downloads: DownloadLog(now: now)
        ).add(to: api)
        ModelRoutes(manifest: engine.manifest, studies: studies).add(to: api)
        ClientErrorRoutes(report: reportClientError).add(to: api)
        router.get("api/**") { _, _ -> Response in throw Problem(.notFound, "There is nothing at this address.") }
        SiteRoutes(site: site).add(to: router)
        router.logRoutes(of: "public")
        return MethodCheck(router: router)
    }

    /// The one workflow that every route about urgency shares.
    private var watch: WatchAcuity {
        WatchAcuity(
            sessions: sessions, studies: studies, encoder: encoder, raised: { await queue.raise($0, to: $1) }, now: now)
    }

    private var breakGlass: BreakGlass {
        BreakGlass(operators: operators.store, sessions: sessions, keys: keys, audit: audit, now: now)
    }

    /// What the operators' listener serves.
    ///
    /// - Parameter site: their page. It holds nothing that anybody mustn't see; what it shows it asks with their token.
    public func operatorResponder(
        site: StaticFiles, metrics: @escaping @Sendable () -> String
    ) -> RouterResponder<AppContext> {
        let router = Router(context: AppContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: TraceRequest(watching: watching))
        router.add(middleware: RequestReport(rules: web))
        router.add(middleware: GroupErrors(watching: watching))
        router.add(middleware: LongWork())
        let gate = OperatorGate(desk: operators, audit: audit, now: now)
        router.add(middleware: UnknownAdminGate(gate: gate))
        HealthRoutes(watching: watching, manifest: engine.manifest, studies: studies, operators: operators.access)
            .addForOperators(to: router)
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics())))
        }
        OperatorSiteRoutes(site: site).add(to: router)
        let admin = router.group("admin").add(middleware: gate)
            .add(middleware: AuditRequests(audit: audit, kind: .operator))
        AcuityLoweringRoutes(watch: watch, sessions: sessions, emergencyNumber: emergencyNumber).add(to: admin)
        WithdrawalRoutes(withdraw: WithdrawModel(studies: studies, audit: audit, now: now)).add(to: admin)
        AdminRoutes(desk: operators, trail: trail, writer: trailWriter, lifetime: limits.lifetime, audit: audit)
            .add(to: admin)
        AdminRecordRoutes(
            breakGlass: breakGlass, sessions: sessions, studies: studies, reports: reports, watch: watch, board: board,
            emergencyNumber: emergencyNumber
        ).add(to: admin)
        WatchAdminRoutes(watching: watching).add(to: admin)
        QueueAdminRoutes(queue: queue, board: board, engine: engine, audit: audit).add(to: admin)
        router.logRoutes(of: "operators")
        return router.buildResponder()
    }
}
