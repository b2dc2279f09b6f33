public import Domain
public import Foundation
import GRDB
public import Workflows

/// The queue is the rows in state `queued`; SQLiteStudyStore+Order.swift says who is next. A row in state `decoding` is
/// being worked on by this process: the steps after it are not written.
extension SQLiteStudyStore {
    public func enqueue(
        _ analysis: Analysis, as priority: AcuityLevel, limits: QueueLimits
    ) async throws(Fault) {
        try await database.write { database in
            guard try Self.upload(analysis.uploadID, in: analysis.sessionID, database) != nil else {
                throw Fault.notFound
            }
            try Self.requireRoom(for: analysis.sessionID, limits, database)
            try Self.requireOnlyWay(analysis, at: analysis.createdAt, database)
            let round = try Self.nextRound(of: analysis.sessionID, priority, at: analysis.createdAt, database)
            try database.execute(
                sql: """
                    INSERT INTO analyses
                        (id, session_id, upload_id, state, attempt, revision, queued_at, created_at, updated_at,
                         confirmed_differences, frame, adjustment, blind_seconds, priority, round)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    analysis.id.description, analysis.sessionID.description, analysis.uploadID.description,
                    analysis.state.rawValue, analysis.attempt, analysis.revision, analysis.createdAt.stored,
                    analysis.createdAt.stored, analysis.updatedAt.stored,
                    try JSONColumn.encode(analysis.confirmedDifferences), analysis.frame,
                    analysis.adjustment == .none ? nil : try JSONColumn.encode(analysis.adjustment),
                    analysis.blindFirst?.longest, priority.stored, round,
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

    public func finish(
        _ id: AnalysisID, attempt: Int, outcome: Analysis.Outcome, isDead: Bool, revision: Int, at now: Date
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
            if isDead, case .failed(let failure) = outcome { try Self.bury(id, failure.code, at: now, database) }
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
        _ id: AnalysisID, in session: SessionID, as priority: AcuityLevel, revision: Int, limits: QueueLimits,
        at now: Date
    ) async throws(Fault) -> Analysis {
        try await database.write { database in
            guard let analysis = try Self.analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            guard analysis.isRetryable else { throw Fault.analysisNotRetryable }
            try Self.requireRoom(for: session, limits, database)
            try Self.requireOnlyWay(analysis, at: now, database)
            try Self.requeue(analysis, as: priority, revision: revision, at: now, database)
            return try Self.present(id, at: now, database)
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
}
