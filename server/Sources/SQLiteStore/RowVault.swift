import Domain
import Foundation
import GRDB
import Synchronization
import Workflows

/// Finds the keys that rows are sealed with, in the transaction that reads or writes the rows. Until it is unlocked no
/// sealed row can be read or written.
final class RowVault: Sendable {
    private let keys = Mutex<(any KeyUnwrapping)?>(nil)
    private let known = SessionKeyCache<RowKey>()

    func unlock(with keys: any KeyUnwrapping) {
        self.keys.withLock { $0 = keys }
    }

    /// - Throws: ``Fault/notFound`` if there is no such session; ``LockedRow`` if its key can't be unwrapped.
    func key(of session: SessionID, _ database: Database) throws -> RowKey {
        if let key = known[session] { return key }
        let wrapped = try database.cachedStatement(sql: Self.wrappedKey)
        guard let stored = try Data.fetchOne(wrapped, arguments: [session.description]) else { throw Fault.notFound }
        guard let key = keys.withLock({ $0 })?.unwrap([UInt8](stored), of: session) else { throw LockedRow() }
        let made = RowKey(key, of: session)
        known.remember(made, of: session)
        return made
    }

    static let wrappedKey = "SELECT wrapped_key FROM sessions WHERE id = ?"

    func forget(_ session: SessionID) {
        known.forget(session)
    }

    // MARK: - Rows of one session

    func open<Value>(
        _ rows: [Row], of session: SessionID, _ database: Database, _ make: (Row, RowKey) throws -> Value
    ) throws -> [Value] {
        if rows.isEmpty { return [] }
        let key = try key(of: session, database)
        return try rows.map { try make($0, key) }
    }

    func open<Value>(
        _ row: Row?, of session: SessionID, _ database: Database, _ make: (Row, RowKey) throws -> Value
    ) throws -> Value? {
        guard let row else { return nil }
        return try make(row, try key(of: session, database))
    }

    /// For a row that names its session.
    func open<Value>(
        _ row: Row?, _ database: Database, _ make: (Row, RowKey) throws -> Value
    ) throws -> Value? {
        guard let row else { return nil }
        return try make(row, try key(of: try row.identifier("session_id"), database))
    }
}

/// The store isn't unlocked, or the session's key was wrapped by another master key.
struct LockedRow: Error, CustomStringConvertible {
    let description = "the key of a session can't be unwrapped"
}
