public import Domain
public import Foundation
public import Logging
import Metrics
import Synchronization

/// Makes reports, a few at once, in the order in which they were asked for. What was accepted is in the store: it
/// survives the end of the process.
public final class ReportPress: Sendable {
    private struct State {
        var waiting: [Report] = []
        var running: [ReportID: SessionID] = [:]
        /// How reports ended whose rows couldn't be written yet, because the disk is full.
        var unwritten: [ReportID: Ending] = [:]
        /// Reports that there was no room for at all, oldest first.
        var unstored: [Report] = []
    }

    /// How the making of a report ended.
    private struct Ending {
        let report: Report
        let fault: ReportFault?
        let bytes: Int?
        let seconds: Double
        let revision: Int
        let at: Date

        var failure: Report.Failure? { fault.map { Report.Failure($0.part, available: $0.available) } }

        /// The report as it will be.
        func report(of stored: Report) -> Report {
            var ended = stored
            ended.failure = failure
            ended.state = failure == nil ? .ready : .failed
            ended.revision = max(stored.revision + 1, revision)
            ended.updatedAt = at
            return ended
        }
    }

    /// So many reports wait at most, of all sessions.
    private static let mostWaiting = 1000
    /// A report that was being made so often when the process ended isn't tried again: perhaps it ends the process.
    private static let attempts = 3

    private let reports: any ReportStore
    private let blobs: any BlobStore
    private let gather: GatherReport
    private let archive: ReportArchive
    private let board: ReportBoard
    private let audit: any Audit
    private let limits: Limits
    private let places: Workplaces<ReportID>
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter places: how many reports are made at once.
    public init(
        reports: any ReportStore, blobs: any BlobStore, gather: GatherReport, archive: ReportArchive,
        board: ReportBoard, audit: any Audit, limits: Limits, places: Int, now: @escaping @Sendable () -> Date,
        logger: Logger
    ) {
        self.reports = reports
        self.blobs = blobs
        self.gather = gather
        self.archive = archive
        self.board = board
        self.audit = audit
        self.limits = limits
        self.places = Workplaces(places)
        self.now = now
        self.logger = logger
    }

    // MARK: - For those who ask

    /// - Throws: ``Fault/notFound``, ``Fault/analysisNotCompleted``, ``Fault/validation(_:)``,
    ///   ``Fault/tooManyReports(limit:)``, ``Fault/reportsBusy``.
    public func request(
        _ options: Report.Options, of analysis: AnalysisID, in session: SessionID
    ) async throws(Fault) -> Report {
        let report = try await gather.accept(options, of: analysis, in: session)
        guard state.withLock({ $0.waiting.count < Self.mostWaiting }) else { throw .reportsBusy }
        try await reports.insert(report, limit: limits.reportsPerSession)
        admit(report)
        return report
    }

    /// A report that there is no room for: it has failed, and is known in memory only, so that what can be had of it can be
    /// asked for.
    ///
    /// - Throws: as ``request(_:of:in:)``.
    public func requestWithoutRoom(
        _ options: Report.Options, of analysis: AnalysisID, in session: SessionID
    ) async throws(Fault) -> Report {
        let asked = try await gather.accept(options, of: analysis, in: session)
        let ending = Ending(
            report: asked, fault: ReportFault(.diskFull, available: archive.formats, report: asked.id), bytes: nil,
            seconds: 0, revision: asked.revision + 1, at: asked.createdAt)
        let report = ending.report(of: asked)
        state.withLock { state in
            let mine = state.unstored.indices.filter { state.unstored[$0].sessionID == session }
            if mine.count >= limits.reportsPerSession {
                state.unstored.remove(at: mine[0])
            } else if state.unstored.count >= Self.mostWaiting {
                state.unstored.removeFirst()
            }
            state.unstored.append(report)
        }
        // The session may have ended meanwhile, and then nobody would take it away.
        guard try await self.report(report.id, in: session) != nil else {
            _ = forgetUnstored(report.id, in: session)
            throw .notFound
        }
        tell(report, ending)
        return report
    }

    /// The report as it is when it ends, or after a while.
    public func settled(_ report: Report, within time: Duration) async throws(Fault) -> Report {
        let changes = board.changes(of: report, after: nil)
        let present = try await present(report)
        if present.state.isFinal { return present }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await status in changes where status.state.isFinal { return } }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
        return try await self.present(report)
    }

    private func present(_ report: Report) async throws(Fault) -> Report {
        guard let present = try await self.report(report.id, in: report.sessionID) else { throw .notFound }
        return present
    }

    /// A report as it is now, whether or not that could be written.
    public func report(_ id: ReportID, in session: SessionID) async throws(Fault) -> Report? {
        if let stored = try await reports.report(id, in: session) { return current(stored) }
        let known = state.withLock { $0.unstored.first { $0.id == id && $0.sessionID == session } }
        guard let known, try await isPossible(known) else { return nil }
        return known
    }

    /// All of a session, as they are now, the newest first.
    public func reports(in session: SessionID) async throws(Fault) -> [Report] {
        var all = try await reports.reports(in: session).map(current)
        for known in state.withLock({ $0.unstored.filter { $0.sessionID == session } }).reversed()
        where try await isPossible(known) {
            let place = all.firstIndex { $0.createdAt <= known.createdAt } ?? all.endIndex
            all.insert(known, at: place)
        }
        return all
    }

    /// What a report is of goes with its picture, and with it one that has no row.
    private func isPossible(_ unstored: Report) async throws(Fault) -> Bool {
        try await gather.studies.analysis(unstored.analysisID, in: unstored.sessionID) != nil
    }

    private func forgetUnstored(_ id: ReportID, in session: SessionID) -> Bool {
        state.withLock { state in
            let index = state.unstored.firstIndex { $0.id == id && $0.sessionID == session }
            return index.map { state.unstored.remove(at: $0) } != nil
        }
    }

    private func current(_ stored: Report) -> Report {
        guard stored.state == .making, let ending = state.withLock({ $0.unwritten[stored.id] }) else { return stored }
        return ending.report(of: stored)
    }

    /// - Throws: ``Fault/notFound``, ``Fault/reportFinished``.
    public func cancel(_ id: ReportID, in session: SessionID) async throws(Fault) -> Report {
        // One that has ended has ended, whether or not that could be written.
        if let present = try await report(id, in: session), present.state.isFinal { throw .reportFinished }
        let revision = board.current(id)?.revision ?? 0
        let report = try await reports.cancel(id, in: session, revision: revision + 1, at: now())
        callOff(id)
        board.finish(report)
        try await blobs.delete(Self.files(of: report), in: session)
        return report
    }

    /// Removes a report with all that was kept of it.
    ///
    /// - Throws: ``Fault/notFound``.
    public func delete(_ id: ReportID, in session: SessionID) async throws(Fault) {
        if forgetUnstored(id, in: session) { return }
        guard let names = try await reports.delete(id, in: session) else { throw .notFound }
        callOff(id)
        board.drop(id)
        try await blobs.delete(names, in: session)
    }

    /// Calls off what is being made for a session that was erased.
    public func abandon(_ session: SessionID) {
        let ids = state.withLock { state in
            state.unstored.removeAll { $0.sessionID == session }
            return state.waiting.filter { $0.sessionID == session }.map(\.id)
                + state.running.filter { $0.value == session }.map(\.key)
        }
        for id in ids {
            callOff(id)
            board.drop(id)
        }
    }

    private func callOff(_ id: ReportID) {
        state.withLock { $0.waiting.removeAll { $0.id == id } }
        places.cancel(id)
    }

    private func admit(_ report: Report) {
        board.enter(report)
        state.withLock { $0.waiting.append(report) }
        places.ring()
    }

    // MARK: - The loop

    /// Before anybody is served: what the last process was in the middle of is made again.
    public func restore() async throws(Fault) {
        let interrupted = try await reports.restoreInterrupted(attempts: Self.attempts, at: now())
        if !interrupted.isEmpty {
            logger.notice("interrupted reports are made again", metadata: ["count": "\(interrupted.count)"])
        }
        for report in interrupted { admit(report) }
    }

    /// Runs until ``stop()``; then finishes what runs and returns. What waits stays in the store.
    public func run() async {
        await places.run(
            next: { next() },
            work: { [self] report in
                await make(report)
                state.withLock { $0.running[report.id] = nil }
            })
    }

    /// Takes nothing new from now on.
    public func stop() { places.stop() }

    private func next() -> (id: ReportID, work: Report)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let report = state.waiting.removeFirst()
            state.running[report.id] = report.sessionID
            return (report.id, report)
        }
    }

    private func make(_ report: Report) async {
        let began = ContinuousClock.now
        var fault: ReportFault?
        var bytes: Int?
        do throws(ReportFault) {
            bytes = try await printed(report).bytes
        } catch {
            fault = error
        }
        let ending = Ending(
            report: report, fault: fault, bytes: bytes, seconds: (ContinuousClock.now - began) / .seconds(1),
            revision: (board.current(report.id)?.revision ?? report.revision) + 1, at: now())
        if await write(ending) { return }
        // It is told all the same, and what can be had can be had.
        state.withLock { $0.unwritten[report.id] = ending }
        board.finish(ending.report(of: report))
        Task { [self] in
            // Once the server stops, the row still says that it is being made: it is made again at the next start.
            repeat { try? await Task.sleep(for: .seconds(1)) } while await mustTryAgain(ending)
        }
    }

    private func mustTryAgain(_ ending: Ending) async -> Bool {
        if places.isStopping { return false }
        return !(await write(ending))
    }

    /// Writes the end, and says whether that went well. On a full disk it doesn't until there is room.
    private func write(_ ending: Ending) async -> Bool {
        let report = ending.report
        let ended: Report?
        do throws(Fault) {
            ended = try await reports.finish(
                report.id, attempt: report.attempt, failure: ending.failure, revision: ending.revision, at: ending.at)
        } catch {
            logger.error(
                "the end of a report could not be written",
                metadata: ["report": "\(report.id)", "error": "\(error)"])
            return false
        }
        state.withLock { $0.unwritten[report.id] = nil }
        if let ended {
            tell(ended, ending)
            board.finish(ended)
        } else {
            // It was cancelled or erased meanwhile; what this attempt has written goes.
            board.drop(report.id)
            try? await blobs.delete(Self.files(of: report), in: report.sessionID)
        }
        return true
    }

    private func printed(_ report: Report) async throws(ReportFault) -> Report.Document {
        let board = board
        let archive = archive
        let progress = ReportProgress { board.note($0, of: report.id) }
        let result: Result<Report.Document, ReportFault> = await ReportProgress.$current.withValue(progress) {
            do throws(ReportFault) {
                try await archive.keepSnapshot(of: report)
                if Task.isCancelled { throw ReportFault(.interrupted) }
                return .success(try await archive.print(.pdf, of: report).document)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func tell(_ report: Report, _ ending: Ending) {
        let fault = ending.fault
        audit.add(
            AuditRecord(
                at: now(), actor: AuditActor(.person, session: report.sessionID),
                event: fault == nil ? .reportMade : .reportFailed, subject: "report:\(report.id)",
                outcome: fault == nil ? .done : .failed, bytes: ending.bytes))
        Counter(
            label: "lightbox_reports_total",
            dimensions: [("audience", report.options.audience.rawValue), ("outcome", report.state.rawValue)]
        ).increment()
        Timer(label: "lightbox_reports_seconds").recordSeconds(ending.seconds)
        var metadata: Logger.Metadata = ["report": "\(report.id)", "outcome": "\(report.state.rawValue)"]
        if let fault { metadata["failed"] = "\(fault.part.rawValue)" }
        if let cause = fault?.cause { metadata["cause"] = "\(cause)" }
        logger.log(level: fault == nil ? .info : .error, "report ended", metadata: metadata)
    }

    /// All that an attempt may have written.
    private static func files(of report: Report) -> [BlobName] {
        [.reportSnapshot(report.id), .reportPicture(report.id)]
            + Report.Format.allCases.map { .report(report.id, $0, edition: "") }
            + report.documents.map { .report(report.id, $0.format, edition: $0.edition) }
    }
}
