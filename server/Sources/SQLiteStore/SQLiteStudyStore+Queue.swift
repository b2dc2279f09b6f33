public import Domain
public import Foundation
import GRDB
public import Workflows

/// The queue is the rows in state `queued`, in the order of `queued_at`. A row in state `decoding` is being worked on by
/// this process: the steps after it are not written.
extension SQLiteStudyStore {
    /// A restart leaves a gap in the revisions, so that those which were shown but never written aren't used again.
    private static let revisionGap = 1_000_000

    public func enqueue(_ analysis: Analysis, limit: Int) async throws(Fault) {
        try await database.write { database in
            guard try Self.upload(analysis.uploadID, in: analysis.sessionID, database) != nil else {
                throw Fault.notFound
            }
            guard try Self.waitingCount(database) < limit else { throw Fault.queueFull }
            try Self.requireOnlyWay(analysis, at: analysis.createdAt, database)
            try database.execute(
                sql: """
                    INSERT INTO analyses
                        (id, session_id, upload_id, state, attempt, revision, queued_at, created_at, updated_at,
                         confirmed_differences, frame, adjustment, blind_seconds)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    analysis.id.description, analysis.sessionID.description, analysis.uploadID.description,
                    analysis.state.rawValue, analysis.attempt, analysis.revision, analysis.createdAt.stored,
                    analysis.createdAt.stored, analysis.updatedAt.stored,
                    try JSONColumn.encode(analysis.confirmedDifferences), analysis.frame,
                    analysis.adjustment == .none ? nil : try JSONColumn.encode(analysis.adjustment),
                    analysis.blindFirst?.longest,
                ])
        }
    }

    public func analysis(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis? {
        let time = now()
        return try await database.read { try Self.analysis(id, in: session, at: time, $0) }
    }

    public func analyses(in session: SessionID) async throws(Fault) -> [Analysis] {
        let time = now()
        return try await database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM analyses WHERE session_id = ? ORDER BY created_at DESC, id DESC",
                arguments: [session.description]
            ).map { try Analysis($0, at: time) }
        }
    }

    public func claimNext(at now: Date) async throws(Fault) -> ClaimedAnalysis? {
        // Most wake-ups find nothing; they shouldn't cost a commit.
        guard try await database.read({ try Row.fetchOne($0, sql: Self.nextWaiting) != nil }) else { return nil }
        return try await database.write { database in
            guard let row = try Row.fetchOne(database, sql: Self.nextWaiting) else { return nil }
            let waiting = try Analysis(row, at: now)
            guard let upload = try Self.upload(waiting.uploadID, in: waiting.sessionID, database) else { return nil }
            try database.execute(
                sql: """
                    UPDATE analyses SET state = 'decoding', attempt = attempt + 1, revision = revision + 1
                    WHERE id = ?
                    """,
                arguments: [waiting.id.description])
            var analysis = waiting
            analysis.state = .decoding
            analysis.attempt += 1
            analysis.revision += 1
            return ClaimedAnalysis(analysis: analysis, upload: upload)
        }
    }

    static let nextWaiting = "SELECT * FROM analyses WHERE state = 'queued' ORDER BY queued_at, id LIMIT 1"

    public func finish(
        _ id: AnalysisID, attempt: Int, outcome: Analysis.Outcome, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis? {
        try await database.write { database in
            try database.execute(
                sql: """
                    UPDATE analyses SET state = ?, outcome = ?, revision = max(revision + 1, ?), updated_at = ?
                    WHERE id = ? AND attempt = ? AND state = 'decoding'
                    """,
                arguments: [
                    outcome.state.rawValue, try JSONColumn.encode(outcome), revision, now.stored, id.description,
                    attempt,
                ])
            guard database.changesCount == 1 else { return nil }
            return try Row.fetchOne(database, sql: Self.byID, arguments: [id.description])
                .map { try Analysis($0, at: now) }
        }
    }

    public func cancel(
        _ id: AnalysisID, in session: SessionID, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis {
        try await database.write { database in
            guard let analysis = try Self.analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            guard !analysis.state.isFinal else { throw Fault.analysisFinished }
            try database.execute(
                sql: """
                    UPDATE analyses SET state = 'cancelled', outcome = ?, revision = max(revision + 1, ?), updated_at = ?
                    WHERE id = ?
                    """,
                arguments: [
                    try JSONColumn.encode(Analysis.Outcome.cancelled), revision, now.stored, id.description,
                ])
            return try Self.present(id, at: now, database)
        }
    }

    public func retry(
        _ id: AnalysisID, in session: SessionID, revision: Int, limit: Int, at now: Date
    ) async throws(Fault) -> Analysis {
        try await database.write { database in
            guard let analysis = try Self.analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            guard analysis.isRetryable else { throw Fault.analysisNotRetryable }
            guard try Self.waitingCount(database) < limit else { throw Fault.queueFull }
            try Self.requireOnlyWay(analysis, at: now, database)
            try database.execute(
                sql: """
                    UPDATE analyses
                    SET state = 'queued', outcome = NULL, revision = max(revision + 1, ?), queued_at = ?, updated_at = ?
                    WHERE id = ?
                    """,
                arguments: [revision, now.stored, now.stored, id.description])
            return try Self.present(id, at: now, database)
        }
    }

    public func requeueInterrupted(at now: Date) async throws(Fault) -> Int {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE analyses SET state = 'queued', updated_at = ? WHERE state = 'decoding'",
                arguments: [now.stored])
            let count = database.changesCount
            try database.execute(
                sql: "UPDATE analyses SET revision = revision + ? WHERE state = 'queued'",
                arguments: [Self.revisionGap])
            return count
        }
    }

    public func waiting() async throws(Fault) -> [AnalysisID] {
        try await database.read { database in
            try String.fetchAll(
                database, sql: "SELECT id FROM analyses WHERE state = 'queued' ORDER BY queued_at, id"
            ).compactMap { AnalysisID($0) }
        }
    }

    // MARK: -

    private static let byID = "SELECT * FROM analyses WHERE id = ?"

    static func analysis(
        _ id: AnalysisID, in session: SessionID, at now: Date, _ database: Database
    ) throws -> Analysis? {
        try Row.fetchOne(
            database, sql: byID + " AND session_id = ?", arguments: [id.description, session.description]
        ).map { try Analysis($0, at: now) }
    }

    static func present(_ id: AnalysisID, at now: Date, _ database: Database) throws -> Analysis {
        guard let row = try Row.fetchOne(database, sql: byID, arguments: [id.description]) else {
            throw Fault.notFound
        }
        return try Analysis(row, at: now)
    }

    private static func waitingCount(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM analyses WHERE state = 'queued'") ?? 0
    }
}
