public import Domain
public import Foundation
import GRDB
public import Workflows

/// The trail in a SQLite file of its own, apart from patients' data: it stays when these are erased.
///
/// Lines can only be added. Whoever changes the file itself is found by ``check(heads:keys:)``.
public final class AuditDatabase: Sendable {
    private let queue: DatabaseQueue

    /// Opens the file, and makes it if there is none.
    public init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "lightbox.audit"
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        guard try !queue.read(Self.migrator.hasBeenSuperseded) else {
            throw AuditFault("it was written by a newer Lightbox; start that one, or put back what was saved before")
        }
        try Self.migrator.migrate(queue)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: lines and heads") { database in
            try database.execute(
                sql: """
                    CREATE TABLE lines (
                        number INTEGER PRIMARY KEY NOT NULL,
                        at INTEGER NOT NULL,
                        actor TEXT NOT NULL,
                        session TEXT NOT NULL,
                        event TEXT NOT NULL,
                        subject TEXT NOT NULL,
                        outcome TEXT NOT NULL,
                        request TEXT NOT NULL,
                        bytes INTEGER,
                        hash BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX lines_by_session ON lines (session, number) WHERE session <> '';
                    CREATE TRIGGER lines_stay BEFORE UPDATE ON lines
                        BEGIN SELECT RAISE(ABORT, 'lines of the audit trail are not changed'); END;

                    CREATE TABLE heads (
                        number INTEGER PRIMARY KEY NOT NULL,
                        at INTEGER NOT NULL,
                        hash TEXT NOT NULL,
                        key TEXT NOT NULL,
                        signature TEXT NOT NULL
                    ) STRICT;

                    -- Where the trail begins since old lines were let go: the next number, and the hash before it.
                    CREATE TABLE origin (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, hash BLOB NOT NULL)
                        STRICT;
                    """)
            try database.execute(
                sql: "INSERT INTO origin (id, number, hash) VALUES (1, 1, ?)", arguments: [Data(AuditLine.origin)])
        }
        migrator.registerMigration("2: operators by name") { database in
            try database.execute(
                sql: """
                    ALTER TABLE lines ADD COLUMN name TEXT NOT NULL DEFAULT '';
                    ALTER TABLE lines ADD COLUMN role TEXT NOT NULL DEFAULT '';
                    CREATE INDEX lines_by_event ON lines (event, number);
                    CREATE INDEX lines_by_time ON lines (at);
                    """)
        }
        return migrator
    }

    // MARK: - Writing

    /// Adds lines in their order, and returns when they are durable.
    public func append(_ records: [AuditRecord]) async throws {
        guard !records.isEmpty else { return }
        try await queue.write { database in
            var (number, previous) = try Self.end(database)
            for record in records {
                let line = AuditLine(record, number: number)
                let hash = line.hash(after: previous)
                try database.execute(
                    sql: """
                        INSERT INTO lines
                            (number, at, actor, session, event, subject, outcome, request, bytes, name, role, hash)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        line.number, line.at, line.actor.rawValue, line.session, line.event, line.subject,
                        line.outcome.rawValue, line.request, line.bytes, line.name, line.role, Data(hash),
                    ])
                (number, previous) = (number + 1, hash)
            }
        }
    }

    /// Signs where the trail stands now.
    ///
    /// - Returns: nil where nothing was added since the last head.
    public func sign(with signer: any ReportSigner, at time: Date) async throws -> AuditHead? {
        try await queue.write { database in
            let (next, hash) = try Self.end(database)
            let signed = try Int.fetchOne(database, sql: "SELECT max(number) FROM heads") ?? 0
            let first = try Self.origin(database).number
            guard next - 1 > signed, next > first else { return nil }
            let head = try AuditHead(number: next - 1, hash: hash, at: time.milliseconds, signer: signer)
            try database.execute(
                sql: "INSERT INTO heads (number, at, hash, key, signature) VALUES (?, ?, ?, ?, ?)",
                arguments: [head.number, head.at, head.hash, head.key, head.signature])
            return head
        }
    }

    /// Lets lines go that are older than they have to be kept, at most `limit` at once.
    ///
    /// - Returns: how many went.
    public func release(before time: Date, limit: Int = 10_000) async throws -> Int {
        try await queue.write { database in
            let first = try Self.origin(database).number
            let last =
                try Int.fetchOne(
                    database,
                    // Times may go back where a clock was set: what follows an old line may be older still, and waits.
                    sql: "SELECT min(number) FROM lines WHERE at >= ?", arguments: [time.milliseconds])
                ?? Self.end(database).next
            let end = min(last, first + limit)
            guard end > first,
                let hash = try Data.fetchOne(
                    database, sql: "SELECT hash FROM lines WHERE number = ?", arguments: [end - 1])
            else { return 0 }
            try database.execute(sql: "DELETE FROM lines WHERE number < ?", arguments: [end])
            try database.execute(sql: "DELETE FROM heads WHERE number < ?", arguments: [end])
            try database.execute(sql: "UPDATE origin SET number = ?, hash = ?", arguments: [end, hash])
            return end - first
        }
    }

    private static func origin(_ database: Database) throws -> (number: Int, hash: [UInt8]) {
        guard let row = try Row.fetchOne(database, sql: "SELECT number, hash FROM origin") else {
            throw AuditFault("the trail has no beginning")
        }
        return (row["number"], [UInt8](row["hash"] as Data))
    }

    /// The number of the line that comes next, and the hash before it.
    private static func end(_ database: Database) throws -> (next: Int, hash: [UInt8]) {
        guard let row = try Row.fetchOne(database, sql: "SELECT number, hash FROM lines ORDER BY number DESC LIMIT 1")
        else {
            let origin = try origin(database)
            return (origin.number, origin.hash)
        }
        return (row["number"] as Int + 1, [UInt8](row["hash"] as Data))
    }

    // MARK: - Reading

    /// What was done with one session, the newest first.
    public func lines(of session: SessionID, limit: Int, before number: Int? = nil) async throws -> [AuditLine] {
        try await queue.read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT * FROM lines WHERE session = ? AND session <> '' AND number < ? ORDER BY number DESC LIMIT ?",
                arguments: [AuditLine.pseudonym(of: session), number ?? Int.max, limit]
            ).map(AuditLine.init)
        }
    }

    /// What is looked for in the trail.
    public struct Search: Sendable {
        /// The name that the trail has for a session.
        public var session: String?
        public var event: AuditEvent?
        public var from: Date?
        public var to: Date?
        /// Only lines that come after this one, that is: are older.
        public var after: Int?
        public var limit: Int

        public init(
            session: String? = nil, event: AuditEvent? = nil, from: Date? = nil, to: Date? = nil, after: Int? = nil,
            limit: Int
        ) {
            self.session = session
            self.event = event
            self.from = from
            self.to = to
            self.after = after
            self.limit = limit
        }
    }

    /// The newest first.
    public func lines(_ search: Search) async throws -> [AuditLine] {
        var conditions = ["number < ?"]
        var arguments: StatementArguments = [search.after ?? Int.max]
        func require(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        if search.session != nil { conditions.append("session <> ''") }
        require("session = ?", search.session)
        require("event = ?", search.event?.rawValue)
        require("at >= ?", search.from?.milliseconds)
        require("at < ?", search.to?.milliseconds)
        arguments += [search.limit]
        let sql = "SELECT * FROM lines WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?"
        return try await queue.read { [arguments] database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).map(AuditLine.init)
        }
    }

    /// Reads all lines in their order, some at a time, so that memory stays the same however long the trail is.
    public func read(_ body: @escaping @Sendable (AuditLine) throws -> Void) throws {
        try queue.read { database in
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM lines ORDER BY number")
            while let row = try rows.next() { try body(AuditLine(row)) }
        }
    }

    public func heads() throws -> [AuditHead] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM heads ORDER BY number").map(AuditHead.init)
        }
    }

    /// Holds all lines against their hashes, and against heads.
    ///
    /// - Parameter copies: heads that were kept elsewhere; those in the file itself are always taken.
    public func check(copies: [AuditHead] = [], keys: [ReportKey]) throws -> AuditCheck {
        try queue.read { database in
            let own = try Row.fetchAll(database, sql: "SELECT * FROM heads ORDER BY number").map(AuditHead.init)
            let origin = try Self.origin(database)
            // A copy may be older than what was let go since.
            var check = AuditCheck(
                origin: origin, heads: own + copies.filter { $0.number >= origin.number }, keys: keys)
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM lines ORDER BY number")
            while let row = try rows.next() {
                let number: Int = row["number"]
                guard let line = try? AuditLine(row) else {
                    check.takeUnreadable(number)
                    break
                }
                guard check.take(line, hash: [UInt8](row["hash"] as Data)) else { break }
            }
            check.finish()
            return check
        }
    }
}

struct AuditFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Date {
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }
}

extension AuditLine {
    init(_ record: AuditRecord, number: Int) {
        self.init(
            number: number, at: record.at.milliseconds, actor: record.actor.kind,
            session: record.actor.session.map(Self.pseudonym) ?? "", event: record.event.rawValue,
            subject: record.subject ?? "", outcome: record.outcome, request: record.actor.request ?? "",
            bytes: record.bytes, name: record.actor.name ?? "", role: record.actor.role?.rawValue ?? "")
    }

    init(_ row: Row) throws {
        guard let actor = AuditActor.Kind(rawValue: row["actor"]), let outcome = AuditOutcome(rawValue: row["outcome"])
        else { throw AuditFault("line \(row["number"] as Int) has an actor or an outcome that nobody writes") }
        self.init(
            number: row["number"], at: row["at"], actor: actor, session: row["session"], event: row["event"],
            subject: row["subject"], outcome: outcome, request: row["request"], bytes: row["bytes"],
            name: row["name"], role: row["role"])
    }
}

extension AuditHead {
    init(_ row: Row) {
        number = row["number"]
        hash = row["hash"]
        at = row["at"]
        key = row["key"]
        signature = row["signature"]
    }
}
