public import Foundation
public import Logging
import Metrics
import Synchronization
public import Workflows

/// Takes records from everywhere without holding anybody up, writes them together, and signs the head from time to time.
public final class AuditWriter: Sendable {
    private let database: AuditDatabase
    private let signer: any ReportSigner
    /// Heads go here too, one JSON object a line, so that a copy can be taken off the machine.
    private let headsFile: URL?
    /// Those that signed before.
    private let formerKeys: [ReportKey]
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let waiting = Mutex<[AuditRecord]>([])
    private let throttle = Mutex(AuditThrottle())
    private let wake: AsyncStream<Void>.Continuation
    private let calls: AsyncStream<Void>

    /// So many records may wait; a database that takes none for that long has stopped the whole server before.
    private static let most = 100_000

    public init(
        database: AuditDatabase, signer: any ReportSigner, headsFile: URL?, formerKeys: [ReportKey] = [],
        logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.database = database
        self.signer = signer
        self.headsFile = headsFile
        self.formerKeys = formerKeys
        self.logger = logger
        self.now = now
        (calls, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public func add(_ record: AuditRecord) {
        enter(throttle.withLock { $0.take(record) })
        wake.yield()
    }

    /// Returns when the record is on the disk, or was counted with others of its kind.
    ///
    /// - Throws: where it can't be written now; it isn't kept then.
    public func keep(_ record: AuditRecord) async throws {
        let records = throttle.withLock { $0.take(record) }
        do {
            // What waits was done before.
            try await drain()
            try await write(records)
        } catch {
            enter(records.filter { $0 != record })
            throw error
        }
    }

    private func enter(_ records: [AuditRecord]) {
        let lost = waiting.withLock { waiting in
            let kept = records.prefix(max(0, Self.most - waiting.count))
            waiting += kept
            return records.count - kept.count
        }
        if lost > 0 { Counter(label: "lightbox_audit_records_lost_total").increment(by: lost) }
    }

    /// Writes until the task is cancelled, then what is left.
    public func run() async {
        for await _ in calls { await flush() }
        enter(throttle.withLock { $0.closeAll() })
        await flush()
    }

    /// Ends ``run()`` once everything is written.
    public func finish() {
        wake.finish()
    }

    /// Writes what waits. What can't be written is tried again with the next record.
    public func flush() async {
        try? await drain()
    }

    private func drain() async throws {
        enter(throttle.withLock { $0.close(before: now()) })
        let records = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        do {
            try await write(records)
        } catch {
            waiting.withLock { $0 = records + $0 }
            throw error
        }
    }

    private func write(_ records: [AuditRecord]) async throws {
        do {
            try await database.append(records)
        } catch {
            Counter(label: "lightbox_audit_write_failures_total").increment()
            logger.error("the audit trail can't be written", metadata: ["cause": "\(error)"])
            throw error
        }
    }

    /// Signs the head, and lets go what is older than it has to be kept.
    public func sign(keeping: Duration) async {
        await flush()
        do {
            if let head = try await database.sign(with: signer, at: now()), let headsFile {
                try Self.append(head, to: headsFile)
            }
        } catch {
            logger.error("the head of the audit trail can't be signed", metadata: ["cause": "\(error)"])
        }
        do {
            let released = try await database.release(
                before: now() - Double(keeping.components.seconds), signer: signer,
                copies: headsFile.map(AuditHead.kept) ?? [], keys: formerKeys, at: now())
            if released > 0 { logger.notice("old audit lines let go", metadata: ["count": "\(released)"]) }
        } catch {
            logger.error("old audit lines can't be let go", metadata: ["cause": "\(error)"])
        }
    }

    private static func append(_ head: AuditHead, to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = try encoder.encode(head) + Data("\n".utf8)
        if !FileManager.default.fileExists(atPath: file.path) {
            _ = FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: line)
        try handle.synchronize()
    }
}
