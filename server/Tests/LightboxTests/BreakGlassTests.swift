import Domain
import Foundation
import SQLiteStore
import Synchronization
import Testing
import Workflows

@Suite("Breaking the glass")
struct BreakGlassTests {
    /// What was audited.
    final class Trail: DurableAudit {
        /// Whether nothing can be written to it.
        let isStuck = Mutex(false)
        private let records = Mutex<[AuditRecord]>([])
        var told: [String] {
            records.withLock { $0.map { "\($0.event.rawValue) \($0.outcome.rawValue)" } }
        }
        func add(_ record: AuditRecord) { records.withLock { $0.append(record) } }
        func keep(_ record: AuditRecord) throws {
            if isStuck.withLock({ $0 }) { throw Fault.storageFull }
            add(record)
        }
    }

    struct Keys: SessionKeys {
        func make(for session: SessionID) -> [UInt8] { [7] }
        func key(of session: SessionID) async throws(Fault) -> DataKey {
            DataKey(bytes: Array((session.pseudonym + session.pseudonym).utf8.prefix(32)))
        }
        func forget(_ session: SessionID) {}
    }

    final class Place: Sendable {
        static let start = Date(timeIntervalSince1970: 1_800_000_000)
        let folder = FileManager.default.temporaryDirectory.appending(path: "glass-\(UUID())")
        let database: SQLiteDatabase
        let trail = Trail()
        let time = Mutex(start)
        let session: SessionID
        var store: SQLiteOperatorStore { SQLiteOperatorStore(database) }
        var glass: BreakGlass {
            BreakGlass(
                operators: store, sessions: SQLiteSessionStore(database), keys: Keys(), audit: trail,
                now: { [self] in time.withLock { $0 } })
        }

        init() async throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            database = try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path)
            let start = Self.start
            session = .make(at: start)
            try await insert(session, 1)
        }

        func insert(_ id: SessionID, _ token: UInt8) async throws {
            let start = Self.start
            try await SQLiteSessionStore(database).insert(
                Session(id: id, createdAt: start, lastSeenAt: start, consent: .init(version: "v", acceptedAt: start)),
                tokenHash: [token], wrappedKey: [7])
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func open(_ reason: String = "Unconscious, no history") async throws(Fault) -> RecordGrant {
            try await glass(session, because: reason, by: Self.lee, as: .clinician)
        }

        static let lee = Operator(
            identity: "oidc\nhttps://id.example.org\nu1", name: "Dr. Lee", roles: [.clinician], proof: .oidc)
        /// Others who are called the same.
        static let namesakes = ["token\nDr. Lee", "oidc\nhttps://id.example.org\nu2", ""].map {
            Operator(identity: $0, name: "Dr. Lee", roles: [.clinician], proof: .token)
        }
    }

    @Test("A reason opens one record to one clinician for a quarter of an hour")
    func opens() async throws {
        let place = try await Place()
        let other = SessionID.make(at: Place.start)
        try await place.insert(other, 2)
        let grant = try await place.open()
        #expect(try await place.glass.read(grant.id, of: place.session, by: Place.lee) == grant)
        for (id, session, person) in [
            (nil, place.session, Place.lee), (grant.id, other, Place.lee),
            (grant.id, place.session, Place.namesakes[0]), (grant.id, place.session, Place.namesakes[1]),
            (grant.id, place.session, Place.namesakes[2]),
            (RecordGrantID.make(at: Place.start), place.session, Place.lee),
        ] {
            await #expect(throws: Fault.self) { _ = try await place.glass.read(id, of: session, by: person) }
        }
        place.time.withLock { $0 += 899 }
        _ = try await place.glass.read(grant.id, of: place.session, by: Place.lee)
        place.time.withLock { $0 += 1 }
        await #expect(throws: Fault.self) {
            _ = try await place.glass.read(grant.id, of: place.session, by: Place.lee)
        }
        // A clock that was set back doesn't open it either.
        place.time.withLock { $0 = Place.start - 1 }
        await #expect(throws: Fault.self) {
            _ = try await place.glass.read(grant.id, of: place.session, by: Place.lee)
        }
        #expect(
            place.trail.told == ["record-opened done", "record-read done"]
                + Array(repeating: "record-read refused", count: 6) + ["record-read done"]
                + Array(repeating: "record-read refused", count: 2))
    }

    @Test(
        "A reason has something to say",
        arguments: [
            "", "too short", "         x         ", String(repeating: "\u{200b}", count: 12),
            "enough of it\u{7}", String(repeating: "x", count: 501),
        ])
    func reasons(reason: String) async throws {
        let place = try await Place()
        await #expect(throws: Fault.self) { _ = try await place.open(reason) }
        #expect(place.trail.told == [])
        _ = try await place.open("0123456789")
    }

    @Test("Nothing is opened or read that can't be written to the trail first")
    func traceless() async throws {
        let place = try await Place()
        let grant = try await place.open()
        place.trail.isStuck.withLock { $0 = true }
        func isBusy(_ error: any Error) -> Bool { if case Fault.storageBusy = error { true } else { false } }
        await #expect { _ = try await place.open() } throws: { isBusy($0) }
        await #expect {
            _ = try await place.glass.read(grant.id, of: place.session, by: Place.lee)
        } throws: {
            isBusy($0)
        }
        #expect(try await place.store.grants(of: place.session).map(\.id) == [grant.id])
        #expect(place.trail.told == ["record-opened done"])
        place.trail.isStuck.withLock { $0 = false }
        _ = try await place.glass.read(grant.id, of: place.session, by: Place.lee)
    }

    @Test("The reason is for the person only: it is sealed, and can't be moved to another record")
    func sealed() async throws {
        let place = try await Place()
        var grant = try await place.open("  Unconscious, no history ")
        #expect(try await place.glass.reasons(of: place.session) == [grant.id: "Unconscious, no history"])
        #expect(Data(grant.sealedReason).range(of: Data("Unconscious".utf8)) == nil)
        let other = SessionID.make(at: Place.start)
        try await place.insert(other, 2)
        grant.session = other
        grant.id = .make(at: Place.start)
        try await place.store.insert(grant)
        #expect(try await place.glass.reasons(of: other) == [:])
        await #expect(throws: Fault.self) {
            _ = try await place.glass(.make(at: Place.start), because: "0123456789", by: Place.lee, as: .clinician)
        }
    }

    @Test("Maintenance is turned on with words, kept over a restart, and audited once each way")
    func maintenance() async throws {
        let place = try await Place()
        let now = { @Sendable in Place.start }
        let first = try await MaintenanceSwitch(store: place.store, audit: place.trail, now: now)
        #expect(first.current == nil)
        await #expect(throws: Fault.self) { _ = try await first.turnOn(telling: " \u{200b}") }
        await #expect(throws: Fault.self) { _ = try await first.turnOn(telling: String(repeating: "x", count: 301)) }
        _ = try await first.turnOn(telling: "Back at noon.")
        _ = try await first.turnOn(telling: " Back at one. ")
        let second = try await MaintenanceSwitch(store: place.store, audit: place.trail, now: now)
        #expect(second.current == Maintenance(message: "Back at one.", since: Place.start))
        try await second.turnOff()
        try await second.turnOff()
        #expect(second.current == nil)
        #expect(place.trail.told == ["maintenance-begun done", "maintenance-ended done"])
    }
}
