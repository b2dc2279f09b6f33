import ArgumentParser
import Custody
import Domain
import Foundation
import ReportRendering
import Workflows

/// `lightbox report`
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Holds reports against their seals, without a server and without a network.",
        subcommands: [Verify.self, Key.self])

    /// This instance's key, or nil where it has none here.
    private static func ownKey(_ configuration: Configuration) throws -> ReportKey? {
        let path = configuration.signingKeyFile
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do throws(KeyFault) {
            return ReportKey(of: try SigningKey.load(path, mayMake: false))
        } catch {
            throw Exit(.unavailable, error.description)
        }
    }
}

extension ReportCommand {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says whether reports are as this instance made them, and if not, where they were changed.",
            discussion: """
                Takes the files as they were downloaded, in any format, or the text of a printed report's QR code. Trusted is \
                the key given by --key, else this instance's own (see “lightbox report key”).
                Exit status: 0 genuine and sealed with a trusted key, 1 changed or not proven, 2 no report, 66 a file can't \
                be opened. Of several files, the worst counts.
                """)

        @Option(
            name: .customLong("key"),
            help: "The key to trust: a file or the text itself, as JWK, JWKS, PEM, or 32 bytes in Base64.")
        var keys: [String] = []

        @Option(help: "The text of a QR code, which begins with LBX1.")
        var code: String?

        @Flag(help: "Prints JSON, one object for each file.")
        var json = false

        @Option(
            name: .customLong("config"),
            help: "A JSON file of settings. Flags and LIGHTBOX_… variables come before it.")
        var configurationFile: String?

        @Argument(parsing: .allUnrecognized, help: "Reports, and settings such as --keys-signing-file PATH.")
        var files: [String] = []

        func run() async throws {
            let status = try await Exit.reporting {
                let (files, settings) = split()
                guard code != nil || !files.isEmpty else { throw Exit(.noInput, "Name a file, or give a --code.") }
                let trusted = try trusted(settings)
                var verdicts: [Verdict] = []
                if let code { verdicts.append(Verdict(ReportCode.read(code, trusted: trusted))) }
                for file in files { verdicts.append(try Verdict(file, trusted: trusted)) }
                try show(verdicts)
                return verdicts.map(\.status).max() ?? 0
            }
            if status != 0 { throw ExitCode(status) }
        }

        /// Settings come as `--name value` or `--name=value`; everything else is a file.
        private func split() -> (files: [String], settings: [String]) {
            var names: [String] = []
            var settings: [String] = []
            var rest = files[...]
            while let word = rest.popFirst() {
                guard word.hasPrefix("--") else {
                    names.append(word)
                    continue
                }
                settings.append(word)
                if !word.contains("="), let value = rest.popFirst() { settings.append(value) }
            }
            return (names, settings)
        }

        private func trusted(_ settings: [String]) throws -> [ReportKey] {
            var options = ConfigurationOptions()
            options.file = configurationFile
            options.settings = settings
            let configuration = try options.load()
            guard !keys.isEmpty else { return try ReportCommand.ownKey(configuration).map { [$0] } ?? [] }
            return try keys.flatMap { key in
                let text = FileManager.default.contents(atPath: key).map { String(decoding: $0, as: UTF8.self) } ?? key
                let found = ReportKey.read(text)
                guard !found.isEmpty else {
                    throw Exit(.badData, "--key \(key.prefix(80)): no file with a key for Ed25519, and no such key.")
                }
                return found
            }
        }

        private func show(_ verdicts: [Verdict]) throws {
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            for verdict in verdicts {
                if json {
                    print(String(decoding: try encoder.encode(verdict), as: UTF8.self))
                } else {
                    print("\(verdict.name): \(verdict.sentences.joined(separator: "\n  "))")
                }
            }
        }
    }

    /// What is printed about one file or code.
    struct Verdict: Encodable {
        struct Change: Encodable {
            var kind: String
            /// Offsets in the file; `to` is the first one after.
            var from: Int
            var to: Int
            /// How many bytes there are more (or fewer, below 0) than were sealed.
            var grownBy: Int?
            var was: UInt8?
            var now: UInt8?
            var sentence: String
        }

        var name: String
        var outcome: String
        var isTrusted: Bool
        var key: ReportKey.JWK?
        var statement: ReportStatement?
        var changes: [Change]
        var sentences: [String]
        let status: Int32

        init(_ path: String, trusted: [ReportKey]) throws {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Exit(.noInput, "\(path): the file can't be read.")
            }
            let found = ReportSeal.verify([UInt8](data), trusted: trusted)
            name = path
            outcome = found.outcome.rawValue
            isTrusted = found.isTrusted
            key = found.key?.jwk
            statement = found.statement
            changes = found.changes.map(Change.init)
            sentences = found.sentences
            status =
                switch found.outcome {
                case .genuine: found.isTrusted ? 0 : 1
                case .changed, .sealChanged, .cutShort: 1
                case .noSeal: 2
                }
        }

        init(_ reading: ReportCode.Reading) {
            name = "code"
            changes = []
            isTrusted = false
            switch reading {
            case .genuine(let content, let key):
                outcome = "genuine"
                isTrusted = true
                self.key = key.jwk
                sentences = ["Genuine, signed with a trusted key, fingerprint \(key.id)."] + content.sentences
                status = 0
            case .unknownKey(let content):
                outcome = "unknown-key"
                sentences =
                    ["Not proven: it names a key that isn't among the trusted ones, \(content.keyID)…."]
                    + content.sentences
                status = 1
            case .forged(let content):
                outcome = "forged"
                sentences = [
                    "Not genuine: it names the key \(content.keyID)…, which didn't sign this. It was changed or misread."
                ]
                status = 1
            case .unreadable:
                outcome = "unreadable"
                sentences = ["This is no code of a report, or it was misread."]
                status = 2
            }
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Prints the key that this instance's reports are checked with: its fingerprint, and itself as JWK.",
            discussion:
                "It is no secret. Give it to whoever wants to check reports; “lightbox report verify --key” takes it.")

        @Flag(help: "Prints the JWK only.")
        var jwk = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let configuration = try options.load()
                guard let key = try ReportCommand.ownKey(configuration) else {
                    throw Exit(
                        .unavailable,
                        "There is no key at \(configuration.signingKeyFile) yet. “lightbox serve” makes it.")
                }
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                if !jwk { print("Fingerprint: \(key.id)") }
                print(String(decoding: try encoder.encode(key.jwk), as: UTF8.self))
            }
        }
    }
}

extension ReportCommand.Verdict.Change {
    init(_ change: ReportVerification.Change) {
        sentence = change.sentence
        switch change {
        case .byte(let place, let was, let now):
            (kind, from, to, self.was, self.now) = ("byte", place, place + 1, was, now)
        case .bytes(let range): (kind, from, to) = ("bytes", range.lowerBound, range.upperBound)
        case .inserted(let range):
            (kind, from, to, grownBy) = ("inserted", range.lowerBound, range.upperBound, range.count)
        case .grown(let range, let count):
            (kind, from, to, grownBy) = ("bytes", range.lowerBound, range.upperBound, count)
        case .removed(let range, let count, let value):
            (kind, from, to, grownBy, was) = ("removed", range.lowerBound, range.upperBound, -count, value)
        case .cut(let place, let count): (kind, from, to, grownBy) = ("cut", place, place, -count)
        case .ended(let place, let count): (kind, from, to, grownBy) = ("cut", place, place, count.map { -$0 })
        case .seal(let range): (kind, from, to) = ("seal", range.lowerBound, range.upperBound)
        case .moved(let old, let new): (kind, from, to) = ("moved", old, new)
        }
    }
}
