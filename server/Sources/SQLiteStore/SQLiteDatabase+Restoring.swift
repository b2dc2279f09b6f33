public import Domain
import Foundation
import GRDB

extension SQLiteDatabase {
    /// What is wrong with a file that nobody has open; nil if SQLite finds nothing.
    public static func trouble(in path: String) -> String? {
        do {
            return try queue(path).read { database in
                let lines = try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
                if lines != ["ok"] { return lines.first ?? "it doesn't answer" }
                return try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") == nil
                    ? nil : "rows point to rows that aren't there"
            }
        } catch {
            return "\(error)"
        }
    }

    /// The sessions in a file that nobody has open, one by one.
    public static func sessions(in path: String, _ body: (SessionID) throws -> Void) throws {
        try queue(path).read { database in
            let rows = try String.fetchCursor(database, sql: "SELECT id FROM sessions")
            while let text = try rows.next() {
                if let id = SessionID(text) { try body(id) }
            }
        }
    }

    /// Removes sessions with all that is theirs, and then the pages that held it.
    public static func erase(_ sessions: [SessionID], in path: String) throws {
        let queue = try queue(path)
        try queue.write { database in
            for session in sessions {
                try database.execute(sql: "DELETE FROM sessions WHERE id = ?", arguments: [session.description])
            }
        }
        try queue.vacuum()
    }
}
