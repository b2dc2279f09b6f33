import Crypto
public import Domain
import Synchronization
public import Workflows

/// The keys of sessions, wrapped by the master key where they are stored, and in the open only in this process's memory.
public final class Keyring: SessionKeys {
    private let master: MasterKey
    private let sessions: any SessionStore
    private let known = Mutex<[SessionID: DataKey]>([:])

    /// So many are remembered; then it starts anew.
    private static let most = 4096

    public init(master: MasterKey, sessions: any SessionStore) {
        self.master = master
        self.sessions = sessions
    }

    public func make(for session: SessionID) -> [UInt8] {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        return master.wrap(key, for: Self.context(session))
    }

    public func key(of session: SessionID) async throws(Fault) -> DataKey {
        if let key = known.withLock({ $0[session] }) { return key }
        if try await sessions.wrappedKey(of: session) == [] {
            try await sessions.setFirstKey(make(for: session), of: session)
        }
        guard let wrapped = try await sessions.wrappedKey(of: session) else { throw .notFound }
        guard let bytes = master.unwrap(wrapped, for: Self.context(session)), bytes.count == 32 else {
            throw .storageFailed(cause: UnwrappingFault())
        }
        let key = DataKey(bytes: bytes)
        known.withLock { known in
            if known.count >= Self.most { known = [:] }
            known[session] = key
        }
        return key
    }

    public func forget(_ session: SessionID) {
        known.withLock { $0[session] = nil }
    }

    /// Memory is short: the keys are unwrapped again when they are asked for.
    public func shrink() {
        known.withLock { $0 = [:] }
    }

    private static func context(_ session: SessionID) -> String { "session \(session)" }

    // MARK: - The right key

    private static let proof = Array("lightbox".utf8)

    /// Makes sure that this is the master key of these data, so that a lost or mistaken file is noticed at the start and
    /// not by the first person whose picture can't be read.
    ///
    /// - Returns: false if the data were kept under another one.
    public func belongs() async throws(Fault) -> Bool {
        if let stored = try await sessions.masterKeyProof() { return master.unwrap(stored, for: "proof") == Self.proof }
        try await sessions.setMasterKeyProof(master.wrap(Self.proof, for: "proof"))
        return true
    }
}

/// A session's key was wrapped by another master key, or was changed.
struct UnwrappingFault: Error, CustomStringConvertible {
    let description = "the key of a session can't be unwrapped by this master key"
}
