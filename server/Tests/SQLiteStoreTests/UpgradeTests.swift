import Domain
import Foundation
import GRDB
import Testing
import Workflows

@testable import SQLiteStore

@Suite("Upgrades of the database")
final class UpgradeTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())").path
    private var path: String { "\(folder)/lightbox.sqlite" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A database as an older program left it: it stops at its migration, and holds one session.
    private func makeOld(upTo migration: String) throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: migration)
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at)
                    VALUES (?, x'01', 1, 1, '2026-11', 1)
                    """, arguments: [SessionID.make(at: Date(timeIntervalSince1970: 1)).description])
        }
        try queue.close()
    }

    private func sessions(_ path: String) throws -> Int {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }

    private var copies: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".before-migration-") }
        }
    }

    @Test("An older database is copied, then brought up to date", arguments: Schema.migrator.migrations.dropLast())
    func upgrade(from migration: String) throws {
        try makeOld(upTo: migration)
        try SQLiteDatabase(path: path).close()
        let state = try SQLiteDatabase.schema(of: path)
        #expect(state.pending.isEmpty && state.unknown.isEmpty)
        #expect(try sessions(path) == 1)
        let all = Schema.migrator.migrations
        let next = all[all.firstIndex(of: migration)! + 1].prefix { $0 != ":" }
        #expect(try copies == ["lightbox.before-migration-\(next).sqlite"])

        // The way back: the copy is what the older program left, and takes the upgrade again.
        let copy = "\(folder)/\(try copies[0])"
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try SQLiteDatabase.schema(of: copy).applied.last == migration)
        #expect(try sessions(copy) == 1)
        for file in [path, "\(path)-wal", "\(path)-shm"] { try? FileManager.default.removeItem(atPath: file) }
        try FileManager.default.copyItem(atPath: copy, toPath: path)
        var older = DatabaseMigrator()
        for known in all.prefix(all.firstIndex(of: migration)! + 1) { older.registerMigration(known) { _ in } }
        let pool = try DatabasePool(path: path)
        try Schema.bringUpToDate(pool, at: path, migrator: older)
        try pool.close()
        try SQLiteDatabase(path: path).close()
        #expect(try sessions(path) == 1)
    }

    @Test("A database that is new or up to date is not copied")
    func noCopy() throws {
        try SQLiteDatabase(path: path).close()
        try SQLiteDatabase(path: path).close()
        #expect(try copies.isEmpty)
    }

    @Test("An older program leaves a newer database alone, and says whose it is")
    func newer() throws {
        try SQLiteDatabase(path: path).close()
        var older = DatabaseMigrator()
        for known in Schema.migrator.migrations.dropLast() { older.registerMigration(known) { _ in } }
        let pool = try DatabasePool(path: path)
        let fault = #expect(throws: SchemaFault.self) {
            try Schema.bringUpToDate(pool, at: path, migrator: older)
        }
        #expect(fault?.unknown == [Schema.migrator.migrations.last!])
        #expect(fault?.description.contains("newer Lightbox") == true)
        #expect(try copies.isEmpty)
    }

    @Test("Copies go when their time is over, and nothing else does")
    func lifetime() throws {
        let now = Date()
        for (name, age) in [
            ("lightbox.before-migration-3.sqlite", 100.0), ("lightbox.before-migration-4.sqlite", 10),
            ("lightbox.sqlite", 100),
        ] {
            let file = "\(folder)/\(name)"
            try Data().write(to: URL(filePath: file))
            try FileManager.default.setAttributes(
                [.modificationDate: now.addingTimeInterval(-age)], ofItemAtPath: file)
        }
        #expect(try SQLiteDatabase.removeCopies(beside: path, olderThan: 50, now: now) == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                "lightbox.before-migration-4.sqlite", "lightbox.sqlite",
            ])
    }

    @Test("A copy made while others write is whole, and what was erased isn't in it")
    func copyDuringWrites() async throws {
        let database = try SQLiteDatabase(path: path)
        let secret = "Xylocough"
        try await database.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
        try await database.write { try $0.execute(sql: "INSERT INTO notes VALUES (?)", arguments: [secret]) }
        try await database.write { try $0.execute(sql: "DELETE FROM notes") }
        async let writing: Void = {
            for _ in 0..<50 { try await database.check() }
        }()
        for number in 0..<5 { try SQLiteDatabase.copy(path, to: "\(folder)/copy-\(number)") }
        try await writing
        for number in 0..<5 {
            #expect(SQLiteDatabase.trouble(in: "\(folder)/copy-\(number)") == nil)
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/copy-\(number)"))
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
        }
    }

    @Test("A session that is left out leaves nothing behind")
    func erase() async throws {
        try makeOld(upTo: "6: readings and withdrawals")
        let queue = try DatabaseQueue(path: path)
        try await queue.write { database in
            try database.execute(
                sql: "INSERT INTO intakes SELECT id, 'Xylocough', 1, 1 FROM sessions")
        }
        try queue.close()
        var all: [SessionID] = []
        try SQLiteDatabase.sessions(in: path) { all.append($0) }
        #expect(all.count == 1)
        try SQLiteDatabase.erase(all, in: path)
        #expect(try sessions(path) == 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            #expect(bytes.range(of: Data("Xylocough".utf8)) == nil, "\(name)")
        }
    }
}
