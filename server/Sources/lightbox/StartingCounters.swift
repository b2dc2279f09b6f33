import Domain
import Metrics
import WorkerPool
import Workflows

/// Counters that begin at 0 when the server starts, and not at their first event: where a series begins with a number,
/// Prometheus doesn't know that it rose to it, and a burst at the beginning is no increase.
enum StartingCounters {
    /// All that alerts are made of, or may be. A test holds the rules in `deploy/prometheus` against what a server that
    /// has just started gives.
    private static let all: [(name: String, dimensions: [[(String, String)]])] = [
        ("lightbox_worker_incidents_total", WorkerIncident.allCases.map { [("kind", $0.rawValue)] }),
        ("lightbox_worker_restarts_total", [[]]),
        ("lightbox_errors_total", ["browser", "server", "worker"].map { [("origin", $0)] }),
        ("lightbox_client_errors_total", [[]]),
        ("lightbox_analyses_dead_total", [[]]),
        ("lightbox_assistant_fallbacks_total", ChatAnswer.Fallback.allCases.map { [("cause", $0.rawValue)] }),
        ("lightbox_audit_records_lost_total", [[]]),
        ("lightbox_audit_write_failures_total", [[]]),
        ("lightbox_database_busy_total", [[]]),
        (
            "lightbox_model_checks_total",
            ["passed", "drifted", "not-possible"].map { [("outcome", $0)] }
        ),
        (
            "lightbox_alert_notifications_total",
            ["webhook", "mail"].flatMap { channel in
                ["sent", "failed", "dropped"].map { [("channel", channel), ("outcome", $0)] }
            }
        ),
        ("lightbox_traces_dropped_spans_total", [[]]),
    ]

    static func register() {
        for counter in all {
            for dimensions in counter.dimensions {
                Counter(label: counter.name, dimensions: dimensions).increment(by: 0)
            }
        }
    }
}
