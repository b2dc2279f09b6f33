import Domain
import Logging
import Metrics
import WorkerPool
import Workflows

/// Audit events as lines of the log, under a name of their own, and as a counter.
struct AuditLog: Audit {
    private let logger = Logger(label: "lightbox.audit")

    func record(_ event: AuditEvent, bytes: Int?) {
        Counter(label: "lightbox_audit_events_total", dimensions: [("event", event.rawValue)]).increment()
        logger.notice("\(event.rawValue)", metadata: bytes.map { ["bytes": "\($0)"] })
    }

    func record(_ event: AuditEvent, bytes: Int?, format: Report.Format) {
        Counter(
            label: "lightbox_audit_events_total", dimensions: [("event", event.rawValue), ("format", format.rawValue)]
        ).increment()
        var metadata: Logger.Metadata = ["format": "\(format.rawValue)"]
        if let bytes { metadata["bytes"] = "\(bytes)" }
        logger.notice("\(event.rawValue)", metadata: metadata)
    }
}

/// For commands that serve nobody.
struct NoAudit: Audit {
    func record(_ event: AuditEvent, bytes: Int?) {}
}

extension AuditEvent {
    init(_ incident: WorkerIncident) {
        self =
            switch incident {
            case .sandboxViolated: .sandboxViolated
            case .processorLimitReached: .processorLimitReached
            case .jobTimedOut: .jobTimedOut
            case .crashed: .workerCrashed
            case .recycled: .workerRecycled
            }
    }
}
