import Domain
import Foundation
import GRDB
import Synchronization
import Testing
import Workflows

@testable import SQLiteStore

@Suite("Findings that are held back")
struct ReadingTests {
    /// A clock that the test turns.
    final class Clock: Sendable {
        private let time = Mutex(Fixture.start)
        var now: Date { time.withLock { $0 } }
        func turn(by seconds: TimeInterval) { time.withLock { $0 += seconds } }
    }

    let fixture: Fixture
    let clock = Clock()
    var studies: SQLiteStudyStore { SQLiteStudyStore(fixture.database, now: { [clock] in clock.now }) }
    var session: SessionID { fixture.session.id }
    var watch: WatchAcuity {
        WatchAcuity(sessions: fixture.sessions, studies: studies, encoder: nil, now: { [clock] in clock.now })
    }

    init() async throws {
        fixture = try await Fixture()
    }

    /// A result whose one mark asks for a doctor today.
    static func result() throws -> AnalysisResult {
        let text = """
            {"model": {"id": "m", "version": "1", "title": "", "intendedUse": "", "sha256": "", "preprocessingSha256": ""},
             "engineVersion": "1", "quality": {"width": 1, "height": 1, "notes": []},
             "scope": {"statement": "", "notes": []}, "withheld": [], "notChecked": [], "milliseconds": {},
             "findings": [{"id": "effusion", "name": "Effusion", "plain": "", "means": "", "probability": 0.9,
                "threshold": 0.5, "thresholdRule": "", "flagged": true, "measured": {"dataset": "", "images": 1}}]}
            """
        return try JSONDecoder().decode(AnalysisResult.self, from: Data(text.utf8))
    }

    func enqueue(_ upload: Upload, blind: Bool) async throws -> Analysis {
        let analysis = Analysis(
            id: .make(at: clock.now), sessionID: session, uploadID: upload.id, createdAt: clock.now,
            updatedAt: clock.now, blindFirst: blind ? BlindFirst(longest: 1800, at: clock.now) : nil)
        try await studies.enqueue(analysis, as: .routine, limits: QueueLimits(all: 10, perSession: 10))
        return analysis
    }

    /// - Returns: an analysis that has ended.
    func finished(
        _ upload: Upload, blind: Bool = true, _ outcome: Analysis.Outcome? = nil
    ) async throws -> Analysis {
        let analysis = try await enqueue(upload, blind: blind)
        _ = try await studies.claimNext(at: clock.now, by: QueueOrder())
        let outcome = try outcome ?? .completed(Self.result())
        return try #require(
            try await studies.finish(
                analysis.id, attempt: 1, outcome: outcome, isDead: false, lostWorker: false, revision: 2, at: clock.now)
        )
    }

    /// What stopped it: the name of the case, or the first field that isn't right.
    static func fault(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch Fault.readingAwaited {
            return "readingAwaited"
        } catch Fault.readingRecorded {
            return "readingRecorded"
        } catch Fault.validation(let fault) {
            return fault.faults.first?.pointer
        } catch {
            return "\(error)"
        }
    }

    @Test("They are shown when the time is over, to the second, whether or not anybody noted it")
    func time() async throws {
        defer { fixture.remove() }
        let analysis = try await finished(try await fixture.upload())
        #expect(analysis.result == nil && analysis.keptResult != nil)
        clock.turn(by: 1799)
        #expect(try await studies.analysis(analysis.id, in: session)?.result == nil)
        #expect(try await studies.noteOverdue(at: clock.now).isEmpty)
        clock.turn(by: 1)
        #expect(try await studies.analysis(analysis.id, in: session)?.result != nil)
        #expect(try await studies.analyses(in: session).first?.blindFirst?.ending == .timedOut)
        let shown = try await studies.noteOverdue(at: clock.now)
        #expect(shown.map(\.analysis) == [analysis.id] && shown.map(\.session) == [session])
        #expect(try await studies.noteOverdue(at: clock.now).isEmpty)
        #expect(try await studies.analysis(analysis.id, in: session)?.blindFirst?.ending == .timedOut)
        let late = try await studies.recordReading("t", by: "n", of: analysis.id, in: session, at: clock.now).reading
        #expect(!late.isBlind)
    }

    @Test("What they ask for isn't told before they are shown, and is lost by nothing")
    func urgency() async throws {
        defer { fixture.remove() }
        let analysis = try await finished(try await fixture.upload())
        #expect(try await watch.current(of: session).level == .routine)
        #expect(try await fixture.sessions.notes(of: session).acuity == Acuity())
        #expect(try await fixture.sessions.notes(of: session).held.keys.contains(analysis.id))
        _ = try await studies.recordReading("t", by: "n", of: analysis.id, in: session, at: clock.now)
        #expect(try await watch.current(of: session).level == .urgent)
        #expect(try await fixture.sessions.notes(of: session).held.isEmpty)
    }

    @Test("A level that was lowered meanwhile doesn't cover what could not be seen")
    func lowering() async throws {
        defer { fixture.remove() }
        let analysis = try await finished(try await fixture.upload())
        _ = try await watch.hear("I have crushing chest pain", in: session)
        #expect(try await watch.lower(to: .routine, by: "Lee", because: "seen", in: session).level == .routine)
        _ = try await studies.reveal(analysis.id, in: session, at: clock.now)
        #expect(try await watch.current(of: session).level == .urgent)
    }

    @Test("A picture that is removed unread leaves its urgency")
    func removal() async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        _ = try await finished(upload)
        _ = try await watch.current(of: session)
        let names = try #require(try await studies.deleteUpload(upload.id, in: session))
        #expect(names.contains(.picture(upload.id)))
        #expect(try await watch.current(of: session).reasons.map(\.field) == ["effusion"])
    }

    @Test("The first blind reading is final; a later one takes the place of another")
    func readings() async throws {
        defer { fixture.remove() }
        let blind = try await finished(try await fixture.upload())
        let first = try await studies.recordReading("one", by: "n", of: blind.id, in: session, at: clock.now)
        #expect(first.isFirst && first.reading.isBlind)
        let fault = await Self.fault {
            _ = try await studies.recordReading("two", by: "n", of: blind.id, in: session, at: clock.now)
        }
        #expect(fault == "readingRecorded")
        #expect(try await studies.reading(of: blind.id, in: session)?.text == "one")

        let open = try await finished(try await fixture.upload(), blind: false)
        for (text, isFirst) in [("one", true), ("two", false)] {
            let kept = try await studies.recordReading(text, by: "n", of: open.id, in: session, at: clock.now)
            #expect(kept.isFirst == isFirst && !kept.reading.isBlind)
        }
        #expect(try await studies.reading(of: open.id, in: session)?.text == "two")
        #expect(try await studies.reading(of: open.id, in: Fixture.makeSession().id) == nil)
    }

    @Test("A reading isn't blind where another analysis has shown the same picture's findings")
    func twoWays() async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let failed = try await finished(upload, .failed(.init(code: "c", message: "m", isRetryable: true)))
        // The same file, uploaded again.
        _ = try await finished(try await fixture.upload(), blind: false)
        let reading = try await studies.recordReading("t", by: "n", of: failed.id, in: session, at: clock.now).reading
        #expect(!reading.isBlind)
    }

    @Test("While one analysis of a picture holds its findings back, no other shows them")
    func onlyWay() async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        _ = try await enqueue(upload, blind: true)
        for blind in [true, false] {
            let fault = await Self.fault { _ = try await enqueue(upload, blind: blind) }
            #expect(fault == "readingAwaited")
        }
    }

    @Test("What runs in the open can't be read blind beside it, nor can what failed be tried again around a reading")
    func openFirst() async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let open = try await enqueue(upload, blind: false)
        let refused = await Self.fault { _ = try await enqueue(upload, blind: true) }
        #expect(refused == "/blindFirst")
        _ = try await studies.cancel(open.id, in: session, revision: 1, at: clock.now)
        _ = try await enqueue(upload, blind: true)
        let fault = await Self.fault {
            _ = try await studies.retry(
                open.id, in: session, as: .routine, revision: 1, limits: QueueLimits(all: 10, perSession: 10),
                at: clock.now)
        }
        #expect(fault == "readingAwaited")
    }

    @Test("The sweep that notes what is overdue reads an index")
    func plan() async throws {
        defer { fixture.remove() }
        let plan = try await fixture.database.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + SQLiteStudyStore.anyOverdue, arguments: [1])
                .map { $0["detail"] as String }.joined(separator: "\n")
        }
        #expect(plan.contains("analyses_held_back"), "\(plan)")
    }
}

@Suite("Withdrawn versions")
struct WithdrawalTests {
    @Test("The first withdrawal stays, and names the reports that used the version and no other")
    func withdrawing() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let analysis = try await fixture.queued(upload)
        _ = try await fixture.studies.claimNext(at: Fixture.start, by: QueueOrder())
        _ = try await fixture.studies.finish(
            analysis.id, attempt: 1, outcome: .completed(try ReadingTests.result()), isDead: false, lostWorker: false,
            revision: 2,
            at: Fixture.start)
        let report = Report(
            id: .make(at: Fixture.start), sessionID: fixture.session.id, analysisID: analysis.id,
            options: .init(audience: .patient), fileStem: "r", createdAt: Fixture.start, updatedAt: Fixture.start)
        try await SQLiteReportStore(fixture.database).insert(report, limit: 5)
        let withdraw = WithdrawModel(studies: fixture.studies, audit: NoAudit(), now: { Fixture.start })
        #expect(try await fixture.studies.withdrawal(of: "m", version: "1") == nil)
        let first = try await withdraw("m", version: "1", because: "wrong", by: "Ada")
        #expect(first.isNew)
        #expect(first.reports == [AffectedReport(id: report.id, createdAt: Fixture.start, audience: .patient)])
        let second = try await withdraw("m", version: "1", because: "other", by: "Bob")
        #expect(!second.isNew && second.withdrawal == first.withdrawal)
        let other = try await withdraw("m", version: "1.0", because: "wrong", by: "Ada")
        #expect(other.reports.isEmpty)
        #expect(try await withdraw.list().count == 2)
        #expect(try await fixture.studies.hasResults(of: "m", version: "1"))
        #expect(try await !fixture.studies.hasResults(of: "m", version: "2"))
        _ = try await fixture.sessions.erase(fixture.session.id)
        #expect(try await fixture.studies.withdrawal(of: "m", version: "1") == first.withdrawal)
    }

    struct NoAudit: Audit {
        func add(_ record: AuditRecord) {}
    }
}
