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
                A trail that doesn't begin with line 1 needs a signature for that. What another signing key signed before \
                counts with its public half, by --keys or in the file of audit.former-keys-file.
                Exit status: 0 whole, 1 not, 66 there is no trail.
                """)

        @Option(name: .customLong("heads"), help: "A copy of audit-heads.jsonl that was kept elsewhere.")
        var heads: String?

        @Option(
            name: .customLong("keys"),
            help: "Public keys that signed before: a file or the text itself, as JWK, JWKS, PEM, or 32 bytes in Base64."
        )
        var keys: String?

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let finding = try await Exit.reporting {
                let configuration = try options.load()
                let database = try AuditCommand.database(configuration)
                let trusted = [try Self.key(configuration)] + (try configuration.formerAuditKeys()) + (try formerKeys())
                let check: AuditCheck
                do {
                    check = try database.check(copies: try heads.map(Self.read) ?? [], keys: trusted)
                } catch let error as Exit {
                    throw error
                } catch {
                    throw Exit(.unavailable, "The audit trail can't be read: \(error)")
                }
                print(
                    check.finding.map {
                        "Not whole: \($0). The \(check.lines) lines before that are as they were written."
                    }
                        ?? "Whole: \(check.lines) lines, each as it was written.\(Self.words(for: check.release))")
                return check.finding
            }
            if finding != nil { throw ExitCode(1) }
        }

        private static func words(for release: AuditRelease?) -> String {
            guard let release else { return "" }
            let time = release.time.formatted(.iso8601)
            return switch release.kind {
            case .released: " Those up to line \(release.number) were let go, the last of them at \(time)."
            case .adopted:
                " It began with line \(release.number + 1) when it was brought up to date at \(time): nothing proves what was before."
            }
        }

        private func formerKeys() throws -> [ReportKey] {
            guard let keys else { return [] }
            let text = (try? String(contentsOfFile: keys, encoding: .utf8)) ?? keys
            let found = ReportKey.read(text)
            guard !found.isEmpty else { throw Exit(.badData, "There is no public key for Ed25519 in “\(keys)”.") }
            return found
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
            return try AuditHead.read(text).enumerated().map { index, head in
                guard let head else { throw Exit(.badData, "Line \(index + 1) of \(path) is no signed head.") }
                return head
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
