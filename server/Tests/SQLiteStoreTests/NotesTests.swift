import Domain
import Foundation
import GRDB
import Testing
import Workflows

@testable import SQLiteStore

@Suite("What is kept about a session")
struct NotesTests {
    static let reason = AcuityReason(
        rule: "r", level: .emergency, text: "t.", origin: .message, field: nil,
        source: GuidanceSource("Guidance", "https://example.org"))

    @Test("A session begins without notes; changes are kept, and go with it")
    func keeping() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let id = fixture.session.id
        #expect(try await fixture.sessions.notes(of: id) == SessionNotes())
        let changed = try await fixture.sessions.updateNotes(of: id) { notes throws(ValidationFault) in
            notes.acuity.raise(by: [Self.reason], at: Fixture.start)
            notes.withheld = ["alcohol", "drugs"]
            notes.drafts = ["reason"]
        }
        #expect(changed.acuity.level == .emergency)
        #expect(try await fixture.sessions.notes(of: id) == changed)
        _ = try await fixture.sessions.erase(id)
        #expect(try await fixture.sessions.notes(of: id) == SessionNotes())
        #expect(try await fixture.sessions.exists(id) == false)
    }

    @Test("A change that is refused changes nothing")
    func refusal() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        await #expect(throws: Fault.self) {
            _ = try await fixture.sessions.updateNotes(of: fixture.session.id) { notes throws(ValidationFault) in
                notes.withheld = ["alcohol"]
                throw ValidationFault([])
            }
        }
        #expect(try await fixture.sessions.notes(of: fixture.session.id) == SessionNotes())
    }

    @Test("Reasons that come at once are all kept")
    func together() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    _ = try? await fixture.sessions.updateNotes(of: fixture.session.id) {
                        notes throws(ValidationFault) in
                        var reason = Self.reason
                        reason.rule = "rule \(index)"
                        notes.acuity.raise(by: [reason], at: Fixture.start)
                    }
                }
            }
        }
        #expect(try await fixture.sessions.notes(of: fixture.session.id).acuity.reasons.count == 20)
    }

    @Test("A file of the version before keeps its analyses")
    func migration() throws {
        let queue = try DatabaseQueue()
        try Schema.migrator.migrate(queue, upTo: "1: sessions, studies, reports")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO sessions VALUES ('s', x'00', 1, 1, 'v', 1);
                    INSERT INTO uploads VALUES ('u', 's', 'a', 1, '00', '{}', 1);
                    INSERT INTO analyses VALUES ('a', 's', 'u', 'queued', 0, 1, 1, 1, 1, NULL);
                    """)
        }
        try Schema.migrator.migrate(queue)
        let confirmed = try queue.read {
            try String.fetchOne($0, sql: "SELECT confirmed_differences FROM analyses WHERE id = 'a'")
        }
        #expect(confirmed == "[]")
    }
}
