/// Every metric there is: what `/metrics` says of each, and where `docs/metrics.md` comes from.
public enum MetricCatalogue {
    public struct Entry: Sendable {
        public enum Kind: String, Sendable {
            case counter, gauge, histogram
        }

        public var name: String
        public var kind: Kind
        /// What one of it is, for people.
        public var unit: String
        /// Name and what its values are: always a list that the program knows, never what somebody sent.
        public var labels: [(name: String, values: String)]
        public var meaning: String

        init(
            _ name: String, _ kind: Kind, _ unit: String, _ labels: KeyValuePairs<String, String> = [:],
            _ meaning: String
        ) {
            self.name = name
            self.kind = kind
            self.unit = unit
            self.labels = labels.map { (name: $0.key, values: $0.value) }
            self.meaning = meaning
        }
    }

    public static let all: [Entry] =
        requests + listeners + analyses + assistant + reports + storage + people + watch + process

    private static let requests: [Entry] = [
        Entry(
            "lightbox_http_request_seconds", .histogram, "seconds",
            [
                "method": "the seven common methods, `other`", "route": "patterns of routes, `NotFound`",
                "status": "HTTP status",
            ], "Time until the answer began."),
        Entry("lightbox_http_requests_in_flight", .gauge, "requests", [:], "Requests whose answer hasn't begun."),
        Entry("lightbox_http_event_streams_open", .gauge, "streams", [:], "Event streams that somebody reads."),
        Entry(
            "lightbox_uploads_total", .counter, "uploads", ["outcome": "`kept`, `archive`, `refused`, `failed`"],
            "Files that came whole, by what became of them."),
        Entry("lightbox_upload_bytes", .histogram, "bytes", [:], "Sizes of files that came whole."),
        Entry(
            "lightbox_upload_seconds", .histogram, "seconds", [:],
            "Time from the last byte of a file to its outcome: looked at by a worker, and durable."),
        Entry(
            "lightbox_client_errors_total", .counter, "errors", [:], "Errors that browsers reported."),
        Entry(
            "lightbox_errors_total", .counter, "errors", ["origin": "`browser`, `server`, `worker`"],
            "Errors that were put into groups."),
    ]

    private static let analyses: [Entry] = [
        Entry("lightbox_queue_waiting", .gauge, "analyses", [:], "Analyses that wait."),
        Entry("lightbox_queue_running", .gauge, "analyses", [:], "Analyses that run."),
        Entry(
            "lightbox_queue_oldest_seconds", .gauge, "seconds", [:],
            "How long the oldest of them has waited; 0 for none."),
        Entry("lightbox_queue_is_paused", .gauge, "flag", [:], "1 while an operator has paused the queue."),
        Entry(
            "lightbox_analyses_put_off_total", .counter, "analyses", ["reason": "`no-worker`, `lost-worker`"],
            "Analyses that wait again because a try failed."),
        Entry(
            "lightbox_analyses_dead_total", .counter, "analyses", [:],
            "Analyses that were given up after their last try, and wait for an operator."),
        Entry(
            "lightbox_memory_pressure_percent", .gauge, "percent", [:],
            "Share of the last 10 seconds in which somebody waited for memory, as the kernel says (PSI)."),
        Entry(
            "lightbox_memory_shrinks_total", .counter, "shrinks", ["reason": "`soft-limit`, `pressure`"],
            "Times that caches were let go because memory was short."),
        Entry(
            "lightbox_analyses_total", .counter, "analyses",
            ["outcome": "`completed`, `refused`, `failed`, `called-off`"], "Analyses that ended."),
        Entry(
            "lightbox_analysis_seconds", .histogram, "seconds", [:], "Time from a worker's beginning to the outcome."),
        Entry(
            "lightbox_analysis_step_seconds", .histogram, "seconds",
            ["step": "`queued`, `decoding`, `checking`, `inferring`, `explaining`"],
            "Time that one step of an analysis took; `inferring` is the model's."),
        Entry("lightbox_text_reading_seconds", .histogram, "seconds", [:], "Time to look for letters in a picture."),
        Entry(
            "lightbox_workers", .gauge, "workers", ["state": "`starting`, `idle`, `busy`, `pausing`, `stopped`"],
            "Workers."),
        Entry(
            "lightbox_worker_resident_memory_bytes", .gauge, "bytes", ["worker": "its place, from 0"],
            "Resident memory of the worker in this place; 0 while none is there."),
        Entry(
            "lightbox_worker_restarts_total", .counter, "restarts", [:],
            "Workers that were replaced, for whatever reason."),
        Entry(
            "lightbox_worker_batches_total", .counter, "runs", [:],
            "Runs of the model that took more than one analysis."),
        Entry("lightbox_worker_batched_jobs_total", .counter, "jobs", [:], "Analyses that were in such a run."),
        Entry(
            "lightbox_worker_incidents_total", .counter, "incidents",
            ["kind": "`sandbox-violated`, `processor-limit-reached`, `job-timed-out`, `crashed`, `recycled`"],
            "Workers that were stopped or replaced out of their turn."),
        Entry(
            "lightbox_worker_jobs_total", .counter, "jobs",
            ["kind": "kinds of jobs", "outcome": "`done`, or why not"], "Jobs that ended."),
        Entry(
            "lightbox_worker_job_seconds", .histogram, "seconds", ["kind": "kinds of jobs"],
            "Time that a worker took for a job."),
        Entry(
            "lightbox_model_check_ok", .gauge, "0 or 1", [:],
            "1 if the golden pictures gave what they should, 0 on drift; absent until they were analysed."),
        Entry(
            "lightbox_model_checks_total", .counter, "checks", ["outcome": "`passed`, `drifted`, `not-possible`"],
            "How often the golden pictures were analysed."),
        Entry(
            "lightbox_model_check_largest_difference", .gauge, "logits", [:],
            "Largest difference of a score in the last check."),
    ]

    private static let assistant: [Entry] = [
        Entry(
            "lightbox_assistant_answers_total", .counter, "answers",
            ["speaker": "`library`, `model`", "state": "how the answer ended"], "Questions that were answered."),
        Entry(
            "lightbox_assistant_answer_seconds", .histogram, "seconds", ["speaker": "`library`, `model`"],
            "Time from a question to the end of its answer."),
        Entry(
            "lightbox_assistant_fallbacks_total", .counter, "answers", ["cause": "why"],
            "Answers that the library gave because the model's couldn't be used."),
        Entry(
            "lightbox_assistant_struck_sentences_total", .counter, "sentences", ["reason": "the guard's reasons"],
            "Sentences of the model that were not shown."),
        Entry(
            "lightbox_assistant_model_requests_total", .counter, "requests",
            ["outcome": "`whole`, `stopped`, or the fault"], "Requests to the language model."),
        Entry("lightbox_assistant_model_tokens_total", .counter, "tokens", [:], "Tokens that the language model gave."),
        Entry(
            "lightbox_assistant_model_first_token_seconds", .histogram, "seconds", [:],
            "Time to the language model's first words."),
        Entry(
            "lightbox_assistant_model_tokens_per_second", .histogram, "tokens/s", [:],
            "How fast the language model wrote, after its first token."),
        Entry(
            "lightbox_assistant_model_endpoint_open", .gauge, "0 or 1", ["endpoint": "`primary`, `secondary`"],
            "1 while an endpoint is left alone after failures."),
    ]

    private static let reports: [Entry] = [
        Entry(
            "lightbox_reports_total", .counter, "reports",
            ["audience": "`clinician`, `patient`", "outcome": "states of reports"],
            "Reports that ended."),
        Entry(
            "lightbox_reports_seconds", .histogram, "seconds", [:], "Time from the beginning of a report to its end."),
        Entry(
            "lightbox_reports_documents_total", .counter, "documents",
            ["format": "`pdf`, `fhir`, `dicom`, `txt` and their kin", "outcome": "`made`, or the part that failed"],
            "Documents of reports that were made."),
        Entry(
            "lightbox_reports_document_seconds", .histogram, "seconds", ["format": "as above"],
            "Time to make one document."),
    ]

    private static let storage: [Entry] = [
        Entry(
            "lightbox_database_commit_seconds", .histogram, "seconds", [:],
            "Time of one transaction, until it was on the disk."),
        Entry("lightbox_database_writes_per_commit", .histogram, "writes", [:], "Writes that shared one commit."),
        Entry(
            "lightbox_database_busy_total", .counter, "transactions", [:],
            "Transactions that didn't get their turn in time."),
        Entry("lightbox_database_size_bytes", .gauge, "bytes", [:], "The database file with its write-ahead log."),
        Entry("lightbox_files_per_sync", .histogram, "files", [:], "Files that shared one sync."),
        Entry("lightbox_disk_free_bytes", .gauge, "bytes", [:], "Room on the disk of the data folder."),
        Entry("lightbox_disk_size_bytes", .gauge, "bytes", [:], "Size of that disk."),
    ]

    private static let listeners: [Entry] = [
        Entry(
            "lightbox_connections_open", .gauge, "connections", ["listener": "`public`, `operators`, `redirect`"],
            "Connections that are open."),
        Entry(
            "lightbox_connections_refused_total", .counter, "connections",
            [
                "reason":
                    "`head-too-slow`, `body-too-slow`, `reader-too-slow`, `head-too-large`, `malformed`, `too-many-connections`, `too-many-of-address`"
            ],
            "Connections that were turned away or cut off."),
        Entry(
            "lightbox_rate_limited_total", .counter, "requests", ["policy": "the budgets of `GET /limits`"],
            "Requests that were answered with 429."),
    ]

    private static let people: [Entry] = [
        Entry("lightbox_sessions_open", .gauge, "sessions", [:], "Sessions that aren't over; counted once a minute."),
        Entry(
            "lightbox_sessions_total", .counter, "sessions", ["event": "`created`, `expired`, `erased`"],
            "What became of sessions."),
        Entry("lightbox_sessions_swept_total", .counter, "sessions", [:], "Sessions that were over and were removed."),
        Entry(
            "lightbox_sessions_sweep_batch_seconds", .histogram, "seconds", [:],
            "Time to remove one batch of sessions that were over."),
        Entry(
            "lightbox_sessions_sweep_backlog", .gauge, "sessions", [:],
            "Sessions that are over and wait to be removed."),
        Entry(
            "lightbox_operator_requests_total", .counter, "requests",
            ["outcome": "`admitted`, `unknown`, `forbidden`"], "Requests to the operators' addresses."),
        Entry(
            "lightbox_audit_events_total", .counter, "events",
            ["event": "kinds of events", "outcome": "`done`, `refused`, `failed`"], "Lines of the audit trail."),
        Entry("lightbox_audit_records_lost_total", .counter, "records", [:], "Records that there was no room for."),
        Entry(
            "lightbox_audit_write_failures_total", .counter, "writes", [:],
            "Writes of the trail that failed and were tried again."),
        Entry(
            "lightbox_audit_chain_ok", .gauge, "0 or 1", [:],
            "1 if the chain was whole when it was last held against its hashes."),
    ]

    private static let watch: [Entry] = [
        Entry(
            "lightbox_health_check_ok", .gauge, "0 or 1", ["check": "the checks of `/health/ready`"],
            "How the last check ended."),
        Entry("lightbox_alerts_firing", .gauge, "alerts", ["severity": "`warning`, `critical`"], "Alerts that fire."),
        Entry(
            "lightbox_alert_notifications_total", .counter, "notifications",
            ["channel": "`webhook`, `mail`", "outcome": "`sent`, `failed`, `dropped`"], "Notifications of alerts."),
        Entry(
            "lightbox_certificate_expires_timestamp_seconds", .gauge, "seconds since 1970", [:],
            "When the watched certificate ends; absent where none is watched."),
        Entry("lightbox_traces_exported_spans_total", .counter, "spans", [:], "Spans that the collector took."),
        Entry(
            "lightbox_traces_dropped_spans_total", .counter, "spans", [:],
            "Spans that there was no room for, or that the collector didn't take."),
        Entry(
            "lightbox_metrics_dropped_series_total", .counter, "series", [:],
            "Series that were not kept, because a name had too many."),
    ]

    private static let process: [Entry] = [
        Entry(
            "lightbox_build_info", .gauge, "1",
            ["version": "the program's", "model": "the package's id", "model_version": "its version"],
            "What runs here."),
        Entry("process_resident_memory_bytes", .gauge, "bytes", [:], "Resident memory of the server."),
        Entry("process_virtual_memory_bytes", .gauge, "bytes", [:], "Address space of the server."),
        Entry("process_cpu_seconds_total", .counter, "seconds", [:], "Processor time of the server."),
        Entry("process_start_time_seconds", .gauge, "seconds since 1970", [:], "When the server was started."),
        Entry("process_open_fds", .gauge, "descriptors", [:], "Open file descriptors."),
        Entry("process_max_fds", .gauge, "descriptors", [:], "How many there may be."),
    ]

    /// By name, for the text format.
    public static var help: [String: String] {
        Dictionary(all.map { ($0.name, $0.meaning) }, uniquingKeysWith: { first, _ in first })
    }

    /// `docs/metrics.md`, as a whole.
    public static var documentation: String {
        let rows = all.map { entry in
            let labels = entry.labels.map { "`\($0.name)`: \($0.values)" }.joined(separator: "; ")
            return "| `\(entry.name)` | \(entry.kind.rawValue) | \(entry.unit) | \(labels) | \(entry.meaning) |"
        }
        return """
            # Metrics

            This file is written by `lightbox metrics`; a test fails when it is out of date, and another when the program
            counts something that isn't listed here.

            `GET /metrics` on the operators' listener gives them in Prometheus' text format 0.0.4. Times are in seconds,
            sizes in bytes. Labels have values from lists that the program knows: no id, no name and nothing that somebody
            sent. A name has at most 1000 series; more are dropped and counted. The rules for Prometheus and Alertmanager
            are in `deploy/prometheus/`.

            | metric | kind | unit | labels and their values | meaning |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }
}
