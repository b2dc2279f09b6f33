internal import Metrics

/// What the pool counts: `lightbox_worker_restarts_total`, `lightbox_worker_incidents_total{kind}`,
/// `lightbox_worker_jobs_total{kind,outcome}` and the histogram
/// `lightbox_worker_job_seconds{kind}`.
struct WorkerMetrics: Sendable {
    private let restarts = Counter(label: "lightbox_worker_restarts_total")

    func restarted() {
        restarts.increment()
    }

    func happened(_ incident: WorkerIncident) {
        Counter(label: "lightbox_worker_incidents_total", dimensions: [("kind", incident.rawValue)]).increment()
    }

    /// - Parameter duration: from the moment that a worker got the job.
    func took(_ duration: Duration, for kind: Job.Kind) {
        Recorder(label: "lightbox_worker_job_seconds", dimensions: [("kind", kind.rawValue)], aggregate: true)
            .record(duration / .seconds(1))
    }

    /// How many analyses went through the model in one run, where it was more than one.
    func wereTogether(_ count: Int) {
        Counter(label: "lightbox_worker_batches_total").increment()
        Counter(label: "lightbox_worker_batched_jobs_total").increment(by: count)
    }

    /// Also for a job that no worker got.
    func finished<Success>(_ kind: Job.Kind, _ result: Result<Success, WorkerPoolError>) {
        let outcome =
            switch result {
            case .success: "done"
            case .failure(let error): error.outcome
            }
        Counter(label: "lightbox_worker_jobs_total", dimensions: [("kind", kind.rawValue), ("outcome", outcome)])
            .increment()
    }
}
