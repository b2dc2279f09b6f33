import Domain
import Foundation
import GRDB
import Testing
import Workflows

@testable import SQLiteStore

@Suite("Whose turn it is, from the rows")
struct QueueOrderTests {
    private static let start = Fixture.start
    private static let order = QueueOrder(patience: 120)

    /// Takes everything that may be taken, as sessions or as ids.
    private func taken(_ fixture: Fixture, at time: Date) async throws -> [ClaimedAnalysis] {
        var all: [ClaimedAnalysis] = []
        while let next = try await fixture.studies.claimNext(at: time, by: Self.order) { all.append(next) }
        return all
    }

    private func others(_ count: Int, in fixture: Fixture) async throws -> [Session] {
        var sessions: [Session] = []
        for number in 0..<count {
            let session = Fixture.makeSession(at: Self.start + Double(number))
            try await fixture.sessions.insert(session, tokenHash: [2, UInt8(number)], wrappedKey: [7])
            sessions.append(session)
        }
        return sessions
    }

    @Test("A session with fifty pictures takes its place in each round, and no more")
    func fair() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let many = try await fixture.upload()
        for number in 0..<50 {
            _ = try await fixture.queued(many, at: Self.start + Double(number) / 100, limit: 100)
        }
        let others = try await others(2, in: fixture)
        for (number, other) in others.enumerated() {
            let upload = try await fixture.upload(in: other)
            for second in [1.0, 2.0] {
                _ = try await fixture.queued(upload, at: Self.start + second + Double(number) / 10, limit: 100)
            }
        }
        let expected = try await fixture.line(at: Self.start + 3)
        let taken = try await taken(fixture, at: Self.start + 3)
        #expect(taken.map(\.analysis.id) == expected)
        let owners = taken.map(\.analysis.sessionID)
        #expect(owners.count == 54)
        #expect(
            Array(owners.prefix(6)) == [
                many.sessionID, others[0].id, others[1].id, many.sessionID, others[0].id, others[1].id,
            ])
    }

    @Test("Who comes while a long line is worked off joins the present round, not the first and not the last")
    func joining() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let many = try await fixture.upload()
        for number in 0..<10 { _ = try await fixture.queued(many, at: Self.start + Double(number), limit: 100) }
        for _ in 0..<5 { _ = try await fixture.studies.claimNext(at: Self.start + 20, by: Self.order) }
        let late = try await others(1, in: fixture)[0]
        let upload = try await fixture.upload(in: late)
        for number in 0..<2 { _ = try await fixture.queued(upload, at: Self.start + 20 + Double(number), limit: 100) }
        let owners = try await taken(fixture, at: Self.start + 30).map(\.analysis.sessionID)
        #expect(owners.prefix(4) == [many.sessionID, late.id, many.sessionID, late.id])
    }

    @Test("The more urgent goes first, and each fourth place is for whoever has waited longest")
    func urgency() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let patient = try await fixture.upload()
        let routine = try await fixture.queued(patient, limit: 100)
        let other = try await fixture.upload(in: try await others(1, in: fixture)[0])
        for number in 0..<9 {
            _ = try await fixture.queued(other, at: Self.start + 100 + Double(number), limit: 100, as: .urgent)
        }
        let emergency = try await fixture.queued(other, at: Self.start + 150, limit: 100, as: .emergency)
        // Nobody has lost patience yet.
        #expect(try await fixture.line(at: Self.start + 119).last == routine.id)
        let line = try await fixture.line(at: Self.start + 150)
        #expect(line.first == emergency.id)
        #expect(line.firstIndex(of: routine.id) == QueueOrder.share - 1)
        #expect(try await taken(fixture, at: Self.start + 150).map(\.analysis.id) == line)
    }

    @Test("However many urgent ones keep coming, nobody waits for ever")
    func nobodyStarves() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let routine = try await fixture.queued(try await fixture.upload())
        let flood = try await fixture.upload(in: try await others(1, in: fixture)[0])
        var time = Self.start
        var count = 0
        while count < 1000 {
            time += 10
            for _ in 0..<2 {
                _ = try await fixture.queued(flood, at: time, limit: 10_000, as: .emergency, perSession: 10_000)
            }
            count += 1
            if try await fixture.studies.claimNext(at: time, by: Self.order)?.analysis.id == routine.id { break }
        }
        // After two minutes of patience, within four turns.
        #expect(count <= 12 + QueueOrder.share)
    }

    @Test("Urgency that goes up while somebody waits moves what waits, and only up")
    func raised() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let other = try await fixture.upload(in: try await others(1, in: fixture)[0])
        let first = try await fixture.queued(other)
        let upload = try await fixture.upload()
        let mine = [
            try await fixture.queued(upload, at: Self.start + 1), try await fixture.queued(upload, at: Self.start + 2),
        ]
        #expect(try await fixture.studies.raise(fixture.session.id, to: .urgent, at: Self.start + 3) == 2)
        #expect(try await fixture.studies.raise(fixture.session.id, to: .soon, at: Self.start + 3) == 0)
        #expect(try await fixture.line() == mine.map(\.id) + [first.id])
    }

    @Test("What was put off is not taken before its time, and then keeps its place")
    func putOff() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let first = try await fixture.queued(upload)
        let second = try await fixture.queued(upload, at: Self.start + 1)
        let claimed = try #require(try await fixture.studies.claimNext(at: Self.start, by: Self.order))
        #expect(claimed.analysis.id == first.id && claimed.tries == 0)
        let waiting = try await fixture.studies.putOff(
            first.id, attempt: 1, until: Self.start + 10, after: .lostWorker, revision: 9, at: Self.start)
        #expect(waiting?.state == .queued && waiting?.revision == 9)
        // A late one of the same attempt changes nothing.
        #expect(
            try await fixture.studies.putOff(
                first.id, attempt: 1, until: Self.start, after: .noWorker, revision: 10, at: Self.start) == nil)
        #expect(try await fixture.line(at: Self.start + 9) == [second.id, first.id])
        #expect(try await fixture.line(at: Self.start + 10) == [first.id, second.id])
        _ = try await fixture.studies.claimNext(at: Self.start + 9, by: Self.order)
        #expect(try await fixture.studies.claimNext(at: Self.start + 9, by: Self.order) == nil)
        let again = try #require(try await fixture.studies.claimNext(at: Self.start + 10, by: Self.order))
        #expect(again.analysis.attempt == 2 && again.tries == 1 && again.lostWorkers == 1)
    }

    @Test("What was given up is listed until it is put back; then it has all its tries again")
    func dead() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let id = try await fixture.queued(try await fixture.upload()).id
        _ = try await fixture.studies.claimNext(at: Self.start, by: Self.order)
        _ = try await fixture.studies.putOff(
            id, attempt: 1, until: Self.start, after: .lostWorker, revision: 3, at: Self.start)
        _ = try await fixture.studies.claimNext(at: Self.start, by: Self.order)
        let failure = Analysis.Failure(code: "worker-died", message: "It stopped twice.", isRetryable: true)
        _ = try await fixture.studies.finish(
            id, attempt: 2, outcome: .failed(failure), isDead: true, lostWorker: true, revision: 5, at: Self.start + 1)
        let dead = try await fixture.studies.dead(limit: 5)
        #expect(
            dead == [
                .init(id: id, session: fixture.session.id, attempts: 2, code: "worker-died", diedAt: Self.start + 1)
            ])
        let back = try await fixture.studies.requeueDead(id, revision: 6, at: Self.start + 2)
        #expect(back.state == .queued && back.outcome == nil)
        #expect(try await fixture.studies.dead(limit: 5).isEmpty)
        await #expect(throws: Fault.self) {
            try await fixture.studies.requeueDead(id, revision: 7, at: Self.start + 2)
        }
        let claimed = try #require(try await fixture.studies.claimNext(at: Self.start + 2, by: Self.order))
        #expect(claimed.analysis.attempt == 3 && claimed.tries == 0 && claimed.lostWorkers == 0)
    }

    private static let limits = QueueLimits(all: 9, perSession: 9)

    /// Claims the only one that waits and ends it as one that has ended its worker.
    private static func lose(_ fixture: Fixture) async throws -> ClaimedAnalysis {
        let claimed = try #require(try await fixture.studies.claimNext(at: start, by: order))
        let failure = Analysis.Failure(code: "worker-died", message: "It stopped.", isRetryable: true)
        _ = try await fixture.studies.finish(
            claimed.analysis.id, attempt: claimed.analysis.attempt, outcome: .failed(failure), isDead: true,
            lostWorker: true, revision: 5, at: start)
        return claimed
    }

    private static func retry(_ id: AnalysisID, _ fixture: Fixture) async throws {
        _ = try await fixture.studies.retry(
            id, in: fixture.session.id, as: .routine, revision: 6, limits: limits, at: start)
    }

    private static func expectQuarantine(_ ask: () async throws -> Void) async {
        let fault = await #expect(throws: Fault.self) { try await ask() }
        if case .analysisQuarantined? = fault { return }
        Issue.record("\(String(describing: fault))")
    }

    @Test("A picture that has ended three workers is analysed no more, however it is asked for, until it is put back")
    func quarantine() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let first = try await fixture.queued(upload).id
        #expect(try await Self.lose(fixture).lostWorkers == 0)
        try await Self.retry(first, fixture)
        #expect(try await Self.lose(fixture).lostWorkers == 1)
        // Another one of the same picture takes the count on.
        let second = try await fixture.queued(upload).id
        #expect(try await Self.lose(fixture).lostWorkers == 2)
        for id in [first, second] { await Self.expectQuarantine { try await Self.retry(id, fixture) } }
        await Self.expectQuarantine { _ = try await fixture.queued(upload) }
        // Another picture is nobody's concern.
        let other = try await fixture.queued(try await fixture.upload()).id
        #expect(try await fixture.studies.claimNext(at: Self.start, by: Self.order)?.lostWorkers == 0)
        await #expect(throws: Fault.self) { try await Self.retry(other, fixture) }
        _ = try await fixture.studies.requeueDead(second, revision: 7, at: Self.start)
        let back = try #require(try await fixture.studies.claimNext(at: Self.start, by: Self.order))
        #expect(back.analysis.id == second && back.lostWorkers == 0)
        _ = try await fixture.queued(upload)
    }

    @Test("What an analysis lost that came to its end isn't held against its picture")
    func calm() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        for _ in 0..<4 {
            let id = try await fixture.queued(upload).id
            _ = try await fixture.studies.claimNext(at: Self.start, by: Self.order)
            _ = try await fixture.studies.putOff(
                id, attempt: 1, until: Self.start, after: .lostWorker, revision: 3, at: Self.start)
            let claimed = try #require(try await fixture.studies.claimNext(at: Self.start, by: Self.order))
            #expect(claimed.lostWorkers == 1)
            _ = try await fixture.studies.finish(
                id, attempt: 2, outcome: .completed(try ReadingTests.result()), isDead: false, lostWorker: false,
                revision: 5, at: Self.start)
        }
    }

    @Test("Where cancelled analyses have ended three workers, an operator finds one to put back")
    func cancelled() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        var ids: [AnalysisID] = []
        for _ in 0..<3 { ids.append(try await fixture.queued(upload).id) }
        for _ in ids {
            let claimed = try #require(try await fixture.studies.claimNext(at: Self.start, by: Self.order))
            _ = try await fixture.studies.putOff(
                claimed.analysis.id, attempt: 1, until: Self.start + 60, after: .lostWorker, revision: 3,
                at: Self.start)
        }
        for id in ids {
            _ = try await fixture.studies.cancel(id, in: fixture.session.id, revision: 4, at: Self.start + 1)
        }
        await Self.expectQuarantine { _ = try await fixture.queued(upload) }
        let dead = try await fixture.studies.dead(limit: 5)
        #expect(!dead.isEmpty && dead.allSatisfy { $0.code == "analysis-quarantined" })
        _ = try await fixture.studies.requeueDead(try #require(dead.first).id, revision: 7, at: Self.start + 2)
        _ = try await fixture.queued(upload)
    }

    @Test("Pausing holds over a restart; while it drains, what waits is taken")
    func control() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        _ = try await fixture.queued(try await fixture.upload())
        try await fixture.studies.setQueueState(.paused)
        #expect(try await fixture.studies.claimNext(at: Self.start, by: Self.order) == nil)
        try fixture.database.close()
        let database = try SQLiteDatabase(path: fixture.folder.appending(path: "test.sqlite").path)
        database.unlock(with: SimpleKeys())
        let studies = SQLiteStudyStore(database, now: { Self.start })
        #expect(try await studies.queueControl().state == .paused)
        #expect(try await studies.claimNext(at: Self.start, by: Self.order) == nil)
        try await studies.setQueueState(.draining)
        #expect(try await studies.claimNext(at: Self.start, by: Self.order) != nil)
        #expect(try await studies.queueControl() == QueueControl(state: .draining, turn: 1))
    }

    @Test("A session may have so many waiting; others may still come")
    func bounds() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        for _ in 0..<2 { _ = try await fixture.queued(upload, perSession: 2) }
        let fault = await #expect(throws: Fault.self) { try await fixture.queued(upload, perSession: 2) }
        guard case .tooManyWaiting(2, nil) = fault else { throw fault ?? .notFound }
        let other = try await fixture.upload(in: try await others(1, in: fixture)[0])
        _ = try await fixture.queued(other, limit: 3, perSession: 2)
        let full = await #expect(throws: Fault.self) { try await fixture.queued(other, limit: 3, perSession: 2) }
        guard case .queueFull(nil) = full else { throw full ?? .notFound }
    }

    @Test(
        "Each query of the queue is answered by its index, without sorting",
        arguments: [
            (SQLiteStudyStore.nextWaiting, "analyses_waiting (priority=?)"),
            (SQLiteStudyStore.longestWaiting, "analyses_by_wait"),
            (SQLiteStudyStore.presentRound, "INDEX analyses_waiting (priority=?)"),
            (SQLiteStudyStore.lastRound, "INDEX analyses_waiting_by_session (session_id=? AND priority=?)"),
            (SQLiteStudyStore.waitingOfSession, "INDEX analyses_waiting_by_session (session_id=?)"),
            (SQLiteStudyStore.waitingOfAll, "INDEX analyses_by_wait"),
            (SQLiteStudyStore.allWaiting, "analyses_waiting"), (SQLiteStudyStore.allRunning, "analyses_running"),
            (SQLiteStudyStore.lowerWaiting, "analyses_waiting_by_session (session_id=? AND priority<?)"),
            (SQLiteStudyStore.dead, "analyses_dead"),
            (SQLiteStudyStore.anybodyNext, "INDEX analyses_by_wait"),
            (SQLiteStudyStore.lostWorkers, "analyses_by_upload (upload_id=?)"),
            (SQLiteStudyStore.blindOfSession, "analyses_by_session (session_id=?)"),
        ])
    func plans(sql: String, index: String) async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let plan = try await fixture.plan(ofQuery: sql)
        #expect(plan.contains(index), "\(plan)")
        let sorts = sql == SQLiteStudyStore.lowerWaiting
        #expect(sorts || !plan.contains("TEMP B-TREE"), "\(plan)")
    }
}
