import Hummingbird
import Metrics
import Synchronization

/// Counts the event streams that somebody reads.
public final class OpenStreams: Sendable {
    private let open = Atomic<Int>(0)

    public init() {}

    public var count: Int { open.load(ordering: .relaxed) }

    /// The same body; while it is written it counts.
    func counting(_ body: ResponseBody) -> ResponseBody {
        ResponseBody { writer in
            self.add(1)
            defer { self.add(-1) }
            try await body.write(writer)
        }
    }

    private func add(_ change: Int) {
        let now = open.add(change, ordering: .relaxed).newValue
        Gauge(label: "lightbox_http_event_streams_open").record(now)
    }
}
