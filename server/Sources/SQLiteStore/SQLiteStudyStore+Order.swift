public import Domain
public import Foundation
import GRDB
public import Workflows

/// Who is next, who was put off and who was given up; all of it in plain columns, because none of it is about a person.
///
/// Each row that waits has a round: the present one of its priority, or the one after its session's last. Taking rows by
/// round gives every session one place in each, however many wait of another, and nobody has to remember whose turn it
/// was.
extension SQLiteStudyStore {
    /// A restart leaves a gap in the revisions, so that those which were shown but never written aren't used again.
    private static let revisionGap = 1_000_000

    public func claimNext(at now: Date, by order: QueueOrder) async throws(Fault) -> ClaimedAnalysis? {
        // Most wake-ups find nothing; they shouldn't cost a commit.
        guard try database.lookUp({ try $0.row(Self.anybodyNext, [now.stored]) != nil }) else { return nil }
        return try await database.write { database in
            guard let (row, waiting, upload) = try nextReadable(at: now, by: order, database) else { return nil }
            try database.run(
                """
                UPDATE analyses SET state = 'decoding', attempt = attempt + 1, revision = revision + 1
                WHERE id = ?
                """, [waiting.id.description])
            try database.run("UPDATE queue_control SET turn = turn + 1")
            var analysis = waiting
            analysis.state = .decoding
            analysis.attempt += 1
            analysis.revision += 1
            return ClaimedAnalysis(
                analysis: analysis, upload: upload, tries: row["tries"],
                lostWorkers: try Self.lostWorkers(of: analysis.uploadID, database))
        }
    }

    private func nextReadable(
        at now: Date, by order: QueueOrder, _ database: Database
    ) throws -> (Row, Analysis, Upload)? {
        while let row = try Self.next(at: now, by: order, database) {
            do {
                guard let waiting = try vault.open(row, database, { try Analysis($0, $1, at: now) }),
                    let upload = try upload(waiting.uploadID, in: waiting.sessionID, database)
                else { return nil }
                return (row, waiting, upload)
            } catch is UnreadableRow {
                // One that can't be opened any more must not hold up those behind it.
                try database.execute(
                    sql: "UPDATE analyses SET state = 'failed', updated_at = ? WHERE id = ?",
                    arguments: [now.stored, row["id"]])
            }
        }
        return nil
    }

    private static func next(at now: Date, by order: QueueOrder, _ database: Database) throws -> Row? {
        let control = try control(database)
        guard control.state != .paused else { return nil }
        return try order.choose(
            first: {
                for priority in AcuityLevel.allCases.reversed() {
                    let arguments: StatementArguments = [priority.stored, now.stored]
                    if let row = try database.row(nextWaiting, arguments) { return row }
                }
                return nil
            },
            oldest: {
                try database.row(longestWaiting, [now.stored]).map {
                    ($0, Date(stored: $0["queued_at"]))
                }
            }, turn: control.turn, now: now)
    }

    /// Of one priority. The index is named, so that it stays so however the planner's figures change.
    static let nextWaiting = """
        SELECT * FROM analyses INDEXED BY analyses_waiting
        WHERE state = 'queued' AND priority = ? AND not_before <= ? ORDER BY round, queued_at, id LIMIT 1
        """
    static let longestWaiting = """
        SELECT * FROM analyses INDEXED BY analyses_by_wait
        WHERE state = 'queued' AND not_before <= ? ORDER BY queued_at, id LIMIT 1
        """
    /// In one statement, which sees one moment: what is raised meanwhile must not be missed.
    static let anybodyNext = """
        SELECT 1 FROM analyses INDEXED BY analyses_by_wait
        WHERE state = 'queued' AND not_before <= ? AND (SELECT state FROM queue_control) <> 'paused' LIMIT 1
        """
    static let presentRound = """
        SELECT round FROM analyses INDEXED BY analyses_waiting
        WHERE state = 'queued' AND priority = ? AND not_before <= ? ORDER BY round LIMIT 1
        """
    static let lastRound = """
        SELECT max(round) FROM analyses INDEXED BY analyses_waiting_by_session
        WHERE state = 'queued' AND session_id = ? AND priority = ?
        """
    static let waitingOfSession = """
        SELECT count(*) FROM analyses INDEXED BY analyses_waiting_by_session
        WHERE state = 'queued' AND session_id = ?
        """
    static let waitingOfAll = "SELECT count(*) FROM analyses INDEXED BY analyses_by_wait WHERE state = 'queued'"
    fileprivate static let place = """
        SELECT id, session_id, priority, round, queued_at, not_before, attempt, revision FROM analyses
        """
    static let allWaiting = place + " INDEXED BY analyses_waiting WHERE state = 'queued'"
    static let allRunning = place + " INDEXED BY analyses_running WHERE state = 'decoding'"
    static let lowerWaiting = """
        SELECT id FROM analyses INDEXED BY analyses_waiting_by_session
        WHERE state = 'queued' AND session_id = ? AND priority < ? ORDER BY queued_at, id
        """
    static let dead = "SELECT * FROM analyses WHERE died_at IS NOT NULL ORDER BY died_at DESC LIMIT ?"

    static func nextRound(
        of session: SessionID, _ priority: AcuityLevel, at now: Date, _ database: Database
    ) throws -> Int {
        let present =
            try database.value(Int.self, presentRound, [priority.stored, now.stored]) ?? 0
        let last = try database.value(Int.self, lastRound, [session.description, priority.stored])
        return max(present, last.map { $0 + 1 } ?? 0)
    }

    static func requireRoom(for session: SessionID, _ limits: QueueLimits, _ database: Database) throws {
        let mine = try database.value(Int.self, waitingOfSession, [session.description]) ?? 0
        guard mine < limits.perSession else {
            throw Fault.tooManyWaiting(limit: limits.perSession, retryAfter: nil)
        }
        guard try database.value(Int.self, waitingOfAll) ?? 0 < limits.all else {
            throw Fault.queueFull(retryAfter: nil)
        }
    }

    /// Puts an analysis that has ended at the end of its session's line, with all its tries.
    ///
    /// - Parameter forgives: whether the workers that its picture has ended are forgotten.
    static func requeue(
        _ analysis: Analysis, forgives: Bool = false, as priority: AcuityLevel, revision: Int, at now: Date,
        _ database: Database
    ) throws {
        let round = try nextRound(of: analysis.sessionID, priority, at: now, database)
        try database.execute(
            sql: """
                UPDATE analyses
                SET state = 'queued', outcome = NULL, revision = max(revision + 1, ?), queued_at = ?, updated_at = ?,
                    priority = ?, round = ?, not_before = 0, tries = 0, died_at = NULL, death_code = NULL
                WHERE id = ?
                """,
            arguments: [revision, now.stored, now.stored, priority.stored, round, analysis.id.description])
        guard forgives else { return }
        try database.execute(
            sql: "UPDATE analyses SET deaths = 0 WHERE upload_id = ?", arguments: [analysis.uploadID.description])
    }

    // MARK: - Pictures that end workers

    /// Those of analyses that came to an end aren't held against the picture.
    static let lostWorkers = """
        SELECT sum(deaths) FROM analyses INDEXED BY analyses_by_upload
        WHERE upload_id = ? AND state NOT IN ('completed', 'refused')
        """

    private static func lostWorkers(of upload: UploadID, _ database: Database) throws -> Int {
        try database.value(Int.self, lostWorkers, [upload.description]) ?? 0
    }

    static func isQuarantined(_ upload: UploadID, _ database: Database) throws -> Bool {
        try lostWorkers(of: upload, database) >= QueueLimits.lostWorkersPerPicture
    }

    public func putOff(
        _ id: AnalysisID, attempt: Int, until: Date, after trouble: QueueTrouble?, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis? {
        try await database.write { database in
            try database.execute(
                sql: """
                    UPDATE analyses
                    SET state = 'queued', not_before = ?, tries = tries + ?, deaths = deaths + ?,
                        revision = max(revision + 1, ?), updated_at = ?
                    WHERE id = ? AND attempt = ? AND state = 'decoding'
                    """,
                arguments: [
                    until.stored, trouble == nil ? 0 : 1, trouble == .lostWorker ? 1 : 0, revision, now.stored,
                    id.description, attempt,
                ])
            return database.changesCount == 1 ? try present(id, at: now, database) : nil
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

    public func waiting() async throws(Fault) -> [WaitingAnalysis] {
        try await database.read { try WaitingAnalysis.all(Self.allWaiting, $0) }
    }

    public func running() async throws(Fault) -> [WaitingAnalysis] {
        try await database.read { try WaitingAnalysis.all(Self.allRunning, $0) }
    }

    // MARK: - Given up

    static func bury(_ id: AnalysisID, _ code: String, at now: Date, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE analyses SET died_at = ?, death_code = ? WHERE id = ?",
            arguments: [now.stored, code, id.description])
    }

    public func dead(limit: Int) async throws(Fault) -> [DeadAnalysis] {
        try await database.read { database in
            try Row.fetchAll(database, sql: Self.dead, arguments: [limit]).map { row in
                DeadAnalysis(
                    id: try row.identifier("id"), session: try row.identifier("session_id"), attempts: row["attempt"],
                    code: row["death_code"], diedAt: Date(stored: row["died_at"]))
            }
        }
    }

    public func requeueDead(_ id: AnalysisID, revision: Int, at now: Date) async throws(Fault) -> Analysis {
        try await database.write { database in
            let arguments: StatementArguments = [id.description]
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM analyses WHERE id = ? AND died_at IS NOT NULL",
                    arguments: arguments)
            else { throw Fault.notFound }
            guard let analysis = try vault.open(row, database, { try Analysis($0, $1, at: now) }) else {
                throw Fault.notFound
            }
            try requireOnlyWay(analysis, at: now, database)
            try Self.requeue(
                analysis, forgives: true, as: AcuityLevel(stored: row["priority"]), revision: revision, at: now,
                database)
            return try present(id, at: now, database)
        }
    }

    // MARK: - Urgency

    public func raise(_ session: SessionID, to priority: AcuityLevel, at now: Date) async throws(Fault) -> Int {
        let arguments: StatementArguments = [session.description, priority.stored]
        // Most of the time nothing waits; that shouldn't cost a commit.
        guard try database.lookUp({ try $0.row(Self.lowerWaiting, arguments) != nil }) else { return 0 }
        return try await database.write { database in
            let ids = try String.fetchAll(database, sql: Self.lowerWaiting, arguments: arguments)
            for id in ids {
                let round = try Self.nextRound(of: session, priority, at: now, database)
                try database.execute(
                    sql: "UPDATE analyses SET priority = ?, round = ? WHERE id = ?",
                    arguments: [priority.stored, round, id])
            }
            return ids.count
        }
    }

    // MARK: - What an operator has told

    public func queueControl() async throws(Fault) -> QueueControl {
        try database.lookUp { try Self.control($0) }
    }

    public func setQueueState(_ state: QueueControl.State) async throws(Fault) {
        try await database.write { database in
            try database.execute(sql: "UPDATE queue_control SET state = ?", arguments: [state.rawValue])
        }
    }

    private static func control(_ database: Database) throws -> QueueControl {
        guard let row = try database.row("SELECT state, turn FROM queue_control"),
            let state = QueueControl.State(rawValue: row["state"])
        else { throw UnreadableRow(column: "state") }
        return QueueControl(state: state, turn: row["turn"])
    }
}

extension AcuityLevel {
    /// As the queue's column has it: the larger, the more urgent.
    var stored: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    init(stored: Int) {
        self = Self.allCases.indices.contains(stored) ? Self.allCases[stored] : .routine
    }
}

extension WaitingAnalysis {
    /// All that a statement finds which gives the columns of ``SQLiteStudyStore/place``. Thousands may wait, and are read
    /// whenever one comes or goes: each row is read where it is, by the numbers of its columns.
    fileprivate static func all(_ sql: String, _ database: Database) throws -> [WaitingAnalysis] {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: sql))
        var all: [WaitingAnalysis] = []
        while let row = try rows.next() {
            guard let id = AnalysisID(row[0] as String) else { throw UnreadableRow(column: "id") }
            guard let session = SessionID(row[1] as String) else { throw UnreadableRow(column: "session_id") }
            all.append(
                WaitingAnalysis(
                    id: id, session: session, priority: AcuityLevel(stored: row[2]), round: row[3],
                    queuedAt: Date(stored: row[4]), notBefore: Date(stored: row[5]), attempt: row[6],
                    revision: row[7]))
        }
        return all
    }
}
