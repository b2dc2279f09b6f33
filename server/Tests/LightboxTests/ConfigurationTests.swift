import Foundation
import Logging
import Testing
import Workflows

@testable import lightbox

@Suite("The configuration")
struct ConfigurationTests {
    @Test("Flags come before the environment, that before the file, that before the defaults")
    func precedence() throws {
        let file = Data(#"{"http": {"port": 1001}, "http.host": "file", "queue.length": 7}"#.utf8)
        let environment = ["LIGHTBOX_HTTP_PORT": "1002", "LIGHTBOX_HTTP_HOST": "environment"]
        let configuration = try Configuration(
            arguments: ["--http-port", "1003"], environment: environment, file: file)
        #expect(configuration.httpPort == 1003)
        #expect(configuration.httpHost == "environment")
        #expect(configuration.limits.queueLength == 7)
        #expect(configuration.operatorPort == 9090)
        #expect(configuration.sources["http.port"] == .flag)
        #expect(configuration.sources["http.host"] == .environment)
        #expect(configuration.sources["queue.length"] == .file)
        #expect(configuration.sources["operator.port"] == .standard)
    }

    @Test("Every server binds to loopback unless told otherwise")
    func loopback() throws {
        let configuration = try Configuration()
        #expect(configuration.httpHost == "127.0.0.1")
        #expect(configuration.operatorHost == "127.0.0.1")
    }

    @Test("All mistakes are told together, each with its place")
    func mistakes() throws {
        let error = try #require(throws: ConfigurationMistakes.self) {
            try Configuration(
                arguments: ["--http-port=x", "--nothing", "1", "--log-level"],
                environment: ["LIGHTBOX_HTTP_SECURE": "maybe"], file: Data(#"{"queue": {"length": 0}, "a": 1}"#.utf8))
        }
        #expect(
            error.mistakes.sorted() == [
                "--log-level (flag): a value is missing", "--nothing (flag): there is no such setting",
                "a (file): there is no such setting",
                "http.port (flag): “x” must be a whole number, 0 to 65535",
                "http.secure (environment): “maybe” must be `true` or `false`",
                "queue.length (file): “0” must be a whole number, 1 to 100000",
            ])
    }

    @Test(
        "Trust is in one model by its name, and doesn't pass on to another",
        arguments: [
            ("", "m", false), ("m", "m", true), ("m", "other", false), ("m", "M", false),
        ])
    func trust(trusted: String, model: String, isTrusted: Bool) throws {
        let configuration = try Configuration(
            arguments: ["--assistant-trusted-model=\(trusted)", "--assistant-model=\(model)"])
        #expect(configuration.trustsAssistant(configuration.assistantModel) == isTrusted)
    }

    @Test(
        "An answer may take half of what a model's server takes, and no more", arguments: [(2048, true), (2049, false)])
    func answersRoom(tokens: Int, fits: Bool) throws {
        let configuration = try Configuration(
            arguments: ["--assistant-endpoint=http://127.0.0.1:9", "--assistant-max-tokens=\(tokens)"])
        let make = { try configuration.languageModel(logger: Logger(label: "test")) }
        if fits {
            #expect(try make() != nil)
        } else {
            #expect(throws: Exit.self) { try make() }
        }
    }

    @Test("A file that is no JSON object is a mistake", arguments: ["", "[]", "{", "3"])
    func notAnObject(text: String) {
        #expect(throws: ConfigurationMistakes(["the configuration file isn't a JSON object"])) {
            try Configuration(file: Data(text.utf8))
        }
    }

    @Test("Numbers and booleans in the file may be written as such")
    func types() throws {
        let configuration = try Configuration(file: Data(#"{"http.secure": true, "http.port": 81}"#.utf8))
        #expect(configuration.isSecure)
        #expect(configuration.httpPort == 81)
    }

    @Test("A variable that is no setting is told, not obeyed")
    func unknownVariables() throws {
        let configuration = try Configuration(environment: [
            "LIGHTBOX_HTTP_PROT": "1", "LIGHTBOX_CONFIG": "f", "LIGHTBOX_HTTP_PORT": "81", "PATH": "/bin",
        ])
        #expect(configuration.unknownVariables == ["LIGHTBOX_HTTP_PROT"])
    }

    @Test("A sentence model is used where both of its files can be read, and done without otherwise")
    func sentenceFiles() throws {
        let there = URL(filePath: #filePath).path()
        for (model, tokenizer) in [("/nowhere", there), (there, "/nowhere"), ("/nowhere", "/nowhere")] {
            let configuration = try Configuration(environment: [
                "LIGHTBOX_SENTENCE_MODEL": model, "LIGHTBOX_SENTENCE_TOKENIZER": tokenizer,
            ])
            #expect(configuration.sentenceModel == model && configuration.sentenceTokenizer == tokenizer)
            #expect(configuration.sentenceFiles == nil)
        }
        let configuration = try Configuration(arguments: ["--sentence-model", there, "--sentence-tokenizer", there])
        let files = try #require(configuration.sentenceFiles)
        #expect(files.model == there && files.tokenizer == there)
    }

    @Test("Every default is one of the allowed values", arguments: Setting.all.map(\.key))
    func defaults(key: String) throws {
        let setting = try #require(Setting.byKey[key])
        #expect(setting.mistake(in: setting.standard) == nil)
    }

    @Test("Names of flags and variables follow from the key")
    func names() throws {
        let setting = try #require(Setting.byKey["upload.max-bytes"])
        #expect(setting.flag == "--upload-max-bytes")
        #expect(setting.variable == "LIGHTBOX_UPLOAD_MAX_BYTES")
    }

    @Test(
        "An address that nothing can be posted to is a mistake",
        arguments: [
            ("https://example.org/hook", true), ("http://127.0.0.1:8000", true), ("http://[::1]:9/x?y=z", true),
            ("", true), ("example.org", false), ("ftp://example.org", false), ("https:///hook", false),
            ("https://a b", false), ("https://a:0/", false), ("https://a:99999/", false), ("https://ä.org", false),
        ])
    func webAddress(value: String, isAllowed: Bool) throws {
        let variables = ["LIGHTBOX_ALERTS_WEBHOOK_URL": value]
        if isAllowed {
            #expect(try Configuration(environment: variables).alertWebhook ?? "" == value)
        } else {
            let error = try #require(throws: ConfigurationMistakes.self) { try Configuration(environment: variables) }
            #expect(error.mistakes.first?.hasPrefix("alerts.webhook-url (environment): “") == true)
        }
    }

    @Test("Addresses of mail are held against their form")
    func mailAddresses() throws {
        let good = ["LIGHTBOX_ALERTS_MAIL_TO": "a@b.org, c@d.org", "LIGHTBOX_ALERTS_MAIL_FROM": "e@f.org"]
        #expect(try Configuration(environment: good).alertRecipients == ["a@b.org", "c@d.org"])
        let error = try #require(throws: ConfigurationMistakes.self) {
            try Configuration(environment: [
                "LIGHTBOX_ALERTS_MAIL_TO": "a@b.org, c", "LIGHTBOX_ALERTS_MAIL_FROM": "e@f.org,g@h.org",
            ])
        }
        let told = error.mistakes.sorted().map { $0.prefix(23) }
        #expect(told == ["alerts.mail-from (envir", "alerts.mail-to (environ"])
    }

    @Test("What belongs together for alerts is told before anything starts, all together")
    func alerts() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "alerts-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rules = folder.appending(path: "rules.json").path
        try Data(#"[{"id": "x"}]"#.utf8).write(to: URL(filePath: rules))
        let empty = folder.appending(path: "empty").path
        try Data(" \n".utf8).write(to: URL(filePath: empty))
        let configuration = try Configuration(environment: [
            "LIGHTBOX_ALERTS_RULES_FILE": rules, "LIGHTBOX_ALERTS_WEBHOOK_SECRET_FILE": "/nowhere",
            "LIGHTBOX_ALERTS_MAIL_TO": "a@b.org", "LIGHTBOX_ALERTS_SMTP_PASSWORD_FILE": empty,
            "LIGHTBOX_ALERTS_SMTP_AUTHORITY_FILE": empty,
        ])
        let error = try #require(throws: ConfigurationMistakes.self) { try AlertSetup(configuration) }
        let told = error.mistakes.map { $0.split(separator: ":").first.map(String.init) ?? "" }
        #expect(
            told == Array(repeating: "alerts.rules-file", count: 7) + [
                "alerts.webhook-secret-file", "alerts.smtp-password-file", "alerts.smtp-authority-file",
                "alerts.smtp-user and alerts.smtp-password-file", "alerts.mail-from",
            ])
        #expect(error.mistakes.first == "alerts.rules-file: \(rules): rule 1 (“x”): signal: is missing")
        #expect(try AlertSetup(Configuration()).channels(now: { .now }).isEmpty)
    }
}
