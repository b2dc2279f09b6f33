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
            guard try upload(analysis.uploadID, in: analysis.sessionID, database) != nil else {
                throw Fault.notFound
            }
            let key = try vault.key(of: analysis.sessionID, database)
            let id = analysis.id.description
            guard try Self.waitingCount(database) < limit else { throw Fault.queueFull }
            try requireOnlyWay(analysis, at: analysis.createdAt, database)
            try database.execute(
                sql: """
                    INSERT INTO analyses
                        (id, session_id, upload_id, state, attempt, revision, queued_at, created_at, updated_at,
                         confirmed_differences, frame, adjustment, blind_seconds)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, analysis.sessionID.description, analysis.uploadID.description,
                    analysis.state.rawValue, analysis.attempt, analysis.revision, analysis.createdAt.stored,
                    analysis.createdAt.stored, analysis.updatedAt.stored,
                    try key.seal(json: analysis.confirmedDifferences, as: .confirmedDifferences, row: id),
                    analysis.frame,
                    analysis.adjustment == .none
                        ? nil : try key.seal(json: analysis.adjustment, as: .adjustment, row: id),
                    analysis.blindFirst?.longest,
                ])
        }
    }

    public func analysis(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis? {
        let time = now()
        return try await database.read { try analysis(id, in: session, at: time, $0) }
    }

    public func analyses(in session: SessionID) async throws(Fault) -> [Analysis] {
        let time = now()
        return try await database.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM analyses WHERE session_id = ? ORDER BY created_at DESC, id DESC",
                arguments: [session.description])
            return try vault.open(rows, of: session, database) { try Analysis($0, $1, at: time) }
        }
    }

    public func claimNext(at now: Date) async throws(Fault) -> ClaimedAnalysis? {
        // Most wake-ups find nothing; they shouldn't cost a commit.
        guard try await database.read({ try Row.fetchOne($0, sql: Self.nextWaiting) != nil }) else { return nil }
        return try await database.write { database in
            guard let (waiting, upload) = try nextReadable(at: now, database) else { return nil }
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

    private func nextReadable(at now: Date, _ database: Database) throws -> (Analysis, Upload)? {
        while let row = try Row.fetchOne(database, sql: Self.nextWaiting) {
            do {
                guard let waiting = try vault.open(row, database, { try Analysis($0, $1, at: now) }),
                    let upload = try upload(waiting.uploadID, in: waiting.sessionID, database)
                else { return nil }
                return (waiting, upload)
            } catch is UnreadableRow {
                // One that can't be opened any more must not hold up those behind it.
                try database.execute(
                    sql: "UPDATE analyses SET state = 'failed', updated_at = ? WHERE id = ?",
                    arguments: [now.stored, row["id"]])
            }
        }
        return nil
    }

    static let nextWaiting = "SELECT * FROM analyses WHERE state = 'queued' ORDER BY queued_at, id LIMIT 1"

    public func finish(
        _ id: AnalysisID, attempt: Int, outcome: Analysis.Outcome, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis? {
        try await database.write { database in
            let owner = try String.fetchOne(
                database, sql: "SELECT session_id FROM analyses WHERE id = ?", arguments: [id.description])
            guard let session = owner.flatMap({ SessionID($0) }) else { return nil }
            let key = try vault.key(of: session, database)
            try database.execute(
                sql: """
                    UPDATE analyses SET state = ?, outcome = ?, model = ?, model_version = ?,
                        revision = max(revision + 1, ?), updated_at = ?
                    WHERE id = ? AND attempt = ? AND state = 'decoding'
                    """,
                arguments: [
                    outcome.state.rawValue, try key.seal(json: outcome, as: .outcome, row: id.description),
                    outcome.model?.id, outcome.model?.version, revision, now.stored, id.description, attempt,
                ])
            guard database.changesCount == 1 else { return nil }
            return try present(id, at: now, database)
        }
    }

    public func cancel(
        _ id: AnalysisID, in session: SessionID, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis {
        try await database.write { database in
            guard let analysis = try analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            guard !analysis.state.isFinal else { throw Fault.analysisFinished }
            try database.execute(
                sql: """
                    UPDATE analyses SET state = 'cancelled', outcome = ?, revision = max(revision + 1, ?), updated_at = ?
                    WHERE id = ?
                    """,
                arguments: [
                    try vault.key(of: session, database)
                        .seal(json: Analysis.Outcome.cancelled, as: .outcome, row: id.description),
                    revision, now.stored, id.description,
                ])
            return try present(id, at: now, database)
        }
    }

    public func retry(
        _ id: AnalysisID, in session: SessionID, revision: Int, limit: Int, at now: Date
    ) async throws(Fault) -> Analysis {
        try await database.write { database in
            guard let analysis = try analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            guard analysis.isRetryable else { throw Fault.analysisNotRetryable }
            guard try Self.waitingCount(database) < limit else { throw Fault.queueFull }
            try requireOnlyWay(analysis, at: now, database)
            try database.execute(
                sql: """
                    UPDATE analyses
                    SET state = 'queued', outcome = NULL, revision = max(revision + 1, ?), queued_at = ?, updated_at = ?
                    WHERE id = ?
                    """,
                arguments: [revision, now.stored, now.stored, id.description])
            return try present(id, at: now, database)
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

    func analysis(
        _ id: AnalysisID, in session: SessionID, at now: Date, _ database: Database
    ) throws -> Analysis? {
        let row = try Row.fetchOne(
            database, sql: Self.byID + " AND session_id = ?", arguments: [id.description, session.description])
        return try vault.open(row, of: session, database) { try Analysis($0, $1, at: now) }
    }

    func present(_ id: AnalysisID, at now: Date, _ database: Database) throws -> Analysis {
        let row = try Row.fetchOne(database, sql: Self.byID, arguments: [id.description])
        guard let analysis = try vault.open(row, database, { try Analysis($0, $1, at: now) }) else {
            throw Fault.notFound
        }
        return analysis
    }

    private static func waitingCount(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM analyses WHERE state = 'queued'") ?? 0
    }
}

extension Analysis.Outcome {
    /// What made the result, if there is one.
    fileprivate var model: (id: String, version: String)? {
        guard case .completed(let result) = self else { return nil }
        return (result.model.id, result.model.version)
    }
}
