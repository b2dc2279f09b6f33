import Crypto
import Domain
import Foundation
import GRDB
import Workflows

/// A column whose values are sealed: what a person typed, what describes their picture or body, what was computed about
/// them. Identifiers, states, times and numbers for the order of things stay plain, because the database works with them.
struct SealedColumn: Sendable, Hashable {
    let table: String
    let name: String

    static let answers = Self(table: "intakes", name: "answers")
    static let acuity = Self(table: "session_notes", name: "acuity")
    static let withheld = Self(table: "session_notes", name: "withheld")
    static let drafts = Self(table: "session_notes", name: "drafts")
    static let held = Self(table: "session_notes", name: "held")
    static let uploadName = Self(table: "uploads", name: "file_name")
    static let uploadHash = Self(table: "uploads", name: "sha256")
    static let inspection = Self(table: "uploads", name: "inspection")
    static let burnedIn = Self(table: "uploads", name: "burned_in")
    static let outcome = Self(table: "analyses", name: "outcome")
    static let confirmedDifferences = Self(table: "analyses", name: "confirmed_differences")
    static let adjustment = Self(table: "analyses", name: "adjustment")
    static let clinician = Self(table: "readings", name: "clinician")
    static let readingText = Self(table: "readings", name: "text")
    static let receptionName = Self(table: "receptions", name: "file_name")
    static let receptionOutcome = Self(table: "receptions", name: "outcome")
    static let title = Self(table: "conversations", name: "title")
    static let content = Self(table: "messages", name: "content")
    static let options = Self(table: "reports", name: "options")
    static let fileStem = Self(table: "reports", name: "file_stem")
    static let answer = Self(table: "idempotency_keys", name: "answer")
    static let made = Self(table: "idempotency_keys", name: "made")

    static let all: [Self] = [
        .answers, .acuity, .withheld, .drafts, .held, .uploadName, .uploadHash, .inspection, .burnedIn, .outcome,
        .confirmedDifferences, .adjustment, .clinician, .readingText, .receptionName, .receptionOutcome, .title,
        .content, .options, .fileStem, .answer, .made,
    ]
}

/// Seals and opens the rows of one session, by AES-GCM (NIST SP 800-38D) under keys derived from the session's
/// (HKDF, RFC 5869), so that rows and files never share one.
///
/// A sealed value is one byte for the version of this form, 12 bytes of nonce, the ciphertext, and 16 bytes of tag. What
/// is authenticated with it names table, column, row and session: a value that was moved to another place doesn't open.
struct RowKey: Sendable {
    let session: SessionID
    private let name: [UInt8]
    private let sealing: SymmetricKey
    private let marking: SymmetricKey

    private static let version: UInt8 = 1

    init(_ key: DataKey, of session: SessionID) {
        self.session = session
        name = Array(session.description.utf8)
        let key = SymmetricKey(data: key.bytes)
        func derived(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(use.utf8), outputByteCount: 32)
        }
        sealing = derived("lightbox rows 1")
        marking = derived("lightbox row marks 1")
    }

    // MARK: - Sealing

    func seal(_ text: String, as column: SealedColumn, row: String) throws -> Data {
        try seal(Data(text.utf8), column, row)
    }

    func seal(json value: some Encodable, as column: SealedColumn, row: String) throws -> Data {
        try seal(try JSONColumn.encode(value), column, row)
    }

    private func seal(_ bytes: Data, _ column: SealedColumn, _ row: String) throws -> Data {
        let box = try AES.GCM.seal(bytes, using: sealing, authenticating: place(column, row))
        guard let combined = box.combined else { throw UnreadableRow(column: column.name) }
        return [Self.version] + combined
    }

    /// What is known of a value that isn't kept, for finding it again: nobody without the key can guess at it.
    func mark(_ text: String) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: marking)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    // MARK: - Opening

    func text(_ row: Row, _ column: SealedColumn, id: String) throws -> String {
        guard let text = try optionalText(row, column, id: id) else { throw UnreadableRow(column: column.name) }
        return text
    }

    func optionalText(_ row: Row, _ column: SealedColumn, id: String) throws -> String? {
        try bytes(row, column, id).map { String(decoding: $0, as: UTF8.self) }
    }

    func json<Value: Decodable>(_ type: Value.Type, _ row: Row, _ column: SealedColumn, id: String) throws -> Value {
        guard let value = try optionalJSON(type, row, column, id: id) else { throw UnreadableRow(column: column.name) }
        return value
    }

    func optionalJSON<Value: Decodable>(
        _ type: Value.Type, _ row: Row, _ column: SealedColumn, id: String
    ) throws -> Value? {
        try bytes(row, column, id).map { try JSONColumn.decode(type, $0) }
    }

    /// - Returns: nil for NULL.
    /// - Throws: ``UnreadableRow`` for what isn't sealed, was sealed for another place or by another key, or was changed.
    private func bytes(_ row: Row, _ column: SealedColumn, _ id: String) throws -> Data? {
        let value: DatabaseValue = row[column.name]
        if value.isNull { return nil }
        guard case .blob(let stored) = value.storage, stored.first == Self.version,
            let box = try? AES.GCM.SealedBox(combined: stored.dropFirst()),
            let bytes = try? AES.GCM.open(box, using: sealing, authenticating: place(column, id))
        else { throw UnreadableRow(column: column.name) }
        return bytes
    }

    private func place(_ column: SealedColumn, _ row: String) -> [UInt8] {
        var place: [UInt8] = []
        place.reserveCapacity(160)
        for part in ["lightbox row 1", column.table, column.name, row] {
            place.append(contentsOf: part.utf8)
            place.append(UInt8(ascii: "\n"))
        }
        place.append(contentsOf: name)
        return place
    }
}
