public import Domain
public import Foundation

/// Opens a session once its person agreed to the text that is shown now.
public struct OpenSession: Sendable {
    let sessions: any SessionStore
    let keys: any SessionKeys
    let now: @Sendable () -> Date

    public init(sessions: any SessionStore, keys: any SessionKeys, now: @escaping @Sendable () -> Date) {
        self.sessions = sessions
        self.keys = keys
        self.now = now
    }

    /// - Parameter tokenHash: SHA-256 of the new token.
    /// - Throws: ``Fault/consentRequired(currentVersion:)``.
    public func callAsFunction(
        consentVersion: String?, accepted: Bool, tokenHash: [UInt8]
    ) async throws(Fault) -> Session {
        guard accepted, consentVersion == Consent.currentVersion else {
            throw .consentRequired(currentVersion: Consent.currentVersion)
        }
        let time = now()
        let session = Session(
            id: .make(at: time), createdAt: time, lastSeenAt: time,
            consent: Consent(version: Consent.currentVersion, acceptedAt: time))
        try await sessions.insert(session, tokenHash: tokenHash, wrappedKey: keys.make(for: session.id))
        return session
    }
}

/// Finds the session that a token opens, and keeps it alive.
public struct ResumeSession: Sendable {
    let sessions: any SessionStore
    let lifetime: SessionLifetime
    let now: @Sendable () -> Date

    /// The time of the last visit is written at most this often, so that reading costs no write.
    private static let touchInterval: TimeInterval = 30

    public init(sessions: any SessionStore, lifetime: SessionLifetime, now: @escaping @Sendable () -> Date) {
        self.sessions = sessions
        self.lifetime = lifetime
        self.now = now
    }

    /// - Parameter isActive: whether this request shows that a person is there; a page that only asks how things stand
    ///   does not prolong a session.
    /// - Returns: nil if there is no such session or it is over.
    public func callAsFunction(tokenHash: [UInt8], isActive: Bool) async throws(Fault) -> Session? {
        guard var session = try await sessions.session(tokenHash: tokenHash) else { return nil }
        let time = now()
        guard !lifetime.isOver(session, at: time) else { return nil }
        if isActive, time.timeIntervalSince(session.lastSeenAt) >= min(Self.touchInterval, lifetime.idle / 10) {
            try await sessions.touch(session.id, at: time)
            session.lastSeenAt = time
        }
        return session
    }
}
