import GRDB
import Metrics
import Synchronization

/// Lets concurrent writers share one commit, and so one `fsync`.
///
/// While one transaction is being committed, writes that arrive wait together; the next transaction takes all of them,
/// each in its own savepoint where there are several, so that one that fails doesn't take the others with it. Nobody gets
/// an answer before the commit is on the disk.
final class GroupCommit: Sendable {
    private struct State {
        var waiting: [any PendingWrite] = []
        var isRunning = false
    }

    /// So many writes at most share one transaction.
    private static let batch = 256

    private let database: DatabasePool
    private let state = Mutex(State())
    private let writesPerCommit = Recorder(label: "lightbox_database_writes_per_commit", aggregate: true)
    private let commitTime = Timer(label: "lightbox_database_commit_seconds")
    private let busy = Counter(label: "lightbox_database_busy_total")

    init(_ database: DatabasePool) {
        self.database = database
    }

    /// Runs `body` in a transaction and returns when it is durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = WaitingWrite(body: body, continuation: continuation)
            let mustStart = state.withLock { state in
                state.waiting.append(write)
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { commitNext() }
        }
    }

    private func commitNext() {
        database.asyncWriteWithoutTransaction { [self] database in
            let writes = state.withLock { state in
                let taken = Array(state.waiting.prefix(Self.batch))
                state.waiting.removeFirst(taken.count)
                return taken
            }
            writesPerCommit.record(writes.count)
            let began = ContinuousClock.now
            let failure = Self.commit(writes, to: database)
            commitTime.recordSeconds((ContinuousClock.now - began) / .seconds(1))
            if let failure = failure as? DatabaseError, failure.resultCode == .SQLITE_BUSY { busy.increment() }
            for write in writes { write.settle(failure) }
            let goesOn = state.withLock { state in
                state.isRunning = !state.waiting.isEmpty
                return state.isRunning
            }
            if goesOn { commitNext() }
        }
    }

    /// - Returns: why nothing of it is durable, or nil if the commit succeeded.
    private static func commit(_ writes: [any PendingWrite], to database: Database) -> (any Error)? {
        do {
            try database.inTransaction(.immediate) {
                for write in writes {
                    write.run(in: database, isAlone: writes.count == 1)
                    // A full disk or an I/O error ends the whole transaction, not only the savepoint.
                    guard database.isInsideTransaction else {
                        throw write.failure
                            ?? DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction was rolled back")
                    }
                }
                return writes.count == 1 && writes[0].failure != nil ? .rollback : .commit
            }
            return nil
        } catch {
            return error
        }
    }
}

private protocol PendingWrite: Sendable {
    /// - Parameter isAlone: whether nothing else is in the transaction, which ends with the write then.
    func run(in database: Database, isAlone: Bool)
    /// Why its own body failed, if it did.
    var failure: (any Error)? { get }
    /// Gives the caller its answer; the error of its own body comes before that of the commit.
    func settle(_ failure: (any Error)?)
}

private final class WaitingWrite<Value: Sendable>: PendingWrite {
    private let body: @Sendable (Database) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private let result = Mutex<Result<Value, any Error>?>(nil)

    init(body: @escaping @Sendable (Database) throws -> Value, continuation: CheckedContinuation<Value, any Error>) {
        self.body = body
        self.continuation = continuation
    }

    func run(in database: Database, isAlone: Bool) {
        let outcome = Result<Value, any Error> {
            if isAlone { return try body(database) }
            var value: Value?
            try database.inSavepoint {
                value = try body(database)
                return .commit
            }
            guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return value
        }
        result.withLock { $0 = outcome }
    }

    var failure: (any Error)? {
        if case .failure(let error)? = result.withLock({ $0 }) { error } else { nil }
    }

    func settle(_ failure: (any Error)?) {
        let own = result.withLock { $0 }
        switch (own, failure) {
        case (.failure(let error)?, _): continuation.resume(throwing: error)
        case (_, let failure?): continuation.resume(throwing: failure)
        case (.success(let value)?, nil): continuation.resume(returning: value)
        case (nil, nil): continuation.resume(throwing: DatabaseError(resultCode: .SQLITE_ABORT))
        }
    }
}
