import Domain
import Foundation
import GRDB
import Testing
import Workflows

@testable import SQLiteStore

@Suite("What operators do")
struct OperatorTests {
    let fixture: Fixture
    var operators: SQLiteOperatorStore { SQLiteOperatorStore(fixture.database) }

    init() async throws {
        fixture = try await Fixture()
    }

    @Test("Sessions are listed by the names that operators have for them, the newest first, page by page")
    func sessions() async throws {
        defer { fixture.remove() }
        var made = [fixture.session]
        for seconds in [1.0, 2, 2] {
            let session = Fixture.makeSession(at: Fixture.start + seconds)
            try await fixture.sessions.insert(session, tokenHash: [UInt8(made.count + 1)], wrappedKey: [7])
            made.append(session)
        }
        let upload = try await fixture.upload()
        _ = try await fixture.queued(upload)
        let newest = made.sorted { ($0.createdAt, $0.id.description) > ($1.createdAt, $1.id.description) }
        let all = try await operators.sessions(limit: 10, after: nil)
        #expect(all.map(\.pseudonym) == newest.map(\.id.pseudonym))
        #expect(all.last?.uploads == 1 && all.last?.analyses == 1 && all.last?.reports == 0)
        let first = try await operators.sessions(limit: 2, after: nil)
        let rest = try await operators.sessions(limit: 2, after: first.last?.pseudonym)
        #expect((first + rest).map(\.pseudonym) == newest.map(\.id.pseudonym))
        #expect(try await operators.session(named: fixture.session.id.pseudonym) == fixture.session.id)
        #expect(try await operators.session(named: "0") == nil)
        _ = try await fixture.sessions.erase(fixture.session.id)
        #expect(try await operators.session(named: fixture.session.id.pseudonym) == nil)
        #expect(try await operators.sessions(limit: 10, after: nil).count == 3)
    }

    @Test("The list and the name of a session are found by an index")
    func plans() async throws {
        defer { fixture.remove() }
        func plan(_ sql: String) async throws -> String {
            let count = sql.count { $0 == "?" }
            return try await fixture.database.read { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + sql,
                    arguments: StatementArguments(Array(repeating: 1, count: count))
                ).map { ($0["detail"] as String) + "\n" }.joined()
            }
        }
        for sql in [SQLiteOperatorStore.newest, SQLiteOperatorStore.following] {
            #expect(try await plan(sql).contains("sessions USING INDEX sessions_by_creation"))
        }
        #expect(try await plan(SQLiteOperatorStore.byPseudonym).contains("USING INDEX"))
    }

    @Test("Sessions from before get their names")
    func migration() async throws {
        defer { fixture.remove() }
        let path = fixture.folder.appending(path: "old.sqlite").path
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "6: readings and withdrawals")
        let id = SessionID.make(at: Fixture.start)
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at)
                    VALUES (?, x'01', 1, 1, 'v', 1)
                    """,
                arguments: [id.description])
        }
        try queue.close()
        #expect(try await SQLiteOperatorStore(SQLiteDatabase(path: path)).session(named: id.pseudonym) == id)
    }

    @Test("A grant is of its session, and goes with it")
    func grants() async throws {
        defer { fixture.remove() }
        let other = Fixture.makeSession()
        try await fixture.sessions.insert(other, tokenHash: [2], wrappedKey: [7])
        let grant = RecordGrant(
            id: .make(at: Fixture.start), session: fixture.session.id, identity: "token\nDr. Lee", name: "Dr. Lee",
            role: .clinician, sealedReason: [1, 2], openedAt: Fixture.start, expiresAt: Fixture.start + 900)
        try await operators.insert(grant)
        #expect(try await operators.grant(grant.id, of: fixture.session.id) == grant)
        #expect(try await operators.grant(grant.id, of: other.id) == nil)
        #expect(try await operators.grants(of: fixture.session.id) == [grant])
        _ = try await fixture.sessions.erase(fixture.session.id)
        #expect(try await operators.grants(of: fixture.session.id) == [])
        await #expect(throws: Fault.self) { try await operators.insert(grant) }
    }

    @Test("Maintenance is kept until it is turned off")
    func maintenance() async throws {
        defer { fixture.remove() }
        #expect(try await operators.maintenance() == nil)
        for message in ["Back at noon.", "Back at one."] {
            let maintenance = Maintenance(message: message, since: Fixture.start)
            try await operators.setMaintenance(maintenance)
            #expect(try await operators.maintenance() == maintenance)
        }
        try await operators.setMaintenance(nil)
        #expect(try await operators.maintenance() == nil)
    }
}
