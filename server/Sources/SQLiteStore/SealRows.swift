import Domain
public import Foundation
import GRDB
public import Workflows

/// Seals the rows that an earlier version left in the open, once, before anybody is served.
///
/// It goes from table to table in bounded transactions, and a value that is sealed isn't text any more: whoever kills it
/// finds it going on at the next start. When nothing is left to seal it rewrites the file (VACUUM) and empties the
/// log, so that what stood there in the open isn't left in free pages either. Only then it notes that it is done.
public struct SealRows: Sendable {
    private let database: SQLiteDatabase
    private let keys: any KeyUnwrapping
    private let batch: Int

    public init(_ database: SQLiteDatabase, keys: any KeyUnwrapping, batch: Int = 200) {
        self.database = database
        self.keys = keys
        self.batch = batch
    }

    /// - Returns: how many values were sealed.
    public func callAsFunction(at now: Date) async throws(Fault) -> Int {
        let isDone = try await database.read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM sealing)") ?? false
        }
        if isDone { return 0 }
        try await giveKeys()
        var count = 0
        for table in Self.tables {
            while case let sealed = try await seal(table), sealed > 0 { count += sealed }
        }
        try await rewriteFile()
        try await database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO sealing (id, finished_at) VALUES (1, ?)", arguments: [now.stored])
        }
        return count
    }

    /// Sessions from before there were keys.
    private func giveKeys() async throws(Fault) {
        while true {
            let given = try await database.write { database in
                let ids = try String.fetchAll(
                    database, sql: "SELECT id FROM sessions WHERE wrapped_key = x'' LIMIT ?", arguments: [batch])
                for id in ids {
                    guard let session = SessionID(id) else { throw UnreadableRow(column: "id") }
                    try database.execute(
                        sql: "UPDATE sessions SET wrapped_key = ? WHERE id = ?",
                        arguments: [Data(keys.make(for: session)), id])
                }
                return ids.count
            }
            if given == 0 { return }
        }
    }

    // MARK: - Tables

    /// How the rows of a table are found and named.
    private struct Table {
        let name: String
        /// The column whose value the seals of a row name.
        let id: String
        /// The session of a row.
        var session = "session_id"
        var joins = ""

        var columns: [SealedColumn] { SealedColumn.all.filter { $0.table == name } }

        var open: String {
            let isText = columns.map { "typeof(\(name).\($0.name)) = 'text'" }.joined(separator: " OR ")
            return """
                SELECT \(name).rowid AS number, \(session) AS session_id, \(name).* FROM \(name) \(joins)
                WHERE \(isText) LIMIT ?
                """
        }
    }

    private static let tables = [
        Table(name: "intakes", id: "session_id"), Table(name: "session_notes", id: "session_id"),
        Table(name: "uploads", id: "id"), Table(name: "analyses", id: "id"),
        Table(
            name: "readings", id: "analysis_id", session: "analyses.session_id",
            joins: "JOIN analyses ON analyses.id = analysis_id"),
        Table(name: "receptions", id: "id"), Table(name: "conversations", id: "id"),
        Table(
            name: "messages", id: "id", session: "conversations.session_id",
            joins: "JOIN conversations ON conversations.id = conversation_id"),
        Table(name: "reports", id: "id"), Table(name: "idempotency_keys", id: "key"),
    ]

    private func seal(_ table: Table) async throws(Fault) -> Int {
        try await database.write { database in
            var count = 0
            for row in try Row.fetchAll(database, sql: table.open, arguments: [batch]) {
                let session: SessionID = try row.identifier("session_id")
                let key = try self.database.vault.key(of: session, database)
                var id: String = row[table.id]
                var values: [(String, any DatabaseValueConvertible)] = []
                if table.name == "idempotency_keys" {
                    id = key.mark(id)
                    values += [("key", id), ("fingerprint", key.mark(row["fingerprint"]))]
                }
                for column in table.columns {
                    guard case .string(let text) = (row[column.name] as DatabaseValue).storage else { continue }
                    values.append((column.name, try key.seal(text, as: column, row: id)))
                    count += 1
                }
                try database.execute(
                    sql: """
                        UPDATE \(table.name) SET \(values.map { "\($0.0) = ?" }.joined(separator: ", "))
                        WHERE rowid = ?
                        """,
                    arguments: StatementArguments(values.map(\.1)) + [row["number"] as Int64])
            }
            return count
        }
    }

    // MARK: - What is left

    private func rewriteFile() async throws(Fault) {
        do {
            try await database.pool.vacuum()
        } catch {
            throw Fault(database: error)
        }
        try await database.requireEmptyLog()
    }
}
