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

/// What is stored as JSON text in one column.
enum JSONColumn {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
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
    init(_ row: Row) throws {
        self.init(
            answers: try JSONColumn.decode(Answers.self, row["answers"]), revision: row["revision"],
            updatedAt: Date(stored: row["updated_at"]))
    }
}

extension SessionNotes {
    init(_ row: Row) throws {
        self.init(
            acuity: try JSONColumn.decode(Acuity.self, row["acuity"]),
            withheld: Set(try JSONColumn.decode([String].self, row["withheld"])),
            drafts: Set(try JSONColumn.decode([String].self, row["drafts"])),
            held: try Self.held(row["held"]))
    }

    /// By the text of the id, because only such keys make a JSON object.
    var storedHeld: [String: [AcuityReason]] {
        Dictionary(uniqueKeysWithValues: held.map { ($0.key.description, $0.value) })
    }

    private static func held(_ text: String) throws -> [AnalysisID: [AcuityReason]] {
        try JSONColumn.decode([String: [AcuityReason]].self, text).reduce(into: [:]) { held, entry in
            guard let id = AnalysisID(entry.key) else { throw UnreadableRow(column: "held") }
            held[id] = entry.value
        }
    }
}

extension Upload {
    init(_ row: Row) throws {
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"), fileName: row["file_name"],
            bytes: row["bytes"], sha256: row["sha256"],
            inspection: try JSONColumn.decode(PictureInspection.self, row["inspection"]),
            createdAt: Date(stored: row["created_at"]),
            burnedIn: try (row["burned_in"] as String?).map { try JSONColumn.decode(BurnedIn.self, $0) } ?? .pending)
    }
}

extension Reception {
    init(_ row: Row) throws {
        guard let state = State(rawValue: row["state"]) else { throw UnreadableRow(column: "state") }
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"), fileName: row["file_name"],
            length: row["length"], createdAt: Date(stored: row["created_at"]),
            expiresAt: Date(stored: row["expires_at"]), state: state,
            outcome: try (row["outcome"] as String?).map { try JSONColumn.decode(Outcome.self, $0) })
    }
}

extension Analysis {
    /// - Parameter now: what is held back by then.
    init(_ row: Row, at now: Date) throws {
        guard let state = State(rawValue: row["state"]) else { throw UnreadableRow(column: "state") }
        let outcome = try (row["outcome"] as String?).map { try JSONColumn.decode(Outcome.self, $0) }
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"),
            uploadID: try row.identifier("upload_id"), frame: row["frame"],
            adjustment: try (row["adjustment"] as String?).map { try JSONColumn.decode(PictureAdjustment.self, $0) }
                ?? .none, createdAt: Date(stored: row["created_at"]),
            updatedAt: Date(stored: row["updated_at"]), state: state, attempt: row["attempt"],
            revision: row["revision"], outcome: outcome,
            confirmedDifferences: try JSONColumn.decode(
                [IdentityCheck.Field].self, row["confirmed_differences"]),
            blindFirst: try Self.blindFirst(row, isCompleted: state == .completed, at: now))
    }

    private static func blindFirst(_ row: Row, isCompleted: Bool, at now: Date) throws -> BlindFirst? {
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

extension Report {
    init(_ row: Row, documents: [Document]) throws {
        guard let state = State(rawValue: row["state"]) else { throw UnreadableRow(column: "state") }
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"),
            analysisID: try row.identifier("analysis_id"),
            options: try JSONColumn.decode(Options.self, row["options"]), fileStem: row["file_stem"],
            createdAt: Date(stored: row["created_at"]), updatedAt: Date(stored: row["updated_at"]), state: state,
            attempt: row["attempt"], revision: row["revision"],
            failure: try (row["failure"] as String?).map { try JSONColumn.decode(Failure.self, $0) },
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
    init(_ row: Row) throws {
        self.init(
            analysisID: try row.identifier("analysis_id"), clinician: row["clinician"], text: row["text"],
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
