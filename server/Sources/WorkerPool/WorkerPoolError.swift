public import Domain

/// Why a job has no result. Whether it is worth trying again is the caller's decision.
public enum WorkerPoolError: Error, Sendable, Equatable {
    /// As many jobs as allowed are already waiting.
    case queueFull
    /// No worker can be started. The reason is a sentence for operators.
    case unavailable(reason: String)
    /// The worker ended in the middle of this job, or answered something that is no answer. It is being replaced.
    case workerDied(description: String)
    /// The worker took longer than the job's time. It was ended and is being replaced.
    case timedOut
    /// The picture cannot be used.
    case picture(PictureFault)
    /// The model gave an error, or the worker could not carry out the request.
    case modelFailed(message: String)
    /// The workers were started without what reads letters.
    case noTextReader
    /// The task was cancelled.
    case cancelled
    /// The pool is being shut down.
    case shuttingDown

    /// Label of the metric `lightbox_worker_jobs_total`.
    var outcome: String {
        switch self {
        case .queueFull: "queue-full"
        case .unavailable: "unavailable"
        case .workerDied: "worker-died"
        case .timedOut: "timed-out"
        case .picture: "refused"
        case .modelFailed: "model-failed"
        case .noTextReader: "no-text-reader"
        case .cancelled: "cancelled"
        case .shuttingDown: "shutting-down"
        }
    }
}
