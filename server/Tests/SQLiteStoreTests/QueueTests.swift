import Domain
import Foundation
import SQLiteStore
import Testing
import Workflows

@Suite("The queue in SQLite")
struct QueueTests {
    static let later = Fixture.start + 60
    static let outcome = Analysis.Outcome.refused(Refusal(.notAChest))

    @Test("Analyses are taken in the order in which they came, each once")
    func order() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        var ids: [AnalysisID] = []
        for second in 0..<5 { ids.append(try await fixture.queued(upload, at: Fixture.start + Double(second)).id) }
        #expect(try await fixture.line() == ids)
        var taken: [AnalysisID] = []
        while let claimed = try await fixture.studies.claimNext(at: Self.later, by: QueueOrder()) {
            #expect(
                claimed.analysis.state == .decoding && claimed.analysis.attempt == 1 && claimed.analysis.revision == 2)
            #expect(claimed.upload == upload)
            taken.append(claimed.analysis.id)
        }
        #expect(taken == ids)
    }

    @Test("Many who take at once never get the same analysis")
    func concurrentClaims() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        for second in 0..<40 { _ = try await fixture.queued(upload, at: Fixture.start + Double(second), limit: 100) }
        let taken = try await withThrowingTaskGroup(of: [AnalysisID].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var mine: [AnalysisID] = []
                    while let claimed = try await fixture.studies.claimNext(at: Self.later, by: QueueOrder()) {
                        mine.append(claimed.analysis.id)
                    }
                    return mine
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.count == 40 && Set(taken).count == 40)
    }

    @Test("An attempt is finished once; a late one changes nothing")
    func finishOnce() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let id = try await fixture.queued(try await fixture.upload()).id
        _ = try await fixture.studies.claimNext(at: Self.later, by: QueueOrder())
        let wrong = try await fixture.studies.finish(
            id, attempt: 2, outcome: Self.outcome, isDead: false, lostWorker: false, revision: 5, at: Self.later)
        #expect(wrong == nil)
        let finished = try await fixture.studies.finish(
            id, attempt: 1, outcome: Self.outcome, isDead: false, lostWorker: false, revision: 5, at: Self.later)
        #expect(finished?.state == .refused && finished?.outcome == Self.outcome && finished?.revision == 5)
        let again = try await fixture.studies.finish(
            id, attempt: 1, outcome: .cancelled, isDead: false, lostWorker: false, revision: 9, at: Self.later)
        #expect(again == nil)
        #expect(try await fixture.studies.analysis(id, in: fixture.session.id) == finished)
    }

    @Test("What was running when the process ended waits again, in its old place, with a revision nobody saw")
    func restart() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let first = try await fixture.queued(upload)
        let second = try await fixture.queued(upload, at: Fixture.start + 1)
        _ = try await fixture.studies.claimNext(at: Self.later, by: QueueOrder())
        #expect(try await fixture.studies.requeueInterrupted(at: Self.later) == 1)
        #expect(try await fixture.line() == [first.id, second.id])
        let claimed = try #require(try await fixture.studies.claimNext(at: Self.later, by: QueueOrder()))
        #expect(
            claimed.analysis.id == first.id && claimed.analysis.attempt == 2 && claimed.analysis.revision > 1_000_000)
    }

    @Test("Cancelling ends what waits or runs; what has ended can't be cancelled")
    func cancelling() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let id = try await fixture.queued(try await fixture.upload()).id
        _ = try await fixture.studies.claimNext(at: Self.later, by: QueueOrder())
        let cancelled = try await fixture.studies.cancel(id, in: fixture.session.id, revision: 7, at: Self.later)
        #expect(cancelled.state == .cancelled && cancelled.revision == 7)
        #expect(
            try await fixture.studies.finish(
                id, attempt: 1, outcome: Self.outcome, isDead: false, lostWorker: false, revision: 8, at: Self.later)
                == nil)
        await #expect(throws: Fault.self) {
            try await fixture.studies.cancel(id, in: fixture.session.id, revision: 9, at: Self.later)
        }
        let retried = try await fixture.studies.retry(
            id, in: fixture.session.id, as: .routine, revision: 9, limits: QueueLimits(all: 5, perSession: 5),
            at: Self.later)
        #expect(retried.state == .queued && retried.outcome == nil && retried.revision == 9)
        await #expect(throws: Fault.self) {
            try await fixture.studies.retry(
                id, in: fixture.session.id, as: .routine, revision: 9, limits: QueueLimits(all: 5, perSession: 5),
                at: Self.later)
        }
    }

    @Test("A full queue takes no more")
    func full() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        _ = try await fixture.queued(upload, limit: 1)
        await #expect(throws: Fault.self) { try await fixture.queued(upload, at: Self.later, limit: 1) }
    }

    @Test("Taking the next uses the index of what waits, however much has ended")
    func queryPlan() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        #expect(try await fixture.plan(of: "next").contains("analyses_waiting"))
        #expect(try await fixture.plan(of: "token").contains("USING INDEX sqlite_autoindex_sessions"))
    }
}
