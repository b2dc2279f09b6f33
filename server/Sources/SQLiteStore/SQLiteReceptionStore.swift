public import Domain
public import Foundation
import GRDB
public import Workflows

/// Uploads in parts, in SQLite.
public struct SQLiteReceptionStore: ReceptionStore {
    private let database: SQLiteDatabase
    private var vault: RowVault { database.vault }

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    private static let isOpen = "state = 'receiving'"

    public func insert(_ reception: Reception, limit: Int) async throws(Fault) {
        try await database.write(making: reception.id.description) { database in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM receptions WHERE session_id = ? AND \(Self.isOpen)",
                arguments: [reception.sessionID.description])
            guard count ?? 0 < limit else { throw Fault.tooManyUploads(limit: limit) }
            let exists = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)",
                arguments: [reception.sessionID.description])
            guard exists == true else { throw Fault.notFound }
            try database.execute(
                sql: """
                    INSERT INTO receptions (id, session_id, file_name, length, created_at, expires_at, state)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    reception.id.description, reception.sessionID.description,
                    try vault.key(of: reception.sessionID, database)
                        .seal(reception.fileName, as: .receptionName, row: reception.id.description),
                    reception.length,
                    reception.createdAt.stored, reception.expiresAt.stored, reception.state.rawValue,
                ])
        }
    }

    public func reception(_ id: ReceptionID, in session: SessionID) async throws(Fault) -> Reception? {
        try await database.read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM receptions WHERE id = ? AND session_id = ?",
                arguments: [id.description, session.description])
            return try vault.open(row, of: session, database, Reception.init)
        }
    }

    public func openReceptions(in session: SessionID) async throws(Fault) -> [Reception] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM receptions WHERE session_id = ? AND \(Self.isOpen) ORDER BY created_at",
                arguments: [session.description])
            return try vault.open(rows, of: session, database, Reception.init)
        }
    }

    public func update(_ reception: Reception) async throws(Fault) {
        try await database.write { database in
            let key = try vault.key(of: reception.sessionID, database)
            try database.execute(
                sql: "UPDATE receptions SET state = ?, outcome = ?, expires_at = ? WHERE id = ?",
                arguments: [
                    reception.state.rawValue,
                    try reception.outcome.map {
                        try key.seal(json: $0, as: .receptionOutcome, row: reception.id.description)
                    },
                    reception.expiresAt.stored, reception.id.description,
                ])
        }
    }

    public func delete(_ id: ReceptionID, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "DELETE FROM receptions WHERE id = ? AND session_id = ?",
                arguments: [id.description, session.description])
        }
    }

    public func expired(at now: Date, limit: Int) async throws(Fault) -> [Reception] {
        try await database.read { database in
            try Row.fetchAll(database, sql: Self.expiredReceptions, arguments: [now.stored, limit]).map { row in
                // One that can't be opened any more goes like the others; its name isn't needed for that.
                guard let reception = try? vault.open(row, database, Reception.init) else {
                    return Reception(
                        id: try row.identifier("id"), sessionID: try row.identifier("session_id"), fileName: "",
                        length: row["length"], createdAt: Date(stored: row["created_at"]),
                        expiresAt: Date(stored: row["expires_at"]))
                }
                return reception
            }
        }
    }

    static let expiredReceptions = "SELECT * FROM receptions WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"
}
