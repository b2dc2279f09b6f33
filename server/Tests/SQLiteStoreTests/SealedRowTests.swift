import Domain
import Foundation
import GRDB
import Synchronization
import Testing
import Workflows

@testable import SQLiteStore

/// A session whose every field holds a word that stands nowhere else.
struct FilledRecord {
    static let word = "zebra"

    let upload: Upload
    let analysis: Analysis
    let conversation: Conversation
    let message: ChatMessage
    let report: Report
    let reception: Reception

    init(in fixture: Fixture) async throws {
        let session = fixture.session.id
        let sessions = fixture.sessions
        let studies = fixture.studies
        _ = try await sessions.updateIntake(of: session, revision: nil, at: Fixture.start) {
            _ throws(ValidationFault) in ["reason": .text("zebra-answer")]
        }
        let held = AnalysisID.make(at: Fixture.start)
        _ = try await sessions.updateNotes(of: session) { notes throws(ValidationFault) in
            notes.acuity.raise(by: [Self.reason("zebra-reason")], at: Fixture.start)
            notes.withheld = ["zebra-withheld"]
            notes.drafts = ["zebra-draft"]
            notes.hold([held: [Self.reason("zebra-held")]])
        }
        let inspection = PictureInspection(
            format: .png, width: 10, height: 10, bitsPerSample: 8, channels: 1, frames: 1)
        upload = Upload(
            id: .make(at: Fixture.start), sessionID: session, fileName: "zebra-file.png", bytes: 1, sha256: "zebra-sha",
            inspection: inspection, createdAt: Fixture.start)
        try await studies.insert(upload, limit: 9, ending: nil)
        analysis = Analysis(
            id: .make(at: Fixture.start), sessionID: session, uploadID: upload.id, createdAt: Fixture.start,
            updatedAt: Fixture.start, confirmedDifferences: [.name])
        try await studies.enqueue(analysis, as: .routine, limits: QueueLimits(all: 9, perSession: 9))
        _ = try await studies.claimNext(at: Fixture.start, by: QueueOrder())
        _ = try await studies.finish(
            analysis.id, attempt: 1,
            outcome: .failed(.init(code: "c", message: "zebra-outcome", isRetryable: true)), isDead: false,
            lostWorker: false, revision: 2,
            at: Fixture.start)
        _ = try await studies.recordReading(
            "zebra-reading", by: "zebra-clinician", of: analysis.id, in: session, at: Fixture.start)
        var reception = Reception(
            id: .make(at: Fixture.start), sessionID: session, fileName: "zebra-part.dcm", length: 10,
            createdAt: Fixture.start, expiresAt: Fixture.start + 60)
        try await SQLiteReceptionStore(fixture.database).insert(reception, limit: 9)
        reception.outcome = .init(
            uploads: [], refused: [RefusedFile(fileName: "zebra-refused", code: "c", detail: "d")])
        try await SQLiteReceptionStore(fixture.database).update(reception)
        self.reception = reception
        let conversations = SQLiteConversationStore(fixture.database)
        conversation = Conversation(
            id: .make(at: Fixture.start), sessionID: session, title: "zebra-title", createdAt: Fixture.start,
            updatedAt: Fixture.start)
        let answers = SQLiteIdempotencyStore(fixture.database)
        _ = try await answers.begin("zebra-open", fingerprint: "zebra-print", in: session, at: Fixture.start)
        let begun = conversation
        try await Making.$current.withValue(Making("zebra-open", in: session)) {
            try await conversations.insert(begun, limit: 9)
        }
        message = ChatMessage(
            id: .make(at: Fixture.start), conversationID: conversation.id, number: 1, createdAt: Fixture.start,
            content: .question("zebra-question"))
        try await conversations.append([message], replacingFrom: nil, title: "", in: session)
        report = Report(
            id: .make(at: Fixture.start), sessionID: session, analysisID: analysis.id,
            options: .init(audience: .patient), fileStem: "zebra-stem", createdAt: Fixture.start,
            updatedAt: Fixture.start)
        try await SQLiteReportStore(fixture.database).insert(report, limit: 9)
        _ = try await answers.begin("zebra-key", fingerprint: "zebra-print", in: session, at: Fixture.start)
        try await answers.finish(
            "zebra-key", with: StoredAnswer(status: 201, headers: [:], body: "zebra-body"), in: session)
    }

    private static func reason(_ text: String) -> AcuityReason {
        AcuityReason(
            rule: "r", level: .soon, text: text, origin: .message, field: nil,
            source: GuidanceSource("Guidance", "https://example.org"))
    }

    /// Whether everything reads as it was written.
    func isReadable(in fixture: Fixture) async throws {
        let session = fixture.session.id
        #expect(try await fixture.sessions.intake(of: session)?.answers == ["reason": .text("zebra-answer")])
        let notes = try await fixture.sessions.notes(of: session)
        #expect(notes.withheld == ["zebra-withheld"] && notes.drafts == ["zebra-draft"] && notes.held.count == 1)
        #expect(notes.acuity.reasons.map(\.text) == ["zebra-reason"])
        #expect(try await fixture.studies.upload(upload.id, in: session)?.fileName == "zebra-file.png")
        #expect(try await fixture.studies.upload(upload.id, in: session)?.sha256 == "zebra-sha")
        let kept = try #require(try await fixture.studies.analysis(analysis.id, in: session))
        #expect(kept.confirmedDifferences == [.name] && kept.state == .failed)
        #expect(try await fixture.studies.reading(of: analysis.id, in: session)?.text == "zebra-reading")
        #expect(
            try await SQLiteReceptionStore(fixture.database).reception(reception.id, in: session) == reception)
        let conversations = SQLiteConversationStore(fixture.database)
        #expect(try await conversations.conversation(conversation.id, in: session)?.title == "zebra-title")
        #expect(try await conversations.messages(of: conversation.id, in: session) == [message])
        #expect(try await SQLiteReportStore(fixture.database).report(report.id, in: session)?.fileStem == "zebra-stem")
        let answers = SQLiteIdempotencyStore(fixture.database)
        let answer = try await answers.begin(
            "zebra-key", fingerprint: "zebra-print", in: session, at: Fixture.start)
        #expect(answer.answer?.body == "zebra-body")
        let open = try await answers.begin("zebra-open", fingerprint: "zebra-print", in: session, at: Fixture.start)
        #expect(open == .made(Made(id: conversation.id.description)))
    }
}

extension Fixture {
    /// What stands in the database, its log and its index, as text where it is any.
    func everyByte() throws -> Data {
        try ["", "-wal", "-shm"].map { folder.appending(path: "test.sqlite\($0)") }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
            .reduce(into: Data()) { $0 += try Data(contentsOf: $1) }
    }

    func value(_ sql: String) async throws -> Data? {
        try await database.read { try Data.fetchOne($0, sql: sql) }
    }
}

@Suite("Sealed rows")
struct SealedRowTests {
    @Test("Nothing that was typed stands in the files, before or after it is erased")
    func plainText() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let record = try await FilledRecord(in: fixture)
        try await record.isReadable(in: fixture)
        let word = Data(FilledRecord.word.utf8)
        #expect(try fixture.everyByte().range(of: word) == nil)
        try await fixture.database.requireEmptyLog()
        #expect(try fixture.everyByte().range(of: word) == nil)
        // The search finds what is there: a sealed value and the key it needs.
        let sealed = try #require(try await fixture.value("SELECT title FROM conversations"))
        let marked = Data(fixture.session.id.description.utf8)
        #expect(try fixture.everyByte().range(of: sealed) != nil)
        #expect(try fixture.everyByte().range(of: marked) != nil)
        _ = try await fixture.sessions.erase(fixture.session.id)
        let left = try fixture.everyByte()
        #expect(left.range(of: word) == nil && left.range(of: sealed) == nil && left.range(of: marked) == nil)
    }

    @Test("Every column that may hold text or a blob is one that is sealed, and the other way round")
    func columns() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let found = try await fixture.database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT m.name AS "table", c.name AS "column" FROM sqlite_master m, pragma_table_info(m.name) c
                    WHERE m.type = 'table' AND c.type = 'ANY'
                    """
            ).map { SealedColumn(table: $0["table"], name: $0["column"]) }
        }
        #expect(Set(found) == Set(SealedColumn.all))
        #expect(found.count == SealedColumn.all.count)
    }

    /// A value of another row, of the same session or of one with the same key.
    @Test(
        "A value that is moved to another row, column or session doesn't open",
        arguments: [
            (
                "UPDATE conversations SET title = (SELECT title FROM conversations WHERE id = :other) WHERE id = :one",
                true
            ),
            ("UPDATE conversations SET title = (SELECT file_name FROM uploads LIMIT 1) WHERE id = :one", true),
            (
                "UPDATE conversations SET title = (SELECT title FROM conversations WHERE id = :foreign) WHERE id = :one",
                true
            ),
            // A row that is given to another session as it is.
            ("UPDATE conversations SET session_id = :foreigner WHERE id = :one", false),
            ("UPDATE conversations SET title = 'plain' WHERE id = :one", true),
            ("UPDATE conversations SET title = x'' WHERE id = :one", true),
            ("UPDATE conversations SET title = substr(title, 1, length(title) - 1) WHERE id = :one", true),
        ])
    func moved(_ sql: String, isOwn: Bool) async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteConversationStore(fixture.database)
        let record = try await FilledRecord(in: fixture)
        // The other session has the same key, so that only its name keeps them apart.
        let foreigner = Fixture.makeSession()
        try await fixture.sessions.insert(foreigner, tokenHash: [2], wrappedKey: [7])
        func conversation(in session: SessionID) async throws -> Conversation {
            let made = Conversation(
                id: .make(at: Fixture.start), sessionID: session, title: "t", createdAt: Fixture.start,
                updatedAt: Fixture.start)
            try await store.insert(made, limit: 9)
            return made
        }
        let other = try await conversation(in: fixture.session.id)
        let foreign = try await conversation(in: foreigner.id)
        let (one, owner) = (record.conversation.id, isOwn ? fixture.session.id : foreigner.id)
        #expect(try await store.conversation(one, in: fixture.session.id)?.title == "zebra-title")
        try await fixture.execute(
            sql.replacing(":one", with: "'\(one)'").replacing(":other", with: "'\(other.id)'")
                .replacing(":foreigner", with: "'\(foreigner.id)'").replacing(":foreign", with: "'\(foreign.id)'"))
        await #expect {
            try await store.conversation(one, in: owner)
        } throws: { error in
            if case Fault.storageFailed(let cause) = error { cause.revealed is UnreadableRow } else { false }
        }
    }

    @Test("Another session's key opens nothing, nor does a file that isn't unlocked")
    func keys() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        _ = try await FilledRecord(in: fixture)
        try await fixture.execute("UPDATE sessions SET wrapped_key = x'08'")
        try fixture.database.close()
        let path = fixture.folder.appending(path: "test.sqlite").path
        let opened = try SQLiteDatabase(path: path)
        let sessions = SQLiteSessionStore(opened)
        await #expect { try await sessions.intake(of: fixture.session.id) } throws: { error in
            if case Fault.storageFailed(let cause) = error { cause.revealed is LockedRow } else { false }
        }
        opened.unlock(with: SimpleKeys())
        await #expect { try await sessions.intake(of: fixture.session.id) } throws: { error in
            if case Fault.storageFailed(let cause) = error { cause.revealed is UnreadableRow } else { false }
        }
    }

    @Test("One row that can't be opened holds up neither the queue nor the search for letters nor a start")
    func unreadable() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let studies = fixture.studies
        let bad = try await fixture.upload()
        let waits = try await fixture.queued(bad)
        let good = try await fixture.upload()
        let behind = try await fixture.queued(good, at: Fixture.start + 1)
        try await fixture.database.write { database in
            try database.execute(
                sql: "UPDATE analyses SET confirmed_differences = x'01' WHERE id = ?",
                arguments: [waits.id.description])
            try database.execute(
                sql: "UPDATE uploads SET file_name = x'01', created_at = 0 WHERE id = ?",
                arguments: [bad.id.description])
        }
        #expect(try await studies.claimNext(at: Fixture.start, by: QueueOrder())?.analysis.id == behind.id)
        #expect(try await studies.nextWithoutText()?.id == good.id)
        let store = SQLiteConversationStore(fixture.database)
        let record = try await FilledRecord(in: fixture)
        let answer = ChatMessage(
            id: .make(at: Fixture.start), conversationID: record.conversation.id, number: 2, createdAt: Fixture.start,
            content: .answer(
                ChatAnswer(state: .writing, speaker: .library, sentences: [], intent: "i", acuity: .routine)))
        try await store.append([answer], replacingFrom: nil, title: "", in: fixture.session.id)
        try await fixture.execute("UPDATE messages SET content = x'01' WHERE state = 'writing'")
        try await store.restoreInterruptedAnswers()
        let state = try await fixture.database.read {
            try String.fetchOne($0, sql: "SELECT state FROM messages WHERE number = 2")
        }
        #expect(state == "interrupted")
    }

    @Test("A key that was forgotten isn't taken in again, and others are")
    func forgetting() {
        let cache = SessionKeyCache<Int>(most: 2, longestMemory: 2)
        let ids = (0..<4).map { SessionID.make(at: Fixture.start + TimeInterval($0)) }
        cache.remember(1, of: ids[0])
        cache.forget(ids[0])
        cache.remember(1, of: ids[0])
        #expect(cache[ids[0]] == nil)
        for id in ids[1...2] { cache.forget(id) }
        cache.remember(1, of: ids[0])
        #expect(cache[ids[0]] == 1, "Only so many are remembered as forgotten")
        cache.remember(2, of: ids[3])
        #expect(cache[ids[3]] == 2)
    }
}

@Suite("Rows from before they were sealed")
struct SealRowsTests {
    /// Fails to unwrap after so many sessions, as if the process had been killed there.
    final class FailingKeys: KeyUnwrapping {
        private let left: Mutex<Int>

        init(after count: Int) { left = Mutex(count) }

        func unwrap(_ wrapped: [UInt8], of session: SessionID) -> DataKey? {
            let isLeft = left.withLock { left in
                left -= 1
                return left >= 0
            }
            return isLeft ? SimpleKeys().unwrap(wrapped, of: session) : nil
        }

        func make(for session: SessionID) -> [UInt8] { SimpleKeys().make(for: session) }
    }

    static let sessions = (0..<6).map { SessionID.make(at: Fixture.start + TimeInterval($0)) }

    /// A file as the version before left it, with text in every column.
    static func fill(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "6: readings and withdrawals")
        let conversation = ConversationID.make(at: Fixture.start)
        let reason = try JSONColumn.text(NotesTests.reason)
        try queue.write { database in
            for (index, session) in sessions.enumerated() {
                let id = session.description
                // The last ones are from before there were keys.
                let key = index < 4 ? "x'07'" : "x''"
                try database.execute(
                    sql: """
                        INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at, wrapped_key)
                        VALUES ('\(id)', x'0\(index)', 1800000000, 1800000000, 'v', 1, \(key));
                        INSERT INTO intakes VALUES ('\(id)', '{"reason":"zebra-\(index)"}', 3, 2);
                        INSERT INTO session_notes (session_id, acuity, withheld, drafts)
                            VALUES ('\(id)', '{"reasons":[\(reason)]}', '["zebra"]', '["zebra"]');
                        INSERT INTO uploads VALUES ('\(id)', '\(id)', 'zebra.png', 1, 'zebra',
                            '{"format":"png","width":1,"height":1,"bitsPerSample":8,"channels":1,"frames":1}', 1, NULL);
                        INSERT INTO analyses (id, session_id, upload_id, state, attempt, revision, queued_at, created_at,
                            updated_at, outcome, confirmed_differences)
                            VALUES ('\(id)', '\(id)', '\(id)', 'failed', 1, 1, 1, 1, 1,
                            '{"failed":{"_0":{"code":"zebra","message":"zebra","isRetryable":true}}}', '["name"]');
                        INSERT INTO readings VALUES ('\(id)', 'zebra', 'zebra-reading', 1, 0);
                        INSERT INTO receptions VALUES ('\(id)', '\(id)', 'zebra.dcm', 1, 1, 1, 'receiving', NULL);
                        INSERT INTO idempotency_keys VALUES ('\(id)', 'zebra-key', 'zebra-print',
                            '{"status":201,"headers":{},"body":"zebra-body"}', 1);
                        INSERT INTO reports (id, session_id, analysis_id, options, file_stem, state, attempt, revision,
                            created_at, updated_at) VALUES ('\(id)', '\(id)', '\(id)',
                            '{"audience":"clinician","paper":"a4","conversations":[],"namesFile":false}', 'zebra-stem',
                            'ready', 1, 1, 1, 1);
                        """)
            }
            try database.execute(
                sql: """
                    INSERT INTO conversations VALUES (?, ?, 'zebra-title', 1, 1);
                    INSERT INTO messages VALUES (?, ?, 1, 1, NULL, '{"question":{"_0":"zebra-question"}}');
                    """,
                arguments: [
                    conversation.description, sessions[0].description, conversation.description,
                    conversation.description,
                ])
        }
        try queue.close()
    }

    @Test("They are sealed wherever the last attempt was killed, read as before, and leave nothing in the file")
    func sealing() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        try fixture.database.close()
        for name in ["test.sqlite", "test.sqlite-wal", "test.sqlite-shm"] {
            try? FileManager.default.removeItem(at: fixture.folder.appending(path: name))
        }
        let path = fixture.folder.appending(path: "test.sqlite").path
        try Self.fill(path)
        let word = Data("zebra".utf8)
        #expect(try fixture.everyByte().range(of: word) != nil)
        var interrupted = 0
        for attempt in 0..<20 {
            let database = try SQLiteDatabase(path: path)
            let keys = FailingKeys(after: attempt)
            database.unlock(with: keys)
            do throws(Fault) {
                _ = try await SealRows(database, keys: keys, batch: 2)(at: Fixture.start)
            } catch {
                interrupted += 1
            }
            try database.close()
        }
        #expect(interrupted > 0)
        #expect(try fixture.everyByte().range(of: word) == nil)

        let database = try SQLiteDatabase(path: path)
        defer { try? database.close() }
        database.unlock(with: SimpleKeys())
        #expect(try await SealRows(database, keys: SimpleKeys())(at: Fixture.start) == 0)
        let sessions = SQLiteSessionStore(database)
        let studies = SQLiteStudyStore(database, now: { Fixture.start })
        for (index, session) in Self.sessions.enumerated() {
            #expect(try await sessions.intake(of: session)?.answers == ["reason": .text("zebra-\(index)")])
            let notes = try await sessions.notes(of: session)
            #expect(notes.withheld == ["zebra"] && notes.acuity.reasons == [NotesTests.reason])
            let uploads = try await studies.uploads(in: session)
            #expect(uploads.map(\.fileName) == ["zebra.png"] && uploads.map(\.sha256) == ["zebra"])
            let analysis = try #require(try await studies.analyses(in: session).first)
            #expect(analysis.confirmedDifferences == [.name] && analysis.isRetryable)
            #expect(try await studies.reading(of: analysis.id, in: session)?.text == "zebra-reading")
            let receptions = SQLiteReceptionStore(database)
            #expect(try await receptions.openReceptions(in: session).map(\.fileName) == ["zebra.dcm"])
            let answers = SQLiteIdempotencyStore(database)
            let answer = try await answers.begin(
                "zebra-key", fingerprint: "zebra-print", in: session, at: Fixture.start)
            #expect(answer.answer?.body == "zebra-body")
            await #expect(throws: Fault.self) {
                try await answers.begin("zebra-key", fingerprint: "another", in: session, at: Fixture.start)
            }
            let reports = try await SQLiteReportStore(database).reports(in: session)
            #expect(reports.map(\.fileStem) == ["zebra-stem"] && reports.map(\.options.audience) == [.clinician])
        }
        let conversations = SQLiteConversationStore(database)
        let listed = try await conversations.conversations(in: Self.sessions[0])
        #expect(listed.map(\.conversation.title) == ["zebra-title"])
        let said = try await conversations.messages(of: listed[0].conversation.id, in: Self.sessions[0])
        #expect(said.map(\.content) == [.question("zebra-question")])
    }
}
