internal import Glibc

/// Why a worker was stopped or replaced out of its turn. The raw value is a label of `lightbox_worker_incidents_total`.
public enum WorkerIncident: String, Sendable, CaseIterable {
    /// It made a system call that its sandbox forbids (SIGSYS).
    case sandboxViolated = "sandbox-violated"
    /// It used more processor time than a job may have (SIGXCPU).
    case processorLimitReached = "processor-limit-reached"
    /// It took longer than a job may take.
    case jobTimedOut = "job-timed-out"
    /// It ended by itself in the middle of a job, or answered what is no answer.
    case crashed
    /// It held more memory after a job than it may keep.
    case recycled

    /// - Parameter timedOut: whether the pool ended it for its time.
    init(_ end: WorkerProcess.End, timedOut: Bool) {
        self =
            switch end {
            case .signal(SIGSYS): .sandboxViolated
            case .signal(SIGXCPU): .processorLimitReached
            default: timedOut ? .jobTimedOut : .crashed
            }
    }
}
