import Foundation
import Observability
import SQLiteStore
import Testing

@Suite("Errors and alerts over a restart")
struct WatchTests {
    private func database(_ body: (SQLiteDatabase) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".sqlite").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let database = try SQLiteDatabase(path: path)
        try await body(database)
        try database.close()
    }

    let start = Date(timeIntervalSince1970: 1_700_000_000)

    @Test("Groups come back as they were, count on, and are bounded")
    func errors() async throws {
        try await database { database in
            let store = SQLiteWatchStore(database)
            let first = ErrorGroups()
            for index in 0..<7 {
                first.report(
                    origin: "server", message: "internal at /x \(index)", requestID: "r\(index)",
                    at: start + Double(index))
            }
            try await first.flush(to: store)
            let second = ErrorGroups()
            try await second.restore(from: store)
            #expect(second.all == first.all)
            #expect(second.all.first?.requestIDs == ["r6", "r5", "r4", "r3", "r2"])
            second.report(origin: "server", message: "internal at /x 9", requestID: "r6", at: start + 60)
            #expect(second.all.first?.count == 8)
            #expect(second.all.first?.firstSeen == start)
            #expect(second.all.first?.requestIDs.count == 5)
            for index in 0..<(ErrorGroups.mostGroups + 50) {
                let letters = [index / 26 / 26, index / 26, index].map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) }
                second.report(
                    origin: "server", message: String(letters), requestID: nil, at: start + 100 + Double(index))
            }
            try await second.flush(to: store)
            #expect(second.all.count == ErrorGroups.mostGroups)
            let kept = try await store.errorGroups()
            #expect(kept.count == ErrorGroups.mostGroups)
            #expect(!kept.contains { $0.message.hasPrefix("internal") })
        }
    }

    @Test("One that was resolved is so after a restart, and not any more when it comes back")
    func resolved() async throws {
        try await database { database in
            let store = SQLiteWatchStore(database)
            let groups = ErrorGroups()
            groups.report(origin: "worker", message: "worker-crashed", requestID: nil, at: start)
            let fingerprint = try #require(groups.all.first).fingerprint
            #expect(groups.resolve("nothing", at: start) == nil)
            #expect(groups.resolve(fingerprint, at: start + 5)?.resolvedAt == start + 5)
            try await groups.flush(to: store)
            #expect(try await store.errorGroups().first?.resolvedAt == start + 5)
            groups.report(origin: "worker", message: "worker-crashed", requestID: nil, at: start + 9)
            #expect(groups.all.first?.resolvedAt == nil)
        }
    }

    @Test("Alerts are kept with their silences, and only written when something has changed")
    func alerts() async throws {
        try await database { database in
            let store = SQLiteWatchStore(database)
            var book = AlertBook(rules: AlertRule.standard)
            _ = book.evaluate([.modelDrift: 1], at: start)
            _ = book.silence("memory", .init(until: start + 60, reason: "known"), at: start)
            try await store.keep(changed: Array(book.alerts.values))
            let kept = try await store.alerts()
            #expect(AlertBook(rules: AlertRule.standard, alerts: kept) == book)
            try await store.keep(changed: [])
            #expect(try await store.alerts().isEmpty)
        }
    }

    @Test("The numbers of an empty queue are zero")
    func numbers() async throws {
        try await database { database in
            let numbers = try await database.numbers()
            #expect(numbers == .init(waiting: 0, running: 0, oldestQueuedAt: nil))
            let sessions = try await database.sessionCount()
            #expect(sessions == 0)
        }
    }
}
