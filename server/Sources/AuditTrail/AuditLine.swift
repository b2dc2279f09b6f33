import Crypto
public import Domain
public import Foundation
public import Workflows

/// One line of the trail: that something was done, when, by whom and how it ended. Never a name, and nothing out of a
/// record.
public struct AuditLine: Sendable, Equatable, Codable {
    /// Counted from 1, without gaps.
    public var number: Int
    /// Milliseconds since 1970.
    public var at: Int64
    public var actor: AuditActor.Kind
    /// A name for the session that can't be turned back into its id; empty where there is none.
    public var session: String
    public var event: AuditEvent.RawValue
    /// What it was done to, for example `analysis:01a2…`; empty where that says nothing.
    public var subject: String
    public var outcome: AuditOutcome
    /// As it stands in `X-Request-Id` and in the log; empty outside of requests.
    public var request: String
    public var bytes: Int?
    /// Of an operator: who, and as what; empty for others.
    public var name: String
    public var role: String

    public init(
        number: Int, at: Int64, actor: AuditActor.Kind, session: String, event: AuditEvent.RawValue, subject: String,
        outcome: AuditOutcome, request: String, bytes: Int?, name: String = "", role: String = ""
    ) {
        self.number = number
        self.at = at
        self.actor = actor
        self.session = session
        self.event = event
        self.subject = subject
        self.outcome = outcome
        self.request = request
        self.bytes = bytes
        self.name = name
        self.role = role
    }

    public var time: Date { Date(timeIntervalSince1970: Double(at) / 1000) }

    /// SHA-256 of the hash before and of all fields. Each field is written with its length, so that none can be taken for a
    /// part of another.
    func hash(after previous: [UInt8]) -> [UInt8] {
        var fields = [
            String(number), String(at), actor.rawValue, session, event, subject, outcome.rawValue, request,
            bytes.map { String($0) } ?? "-",
        ]
        // Lines from before there were names have the hash that they had.
        if !name.isEmpty || !role.isEmpty { fields += [name, role] }
        var hash = SHA256()
        hash.update(data: previous)
        for field in fields { hash.update(data: Data("\(field.utf8.count):\(field)".utf8)) }
        return [UInt8](hash.finalize())
    }

    /// The hash that the first line of all follows.
    static let origin = [UInt8](repeating: 0, count: 32)

    /// The same session has the same name in each line, and nobody can turn it back into the id.
    public static func pseudonym(of session: SessionID) -> String {
        session.pseudonym
    }
}

/// That the trail was as it was up to a line: what a copy outside of the database is held against.
public struct AuditHead: Sendable, Equatable, Codable {
    public var number: Int
    /// Of that line, lower-case hexadecimal.
    public var hash: String
    /// Milliseconds since 1970.
    public var at: Int64
    /// The thumbprint of the key that signed.
    public var key: String
    /// Base64url.
    public var signature: String

    var message: [UInt8] { Array("lightbox-audit-head\n\(number)\n\(hash)\n\(at)\n".utf8) }

    init(number: Int, hash: [UInt8], at: Int64, signer: any ReportSigner) throws {
        self.number = number
        self.hash = hash.hexadecimal
        self.at = at
        key = ReportKey(of: signer).id
        signature = ""
        signature = Base64URL.encode(try signer.signature(for: message))
    }

    /// Whether one of the keys signed it.
    public func isGenuine(_ keys: [ReportKey]) -> Bool {
        guard let bytes = Base64URL.decode(signature) else { return false }
        return keys.contains { $0.id == key && $0.signed(message, bytes) }
    }

    /// Reads what ``AuditWriter`` wrote, a line each.
    ///
    /// - Returns: for each line its head, or nil where it is none.
    public static func read(_ text: String) -> [AuditHead?] {
        text.split(separator: "\n").map { try? JSONDecoder().decode(AuditHead.self, from: Data($0.utf8)) }
    }

    /// The heads of a file that may not be there yet. A line that a killed process left half is passed over.
    public static func kept(in file: URL) -> [AuditHead] {
        guard let data = try? Data(contentsOf: file) else { return [] }
        return read(String(decoding: data, as: UTF8.self)).compactMap(\.self)
    }
}
