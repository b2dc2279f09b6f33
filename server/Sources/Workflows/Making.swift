public import Domain
import Synchronization

/// The request that is being carried out under an `Idempotency-Key`. Whoever gives it a new row writes beside it, in the
/// same transaction, that the row was made under this key: both are there afterwards, or neither is.
public final class Making: Sendable {
    /// Whoever carries a request out says here for which key, so that nothing on its way has to be told.
    @TaskLocal public static var current: Making?

    private struct State {
        var digest: String?
        var part: Int?
    }

    public let key: String
    public let session: SessionID
    /// What was made under the key by a process that has ended.
    public let before: Made?
    private let state = Mutex(State())

    public init(_ key: String, in session: SessionID, after before: Made? = nil) {
        self.key = key
        self.session = session
        self.before = before
    }

    /// Of what the request carries, as far as that is known.
    public var digest: String? { state.withLock { $0.digest } ?? before?.digest }

    /// - Parameter digest: of all that the request carries; said before anything is made of it.
    /// - Throws: ``Fault/keyReused`` if it is something else than what was made before is of.
    public func carries(_ digest: String) throws(Fault) {
        if let known = before?.digest, known != digest { throw .keyReused }
        state.withLock { $0.digest = digest }
    }

    /// What is made from now on comes of this part.
    func enter(part: Int) {
        state.withLock { $0.part = part }
    }

    /// - Parameter noted: what stands on the key.
    /// - Returns: what has to stand there with this one.
    public func note(of id: String, beside noted: Made?) -> Made {
        guard let part = state.withLock({ $0.part }) else { return Made(id: id, digest: digest) }
        var parts = noted?.parts ?? [:]
        parts[part] = id
        return Made(parts: parts, digest: digest)
    }
}
