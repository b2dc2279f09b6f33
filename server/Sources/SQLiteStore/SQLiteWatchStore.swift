public import Foundation
import GRDB
public import Observability
import Synchronization

/// Error groups and alerts, so that a restart forgets none. There are few; each is a row with its JSON.
public final class SQLiteWatchStore: ErrorGroupStore, AlertStore {
    private let database: SQLiteDatabase
    private let written = Mutex<[Alert]>([])

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func errorGroups() async throws -> [ErrorGroup] {
        try await database.read { database in
            try Data.fetchAll(database, sql: "SELECT body FROM error_groups ORDER BY last_seen_at DESC")
                .compactMap { try? JSONDecoder().decode(ErrorGroup.self, from: $0) }
        }
    }

    public func keep(_ groups: [ErrorGroup], limit: Int) async throws {
        try await database.write { database in
            for group in groups {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO error_groups (fingerprint, last_seen_at, body) VALUES (?, ?, ?)",
                    arguments: [
                        group.fingerprint, group.lastSeen.timeIntervalSince1970, try JSONEncoder().encode(group),
                    ])
            }
            try database.execute(
                sql: """
                    DELETE FROM error_groups WHERE fingerprint NOT IN
                        (SELECT fingerprint FROM error_groups ORDER BY last_seen_at DESC LIMIT ?)
                    """, arguments: [limit])
        }
    }

    public func alerts() async throws -> [Alert] {
        try await database.read { database in
            try Data.fetchAll(database, sql: "SELECT body FROM alerts")
                .compactMap { try? JSONDecoder().decode(Alert.self, from: $0) }
        }
    }

    /// Writes them only if they aren't what was written before.
    public func keep(changed alerts: [Alert]) async throws {
        let alerts = alerts.sorted { $0.rule < $1.rule }
        // The number that a rule was last decided by changes all the time, and matters to nobody after a restart.
        let essence = alerts.map { alert in
            var alert = alert
            alert.value = 0
            return alert
        }
        guard written.withLock({ $0 != essence }) else { return }
        try await keep(alerts)
        written.withLock { $0 = essence }
    }

    public func keep(_ alerts: [Alert]) async throws {
        try await database.write { database in
            try database.execute(sql: "DELETE FROM alerts")
            for alert in alerts {
                try database.execute(
                    sql: "INSERT INTO alerts (rule, body) VALUES (?, ?)",
                    arguments: [alert.rule, try JSONEncoder().encode(alert)])
            }
        }
    }
}

extension SQLiteDatabase {
    /// What is watched from outside of requests, as of one moment.
    public struct Numbers: Sendable, Equatable {
        public var waiting: Int
        public var running: Int
        /// When the analysis that has waited longest was queued.
        public var oldestQueuedAt: Date?

        public init(waiting: Int, running: Int, oldestQueuedAt: Date?) {
            self.waiting = waiting
            self.running = running
            self.oldestQueuedAt = oldestQueuedAt
        }
    }

    public func numbers() async throws -> Numbers {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT (SELECT count(*) FROM analyses WHERE state = 'queued') AS waiting,
                        (SELECT min(queued_at) FROM analyses WHERE state = 'queued') AS oldest,
                        (SELECT count(*) FROM analyses WHERE state = 'decoding') AS running
                    """)
            let oldest = row?["oldest"] as Double?
            return Numbers(
                waiting: row?["waiting"] ?? 0, running: row?["running"] ?? 0,
                oldestQueuedAt: oldest.map(Date.init(timeIntervalSince1970:)))
        }
    }

    /// Sessions that are kept now.
    public func sessionCount() async throws -> Int {
        try await read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }
}
