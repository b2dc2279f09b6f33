import Domain
import Foundation
import GRDB
import Testing
import Workflows

@testable import SQLiteStore

/// Pictures that are deleted and sent again.
extension ReadingTests {
    @Test(
        "A picture that is deleted and sent again can't be read blind, once its findings or their urgency were shown",
        arguments: [false, true])
    func deletedAndSentAgain(wasBlind: Bool) async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        _ = try await finished(upload, blind: wasBlind)
        _ = try await studies.deleteUpload(upload.id, in: session)
        let again = try await fixture.upload()
        #expect(await Self.fault { _ = try await enqueue(again, blind: true) } == "/blindFirst")
        // Without the choice it is analysed like any other, and a reading is not blind.
        let analysis = try await finished(again, blind: false)
        let reading = try await studies.recordReading(
            "t", by: "n", of: analysis.id, in: session, at: clock.now
        ).reading
        #expect(!reading.isBlind)
    }

    @Test("What is remembered of a deleted picture is of its session, and says nothing of the picture")
    func marks() async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        _ = try await finished(upload)
        _ = try await studies.deleteUpload(upload.id, in: session)
        let other = Fixture.makeSession()
        try await fixture.sessions.insert(other, tokenHash: [2], wrappedKey: [7])
        let theirs = try await fixture.upload(in: other)
        let analysis = Analysis(
            id: .make(at: clock.now), sessionID: other.id, uploadID: theirs.id, createdAt: clock.now,
            updatedAt: clock.now, blindFirst: BlindFirst(longest: 1800, at: clock.now))
        try await studies.enqueue(analysis, as: .routine, limits: QueueLimits(all: 10, perSession: 10))
        func stored() async throws -> [String] {
            try await fixture.database.read { try String.fetchAll($0, sql: "SELECT mark FROM shown_pictures") }
        }
        let kept = try await stored()
        #expect(kept.count == 1 && kept[0].count == 64 && kept[0] != upload.sha256)
        #expect(kept[0] != SessionMark.of(upload.sha256, in: session), "whoever knows the picture could look for it")
        _ = try await fixture.sessions.erase(session)
        #expect(try await stored().isEmpty)
    }

    @Test("A mark from before marks took the session's key counts as well")
    func oldMarks() async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        _ = try await finished(upload)
        _ = try await studies.deleteUpload(upload.id, in: session)
        let mark = SessionMark.of(upload.sha256, in: session)
        try await fixture.execute("UPDATE shown_pictures SET mark = '\(mark)'")
        let again = try await fixture.upload()
        #expect(await Self.fault { _ = try await enqueue(again, blind: true) } == "/blindFirst")
    }

    @Test("A picture that was deleted before anything was shown can be read blind")
    func deletedBefore() async throws {
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        _ = try await enqueue(upload, blind: true)
        _ = try await studies.deleteUpload(upload.id, in: session)
        let analysis = try await finished(try await fixture.upload())
        let reading = try await studies.recordReading("t", by: "n", of: analysis.id, in: session, at: clock.now).reading
        #expect(reading.isBlind)
    }
}
