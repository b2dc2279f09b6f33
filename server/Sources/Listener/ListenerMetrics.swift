import Metrics

enum ListenerMetrics {
    static func count(_ refusal: ListenerRefusal) {
        Counter(label: "lightbox_connections_refused_total", dimensions: [("reason", refusal.rawValue)]).increment()
    }
}
