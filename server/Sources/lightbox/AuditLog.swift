import AuditTrail
import Foundation
import Logging
import Metrics
import Synchronization
import WorkerPool
import Workflows

/// Audit records as lines of the log, under a name of their own, as a counter, and in the trail.
struct AuditLog: DurableAudit {
    let trail: AuditWriter
    private let logger = Logger(label: "lightbox.audit")

    init(trail: AuditWriter) {
        self.trail = trail
    }

    func add(_ record: AuditRecord) {
        tell(record)
        trail.add(record)
    }

    func keep(_ record: AuditRecord) async throws {
        try await trail.keep(record)
        tell(record)
    }

    private func tell(_ record: AuditRecord) {
        Counter(
            label: "lightbox_audit_events_total",
            dimensions: [("event", record.event.rawValue), ("outcome", record.outcome.rawValue)]
        ).increment()
        var metadata: Logger.Metadata = ["outcome": "\(record.outcome.rawValue)"]
        if let bytes = record.bytes { metadata["bytes"] = "\(bytes)" }
        if let request = record.actor.request { metadata["request"] = "\(request)" }
        logger.notice("\(record.event.rawValue)", metadata: metadata)
    }
}

/// For commands of operators: what they did is written to the trail at their end, beside a server that may be running.
final class CommandAudit: Audit {
    private let records = Mutex<[AuditRecord]>([])

    func add(_ record: AuditRecord) {
        var record = record
        record.actor = AuditActor(.operator)
        Logger(label: "lightbox.audit").notice("\(record.event.rawValue)")
        records.withLock { $0.append(record) }
    }

    func write(_ configuration: Configuration) async throws {
        do {
            try await AuditDatabase(path: configuration.auditDatabase).append(records.withLock { $0 })
        } catch {
            throw Exit(.unavailable, "It was done, but the audit trail can't be written: \(error)")
        }
    }
}

extension Configuration {
    /// The keys that signed the trail before the present one.
    func formerAuditKeys() throws -> [ReportKey] {
        guard let file = formerAuditKeysFile else { return [] }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Exit(.configuration, "The file of audit.former-keys-file can't be read: \(file)")
        }
        let keys = ReportKey.read(text)
        guard !keys.isEmpty else {
            throw Exit(.configuration, "The file of audit.former-keys-file has no public key for Ed25519: \(file)")
        }
        return keys
    }
}

/// For commands that serve nobody.
struct NoAudit: Audit {
    func add(_ record: AuditRecord) {}
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
