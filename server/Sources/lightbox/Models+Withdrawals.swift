import ArgumentParser
import Domain
import Foundation
import SQLiteStore
import Workflows

extension Models {
    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Withdraws a version of a model for good, and lists the reports that used it.",
            discussion:
                "A server that runs notices it at once: it analyses nothing more with this version, and says with each earlier result and report that the version was withdrawn. There is no way back; a version that was mended gets a new number."
        )

        @Argument(help: "The model's id, as “lightbox models list” shows it.")
        var id: String

        @Argument(help: "The version.")
        var version: String

        @Option(help: "What is wrong with it: a sentence for people.")
        var reason: String

        @Option(help: "Who withdraws it.")
        var by: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let configuration = try options.load()
                _ = Logs.start(configuration)
                let studies = try Models.studies(configuration)
                try await requireKnown(configuration, studies)
                let audit = CommandAudit()
                let withdraw = WithdrawModel(studies: studies, audit: audit, now: { Date() })
                let withdrawn: WithdrawModel.Withdrawn
                do throws(Fault) {
                    withdrawn = try await withdraw(id, version: version, because: reason, by: by)
                } catch .validation(let validation) {
                    let words = validation.faults.map { "--\($0.pointer.dropFirst()): \($0.detail)" }
                    throw Exit(.badData, words.joined(separator: "\n"))
                } catch {
                    throw Exit(.unavailable, "The withdrawal can't be written: \(error)")
                }
                try await audit.write(configuration)
                if !withdrawn.isNew { print("It was withdrawn before; what was said then stays.") }
                print(Models.words(for: withdrawn), terminator: "")
            }
        }

        /// A slip of the pen must not pass for a withdrawal.
        private func requireKnown(_ configuration: Configuration, _ studies: SQLiteStudyStore) async throws {
            let packages = try Package.all(configuration).compactMap { try? $0.manifest.get() }
            if packages.contains(where: { $0.id == id && $0.version == version }) { return }
            if try await studies.hasResults(of: id, version: version) { return }
            let there = packages.map { "\($0.id) \($0.version)" }.joined(separator: ", ")
            throw Exit(
                .noInput,
                "There is no package “\(id)” of version \(version), and no result of it. There is: \(there).")
        }
    }

    struct Withdrawals: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the withdrawn versions, and the reports that used each of them.")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let configuration = try options.load()
                let studies = try Models.studies(configuration)
                let all: [WithdrawModel.Withdrawn]
                do throws(Fault) {
                    all = try await WithdrawModel(studies: studies, audit: NoAudit(), now: { Date() }).list()
                } catch {
                    throw Exit(.unavailable, "The withdrawals can't be read: \(error)")
                }
                if all.isEmpty { print("No version was withdrawn.") }
                for withdrawn in all { print(Models.words(for: withdrawn), terminator: "") }
            }
        }
    }

    /// The database of the configured data folder; a server may be using it.
    private static func studies(_ configuration: Configuration) throws -> SQLiteStudyStore {
        let path = URL(filePath: configuration.dataDirectory).appending(path: "lightbox.sqlite").path
        guard FileManager.default.fileExists(atPath: path) else {
            throw Exit(
                .noInput,
                "There is no database at \(path). Set data.directory to that of the server; it makes the database at its first start."
            )
        }
        do throws(Fault) {
            return SQLiteStudyStore(try SQLiteDatabase(path: path), now: { Date() })
        } catch {
            throw Exit(.unavailable, "The database \(path) can't be opened: \(error)")
        }
    }

    /// A line for the version, and one for each report: its id, when it was made, for whom. Separated by tabs.
    private static func words(for withdrawn: WithdrawModel.Withdrawn) -> String {
        let withdrawal = withdrawn.withdrawal
        let version = [
            "\(withdrawal.model) \(withdrawal.version)", withdrawal.at.formatted(.iso8601), withdrawal.by,
            withdrawal.reason,
        ].joined(separator: "\t")
        let reports = withdrawn.reports.map {
            "report\t\($0.id)\t\($0.createdAt.formatted(.iso8601))\t\($0.audience.rawValue)"
        }
        return ([version] + reports).map { $0 + "\n" }.joined()
    }
}
