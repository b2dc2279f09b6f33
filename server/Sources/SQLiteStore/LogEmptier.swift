import GRDB
import Synchronization

/// Empties the write-ahead log, in which what was erased stands until then. While somebody reads in an older state of the
/// database, as a backup does, it can't be emptied: it is tried again until it is done, without keeping others from writing.
final class LogEmptier: Sendable {
    private struct State {
        /// So many erasures asked for it; the first is what an earlier process may have left.
        var asked = 1
        /// It was emptied after so many of them.
        var done = 0
        var isRetrying = false
        var isClosed = false
    }

    /// For so long one try waits for readers, and writers wait for it; in milliseconds.
    private static let hold = 50
    private static let pauseOfAsker = Duration.milliseconds(100)
    private static let pause = Duration.seconds(1)

    private let pool: DatabasePool
    /// What others wait for; in milliseconds.
    private let timeout: Int
    private let state = Mutex(State())

    init(_ pool: DatabasePool, timeout: Int) {
        self.pool = pool
        self.timeout = timeout
    }

    /// - Parameter patience: so long it is tried before it is left for later.
    /// - Returns: whether it is done; if not, it will be as soon as nobody reads an older state any more.
    func empty(within patience: Duration) async -> Bool {
        state.withLock { $0.asked += 1 }
        let deadline = ContinuousClock.now + patience
        repeat {
            if await attempt() { return true }
            guard ContinuousClock.now < deadline else { break }
            try? await Task.sleep(for: Self.pauseOfAsker)
        } while !Task.isCancelled
        retryLater()
        return false
    }

    func close() {
        state.withLock { $0.isClosed = true }
    }

    private func attempt() async -> Bool {
        // Whoever asks has committed before: what comes here is in the log already.
        let asked = state.withLock { $0.asked }
        let timeout = timeout
        do {
            try await pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA busy_timeout = \(Self.hold)")
                defer { try? database.execute(sql: "PRAGMA busy_timeout = \(timeout)") }
                _ = try database.checkpoint(.truncate)
            }
        } catch {
            return false
        }
        state.withLock { $0.done = max($0.done, asked) }
        return true
    }

    private func retryLater() {
        let mustStart = state.withLock { state in
            defer { state.isRetrying = true }
            return !state.isRetrying
        }
        guard mustStart else { return }
        // Of its own: it goes on when the request that asked has ended.
        Task { [weak self] in
            while true {
                try? await Task.sleep(for: Self.pause)
                guard let self, self.isDue() else { return }
                _ = await self.attempt()
            }
        }
    }

    /// Whether it is still to be done; if not, whoever asks next begins anew.
    private func isDue() -> Bool {
        state.withLock { state in
            state.isRetrying = state.done < state.asked && !state.isClosed
            return state.isRetrying
        }
    }
}
