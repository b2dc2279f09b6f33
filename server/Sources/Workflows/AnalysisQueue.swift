public import Domain
public import Foundation
public import Logging
import Metrics
import Synchronization

/// Runs the analyses that wait, as many at once as there are workers. The queue itself is in the store, so that what was
/// accepted survives the end of the process.
public final class AnalysisQueue: Sendable {
    private struct State {
        var running: [AnalysisID: Task<Void, Never>] = [:]
        var isStopping = false
        /// A moving mean of the time one analysis takes, in seconds.
        var meanSeconds = 0.5
    }

    private let studies: any StudyStore
    private let board: ProgressBoard
    private let analyse: AnalyseStudy
    private let limits: Limits
    private let places: Int
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let state = Mutex(State())
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    /// - Parameter places: how many analyses run at once.
    public init(
        studies: any StudyStore, board: ProgressBoard, analyse: AnalyseStudy, limits: Limits, places: Int,
        now: @escaping @Sendable () -> Date, logger: Logger
    ) {
        self.studies = studies
        self.board = board
        self.analyse = analyse
        self.limits = limits
        self.places = places
        self.now = now
        self.logger = logger
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: - For those who ask

    /// - Parameters:
    ///   - frame: counted from 0; one that the file has.
    ///   - confirmed: the differences between history and file that somebody has looked at.
    ///   - isBlindFirst: whether findings are held back until somebody's own reading is recorded.
    /// - Throws: ``Fault/modelWithdrawn(_:)``, and as ``StudyStore/enqueue(_:limit:)``.
    public func request(
        of upload: Upload, frame: Int = 0, adjustment: PictureAdjustment = .none,
        confirmed: [IdentityCheck.Field] = [], isBlindFirst: Bool = false
    ) async throws(Fault) -> Analysis {
        try await analyse.requireModel()
        let time = now()
        let analysis = Analysis(
            id: .make(at: time), sessionID: upload.sessionID, uploadID: upload.id, frame: frame, adjustment: adjustment,
            createdAt: time, updatedAt: time, confirmedDifferences: confirmed,
            blindFirst: isBlindFirst ? BlindFirst(longest: limits.longestBlind, at: time) : nil)
        try await studies.enqueue(analysis, limit: limits.queueLength)
        await admit(analysis)
        return analysis
    }

    public func retry(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis {
        try await analyse.requireModel()
        let revision = board.current(id)?.revision ?? 0
        let analysis = try await studies.retry(
            id, in: session, revision: revision + 1, limit: limits.queueLength, at: now())
        await admit(analysis)
        return analysis
    }

    public func cancel(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis {
        let revision = board.current(id)?.revision ?? 0
        let analysis = try await studies.cancel(id, in: session, revision: revision + 1, at: now())
        state.withLock { $0.running[id] }?.cancel()
        board.finish(analysis)
        await placeWaiting()
        return analysis
    }

    /// Calls off what runs for a session that is being erased.
    public func abandon(_ ids: [AnalysisID]) {
        for task in state.withLock({ state in ids.compactMap { state.running[$0] } }) { task.cancel() }
    }

    private func admit(_ analysis: Analysis) async {
        analyse.traces.remember(analysis.id)
        board.enter(.queued, of: analysis)
        ring.yield()
        await placeWaiting()
    }

    /// Looks again whether something may run, because the model's gate has opened.
    public func wake() {
        ring.yield()
    }

    // MARK: - The loop

    /// Runs until ``stop()``; then finishes what runs and returns. What waits stays in the store.
    public func run() async {
        await restore()
        ring.yield()
        await withDiscardingTaskGroup { group in
            for await _ in bell {
                while hasPlace, let claimed = await claim() {
                    let task = Task { await work(on: claimed) }
                    state.withLock { $0.running[claimed.analysis.id] = task }
                    group.addTask { [self] in
                        await task.value
                        state.withLock { $0.running[claimed.analysis.id] = nil }
                        ring.yield()
                    }
                    await placeWaiting()
                }
            }
        }
    }

    /// Takes nothing new from now on.
    public func stop() {
        state.withLock { $0.isStopping = true }
        ring.finish()
    }

    private var hasPlace: Bool {
        analyse.gate.isOpen && state.withLock { !$0.isStopping && $0.running.count < places }
    }

    private func restore() async {
        do throws(Fault) {
            let count = try await studies.requeueInterrupted(at: now())
            if count > 0 { logger.notice("interrupted analyses wait again", metadata: ["count": "\(count)"]) }
        } catch {
            logger.error("the queue could not be restored", metadata: ["error": "\(error)"])
        }
    }

    private func claim() async -> ClaimedAnalysis? {
        do throws(Fault) {
            return try await studies.claimNext(at: now())
        } catch {
            logger.error("no analysis could be taken from the queue", metadata: ["error": "\(error)"])
            retryLater()
            return nil
        }
    }

    /// The store had a fault: the bell rings again after a second, whether or not anything new comes in.
    private func retryLater() {
        Task { [ring] in
            try? await Task.sleep(for: .seconds(1))
            ring.yield()
        }
    }

    private func work(on claimed: ClaimedAnalysis) async {
        let analysis = claimed.analysis
        let started = ContinuousClock.now
        do throws(Fault) {
            let outcome = try await analyse(claimed)
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            state.withLock { $0.meanSeconds = 0.8 * $0.meanSeconds + 0.2 * seconds }
            let ending = outcome?.state.rawValue ?? "called-off"
            Counter(label: "lightbox_analyses_total", dimensions: [("outcome", ending)]).increment()
            Timer(label: "lightbox_analysis_seconds").recordSeconds(seconds)
            logger.info(
                "analysis ended",
                metadata: ["analysis": "\(analysis.id)", "outcome": "\(ending)", "attempt": "\(analysis.attempt)"])
        } catch {
            // The row still says that it runs: it waits again at the next start.
            logger.error(
                "the outcome of an analysis could not be written",
                metadata: ["analysis": "\(analysis.id)", "error": "\(error)"])
        }
    }

    /// Tells those who watch where they are in the queue.
    private func placeWaiting() async {
        guard let waiting = try? await studies.waiting() else { return }
        let mean = state.withLock { $0.meanSeconds }
        Gauge(label: "lightbox_queue_waiting").record(waiting.count)
        for (index, id) in waiting.enumerated() {
            let eta = Int((Double(index + 1) * mean / Double(max(1, places))).rounded(.up))
            board.place(id, position: index + 1, etaSeconds: eta)
        }
    }
}
