public import Domain
public import Foundation
import GRDB
public import Workflows

/// Answers that were given once, in SQLite; they go with their session.
public struct SQLiteIdempotencyStore: IdempotencyStore {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func begin(
        _ key: String, fingerprint: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> StoredAnswer? {
        try await database.write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT fingerprint, answer FROM idempotency_keys WHERE session_id = ? AND key = ?",
                arguments: [session.description, key])
            guard let row else {
                try database.execute(
                    sql: "INSERT INTO idempotency_keys (session_id, key, fingerprint, created_at) VALUES (?, ?, ?, ?)",
                    arguments: [session.description, key, fingerprint, now.stored])
                return nil
            }
            guard row["fingerprint"] == fingerprint else { throw Fault.keyReused }
            guard let answer = row["answer"] as String? else { throw Fault.requestInProgress }
            return try JSONColumn.decode(StoredAnswer.self, answer)
        }
    }

    public func finish(_ key: String, with answer: StoredAnswer, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE idempotency_keys SET answer = ? WHERE session_id = ? AND key = ?",
                arguments: [try JSONColumn.encode(answer), session.description, key])
        }
    }

    public func abandon(_ key: String, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "DELETE FROM idempotency_keys WHERE session_id = ? AND key = ? AND answer IS NULL",
                arguments: [session.description, key])
        }
    }

    public func restoreInterrupted() async throws(Fault) {
        try await database.write { database in
            try database.execute(sql: "DELETE FROM idempotency_keys WHERE answer IS NULL")
        }
    }
}
