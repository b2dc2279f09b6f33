import ArgumentParser
import Foundation
import Logging
import SQLiteStore
import ServiceLifecycle
import Workflows

/// `lightbox migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the database up to this program's schema, or says what that would do.",
        discussion: """
            “lightbox serve” does the same at its start. Before a database with content is changed, it is copied beside \
            itself as lightbox.before-migration-N.sqlite; docs/operations.md says under Rollback how to go back to it.
            Exit status with --check: 0 up to date, 1 migrations would run, 66 there is no database, 69 a newer program wrote it.
            """)

    @Flag(help: "Only say what would run.")
    var check = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let isPending = try await Exit.reporting {
            let configuration = try options.load()
            guard FileManager.default.fileExists(atPath: configuration.database) else {
                throw Exit(.noInput, "There is no database at \(configuration.database). “lightbox serve” makes it.")
            }
            let state: SchemaState
            do {
                state = try SQLiteDatabase.schema(of: configuration.database)
            } catch {
                throw Exit(.unavailable, "\(configuration.database) can't be read: \(error)")
            }
            for name in state.applied { print("\(state.unknown.contains(name) ? "unknown" : "applied")  \(name)") }
            for name in state.pending { print("pending  \(name)") }
            guard state.unknown.isEmpty else {
                throw Exit(.unavailable, "A newer Lightbox wrote this database. Start that one, or go back to a copy.")
            }
            if check { return !state.pending.isEmpty }
            do throws(Fault) {
                try SQLiteDatabase(path: configuration.database).close()
            } catch {
                throw Exit(.unavailable, "\(configuration.database) can't be brought up to date: \(error)")
            }
            print("The database is up to date.")
            return false
        }
        if isPending { throw ExitCode(1) }
    }
}

/// Removes copies from before a migration when their time is over.
struct CopiesService: Service {
    let database: String
    let lifetime: TimeInterval
    let logger: Logger
    let now: @Sendable () -> Date

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let removed = try SQLiteDatabase.removeCopies(beside: database, olderThan: lifetime, now: now())
                    if removed > 0 {
                        logger.notice("copies from before a migration removed", metadata: ["count": "\(removed)"])
                    }
                } catch {
                    logger.error("copies of the database could not be removed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(3600))
            }
        }
    }
}
