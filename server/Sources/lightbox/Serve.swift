import ArgumentParser
import AuditTrail
import BlobStorage
import Custody
import Domain
import Foundation
import Glibc
import Hummingbird
import LanguageModels
import Listener
import Logging
import Metrics
import NIOCore
import Observability
import ReportRendering
import SQLiteStore
import ServiceLifecycle
import Telemetry
import UnixSignals
import WebAPI
import Workflows

/// `lightbox serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the web app, its API, and the operators' listener, until it is told to stop.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            try configuration.refuseDangers()
            let alerts = try Exit.configuring { () throws(ConfigurationMistakes) in
                try AlertSetup(configuration)
            }
            let metrics = Logs.start(configuration)
            Self.allowDescriptors()
            for name in configuration.unknownVariables {
                Logger(label: "lightbox").warning("\(name) is no setting")
            }
            try await Server(configuration, alerts: alerts, metrics: metrics).run()
        }
    }
}

extension Serve {
    /// Every connection and every open file takes a descriptor; the limit that a shell gives is made for other programs.
    private static func allowDescriptors() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// Everything that serves, put together. Read it from top to bottom: each part is made from those above it.
struct Server {
    private let services: [any Service]
    /// Held as long as this process works with the data.
    private let dataLock: DataLock
    private let logger = Logger(label: "lightbox")

    init(_ configuration: Configuration, alerts: AlertSetup, metrics: PrometheusMetrics) async throws {
        let limits = configuration.limits
        let logger = logger

        // What is kept
        let data = try Self.dataDirectory(configuration.dataDirectory)
        dataLock = try DataLock.shared(data)
        let database: SQLiteDatabase
        let sessions: SQLiteSessionStore
        let clock: SteadyClock
        let blobs: FileBlobStore
        do throws(Fault) {
            database = try SQLiteDatabase(path: configuration.database)
            sessions = SQLiteSessionStore(database)
            clock = SteadyClock(notBefore: try await sessions.lastUse())
        } catch {
            throw Exit(.unavailable, "The data folder \(data.path) can't be used: \(Self.words(for: error))")
        }
        let now: @Sendable () -> Date = { clock.now }
        if clock.behind > 1 {
            logger.warning(
                "this machine's clock was put back; time goes on from when a session was last used",
                metadata: ["seconds": "\(Int(clock.behind))"])
        }
        let keys = try await MasterKeySource(configuration).keyring(for: sessions)
        do throws(Fault) {
            try await Self.seal(database, with: keys, logger: logger, at: now())
            blobs = try FileBlobStore(root: data.appending(path: "files").path, keys: keys)
        } catch {
            throw Exit(.unavailable, "The data folder \(data.path) can't be used: \(error)")
        }
        let signer = try Self.signingKey(configuration)
        logger.info("reports are sealed", metadata: ["key": "\(ReportKey(of: signer).id)"])
        let studies = SQLiteStudyStore(database, now: now)
        let receptions = SQLiteReceptionStore(database)
        let answers = SQLiteIdempotencyStore(database)
        let conversations = SQLiteConversationStore(database)
        let reports = SQLiteReportStore(database)
        do throws(Fault) {
            // Before anybody is served: what the last process was in the middle of.
            try await conversations.restoreInterruptedAnswers()
            let removed = try await blobs.sweep { name, session throws(Fault) in
                try await studies.owns(name, in: session)
            }
            // What was erased before the last process ended, and was being read.
            await database.emptyLog()
            if removed > 0 { logger.notice("files without an owner removed", metadata: ["count": "\(removed)"]) }
        } catch {
            throw Exit(.unavailable, "The data folder \(data.path) can't be used: \(error)")
        }

        // What works
        let trail: AuditDatabase
        do {
            trail = try AuditDatabase(path: configuration.auditDatabase, signer: signer)
        } catch {
            throw Exit(.unavailable, "The audit trail \(configuration.auditDatabase) can't be used: \(error)")
        }
        let formerKeys = try configuration.formerAuditKeys()
        let headsFile = URL(filePath: configuration.auditHeadsFile)
        let trailWriter = AuditWriter(
            database: trail, signer: signer, headsFile: headsFile, formerKeys: formerKeys,
            logger: Logger(label: "lightbox.audit"), now: now)
        let errors = ErrorGroups()
        let watchStore = SQLiteWatchStore(database)
        let keptAlerts = (try? await watchStore.alerts()) ?? []
        try? await errors.restore(from: watchStore)
        let audit = WatchedAudit(AuditLog(trail: trailWriter), errors: errors)
        let engine = try await WorkerPictureEngine.start(
            configuration, audit: audit, logger: Logger(label: "lightbox.worker"))
        let clinical = ClinicalCheck(
            manifest: engine.manifest, folder: URL(filePath: configuration.modelDirectory ?? ""),
            analyse: { picture in
                try await engine.analyse(try OpenFile(reading: picture.path()), limits: .standard) { _ in }
                    .logits
            }, now: now)
        let board = ProgressBoard()
        let watch = WatchAcuity(sessions: sessions, studies: studies, encoder: engine, now: now)
        let queue = AnalysisQueue(
            sessions: sessions, studies: studies, board: board,
            analyse: AnalyseStudy(
                sessions: sessions, studies: studies, blobs: blobs, engine: engine, board: board, watch: watch,
                limits: limits, gate: clinical, retries: configuration.retries, now: now),
            limits: limits, order: configuration.queueOrder, drainTime: configuration.queueDrainTime,
            workers: configuration.workerCount, together: configuration.workerBatch, now: now,
            logger: Logger(label: "lightbox.queue"))
        clinical.whenChanged { queue.wake() }
        let text = LookForText(
            studies: studies, blobs: blobs, engine: engine, limits: limits, logger: Logger(label: "lightbox.text"))
        let receive = ReceiveUpload(
            studies: studies, blobs: blobs, engine: engine, read: text, limits: limits, audit: audit, now: now)
        let parts = ReceiveInParts(receive: receive, receptions: receptions, blobs: blobs, limits: limits, now: now)
        let answerBoard = AnswerBoard()
        let model = try configuration.languageModel(logger: Logger(label: "lightbox.assistant"))
        let compose = ComposeAnswer(
            model: model, trustsModel: configuration.trustsAssistant(configuration.assistantModel),
            tokenLimit: configuration.assistantTokenLimit, contextTokens: configuration.assistantContextTokens)

        // What makes reports
        let gather = GatherReport(
            sessions: sessions, studies: studies, conversations: conversations, blobs: blobs, engine: engine,
            limits: limits, watch: watch,
            describe: DescribeRecord(
                sessions: sessions, studies: studies, watch: watch, emergencyNumber: configuration.emergencyNumber,
                now: now),
            emergencyNumber: configuration.emergencyNumber, responsible: configuration.reportResponsible, now: now)
        let places = max(1, min(4, ProcessInfo.processInfo.activeProcessorCount))
        let archive = ReportArchive(
            gather: gather, reports: reports, blobs: blobs, renderer: SealedReportRenderer(signer: signer),
            limits: limits,
            places: places, now: now)
        let reportBoard = ReportBoard()
        let press = ReportPress(
            reports: reports, blobs: blobs, gather: gather, archive: archive, board: reportBoard, audit: audit,
            limits: limits, places: places, now: now, logger: Logger(label: "lightbox.reports"))
        do throws(Fault) {
            try await press.restore()
        } catch {
            throw Exit(.unavailable, "The data folder \(data.path) can't be used: \(error)")
        }

        // What watches
        let outboxes = alerts.channels(now: now).map { AlertOutbox($0) }
        let health = HealthDesk(
            look: HealthChecks(
                database: database, engine: engine, keys: keys, dataDirectory: data.path,
                leastFree: configuration.leastDiskFree
            ).run)
        let watching = Watching(
            errors: errors, alerts: AlertDesk(rules: alerts.rules, alerts: keptAlerts),
            overview: Overview(), streams: OpenStreams(),
            checks: { await health.checks() }, clinical: clinical, now: now)
        Gauge(
            label: "lightbox_build_info",
            dimensions: [
                ("version", Version.current), ("model", engine.manifest.id), ("model_version", engine.manifest.version),
            ]
        ).record(1)
        StartingCounters.register()
        let traces = Logs.startTraces(configuration)
        // Who runs it
        let operators = try await OperatorSetup.desk(configuration, database: database, audit: audit, now: now)

        // What is served
        let api = WebAPI(
            sessions: sessions, studies: studies, blobs: blobs, keys: keys, answers: answers, receive: receive,
            parts: parts, conversations: conversations, compose: compose, modelName: model?.name,
            answerBoard: answerBoard,
            audit: audit, trail: trail, trailWriter: trailWriter,
            samples: SampleDirectory(folder: configuration.samplesDirectory),
            engine: engine, queue: queue,
            board: board,
            reportKey: ReportKey(of: signer),
            reports: reports, press: press, archive: archive, reportBoard: reportBoard,
            encoder: ProposedQuestions(encoder: engine), limits: limits,
            emergencyNumber: configuration.emergencyNumber, operators: operators,
            web: configuration.webRules,
            reportClientError: { Self.note($0, in: errors, at: now()) },
            watching: watching, now: now)
        let site = try StaticFiles(folder: configuration.webDirectory.map { URL(filePath: $0) })
        let operatorSite = try StaticFiles(folder: configuration.operatorWebDirectory.map { URL(filePath: $0) })
        let docs = try StaticFiles(folder: configuration.docsDirectory.map { URL(filePath: $0) })
        if configuration.webDirectory == nil { logger.warning("there is no web app; only the API is served") }
        if configuration.sentenceFiles == nil {
            logger.warning("there is no sentence model; the rules of urgency stand alone")
        }

        // http: what listens to the public, and to operators
        let bounds = configuration.listenerLimits
        let certificate = try Self.certificate(configuration)
        let http = Application(
            responder: api.responder(site: site, docs: docs),
            server: .guarded(
                bounds, register: ConnectionRegister(bounds, of: "public"), certificate: certificate,
                answer: WebAPI.answer),
            configuration: .init(address: .hostname(configuration.httpHost, port: configuration.httpPort)),
            onServerRunning: { Self.announce("Lightbox", $0, logger, isSecure: certificate != nil) },
            logger: Logger(label: "lightbox.http"))
        let operatorsListener = Application(
            responder: api.operatorResponder(site: operatorSite, metrics: metrics.exposition),
            server: .guarded(bounds, register: ConnectionRegister(bounds, of: "operators"), answer: WebAPI.answer),
            configuration: .init(address: .hostname(configuration.operatorHost, port: configuration.operatorPort)),
            onServerRunning: { Self.announce("The operators' listener", $0, logger) },
            logger: Logger(label: "lightbox.operator"))

        // Started in this order, stopped in the reverse one.
        let erase = EraseSession(
            sessions: sessions, studies: studies, blobs: blobs, keys: keys, queue: queue, board: answerBoard,
            press: press, audit: audit, now: now)
        var services: [any Service] = traces.map { [$0] } ?? []
        services += [
            AuditService(writer: trailWriter, retention: configuration.auditRetention),
            EngineService(engine: engine),
            WatchService(
                database: database, store: watchStore, engine: engine, trail: trail,
                auditKeys: [ReportKey(of: signer)] + formerKeys, auditHeads: headsFile, audit: audit, model: model,
                watching: watching,
                clinical: clinical, checkHour: configuration.modelCheckHour, outboxes: outboxes,
                dataDirectory: data.path, certificateFile: configuration.alertCertificateFile, now: now),
            CopiesService(
                database: configuration.database, lifetime: configuration.copiesLifetime, logger: logger, now: now),
            // Stopped after the queue, which ends a worker that hangs and would be waited for.
            TextService(text: text),
            QueueService(queue: queue),
            ReportService(press: press),
            MemoryService(
                watch: MemoryWatch(
                    softLimit: configuration.memorySoftLimit << 20,
                    caches: {
                        keys.shrink()
                        board.shrink()
                        reportBoard.shrink()
                        database.shrink()
                    }, now: now)),
        ]
        if let model { services.append(LanguageModelService(model: model)) }
        services += [
            SweepService(
                erase: erase, parts: parts,
                readings: RecordReading(studies: studies, watch: watch, audit: audit, now: now),
                lifetime: limits.lifetime,
                logger: Logger(label: "lightbox.sweep")),
            operatorsListener,
            http,
            EventStreamService(board: board, answers: answerBoard, reports: reportBoard),
        ]
        if let certificate { services += Self.overTLS(certificate, configuration, bounds, logger) }
        self.services = services
    }

    func run() async throws {
        // Its lines for debugging write out the services with all that they hold.
        var reticent = logger
        reticent.logLevel = max(.info, logger.logLevel)
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: reticent)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw Exit(.unavailable, "The address can't be listened on: \(error)")
        }
        logger.notice("stopped")
    }

    // MARK: - Parts

    /// A database that this program must not touch says so itself.
    private static func words(for fault: Fault) -> String {
        guard case .storageFailed(let cause) = fault, let found = cause.revealed as? SchemaFault else {
            return "\(fault)"
        }
        return found.description
    }

    /// Unlocks the rows, and seals those that an earlier version left in the open.
    private static func seal(
        _ database: SQLiteDatabase, with keys: Keyring, logger: Logger, at now: Date
    ) async throws(Fault) {
        database.unlock(with: keys)
        try await SQLiteIdempotencyStore(database).restoreInterrupted()
        let sealed = try await SealRows(database, keys: keys)(at: now)
        if sealed > 0 { logger.notice("rows of an earlier version sealed", metadata: ["values": "\(sealed)"]) }
    }

    private static func signingKey(_ configuration: Configuration) throws -> SigningKey {
        do throws(KeyFault) {
            return try SigningKey.load(configuration.signingKeyFile)
        } catch {
            throw Exit(.unavailable, error.description)
        }
    }

    private static func dataDirectory(_ path: String) throws -> URL {
        let url = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Exit(.unavailable, "The data folder \(path) can't be made: \(error.localizedDescription)")
        }
        return url
    }

    private static func announce(_ name: String, _ channel: any Channel, _ logger: Logger, isSecure: Bool = false) {
        guard let address = channel.localAddress, let port = address.port else { return }
        let host = address.ipAddress.map { $0.contains(":") ? "[\($0)]" : $0 } ?? "localhost"
        logger.notice("\(name) is at \(isSecure ? "https" : "http")://\(host):\(port)")
    }

    /// A browser's error, from which the route took everything that a person may have typed.
    private static func note(_ report: ClientErrorReport, in errors: ErrorGroups, at now: Date) {
        Counter(label: "lightbox_client_errors_total").increment()
        errors.report(origin: "browser", message: report.title, requestID: report.requestId, at: now)
        Logger(label: "lightbox.browser").warning(
            "\(report.title)",
            metadata: [
                "component": "\(report.component ?? "")", "path": "\(report.path ?? "")",
                "failed-request": "\(report.requestId ?? "")", "stack": "\(report.stack ?? "")",
            ])
    }
}
