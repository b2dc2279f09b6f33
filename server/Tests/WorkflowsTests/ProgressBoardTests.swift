import Domain
import Foundation
import Testing

@testable import Workflows

@Suite("Live progress")
struct ProgressBoardTests {
    static func analysis(revision: Int = 1, attempt: Int = 1) -> Analysis {
        let now = Date(timeIntervalSince1970: 0)
        return Analysis(
            id: .make(at: now), sessionID: .make(at: now), uploadID: .make(at: now), createdAt: now, updatedAt: now,
            attempt: attempt, revision: revision)
    }

    static func ended(_ analysis: Analysis, _ revision: Int) -> Analysis {
        var ended = analysis
        ended.state = .refused
        ended.revision = revision
        return ended
    }

    @Test("A watcher sees the present state, every change, and the end")
    func watching() async {
        let board = ProgressBoard()
        let analysis = Self.analysis()
        board.enter(.queued, of: analysis)
        let changes = board.changes(of: analysis, after: nil)
        board.place(analysis.id, position: 2, etaSeconds: 3)
        board.enter(.decoding, of: analysis)
        board.note(.inferring, of: analysis)
        board.finish(Self.ended(analysis, board.nextRevision(of: analysis)))
        let seen = await changes.reduce(into: []) { $0.append($1) }
        #expect(seen.map(\.state) == [.queued, .queued, .decoding, .inferring, .refused])
        #expect(seen.map(\.position) == [nil, 2, nil, nil, nil])
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.revision < $1.revision })
        #expect(board.current(analysis.id) == nil)
    }

    @Test("A watcher who comes back gets what was missed, once, in order")
    func resuming() async {
        let board = ProgressBoard()
        let analysis = Self.analysis()
        for state in [Analysis.State.queued, .decoding, .checking] { board.enter(state, of: analysis) }
        let changes = board.changes(of: analysis, after: 1)
        board.finish(Self.ended(analysis, 9))
        let seen = await changes.reduce(into: []) { $0.append($1.state) }
        #expect(seen == [.decoding, .checking, .refused])
    }

    @Test("A watcher who was away too long, or before a restart, gets the present state")
    func tooLate() async {
        let board = ProgressBoard()
        let analysis = Self.analysis(revision: 1_000_005)
        board.enter(.decoding, of: analysis)
        board.enter(.checking, of: analysis)
        let changes = board.changes(of: analysis, after: 3)
        board.close()
        #expect(await changes.reduce(into: []) { $0.append($1.state) } == [.checking])
    }

    @Test("A step of an earlier attempt changes nothing")
    func lateStep() {
        let board = ProgressBoard()
        let analysis = Self.analysis()
        board.note(.inferring, of: analysis)
        #expect(board.current(analysis.id) == nil)
        var second = analysis
        second.attempt = 2
        board.enter(.decoding, of: second)
        board.note(.explaining, of: analysis)
        #expect(board.current(analysis.id)?.state == .decoding)
    }

    @Test("An analysis that only has watchers is forgotten when they leave")
    func forgetting() async {
        let board = ProgressBoard()
        let analysis = Self.analysis()
        let task = Task { for await _ in board.changes(of: analysis, after: nil) {} }
        while board.current(analysis.id) == nil { await Task.yield() }
        task.cancel()
        await task.value
        #expect(board.current(analysis.id) == nil)
    }

    /// A cancellation holds the lock of its task, and whoever tells a watcher wakes that task: neither may wait for the other.
    @Test("Watchers are called off while changes are told, and nothing stands still", .timeLimit(.minutes(1)))
    func callingOff() async {
        let board = ProgressBoard()
        let analysis = Self.analysis()
        board.enter(.queued, of: analysis)
        let telling = Task.detached {
            var place = 1
            while !Task.isCancelled {
                place += 1
                board.place(analysis.id, position: place, etaSeconds: nil)
            }
        }
        for _ in 0..<20_000 {
            let watching = Task.detached { for await _ in board.changes(of: analysis, after: nil) {} }
            await Task.yield()
            watching.cancel()
            await watching.value
        }
        telling.cancel()
        await telling.value
        #expect(board.counts == (1, 0))
    }
}
