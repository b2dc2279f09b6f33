public import Domain
public import Foundation

/// Remembers answers to requests that create something, so that one that is sent twice has one effect (the header
/// `Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header).
///
/// Between the commit of what a request makes and that of its answer the process may end. So what is made is noted on
/// the key in the very transaction that makes it (see ``Making``), and the answer can be given from that.
public protocol IdempotencyStore: Sendable {
    /// Books a key, or finds what it was used for. Whoever is told ``Booking/free`` or ``Booking/made(_:)`` carries the
    /// request out and ends with ``finish(_:with:in:)`` or ``abandon(_:in:)``.
    ///
    /// - Parameter fingerprint: of the request; a key stands for one request only.
    /// - Throws: ``Fault/keyReused`` for another request; ``Fault/requestInProgress`` while this process carries it out.
    func begin(
        _ key: String, fingerprint: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> Booking
    /// The request is over, whether or not that can be written; the answer takes the note's place.
    func finish(_ key: String, with answer: StoredAnswer, in session: SessionID) async throws(Fault)
    /// The request failed: the key is free again, unless something was made and is still there.
    func abandon(_ key: String, in session: SessionID) async throws(Fault)
    /// At the start of the process: what was under way when the last one ended, and had made nothing, is free again.
    func restoreInterrupted() async throws(Fault)
}

/// What a key stands for when a request comes with it.
public enum Booking: Sendable, Equatable {
    /// Nothing was made yet.
    case free
    case answered(StoredAnswer)
    /// It was made, but the process ended before the answer was written, or it couldn't be written.
    case made(Made)
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

/// What a request has made.
public struct Made: Codable, Sendable, Equatable {
    /// Of the one thing that was asked for.
    public var id: String?
    /// Of each thing that came of a part of what the request carried, by the part's number. There may be more to come.
    public var parts: [Int: String]
    /// Of what the request carried, where its fingerprint doesn't tell.
    public var digest: String?

    public init(id: String? = nil, parts: [Int: String] = [:], digest: String? = nil) {
        self.id = id
        self.parts = parts
        self.digest = digest
    }

    /// The thing's id, if one of this kind was made.
    public func identifier<Entity>(of: Entity.Type = Entity.self) -> Identifier<Entity>? {
        id.flatMap { Identifier<Entity>($0) }
    }
}
