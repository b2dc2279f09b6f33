import Crypto
public import Domain
public import Foundation

/// Opens one record to a clinician who says why, for a quarter of an hour. The person sees it at once in the log of their
/// record. Nothing is copied: what is read is read where it is, under the session's own key.
public struct BreakGlass: Sendable {
    let operators: any OperatorStore
    let sessions: any SessionStore
    let keys: any SessionKeys
    let audit: any DurableAudit
    let now: @Sendable () -> Date

    public static let duration: TimeInterval = 15 * 60
    public static let shortestReason = 10
    public static let longestReason = 500

    public init(
        operators: any OperatorStore, sessions: any SessionStore, keys: any SessionKeys, audit: any DurableAudit,
        now: @escaping @Sendable () -> Date
    ) {
        self.operators = operators
        self.sessions = sessions
        self.keys = keys
        self.audit = audit
        self.now = now
    }

    /// The line of the trail is on the disk before there is a grant.
    ///
    /// - Throws: ``Fault/validation(_:)`` for a reason that says nothing; ``Fault/notFound``; ``Fault/storageBusy`` where
    ///   the trail can't be written.
    public func callAsFunction(
        _ session: SessionID, because reason: String, by person: Operator, as role: Operator.Role
    ) async throws(Fault) -> RecordGrant {
        let reason = try Self.checked(reason)
        guard try await sessions.exists(session) else { throw .notFound }
        let time = now()
        let id = RecordGrantID.make(at: time)
        let grant = RecordGrant(
            id: id, session: session, identity: person.identity, name: person.name, role: role,
            sealedReason: try await seal(reason, of: id, in: session), openedAt: time,
            expiresAt: time.addingTimeInterval(Self.duration))
        try await audit.recordDurably(.recordOpened, on: "grant:\(id)")
        try await operators.insert(grant)
        return grant
    }

    /// Lets those pass whom a grant lets, once it is on the disk that the record was read.
    ///
    /// - Throws: ``Fault/grantRequired`` for a grant that is missing, over, somebody else's or another record's;
    ///   ``Fault/storageBusy`` where the trail can't be written.
    public func read(_ grant: RecordGrantID?, of session: SessionID, by person: Operator) async throws(Fault)
        -> RecordGrant
    {
        guard let grant, let found = try await operators.grant(grant, of: session), found.identity == person.identity,
            found.openedAt <= now(), now() < found.expiresAt
        else {
            audit.record(.recordRead, on: grant.map { "grant:\($0)" }, outcome: .refused)
            throw .grantRequired
        }
        try await audit.recordDurably(.recordRead, on: "grant:\(found.id)")
        return found
    }

    /// Why the record was opened each time; for the person whose it is.
    public func reasons(of session: SessionID) async throws(Fault) -> [RecordGrantID: String] {
        let grants = try await operators.grants(of: session)
        guard !grants.isEmpty else { return [:] }
        let key = SymmetricKey(data: try await keys.key(of: session).bytes)
        var reasons: [RecordGrantID: String] = [:]
        for grant in grants {
            guard let box = try? AES.GCM.SealedBox(combined: grant.sealedReason),
                let text = try? AES.GCM.open(box, using: key, authenticating: Self.context(grant.id, session))
            else { continue }
            reasons[grant.id] = String(decoding: text, as: UTF8.self)
        }
        return reasons
    }

    private func seal(_ reason: String, of id: RecordGrantID, in session: SessionID) async throws(Fault) -> [UInt8] {
        let key = SymmetricKey(data: try await keys.key(of: session).bytes)
        do {
            let box = try AES.GCM.seal(Data(reason.utf8), using: key, authenticating: Self.context(id, session))
            return [UInt8](box.combined ?? Data())
        } catch {
            throw .storageFailed(cause: error)
        }
    }

    /// Binds a reason to its grant and its session, so that it can't be moved to another one.
    private static func context(_ id: RecordGrantID, _ session: SessionID) -> Data {
        Data("reason \(id) of session \(session)".utf8)
    }

    private static func checked(_ text: String) throws(Fault) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        func fault(_ code: FieldFault.Code, _ detail: String) -> Fault {
            .validation(ValidationFault([FieldFault(pointer: "/reason", code: code, detail: detail)]))
        }
        guard trimmed.visibleCount >= shortestReason else {
            throw fault(.required, "Say why, in at least \(shortestReason) characters.")
        }
        guard trimmed.count <= longestReason else {
            throw fault(.tooLong, "Enter at most \(longestReason) characters.")
        }
        guard !trimmed.hasControlCharacters else {
            throw fault(.forbiddenCharacter, "Remove the control characters.")
        }
        return trimmed
    }
}

extension String {
    /// Characters that a reader sees.
    var visibleCount: Int {
        count { character in
            character.unicodeScalars.contains { scalar in
                !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
                    && scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
            }
        }
    }

    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
