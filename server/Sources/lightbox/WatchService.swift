import AuditTrail
import Foundation
import LanguageModels
import Logging
import Metrics
import Observability
import SQLiteStore
import ServiceLifecycle
import Synchronization
import Telemetry
import WebAPI
import WorkerPool
import Workflows

/// Watches the server: samples what nobody counts as it happens, decides about alerts and has them delivered, keeps
/// errors and alerts over a restart, and checks the model every night.
final class WatchService: Service {
    let database: SQLiteDatabase
    let store: SQLiteWatchStore
    let engine: WorkerPictureEngine
    let trail: AuditDatabase
    let auditKeys: [ReportKey]
    let auditHeads: URL
    let audit: WatchedAudit
    let model: OpenAICompatibleModel?
    let watching: Watching
    let clinical: ClinicalCheck
    let checkHour: Int
    let outboxes: [AlertOutbox]
    let dataDirectory: String
    let certificateFile: String?
    let now: @Sendable () -> Date
    private let logger = Logger(label: "lightbox.watch")
    private let isChainWhole = Mutex<Bool?>(nil)

    init(
        database: SQLiteDatabase, store: SQLiteWatchStore, engine: WorkerPictureEngine, trail: AuditDatabase,
        auditKeys: [ReportKey], auditHeads: URL, audit: WatchedAudit, model: OpenAICompatibleModel?, watching: Watching,
        clinical: ClinicalCheck, checkHour: Int, outboxes: [AlertOutbox], dataDirectory: String,
        certificateFile: String?, now: @escaping @Sendable () -> Date
    ) {
        self.database = database
        self.store = store
        self.engine = engine
        self.trail = trail
        self.auditKeys = auditKeys
        self.auditHeads = auditHeads
        self.audit = audit
        self.model = model
        self.watching = watching
        self.clinical = clinical
        self.checkHour = checkHour
        self.outboxes = outboxes
        self.dataDirectory = dataDirectory
        self.certificateFile = certificateFile
        self.now = now
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withTaskGroup { group in
                for outbox in outboxes { group.addTask { await outbox.run() } }
                group.addTask { [self] in await repeating(.seconds(5)) { await look() } }
                group.addTask { [self] in await repeating(.seconds(60)) { await countSessions() } }
                group.addTask { [self] in await repeating(.seconds(3600)) { await checkChain() } }
                group.addTask { [self] in await checkModel() }
            }
        }
        await keep()
    }

    private func repeating(_ pause: Duration, _ body: () async -> Void) async {
        while !Task.isCancelled {
            await body()
            try? await Task.sleep(for: pause)
        }
    }

    // MARK: - Every few seconds

    private func look() async {
        let time = now()
        var signals: [AlertSignal: Double] = [
            .workerCrashes: Double(audit.failures(since: time - 600)),
            .modelDrift: clinical.report.status == .drifted ? 1 : 0,
        ]
        var gauges = Overview.Gauges(eventStreams: watching.streams.count)
        if let numbers = try? await database.numbers() {
            let age = numbers.oldestQueuedAt.map { max(0, time.timeIntervalSince($0)) } ?? 0
            Gauge(label: "lightbox_queue_waiting").record(numbers.waiting)
            Gauge(label: "lightbox_queue_running").record(numbers.running)
            Gauge(label: "lightbox_queue_oldest_seconds").record(age)
            gauges.queued = numbers.waiting
            gauges.running = numbers.running
            signals[.queueAge] = age
        }
        if let disk = DiskSpace(of: dataDirectory), disk.size > 0 {
            Gauge(label: "lightbox_disk_free_bytes").record(disk.free)
            Gauge(label: "lightbox_disk_size_bytes").record(disk.size)
            signals[.diskFree] = Double(disk.free) / Double(disk.size)
        }
        if let memory = ProcessMetrics.residentMemory {
            gauges.residentBytes = memory
            signals[.memory] = memory / 1_048_576
        }
        if let largest = recordWorkers() { signals[.workerMemory] = Double(largest) / 1_048_576 }
        recordFiles()
        let totals = watching.overview.totals(ofLast: 300, at: time)
        if totals.requests >= 10 { signals[.errorRatio] = Double(totals.errors) / Double(totals.requests) }
        if let whole = isChainWhole.withLock({ $0 }) { signals[.auditBreak] = whole ? 0 : 1 }
        if let model { signals[.languageModelDown] = await model.isAvailable() ? 0 : 1 }
        if let end = certificateFile.flatMap(Certificate.end) {
            Gauge(label: "lightbox_certificate_expires_timestamp_seconds").record(end.timeIntervalSince1970)
            signals[.certificateDays] = end.timeIntervalSince(time) / 86_400
        }
        watching.overview.sample(gauges, at: time)
        for notice in watching.alerts.evaluate(signals, at: time) {
            logger.log(
                level: notice.status == .firing ? .error : .notice, "alert",
                metadata: [
                    "alert": "\(notice.rule)", "status": "\(notice.status.rawValue)",
                    "severity": "\(notice.severity.rawValue)", "value": .stringConvertible(notice.value),
                ])
            for outbox in outboxes { outbox.post(notice) }
        }
        await keep()
    }

    /// - Returns: resident memory of the largest one in bytes; nil where none runs.
    private func recordWorkers() -> Int? {
        let workers = engine.status.workers
        for state in WorkerPoolStatus.Worker.State.allCases {
            Gauge(label: "lightbox_workers", dimensions: [("state", state.rawValue)])
                .record(workers.count { $0.state == state })
        }
        for (place, worker) in workers.enumerated() {
            Gauge(label: "lightbox_worker_resident_memory_bytes", dimensions: [("worker", "\(place)")])
                .record(worker.residentMemory ?? 0)
        }
        return workers.compactMap(\.residentMemory).max()
    }

    private func recordFiles() {
        let size = ["lightbox.sqlite", "lightbox.sqlite-wal"].reduce(0) { sum, name in
            let file = dataDirectory + "/" + name
            return sum + ((try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0)
        }
        Gauge(label: "lightbox_database_size_bytes").record(size)
    }

    private func keep() async {
        do {
            try await watching.errors.flush(to: store)
            try await store.keep(changed: watching.alerts.alerts)
        } catch {
            logger.warning("errors and alerts can't be kept", metadata: ["cause": "\(LoggedCause(error))"])
        }
    }

    // MARK: - Now and then

    private func countSessions() async {
        guard let count = try? await database.sessionCount() else { return }
        Gauge(label: "lightbox_sessions_open").record(count)
    }

    /// Reads the whole trail, on a thread of its own.
    private func checkChain() async {
        let trail = trail
        let keys = auditKeys
        let heads = auditHeads
        let isWhole: Bool? = await Task.detached(priority: .background) { () -> Bool? in
            // Read before the trail is: a head is in the file only when its line is in the trail.
            let copies = AuditHead.kept(in: heads)
            guard let check = try? trail.check(copies: copies, keys: keys) else { return nil }
            // A head that none of them signed may be of a key from before; the chain is whole all the same.
            return check.finding?.isOnlyHead ?? true
        }.value
        guard let isWhole else { return }
        isChainWhole.withLock { $0 = isWhole }
        Gauge(label: "lightbox_audit_chain_ok").record(isWhole ? 1 : 0)
        if !isWhole { logger.critical("the chain of the audit trail is broken; “lightbox audit verify” says where") }
    }

    private func checkModel() async {
        if clinical.report.status == .unchecked { _ = await clinical.check() }
        while !Task.isCancelled {
            // Looked at once a minute, so that a clock that was set does no harm.
            try? await Task.sleep(
                for: .seconds(min(60, max(1, clinical.next(hour: checkHour).timeIntervalSince(now())))))
            if !Task.isCancelled, now() >= clinical.next(hour: checkHour) { _ = await clinical.check() }
        }
    }
}

/// Exports spans until everything that makes them has stopped. Whether the collector takes the last ones or not, the process
/// doesn't wait for it longer than a few seconds.
struct TraceService: Service {
    let queue: SpanQueue
    let exporter: SpanExporter

    private static let farewell = Duration.seconds(3)

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await exporter.run() }
            group.addTask {
                try? await gracefulShutdown()
                queue.finish()
                try? await Task.sleep(for: Self.farewell)
            }
            // Whichever ends first: there is nothing left to send, or no time left.
            await group.next()
            group.cancelAll()
        }
    }
}
