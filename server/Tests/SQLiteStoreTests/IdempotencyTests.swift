import Domain
import Foundation
import GRDB
import Testing

@testable import SQLiteStore
@testable import Workflows

@Suite("Remembered answers")
struct IdempotencyTests {
    private static let answer = StoredAnswer(status: 201, headers: ["Location": "/x"], body: "{}")

    @Test("A key has one effect: the answer comes back, another request is refused, a failed one is free again")
    func oneEffect() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteIdempotencyStore(fixture.database)
        let session = fixture.session.id
        func begin(_ key: String, _ fingerprint: String, _ owner: SessionID? = nil) async throws(Fault) -> Booking {
            try await store.begin(key, fingerprint: fingerprint, in: owner ?? session, at: Fixture.start)
        }
        #expect(try await begin("a", "1") == .free)
        await #expect { try await begin("a", "1") } throws: {
            if case Fault.requestInProgress = $0 { true } else { false }
        }
        await #expect { try await begin("a", "2") } throws: { if case Fault.keyReused = $0 { true } else { false } }
        try await store.finish("a", with: Self.answer, in: session)
        #expect(try await begin("a", "1") == .answered(Self.answer))
        await #expect { try await begin("a", "2") } throws: { if case Fault.keyReused = $0 { true } else { false } }
        try await store.abandon("a", in: session)
        #expect(try await begin("a", "1") == .answered(Self.answer), "an answer that was given stays")
        #expect(try await begin("b", "1") == .free)
        try await store.abandon("b", in: session)
        #expect(try await begin("b", "2") == .free)
        let other = Fixture.makeSession()
        try await fixture.sessions.insert(other, tokenHash: [2], wrappedKey: [])
        #expect(try await begin("a", "2", other.id) == .free, "another session's key is another key")
    }

    @Test("One request at a time works on a key, however many come at once")
    func atOnce() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteIdempotencyStore(fixture.database)
        let session = fixture.session.id
        let free = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let booking = try? await store.begin("k", fingerprint: "f", in: session, at: Fixture.start)
                    return booking == .free
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(free == 1)
    }

    // MARK: - What was made

    /// Of every kind of thing that a request makes.
    enum Kind: CaseIterable {
        case upload, reception, analysis, retry, conversation, question, report
    }

    /// Makes one, beside what it needs, and gives its id.
    private static func make(_ kind: Kind, in fixture: Fixture, by making: Making) async throws -> String {
        let record = try await FilledRecord(in: fixture)
        let session = fixture.session.id
        let conversations = SQLiteConversationStore(fixture.database)
        func carriedOut<Value>(_ work: () async throws -> Value) async throws -> Value {
            try await Making.$current.withValue(making) { try await work() }
        }
        switch kind {
        case .upload: return try await carriedOut { try await fixture.upload().id.description }
        case .reception:
            let reception = ReceptionTests.reception(fixture.session)
            try await carriedOut {
                try await SQLiteReceptionStore(fixture.database).insert(reception, limit: 9)
            }
            return reception.id.description
        case .analysis: return try await carriedOut { try await fixture.queued(record.upload).id.description }
        case .retry:
            let analysis = try await fixture.queued(record.upload)
            _ = try await fixture.studies.cancel(analysis.id, in: session, revision: 1, at: Fixture.start)
            _ = try await carriedOut {
                try await fixture.studies.retry(
                    analysis.id, in: session, as: .routine, revision: 2, limits: QueueLimits(all: 9, perSession: 9),
                    at: Fixture.start)
            }
            return analysis.id.description
        case .conversation:
            let conversation = Conversation(
                id: .make(at: Fixture.start), sessionID: session, title: "", createdAt: Fixture.start,
                updatedAt: Fixture.start)
            try await carriedOut { try await conversations.insert(conversation, limit: 9) }
            return conversation.id.description
        case .question:
            let messages = [2, 3].map {
                ChatMessage(
                    id: .make(at: Fixture.start), conversationID: record.conversation.id, number: $0,
                    createdAt: Fixture.start, content: .question("q"))
            }
            try await carriedOut {
                try await conversations.append(messages, replacingFrom: nil, title: "", in: session)
            }
            return messages[1].id.description
        case .report:
            let report = Report(
                id: .make(at: Fixture.start), sessionID: session, analysisID: record.analysis.id,
                options: .init(audience: .patient), fileStem: "r", createdAt: Fixture.start, updatedAt: Fixture.start)
            try await carriedOut { try await SQLiteReportStore(fixture.database).insert(report, limit: 9) }
            return report.id.description
        }
    }

    @Test(
        "What was made is noted with it, whatever it is; after the end of the process that tells",
        arguments: Kind.allCases)
    func noted(_ kind: Kind) async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let session = fixture.session.id
        let before = SQLiteIdempotencyStore(fixture.database)
        #expect(try await before.begin("made", fingerprint: "f", in: session, at: Fixture.start) == .free)
        #expect(try await before.begin("nothing", fingerprint: "f", in: session, at: Fixture.start) == .free)
        let making = Making("made", in: session)
        try making.carries("digest")
        let id = try await Self.make(kind, in: fixture, by: making)

        let store = SQLiteIdempotencyStore(fixture.database)
        try await store.restoreInterrupted()
        #expect(try await store.begin("nothing", fingerprint: "g", in: session, at: Fixture.start) == .free)
        await #expect { try await store.begin("made", fingerprint: "g", in: session, at: Fixture.start) } throws: {
            if case Fault.keyReused = $0 { true } else { false }
        }
        let made = Booking.made(Made(id: id, digest: "digest"))
        #expect(try await store.begin("made", fingerprint: "f", in: session, at: Fixture.start) == made)
        await #expect { try await store.begin("made", fingerprint: "f", in: session, at: Fixture.start) } throws: {
            if case Fault.requestInProgress = $0 { true } else { false }
        }
        try await store.abandon("made", in: session)
        #expect(try await store.begin("made", fingerprint: "f", in: session, at: Fixture.start) == made, "It is there")
        try await store.finish("made", with: Self.answer, in: session)
        let answered = try await store.begin("made", fingerprint: "f", in: session, at: Fixture.start)
        #expect(answered == .answered(Self.answer))
    }

    @Test("What is made of the parts of one file is noted part by part")
    func parts() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let session = fixture.session.id
        let store = SQLiteIdempotencyStore(fixture.database)
        #expect(try await store.begin("zip", fingerprint: "f", in: session, at: Fixture.start) == .free)
        let making = Making("zip", in: session)
        try making.carries("digest")
        let ids = try await Making.$current.withValue(making) {
            var ids: [Int: String] = [:]
            for part in [0, 3, 4] {
                making.enter(part: part)
                ids[part] = try await fixture.upload().id.description
            }
            return ids
        }
        try await store.abandon("zip", in: session)
        let again = try await store.begin("zip", fingerprint: "f", in: session, at: Fixture.start)
        #expect(again == .made(Made(parts: ids, digest: "digest")))
        let other = Making("zip", in: session, after: Made(parts: ids, digest: "digest"))
        #expect { try other.carries("another") } throws: { if case Fault.keyReused = $0 { true } else { false } }
    }

    @Test("What isn't made is not noted, and what was made without a key is on none")
    func notMade() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let session = fixture.session.id
        let store = SQLiteIdempotencyStore(fixture.database)
        #expect(try await store.begin("k", fingerprint: "f", in: session, at: Fixture.start) == .free)
        _ = try await fixture.upload()
        await #expect(throws: Fault.self) {
            try await Making.$current.withValue(Making("k", in: session)) { try await fixture.upload(limit: 1) }
        }
        try await store.abandon("k", in: session)
        #expect(try await store.begin("k", fingerprint: "other", in: session, at: Fixture.start) == .free)
    }

    @Test("A key whose request has failed is free also where that could not be written")
    func unwrittenFailure() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let session = fixture.session.id
        let store = SQLiteIdempotencyStore(fixture.database)
        #expect(try await store.begin("k", fingerprint: "f", in: session, at: Fixture.start) == .free)
        try await fixture.execute(
            "CREATE TRIGGER broken BEFORE DELETE ON idempotency_keys BEGIN SELECT raise(ABORT, 'no'); END")
        await #expect(throws: Fault.self) { try await store.abandon("k", in: session) }
        try await fixture.execute("DROP TRIGGER broken")
        #expect(try await store.begin("k", fingerprint: "g", in: session, at: Fixture.start) == .free)
    }

    // MARK: - What is forgotten

    @Test("Only so many are remembered of a session; what runs is never forgotten")
    func bound() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let answers = SQLiteIdempotencyStore(fixture.database, most: 3)
        let session = fixture.session.id
        #expect(try await answers.begin("runs", fingerprint: "", in: session, at: Fixture.start) == .free)
        for index in 1...5 {
            let time = Fixture.start + TimeInterval(index)
            #expect(try await answers.begin("\(index)", fingerprint: "", in: session, at: time) == .free)
            try await answers.finish(
                "\(index)", with: StoredAnswer(status: 201, headers: [:], body: "\(index)"), in: session)
        }
        let count = try await fixture.database.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM idempotency_keys")
        }
        #expect(count == 3)
        #expect(try await answers.begin("5", fingerprint: "", in: session, at: Fixture.start).answer?.body == "5")
        await #expect { try await answers.begin("runs", fingerprint: "", in: session, at: Fixture.start) } throws: {
            if case Fault.requestInProgress = $0 { true } else { false }
        }
        #expect(try await answers.begin("1", fingerprint: "", in: session, at: Fixture.start) == .free, "Forgotten")
    }

    @Test("An answer that was given goes with what it told of, and with nothing else")
    func answersOfWhatIsDeleted() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let record = try await FilledRecord(in: fixture)
        let store = SQLiteIdempotencyStore(fixture.database)
        let session = fixture.session.id
        func ask(_ key: String) async throws -> StoredAnswer? {
            try await store.begin(key, fingerprint: "f", in: session, at: Fixture.start).answer
        }
        let answers = [
            "upload": StoredAnswer(status: 201, headers: [:], body: #"{"id":"\#(record.upload.id)"}"#),
            "analysis": StoredAnswer(status: 202, headers: ["Location": "/x/\(record.analysis.id)"], body: ""),
            "report": StoredAnswer(status: 201, headers: ["Location": "/x/\(record.report.id)"], body: ""),
            "conversation": StoredAnswer(status: 201, headers: [:], body: "\(record.conversation.id)"),
            "other": StoredAnswer(status: 201, headers: ["Location": "/x"], body: "{}"),
        ]
        for (key, answer) in answers {
            #expect(try await ask(key) == nil)
            try await store.finish(key, with: answer, in: session)
        }
        #expect(try await ask("conversation") != nil)
        try await SQLiteConversationStore(fixture.database).delete(record.conversation.id, in: session)
        #expect(try await ask("conversation") == nil, "the key is free again")
        for key in ["upload", "analysis", "report"] { #expect(try await ask(key) == answers[key]) }
        _ = try await fixture.studies.deleteUpload(record.upload.id, in: session)
        for key in ["upload", "analysis", "report"] { #expect(try await ask(key) == nil, "\(key)") }
        #expect(try await ask("other") == answers["other"])
    }

    @Test("A note goes with what it told of, and with nothing else")
    func notesOfWhatIsDeleted() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let session = fixture.session.id
        let store = SQLiteIdempotencyStore(fixture.database)
        func making<Value>(_ key: String, _ work: () async throws -> Value) async throws -> Value {
            _ = try await store.begin(key, fingerprint: "f", in: session, at: Fixture.start)
            return try await Making.$current.withValue(Making(key, in: session)) { try await work() }
        }
        let upload = try await making("upload") { try await fixture.upload() }
        let analysis = try await making("analysis") { try await fixture.queued(upload) }
        let other = try await making("other") { try await fixture.upload() }
        _ = try await fixture.studies.deleteUpload(upload.id, in: session)
        let after = SQLiteIdempotencyStore(fixture.database)
        for key in ["upload", "analysis"] {
            let booking = try await after.begin(key, fingerprint: "f", in: session, at: Fixture.start)
            #expect(booking == .free, "\(key) of \(analysis.id)")
        }
        let kept = try await after.begin("other", fingerprint: "f", in: session, at: Fixture.start)
        #expect(kept == .made(Made(id: other.id.description)))
    }
}
