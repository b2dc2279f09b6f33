import Logging
import Metrics
import Observability

/// Sets up logs and metrics for the whole process.
enum Logs {
    static func start(_ configuration: Configuration) -> PrometheusMetrics {
        let output = LogOutput.standardError
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let asText = configuration.logFormat == "text" || (configuration.logFormat == "auto" && output.isTerminal)
        LoggingSystem.bootstrap { label in
            let handler: any LogHandler =
                if asText {
                    TextLogHandler(label: label, level: level, output: output)
                } else {
                    JSONLogHandler(label: label, level: level, output: output)
                }
            return handler
        }
        let metrics = PrometheusMetrics(help: [
            "lightbox_http_request_seconds": "Time until the answer began, by method, route and status.",
            "lightbox_analyses_total": "Analyses that ended, by outcome.",
            "lightbox_analysis_seconds": "Time from the queue to the outcome.",
            "lightbox_reports_total": "Reports that ended, by audience and outcome.",
            "lightbox_reports_seconds": "Time from the beginning of a report to its end.",
            "lightbox_reports_documents_total": "Documents of reports that were made, by format and outcome.",
            "lightbox_reports_document_seconds": "Time to make one document.",
            "lightbox_queue_waiting": "Analyses that wait.",
            "lightbox_database_writes_per_commit": "Writes that shared one commit.",
            "lightbox_client_errors_total": "Errors that browsers reported.",
            "lightbox_metrics_dropped_series_total": "Series that were not kept, because a name had too many.",
            "process_resident_memory_bytes": "Resident memory of the server.",
        ])
        MetricsSystem.bootstrap(metrics)
        return metrics
    }
}
