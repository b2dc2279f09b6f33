public import Domain
public import Foundation
import GRDB
public import Workflows

/// Reports in SQLite. A row in state `making` waits for its turn or is being made by this process.
public struct SQLiteReportStore: ReportStore {
    private let database: SQLiteDatabase
    private var vault: RowVault { database.vault }

    /// A restart leaves a gap in the revisions, so that those which were shown but never written aren't used again.
    private static let revisionGap = 1000

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func insert(_ report: Report, limit: Int) async throws(Fault) {
        try await database.write(making: report.id.description) { database in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM reports WHERE session_id = ?",
                arguments: [report.sessionID.description])
            guard count ?? 0 < limit else { throw Fault.tooManyReports(limit: limit) }
            let exists = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM analyses WHERE id = ? AND session_id = ?)",
                arguments: [report.analysisID.description, report.sessionID.description])
            guard exists == true else { throw Fault.notFound }
            let key = try vault.key(of: report.sessionID, database)
            let id = report.id.description
            try database.execute(
                sql: """
                    INSERT INTO reports
                        (id, session_id, analysis_id, audience, options, file_stem, state, attempt, revision, created_at,
                         updated_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, report.sessionID.description, report.analysisID.description, report.options.audience.rawValue,
                    try key.seal(json: report.options, as: .options, row: id),
                    try key.seal(report.fileStem, as: .fileStem, row: id), report.state.rawValue, report.attempt,
                    report.revision, report.createdAt.stored, report.updatedAt.stored,
                ])
        }
    }

    public func report(_ id: ReportID, in session: SessionID) async throws(Fault) -> Report? {
        try await database.read { try report(id, in: session, $0) }
    }

    public func reports(in session: SessionID) async throws(Fault) -> [Report] {
        try await database.read { database in
            let rows = try Row.fetchAll(database, sql: Self.documentsBySession, arguments: [session.description])
            let documents = Dictionary(grouping: rows) { $0["report_id"] as String }
            let found = try Row.fetchAll(
                database, sql: "SELECT * FROM reports WHERE session_id = ? ORDER BY created_at DESC, id DESC",
                arguments: [session.description])
            return try vault.open(found, of: session, database) {
                try Report($0, $1, documents: try (documents[$0["id"]] ?? []).map(Report.Document.init))
            }
        }
    }

    static let documentsBySession = """
        SELECT report_documents.* FROM reports JOIN report_documents ON report_id = reports.id WHERE session_id = ?
        """

    private func report(_ id: ReportID, in session: SessionID, _ database: Database) throws -> Report? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM reports WHERE id = ? AND session_id = ?",
            arguments: [id.description, session.description])
        return try vault.open(row, of: session, database) {
            try Report($0, $1, documents: try Self.documents(of: id, database))
        }
    }

    private static func documents(of id: ReportID, _ database: Database) throws -> [Report.Document] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM report_documents WHERE report_id = ? ORDER BY format, edition",
            arguments: [id.description]
        ).map(Report.Document.init)
    }

    // MARK: - Making

    public func keep(_ document: Report.Document, of id: ReportID, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            guard let report = try report(id, in: session, database), report.state != .cancelled else {
                throw Fault.notFound
            }
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO report_documents (report_id, format, edition, bytes, sha256, made_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id.description, document.format.rawValue, document.edition, document.bytes, document.sha256,
                    document.madeAt.stored,
                ])
        }
    }

    public func finish(
        _ id: ReportID, attempt: Int, failure: Report.Failure?, revision: Int, at now: Date
    ) async throws(Fault) -> Report? {
        try await database.write { database in
            try database.execute(
                sql: """
                    UPDATE reports SET state = ?, failure = ?, revision = max(revision + 1, ?), updated_at = ?
                    WHERE id = ? AND attempt = ? AND state = 'making'
                    """,
                arguments: [
                    failure == nil ? Report.State.ready.rawValue : Report.State.failed.rawValue,
                    try failure.map { try JSONColumn.text($0) }, revision, now.stored, id.description, attempt,
                ])
            guard database.changesCount == 1 else { return nil }
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM reports WHERE id = ?", arguments: [id.description])
            return try vault.open(row, database) { try Report($0, $1, documents: try Self.documents(of: id, database)) }
        }
    }

    public func cancel(
        _ id: ReportID, in session: SessionID, revision: Int, at now: Date
    ) async throws(Fault) -> Report {
        try await database.write { database in
            guard let found = try report(id, in: session, database) else { throw Fault.notFound }
            guard found.state == .making else { throw Fault.reportFinished }
            try database.execute(
                sql: """
                    UPDATE reports SET state = 'cancelled', revision = max(revision + 1, ?), updated_at = ? WHERE id = ?
                    """,
                arguments: [revision, now.stored, id.description])
            try database.execute(
                sql: "DELETE FROM report_documents WHERE report_id = ?", arguments: [id.description])
            guard let cancelled = try report(id, in: session, database) else { throw Fault.notFound }
            return cancelled
        }
    }

    public func delete(_ id: ReportID, in session: SessionID) async throws(Fault) -> [BlobName]? {
        let names = try await database.write { database -> [BlobName]? in
            guard try report(id, in: session, database) != nil else { return nil }
            let names = try Self.files(of: id, database)
            try database.execute(sql: "DELETE FROM reports WHERE id = ?", arguments: [id.description])
            try SQLiteIdempotencyStore.forget(
                answersAbout: [id.description], vault.key(of: session, database), database)
            return names
        }
        await database.emptyLog()
        return names
    }

    public func restoreInterrupted(attempts: Int, at now: Date) async throws(Fault) -> [Report] {
        try await database.write { database in
            let failure = try JSONColumn.text(Report.Failure(.interrupted))
            try database.execute(
                sql: """
                    UPDATE reports SET state = 'failed', failure = ?, revision = revision + \(Self.revisionGap),
                        updated_at = ?
                    WHERE state = 'making' AND attempt >= ?
                    """,
                arguments: [failure, now.stored, attempts])
            try database.execute(
                sql: """
                    UPDATE reports SET attempt = attempt + 1, revision = revision + \(Self.revisionGap)
                    WHERE state = 'making'
                    """)
            return try Row.fetchAll(database, sql: Self.beingMade).compactMap { row in
                let documents = try Self.documents(of: try row.identifier("id"), database)
                if let report = try? vault.open(row, database, { try Report($0, $1, documents: documents) }) {
                    return report
                }
                // One that can't be opened any more must not keep the server from starting.
                try database.execute(
                    sql: "UPDATE reports SET state = 'failed', failure = ? WHERE id = ?",
                    arguments: [failure, row["id"]])
                return nil
            }
        }
    }

    static let beingMade = "SELECT * FROM reports WHERE state = 'making' ORDER BY created_at"

    // MARK: - Files

    /// The names of all files that belong to a report.
    static func files(of id: ReportID, _ database: Database) throws -> [BlobName] {
        try documents(of: id, database).map { .report(id, $0.format, edition: $0.edition) }
            + [.reportSnapshot(id), .reportPicture(id)]
    }

    /// Whether a row refers to this document.
    func owns(
        _ id: ReportID, _ format: Report.Format, edition: String, in session: SessionID
    ) async throws(Fault) -> Bool {
        try await database.read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM report_documents JOIN reports ON reports.id = report_id
                        WHERE report_id = ? AND format = ? AND edition = ? AND session_id = ?)
                    """,
                arguments: [id.description, format.rawValue, edition, session.description]) ?? false
        }
    }
}
