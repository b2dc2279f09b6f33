public import Domain
public import Foundation

/// That a clinician may read one record for a while.
public struct RecordGrant: Sendable, Equatable {
    public var id: RecordGrantID
    public var session: SessionID
    /// Of ``Operator/identity``: who opened it, and nobody else may use it.
    public var identity: String
    /// What they are called.
    public var name: String
    public var role: Operator.Role
    /// Sealed with the session's key: a reason may tell something of the person.
    public var sealedReason: [UInt8]
    public var openedAt: Date
    public var expiresAt: Date

    public init(
        id: RecordGrantID, session: SessionID, identity: String, name: String, role: Operator.Role,
        sealedReason: [UInt8],
        openedAt: Date, expiresAt: Date
    ) {
        self.id = id
        self.session = session
        self.identity = identity
        self.name = name
        self.role = role
        self.sealedReason = sealedReason
        self.openedAt = openedAt
        self.expiresAt = expiresAt
    }
}

public typealias RecordGrantID = Identifier<RecordGrant>

/// What operators are told of a session: nothing out of the record.
public struct SessionSummary: Sendable, Equatable {
    public var pseudonym: String
    public var createdAt: Date
    public var lastSeenAt: Date
    public var uploads: Int
    public var analyses: Int
    public var reports: Int
    public var conversations: Int

    public init(
        pseudonym: String, createdAt: Date, lastSeenAt: Date, uploads: Int, analyses: Int, reports: Int,
        conversations: Int
    ) {
        self.pseudonym = pseudonym
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.uploads = uploads
        self.analyses = analyses
        self.reports = reports
        self.conversations = conversations
    }
}

/// That nothing new is begun here for a while, and what people are told.
public struct Maintenance: Sendable, Equatable, Codable {
    public var message: String
    public var since: Date

    public init(message: String, since: Date) {
        self.message = message
        self.since = since
    }
}

/// Keeps what operators do. A write is durable when it returns.
public protocol OperatorStore: Sendable {
    /// The newest first.
    ///
    /// - Parameter pseudonym: those that come after this one.
    func sessions(limit: Int, after pseudonym: String?) async throws(Fault) -> [SessionSummary]
    func session(named pseudonym: String) async throws(Fault) -> SessionID?
    /// - Throws: ``Fault/notFound`` where the session is gone.
    func insert(_ grant: RecordGrant) async throws(Fault)
    func grant(_ id: RecordGrantID, of session: SessionID) async throws(Fault) -> RecordGrant?
    func grants(of session: SessionID) async throws(Fault) -> [RecordGrant]
    func maintenance() async throws(Fault) -> Maintenance?
    func setMaintenance(_ maintenance: Maintenance?) async throws(Fault)
}
