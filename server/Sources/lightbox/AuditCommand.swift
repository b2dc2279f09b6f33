import ArgumentParser
import AuditTrail
import Custody
import Domain
import Foundation
import Workflows

/// `lightbox audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Proves and prints the trail of what was done.",
        subcommands: [Verify.self, Export.self])

    fileprivate static func database(_ configuration: Configuration) throws -> AuditDatabase {
        let path = configuration.auditDatabase
        guard FileManager.default.fileExists(atPath: path) else {
            throw Exit(.noInput, "There is no audit trail at \(path). “lightbox serve” makes it.")
        }
        do {
            return try AuditDatabase(path: path)
        } catch {
            throw Exit(.unavailable, "The audit trail \(path) can't be read: \(error)")
        }
    }
}

extension AuditCommand {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Walks the trail from its beginning and names the first line that isn't as it was written.",
            discussion: """
                Each line is held against its hash, which covers all lines before it, and against the signed heads in the trail. \
                Whoever can write the file can also write it anew, with all hashes; a copy of audit-heads.jsonl kept \
                elsewhere, given by --heads, shows that.
                Exit status: 0 whole, 1 not, 66 there is no trail.
                """)

        @Option(name: .customLong("heads"), help: "A copy of audit-heads.jsonl that was kept elsewhere.")
        var heads: String?

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let finding = try await Exit.reporting {
                let configuration = try options.load()
                let database = try AuditCommand.database(configuration)
                let key = try Self.key(configuration)
                let check: AuditCheck
                do {
                    check = try database.check(copies: try heads.map(Self.read) ?? [], keys: [key])
                } catch let error as Exit {
                    throw error
                } catch {
                    throw Exit(.unavailable, "The audit trail can't be read: \(error)")
                }
                print(
                    check.finding.map {
                        "Not whole: \($0). The \(check.lines) lines before that are as they were written."
                    }
                        ?? "Whole: \(check.lines) lines, each as it was written.")
                return check.finding
            }
            if finding != nil { throw ExitCode(1) }
        }

        private static func key(_ configuration: Configuration) throws -> ReportKey {
            do throws(KeyFault) {
                return ReportKey(of: try SigningKey.load(configuration.signingKeyFile, mayMake: false))
            } catch {
                throw Exit(.unavailable, error.description)
            }
        }

        private static func read(_ path: String) throws -> [AuditHead] {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw Exit(.noInput, "\(path) can't be opened.")
            }
            return try text.split(separator: "\n").enumerated().map { index, line in
                do {
                    return try JSONDecoder().decode(AuditHead.self, from: Data(line.utf8))
                } catch {
                    throw Exit(.badData, "Line \(index + 1) of \(path) is no signed head.")
                }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the trail, one JSON object a line, in the order in which it was written.")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let database = try AuditCommand.database(try options.load())
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                try database.read { line in
                    print(String(decoding: try encoder.encode(Printed(line)), as: UTF8.self))
                }
            }
        }

        private struct Printed: Encodable {
            var number: Int
            var at: String
            var actor: AuditActor.Kind
            var session: String?
            var event: String
            var subject: String?
            var outcome: AuditOutcome
            var request: String?
            var bytes: Int?
            var name: String?
            var role: String?

            init(_ line: AuditLine) {
                number = line.number
                at = line.time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
                actor = line.actor
                session = line.session.isEmpty ? nil : line.session
                event = line.event
                subject = line.subject.isEmpty ? nil : line.subject
                outcome = line.outcome
                request = line.request.isEmpty ? nil : line.request
                bytes = line.bytes
                name = line.name.isEmpty ? nil : line.name
                role = line.role.isEmpty ? nil : line.role
            }
        }
    }
}
