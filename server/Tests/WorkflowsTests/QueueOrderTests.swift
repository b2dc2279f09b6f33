import Domain
import Foundation
import Testing

@testable import Workflows

@Suite("The queue's rules")
struct QueueRuleTests {
    @Test("Waits between tries double, are spread by chance, and end")
    func pauses() {
        let policy = RetryPolicy(tries: 8, lostWorkers: 2, first: 0.5, longest: 10)
        func pause(_ trouble: QueueTrouble, _ tries: Int, lost: Int = 1, chance: Double = 1) -> TimeInterval? {
            policy.pause(after: trouble, tries: tries, lostWorkers: lost, chance: chance)
        }
        #expect((0..<7).map { pause(.noWorker, $0) } == [0.5, 1, 2, 4, 8, 10, 10])
        #expect(pause(.noWorker, 7) == nil)
        #expect(pause(.noWorker, 2, chance: 0) == 1)
        #expect(pause(.lostWorker, 0) == 0.5)
        // Its second worker: perhaps the picture ends them.
        #expect(pause(.lostWorker, 1, lost: 2) == nil)
        // What had no worker before isn't held against the picture.
        #expect(pause(.lostWorker, 3) == 4)
        // Tried once more by a person.
        #expect(pause(.lostWorker, 0, lost: 3) == nil)
    }

    @Test("What a second try would not mend is not tried again")
    func troubles() {
        #expect(EngineFault.workerDied("").trouble == .lostWorker)
        #expect(EngineFault.timedOut.trouble == .lostWorker)
        #expect(EngineFault.unavailable("").trouble == .noWorker)
        #expect(EngineFault.failed("").trouble == nil)
        #expect(EngineFault.cancelled.trouble == nil)
        #expect(EngineFault.picture(PictureFault(.noPixels, "")).trouble == nil)
    }

    @Test("The estimate follows the last analyses, and forgets those before")
    func durations() {
        var durations = RecentDurations()
        #expect(durations.wait(position: 4, workers: 2) == 1)
        for _ in 0..<10 { durations.note(60) }
        #expect(durations.wait(position: 1, workers: 2) == 30 && durations.wait(position: 4, workers: 2) == 120)
        for _ in 0..<40 { durations.note(2) }
        #expect(durations.wait(position: 3, workers: 1) == 6)
        // Eight in work with two workers: each took a quarter of its time from one of them.
        for _ in 0..<40 { durations.note(40, working: 8, workers: 2) }
        #expect(durations.wait(position: 1, workers: 2) == 5 && durations.wait(position: 4, workers: 2) == 20)
        // Fewer than there are workers: each had its own.
        for _ in 0..<40 { durations.note(6, working: 2, workers: 4) }
        #expect(durations.wait(position: 4, workers: 4) == 6)
    }

    @Test("A place that is nearly the same is not told again; a pause is, and its end")
    func placing() async {
        let board = ProgressBoard()
        let analysis = ProgressBoardTests.analysis()
        board.enter(.queued, of: analysis)
        let changes = board.changes(of: analysis, after: nil)
        board.place(analysis.id, position: 3, etaSeconds: 40)
        board.place(analysis.id, position: 3, etaSeconds: 35)
        board.place(analysis.id, position: 3, etaSeconds: 20)
        board.place(analysis.id, position: 3, etaSeconds: nil, hold: .byModelCheck)
        board.place(analysis.id, position: 3, etaSeconds: 20)
        board.close()
        let seen = await changes.reduce(into: []) { $0.append($1) }
        #expect(seen.map(\.etaSeconds) == [nil, 40, 20, nil, 20])
        #expect(seen.map(\.hold) == [nil, nil, nil, .byModelCheck, nil])
        board.enter(.decoding, of: analysis)
        board.place(analysis.id, position: 1, etaSeconds: 1)
        #expect(board.current(analysis.id)?.position == nil)
    }

    @Test("What waited before a restart has its place shown again")
    func afterRestart() {
        let board = ProgressBoard()
        let analysis = ProgressBoardTests.analysis(revision: 1_000_001, attempt: 1)
        board.wait(
            WaitingAnalysis(
                id: analysis.id, session: analysis.sessionID, priority: .routine, round: 0,
                queuedAt: analysis.createdAt,
                attempt: 1, revision: 1_000_001))
        board.place(analysis.id, position: 2, etaSeconds: 5)
        #expect(board.current(analysis.id)?.position == 2)
        #expect(board.current(analysis.id)?.revision ?? 0 > 1_000_001)
    }

    @Test("A shrunken board keeps the present state of each, and those who watch")
    func shrinking() async {
        let board = ProgressBoard()
        let analysis = ProgressBoardTests.analysis()
        for state in [Analysis.State.queued, .decoding, .checking] { board.enter(state, of: analysis) }
        let watching = board.changes(of: analysis, after: 3)
        board.shrink()
        let late = board.changes(of: analysis, after: 1)
        board.enter(.inferring, of: analysis)
        board.close()
        #expect(await watching.reduce(into: []) { $0.append($1.state) } == [.inferring])
        #expect(await late.reduce(into: []) { $0.append($1.state) } == [.checking, .inferring])
        #expect(board.counts == (entries: 1, watchers: 0))
    }
}
