import Custody
import Domain
import Foundation
import SQLiteStore
import Testing
import Workflows

@Suite("Keys of sessions")
struct KeyringTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func sessions() throws -> SQLiteSessionStore {
        SQLiteSessionStore(try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path))
    }

    func master(_ name: String) throws -> MasterKey { try MasterKey.load(folder.appending(path: name).path) }

    static func session(_ now: Date = .now) -> Session {
        Session(id: .make(at: now), createdAt: now, lastSeenAt: now, consent: .init(version: "v", acceptedAt: now))
    }

    @Test("A key is the same after a restart, another for each session, and gone with its session")
    func life() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let sessions = try self.sessions()
        let keys = Keyring(master: try master("a"), sessions: sessions)
        let (one, two) = (Self.session(), Self.session())
        for (index, session) in [one, two].enumerated() {
            try await sessions.insert(session, tokenHash: [UInt8(index)], wrappedKey: keys.make(for: session.id))
        }
        let key = try await keys.key(of: one.id).bytes
        #expect(try await keys.key(of: two.id).bytes != key)
        let restarted = Keyring(master: try master("a"), sessions: sessions)
        #expect(try await restarted.key(of: one.id).bytes == key)
        _ = try await sessions.erase(one.id)
        keys.forget(one.id)
        await #expect { try await keys.key(of: one.id) } throws: { if case Fault.notFound = $0 { true } else { false } }
    }

    @Test("A session from before there were keys gets one, and keeps it")
    func first() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let sessions = try self.sessions()
        let session = Self.session()
        try await sessions.insert(session, tokenHash: [1], wrappedKey: [])
        let key = try await Keyring(master: try master("a"), sessions: sessions).key(of: session.id).bytes
        #expect(try await Keyring(master: try master("a"), sessions: sessions).key(of: session.id).bytes == key)
    }

    @Test("Another master key is noticed at the start, and opens nothing")
    func mistaken() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let sessions = try self.sessions()
        let right = Keyring(master: try master("a"), sessions: sessions)
        #expect(try await right.belongs())
        #expect(try await right.belongs())
        let session = Self.session()
        try await sessions.insert(session, tokenHash: [1], wrappedKey: right.make(for: session.id))
        let wrong = Keyring(master: try master("b"), sessions: sessions)
        #expect(try await !wrong.belongs())
        await #expect(throws: Fault.self) { try await wrong.key(of: session.id) }
    }

    @Test("A key that was wrapped for one session opens no other")
    func exchanged() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let sessions = try self.sessions()
        let keys = Keyring(master: try master("a"), sessions: sessions)
        let (one, two) = (Self.session(), Self.session())
        try await sessions.insert(two, tokenHash: [1], wrappedKey: keys.make(for: one.id))
        await #expect(throws: Fault.self) { try await keys.key(of: two.id) }
    }
}
