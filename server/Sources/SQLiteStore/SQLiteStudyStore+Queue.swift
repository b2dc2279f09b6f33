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
        try await database.write(making: analysis.id.description) { database in
            guard try Self.row(of: analysis.uploadID, in: analysis.sessionID, database) != nil else {
                throw Fault.notFound
            }
            let key = try vault.key(of: analysis.sessionID, database)
            let id = analysis.id.description
            try Self.requireRoom(for: analysis.sessionID, limits, database)
            guard try !Self.isQuarantined(analysis.uploadID, database) else { throw Fault.analysisQuarantined }
            try requireOnlyWay(analysis, at: analysis.createdAt, database)
            let round = try Self.nextRound(of: analysis.sessionID, priority, at: analysis.createdAt, database)
            try database.run(
                """
                INSERT INTO analyses
                    (id, session_id, upload_id, state, attempt, revision, queued_at, created_at, updated_at,
                     confirmed_differences, frame, adjustment, blind_seconds, priority, round)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, analysis.sessionID.description, analysis.uploadID.description,
                    analysis.state.rawValue, analysis.attempt, analysis.revision, analysis.createdAt.stored,
                    analysis.createdAt.stored, analysis.updatedAt.stored,
                    try key.seal(json: analysis.confirmedDifferences, as: .confirmedDifferences, row: id),
                    analysis.frame,
                    analysis.adjustment == .none
                        ? nil : try key.seal(json: analysis.adjustment, as: .adjustment, row: id),
                    analysis.blindFirst?.longest, priority.stored, round,
                ])
        }
    }

    public func analysis(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis? {
        let time = now()
        return try database.lookUp(
            in: session, { try $0.row(Self.byIDInSession, [id.description, session.description]) },
            { try Analysis($0, $1, at: time) })
    }

    public func analyses(in session: SessionID) async throws(Fault) -> [Analysis] {
        let time = now()
        return try await database.read { database in
            let rows = try database.rows(
                "SELECT * FROM analyses WHERE session_id = ? ORDER BY created_at DESC, id DESC", [session.description])
            return try vault.open(rows, of: session, database) { try Analysis($0, $1, at: time) }
        }
    }

    public func marks(in session: SessionID) async throws(Fault) -> [AnalysisMark] {
        let time = now()
        return try await database.read { database in
            try database.rows(
                "SELECT \(AnalysisMark.columns) FROM analyses WHERE session_id = ?", [session.description]
            ).map { try AnalysisMark($0, at: time) }
        }
    }

    public func finish(
        _ id: AnalysisID, attempt: Int, outcome: Analysis.Outcome, isDead: Bool, lostWorker: Bool,
        revision: Int, at now: Date
    ) async throws(Fault) -> Analysis? {
        try await database.write { database in
            let owner = try database.value(
                String.self, "SELECT session_id FROM analyses WHERE id = ?", [id.description])
            guard let session = owner.flatMap({ SessionID($0) }) else { return nil }
            let key = try vault.key(of: session, database)
            try database.run(
                """
                UPDATE analyses SET state = ?, outcome = ?, model = ?, model_version = ?, deaths = deaths + ?,
                    revision = max(revision + 1, ?), updated_at = ?
                WHERE id = ? AND attempt = ? AND state = 'decoding'
                """,
                [
                    outcome.state.rawValue, try key.seal(json: outcome, as: .outcome, row: id.description),
                    outcome.model?.id, outcome.model?.version, lostWorker ? 1 : 0, revision, now.stored, id.description,
                    attempt,
                ])
            guard database.changesCount == 1 else { return nil }
            if isDead, case .failed(let failure) = outcome { try Self.bury(id, failure.code, at: now, database) }
            return try present(id, outcome, at: now, database)
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
            // An operator sees it, so that there is something to put back.
            if try Self.isQuarantined(analysis.uploadID, database) {
                try Self.bury(id, Analysis.Failure.quarantined.code, at: now, database)
            }
            return try present(id, at: now, database)
        }
    }

    public func retry(
        _ id: AnalysisID, in session: SessionID, as priority: AcuityLevel, revision: Int, limits: QueueLimits,
        at now: Date
    ) async throws(Fault) -> Analysis {
        try await database.write(making: id.description) { database in
            guard let analysis = try analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            // Of those that can't be tried again, it is what there is to say.
            let isQuarantined = try Self.isQuarantined(analysis.uploadID, database)
            guard analysis.isRetryable || isQuarantined && analysis.state == .failed else {
                throw Fault.analysisNotRetryable
            }
            guard !isQuarantined else { throw Fault.analysisQuarantined }
            try Self.requireRoom(for: session, limits, database)
            try requireOnlyWay(analysis, at: now, database)
            try Self.requeue(analysis, as: priority, revision: revision, at: now, database)
            return try present(id, at: now, database)
        }
    }

    // MARK: -

    private static let byID = "SELECT * FROM analyses WHERE id = ?"
    private static let byIDInSession = byID + " AND session_id = ?"

    func analysis(
        _ id: AnalysisID, in session: SessionID, at now: Date, _ database: Database
    ) throws -> Analysis? {
        let row = try database.row(Self.byIDInSession, [id.description, session.description])
        return try vault.open(row, of: session, database) { try Analysis($0, $1, at: now) }
    }

    /// - Parameter outcome: where it is known, because it was written just now.
    func present(
        _ id: AnalysisID, _ outcome: Analysis.Outcome? = nil, at now: Date, _ database: Database
    ) throws -> Analysis {
        let row = try database.row(Self.byID, [id.description])
        guard let analysis = try vault.open(row, database, { try Analysis($0, $1, outcome, at: now) }) else {
            throw Fault.notFound
        }
        return analysis
    }
}

extension Analysis.Outcome {
    /// What made the result, if there is one.
    fileprivate var model: (id: String, version: String)? {
        guard case .completed(let result) = self else { return nil }
        return (result.model.id, result.model.version)
    }
}
