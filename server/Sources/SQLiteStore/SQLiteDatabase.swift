import Domain
import Foundation
import GRDB
public import Workflows

/// The SQLite file: one connection that writes, several that read, WAL, and a commit that survives a power cut.
///
/// What a person typed, and what was made of it, stands there sealed with the session's key (see ``SealedColumn``).
public final class SQLiteDatabase: Sendable {
    let pool: DatabasePool
    /// A connection that is only ever held by whoever runs. One of the pool's may be held by a task that waits to go on, and
    /// who blocks its thread for it may hold the very thread that the task waits for.
    private let lookups: DatabaseQueue
    /// Where stores find the keys of their rows.
    let vault = RowVault()
    private let group: GroupCommit
    private let log: LogEmptier
    /// So long a connection waits for another process; in seconds.
    private static let timeout = 5

    /// Opens the file, makes it if there is none, and brings its schema up to date.
    ///
    /// - Parameter path: of the file; its folder must exist.
    /// - Throws: ``Workflows/Fault`` if it can't be opened or migrated.
    public convenience init(path: String) throws(Fault) {
        try self.init(path: path, upTo: nil, tracing: nil)
    }

    /// - Parameters:
    ///   - migration: the last one that is made.
    ///   - trace: hears of every statement that is run.
    init(path: String, upTo migration: String?, tracing trace: (@Sendable (String) -> Void)?) throws(Fault) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(TimeInterval(Self.timeout))
        configuration.maximumReaderCount = 4
        configuration.label = "lightbox"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA foreign_keys = ON")
            try database.execute(sql: "PRAGMA secure_delete = ON")
            if let trace { database.trace { trace("\($0)") } }
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL as it opens a file in WAL mode, after the preparation above; with that, a commit can vanish
            // with the power.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Schema.bringUpToDate(pool, at: path, upTo: migration)
            var reading = configuration
            reading.readonly = true
            reading.label = "lightbox.lookups"
            lookups = try DatabaseQueue(path: path, configuration: reading)
        } catch {
            throw Fault(database: error)
        }
        group = GroupCommit(pool)
        log = LogEmptier(pool, timeout: Self.timeout * 1000)
    }

    /// Gives it what opens the keys of sessions. Until then no sealed row can be read or written.
    public func unlock(with keys: any KeyUnwrapping) {
        vault.unlock(with: keys)
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(Fault) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw Fault(database: error)
        }
    }

    /// Reads a row by its key on the calling thread, without a transaction around it: that takes some microseconds, and
    /// going to another thread and back takes several times as long. Each statement of `body` sees the database as it is
    /// then, so that one which reads more, or needs two to agree, goes by ``read(_:)``.
    func lookUp<Value>(_ body: (Database) throws -> Value) throws(Fault) -> Value {
        do {
            return try lookups.unsafeRead(body)
        } catch {
            throw Fault(database: error)
        }
    }

    /// Looks up a sealed row and opens it. Whoever else looks something up needn't wait for the opening.
    func lookUp<Value>(
        in session: SessionID, _ find: (Database) throws -> Row?, _ make: (Row, RowKey) throws -> Value
    ) throws(Fault) -> Value? {
        let found = try lookUp { database in
            try find(database).map { ($0, try vault.key(of: session, database)) }
        }
        do {
            return try found.map(make)
        } catch {
            throw Fault(database: error)
        }
    }

    /// Runs `body` in a transaction, which it may share with other writers, and returns when it is durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(Fault) -> Value {
        do {
            return try await group.write(body)
        } catch {
            throw Fault(database: error)
        }
    }

    /// Runs `body` as ``write(_:)`` does, and notes in the same transaction what it makes on the key of the request that it
    /// is made for, if there is one (``Workflows/Making``).
    func write<Value: Sendable>(
        making id: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(Fault) -> Value {
        // Task-locals end where the writer's queue begins.
        guard let making = Making.current else { return try await write(body) }
        return try await write { [vault] database in
            let value = try body(database)
            try SQLiteIdempotencyStore.note(id, by: making, vault.key(of: making.session, database), database)
            return value
        }
    }

    /// Empties the write-ahead log, in which what was erased stands until it is overwritten. While somebody reads it can't
    /// be emptied; it is as soon as they have finished.
    ///
    /// - Returns: whether that was done within `patience`.
    @discardableResult
    public func emptyLog(within patience: Duration = .zero) async -> Bool {
        await log.empty(within: patience)
    }

    /// Empties the log where nobody else reads: at the start.
    func requireEmptyLog() async throws(Fault) {
        do {
            try await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        } catch {
            throw Fault(database: error)
        }
    }

    /// Whether the database answers and takes writes.
    public func check() async throws(Fault) {
        try await write { try $0.execute(sql: "UPDATE heartbeat SET beats = beats + 1") }
    }

    /// Memory is short: pages that were read are read again when they are asked for.
    public func shrink() {
        pool.releaseMemoryEventually()
        lookups.releaseMemory()
    }

    public func close() throws(Fault) {
        log.close()
        do {
            try lookups.close()
            try pool.close()
        } catch {
            throw Fault(database: error)
        }
    }
}

extension Fault {
    /// What a database error means for a workflow.
    init(database error: any Error) {
        if let fault = error as? Fault {
            self = fault
            return
        }
        guard let error = error as? DatabaseError else {
            self = .storageFailed(cause: error)
            return
        }
        switch error.resultCode.primaryResultCode {
        case .SQLITE_FULL: self = .storageFull
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .storageBusy
        // The last two: a file system that went read-only, or away.
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN: self = .storageUnavailable(cause: error)
        default: self = .storageFailed(cause: error)
        }
    }
}
