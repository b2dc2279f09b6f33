public import Domain
public import Foundation
import GRDB
public import Workflows

/// Sessions and intakes in SQLite.
public struct SQLiteSessionStore: SessionStore {
    let database: SQLiteDatabase
    private var vault: RowVault { database.vault }

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func insert(_ session: Session, tokenHash: [UInt8], wrappedKey: [UInt8]) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at, wrapped_key)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    session.id.description, Data(tokenHash), session.createdAt.stored, session.lastSeenAt.stored,
                    session.consent.version, session.consent.acceptedAt.stored, Data(wrappedKey),
                ])
            try SessionName.insert(session.id, database)
        }
    }

    public func wrappedKey(of id: SessionID) async throws(Fault) -> [UInt8]? {
        try await database.read { database in
            try Data.fetchOne(
                database, sql: "SELECT wrapped_key FROM sessions WHERE id = ?", arguments: [id.description]
            ).map { [UInt8]($0) }
        }
    }

    public func setFirstKey(_ wrappedKey: [UInt8], of id: SessionID) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE sessions SET wrapped_key = ? WHERE id = ? AND wrapped_key = x''",
                arguments: [Data(wrappedKey), id.description])
        }
    }

    public func masterKeyProof() async throws(Fault) -> [UInt8]? {
        try await database.read { database in
            try Data.fetchOne(database, sql: "SELECT proof FROM master_key_proof").map { [UInt8]($0) }
        }
    }

    public func setMasterKeyProof(_ proof: [UInt8]) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO master_key_proof (id, proof) VALUES (1, ?)", arguments: [Data(proof)])
        }
    }

    public func session(tokenHash: [UInt8]) async throws(Fault) -> Session? {
        try database.lookUp { database in
            let statement = try database.cachedStatement(sql: Self.byToken)
            return try Row.fetchOne(statement, arguments: [Data(tokenHash)]).map(Session.init)
        }
    }

    static let byToken = """
        SELECT id, created_at, last_seen_at, consent_version, consent_at FROM sessions
        WHERE token_hash = ? AND revoked_at IS NULL
        """

    public func revoke(_ id: SessionID, at now: Date) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                arguments: [now.stored, id.description])
        }
    }

    public func exists(_ id: SessionID) async throws(Fault) -> Bool {
        try await database.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)", arguments: [id.description])
                ?? false
        }
    }

    public func touch(_ id: SessionID, at now: Date) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE sessions SET last_seen_at = max(last_seen_at, ?) WHERE id = ?",
                arguments: [now.stored, id.description])
        }
    }

    public func contents(of id: SessionID) async throws(Fault) -> SessionContents {
        try await database.read { try Self.contents(of: id, in: $0) }
    }

    public func erase(_ ids: [SessionID]) async throws(Fault) -> [ErasedSession] {
        let erased = try await database.write { database in
            try ids.compactMap { id in
                let contents = try Self.contents(of: id, in: database)
                let unfinished = try String.fetchAll(
                    database, sql: Self.unfinished, arguments: [id.description])
                let delete = try database.cachedStatement(sql: "DELETE FROM sessions WHERE id = ?")
                try delete.execute(arguments: [id.description])
                guard database.changesCount == 1 else { return nil as ErasedSession? }
                return ErasedSession(
                    id: id, contents: contents, unfinished: unfinished.compactMap { AnalysisID($0) })
            }
        }
        for session in erased { vault.forget(session.id) }
        return erased
    }

    public func emptyLog(within patience: Duration) async -> Bool {
        await database.emptyLog(within: patience)
    }

    static let unfinished = """
        SELECT id FROM analyses WHERE session_id = ? AND state NOT IN ('completed', 'refused', 'failed', 'cancelled')
        """

    public func ended(_ lifetime: SessionLifetime, at now: Date, limit: Int) async throws(Fault) -> [SessionID] {
        try await database.read { database in
            var found: [String] = []
            for query in Self.ended {
                guard found.count < limit else { break }
                found += try String.fetchAll(
                    database, sql: "SELECT id \(query) LIMIT :limit",
                    arguments: Self.limits(lifetime, now, limit - found.count, for: query))
            }
            return found.compactMap { SessionID($0) }
        }
    }

    public func backlog(_ lifetime: SessionLifetime, at now: Date, limit: Int) async throws(Fault) -> Int {
        try await database.read { database in
            var count = 0
            for query in Self.ended where count < limit {
                count +=
                    try Int.fetchOne(
                        database, sql: "SELECT count(*) \(query)",
                        arguments: Self.limits(lifetime, now, nil, for: query)) ?? 0
            }
            return min(count, limit)
        }
    }

    private static func limits(
        _ lifetime: SessionLifetime, _ now: Date, _ limit: Int?, for query: String
    ) -> StatementArguments {
        let all: [String: (any DatabaseValueConvertible)?] = [
            "idle": now.addingTimeInterval(-lifetime.idle).stored,
            "absolute": now.addingTimeInterval(-lifetime.absolute).stored, "limit": limit,
        ]
        return StatementArguments(all.filter { $0.key == "limit" ? limit != nil : query.contains(":\($0.key)") })
    }

    /// Sessions that are over, each in one of these, and each found by an index of its own.
    static let ended = [
        "FROM sessions WHERE revoked_at IS NOT NULL",
        "FROM sessions INDEXED BY sessions_by_last_seen WHERE last_seen_at <= :idle AND revoked_at IS NULL",
        """
        FROM sessions INDEXED BY sessions_by_creation
        WHERE created_at <= :absolute AND last_seen_at > :idle AND revoked_at IS NULL
        """,
    ]

    public func lastUse() async throws(Fault) -> Date? {
        try await database.read { database in
            try Double.fetchOne(database, sql: Self.latestUse).map { Date(stored: $0) }
        }
    }

    static let latestUse = "SELECT max(last_seen_at) FROM sessions"

    static let contents = """
        SELECT (SELECT count(*) FROM uploads WHERE session_id = :id) AS uploads,
            (SELECT count(*) FROM analyses WHERE session_id = :id) AS analyses,
            (SELECT count(*) FROM reports WHERE session_id = :id) AS reports,
            (SELECT count(*) FROM conversations WHERE session_id = :id) AS conversations,
            (SELECT count(*) FROM conversations JOIN messages ON conversation_id = conversations.id
                WHERE session_id = :id) AS messages,
            (SELECT count(*) FROM analyses JOIN readings ON analysis_id = analyses.id
                WHERE session_id = :id) AS readings,
            (SELECT count(*) FROM receptions WHERE session_id = :id) AS receptions
        """

    private static func contents(of id: SessionID, in database: Database) throws -> SessionContents {
        let statement = try database.cachedStatement(sql: contents)
        guard let row = try Row.fetchOne(statement, arguments: ["id": id.description]) else { return SessionContents() }
        return SessionContents(
            uploads: row["uploads"], analyses: row["analyses"], reports: row["reports"],
            conversations: row["conversations"], messages: row["messages"], readings: row["readings"],
            receptions: row["receptions"])
    }

    // MARK: - Intake

    public func intake(of session: SessionID) async throws(Fault) -> Intake? {
        try database.lookUp { try intake(of: session, in: $0) }
    }

    public func updateIntake(
        of session: SessionID, revision: Int?, at now: Date,
        _ change: @escaping @Sendable (Answers) throws(ValidationFault) -> Answers
    ) async throws(Fault) -> Intake {
        try await database.write { database in
            let old = try intake(of: session, in: database)
            if let revision, revision != old?.revision ?? 0 { throw Fault.intakeChanged }
            let answers: Answers
            do throws(ValidationFault) {
                answers = try change(old?.answers ?? [:])
            } catch {
                throw Fault.validation(error)
            }
            if let old, old.answers == answers { return old }
            let intake = Intake(answers: answers, revision: (old?.revision ?? 0) + 1, updatedAt: now)
            try database.execute(
                sql: """
                    INSERT INTO intakes (session_id, answers, revision, updated_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (session_id) DO UPDATE
                    SET answers = excluded.answers, revision = excluded.revision, updated_at = excluded.updated_at
                    """,
                arguments: [
                    session.description,
                    try vault.key(of: session, database)
                        .seal(json: answers, as: .answers, row: session.description),
                    intake.revision, now.stored,
                ])
            return intake
        }
    }

    private func intake(of session: SessionID, in database: Database) throws -> Intake? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM intakes WHERE session_id = ?")
        let row = try Row.fetchOne(statement, arguments: [session.description])
        return try vault.open(row, of: session, database, Intake.init)
    }

    // MARK: - Notes

    public func notes(of session: SessionID) async throws(Fault) -> SessionNotes {
        try database.lookUp { try notes(of: session, in: $0) }
    }

    public func updateNotes(
        of session: SessionID,
        _ change: @escaping @Sendable (inout SessionNotes) throws(ValidationFault) -> Void
    ) async throws(Fault) -> SessionNotes {
        try await database.write { database in
            let old = try notes(of: session, in: database)
            var new = old
            do throws(ValidationFault) {
                try change(&new)
            } catch {
                throw Fault.validation(error)
            }
            if new == old { return old }
            let key = try vault.key(of: session, database)
            let id = session.description
            try database.execute(
                sql: """
                    INSERT INTO session_notes (session_id, acuity, withheld, drafts, held) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (session_id) DO UPDATE
                    SET acuity = excluded.acuity, withheld = excluded.withheld, drafts = excluded.drafts,
                        held = excluded.held
                    """,
                arguments: [
                    id, try key.seal(json: new.acuity, as: .acuity, row: id),
                    try key.seal(json: new.withheld.sorted(), as: .withheld, row: id),
                    try key.seal(json: new.drafts.sorted(), as: .drafts, row: id),
                    try key.seal(json: new.storedHeld, as: .held, row: id),
                ])
            return new
        }
    }

    private func notes(of session: SessionID, in database: Database) throws -> SessionNotes {
        let row = try database.row("SELECT * FROM session_notes WHERE session_id = ?", [session.description])
        return try vault.open(row, of: session, database, SessionNotes.init) ?? SessionNotes()
    }
}
