import Domain
import Foundation
import GRDB
import Workflows

extension Date {
    /// Seconds since 1970, as every time is stored.
    var stored: Double { timeIntervalSince1970 }

    init(stored: Double) {
        self.init(timeIntervalSince1970: stored)
    }
}

/// What is stored as JSON in one column.
enum JSONColumn {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(value)
    }

    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: Data) throws -> Value {
        if let value = try? JSONReader.read(type, bytes) { return value }
        return try JSONDecoder().decode(type, from: bytes)
    }
}

/// A row that this version of the program can't read.
struct UnreadableRow: Error {
    let column: String
}

extension Row {
    func identifier<Entity>(_ column: String) throws -> Identifier<Entity> {
        guard let id = Identifier<Entity>(self[column] as String) else { throw UnreadableRow(column: column) }
        return id
    }
}

extension Session {
    init(_ row: Row) throws {
        self.init(
            id: try row.identifier("id"), createdAt: Date(stored: row["created_at"]),
            lastSeenAt: Date(stored: row["last_seen_at"]),
            consent: Consent(version: row["consent_version"], acceptedAt: Date(stored: row["consent_at"])))
    }
}

extension Intake {
    init(_ row: Row, _ key: RowKey) throws {
        self.init(
            answers: try key.json(Answers.self, row, .answers, id: row["session_id"]), revision: row["revision"],
            updatedAt: Date(stored: row["updated_at"]))
    }
}

extension SessionNotes {
    init(_ row: Row, _ key: RowKey) throws {
        let id: String = row["session_id"]
        self.init(
            acuity: try key.json(Acuity.self, row, .acuity, id: id),
            withheld: Set(try key.json([String].self, row, .withheld, id: id)),
            drafts: Set(try key.json([String].self, row, .drafts, id: id)),
            held: try Self.held(try key.json([String: [AcuityReason]].self, row, .held, id: id)))
    }

    /// By the text of the id, because only such keys make a JSON object.
    var storedHeld: [String: [AcuityReason]] {
        Dictionary(uniqueKeysWithValues: held.map { ($0.key.description, $0.value) })
    }

    private static func held(_ stored: [String: [AcuityReason]]) throws -> [AnalysisID: [AcuityReason]] {
        try stored.reduce(into: [:]) { held, entry in
            guard let id = AnalysisID(entry.key) else { throw UnreadableRow(column: "held") }
            held[id] = entry.value
        }
    }
}

extension Upload {
    init(_ row: Row, _ key: RowKey) throws {
        let id: String = row["id"]
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"),
            fileName: try key.text(row, .uploadName, id: id), bytes: row["bytes"],
            sha256: try key.text(row, .uploadHash, id: id),
            inspection: try key.json(PictureInspection.self, row, .inspection, id: id),
            createdAt: Date(stored: row["created_at"]),
            burnedIn: try key.optionalJSON(BurnedIn.self, row, .burnedIn, id: id) ?? .pending)
    }
}

extension Reception {
    init(_ row: Row, _ key: RowKey) throws {
        guard let state = State(rawValue: row["state"]) else { throw UnreadableRow(column: "state") }
        let id: String = row["id"]
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"),
            fileName: try key.text(row, .receptionName, id: id), length: row["length"],
            createdAt: Date(stored: row["created_at"]), expiresAt: Date(stored: row["expires_at"]), state: state,
            outcome: try key.optionalJSON(Outcome.self, row, .receptionOutcome, id: id))
    }
}

extension Analysis {
    /// - Parameters:
    ///   - outcome: where it is known; it isn't opened then.
    ///   - now: what is held back by then.
    init(_ row: Row, _ key: RowKey, _ outcome: Outcome? = nil, at now: Date) throws {
        guard let state = State(rawValue: row["state"]) else { throw UnreadableRow(column: "state") }
        let id: String = row["id"]
        let outcome = try outcome ?? key.optionalJSON(Outcome.self, row, .outcome, id: id)
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"),
            uploadID: try row.identifier("upload_id"), frame: row["frame"],
            adjustment: try key.optionalJSON(PictureAdjustment.self, row, .adjustment, id: id) ?? .none,
            createdAt: Date(stored: row["created_at"]),
            updatedAt: Date(stored: row["updated_at"]), state: state, attempt: row["attempt"],
            revision: row["revision"], outcome: outcome,
            confirmedDifferences: try key.json([IdentityCheck.Field].self, row, .confirmedDifferences, id: id),
            blindFirst: try Self.blindFirst(row, isCompleted: state == .completed, at: now))
    }

    fileprivate static func blindFirst(_ row: Row, isCompleted: Bool, at now: Date) throws -> BlindFirst? {
        guard let longest = row["blind_seconds"] as Double? else { return nil }
        var ending: BlindFirst.Ending?
        if let text = row["blind_ending"] as String? {
            ending = BlindFirst.Ending(rawValue: text)
            if ending == nil { throw UnreadableRow(column: "blind_ending") }
        }
        // A completed analysis isn't written any more, so that its row tells when it ended.
        return BlindFirst(
            longest: longest, completedAt: isCompleted ? Date(stored: row["updated_at"]) : nil, ending: ending, at: now)
    }
}

extension AnalysisMark {
    static let columns = "id, attempt, state, updated_at, blind_seconds, blind_ending"

    /// - Parameter now: what is held back by then.
    init(_ row: Row, at now: Date) throws {
        guard let state = Analysis.State(rawValue: row["state"]) else { throw UnreadableRow(column: "state") }
        let blindFirst = try Analysis.blindFirst(row, isCompleted: state == .completed, at: now)
        self.init(
            id: try row.identifier("id"), attempt: row["attempt"], state: state,
            awaitsReading: Analysis.awaitsReading(state, blindFirst))
    }
}

extension Report {
    init(_ row: Row, _ key: RowKey, documents: [Document]) throws {
        guard let state = State(rawValue: row["state"]) else { throw UnreadableRow(column: "state") }
        let id: String = row["id"]
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"),
            analysisID: try row.identifier("analysis_id"),
            options: try key.json(Options.self, row, .options, id: id),
            fileStem: try key.text(row, .fileStem, id: id),
            createdAt: Date(stored: row["created_at"]), updatedAt: Date(stored: row["updated_at"]), state: state,
            attempt: row["attempt"], revision: row["revision"],
            failure: try (row["failure"] as String?).map { try JSONColumn.decode(Failure.self, Data($0.utf8)) },
            documents: documents)
    }
}

extension Report.Document {
    init(_ row: Row) throws {
        guard let format = Report.Format(rawValue: row["format"]) else { throw UnreadableRow(column: "format") }
        self.init(
            format: format, edition: row["edition"], bytes: row["bytes"], sha256: row["sha256"],
            madeAt: Date(stored: row["made_at"]))
    }
}

extension OwnReading {
    init(_ row: Row, _ key: RowKey) throws {
        let id: String = row["analysis_id"]
        self.init(
            analysisID: try row.identifier("analysis_id"), clinician: try key.text(row, .clinician, id: id),
            text: try key.text(row, .readingText, id: id),
            recordedAt: Date(stored: row["recorded_at"]), isBlind: row["is_blind"])
    }
}

extension ModelWithdrawal {
    init(_ row: Row) {
        self.init(
            model: row["model"], version: row["version"], reason: row["reason"], by: row["withdrawn_by"],
            at: Date(stored: row["withdrawn_at"]))
    }
}
