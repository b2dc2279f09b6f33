public import Domain
public import Foundation
import GRDB
public import Workflows

/// Own readings. That findings are held back is known from the row of the analysis alone, so that no query can forget it.
extension SQLiteStudyStore {
    public func reading(of id: AnalysisID, in session: SessionID) async throws(Fault) -> OwnReading? {
        let time = now()
        return try await database.read { database in
            guard try analysis(id, in: session, at: time, database) != nil else { return nil }
            return try reading(of: id, in: session, database)
        }
    }

    public func recordReading(
        _ text: String, by clinician: String, of id: AnalysisID, in session: SessionID, at now: Date
    ) async throws(Fault) -> (reading: OwnReading, isFirst: Bool) {
        try await database.write { database in
            guard let analysis = try analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            let earlier = try reading(of: id, in: session, database)
            guard earlier?.isBlind != true else { throw Fault.readingRecorded }
            let isHeldBack = analysis.blindFirst?.isOpen == true
            let isBlind =
                try isHeldBack && !others(than: analysis, at: now, database).contains(where: \.isShown)
                && !wasShown(analysis, database)
            let reading: OwnReading
            do throws(ValidationFault) {
                reading = try OwnReading(of: id, typedBy: clinician, text: text, recordedAt: now, isBlind: isBlind)
            } catch {
                throw Fault.validation(error)
            }
            let key = try vault.key(of: session, database)
            try database.execute(
                sql: """
                    INSERT INTO readings (analysis_id, clinician, text, recorded_at, is_blind) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (analysis_id) DO UPDATE
                    SET clinician = excluded.clinician, text = excluded.text, recorded_at = excluded.recorded_at,
                        is_blind = excluded.is_blind
                    """,
                arguments: [
                    id.description, try key.seal(reading.clinician, as: .clinician, row: id.description),
                    try key.seal(reading.text, as: .readingText, row: id.description), now.stored, reading.isBlind,
                ])
            if isHeldBack { try Self.end(id, .read, at: now, database) }
            return (reading, earlier == nil)
        }
    }

    public func reveal(
        _ id: AnalysisID, in session: SessionID, at now: Date
    ) async throws(Fault) -> (analysis: Analysis, isNew: Bool) {
        try await database.write { database in
            guard let analysis = try analysis(id, in: session, at: now, database) else { throw Fault.notFound }
            guard analysis.awaitsReading else { return (analysis, false) }
            try Self.end(id, .revealed, at: now, database)
            return (try present(id, at: now, database), true)
        }
    }

    public func noteOverdue(
        at now: Date
    ) async throws(Fault) -> [(analysis: AnalysisID, session: SessionID)] {
        // Most of the time there are none; that shouldn't cost a commit.
        guard try await database.read({ try Bool.fetchOne($0, sql: Self.anyOverdue, arguments: [now.stored]) ?? false })
        else { return [] }
        return try await database.write { database in
            try Row.fetchAll(
                database,
                sql: """
                    UPDATE analyses SET blind_ending = ?, blind_ended_at = updated_at + blind_seconds
                    WHERE \(Self.overdue) RETURNING id, session_id
                    """,
                arguments: [BlindFirst.Ending.timedOut.rawValue, now.stored]
            ).map { (try $0.identifier("id"), try $0.identifier("session_id")) }
        }
    }

    private static let overdue = """
        blind_seconds IS NOT NULL AND blind_ending IS NULL AND state = 'completed'
        AND updated_at + blind_seconds <= ?
        """
    static let anyOverdue = "SELECT EXISTS (SELECT 1 FROM analyses WHERE \(overdue))"

    private static func end(
        _ id: AnalysisID, _ ending: BlindFirst.Ending, at now: Date, _ database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE analyses SET blind_ending = ?, blind_ended_at = ? WHERE id = ?",
            arguments: [ending.rawValue, now.stored, id.description])
    }

    private func reading(of id: AnalysisID, in session: SessionID, _ database: Database) throws -> OwnReading? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM readings WHERE analysis_id = ?", arguments: [id.description])
        return try vault.open(row, of: session, database, OwnReading.init)
    }

    // MARK: - The same picture

    /// Refuses an analysis that would show what another one holds back, or hold back what another one has shown.
    func requireOnlyWay(_ analysis: Analysis, at now: Date, _ database: Database) throws {
        guard try analysis.blindFirst?.isOpen == true || Self.readsBlind(analysis.sessionID, database) else { return }
        let others = try others(than: analysis, at: now, database)
        guard !others.contains(where: \.awaitsReading) else { throw Fault.readingAwaited }
        guard analysis.blindFirst?.isOpen == true else { return }
        let wasShown = try wasShown(analysis, database)
        guard !wasShown, !others.contains(where: { $0.isShown || !$0.state.isFinal }) else {
            throw Fault.validation(
                ValidationFault([
                    FieldFault(
                        pointer: "/blindFirst", code: .contradiction,
                        detail:
                            "The findings in this picture were shown already, so that it can't be read before them."
                    )
                ]))
        }
    }

    /// Whether its findings, or their urgency, were shown before the picture was deleted and sent again.
    private func wasShown(_ analysis: Analysis, _ database: Database) throws -> Bool {
        guard let upload = try upload(analysis.uploadID, in: analysis.sessionID, database) else { return false }
        return try ShownPictures.contain(
            upload.sha256, frame: analysis.frame, vault.key(of: analysis.sessionID, database), database)
    }

    /// Whether anything in the session was to be read before its findings are shown. Mostly nothing was.
    private static func readsBlind(_ session: SessionID, _ database: Database) throws -> Bool {
        try database.row(blindOfSession, [session.description]) != nil
    }

    static let blindOfSession = """
        SELECT 1 FROM analyses INDEXED BY analyses_by_session WHERE session_id = ? AND blind_seconds IS NOT NULL LIMIT 1
        """

    /// Analyses of the same picture in the session, however often its file was uploaded.
    private func others(than analysis: Analysis, at now: Date, _ database: Database) throws -> [AnalysisMark] {
        let session = analysis.sessionID
        guard let picture = try upload(analysis.uploadID, in: session, database) else { return [] }
        // What a file's hash is, only its session knows.
        let rows = try database.rows(
            "SELECT id, sha256 FROM uploads WHERE session_id = ?", [session.description])
        let same = try vault.open(rows, of: session, database) { row, key -> String? in
            try key.text(row, .uploadHash, id: row["id"]) == picture.sha256 ? row["id"] : nil
        }.compactMap(\.self)
        let places = repeatElement("?", count: same.count).joined(separator: ", ")
        return try database.rows(
            """
            SELECT \(AnalysisMark.columns) FROM analyses
            WHERE upload_id IN (\(places)) AND session_id = ? AND frame = ? AND id <> ?
            """, StatementArguments(same) + [session.description, analysis.frame, analysis.id.description]
        ).map { try AnalysisMark($0, at: now) }
    }
}
