import Workflows

/// Events, and a beat when there were none for a while: it keeps proxies from closing the connection, and finds out that a
/// reader has gone.
enum Pulse<Event: Sendable>: Sendable {
    case event(Event)
    case beat

    /// - Parameter follow: tells a watcher, and returns what ends that.
    static func following(
        _ follow: (BoardWatcher<Event>) -> @Sendable () -> Void
    ) -> AsyncStream<Pulse> {
        AsyncStream(bufferingPolicy: .bufferingNewest(256)) { continuation in
            let leave = follow(
                BoardWatcher(show: { continuation.yield(.event($0)) }, finish: { continuation.finish() }))
            let beats = beats(continuation)
            continuation.onTermination = { _ in
                beats.cancel()
                leave()
            }
        }
    }

    static func merging(_ events: AsyncStream<Event>) -> AsyncStream<Pulse> {
        AsyncStream(bufferingPolicy: .bufferingNewest(256)) { continuation in
            let beats = beats(continuation)
            let forward = Task {
                for await event in events { continuation.yield(.event(event)) }
                continuation.finish()
            }
            continuation.onTermination = { _ in
                beats.cancel()
                forward.cancel()
            }
        }
    }

    private static func beats(_ continuation: AsyncStream<Pulse>.Continuation) -> Task<Void, any Error> {
        Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(15))
                continuation.yield(.beat)
            }
        }
    }
}
