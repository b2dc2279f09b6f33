public import Workflows

/// Puts another master key in the place of the present one: wraps the key of every session anew, a batch at a time. The
/// keys of the sessions, and so all that is sealed by them, stay as they are.
///
/// Each step is durable before the next one begins, and each can be done again. Whoever is killed in between leaves data
/// that open with both keys at hand, and goes on where it was.
///
/// | what is written | sessions' keys are wrapped by |
/// | --- | --- |
/// | nothing | the present key |
/// | the proof of the next key | the present one or the next |
/// | the proof of the next key in the place of the present one's | the next |
public struct RotateMasterKey: Sendable {
    private let store: any KeyStore
    private let batch: Int

    public init(store: any KeyStore, batch: Int = 500) {
        self.store = store
        self.batch = batch
    }

    /// - Parameters:
    ///   - current: the key in force.
    ///   - next: the key that takes its place; where a rotation was interrupted, the one it went to.
    /// - Returns: how many keys were wrapped anew now.
    /// - Throws: ``Workflows/Fault/storageFailed(cause:)`` for a key that neither of the two has wrapped.
    public func callAsFunction(from current: MasterKey, to next: MasterKey) async throws(Fault) -> Int {
        try await store.beginRotation(to: next.proof())
        guard let proof = try await store.masterKeyProofs().next, next.opens(proof: proof) else {
            throw .storageFailed(cause: UnwrappingFault())
        }
        var count = 0
        var last: WrappedKey?
        while true {
            let keys = try await store.wrappedKeys(after: last?.session, limit: batch)
            guard let end = keys.last else { break }
            var anew: [WrappedKey] = []
            for key in keys {
                // A session from before there were keys gets one by itself.
                if key.bytes.isEmpty { continue }
                let context = Keyring.context(key.session)
                if next.unwrap(key.bytes, for: context) != nil { continue }
                guard let secret = current.unwrap(key.bytes, for: context) else {
                    throw .storageFailed(cause: UnwrappingFault())
                }
                anew.append(WrappedKey(session: key.session, bytes: next.wrap(secret, for: context)))
            }
            if !anew.isEmpty { try await store.rewrap(anew) }
            count += anew.count
            last = end
        }
        try await store.finishRotation()
        return count
    }
}
