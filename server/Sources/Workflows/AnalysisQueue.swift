public import Domain
public import Foundation
public import Logging
import Metrics
import Synchronization

/// Runs the analyses that wait, as many at once as there are places. The queue itself is in the store, so that what was
/// accepted survives the end of the process; ``QueueOrder`` says who is next.
public final class AnalysisQueue: Sendable {
    private struct State {
        var durations = RecentDurations()
        var control = QueueControl.State.running
        /// Seconds until the first of each session that waits begins, as far as known.
        var waits: [SessionID: Int] = [:]
        /// Wakes the loop when what was put off may be tried again.
        var alarm: (at: Date, task: Task<Void, Never>)?
        var placement: Task<Void, Never>?
        /// A placement that hasn't looked yet, so that what comes now will be in it.
        var nextPlacement: Task<Void, Never>?
    }

    private let sessions: any SessionStore
    private let studies: any StudyStore
    private let board: ProgressBoard
    private let analyse: AnalyseStudy
    private let limits: Limits
    private let order: QueueOrder
    private let drainTime: Duration
    private let places: Workplaces<AnalysisID>
    private let workers: Int
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async -> Void
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - places: how many analyses run at once.
    ///   - workers: how many there are, each of which may take several analyses at once.
    ///   - together: how many analyses one takes at most.
    ///   - drainTime: how long what runs may go on after ``stop()``; then it is parked.
    ///   - sleep: ends after the time, or earlier when the task is cancelled.
    public init(
        sessions: any SessionStore, studies: any StudyStore, board: ProgressBoard, analyse: AnalyseStudy,
        limits: Limits, order: QueueOrder = QueueOrder(), drainTime: Duration = .seconds(20), workers: Int,
        together: Int = 1,
        now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }, logger: Logger
    ) {
        self.sessions = sessions
        self.studies = studies
        self.board = board
        self.analyse = analyse
        self.limits = limits
        self.order = order
        self.drainTime = drainTime
        self.workers = workers
        places = Workplaces(workers * together)
        self.now = now
        self.sleep = sleep
        self.logger = logger
    }

    // MARK: - For those who ask

    /// - Parameters:
    ///   - frame: counted from 0; one that the file has.
    ///   - confirmed: the differences between history and file that somebody has looked at.
    ///   - isBlindFirst: whether findings are held back until somebody's own reading is recorded.
    /// - Throws: ``Fault/modelWithdrawn(_:)``, ``Fault/queueDraining``, and as
    ///   ``StudyStore/enqueue(_:as:limits:)``, with the time after which it is worth to try again.
    public func request(
        of upload: Upload, frame: Int = 0, adjustment: PictureAdjustment = .none,
        confirmed: [IdentityCheck.Field] = [], isBlindFirst: Bool = false
    ) async throws(Fault) -> Analysis {
        let priority = try await admission(in: upload.sessionID)
        let time = now()
        let analysis = Analysis(
            id: .make(at: time), sessionID: upload.sessionID, uploadID: upload.id, frame: frame, adjustment: adjustment,
            createdAt: time, updatedAt: time, confirmedDifferences: confirmed,
            blindFirst: isBlindFirst ? BlindFirst(longest: limits.longestBlind, at: time) : nil)
        do throws(Fault) {
            try await studies.enqueue(analysis, as: priority, limits: limits.queue)
        } catch {
            throw informed(error, upload.sessionID)
        }
        await admit(analysis)
        return analysis
    }

    public func retry(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis {
        let priority = try await admission(in: session)
        let revision = board.current(id)?.revision ?? 0
        let analysis: Analysis
        do throws(Fault) {
            analysis = try await studies.retry(
                id, in: session, as: priority, revision: revision + 1, limits: limits.queue, at: now())
        } catch {
            throw informed(error, session)
        }
        await admit(analysis)
        return analysis
    }

    public func cancel(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis {
        let revision = board.current(id)?.revision ?? 0
        let analysis = try await studies.cancel(id, in: session, revision: revision + 1, at: now())
        places.cancel(id)
        board.finish(analysis)
        await placeWaiting()
        return analysis
    }

    /// Calls off what runs for a session that is being erased.
    public func abandon(_ ids: [AnalysisID]) {
        for id in ids {
            places.cancel(id)
            board.drop(id)
        }
    }

    /// The urgency of a session has gone up: so does what waits of it.
    public func raise(_ session: SessionID, to level: AcuityLevel) async {
        guard let count = try? await studies.raise(session, to: level, at: now()), count > 0 else { return }
        await placeWaiting()
    }

    /// The priority of a session's next analysis.
    private func admission(in session: SessionID) async throws(Fault) -> AcuityLevel {
        guard state.withLock({ $0.control }) != .draining else { throw .queueDraining }
        try await analyse.requireModel()
        return try await sessions.notes(of: session).acuity.level
    }

    /// A refusal with the time after which it is worth to try again.
    private func informed(_ fault: Fault, _ session: SessionID) -> Fault {
        state.withLock { state in
            let isPaused = state.control == .paused
            switch fault {
            case .queueFull:
                // A tenth of the places, so that those who come back then don't all meet the last free one.
                let wait = state.durations.wait(position: max(1, limits.queueLength / 10), workers: workers)
                return .queueFull(retryAfter: isPaused ? 60 : min(max(1, wait), 600))
            case .tooManyWaiting(let limit, _):
                return .tooManyWaiting(
                    limit: limit, retryAfter: isPaused ? 60 : min(max(1, state.waits[session] ?? 5), 600))
            default: return fault
            }
        }
    }

    /// Looks again whether something may run, and tells those who wait, because the model's gate has opened or shut.
    public func wake() {
        places.ring()
        placeSoon()
    }

    private func admit(_ analysis: Analysis) async {
        analyse.traces.remember(analysis.id)
        board.enter(.queued, of: analysis)
        places.ring()
        await placeWaiting()
    }

    // MARK: - For operators

    /// What waits, in its order, with the seconds until it probably begins; what runs; what was given up.
    public struct Overview: Sendable {
        public var state: QueueControl.State
        public var waiting: [(analysis: WaitingAnalysis, seconds: Int?)]
        public var running: [WaitingAnalysis]
        public var dead: [DeadAnalysis]
    }

    public func overview(mostDead: Int = 200) async throws(Fault) -> Overview {
        let control = try await studies.queueControl()
        let time = now()
        let waiting = order.sorted(try await studies.waiting(), turn: control.turn, now: time)
        let durations = state.withLock(\.durations)
        let hold = hold(control.state)
        return Overview(
            state: control.state,
            waiting: waiting.enumerated().map { index, analysis in
                (analysis, seconds(index, analysis, durations, hold, time))
            },
            running: try await studies.running(), dead: try await studies.dead(limit: mostDead))
    }

    /// Pauses the queue, lets it run empty, or lets it go on. It holds over restarts.
    public func set(_ control: QueueControl.State) async throws(Fault) {
        try await studies.setQueueState(control)
        state.withLock { $0.control = control }
        logger.notice("the queue was told to be \(control.rawValue)")
        places.ring()
        await placeWaiting()
    }

    /// Whether analyses are begun.
    public var controlState: QueueControl.State { state.withLock(\.control) }

    /// Puts an analysis back that was given up.
    ///
    /// - Throws: ``Fault/notFound``.
    public func requeue(_ id: AnalysisID) async throws(Fault) -> Analysis {
        let revision = board.current(id)?.revision ?? 0
        let analysis = try await studies.requeueDead(id, revision: revision + 1, at: now())
        await admit(analysis)
        return analysis
    }

    // MARK: - The loop

    /// Runs until ``stop()``; then finishes what runs, or parks it, and returns. What waits stays in the store.
    public func run() async {
        await restore()
        places.ring()
        await places.run(
            next: { await self.claim() }, began: { self.placeSoon() }, work: { await self.work(on: $0) })
        state.withLock { $0.alarm?.task.cancel() }
    }

    /// Takes nothing new from now on.
    public func stop() {
        places.stop()
        Task { [sleep, places, drainTime] in
            await sleep(drainTime)
            places.cancelAll()
        }
    }

    private func restore() async {
        do throws(Fault) {
            let count = try await studies.requeueInterrupted(at: now())
            if count > 0 { logger.notice("interrupted analyses wait again", metadata: ["count": "\(count)"]) }
            let control = try await studies.queueControl()
            state.withLock { $0.control = control.state }
            if control.state != .running { logger.notice("the queue is \(control.state.rawValue)") }
            for waiting in try await studies.waiting() { board.wait(waiting) }
            await placeWaiting()
        } catch {
            logger.error("the queue could not be restored", metadata: ["error": "\(error)"])
        }
    }

    private func claim() async -> (id: AnalysisID, work: ClaimedAnalysis)? {
        guard analyse.gate.isOpen else { return nil }
        do throws(Fault) {
            return try await studies.claimNext(at: now(), by: order).map { ($0.analysis.id, $0) }
        } catch {
            logger.error("no analysis could be taken from the queue", metadata: ["error": "\(error)"])
            ring(after: .seconds(1))
            return nil
        }
    }

    private func ring(after time: Duration) {
        Task { [sleep, places] in
            await sleep(time)
            places.ring()
        }
    }

    private func work(on claimed: ClaimedAnalysis) async {
        let analysis = claimed.analysis
        let started = ContinuousClock.now
        let places = places
        do throws(Fault) {
            let ending = try await analyse(claimed) { places.isStopping }
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            tell(ending, of: analysis, seconds)
        } catch {
            // The row still says that it runs: it waits again at the next start.
            logger.error(
                "the outcome of an analysis could not be written",
                metadata: ["analysis": "\(analysis.id)", "error": "\(error)"])
        }
        placeSoon()
    }

    private func tell(_ ending: AnalyseStudy.Ending, of analysis: Analysis, _ seconds: Double) {
        var metadata: Logger.Metadata = ["analysis": "\(analysis.id)", "attempt": "\(analysis.attempt)"]
        switch ending {
        case .putOff(let pause, let trouble):
            metadata["seconds"] = .stringConvertible((pause * 10).rounded() / 10)
            Counter(
                label: "lightbox_analyses_put_off_total",
                dimensions: [("reason", trouble == .noWorker ? "no-worker" : "lost-worker")]
            ).increment()
            logger.warning("analysis is tried again later", metadata: metadata)
            return
        case .parked:
            logger.notice("analysis is parked until the next start", metadata: metadata)
            return
        case .finished(let outcome, let isDead):
            state.withLock { $0.durations.note(seconds, working: places.running.count, workers: workers) }
            if isDead { Counter(label: "lightbox_analyses_dead_total").increment() }
            metadata["outcome"] = "\(outcome.state.rawValue)"
        case .calledOff: metadata["outcome"] = "called-off"
        }
        Counter(label: "lightbox_analyses_total", dimensions: [("outcome", "\(metadata["outcome"] ?? "")")]).increment()
        Timer(label: "lightbox_analysis_seconds").recordSeconds(seconds)
        logger.info("analysis ended", metadata: metadata)
    }

    // MARK: - Where everybody is

    private func placeSoon() { _ = schedulePlacement() }

    /// Tells those who watch where they are in the queue. What was written before the call counts.
    private func placeWaiting() async { await schedulePlacement().value }

    /// However many ask, one looks at a time, and at most one more will.
    private func schedulePlacement() -> Task<Void, Never> {
        state.withLock { state in
            if let next = state.nextPlacement { return next }
            let before = state.placement
            let task = Task { [self] in
                await before?.value
                self.state.withLock { $0.nextPlacement = nil }
                await place()
            }
            state.placement = task
            state.nextPlacement = task
            return task
        }
    }

    private func place() async {
        guard let rows = try? await studies.waiting(), let control = try? await studies.queueControl() else {
            ring(after: .seconds(1))
            return
        }
        let time = now()
        let waiting = order.sorted(rows, turn: control.turn, now: time)
        let durations = state.withLock(\.durations)
        let hold = hold(control.state)
        Gauge(label: "lightbox_queue_is_paused").record(control.state == .paused ? 1 : 0)
        var waits: [SessionID: Int] = [:]
        for (index, analysis) in waiting.enumerated() {
            let seconds = seconds(index, analysis, durations, hold, time)
            if let seconds, waits[analysis.session] == nil { waits[analysis.session] = seconds }
            board.place(analysis.id, position: index + 1, etaSeconds: seconds, hold: hold)
        }
        state.withLock { $0.waits = waits }
        setAlarm(waiting.lazy.map(\.notBefore).filter { $0 > time }.min(), time)
    }

    private func hold(_ control: QueueControl.State) -> Hold? {
        if control == .paused { return .byOperator }
        return analyse.gate.isShutByCheck ? .byModelCheck : nil
    }

    /// Nil while nobody knows.
    private func seconds(
        _ index: Int, _ analysis: WaitingAnalysis, _ durations: RecentDurations, _ hold: Hold?, _ time: Date
    ) -> Int? {
        guard hold == nil else { return nil }
        let putOff = Int(max(0, analysis.notBefore.timeIntervalSince(time)).rounded(.up))
        return max(putOff, durations.wait(position: index + 1, workers: workers))
    }

    private func setAlarm(_ at: Date?, _ time: Date) {
        guard let at else { return }
        state.withLock { state in
            if let alarm = state.alarm, alarm.at <= at, alarm.at > time { return }
            state.alarm?.task.cancel()
            let task = Task { [sleep, places] in
                await sleep(.seconds(at.timeIntervalSince(time)))
                if !Task.isCancelled { places.ring() }
            }
            state.alarm = (at, task)
        }
    }
}
