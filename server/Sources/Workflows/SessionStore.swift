public import Domain
public import Foundation

/// Keeps sessions and their intake. A write is durable when it returns.
public protocol SessionStore: Sendable {
    /// - Parameters:
    ///   - tokenHash: SHA-256 of the token that the client holds; the token itself is never stored.
    ///   - wrappedKey: the session's key, wrapped; it goes with the session.
    func insert(_ session: Session, tokenHash: [UInt8], wrappedKey: [UInt8]) async throws(Fault)
    /// nil if there is no such session; empty if it is from before there were keys.
    func wrappedKey(of id: SessionID) async throws(Fault) -> [UInt8]?
    /// Gives a session its key if it has none.
    func setFirstKey(_ wrappedKey: [UInt8], of id: SessionID) async throws(Fault)
    /// What tells whether a master key is the one that all keys here are wrapped by; nil in a new database.
    func masterKeyProof() async throws(Fault) -> [UInt8]?
    func setMasterKeyProof(_ proof: [UInt8]) async throws(Fault)
    func session(tokenHash: [UInt8]) async throws(Fault) -> Session?
    func exists(_ id: SessionID) async throws(Fault) -> Bool
    /// Makes the session's token worthless: nobody comes back to it, and ``ended(_:at:limit:)`` names it at once.
    func revoke(_ id: SessionID, at now: Date) async throws(Fault)
    func touch(_ id: SessionID, at now: Date) async throws(Fault)
    func contents(of id: SessionID) async throws(Fault) -> SessionContents
    /// Removes these sessions and every row that belongs to them, keys and all, in one transaction.
    ///
    /// - Returns: what there was, of those that there were.
    func erase(_ ids: [SessionID]) async throws(Fault) -> [ErasedSession]
    /// After erasing: what was erased isn't left in a log either. Those who read keep it from being emptied, so that many
    /// are erased before it is called once; where it isn't done within `patience`, it is as soon as they have finished.
    ///
    /// - Returns: whether it is done.
    @discardableResult
    func emptyLog(within patience: Duration) async -> Bool
    /// Up to `limit` sessions that are over.
    func ended(_ lifetime: SessionLifetime, at now: Date, limit: Int) async throws(Fault) -> [SessionID]
    /// How many are over and not erased yet, counted up to `limit`.
    func backlog(_ lifetime: SessionLifetime, at now: Date, limit: Int) async throws(Fault) -> Int
    /// The latest time that any session was used at; nil where there is none.
    func lastUse() async throws(Fault) -> Date?

    func intake(of session: SessionID) async throws(Fault) -> Intake?
    /// Reads, changes and writes the intake in one transaction, so that two tabs don't lose each other's answers.
    ///
    /// - Parameter revision: if given and not the one that is stored, ``Fault/intakeChanged`` is thrown.
    func updateIntake(
        of session: SessionID, revision: Int?, at now: Date,
        _ change: @escaping @Sendable (Answers) throws(ValidationFault) -> Answers
    ) async throws(Fault) -> Intake

    /// How urgent it is, and what the assistant isn't told.
    func notes(of session: SessionID) async throws(Fault) -> SessionNotes
    /// Reads, changes and writes the notes in one transaction. Nothing is written where nothing changed.
    ///
    /// - Returns: the notes as they are then.
    func updateNotes(
        of session: SessionID,
        _ change: @escaping @Sendable (inout SessionNotes) throws(ValidationFault) -> Void
    ) async throws(Fault) -> SessionNotes
}

/// What Lightbox keeps about a session besides what its person told.
public struct SessionNotes: Sendable, Equatable {
    public var acuity: Acuity
    /// Questions whose answers the person keeps from the assistant.
    public var withheld: Set<String>
    /// Questions whose text somebody is still typing: what it sounds like counts while it stands there, and is kept
    /// for good only once it is finished. Half a sentence often says the opposite of the whole.
    public var drafts: Set<String>
    /// What findings ask for that are held back, by analysis. They don't count in ``acuity`` yet, and wait here so that
    /// nothing is lost with a picture that is removed.
    public private(set) var held: [AnalysisID: [AcuityReason]]

    public init(
        acuity: Acuity = Acuity(), withheld: Set<String> = [], drafts: Set<String> = [],
        held: [AnalysisID: [AcuityReason]] = [:]
    ) {
        self.acuity = acuity
        self.withheld = withheld
        self.drafts = drafts
        self.held = held
    }

    /// Keeps reasons apart until they may be told.
    public mutating func hold(_ reasons: [AnalysisID: [AcuityReason]]) {
        held.merge(reasons) { $1 }
    }

    /// From now on the reasons of these analyses count.
    public mutating func release(_ analyses: Set<AnalysisID>, at now: Date) {
        for id in held.keys.filter(analyses.contains).sorted(by: { $0.description < $1.description }) {
            acuity.raise(by: held.removeValue(forKey: id) ?? [], at: now)
        }
    }
}

/// A session that was erased.
public struct ErasedSession: Sendable, Equatable {
    public let id: SessionID
    public let contents: SessionContents
    /// Analyses that waited or ran.
    public let unfinished: [AnalysisID]

    public init(id: SessionID, contents: SessionContents, unfinished: [AnalysisID]) {
        self.id = id
        self.contents = contents
        self.unfinished = unfinished
    }
}

extension SessionStore {
    /// - Returns: what there was, or nil if there was no such session.
    public func erase(_ id: SessionID) async throws(Fault) -> SessionContents? {
        let erased = try await erase([id]).first
        if erased != nil { await emptyLog(within: .zero) }
        return erased?.contents
    }
}
