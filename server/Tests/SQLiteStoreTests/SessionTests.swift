import Domain
import Foundation
import GRDB
import Synchronization
import Testing
import Workflows

@testable import SQLiteStore

/// A counter and a wall clock that a test turns.
private final class Time: Sendable {
    private let state = Mutex((elapsed: Duration.zero, wall: Fixture.start))
    private let begin = ContinuousClock.now

    var counter: @Sendable () -> ContinuousClock.Instant { { [self] in state.withLock { begin + $0.elapsed } } }
    var wall: Date { state.withLock { $0.wall } }

    /// Time goes by, for both.
    func pass(_ seconds: TimeInterval) {
        state.withLock { state in
            state.elapsed += .seconds(seconds)
            state.wall += seconds
        }
    }

    /// Somebody sets the wall clock.
    func jump(_ seconds: TimeInterval) { state.withLock { $0.wall += seconds } }
}

@Suite("Time that goes on by itself")
struct SteadyClockTests {
    @Test("A wall clock that jumps changes nothing")
    func jumps() {
        let time = Time()
        let clock = SteadyClock(wall: time.wall, counter: time.counter)
        time.pass(10)
        for jump in [-86_400.0, 86_400, 1e9] {
            time.jump(jump)
            #expect(clock.now == Fixture.start + 10)
        }
        time.pass(5)
        #expect(clock.now == Fixture.start + 15)
    }

    @Test("After a start it isn't earlier than what was there before")
    func restart() {
        let time = Time()
        time.jump(-86_400)
        let clock = SteadyClock(wall: time.wall, notBefore: Fixture.start, counter: time.counter)
        #expect(clock.now == Fixture.start && clock.behind == 86_400)
        #expect(SteadyClock(wall: Fixture.start, notBefore: Fixture.start - 1).behind == 0)
    }
}

@Suite("The life of a session")
struct SessionTests {
    static let lifetime = SessionLifetime(idle: 1800, absolute: 86_400)
    static let token: [UInt8] = [9, 9]

    private static func opened(_ fixture: Fixture, _ clock: SteadyClock) async throws -> (Session, ResumeSession) {
        let session = Fixture.makeSession(at: clock.now)
        try await fixture.sessions.insert(session, tokenHash: token, wrappedKey: [5])
        return (
            session,
            ResumeSession(sessions: fixture.sessions, lifetime: lifetime, now: { clock.now })
        )
    }

    @Test("It is over to the second, whatever the wall clock does meanwhile", arguments: [-86_400.0, 0, 86_400])
    func idle(jump: TimeInterval) async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let time = Time()
        let clock = SteadyClock(wall: time.wall, counter: time.counter)
        let (session, resume) = try await Self.opened(fixture, clock)
        time.jump(jump)
        time.pass(1799)
        #expect(try await resume(tokenHash: Self.token, isActive: false)?.id == session.id)
        time.jump(-jump)
        time.pass(1)
        #expect(try await resume(tokenHash: Self.token, isActive: true) == nil)
        let ended = try await fixture.sessions.ended(Self.lifetime, at: clock.now, limit: 9)
        #expect(ended.contains(session.id))
    }

    @Test("Activity prolongs it, up to its absolute end and not beyond")
    func absolute() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let time = Time()
        let clock = SteadyClock(wall: time.wall, counter: time.counter)
        let (session, resume) = try await Self.opened(fixture, clock)
        for _ in 0..<57 {
            time.pass(1500)
            time.jump(-86_400)
            #expect(try await resume(tokenHash: Self.token, isActive: true)?.id == session.id)
        }
        time.pass(899)
        #expect(try await resume(tokenHash: Self.token, isActive: true)?.id == session.id)
        time.pass(1)
        #expect(try await resume(tokenHash: Self.token, isActive: true) == nil)
    }

    @Test("A clock that was put back while the server was down doesn't lengthen it")
    func restart() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let time = Time()
        let clock = SteadyClock(wall: time.wall, counter: time.counter)
        let (session, resume) = try await Self.opened(fixture, clock)
        time.pass(1000)
        #expect(try await resume(tokenHash: Self.token, isActive: true)?.id == session.id)
        time.jump(-86_400)
        let last = try #require(try await fixture.sessions.lastUse())
        let again = SteadyClock(wall: time.wall, notBefore: last, counter: time.counter)
        let resumed = ResumeSession(sessions: fixture.sessions, lifetime: Self.lifetime, now: { again.now })
        time.pass(1799)
        #expect(try await resumed(tokenHash: Self.token, isActive: false)?.id == session.id)
        time.pass(1)
        #expect(try await resumed(tokenHash: Self.token, isActive: false) == nil)
    }

    @Test("Logged off, its token opens nothing at once, and the sweep takes it first")
    func revoked() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let resume = ResumeSession(sessions: fixture.sessions, lifetime: Self.lifetime, now: { Fixture.start })
        #expect(try await resume(tokenHash: [1], isActive: false)?.id == fixture.session.id)
        try await fixture.sessions.revoke(fixture.session.id, at: Fixture.start)
        #expect(try await resume(tokenHash: [1], isActive: false) == nil)
        #expect(
            try await fixture.sessions.ended(Self.lifetime, at: Fixture.start, limit: 1) == [fixture.session.id])
    }

    @Test("Over for one reason or for several, each counts once and is named once, up to the limit")
    func overForSeveralReasons() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let now = Fixture.start + 100_000
        var over: Set<SessionID> = [fixture.session.id]
        // Logged off, idle, too old, in every combination; the last one isn't over.
        for number in 0..<8 {
            let isRevoked = number & 1 == 0
            let isIdle = number & 2 == 0
            let isOld = number & 4 == 0
            var session = Fixture.makeSession(at: isOld ? now - 90_000 : now - 5000)
            session.lastSeenAt = isIdle ? now - 3000 : now - 10
            try await fixture.sessions.insert(session, tokenHash: [UInt8(10 + number)], wrappedKey: [8])
            if isRevoked { try await fixture.sessions.revoke(session.id, at: now - 5) }
            if number < 7 { over.insert(session.id) }
        }
        let lifetime = SessionLifetime(idle: 1800, absolute: 86_400)
        let ended = try await fixture.sessions.ended(lifetime, at: now, limit: 20)
        #expect(ended.count == 8 && Set(ended) == over)
        #expect(try await fixture.sessions.backlog(lifetime, at: now, limit: 20) == 8)
        for limit in 1...8 {
            let some = try await fixture.sessions.ended(lifetime, at: now, limit: limit)
            #expect(some.count == limit && Set(some).isSubset(of: over))
            #expect(try await fixture.sessions.backlog(lifetime, at: now, limit: limit) == limit)
        }
    }

    @Test("While somebody reads, erasing leaves the log for later and keeps nobody from writing; then it is emptied")
    func logWithReader() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let key = Array("a wrapped key that must not stay".utf8)
        let leaving = Fixture.makeSession()
        try await fixture.sessions.insert(leaving, tokenHash: [9], wrappedKey: key)
        func places() throws -> [String] {
            try FileManager.default.contentsOfDirectory(at: fixture.folder, includingPropertiesForKeys: nil)
                .filter { try Data(contentsOf: $0).range(of: Data(key)) != nil }.map(\.lastPathComponent)
        }
        #expect(try !places().isEmpty)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(
            path: fixture.folder.appending(path: "test.sqlite").path, configuration: configuration)
        try await other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN")
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sessions")
        }
        _ = try await fixture.sessions.erase([leaving.id])
        let began = ContinuousClock.now
        #expect(await fixture.sessions.emptyLog(within: .milliseconds(300)) == false)
        #expect(
            ContinuousClock.now - began < .seconds(4), "a writer would have waited for the reader, for five seconds")
        #expect(try await fixture.pragma("busy_timeout") == "5000")
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        let deadline = ContinuousClock.now + .seconds(60)
        while try !places().isEmpty, ContinuousClock.now < deadline { await Task.yield() }
        #expect(try places() == [])
        #expect(await fixture.sessions.emptyLog(within: .zero))
    }

    @Test("Many are erased in one transaction, each with what it held; those that are gone already aren't named")
    func batch() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let record = try await FilledRecord(in: fixture)
        let waiting = try await fixture.queued(record.upload, at: Fixture.start + 1)
        let other = Fixture.makeSession()
        try await fixture.sessions.insert(other, tokenHash: [2], wrappedKey: [8])
        #expect(try await fixture.sessions.backlog(Self.lifetime, at: Fixture.start + 1800, limit: 9) == 2)
        let erased = try await fixture.sessions.erase([fixture.session.id, .make(at: .now), other.id])
        #expect(erased.map(\.id) == [fixture.session.id, other.id])
        #expect(
            erased[0].contents
                == SessionContents(
                    uploads: 1, analyses: 2, reports: 1, conversations: 1, messages: 1, readings: 1, receptions: 1))
        #expect(erased[0].unfinished == [waiting.id])
        #expect(erased[1].contents == SessionContents() && erased[1].unfinished.isEmpty)
        #expect(try await fixture.pragma("foreign_key_check") == nil)
        let left = try await fixture.database.read { database in
            try (["sessions"] + SealedColumn.all.map(\.table)).filter {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") != 0
            }
        }
        #expect(left.isEmpty)
    }
}

@Suite("Query plans")
struct QueryPlanTests {
    /// What is done at a start only, what has one row, or what reads every row because every row is wanted.
    private static let mayScan = [
        "FROM master_key_proof", "FROM sealing", "FROM model_withdrawals", "grdb_migrations", "sqlite_master", "PRAGMA",
        "queue_control",
    ]

    @Test("Whatever the stores ask for while they serve a record, an index answers")
    func plans() async throws {
        let heard = Mutex<Set<String>>([])
        let fixture = try await Fixture(tracing: { statement in heard.withLock { _ = $0.insert(statement) } })
        defer { fixture.remove() }
        heard.withLock { $0 = [] }
        let record = try await FilledRecord(in: fixture)
        try await record.isReadable(in: fixture)
        let (sessions, studies) = (fixture.sessions, fixture.studies)
        let session = fixture.session.id
        _ = try await sessions.session(tokenHash: [1])
        _ = try await sessions.contents(of: session)
        _ = try await sessions.lastUse()
        _ = try await sessions.wrappedKeys(after: session, limit: 5)
        _ = try await studies.uploads(in: session)
        _ = try await studies.analyses(in: session)
        _ = try await studies.waiting()
        _ = try await studies.nextWithoutText()
        _ = try await studies.reports(of: "m", version: "1")
        _ = try await studies.hasResults(of: "m", version: "1")
        _ = try await studies.noteOverdue(at: Fixture.start)
        _ = try await SQLiteConversationStore(fixture.database).conversations(in: session)
        _ = try await SQLiteReportStore(fixture.database).reports(in: session)
        _ = try await SQLiteReceptionStore(fixture.database).openReceptions(in: session)
        _ = try await SQLiteReceptionStore(fixture.database).expired(at: Fixture.start, limit: 5)
        _ = try await sessions.ended(SessionTests.lifetime, at: Fixture.start, limit: 5)
        _ = try await sessions.backlog(SessionTests.lifetime, at: Fixture.start, limit: 5)
        try await sessions.revoke(session, at: Fixture.start)
        _ = try await sessions.erase([session])
        let statements = heard.withLock { $0 }.filter { statement in
            ["SELECT", "UPDATE", "DELETE"].contains { statement.hasPrefix($0) }
                && !Self.mayScan.contains { statement.contains($0) }
        }
        #expect(statements.count > 30)
        let scans = try await fixture.database.read { database in
            try statements.flatMap { statement in
                let explained = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + statement)
                explained.setUncheckedArguments(StatementArguments())
                return try Row.fetchAll(explained).map { $0["detail"] as String }
                    // A scan of one index that holds just the rows in question is none.
                    .filter { $0.hasPrefix("SCAN") && !$0.contains("USING") }
                    .map { "\($0): \(statement)" }
            }
        }
        #expect(scans.allSatisfy { $0.hasPrefix("SCAN CONSTANT ROW") }, "\(scans)")
    }

    @Test("Each reason for which sessions are over has its index, from which they are taken and counted")
    func ended() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let indices = [
            "sessions_revoked", "sessions_by_last_seen (last_seen_at<?)", "sessions_by_creation (created_at<?)",
        ]
        for (query, index) in zip(SQLiteSessionStore.ended, indices) {
            for what in ["SELECT id \(query) LIMIT 1", "SELECT count(*) \(query)"] {
                let plan = try await fixture.plan(ofQuery: what)
                #expect(plan.contains("INDEX \(index)") && plan.count { $0 == "\n" } == 1, "\(plan)")
            }
        }
    }

    @Test("A token is looked up by its own index")
    func token() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let plan = try await fixture.plan(of: "token")
        #expect(plan.contains("SEARCH sessions USING INDEX sqlite_autoindex_sessions_2 (token_hash=?)"), "\(plan)")
    }
}
