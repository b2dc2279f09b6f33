/// Events, and a beat when there were none for a while: it keeps proxies from closing the connection, and finds out that a
/// reader has gone.
enum Pulse<Event: Sendable>: Sendable {
    case event(Event)
    case beat

    static func merging(_ events: AsyncStream<Event>) -> AsyncStream<Pulse> {
        AsyncStream(bufferingPolicy: .bufferingNewest(256)) { continuation in
            let beats = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(15))
                    continuation.yield(.beat)
                }
            }
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
}
