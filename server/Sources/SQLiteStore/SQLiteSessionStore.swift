public import Domain
public import Foundation
import GRDB
public import Workflows

/// Sessions and intakes in SQLite.
public struct SQLiteSessionStore: SessionStore {
    let database: SQLiteDatabase

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
        try await database.read { database in
            try Row.fetchOne(database, sql: Self.byToken, arguments: [Data(tokenHash)]).map(Session.init)
        }
    }

    static let byToken = "SELECT * FROM sessions WHERE token_hash = ?"

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

    public func erase(_ id: SessionID) async throws(Fault) -> SessionContents? {
        let erased = try await database.write { database in
            let contents = try Self.contents(of: id, in: database)
            try database.execute(sql: "DELETE FROM sessions WHERE id = ?", arguments: [id.description])
            return database.changesCount == 1 ? contents : nil
        }
        if erased != nil { await database.emptyLog() }
        return erased
    }

    public func ended(_ lifetime: SessionLifetime, at now: Date, limit: Int) async throws(Fault) -> [SessionID] {
        try await database.read { database in
            try String.fetchAll(
                database,
                sql: Self.endedSessions,
                arguments: [
                    now.addingTimeInterval(-lifetime.idle).stored, limit,
                    now.addingTimeInterval(-lifetime.absolute).stored, limit, limit,
                ]
            ).compactMap { SessionID($0) }
        }
    }

    static let endedSessions = """
        SELECT id FROM (SELECT id FROM sessions WHERE last_seen_at <= ? ORDER BY last_seen_at LIMIT ?)
        UNION
        SELECT id FROM (SELECT id FROM sessions WHERE created_at <= ? ORDER BY created_at LIMIT ?)
        LIMIT ?
        """

    private static func contents(of id: SessionID, in database: Database) throws -> SessionContents {
        func count(_ table: String) throws -> Int {
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM \(table) WHERE session_id = ?", arguments: [id.description]) ?? 0
        }
        return SessionContents(
            uploads: try count("uploads"), analyses: try count("analyses"), reports: try count("reports"))
    }

    // MARK: - Intake

    public func intake(of session: SessionID) async throws(Fault) -> Intake? {
        try await database.read { try Self.intake(of: session, in: $0) }
    }

    public func updateIntake(
        of session: SessionID, revision: Int?, at now: Date,
        _ change: @escaping @Sendable (Answers) throws(ValidationFault) -> Answers
    ) async throws(Fault) -> Intake {
        try await database.write { database in
            let old = try Self.intake(of: session, in: database)
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
                    session.description, try JSONColumn.encode(answers), intake.revision, now.stored,
                ])
            return intake
        }
    }

    private static func intake(of session: SessionID, in database: Database) throws -> Intake? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM intakes WHERE session_id = ?", arguments: [session.description]
        ).map(Intake.init)
    }

    // MARK: - Notes

    public func notes(of session: SessionID) async throws(Fault) -> SessionNotes {
        try await database.read { try Self.notes(of: session, in: $0) }
    }

    public func updateNotes(
        of session: SessionID,
        _ change: @escaping @Sendable (inout SessionNotes) throws(ValidationFault) -> Void
    ) async throws(Fault) -> SessionNotes {
        try await database.write { database in
            let old = try Self.notes(of: session, in: database)
            var new = old
            do throws(ValidationFault) {
                try change(&new)
            } catch {
                throw Fault.validation(error)
            }
            if new == old { return old }
            try database.execute(
                sql: """
                    INSERT INTO session_notes (session_id, acuity, withheld, drafts, held) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (session_id) DO UPDATE
                    SET acuity = excluded.acuity, withheld = excluded.withheld, drafts = excluded.drafts,
                        held = excluded.held
                    """,
                arguments: [
                    session.description, try JSONColumn.encode(new.acuity),
                    try JSONColumn.encode(new.withheld.sorted()), try JSONColumn.encode(new.drafts.sorted()),
                    try JSONColumn.encode(new.storedHeld),
                ])
            return new
        }
    }

    private static func notes(of session: SessionID, in database: Database) throws -> SessionNotes {
        try Row.fetchOne(
            database, sql: "SELECT * FROM session_notes WHERE session_id = ?", arguments: [session.description]
        ).map(SessionNotes.init) ?? SessionNotes()
    }
}
