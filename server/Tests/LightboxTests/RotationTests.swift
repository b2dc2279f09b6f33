import Custody
import Domain
import Foundation
import SQLiteStore
import Synchronization
import Testing
import Workflows

@testable import lightbox

/// Fails at one of its calls, before or after it has done what it was asked, as a process that is killed there.
private final class KilledStore: KeyStore {
    struct Killed: Error {}

    private let store: SQLiteSessionStore
    private let left: Mutex<Int>

    init(_ store: SQLiteSessionStore, after count: Int) {
        self.store = store
        left = Mutex(count)
    }

    private func live() throws(Fault) {
        let isAlive = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if !isAlive { throw .storageFailed(cause: Killed()) }
    }

    func masterKeyProofs() async throws(Fault) -> MasterKeyProofs {
        try live()
        return try await store.masterKeyProofs()
    }

    func beginRotation(to proof: [UInt8]) async throws(Fault) {
        try live()
        try await store.beginRotation(to: proof)
        try live()
    }

    func wrappedKeys(after session: SessionID?, limit: Int) async throws(Fault) -> [WrappedKey] {
        try live()
        return try await store.wrappedKeys(after: session, limit: limit)
    }

    func rewrap(_ keys: [WrappedKey]) async throws(Fault) {
        try live()
        try await store.rewrap(keys)
        try live()
    }

    func finishRotation() async throws(Fault) {
        try live()
        try await store.finishRotation()
        try live()
    }
}

@Suite("Exchanging the master key")
struct RotationTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
    let sessions: SQLiteSessionStore
    let file: MasterKeyFile

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        sessions = SQLiteSessionStore(try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path))
        file = MasterKeyFile(folder.appending(path: "master.key").path)
    }

    /// The keys of the data among those in the two files, as a server that starts finds them.
    func masters() async throws -> MasterKeys {
        let choice = MasterKeys.choose(
            among: try file.load(mayMake: false), for: try await sessions.masterKeyProofs())
        guard case .found(let masters) = choice else {
            Issue.record("The server would not start: \(choice)")
            throw CancellationError()
        }
        return masters
    }

    /// Seven sessions, and what their keys are.
    func fill() async throws -> [(id: SessionID, key: [UInt8])] {
        let keys = Keyring(master: try MasterKey.load(file.path), sessions: sessions)
        #expect(try await keys.belongs())
        var made: [(SessionID, [UInt8])] = []
        for index in 0..<7 {
            let session = KeyringTests.session(.now + TimeInterval(index))
            try await sessions.insert(
                session, tokenHash: [UInt8(index)], wrappedKey: keys.make(for: session.id))
            made.append((session.id, try await keys.key(of: session.id).bytes))
        }
        return made
    }

    func requireReadable(_ made: [(id: SessionID, key: [UInt8])]) async throws {
        let keys = Keyring(try await masters(), sessions: sessions)
        for (id, key) in made { #expect(try await keys.key(of: id).bytes == key) }
    }

    @Test("Wherever it is killed the server starts with the files that are there, and running it again finishes it")
    func killed() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = try await fill()
        let old = try MasterKey.load(file.path)
        var kills = 0
        for count in 0..<40 {
            let masters = try await masters()
            let next = try masters.next ?? file.loadOrMakeNext()
            do throws(Fault) {
                let store = KilledStore(sessions, after: count)
                _ = try await RotateMasterKey(store: store, batch: 2)(from: masters.current, to: next)
                break
            } catch {
                kills += 1
            }
            try await requireReadable(made)
        }
        #expect(kills > 5, "It was killed at many places")
        // The data are under the new key; its file still waits to be put in place.
        try await requireReadable(made)
        try file.exchange()
        try await requireReadable(made)
        #expect(!FileManager.default.fileExists(atPath: file.nextPath))
        #expect(try await sessions.masterKeyProofs().next == nil)
        let proofs = try await sessions.masterKeyProofs()
        guard case .mistaken = MasterKeys.choose(among: [old], for: proofs) else {
            Issue.record("The old key must be worth nothing any more")
            return
        }
        for key in try await sessions.wrappedKeys(after: nil, limit: 99) {
            #expect(Keyring(MasterKeys(current: old), sessions: sessions).unwrap(key.bytes, of: key.session) == nil)
        }
    }

    @Test("In the middle both keys are needed, and which is missing is told")
    func missing() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try await fill()
        let old = try MasterKey.load(file.path)
        let next = try file.loadOrMakeNext()
        await #expect(throws: Fault.self) {
            try await RotateMasterKey(store: KilledStore(sessions, after: 5), batch: 2)(from: old, to: next)
        }
        let proofs = try await sessions.masterKeyProofs()
        guard case .nextMissing = MasterKeys.choose(among: [old], for: proofs),
            case .mistaken = MasterKeys.choose(among: [next], for: proofs),
            case .found = MasterKeys.choose(among: [next, old], for: proofs)
        else {
            Issue.record("Wrong choice")
            return
        }
        // Another key doesn't take the place of the one that it goes to.
        let stranger = try MasterKey.load(folder.appending(path: "stranger").path)
        await #expect(throws: Fault.self) {
            try await RotateMasterKey(store: sessions)(from: old, to: stranger)
        }
    }

    @Test("A key given as text is the same as in a file; what is no key is refused without being told")
    func text() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = try MasterKey.load(file.path)
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        #expect(try MasterKey(text: text, name: "n") == key)
        #expect { try MasterKey(text: "c2VjcmV0", name: "The key") } throws: { error in
            "\(error)".contains("The key") && !"\(error)".contains("c2VjcmV0")
        }
    }
}

@Suite("Secret settings")
struct SecretSettingTests {
    @Test("They are taken from the environment, and shown nowhere")
    func secrets() throws {
        let secret = Data(repeating: 7, count: 32).base64EncodedString()
        let configuration = try Configuration(environment: ["LIGHTBOX_KEYS_MASTER": secret])
        #expect(configuration.masterKeyText == secret)
        #expect(!configuration.listing.contains(secret))
        #expect(configuration.listing.contains("keys.master = (not shown)  (environment)"))
        #expect(configuration.unknownVariables.isEmpty)
        for arguments in [["--keys-master", secret], ["--keys-master=\(secret)"]] {
            #expect { try Configuration(arguments: arguments) } throws: { error in
                "\(error)".contains("keys.master (flag)") && !"\(error)".contains(secret)
            }
        }
        let file = Data(#"{"keys": {"master": "\#(secret)"}}"#.utf8)
        #expect { try Configuration(file: file) } throws: { !"\($0)".contains(secret) }
    }
}
