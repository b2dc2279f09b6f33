public import Domain

/// The key under which everything of one session is kept: 256 bits. It has no description, so that no log can hold it.
public struct DataKey: Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// - Precondition: 32 bytes.
    public init(bytes: [UInt8]) {
        precondition(bytes.count == 32)
        self.bytes = bytes
    }

    public var description: String { "a key" }
}

/// Makes and finds the keys of sessions. A key is stored only wrapped by the master key, beside its session, and goes
/// with it: what was kept under it can't be read by anyone then.
public protocol SessionKeys: Sendable {
    /// - Returns: a new key for this session, wrapped, to be stored with it.
    func make(for session: SessionID) -> [UInt8]
    /// - Throws: ``Fault/notFound`` if the session is gone; ``Fault/storageFailed(cause:)`` if its key can't be unwrapped.
    func key(of session: SessionID) async throws(Fault) -> DataKey
    /// The session was erased.
    func forget(_ session: SessionID)
}
