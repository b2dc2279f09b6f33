import Domain
import Foundation
import GRDB
import Testing
import Workflows

@testable import SQLiteStore

@Suite("The SQLite file")
struct StoreTests {
    @Test("It uses a write-ahead log, and a commit is synced in full")
    func durability() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        #expect(try await fixture.pragma("journal_mode") == "wal")
        #expect(try await fixture.pragma("synchronous") == "2")
        #expect(try await fixture.pragma("foreign_keys") == "1")
    }

    @Test(
        "What the disk reports is told as what it is: full, busy, or broken",
        arguments: [
            (ResultCode.SQLITE_FULL, "full"), (.SQLITE_BUSY, "busy"), (.SQLITE_LOCKED, "busy"),
            (.SQLITE_IOERR, "unavailable"), (.SQLITE_IOERR_FSYNC, "unavailable"), (.SQLITE_READONLY, "unavailable"),
            (.SQLITE_CANTOPEN, "unavailable"), (.SQLITE_CORRUPT, "failed"), (.SQLITE_CONSTRAINT, "failed"),
        ])
    func faults(_ code: ResultCode, _ told: String) {
        let name =
            switch Fault(database: DatabaseError(resultCode: code)) {
            case .storageFull: "full"
            case .storageBusy: "busy"
            case .storageUnavailable: "unavailable"
            case .storageFailed: "failed"
            default: "another"
            }
        #expect(name == told)
    }

    @Test("Who shares a transaction with a write that a full disk ended is told the same as that one")
    func sharedFailure() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let database = fixture.database
        // Not a byte more, for whoever writes after the first.
        try await database.pool.write { try $0.execute(sql: "CREATE TABLE filler (bytes BLOB)") }
        try await database.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let failures = await withTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    do throws(Fault) {
                        try await database.write { database in
                            let size = number == 0 ? 10 : 100_000
                            try database.execute(sql: "INSERT INTO filler VALUES (zeroblob(?))", arguments: [size])
                        }
                        return "none"
                    } catch {
                        if case .storageFull = error { return "full" }
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(Set(failures.keys).isSubset(of: ["none", "full"]), "\(failures)")
        #expect(failures["full", default: 0] >= 19)
    }

    @Test("What was written is there after the file is opened again")
    func reopening() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let analysis = try await fixture.queued(upload)
        try fixture.database.close()
        let opened = try SQLiteDatabase(path: fixture.folder.appending(path: "test.sqlite").path)
        opened.unlock(with: SimpleKeys())
        let again = SQLiteStudyStore(opened, now: { Fixture.start })
        #expect(try await again.upload(upload.id, in: fixture.session.id) == upload)
        #expect(try await again.analysis(analysis.id, in: fixture.session.id) == analysis)
    }

    @Test("A session is found by the hash of its token only")
    func tokens() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        #expect(try await fixture.sessions.session(tokenHash: [1]) == fixture.session)
        #expect(try await fixture.sessions.session(tokenHash: [2]) == nil)
    }

    @Test("Looking up and reading never wait for one another for good", .timeLimit(.minutes(1)))
    func lookupsBesideReads() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<600 {
                group.addTask {
                    number.isMultiple(of: 2)
                        ? try await fixture.sessions.session(tokenHash: [1]) == fixture.session
                        : try await fixture.studies.uploads(in: fixture.session.id) == [upload]
                }
            }
            for try await isThere in group { #expect(isThere) }
        }
    }

    @Test("Nothing is found under another session")
    func isolation() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let other = Fixture.makeSession()
        try await fixture.sessions.insert(other, tokenHash: [2], wrappedKey: [8])
        let upload = try await fixture.upload()
        let analysis = try await fixture.queued(upload)
        #expect(try await fixture.studies.upload(upload.id, in: other.id) == nil)
        #expect(try await fixture.studies.analysis(analysis.id, in: other.id) == nil)
        #expect(try await fixture.studies.deleteUpload(upload.id, in: other.id) == nil)
        #expect(try await fixture.studies.owns(.picture(upload.id), in: other.id) == false)
        await #expect(throws: Fault.self) {
            try await fixture.studies.cancel(analysis.id, in: other.id, revision: 1, at: Fixture.start)
        }
    }

    @Test("Erasing a session removes every row of it, and nothing comes after")
    func erasure() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let analysis = try await fixture.queued(upload)
        #expect(
            try await fixture.sessions.erase(fixture.session.id) == SessionContents(uploads: 1, analyses: 1, reports: 0)
        )
        #expect(try await fixture.sessions.erase(fixture.session.id) == nil)
        #expect(try await fixture.studies.upload(upload.id, in: fixture.session.id) == nil)
        #expect(try await fixture.studies.waiting().isEmpty)
        #expect(
            try await fixture.studies.finish(
                analysis.id, attempt: 1, outcome: .cancelled, isDead: false, lostWorker: false, revision: 9, at: .now)
                == nil
        )
        await #expect(throws: Fault.self) { try await fixture.upload() }
    }

    @Test("Two tabs that change different answers at once lose nothing")
    func twoTabs() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let id = fixture.session.id
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    _ = try await fixture.sessions.updateIntake(of: id, revision: nil, at: Fixture.start) {
                        answers throws(ValidationFault) in
                        answers.merging(["q\(index)": .number(Double(index))]) { $1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        let intake = try #require(try await fixture.sessions.intake(of: id))
        #expect(intake.answers.count == 20 && intake.revision == 20)
    }

    @Test("A write that fails takes none of its neighbours with it")
    func savepoints() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let results = await withTaskGroup(of: (Int, Bool).self) { group in
            for index in 0..<30 {
                group.addTask {
                    do {
                        try await fixture.execute(
                            index % 3 == 0 ? "INSERT INTO nowhere VALUES (1)" : "UPDATE heartbeat SET beats = beats + 1"
                        )
                        return (index, true)
                    } catch {
                        return (index, false)
                    }
                }
            }
            return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
        }
        for (index, succeeded) in results { #expect(succeeded == (index % 3 != 0)) }
        let beats = try await fixture.database.read { try Int.fetchOne($0, sql: "SELECT beats FROM heartbeat") }
        #expect(beats == 20)
    }

    @Test("A write alone that fails leaves nothing of what it did, and the next one works")
    func aloneAndFailed() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        struct Stopped: Error {}
        let fault = await #expect(throws: Fault.self) {
            try await fixture.database.write { database in
                try database.execute(sql: "UPDATE heartbeat SET beats = beats + 100")
                throw Stopped()
            }
        }
        guard case .storageFailed(let cause)? = fault, cause.revealed is Stopped else {
            Issue.record("\(String(describing: fault))")
            return
        }
        try await fixture.execute("UPDATE heartbeat SET beats = beats + 1")
        let beats = try await fixture.database.read { try Int.fetchOne($0, sql: "SELECT beats FROM heartbeat") }
        #expect(beats == 1)
    }

    @Test("Sessions end by idleness and by age, and only those")
    func ended() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        var expected: Set<SessionID> = []
        for (index, seconds) in [(created: 0.0, seen: 5000.0), (0, 100), (9000, 9000)].enumerated() {
            var session = Fixture.makeSession(at: Fixture.start + seconds.0)
            session.lastSeenAt = Fixture.start + seconds.1
            try await fixture.sessions.insert(session, tokenHash: [9, UInt8(index)], wrappedKey: [])
            if index < 2 { expected.insert(session.id) }
        }
        let found = try await fixture.sessions.ended(
            .init(idle: 1800, absolute: 9000), at: Fixture.start + 9000, limit: 10)
        #expect(Set(found) == expected.union([fixture.session.id]))
    }

    @Test("The limit of uploads holds also when they come at once")
    func uploadLimit() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let taken = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 { group.addTask { (try? await fixture.upload(limit: 4)) != nil } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(taken == 4)
    }
}
