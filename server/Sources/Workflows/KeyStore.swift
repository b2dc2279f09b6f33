public import Domain

/// Unwraps keys of sessions: what a store is unlocked with that keeps sealed rows.
public protocol KeyUnwrapping: Sendable {
    /// - Returns: nil if it was wrapped by another master key, for another session, or was changed.
    func unwrap(_ wrapped: [UInt8], of session: SessionID) -> DataKey?
    /// - Returns: a new key for this session, wrapped.
    func make(for session: SessionID) -> [UInt8]
}

/// What tells which master keys the keys of sessions are wrapped by.
public struct MasterKeyProofs: Sendable, Equatable {
    /// Of the key in force; nil in a new database.
    public var current: [UInt8]?
    /// Of the key that takes its place, while a rotation is under way: a session's key is wrapped by one of the two then.
    public var next: [UInt8]?

    public init(current: [UInt8]? = nil, next: [UInt8]? = nil) {
        self.current = current
        self.next = next
    }
}

/// A session's key as it is stored.
public struct WrappedKey: Sendable, Equatable {
    public var session: SessionID
    public var bytes: [UInt8]

    public init(session: SessionID, bytes: [UInt8]) {
        self.session = session
        self.bytes = bytes
    }
}

/// Keeps the keys of sessions, wrapped. A write is durable when it returns.
public protocol KeyStore: Sendable {
    func masterKeyProofs() async throws(Fault) -> MasterKeyProofs
    /// Begins a rotation to the master key of this proof; one that is under way goes on.
    func beginRotation(to proof: [UInt8]) async throws(Fault)
    /// In the order of their sessions.
    func wrappedKeys(after session: SessionID?, limit: Int) async throws(Fault) -> [WrappedKey]
    /// Writes keys that were wrapped anew, in one transaction.
    func rewrap(_ keys: [WrappedKey]) async throws(Fault)
    /// The key that was next is in force.
    func finishRotation() async throws(Fault)
}
