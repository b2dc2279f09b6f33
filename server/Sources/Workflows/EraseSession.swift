public import Domain
public import Foundation
import Metrics

/// Erases everything that a session owns.
public struct EraseSession: Sendable {
    let sessions: any SessionStore
    let studies: any StudyStore
    let blobs: any BlobStore
    let keys: any SessionKeys
    let queue: AnalysisQueue
    let board: AnswerBoard
    let press: ReportPress
    let audit: any Audit
    let now: @Sendable () -> Date

    public init(
        sessions: any SessionStore, studies: any StudyStore, blobs: any BlobStore, keys: any SessionKeys,
        queue: AnalysisQueue, board: AnswerBoard, press: ReportPress, audit: any Audit,
        now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.studies = studies
        self.blobs = blobs
        self.keys = keys
        self.queue = queue
        self.board = board
        self.press = press
        self.audit = audit
        self.now = now
    }

    /// For so long an erasure waits for those who read the database; its receipt says how that ended.
    private static let patience = Duration.seconds(2)

    /// - Returns: the receipt, and whether the wrapped key is gone from the database's log too. Where somebody reads the
    ///   database, as a backup does, it goes as soon as they have finished.
    /// - Throws: ``Fault/notFound`` if it is gone already.
    public func callAsFunction(
        _ id: SessionID
    ) async throws(Fault) -> (receipt: ErasureReceipt, isLogEmpty: Bool) {
        guard let erased = try await sessions.erase([id]).first else { throw .notFound }
        do throws(Fault) {
            try await finish(erased)
        } catch {
            await sessions.emptyLog(within: .zero)
            throw error
        }
        let isLogEmpty = await sessions.emptyLog(within: Self.patience)
        let time = now()
        return (ErasureReceipt(id: .make(at: time), erasedAt: time, contents: erased.contents), isLogEmpty)
    }

    /// Ends a session for whoever holds its token, at once, and erases it. Should the erasing fail or the process end,
    /// the next ``sweep(_:batch:)`` does it: nobody can come back to the session, so that it isn't kept.
    public func logOff(_ id: SessionID) async throws(Fault) {
        try await sessions.revoke(id, at: now())
        Task { _ = try? await self(id) }
    }

    /// Once the rows are gone, and with them the key, stops what works on them and removes the files.
    private func finish(_ erased: ErasedSession) async throws(Fault) {
        keys.forget(erased.id)
        queue.abandon(erased.unfinished)
        board.stopAll(in: erased.id)
        press.abandon(erased.id)
        try await blobs.deleteAll(in: erased.id)
    }

    // MARK: - Sweeping

    /// The backlog is counted up to here, once a sweep: counting it takes as long as there are many.
    private static let longestBacklog = 1_000_000

    /// Erases sessions that are over, some in one transaction, and lets others work for as long between two.
    ///
    /// - Parameter batch: so many in one transaction.
    /// - Returns: how many were erased.
    /// - Throws: what kept it from going on. Files that could not be removed belong to nobody any more and can't be
    ///   opened by anybody; the next start removes them.
    public func sweep(_ lifetime: SessionLifetime, batch: Int = 200) async throws(Fault) -> Int {
        var count = 0
        var trouble: Fault?
        var backlog: Int?
        while !Task.isCancelled {
            let started = ContinuousClock.now
            let ended = try await sessions.ended(lifetime, at: now(), limit: batch)
            let erased = ended.isEmpty ? [] : try await sessions.erase(ended)
            for session in erased {
                audit.add(
                    AuditRecord(at: now(), actor: AuditActor(.system, session: session.id), event: .sessionExpired))
                do throws(Fault) {
                    try await finish(session)
                } catch {
                    trouble = error
                }
            }
            count += erased.count
            let taken = ContinuousClock.now - started
            SweepMetrics.note(erased.count, in: taken)
            guard ended.count == batch else { break }
            let left: Int
            if let known = backlog {
                left = max(0, known - erased.count)
            } else {
                left = try await sessions.backlog(lifetime, at: now(), limit: Self.longestBacklog)
            }
            backlog = left
            SweepMetrics.backlog.record(left)
            try? await Task.sleep(for: min(taken, .seconds(1)))
        }
        if count > 0 { await sessions.emptyLog(within: .zero) }
        SweepMetrics.backlog.record(0)
        if let trouble { throw trouble }
        return count
    }
}

private enum SweepMetrics {
    static let backlog = Gauge(label: "lightbox_sessions_sweep_backlog")
    private static let swept = Counter(label: "lightbox_sessions_swept_total")
    private static let seconds = Timer(label: "lightbox_sessions_sweep_batch_seconds")

    static func note(_ count: Int, in time: Duration) {
        guard count > 0 else { return }
        swept.increment(by: count)
        seconds.recordSeconds(time / .seconds(1))
    }
}
