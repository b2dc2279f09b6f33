public import Domain
public import Foundation
import GRDB
public import Workflows

/// The trail in a SQLite file of its own, apart from patients' data: it stays when these are erased.
///
/// Lines can only be added. Whoever changes the file itself is found by ``check(heads:keys:)``.
public final class AuditDatabase: Sendable {
    private let queue: DatabaseQueue
    private let path: String

    /// Opens the file, and makes it if there is none.
    ///
    /// - Parameter signer: of whoever serves. A trail that an earlier version has cut off at its beginning gets a signature
    ///   for that once, when it is brought up to date; without a signer it stays as it is.
    public init(path: String, signer: (any ReportSigner)? = nil) throws {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "lightbox.audit"
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        let migrator = Self.migrator(signer)
        guard try !queue.read(migrator.hasBeenSuperseded) else {
            throw AuditFault("it was written by a newer Lightbox; start that one, or put back what was saved before")
        }
        if signer != nil {
            try migrator.migrate(queue)
        } else if try !queue.read(migrator.appliedIdentifiers).contains(Self.lastWithoutSigner) {
            try migrator.migrate(queue, upTo: Self.lastWithoutSigner)
        }
    }

    private static let lastWithoutSigner = "2: operators by name"

    private static func migrator(_ signer: (any ReportSigner)?) -> DatabaseMigrator {
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
        migrator.registerMigration(lastWithoutSigner) { database in
            try database.execute(
                sql: """
                    ALTER TABLE lines ADD COLUMN name TEXT NOT NULL DEFAULT '';
                    ALTER TABLE lines ADD COLUMN role TEXT NOT NULL DEFAULT '';
                    CREATE INDEX lines_by_event ON lines (event, number);
                    CREATE INDEX lines_by_time ON lines (at);
                    """)
        }
        migrator.registerMigration("3: signed beginning") { database in
            try database.execute(
                sql: """
                    -- That the lines before were let go; empty while the first line is there.
                    ALTER TABLE origin ADD COLUMN kind TEXT NOT NULL DEFAULT '';
                    ALTER TABLE origin ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE origin ADD COLUMN key TEXT NOT NULL DEFAULT '';
                    ALTER TABLE origin ADD COLUMN signature TEXT NOT NULL DEFAULT '';
                    """)
            let origin = try Self.origin(database)
            guard origin.number > 1, let signer else { return }
            try Self.setOrigin(
                AuditRelease(
                    .adopted, number: origin.number - 1, hash: origin.hash, at: Date().milliseconds, signer: signer),
                hash: origin.hash, database)
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

    /// Lets lines go that are older than they have to be kept, at most `limit` at once, and signs that it did.
    ///
    /// Only what is as it was written goes: nobody gets rid of a line by making it look old.
    ///
    /// - Parameters:
    ///   - copies: heads that were kept elsewhere.
    ///   - keys: beside the signer's own.
    /// - Returns: how many went.
    public func release(
        before time: Date, signer: any ReportSigner, copies: [AuditHead] = [], keys: [ReportKey] = [], at now: Date,
        limit: Int = 10_000
    ) async throws -> Int {
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
            let check = try Self.check(
                database, before: end, copies: copies, keys: keys + [ReportKey(of: signer)])
            // A head of a key from before is no reason to keep what is whole.
            if let finding = check.finding, !finding.isOnlyHead { throw AuditFault("it isn't whole: \(finding)") }
            try database.execute(sql: "DELETE FROM lines WHERE number < ?", arguments: [end])
            try database.execute(sql: "DELETE FROM heads WHERE number < ?", arguments: [end])
            let release = try AuditRelease(
                .released, number: end - 1, hash: [UInt8](hash), at: now.milliseconds, signer: signer)
            try Self.setOrigin(release, hash: [UInt8](hash), database)
            return end - first
        }
    }

    private static func setOrigin(_ release: AuditRelease, hash: [UInt8], _ database: Database) throws {
        try database.execute(
            sql: "UPDATE origin SET number = ?, hash = ?, kind = ?, at = ?, key = ?, signature = ?",
            arguments: [
                release.number + 1, Data(hash), release.kind.rawValue, release.at, release.key, release.signature,
            ])
    }

    private static func origin(_ database: Database) throws -> AuditOrigin {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM origin") else {
            throw AuditFault("the trail has no beginning")
        }
        let number: Int = row["number"]
        // A trail that no server has brought up to date has no columns for these.
        let release: AuditRelease? =
            if let kind = (row["kind"] as String?).flatMap(AuditRelease.Kind.init), let at: Int64 = row["at"],
                let key: String = row["key"], let signature: String = row["signature"]
            {
                AuditRelease(
                    kind: kind, number: number - 1, hash: [UInt8](row["hash"] as Data).hexadecimal, at: at, key: key,
                    signature: signature)
            } else { nil }
        return AuditOrigin(number: number, hash: [UInt8](row["hash"] as Data), release: release)
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

    /// Holds all lines against their hashes, and against heads. It has a connection of its own, so that nobody who writes or
    /// asks waits for it.
    ///
    /// - Parameter copies: heads that were kept elsewhere; those in the file itself are always taken.
    public func check(copies: [AuditHead] = [], keys: [ReportKey]) throws -> AuditCheck {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.label = "lightbox.audit.check"
        return try DatabaseQueue(path: path, configuration: configuration).read { database in
            try Self.check(database, before: nil, copies: copies, keys: keys)
        }
    }

    /// - Parameter end: only lines before this one are held against anything.
    private static func check(
        _ database: Database, before end: Int?, copies: [AuditHead], keys: [ReportKey]
    ) throws -> AuditCheck {
        let own = try Row.fetchAll(database, sql: "SELECT * FROM heads ORDER BY number").map(AuditHead.init)
        let end = end ?? Int.max
        var check = AuditCheck(
            origin: try Self.origin(database), heads: (own + copies).filter { $0.number < end }, keys: keys)
        let rows = try Row.fetchCursor(
            database, sql: "SELECT * FROM lines WHERE number < ? ORDER BY number", arguments: [end])
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
