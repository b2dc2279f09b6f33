import Domain
import Foundation
import Synchronization
import Testing
import Workflows

@testable import SQLiteStore

@Suite("Results whose urgency is known")
struct CountedResultTests {
    /// How often a result was opened.
    final class Openings: Sendable {
        private let count = Mutex(0)

        @Sendable func hear(_ statement: String) {
            if statement.hasPrefix("SELECT * FROM analyses") { count.withLock { $0 += 1 } }
        }

        func taken() -> Int {
            count.withLock { count in
                defer { count = 0 }
                return count
            }
        }
    }

    let openings = Openings()
    let fixture: Fixture
    let watch: WatchAcuity
    var session: SessionID { fixture.session.id }

    init() async throws {
        fixture = try await Fixture(tracing: openings.hear)
        watch = WatchAcuity(
            sessions: fixture.sessions, studies: fixture.studies, encoder: nil, now: { Fixture.start })
    }

    private func finished(_ upload: Upload, blind: Bool = false) async throws -> Analysis {
        let analysis = Analysis(
            id: .make(at: Fixture.start), sessionID: session, uploadID: upload.id, createdAt: Fixture.start,
            updatedAt: Fixture.start, blindFirst: blind ? BlindFirst(longest: 1800, at: Fixture.start) : nil)
        try await fixture.studies.enqueue(analysis, as: .routine, limits: QueueLimits(all: 10, perSession: 10))
        _ = try await fixture.studies.claimNext(at: Fixture.start, by: QueueOrder())
        return try #require(
            try await fixture.studies.finish(
                analysis.id, attempt: 1, outcome: .completed(ReadingTests.result()), isDead: false, lostWorker: false,
                revision: 2,
                at: Fixture.start))
    }

    @Test("Each is opened once, and once more when the history has changed")
    func once() async throws {
        defer { fixture.remove() }
        _ = try await finished(try await fixture.upload())
        _ = openings.taken()
        let first = try await watch.current(of: session)
        #expect(first.reasons.map(\.field) == ["effusion"] && openings.taken() == 1)
        let second = try await watch.current(of: session)
        #expect(second == first && openings.taken() == 0)

        _ = try await finished(try await fixture.upload())
        _ = openings.taken()
        _ = try await watch.current(of: session)
        #expect(openings.taken() == 1)

        _ = try await fixture.sessions.updateIntake(of: session, revision: nil, at: Fixture.start) { _ in
            ["birth-sex": .text("female")]
        }
        _ = try await watch.current(of: session)
        #expect(openings.taken() == 2)
        _ = try await watch.current(of: session)
        #expect(openings.taken() == 0)
    }

    @Test("One that was held back when it was opened counts as soon as it is shown")
    func held() async throws {
        defer { fixture.remove() }
        let blind = try await finished(try await fixture.upload(), blind: true)
        #expect(try await watch.current(of: session).reasons.isEmpty)
        _ = try await fixture.studies.reveal(blind.id, in: session, at: Fixture.start)
        #expect(try await watch.current(of: session).reasons.map(\.field) == ["effusion"])
    }
}
