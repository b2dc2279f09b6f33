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
