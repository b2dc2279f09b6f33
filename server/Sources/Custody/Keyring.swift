import Crypto
public import Domain
public import Workflows

/// The keys of sessions, wrapped by the master key where they are stored, and in the open only in this process's memory.
public final class Keyring: SessionKeys, KeyUnwrapping {
    private let masters: MasterKeys
    private let sessions: any SessionStore
    private let known = SessionKeyCache<DataKey>()

    public convenience init(master: MasterKey, sessions: any SessionStore) {
        self.init(MasterKeys(current: master), sessions: sessions)
    }

    public init(_ masters: MasterKeys, sessions: any SessionStore) {
        self.masters = masters
        self.sessions = sessions
    }

    public func make(for session: SessionID) -> [UInt8] {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        return masters.current.wrap(key, for: Self.context(session))
    }

    public func unwrap(_ wrapped: [UInt8], of session: SessionID) -> DataKey? {
        masters.unwrap(wrapped, for: Self.context(session)).map { DataKey(bytes: $0) }
    }

    public func key(of session: SessionID) async throws(Fault) -> DataKey {
        if let key = known[session] { return key }
        if try await sessions.wrappedKey(of: session) == [] {
            try await sessions.setFirstKey(make(for: session), of: session)
        }
        guard let wrapped = try await sessions.wrappedKey(of: session) else { throw .notFound }
        guard let key = unwrap(wrapped, of: session) else { throw .storageFailed(cause: UnwrappingFault()) }
        known.remember(key, of: session)
        return key
    }

    public func forget(_ session: SessionID) {
        known.forget(session)
    }

    /// Memory is short: the keys are unwrapped again when they are asked for.
    public func shrink() {
        known.forgetAll()
    }

    static func context(_ session: SessionID) -> String { "session \(session)" }

    // MARK: - The right key

    /// Makes sure that this is the master key of these data, so that a lost or mistaken file is noticed at the start and
    /// not by the first person whose picture can't be read.
    ///
    /// - Returns: false if the data were kept under another one.
    public func belongs() async throws(Fault) -> Bool {
        if let stored = try await sessions.masterKeyProof() { return masters.current.opens(proof: stored) }
        try await sessions.setMasterKeyProof(masters.current.proof())
        return true
    }
}

/// A session's key was wrapped by another master key, or was changed.
struct UnwrappingFault: Error, CustomStringConvertible {
    let description = "the key of a session can't be unwrapped by this master key"
}
