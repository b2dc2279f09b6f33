import Custody
import Domain
import Foundation
import SQLiteStore
import Workflows

/// Where the master key comes from: the environment, or a file.
struct MasterKeySource {
    private let configuration: Configuration

    init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    var file: MasterKeyFile? {
        configuration.masterKeyText == nil ? MasterKeyFile(configuration.masterKeyFile) : nil
    }

    /// What operators know it by.
    var name: String { configuration.masterKeyText == nil ? configuration.masterKeyFile : "in LIGHTBOX_KEYS_MASTER" }

    /// The keys at hand, the present one first.
    func load(mayMake: Bool) throws(KeyFault) -> [MasterKey] {
        guard let text = configuration.masterKeyText else {
            return try MasterKeyFile(configuration.masterKeyFile).load(mayMake: mayMake)
        }
        let key = try MasterKey(text: text, name: "The master key in LIGHTBOX_KEYS_MASTER")
        return [key] + (try nextOfEnvironment().map { [$0] } ?? [])
    }

    func nextOfEnvironment() throws(KeyFault) -> MasterKey? {
        guard let text = configuration.nextMasterKeyText else { return nil }
        return try MasterKey(text: text, name: "The master key in LIGHTBOX_KEYS_NEXT_MASTER")
    }

    /// Those of the data.
    ///
    /// - Throws: ``Exit`` that says what to do.
    func masters(for sessions: SQLiteSessionStore) async throws -> MasterKeys {
        let proofs = try await Exit.withData(configuration) { () throws(Fault) in
            try await sessions.masterKeyProofs()
        }
        let keys: [MasterKey]
        do throws(KeyFault) {
            keys = try load(mayMake: proofs.current == nil)
        } catch {
            throw Exit(.unavailable, error.description)
        }
        switch MasterKeys.choose(among: keys, for: proofs) {
        case .found(let masters): return masters
        case .mistaken:
            throw Exit(
                .unavailable,
                "The master key \(name) isn't the one that the data in \(configuration.dataDirectory) were kept under. Put the right one back."
            )
        case .nextMissing:
            throw Exit(
                .unavailable,
                "A rotation of the master key was interrupted, and the key that it goes to isn't there. Put it back (\(file?.nextPath ?? "LIGHTBOX_KEYS_NEXT_MASTER")), or run “lightbox keys rotate” with it."
            )
        }
    }

    /// The keys of sessions, under the master key of the data.
    func keyring(for sessions: SQLiteSessionStore) async throws -> Keyring {
        let keys = Keyring(try await masters(for: sessions), sessions: sessions)
        // In a new database this writes down whose it is.
        _ = try await Exit.withData(configuration) { () throws(Fault) in try await keys.belongs() }
        return keys
    }
}

extension Exit {
    /// Says of the data folder what a workflow says of itself.
    static func withData<Value>(
        _ configuration: Configuration, _ body: () async throws(Fault) -> Value
    ) async throws -> Value {
        do throws(Fault) {
            return try await body()
        } catch {
            throw Exit(.unavailable, "The data folder \(configuration.dataDirectory) can't be used: \(error)")
        }
    }
}
