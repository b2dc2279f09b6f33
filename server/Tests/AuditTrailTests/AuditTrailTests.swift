import AuditTrail
import Custody
import Domain
import Foundation
import GRDB
import Logging
import Synchronization
import Testing
import Workflows

@Suite("The audit trail")
struct AuditTrailTests {
    /// A folder with a trail and a key, which goes with the test.
    final class Place {
        let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID())")
        static let start = Date(timeIntervalSince1970: 1_800_000_000)
        private var start: Date { Self.start }
        let trail: AuditDatabase
        let key: SigningKey

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            key = try SigningKey.load(folder.appending(path: "signing.key").path)
            trail = try AuditDatabase(path: folder.appending(path: "audit.sqlite").path, signer: key)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        var keys: [ReportKey] { [ReportKey(of: key)] }

        func finding(_ copies: [AuditHead] = []) throws -> AuditCheck.Finding? {
            try trail.check(copies: copies, keys: keys).finding
        }

        func release(before time: Date, copies: [AuditHead] = []) async throws -> Int {
            try await trail.release(before: time, signer: key, copies: copies, at: start)
        }

        func whileWriting(_ body: () throws -> Void) throws {
            try DatabaseQueue(path: folder.appending(path: "audit.sqlite").path).write { database in
                try database.execute(sql: "UPDATE origin SET number = number")
                try body()
            }
        }

        /// As somebody does who can write the file.
        func forge(_ sql: String, _ arguments: StatementArguments = []) throws {
            let queue = try DatabaseQueue(path: folder.appending(path: "audit.sqlite").path)
            try queue.write { database in
                try database.execute(sql: "DROP TRIGGER IF EXISTS lines_stay")
                try database.execute(sql: sql, arguments: arguments)
            }
        }
    }

    static var start: Date { Place.start }
    private var start: Date { Place.start }

    static func records(_ count: Int, session: SessionID? = nil) -> [AuditRecord] {
        (0..<count).map { index in
            AuditRecord(
                at: start + Double(index), actor: AuditActor(.person, session: session, request: "r\(index)"),
                event: index.isMultiple(of: 2) ? .historyChanged : .analysisAsked, subject: "analysis:\(index)")
        }
    }

    @Test("What was written is whole, also after it was opened again and gone on with")
    func whole() async throws {
        let place = try Place()
        #expect(try place.finding() == nil)
        try await place.trail.append(Self.records(5))
        let again = try AuditDatabase(path: place.folder.appending(path: "audit.sqlite").path)
        try await again.append(Self.records(5))
        _ = try await again.sign(with: place.key, at: Self.start)
        let check = try place.trail.check(keys: place.keys)
        #expect(check.finding == nil && check.lines == 10)
    }

    @Test(
        "A changed field of a line names the line",
        arguments: [
            "event = 'session-erased'", "at = at + 1", "subject = 'analysis:9'", "outcome = 'failed'", "request = ''",
            "actor = 'operator'", "session = 'x'", "bytes = 1", "hash = zeroblob(32)",
        ])
    func changed(assignment: String) async throws {
        let place = try Place()
        try await place.trail.append(Self.records(6))
        try place.forge("UPDATE lines SET \(assignment) WHERE number = 4")
        #expect(try place.finding() == .changed(number: 4))
    }

    @Test("A line that is gone, lines that are gone, and swapped lines are named")
    func cuts() async throws {
        for (sql, finding) in [
            ("DELETE FROM lines WHERE number = 3", AuditCheck.Finding.missing(from: 3, to: 3)),
            ("DELETE FROM lines WHERE number < 3", .missing(from: 1, to: 2)),
            (
                "UPDATE lines SET number = -2 WHERE number = 2; UPDATE lines SET number = 2 WHERE number = 5; "
                    + "UPDATE lines SET number = 5 WHERE number = -2",
                .changed(number: 2)
            ),
        ] {
            let place = try Place()
            try await place.trail.append(Self.records(6))
            try place.forge(sql)
            #expect(try place.finding() == finding, "\(sql)")
        }
    }

    @Test("Lines cut off the end are missed by a head, in the file or in a copy")
    func tail() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(6))
        let head = try #require(try await place.trail.sign(with: place.key, at: Self.start))
        try place.forge("DELETE FROM lines WHERE number > 4")
        #expect(try place.finding() == .cut(after: 4, signed: 6))
        try place.forge("DELETE FROM heads")
        #expect(try place.finding() == nil)
        #expect(try place.finding([head]) == .cut(after: 4, signed: 6))
    }

    @Test("A trail that somebody wrote anew, with all hashes, is found by a signed head")
    func rewritten() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(4))
        let head = try #require(try await place.trail.sign(with: place.key, at: Self.start))
        let other = try Place()
        try await other.trail.append(
            Self.records(3) + [AuditRecord(at: Self.start, actor: .current, event: .sessionErased)])
        #expect(try other.trail.check(copies: [head], keys: place.keys).finding == .rewritten(upTo: 4))
    }

    @Test("A head that nobody trusted signed is no head")
    func foreignHead() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(2))
        let stranger = try Place()
        _ = try await place.trail.sign(with: stranger.key, at: Self.start)
        #expect(try place.finding() == .badHead(number: 2))
        let mine = try Place()
        try await mine.trail.append(Self.records(2))
        _ = try await mine.trail.sign(with: mine.key, at: Self.start)
        try mine.forge("UPDATE heads SET at = at + 1")
        #expect(try mine.finding() == .badHead(number: 2))
    }

    @Test("The database itself doesn't let lines be changed")
    func stays() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(2))
        let queue = try DatabaseQueue(path: place.folder.appending(path: "audit.sqlite").path)
        await #expect(throws: DatabaseError.self) {
            try await queue.write { try $0.execute(sql: "UPDATE lines SET event = 'x' WHERE number = 1") }
        }
    }

    @Test("Old lines go, and what stays is still whole and still held against older heads")
    func retention() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(10))
        let head = try #require(try await place.trail.sign(with: place.key, at: Self.start))
        #expect(try await place.release(before: Self.start + 4) == 4)
        #expect(try await place.release(before: Self.start + 4) == 0)
        let check = try place.trail.check(copies: [head], keys: place.keys)
        #expect(check.finding == nil && check.lines == 6)
        #expect(try await place.release(before: Self.start + 100) == 6)
        try await place.trail.append(Self.records(1))
        #expect(try place.trail.check(keys: place.keys).lines == 1)
        #expect(try place.finding() == nil)
    }

    @Test("Lines cut off the front, or all of them, are missed also where the beginning was moved to fit")
    func front() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(10))
        let head = try #require(try await place.trail.sign(with: place.key, at: start))
        let moved = "UPDATE origin SET number = 6, hash = (SELECT hash FROM lines WHERE number = 5)"
        try place.forge(moved + "; DELETE FROM lines WHERE number < 6")
        #expect(try place.finding() == .beheaded(upTo: 5))
        #expect(try place.finding([head]) == .beheaded(upTo: 5))
        try place.forge("UPDATE origin SET number = 11, hash = zeroblob(32); DELETE FROM lines; DELETE FROM heads")
        #expect(try place.finding() == .beheaded(upTo: 10))
        #expect(try place.finding([head]) == .beheaded(upTo: 10))
        // With nothing at all in it, and as if it were new, only a copy tells.
        try place.forge("UPDATE origin SET number = 1, hash = zeroblob(32)")
        #expect(try place.finding() == nil)
        #expect(try place.finding([head]) == .cut(after: 0, signed: 10))
    }

    @Test("A signature for lines that were let go isn't one for others")
    func movedRelease() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(10))
        #expect(try await place.release(before: start + 4) == 4)
        #expect(try place.finding() == nil)
        try place.forge(
            """
            UPDATE origin SET number = 8, hash = (SELECT hash FROM lines WHERE number = 7);
            DELETE FROM lines WHERE number < 8
            """)
        #expect(try place.finding() == .beheaded(upTo: 7))
        let stranger = try Place()
        let other = try Place()
        try await other.trail.append(Self.records(10))
        _ = try await other.trail.release(before: start + 4, signer: stranger.key, at: start)
        #expect(try other.finding() == .beheaded(upTo: 4))
        #expect(try other.trail.check(keys: other.keys + stranger.keys).finding == nil)
    }

    @Test("A copied head of the last line that was let go is held against what was signed for it")
    func headOfRelease() async throws {
        let (place, other) = (try Place(), try Place())
        try await place.trail.append(Self.records(4))
        let head = try #require(try await place.trail.sign(with: place.key, at: start))
        try await other.trail.append(Self.records(3) + [AuditRecord(at: start, actor: .current, event: .sessionErased)])
        _ = try await other.trail.release(before: start + 100, signer: place.key, at: start)
        #expect(try other.trail.check(copies: [head], keys: place.keys).finding == .rewritten(upTo: 4))
    }

    @Test("A line that was made to look old isn't let go, and neither is one of a trail that was written anew")
    func aged() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(6))
        try place.forge("UPDATE lines SET at = 1 WHERE number < 4")
        await #expect(throws: (any Error).self) { _ = try await place.release(before: start - 100) }
        #expect(try place.finding() == .changed(number: 1))
        let (mine, other) = (try Place(), try Place())
        try await mine.trail.append(Self.records(4))
        let head = try #require(try await mine.trail.sign(with: mine.key, at: start))
        try await other.trail.append(Self.records(3) + [AuditRecord(at: start, actor: .current, event: .sessionErased)])
        await #expect(throws: (any Error).self) {
            _ = try await other.trail.release(before: start + 100, signer: mine.key, copies: [head], at: start)
        }
        #expect(try other.finding() == nil)
    }

    @Test("A beginning from before there were signatures is taken over once, and told as what it is")
    func adopted() async throws {
        let place = try Place()
        let old = place.folder.appending(path: "old.sqlite").path
        let unsigned = try AuditDatabase(path: old)
        try await unsigned.append(Self.records(6))
        func forge(_ sql: String) throws { try DatabaseQueue(path: old).write { try $0.execute(sql: sql) } }
        func cut(upTo number: Int) throws {
            try forge(
                """
                UPDATE origin SET number = \(number + 1), hash = (SELECT hash FROM lines WHERE number = \(number));
                DELETE FROM lines WHERE number <= \(number)
                """)
        }
        try cut(upTo: 3)
        // Whoever only looks signs nothing.
        #expect(try unsigned.check(keys: place.keys).finding == .beheaded(upTo: 3))
        let check = try AuditDatabase(path: old, signer: place.key).check(keys: place.keys)
        #expect(check.finding == nil && check.release?.kind == .adopted && check.release?.number == 3)
        // Once only: not what is cut off later.
        try cut(upTo: 4)
        #expect(try AuditDatabase(path: old, signer: place.key).check(keys: place.keys).finding == .beheaded(upTo: 4))
    }

    @Test("The walk through all lines holds nobody up who writes")
    func checkedBeside() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(3))
        // In the middle of somebody's writing, there is still what was there before.
        try place.whileWriting { try #expect(place.finding() == nil) }
    }

    @Test("A session sees its own lines, the newest first, a page at a time, and its id is nowhere")
    func ownLines() async throws {
        let place = try Place()
        let (mine, other) = (SessionID.make(at: Self.start), SessionID.make(at: Self.start))
        try await place.trail.append(Self.records(3, session: mine) + Self.records(2, session: other) + Self.records(2))
        #expect(try await place.trail.lines(of: mine, limit: 10).map(\.number) == [3, 2, 1])
        #expect(try await place.trail.lines(of: mine, limit: 2).map(\.number) == [3, 2])
        #expect(try await place.trail.lines(of: mine, limit: 2, before: 2).map(\.number) == [1])
        let bytes =
            try Data(contentsOf: place.folder.appending(path: "audit.sqlite"))
            + Data(contentsOf: place.folder.appending(path: "audit.sqlite-wal"))
        #expect(bytes.range(of: Data("\(mine)".utf8)) == nil)
    }

    @Test("What is recorded from many sides at once is all written, in one chain")
    func writer() async throws {
        let place = try Place()
        let writer = AuditWriter(
            database: place.trail, signer: place.key, headsFile: place.folder.appending(path: "heads.jsonl"),
            logger: .init(label: "test"), now: { Self.start })
        async let running: Void = writer.run()
        await withTaskGroup { group in
            for _ in 0..<8 {
                // Each from a session of its own, since of one only so many are written a minute.
                let records = Self.records(50, session: .make(at: start))
                group.addTask { for record in records { writer.add(record) } }
            }
        }
        await writer.sign(keeping: .seconds(1_000_000))
        writer.finish()
        await running
        let check = try place.trail.check(keys: place.keys)
        #expect(check.finding == nil && check.lines == 400)
        let text = try String(contentsOf: place.folder.appending(path: "heads.jsonl"), encoding: .utf8)
        let heads = try text.split(separator: "\n").map {
            try JSONDecoder().decode(AuditHead.self, from: Data($0.utf8))
        }
        #expect(heads.last?.number == 400 && heads.allSatisfy { $0.isGenuine(place.keys) })
        #expect(try place.trail.heads() == heads)
    }

    @Test("A row with something in it that nobody writes is named like any other that was changed")
    func unreadable() async throws {
        for assignment in ["actor = 'nobody'", "outcome = ''"] {
            let sql = "UPDATE lines SET \(assignment) WHERE number = 3"
            let place = try Place()
            try await place.trail.append(Self.records(6))
            try place.forge(sql)
            let check = try place.trail.check(keys: place.keys)
            #expect(check.finding == .changed(number: 3) && check.lines == 2, "\(sql)")
        }
    }

    @Test("The first bad line is named also where a head isn't genuine")
    func lineBeforeHead() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(6))
        _ = try await place.trail.sign(with: place.key, at: Self.start)
        try place.forge("UPDATE heads SET at = at + 1")
        try place.forge("DELETE FROM lines WHERE number = 2")
        #expect(try place.finding() == .missing(from: 2, to: 2))
    }

    @Test("Lines whose contents changed places are named by the first")
    func swappedContents() async throws {
        let place = try Place()
        try await place.trail.append(Self.records(6))
        try place.forge(
            """
            UPDATE lines SET at = (SELECT at FROM lines AS other WHERE other.number = 9 - lines.number)
            WHERE number IN (4, 5)
            """
        )
        #expect(try place.finding() == .changed(number: 4))
    }

    @Test(
        "Who did it stands in the line, and can't be changed or left out",
        arguments: ["name = 'Kim'", "role = ''", "name = '', role = ''"])
    func names(assignment: String) async throws {
        let place = try Place()
        let actor = AuditActor(.operator, name: "Dr. Lee", role: .clinician)
        try await place.trail.append(
            Self.records(2) + [AuditRecord(at: Self.start, actor: actor, event: .recordOpened)] + Self.records(2))
        let line = try #require(try await place.trail.lines(.init(event: .recordOpened, limit: 5)).first)
        #expect(line.number == 3 && line.name == "Dr. Lee" && line.role == "clinician")
        #expect(try place.finding() == nil)
        try place.forge("UPDATE lines SET \(assignment) WHERE number = 3")
        #expect(try place.finding() == .changed(number: 3))
    }

    @Test("A trail from before there were names stays whole")
    func older() async throws {
        // SHA-256 of 32 zeros and "1:11:26:person1:s15:history-changed0:4:done1:r1:-", made by another program.
        let place = try Place()
        let hash = Self.oldHash
        try place.forge(
            """
            INSERT INTO lines (number, at, actor, session, event, subject, outcome, request, hash)
            VALUES (1, 2, 'person', 's', 'history-changed', '', 'done', 'r', ?)
            """,
            [Data(stride(from: 0, to: hash.count, by: 2).map { UInt8(hash.dropFirst($0).prefix(2), radix: 16)! })])
        let check = try place.trail.check(keys: place.keys)
        #expect(check.finding == nil && check.lines == 1)
    }

    static let oldHash = "bc7877dd533fe3bda9837684d39d999bc055dd2b99df11ceab50e2154ff283d7"

    @Test("It is searched by session, action and time, page by page")
    func search() async throws {
        let place = try Place()
        let mine = SessionID.make(at: Self.start)
        try await place.trail.append(Self.records(6, session: mine) + Self.records(4))
        func numbers(_ search: AuditDatabase.Search) async throws -> [Int] {
            try await place.trail.lines(search).map(\.number)
        }
        #expect(try await numbers(.init(limit: 3)) == [10, 9, 8])
        #expect(try await numbers(.init(after: 8, limit: 3)) == [7, 6, 5])
        #expect(try await numbers(.init(session: mine.pseudonym, event: .analysisAsked, limit: 9)) == [6, 4, 2])
        #expect(try await numbers(.init(from: Self.start + 3, to: Self.start + 5, limit: 9)) == [10, 5, 4])
        #expect(try await numbers(.init(session: "", limit: 9)) == [])
    }

    @Test("Whoever tries many times gets some lines a minute, and one that counts the others")
    func bounded() async throws {
        let place = try Place()
        let clock = Mutex(Self.start)
        let writer = AuditWriter(
            database: place.trail, signer: place.key, headsFile: nil, logger: .init(label: "test"),
            now: { clock.withLock { $0 } })
        let (one, other) = (SessionID.make(at: Self.start), SessionID.make(at: Self.start))
        func attempt(_ session: SessionID, after seconds: Double) {
            clock.withLock { $0 = Self.start + seconds }
            writer.add(
                AuditRecord(
                    at: Self.start + seconds, actor: AuditActor(.person, session: session), event: .accessDenied,
                    subject: "upload:1", outcome: .refused))
        }
        for index in 0..<500 { attempt(one, after: Double(index) / 100) }
        attempt(other, after: 5)
        await writer.flush()
        #expect(try await place.trail.lines(of: one, limit: 1000).count == 10)
        #expect(try await place.trail.lines(of: other, limit: 1000).count == 1)
        // The minute is over, and nobody tries any more.
        clock.withLock { $0 = Self.start + 61 }
        await writer.flush()
        let lines = try await place.trail.lines(of: one, limit: 1000)
        #expect(lines.count == 11 && lines.first?.subject == "more:490" && lines.first?.outcome == .refused)
        attempt(one, after: 62)
        await writer.flush()
        #expect(try await place.trail.lines(of: one, limit: 1000).first?.subject == "upload:1")
        #expect(try await place.trail.lines(of: other, limit: 1000).count == 1)
        // What is still counted when the process ends is told too.
        for _ in 0..<20 { attempt(one, after: 63) }
        writer.finish()
        await writer.run()
        #expect(try await place.trail.lines(of: one, limit: 1000).first?.subject == "more:11")
    }

    @Test("What was done doesn't hide behind what was refused, and each is counted for itself")
    func outcomes() async throws {
        let place = try Place()
        let clock = Mutex(start)
        let writer = AuditWriter(
            database: place.trail, signer: place.key, headsFile: nil, logger: .init(label: "test"),
            now: { clock.withLock { $0 } })
        let session = SessionID.make(at: start)
        func read(_ outcome: AuditOutcome) {
            let actor = AuditActor(.operator, session: session, name: "Dr. Lee", role: .clinician)
            writer.add(AuditRecord(at: start, actor: actor, event: .recordRead, outcome: outcome))
        }
        for _ in 0..<100 { read(.done) }
        for _ in 0..<25 { read(.refused) }
        clock.withLock { $0 += 61 }
        await writer.flush()
        let lines = try await place.trail.lines(of: session, limit: 1000)
        #expect(lines.count { $0.outcome == .done } == 61 && lines.count { $0.outcome == .refused } == 11)
        let counts = lines.filter { $0.subject.hasPrefix("more:") }.map { "\($0.subject) \($0.outcome)" }
        #expect(Set(counts) == ["more:40 done", "more:15 refused"])
    }

    @Test("Nobody fills the trail with changes or with what is refused; that a session ended is always there")
    func filled() async throws {
        let place = try Place()
        let writer = AuditWriter(
            database: place.trail, signer: place.key, headsFile: nil, logger: .init(label: "test"), now: { Place.start }
        )
        let session = SessionID.make(at: start)
        func add(_ event: AuditEvent, _ outcome: AuditOutcome, _ session: SessionID?) {
            let actor = AuditActor(.person, session: session)
            writer.add(AuditRecord(at: start, actor: actor, event: event, outcome: outcome))
        }
        for _ in 0..<200 {
            add(.historyChanged, .done, session)
            add(.historyChanged, .refused, session)
            add(.sessionExtended, .done, session)
            // Without a session: of all strangers together.
            add(.historyChanged, .refused, nil)
            add(.sessionErased, .refused, nil)
            add(.sessionErased, .done, SessionID.make(at: start))
        }
        await writer.flush()
        let lines = try await place.trail.lines(.init(limit: 10_000))
        let kinds = lines.map { "\($0.event) \($0.outcome)" + ($0.session.isEmpty ? " nobody" : "") }
        let counts = Dictionary(grouping: kinds) { $0 }.mapValues(\.count)
        #expect(
            counts == [
                "history-changed done": 30, "history-changed refused": 10, "session-extended done": 10,
                "history-changed refused nobody": 10, "session-erased refused nobody": 10, "session-erased done": 200,
            ])
    }

    @Test(
        "What is kept is on the disk when it is said to be, after what waited; where it can't be written that is said")
    func kept() async throws {
        let place = try Place()
        let writer = AuditWriter(
            database: place.trail, signer: place.key, headsFile: nil, logger: .init(label: "test"), now: { Place.start }
        )
        let records = Self.records(3)
        writer.add(records[0])
        try await writer.keep(records[1])
        #expect(try await place.trail.lines(.init(limit: 9)).map(\.request) == ["r1", "r0"])
        try place.forge("CREATE TRIGGER full BEFORE INSERT ON lines BEGIN SELECT RAISE(ABORT, 'full'); END")
        writer.add(records[0])
        await #expect(throws: (any Error).self) { try await writer.keep(records[2]) }
        try place.forge("DROP TRIGGER full")
        await writer.flush()
        // What was refused isn't written later: it wasn't done.
        #expect(try await place.trail.lines(.init(limit: 9)).map(\.request) == ["r0", "r1", "r0"])
    }
}
