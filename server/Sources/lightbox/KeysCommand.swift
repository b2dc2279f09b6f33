import ArgumentParser
import Custody
import Domain
import Foundation
import SQLiteStore
import Workflows

/// `lightbox keys`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The master key, which wraps the keys of sessions.",
        subcommands: [Rotate.self, Check.self])
}

extension KeysCommand {
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts a new master key in the place of the present one.",
            discussion:
                "The server must be stopped. The keys of all sessions are wrapped by the new key; what is sealed with them stays as it is. If this is interrupted, the server starts as long as both keys are there, and running it again finishes it. Backups from before need the earlier key. With LIGHTBOX_KEYS_MASTER set, the new key is the one in LIGHTBOX_KEYS_NEXT_MASTER."
        )

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let configuration = try options.load()
                _ = Logs.start(configuration)
                let source = MasterKeySource(configuration)
                let data = try DataFolder(configuration)
                let lock = try DataLock.exclusive(data.url)
                defer { withExtendedLifetime(lock) {} }
                let sessions = try data.sessions()
                let masters = try await source.masters(for: sessions)
                do {
                    let next = try self.next(masters, source)
                    if let next {
                        let count = try await Exit.withData(configuration) { () throws(Fault) in
                            try await RotateMasterKey(store: sessions)(from: masters.current, to: next)
                        }
                        print("The keys of \(count) session(s) were wrapped anew.")
                    } else {
                        print("An earlier rotation had wrapped all keys already.")
                    }
                    if let file = source.file {
                        try file.exchange()
                        print("The new master key is \(file.path). Keep a copy apart from the data.")
                    } else {
                        print(
                            "From now on set LIGHTBOX_KEYS_MASTER to the new key, and LIGHTBOX_KEYS_NEXT_MASTER no more."
                        )
                    }
                } catch let fault as KeyFault {
                    throw Exit(.unavailable, fault.description)
                }
            }
        }

        /// - Returns: nil if the key that is to come is in force already, and only its file waits to be put in place.
        private func next(_ masters: MasterKeys, _ source: MasterKeySource) throws(KeyFault) -> MasterKey? {
            if let next = masters.next { return next }
            guard let file = source.file else {
                guard let next = try source.nextOfEnvironment() else {
                    throw KeyFault(
                        sentence:
                            "Give the new key in LIGHTBOX_KEYS_NEXT_MASTER (“openssl rand -base64 32” makes one)."
                    )
                }
                return next == masters.current ? nil : next
            }
            let next = try file.loadOrMakeNext()
            return next == masters.current ? nil : next
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says whether the master key is that of the data, and whether it opens the keys of all sessions.")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let configuration = try options.load()
                _ = Logs.start(configuration)
                let sessions = try DataFolder(configuration).sessions()
                let masters = try await MasterKeySource(configuration).masters(for: sessions)
                let keys = Keyring(masters, sessions: sessions)
                var (count, unreadable) = (0, 0)
                var last: SessionID?
                while true {
                    let found = try await Exit.withData(configuration) { () throws(Fault) in
                        try await sessions.wrappedKeys(after: last, limit: 500)
                    }
                    guard let end = found.last else { break }
                    count += found.count
                    unreadable += found.count { !$0.bytes.isEmpty && keys.unwrap($0.bytes, of: $0.session) == nil }
                    last = end.session
                }
                guard unreadable == 0 else {
                    throw Exit(.badData, "The keys of \(unreadable) of \(count) session(s) can't be unwrapped.")
                }
                print("The master key opens the keys of all \(count) session(s).")
                if masters.next != nil {
                    print("A rotation was interrupted. “lightbox keys rotate” finishes it.")
                }
            }
        }
    }
}

/// A data folder that is there already.
struct DataFolder {
    let url: URL
    private let configuration: Configuration

    init(_ configuration: Configuration) throws {
        self.configuration = configuration
        url = URL(filePath: configuration.dataDirectory)
        guard FileManager.default.fileExists(atPath: url.appending(path: "lightbox.sqlite").path) else {
            throw Exit(.noInput, "There are no data in \(url.path).")
        }
    }

    func sessions() throws -> SQLiteSessionStore {
        do throws(Fault) {
            return SQLiteSessionStore(try SQLiteDatabase(path: url.appending(path: "lightbox.sqlite").path))
        } catch {
            throw Exit(.unavailable, "The data folder \(url.path) can't be used: \(error)")
        }
    }
}
