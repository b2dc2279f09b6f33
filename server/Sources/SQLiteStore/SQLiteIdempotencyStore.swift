public import Domain
public import Foundation
import GRDB
public import Workflows

/// Answers that were given once, in SQLite; they go with their session.
public struct SQLiteIdempotencyStore: IdempotencyStore {
    private let database: SQLiteDatabase
    private var vault: RowVault { database.vault }
    /// So many answers of one session are remembered; then the oldest is forgotten. All go with their session.
    private let most: Int

    public init(_ database: SQLiteDatabase, most: Int = 500) {
        self.database = database
        self.most = most
    }

    public func begin(
        _ key: String, fingerprint: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> StoredAnswer? {
        try await database.write { database in
            let rowKey = try vault.key(of: session, database)
            let mark = rowKey.mark(key)
            let print = rowKey.mark(fingerprint)
            let row = try Row.fetchOne(database, sql: Self.byKey, arguments: [session.description, mark])
            guard let row else {
                try makeRoom(in: session, database)
                try database.execute(
                    sql: "INSERT INTO idempotency_keys (session_id, key, fingerprint, created_at) VALUES (?, ?, ?, ?)",
                    arguments: [session.description, mark, print, now.stored])
                return nil
            }
            guard row["fingerprint"] == print else { throw Fault.keyReused }
            guard let answer = try rowKey.optionalJSON(StoredAnswer.self, row, .answer, id: mark) else {
                throw Fault.requestInProgress
            }
            return answer
        }
    }

    static let byKey = "SELECT fingerprint, answer FROM idempotency_keys WHERE session_id = ? AND key = ?"

    /// What runs isn't forgotten: its key is what keeps a second one from running beside it.
    private func makeRoom(in session: SessionID, _ database: Database) throws {
        let count = try Int.fetchOne(database, sql: Self.count, arguments: [session.description]) ?? 0
        guard count >= most else { return }
        try database.execute(sql: Self.forgetOldest, arguments: [session.description, count - most + 1])
    }

    static let count = "SELECT count(*) FROM idempotency_keys WHERE session_id = ?"
    static let forgetOldest = """
        DELETE FROM idempotency_keys WHERE rowid IN (
            SELECT rowid FROM idempotency_keys WHERE session_id = ? AND answer IS NOT NULL ORDER BY created_at LIMIT ?)
        """

    /// What was deleted isn't left in an answer that was given once, and no key brings it back.
    ///
    /// - Parameter ids: of what was deleted.
    static func forget(answersAbout ids: [String], _ key: RowKey, _ database: Database) throws {
        let rows = try Row.fetchAll(database, sql: answersOfSession, arguments: [key.session.description])
        for row in rows {
            // One that can't be opened tells nobody anything, and keeps its key from making something twice.
            let mark: String = row["key"]
            guard let answer = try? key.optionalJSON(StoredAnswer.self, row, .answer, id: mark),
                ids.contains(where: { answer.names($0) })
            else { continue }
            try database.execute(
                sql: "DELETE FROM idempotency_keys WHERE session_id = ? AND key = ?",
                arguments: [key.session.description, mark])
        }
    }

    private static let answersOfSession = """
        SELECT key, answer FROM idempotency_keys WHERE session_id = ? AND answer IS NOT NULL
        """

    public func finish(_ key: String, with answer: StoredAnswer, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            let rowKey = try vault.key(of: session, database)
            let mark = rowKey.mark(key)
            try database.execute(
                sql: "UPDATE idempotency_keys SET answer = ? WHERE session_id = ? AND key = ?",
                arguments: [try rowKey.seal(json: answer, as: .answer, row: mark), session.description, mark])
        }
    }

    public func abandon(_ key: String, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "DELETE FROM idempotency_keys WHERE session_id = ? AND key = ? AND answer IS NULL",
                arguments: [session.description, try vault.key(of: session, database).mark(key)])
        }
    }

    public func restoreInterrupted() async throws(Fault) {
        try await database.write { database in
            try database.execute(sql: "DELETE FROM idempotency_keys WHERE answer IS NULL")
        }
    }
}

extension StoredAnswer {
    fileprivate func names(_ id: String) -> Bool { body.contains(id) || headers.values.contains { $0.contains(id) } }
}
