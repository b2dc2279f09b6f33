import ArgumentParser
import Foundation
import OperatorAccess
import Workflows

/// `lightbox operators`
struct OperatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operators", abstract: "Names who may use the operators' addresses, and as what.",
        discussion: """
            The file is that of the setting operator.tokens-file. It keeps hashes only: a token is printed once, when it is \
            made. A running server reads the file when it changes.
            """,
        subcommands: [Add.self, List.self, Remove.self])

    fileprivate static func file(_ configuration: Configuration) throws -> URL {
        guard let path = configuration.operatorTokensFile else {
            throw Exit(.configuration, "Set operator.tokens-file to the file of the operators' tokens.")
        }
        return URL(filePath: path)
    }

    fileprivate static func tokens(_ file: URL, mayMake: Bool = false) throws -> OperatorTokens {
        if mayMake, !FileManager.default.fileExists(atPath: file.path) { return OperatorTokens() }
        do throws(OperatorAccessFault) {
            return try OperatorTokens(file: file)
        } catch {
            throw Exit(.noInput, error.description)
        }
    }
}

extension OperatorsCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token for somebody, and prints it: the only time that it is shown.",
            discussion: """
                viewer: reads. operator: also changes. clinician: reads, lowers an urgency, and opens one record in need.
                """)

        @Argument(help: "The name, as it will stand in the audit trail and be shown to patients.")
        var name: String

        @Option(name: .customLong("role"), help: "viewer, operator or clinician; several by repeating it.")
        var roles: [String]

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let file = try OperatorsCommand.file(try options.load())
                let named = try roles.map { text in
                    guard let role = Operator.Role(rawValue: text) else {
                        throw Exit(.badData, "“\(text)” is no role. There are viewer, operator and clinician.")
                    }
                    return role
                }
                var tokens = try OperatorsCommand.tokens(file, mayMake: true)
                do throws(OperatorAccessFault) {
                    let token = try tokens.add(name, roles: Set(named), at: Date())
                    try tokens.write(to: file)
                    print(token)
                } catch {
                    throw Exit(.badData, error.description)
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists names and roles, one a line.")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let file = try OperatorsCommand.file(try options.load())
                for entry in try OperatorsCommand.tokens(file).tokens {
                    let roles = entry.roles.map(\.rawValue).joined(separator: ",")
                    print("\(entry.name)\t\(roles)\t\(entry.createdAt.formatted(.iso8601))")
                }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes somebody's token away; it counts at once.")

        @Argument(help: "The name.")
        var name: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let file = try OperatorsCommand.file(try options.load())
                var tokens = try OperatorsCommand.tokens(file)
                guard tokens.remove(name) else { throw Exit(.noInput, "There is no token for “\(name)”.") }
                do throws(OperatorAccessFault) {
                    try tokens.write(to: file)
                } catch {
                    throw Exit(.cannotWrite, error.description)
                }
            }
        }
    }
}
