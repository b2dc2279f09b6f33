public import Domain
import Synchronization

/// Remembers what was made of the keys of sessions. A session that was forgotten isn't taken in again by a reader that
/// found its key before: nothing that opens its record stays in memory after it is erased.
public final class SessionKeyCache<Key: Sendable>: Sendable {
    private struct State {
        var known: [SessionID: Key] = [:]
        var forgotten: Set<SessionID> = []
        /// In the order in which they were forgotten; a ring.
        var order: [SessionID] = []
        var oldest = 0
    }

    private let state = Mutex(State())
    private let most: Int
    private let longestMemory: Int

    /// - Parameters:
    ///   - most: so many are remembered; then it starts anew.
    ///   - longestMemory: so many of the last forgotten ones are known to be gone. Whoever still reads one of them has
    ///     begun long before.
    public init(most: Int = 4096, longestMemory: Int = 4096) {
        self.most = most
        self.longestMemory = longestMemory
    }

    public subscript(session: SessionID) -> Key? {
        state.withLock { $0.known[session] }
    }

    /// Lets go of all keys; those that are gone stay gone.
    public func forgetAll() {
        state.withLock { $0.known = [:] }
    }

    public func remember(_ key: Key, of session: SessionID) {
        state.withLock { state in
            guard !state.forgotten.contains(session) else { return }
            if state.known.count >= most { state.known = [:] }
            state.known[session] = key
        }
    }

    public func forget(_ session: SessionID) {
        state.withLock { state in
            state.known[session] = nil
            guard state.forgotten.insert(session).inserted else { return }
            if state.order.count < longestMemory {
                state.order.append(session)
            } else {
                state.forgotten.remove(state.order[state.oldest])
                state.order[state.oldest] = session
                state.oldest = (state.oldest + 1) % longestMemory
            }
        }
    }
}
