import Foundation
import Metrics
import Observability
import Synchronization
import Workflows

/// Listens in on what is audited: counts sessions, and puts what happened to workers into the error groups.
final class WatchedAudit: DurableAudit {
    private let base: any DurableAudit
    private let errors: ErrorGroups
    private let failures = Mutex<[Date]>([])

    /// More than that in ten minutes is as bad as that.
    private static let most = 1000

    init(_ base: any DurableAudit, errors: ErrorGroups) {
        self.base = base
        self.errors = errors
    }

    func add(_ record: AuditRecord) {
        base.add(record)
        watch(record)
    }

    func keep(_ record: AuditRecord) async throws {
        try await base.keep(record)
        watch(record)
    }

    private func watch(_ record: AuditRecord) {
        switch record.event {
        case .sessionOpened: count("created")
        case .sessionExpired: count("expired")
        case .sessionErased: count("erased")
        case .sandboxViolated, .processorLimitReached, .jobTimedOut, .workerCrashed:
            failures.withLock { failures in
                failures.append(record.at)
                if failures.count > Self.most { failures.removeFirst() }
            }
            errors.report(
                origin: "worker", message: record.event.rawValue, requestID: record.actor.request, at: record.at)
        default: break
        }
    }

    /// Workers that failed since then.
    func failures(since time: Date) -> Int {
        failures.withLock { failures in
            failures.removeAll { $0 < time }
            return failures.count
        }
    }

    private func count(_ event: String) {
        Counter(label: "lightbox_sessions_total", dimensions: [("event", event)]).increment()
    }
}
