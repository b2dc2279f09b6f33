public import Domain
public import Foundation
import GRDB
public import Workflows

/// Uploads in SQLite; the queue of analyses is in `SQLiteStudyStore+Queue.swift`.
public struct SQLiteStudyStore: StudyStore {
    let database: SQLiteDatabase
    /// What is held back, is held back as of then.
    let now: @Sendable () -> Date
    var vault: RowVault { database.vault }

    public init(_ database: SQLiteDatabase, now: @escaping @Sendable () -> Date) {
        self.database = database
        self.now = now
    }

    // MARK: - Uploads

    public func insert(_ upload: Upload, limit: Int, ending reception: ReceptionID?) async throws(Fault) {
        try await database.write(making: upload.id.description) { database in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM uploads WHERE session_id = ?",
                arguments: [upload.sessionID.description])
            guard count ?? 0 < limit else { throw Fault.tooManyUploads(limit: limit) }
            // An erased session has no key: it must not get new rows from a request that was still running.
            let key = try vault.key(of: upload.sessionID, database)
            guard try Self.exists(upload.sessionID, in: database) else { throw Fault.notFound }
            let id = upload.id.description
            try database.execute(
                sql: """
                    INSERT INTO uploads (id, session_id, file_name, bytes, sha256, inspection, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, upload.sessionID.description, try key.seal(upload.fileName, as: .uploadName, row: id),
                    upload.bytes, try key.seal(upload.sha256, as: .uploadHash, row: id),
                    try key.seal(json: upload.inspection, as: .inspection, row: id), upload.createdAt.stored,
                ])
            guard let reception else { return }
            let outcome = Reception.Outcome(uploads: [upload.id], refused: [])
            try database.execute(
                sql: "UPDATE receptions SET state = 'kept', outcome = ? WHERE id = ? AND session_id = ?",
                arguments: [
                    try key.seal(json: outcome, as: .receptionOutcome, row: reception.description),
                    reception.description, upload.sessionID.description,
                ])
        }
    }

    public func upload(_ id: UploadID, in session: SessionID) async throws(Fault) -> Upload? {
        try database.lookUp(in: session, { try Self.row(of: id, in: session, $0) }, Upload.init)
    }

    public func uploads(in session: SessionID) async throws(Fault) -> [Upload] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM uploads WHERE session_id = ? ORDER BY created_at DESC, id DESC",
                arguments: [session.description])
            return try vault.open(rows, of: session, database, Upload.init)
        }
    }

    public func deleteUpload(_ id: UploadID, in session: SessionID) async throws(Fault) -> [BlobName]? {
        let time = now()
        return try await database.write { database in
            guard let upload = try upload(id, in: session, database) else { return nil }
            var names: [BlobName] = [.picture(id)] + Self.derived(upload)
            var gone = [id.description]
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM analyses WHERE upload_id = ?", arguments: [id.description])
            for analysis in try vault.open(rows, of: session, database, { try Analysis($0, $1, at: time) }) {
                // Its findings were shown, or their urgency is from now on: it can't be read blind any more.
                if analysis.keptResult != nil {
                    try ShownPictures.remember(
                        upload.sha256, frame: analysis.frame, vault.key(of: session, database), database)
                }
                gone.append(analysis.id.description)
            }
            let reports = try String.fetchAll(
                database,
                sql: "SELECT reports.id FROM reports JOIN analyses ON analyses.id = analysis_id WHERE upload_id = ?",
                arguments: [id.description])
            for report in reports.compactMap({ ReportID($0) }) {
                names += try SQLiteReportStore.files(of: report, database)
            }
            try database.execute(sql: "DELETE FROM uploads WHERE id = ?", arguments: [id.description])
            try SQLiteIdempotencyStore.forget(answersAbout: gone + reports, vault.key(of: session, database), database)
            return names
        }
    }

    /// What is made of a picture; perhaps not all of it was.
    private static func derived(_ upload: Upload) -> [BlobName] {
        Limits().previewEdges.map { .preview(upload.id, edge: $0) }
            + (0..<min(upload.inspection.frames, BlobName.keptFrames)).map { .samples(upload.id, frame: $0) }
    }

    public func nextWithoutText() async throws(Fault) -> Upload? {
        while true {
            let found = try await database.read { database -> (id: String, upload: Upload?)? in
                guard let row = try Row.fetchOne(database, sql: Self.withoutText) else { return nil }
                do {
                    return (row["id"], try vault.open(row, database, Upload.init))
                } catch is UnreadableRow {
                    return (row["id"], nil)
                }
            }
            guard let found else { return nil }
            if let upload = found.upload { return upload }
            // One that can't be opened any more must not hold up those behind it.
            try await database.write {
                try $0.execute(sql: "UPDATE uploads SET burned_in = x'' WHERE id = ?", arguments: [found.id])
            }
        }
    }

    static let withoutText = "SELECT * FROM uploads WHERE burned_in IS NULL ORDER BY created_at LIMIT 1"

    public func setBurnedIn(_ burnedIn: Upload.BurnedIn, of id: UploadID) async throws(Fault) {
        try await database.write { database in
            let owner = try String.fetchOne(
                database, sql: "SELECT session_id FROM uploads WHERE id = ?", arguments: [id.description])
            guard let session = owner.flatMap({ SessionID($0) }) else { return }
            let sealed = try vault.key(of: session, database).seal(json: burnedIn, as: .burnedIn, row: id.description)
            try database.execute(
                sql: "UPDATE uploads SET burned_in = ? WHERE id = ?", arguments: [sealed, id.description])
        }
    }

    func upload(_ id: UploadID, in session: SessionID, _ database: Database) throws -> Upload? {
        try vault.open(try Self.row(of: id, in: session, database), of: session, database, Upload.init)
    }

    static func row(of id: UploadID, in session: SessionID, _ database: Database) throws -> Row? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM uploads WHERE id = ? AND session_id = ?")
        return try Row.fetchOne(statement, arguments: [id.description, session.description])
    }

    private static func exists(_ session: SessionID, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)", arguments: [session.description])
            ?? false
    }

    // MARK: - Files

    public func owns(_ name: BlobName, in session: SessionID) async throws(Fault) -> Bool {
        let table: String
        let id: String
        var more = ""
        switch name {
        case .picture(let upload), .preview(let upload, edge: _), .samples(let upload, frame: _):
            (table, id) = ("uploads", upload.description)
        case .reception(let reception):
            (table, id) = ("receptions", reception.description)
            // What came of one that has ended is a picture of its own, or nothing.
            more = " AND state = 'receiving'"
        case .reportSnapshot(let report), .reportPicture(let report): (table, id) = ("reports", report.description)
        case .report(let report, let format, let edition):
            return try await SQLiteReportStore(database).owns(report, format, edition: edition, in: session)
        }
        return try await database.read { [more] database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM \(table) WHERE id = ? AND session_id = ?\(more))",
                arguments: [id, session.description]) ?? false
        }
    }
}
