public import Domain
import Foundation
import GRDB
public import Workflows

/// The keys of sessions as they stand in SQLite, for wrapping them anew.
extension SQLiteSessionStore: KeyStore {
    public func masterKeyProofs() async throws(Fault) -> MasterKeyProofs {
        try await database.read { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT proof, next_proof FROM master_key_proof") else {
                return MasterKeyProofs()
            }
            return MasterKeyProofs(
                current: (row["proof"] as Data?).map { [UInt8]($0) },
                next: (row["next_proof"] as Data?).map { [UInt8]($0) })
        }
    }

    public func beginRotation(to proof: [UInt8]) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE master_key_proof SET next_proof = ? WHERE next_proof IS NULL", arguments: [Data(proof)])
        }
    }

    public func wrappedKeys(after session: SessionID?, limit: Int) async throws(Fault) -> [WrappedKey] {
        try await database.read { database in
            try Row.fetchAll(
                database, sql: Self.keysInOrder, arguments: [session?.description ?? "", limit]
            ).map { WrappedKey(session: try $0.identifier("id"), bytes: [UInt8]($0["wrapped_key"] as Data)) }
        }
    }

    static let keysInOrder = "SELECT id, wrapped_key FROM sessions WHERE id > ? ORDER BY id LIMIT ?"

    public func rewrap(_ keys: [WrappedKey]) async throws(Fault) {
        try await database.write { database in
            let statement = try database.cachedStatement(sql: "UPDATE sessions SET wrapped_key = ? WHERE id = ?")
            for key in keys { try statement.execute(arguments: [Data(key.bytes), key.session.description]) }
        }
    }

    public func finishRotation() async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: """
                    UPDATE master_key_proof SET proof = next_proof, next_proof = NULL WHERE next_proof IS NOT NULL
                    """)
        }
        // What was wrapped by the old key isn't left in the log.
        await database.emptyLog(within: .seconds(5))
    }
}
