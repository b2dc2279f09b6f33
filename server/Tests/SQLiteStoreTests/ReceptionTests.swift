import Domain
import Foundation
import Testing
import Workflows

@testable import SQLiteStore

@Suite("Uploads in parts, and letters, in SQLite")
struct ReceptionTests {
    static func reception(_ session: Session, at time: Date = Fixture.start, lasts: TimeInterval = 60) -> Reception {
        Reception(
            id: .make(at: time), sessionID: session.id, fileName: "a.dcm", length: 10, createdAt: time,
            expiresAt: time.addingTimeInterval(lasts))
    }

    @Test("A reception is there as it was put in, for its own session only")
    func roundTrip() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteReceptionStore(fixture.database)
        var reception = Self.reception(fixture.session)
        try await store.insert(reception, limit: 1)
        #expect(try await store.reception(reception.id, in: fixture.session.id) == reception)
        #expect(try await store.reception(reception.id, in: .make(at: .now)) == nil)
        reception.state = .kept
        reception.outcome = .init(
            uploads: [.make(at: .now)], refused: [RefusedFile(fileName: "b", code: "c", detail: "d")])
        reception.expiresAt += 5
        try await store.update(reception)
        #expect(try await store.reception(reception.id, in: fixture.session.id) == reception)
        #expect(try await store.openReceptions(in: fixture.session.id).isEmpty)
    }

    @Test("There are only so many at once, and none without a session")
    func limit() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteReceptionStore(fixture.database)
        try await store.insert(Self.reception(fixture.session), limit: 1)
        await #expect(throws: Fault.self) { try await store.insert(Self.reception(fixture.session), limit: 1) }
        await #expect(throws: Fault.self) { try await store.insert(Self.reception(Fixture.makeSession()), limit: 9) }
    }

    @Test("What is over its time is found, and nothing before")
    func expired() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteReceptionStore(fixture.database)
        let reception = Self.reception(fixture.session)
        try await store.insert(reception, limit: 9)
        #expect(try await store.expired(at: Fixture.start, limit: 9).isEmpty)
        let late = Fixture.start.addingTimeInterval(61)
        #expect(try await store.expired(at: late, limit: 9).map(\.id) == [reception.id])
        #expect(try await store.expired(at: late, limit: 0).isEmpty)
    }

    @Test("A reception ends in the transaction that writes its upload's row, and only then")
    func ending() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteReceptionStore(fixture.database)
        let reception = Self.reception(fixture.session)
        try await store.insert(reception, limit: 9)
        let present = try await fixture.upload()
        let upload = Upload(
            id: .make(at: .now), sessionID: fixture.session.id, fileName: "b.png", bytes: 1, sha256: "00",
            inspection: present.inspection, createdAt: Fixture.start)
        // One picture is all that the session may hold: nothing of it is written.
        await #expect(throws: Fault.self) {
            try await fixture.studies.insert(upload, limit: 1, ending: reception.id)
        }
        #expect(try await store.reception(reception.id, in: fixture.session.id)?.state == .receiving)
        try await fixture.studies.insert(upload, limit: 9, ending: reception.id)
        let ended = try #require(try await store.reception(reception.id, in: fixture.session.id))
        #expect(ended.state == .kept && ended.outcome?.uploads == [upload.id])
    }

    @Test("Pictures nobody has looked at are found in their order, by an index, until somebody has")
    func text() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let first = try await fixture.upload()
        _ = try await fixture.upload()
        #expect(try await fixture.studies.nextWithoutText()?.burnedIn == .pending)
        let line = BurnedInText.Line(text: "SMITH", confidence: 0.9, x: 0, y: 0, width: 0.1, height: 0.1)
        let found = Upload.BurnedIn.read(BurnedInText(lines: [line], sideMarkers: [], milliseconds: 3))
        try await fixture.studies.setBurnedIn(found, of: first.id)
        #expect(try await fixture.studies.upload(first.id, in: fixture.session.id)?.burnedIn == found)
        let second = try #require(try await fixture.studies.nextWithoutText())
        #expect(second.id != first.id)
        try await fixture.studies.setBurnedIn(.unknown, of: second.id)
        #expect(try await fixture.studies.nextWithoutText() == nil)
        #expect(try await fixture.plan(of: "text").contains("uploads_without_text"))
    }

    @Test("A session's wrapped key goes with the session; the master key's proof is written once")
    func keys() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        #expect(try await fixture.sessions.wrappedKey(of: fixture.session.id) == [7])
        _ = try await fixture.sessions.erase(fixture.session.id)
        #expect(try await fixture.sessions.wrappedKey(of: fixture.session.id) == nil)
        #expect(try await fixture.sessions.masterKeyProof() == nil)
        try await fixture.sessions.setMasterKeyProof([1])
        try await fixture.sessions.setMasterKeyProof([2])
        #expect(try await fixture.sessions.masterKeyProof() == [1])
    }

    @Test("An analysis keeps its frame and what was done to the picture")
    func adjusted() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let upload = try await fixture.upload()
        let analysis = Analysis(
            id: .make(at: .now), sessionID: upload.sessionID, uploadID: upload.id, frame: 3,
            adjustment: PictureAdjustment(turn: 270, mirror: true, invert: true), createdAt: Fixture.start,
            updatedAt: Fixture.start)
        try await fixture.studies.enqueue(
            analysis, as: .routine, limits: QueueLimits(all: 9, perSession: 9))
        #expect(try await fixture.studies.analysis(analysis.id, in: upload.sessionID) == analysis)
    }
}
