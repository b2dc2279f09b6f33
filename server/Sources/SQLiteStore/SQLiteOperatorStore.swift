public import Domain
import Foundation
import GRDB
public import Workflows

/// What operators do, in SQLite.
public struct SQLiteOperatorStore: OperatorStore {
    let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    // MARK: - Sessions

    public func sessions(limit: Int, after pseudonym: String?) async throws(Fault) -> [SessionSummary] {
        try await database.read { database in
            var arguments: StatementArguments = []
            if let pseudonym {
                guard
                    let last = try Row.fetchOne(
                        database,
                        sql: """
                            SELECT id, created_at FROM sessions
                            WHERE id = (SELECT session_id FROM session_names WHERE pseudonym = ?)
                            """, arguments: [pseudonym])
                else { throw Fault.notFound }
                arguments = [last["created_at"] as Double, last["id"] as String]
            }
            arguments += [limit]
            return try Row.fetchAll(
                database, sql: pseudonym == nil ? Self.newest : Self.following, arguments: arguments
            ).map(SessionSummary.init)
        }
    }

    static let newest = page("")
    static let following = page("WHERE (created_at, id) < (?, ?)")

    private static func page(_ condition: String) -> String {
        """
        SELECT pseudonym, created_at, last_seen_at,
            (SELECT count(*) FROM uploads WHERE session_id = sessions.id) AS uploads,
            (SELECT count(*) FROM analyses WHERE session_id = sessions.id) AS analyses,
            (SELECT count(*) FROM reports WHERE session_id = sessions.id) AS reports,
            (SELECT count(*) FROM conversations WHERE session_id = sessions.id) AS conversations
        FROM sessions JOIN session_names ON session_names.session_id = sessions.id
        \(condition)
        ORDER BY created_at DESC, id DESC LIMIT ?
        """
    }

    public func session(named pseudonym: String) async throws(Fault) -> SessionID? {
        try await database.read { database in
            try String.fetchOne(database, sql: Self.byPseudonym, arguments: [pseudonym]).flatMap { SessionID($0) }
        }
    }

    static let byPseudonym = "SELECT session_id FROM session_names WHERE pseudonym = ?"

    // MARK: - Grants

    public func insert(_ grant: RecordGrant) async throws(Fault) {
        try await database.write { database in
            let exists = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)",
                arguments: [grant.session.description])
            guard exists == true else { throw Fault.notFound }
            try database.execute(
                sql: """
                    INSERT INTO record_grants (id, session_id, identity, name, role, reason, opened_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    grant.id.description, grant.session.description, grant.identity, grant.name,
                    grant.role.rawValue, Data(grant.sealedReason), grant.openedAt.stored, grant.expiresAt.stored,
                ])
        }
    }

    public func grant(_ id: RecordGrantID, of session: SessionID) async throws(Fault) -> RecordGrant? {
        try await database.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM record_grants WHERE id = ? AND session_id = ?",
                arguments: [id.description, session.description]
            ).map(RecordGrant.init)
        }
    }

    public func grants(of session: SessionID) async throws(Fault) -> [RecordGrant] {
        try await database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM record_grants WHERE session_id = ? ORDER BY opened_at",
                arguments: [session.description]
            ).map(RecordGrant.init)
        }
    }

    // MARK: - Maintenance

    public func maintenance() async throws(Fault) -> Maintenance? {
        try await database.read { database in
            try Row.fetchOne(database, sql: "SELECT message, since FROM maintenance").map {
                Maintenance(message: $0["message"], since: Date(stored: $0["since"]))
            }
        }
    }

    public func setMaintenance(_ maintenance: Maintenance?) async throws(Fault) {
        try await database.write { database in
            try database.execute(sql: "DELETE FROM maintenance")
            guard let maintenance else { return }
            try database.execute(
                sql: "INSERT INTO maintenance (id, message, since) VALUES (1, ?, ?)",
                arguments: [maintenance.message, maintenance.since.stored])
        }
    }
}

extension SessionSummary {
    fileprivate init(_ row: Row) {
        self.init(
            pseudonym: row["pseudonym"], createdAt: Date(stored: row["created_at"]),
            lastSeenAt: Date(stored: row["last_seen_at"]), uploads: row["uploads"], analyses: row["analyses"],
            reports: row["reports"], conversations: row["conversations"])
    }
}

extension RecordGrant {
    fileprivate init(_ row: Row) throws {
        guard let role = Operator.Role(rawValue: row["role"]) else { throw UnreadableRow(column: "role") }
        self.init(
            id: try row.identifier("id"), session: try row.identifier("session_id"), identity: row["identity"],
            name: row["name"],
            role: role, sealedReason: [UInt8](row["reason"] as Data), openedAt: Date(stored: row["opened_at"]),
            expiresAt: Date(stored: row["expires_at"]))
    }
}

/// Pictures that can't be read blind any more in their session, also when they were deleted and are sent again.
enum ShownPictures {
    /// What is remembered of a picture: without the session's key nobody can tell whether it is of one that they know.
    private static func mark(_ sha256: String, _ key: RowKey) -> String { key.mark("shown picture \(sha256)") }

    static func remember(_ sha256: String, frame: Int, _ key: RowKey, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO shown_pictures (session_id, mark, frame) VALUES (?, ?, ?)",
            arguments: [key.session.description, mark(sha256, key), frame])
    }

    static func contain(_ sha256: String, frame: Int, _ key: RowKey, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM shown_pictures WHERE session_id = ? AND mark IN (?, ?) AND frame = ?)",
            arguments: [
                key.session.description, mark(sha256, key),
                // Of a session from before marks took a key.
                SessionMark.of(sha256, in: key.session), frame,
            ]) ?? false
    }
}
