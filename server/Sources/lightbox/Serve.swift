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
            let metrics = Logs.start(configuration)
            Self.allowDescriptors()
            for name in configuration.unknownVariables {
                Logger(label: "lightbox").warning("\(name) is no setting")
            }
            try await Server(configuration, metrics: metrics).run()
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
    private let logger = Logger(label: "lightbox")

    init(_ configuration: Configuration, metrics: PrometheusMetrics) async throws {
        let now: @Sendable () -> Date = { Date() }
        let limits = configuration.limits
        let logger = logger

        // What is kept
        let data = try Self.dataDirectory(configuration.dataDirectory)
        let database: SQLiteDatabase
        let sessions: SQLiteSessionStore
        let keys: Keyring
        let isRightKey: Bool
        let hasData: Bool
        let blobs: FileBlobStore
        do throws(Fault) {
            database = try SQLiteDatabase(path: data.appending(path: "lightbox.sqlite").path)
            sessions = SQLiteSessionStore(database)
            hasData = try await sessions.masterKeyProof() != nil
        } catch {
            throw Exit(.unavailable, "The data folder \(data.path) can't be used: \(error)")
        }
        let master = try Self.masterKey(configuration, mayMake: !hasData)
        do throws(Fault) {
            keys = Keyring(master: master, sessions: sessions)
            isRightKey = try await keys.belongs()
            blobs = try FileBlobStore(root: data.appending(path: "files").path, keys: keys)
        } catch {
            throw Exit(.unavailable, "The data folder \(data.path) can't be used: \(error)")
        }
        guard isRightKey else {
            throw Exit(
                .unavailable,
                "The master key \(configuration.masterKeyFile) isn't the one that the data in \(data.path) were kept under. Put the right file back."
            )
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
            try await answers.restoreInterrupted()
            try await conversations.restoreInterruptedAnswers()
            let removed = try await blobs.sweep { name, session throws(Fault) in
                try await studies.owns(name, in: session)
            }
            if removed > 0 { logger.notice("files without an owner removed", metadata: ["count": "\(removed)"]) }
        } catch {
            throw Exit(.unavailable, "The data folder \(data.path) can't be used: \(error)")
        }

        // What works
        let trail: AuditDatabase
        do {
            trail = try AuditDatabase(path: configuration.auditDatabase)
        } catch {
            throw Exit(.unavailable, "The audit trail \(configuration.auditDatabase) can't be used: \(error)")
        }
        let trailWriter = AuditWriter(
            database: trail, signer: signer, headsFile: URL(filePath: configuration.auditHeadsFile),
            logger: Logger(label: "lightbox.audit"), now: now)
        let audit = AuditLog(trail: trailWriter)
        let engine = try await WorkerPictureEngine.start(
            configuration, audit: audit, logger: Logger(label: "lightbox.worker"))
        let board = ProgressBoard()
        let watch = WatchAcuity(sessions: sessions, studies: studies, encoder: engine, now: now)
        let queue = AnalysisQueue(
            studies: studies, board: board,
            analyse: AnalyseStudy(
                sessions: sessions, studies: studies, blobs: blobs, engine: engine, board: board, watch: watch,
                limits: limits, now: now),
            limits: limits, places: configuration.workerCount, now: now, logger: Logger(label: "lightbox.queue"))
        let text = LookForText(
            studies: studies, blobs: blobs, engine: engine, limits: limits, logger: Logger(label: "lightbox.text"))
        let receive = ReceiveUpload(
            studies: studies, blobs: blobs, engine: engine, read: text, limits: limits, audit: audit, now: now)
        let parts = ReceiveInParts(receive: receive, receptions: receptions, blobs: blobs, limits: limits, now: now)
        let answerBoard = AnswerBoard()
        let model = try configuration.languageModel(logger: Logger(label: "lightbox.assistant"))
        let compose = ComposeAnswer(
            model: model, trustsModel: configuration.trustsAssistantModel, tokenLimit: configuration.assistantTokenLimit
        )
        let errors = ErrorGroups()

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
            reports: reports, press: press, archive: archive, reportBoard: reportBoard, encoder: engine,
            limits: limits,
            emergencyNumber: configuration.emergencyNumber, operatorToken: try Self.operatorToken(configuration),
            web: configuration.webRules,
            reportClientError: { Self.note($0, in: errors, at: now()) },
            troubles: { await Self.troubles(database: database, engine: engine) }, now: now)
        let site = try StaticFiles(folder: configuration.webDirectory.map { URL(filePath: $0) })
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
        let operators = Application(
            responder: api.operatorResponder(metrics: metrics.exposition),
            server: .guarded(bounds, register: ConnectionRegister(bounds, of: "operators"), answer: WebAPI.answer),
            configuration: .init(address: .hostname(configuration.operatorHost, port: configuration.operatorPort)),
            onServerRunning: { Self.announce("The operators' listener", $0, logger) },
            logger: Logger(label: "lightbox.operator"))

        // Started in this order, stopped in the reverse one.
        let erase = EraseSession(
            sessions: sessions, studies: studies, blobs: blobs, keys: keys, queue: queue, board: answerBoard,
            press: press, audit: audit, now: now)
        var services: [any Service] = [
            AuditService(writer: trailWriter, retention: configuration.auditRetention),
            EngineService(engine: engine),
            QueueService(queue: queue),
            ReportService(press: press),
            TextService(text: text),
        ]
        if let model { services.append(LanguageModelService(model: model)) }
        services += [
            SweepService(
                erase: erase, parts: parts,
                readings: RecordReading(studies: studies, watch: watch, audit: audit, now: now),
                lifetime: limits.lifetime,
                logger: Logger(label: "lightbox.sweep")),
            operators,
            http,
            EventStreamService(board: board, answers: answerBoard, reports: reportBoard),
        ]
        if let certificate { services += Self.overTLS(certificate, configuration, bounds, logger) }
        self.services = services
    }

    func run() async throws {
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw Exit(.unavailable, "The address can't be listened on: \(error)")
        }
        logger.notice("stopped")
    }

    // MARK: - Parts

    private static func operatorToken(_ configuration: Configuration) throws -> String? {
        guard let file = configuration.operatorTokenFile else { return nil }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Exit(.unavailable, "The file of the operator's token can't be read: \(file)")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.utf8.count >= 16 else {
            throw Exit(.unavailable, "The operator's token in \(file) is shorter than 16 characters.")
        }
        return token
    }

    private static func masterKey(_ configuration: Configuration, mayMake: Bool) throws -> MasterKey {
        do throws(KeyFault) {
            return try MasterKey.load(configuration.masterKeyFile, mayMake: mayMake)
        } catch {
            throw Exit(.unavailable, error.description)
        }
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

    private static func troubles(database: SQLiteDatabase, engine: WorkerPictureEngine) async -> [String: String] {
        var troubles: [String: String] = [:]
        do throws(Fault) {
            try await database.check()
        } catch {
            troubles["database"] = if case .storageFull = error { "the disk is full" } else { "it doesn't take writes" }
        }
        if let trouble = await engine.trouble() { troubles["engine"] = trouble }
        return troubles
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
