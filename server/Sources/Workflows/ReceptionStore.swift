public import Domain
public import Foundation

/// Keeps what is known of uploads that come in parts. A write is durable when it returns. The state `checking` is never
/// stored: it ends with the process that reads.
public protocol ReceptionStore: Sendable {
    /// - Parameter limit: of receptions of the session that aren't over.
    /// - Throws: ``Fault/tooManyUploads(limit:)``; ``Fault/notFound`` if the session is gone.
    func insert(_ reception: Reception, limit: Int) async throws(Fault)
    func reception(_ id: ReceptionID, in session: SessionID) async throws(Fault) -> Reception?
    /// Those of a session that aren't over, the oldest first.
    func openReceptions(in session: SessionID) async throws(Fault) -> [Reception]
    /// Writes state, outcome and expiry.
    func update(_ reception: Reception) async throws(Fault)
    func delete(_ id: ReceptionID, in session: SessionID) async throws(Fault)
    func expired(at now: Date, limit: Int) async throws(Fault) -> [Reception]
}

/// Remembers answers to requests that create something, so that one that is sent twice has one effect (the header
/// `Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header).
public protocol IdempotencyStore: Sendable {
    /// Books a key, or finds what it was used for.
    ///
    /// - Parameter fingerprint: of the request; a key stands for one request only.
    /// - Returns: the answer that was given; nil where the key is new and the caller has to make one.
    /// - Throws: ``Fault/keyReused`` for another request; ``Fault/requestInProgress`` while the first one runs.
    func begin(
        _ key: String, fingerprint: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> StoredAnswer?
    func finish(_ key: String, with answer: StoredAnswer, in session: SessionID) async throws(Fault)
    /// The request failed: the key is free again.
    func abandon(_ key: String, in session: SessionID) async throws(Fault)
    /// At the start of the process: what was under way when the last one ended is free again.
    func restoreInterrupted() async throws(Fault)
}

/// An answer that was given once.
public struct StoredAnswer: Codable, Sendable, Equatable {
    public var status: Int
    public var headers: [String: String]
    public var body: String
    /// Of what the request carried, where its fingerprint doesn't tell.
    public var digest: String?

    public init(status: Int, headers: [String: String], body: String, digest: String? = nil) {
        self.digest = digest
        self.status = status
        self.headers = headers
        self.body = body
    }
}
