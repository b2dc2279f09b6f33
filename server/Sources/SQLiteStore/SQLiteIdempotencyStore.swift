public import Domain
public import Foundation
import GRDB
import Synchronization
public import Workflows

/// Answers that were given once, in SQLite; they go with their session.
///
/// A row has neither a note nor an answer, then a note of what was made, then the answer in its place. Whether somebody
/// works on a row that has no answer is known to this store only: it ends with the process.
public struct SQLiteIdempotencyStore: IdempotencyStore {
    private let database: SQLiteDatabase
    private var vault: RowVault { database.vault }
    /// So many answers of one session are remembered; then the oldest is forgotten. All go with their session.
    private let most: Int
    private let running = RunningKeys()

    public init(_ database: SQLiteDatabase, most: Int = 500) {
        self.database = database
        self.most = most
    }

    public func begin(
        _ key: String, fingerprint: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> Booking {
        let turn = UUID()
        do throws(Fault) {
            return try await database.write { database in
                let rowKey = try vault.key(of: session, database)
                let mark = rowKey.mark(key)
                let print = rowKey.mark(fingerprint)
                let row = try Row.fetchOne(database, sql: Self.byKey, arguments: [session.description, mark])
                if let row {
                    let answer = try rowKey.optionalJSON(StoredAnswer.self, row, .answer, id: mark)
                    let made = try rowKey.optionalJSON(Made.self, row, .made, id: mark)
                    let isFree = answer == nil && made == nil && !running.contains(key, in: session)
                    guard isFree || row["fingerprint"] == print else { throw Fault.keyReused }
                    if let answer { return .answered(answer) }
                    guard running.enter(key, in: session, turn) else { throw Fault.requestInProgress }
                    if let made { return .made(made) }
                    // Who booked it has failed, and couldn't write that.
                    try database.execute(sql: Self.remove, arguments: [session.description, mark])
                } else {
                    guard running.enter(key, in: session, turn) else { throw Fault.requestInProgress }
                    try makeRoom(in: session, database)
                }
                try database.execute(
                    sql: "INSERT INTO idempotency_keys (session_id, key, fingerprint, created_at) VALUES (?, ?, ?, ?)",
                    arguments: [session.description, mark, print, now.stored])
                return .free
            }
        } catch {
            running.leave(key, in: session, turn)
            throw error
        }
    }

    static let byKey = "SELECT fingerprint, answer, made FROM idempotency_keys WHERE session_id = ? AND key = ?"
    private static let remove = "DELETE FROM idempotency_keys WHERE session_id = ? AND key = ?"

    /// What has no answer yet isn't forgotten: its key is what keeps a second one from being made.
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

    // MARK: - What was made

    /// In the transaction that makes it. An answer that was given stays.
    static func note(_ id: String, by making: Making, _ key: RowKey, _ database: Database) throws {
        let mark = key.mark(making.key)
        let place: StatementArguments = [making.session.description, mark]
        guard let row = try Row.fetchOne(database, sql: byKey + " AND answer IS NULL", arguments: place) else { return }
        let made = making.note(of: id, beside: try key.optionalJSON(Made.self, row, .made, id: mark))
        try database.execute(
            sql: "UPDATE idempotency_keys SET made = ? WHERE session_id = ? AND key = ?",
            arguments: [try key.seal(json: made, as: .made, row: mark)] + place)
    }

    /// What was deleted isn't left in an answer that was given once, nor in a note, and no key brings it back.
    ///
    /// - Parameter ids: of what was deleted.
    static func forget(answersAbout ids: [String], _ key: RowKey, _ database: Database) throws {
        let rows = try Row.fetchAll(database, sql: answersOfSession, arguments: [key.session.description])
        for row in rows {
            // One that can't be opened tells nobody anything, and keeps its key from making something twice.
            let mark: String = row["key"]
            let answer = try? key.optionalJSON(StoredAnswer.self, row, .answer, id: mark)
            let made = try? key.optionalJSON(Made.self, row, .made, id: mark)
            guard ids.contains(where: { answer?.names($0) ?? false || made?.names($0) ?? false }) else { continue }
            try database.execute(sql: remove, arguments: [key.session.description, mark])
        }
    }

    private static let answersOfSession = """
        SELECT key, answer, made FROM idempotency_keys
        WHERE session_id = ? AND (answer IS NOT NULL OR made IS NOT NULL)
        """

    // MARK: - The end

    public func finish(_ key: String, with answer: StoredAnswer, in session: SessionID) async throws(Fault) {
        defer { running.leave(key, in: session) }
        try await database.write { database in
            let rowKey = try vault.key(of: session, database)
            let mark = rowKey.mark(key)
            try database.execute(
                sql: "UPDATE idempotency_keys SET answer = ?, made = NULL WHERE session_id = ? AND key = ?",
                arguments: [try rowKey.seal(json: answer, as: .answer, row: mark), session.description, mark])
        }
    }

    public func abandon(_ key: String, in session: SessionID) async throws(Fault) {
        defer { running.leave(key, in: session) }
        try await database.write { database in
            try database.execute(
                sql: Self.remove + " AND answer IS NULL AND made IS NULL",
                arguments: [session.description, try vault.key(of: session, database).mark(key)])
        }
    }

    public func restoreInterrupted() async throws(Fault) {
        try await database.write { database in
            try database.execute(sql: "DELETE FROM idempotency_keys WHERE answer IS NULL AND made IS NULL")
        }
    }
}

/// The keys whose requests this process carries out.
private final class RunningKeys: Sendable {
    private struct Key: Hashable {
        let session: SessionID
        let text: String
    }

    private let turns = Mutex<[Key: UUID]>([:])

    func contains(_ key: String, in session: SessionID) -> Bool {
        turns.withLock { $0[Key(session: session, text: key)] != nil }
    }

    /// - Parameter turn: whose it is from now on.
    /// - Returns: false where it is somebody's.
    func enter(_ key: String, in session: SessionID, _ turn: UUID) -> Bool {
        let key = Key(session: session, text: key)
        return turns.withLock { turns in
            guard turns[key] == nil else { return false }
            turns[key] = turn
            return true
        }
    }

    /// - Parameter turn: if it is this one's; nil: whosever it is.
    func leave(_ key: String, in session: SessionID, _ turn: UUID? = nil) {
        let key = Key(session: session, text: key)
        turns.withLock { turns in
            if turn == nil || turns[key] == turn { turns[key] = nil }
        }
    }
}

extension StoredAnswer {
    fileprivate func names(_ id: String) -> Bool { body.contains(id) || headers.values.contains { $0.contains(id) } }
}

extension Made {
    fileprivate func names(_ id: String) -> Bool { self.id == id || parts.values.contains(id) }
}
