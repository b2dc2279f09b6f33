import Foundation
import Testing

@testable import lightbox

@Suite("Environments")
struct ProfileTests {
    private static func production(_ settings: [String: String] = [:]) throws -> Configuration {
        try Configuration(environment: ["LIGHTBOX_ENVIRONMENT": "production"].merging(settings) { $1 })
    }

    @Test("A profile changes defaults and nothing that somebody set")
    func defaults() throws {
        #expect(try Configuration().profile == .development)
        let production = try Self.production(["LIGHTBOX_DATA_DIRECTORY": "/srv/lightbox"])
        #expect(production.isSecure && production.logFormat == "json")
        #expect(production.masterKeyFile == "/etc/lightbox/keys/master.key")
        #expect(production.sources["http.secure"] == .profile)
        #expect(production.dataDirectory == "/srv/lightbox")
        let test = try Configuration(arguments: ["--environment", "test"])
        #expect(test.httpPort == 0 && !test.isSecure)
    }

    @Test("A flag names the environment before a variable, that before the file")
    func precedence() throws {
        let file = Data(#"{"environment": "production"}"#.utf8)
        #expect(try Configuration(file: file).profile == .production)
        let variable = ["LIGHTBOX_ENVIRONMENT": "test"]
        #expect(try Configuration(environment: variable, file: file).profile == .test)
        let flag = ["--environment=development"]
        #expect(try Configuration(arguments: flag, environment: variable, file: file).profile == .development)
    }

    @Test("Every row of the table is a setting, and its values are allowed", arguments: Profile.table.map(\.key))
    func rows(key: String) throws {
        let setting = try #require(Setting.byKey[key])
        let row = try #require(Profile.table.first { $0.key == key })
        #expect(!row.values.isEmpty)
        for value in row.values.values { #expect(setting.mistake(in: value) == nil) }
    }

    @Test("All dangers are listed together")
    func dangers() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["master.key", "signing.key", "token"] {
            let path = folder.appending(path: name).path
            _ = FileManager.default.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: 0o644])
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let configuration = try Self.production([
            "LIGHTBOX_DATA_DIRECTORY": folder.path, "LIGHTBOX_KEYS_MASTER_FILE": "\(folder.path)/master.key",
            "LIGHTBOX_KEYS_SIGNING_FILE": "\(folder.path)/signing.key",
            "LIGHTBOX_OPERATOR_TOKEN_FILE": "", "LIGHTBOX_OPERATOR_HOST": "0.0.0.0", "LIGHTBOX_HTTP_HOST": "0.0.0.0",
            "LIGHTBOX_HTTP_SECURE": "false", "LIGHTBOX_LOG_LEVEL": "debug", "LIGHTBOX_AUDIT_KEEP_DAYS": "30",
            "LIGHTBOX_ASSISTANT_ENDPOINT": "http://192.0.2.1:8081", "LIGHTBOX_WEB_DIRECTORY": "/nowhere",
            "LIGHTBOX_DOCS_DIRECTORY": "/nowhere", "LIGHTBOX_HTTP_PROT": "1",
        ])
        let found = configuration.dangers(environment: [:]).map(\.setting).filter { $0 != "user" }
        #expect(
            found == [
                "http.secure", "http.host", "operator.host", "assistant.endpoint", "keys.master-file",
                "keys.signing-file",
                "keys.master-file", "keys.signing-file", "data.directory", "web.directory", "docs.directory",
                "log.level",
                "audit.keep-days", "LIGHTBOX_HTTP_PROT",
            ])
        let refusal = #expect(throws: Exit.self) { try configuration.refuseDangers(environment: [:]) }
        #expect(refusal?.status == .configuration)
        for setting in found { #expect(refusal?.message.contains("  - \(setting): ") == true) }
    }

    @Test("TLS of its own is https for people, and not for operators")
    func ownTLS() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, mode) in [("key.pem", 0o644), ("tokens.json", 0o600)] {
            let path = folder.appending(path: name).path
            _ = FileManager.default.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: mode])
        }
        let configuration = try Self.production([
            "LIGHTBOX_HTTP_SECURE": "false", "LIGHTBOX_TLS_CERTIFICATE": "\(folder.path)/chain.pem",
            "LIGHTBOX_TLS_KEY": "\(folder.path)/key.pem", "LIGHTBOX_OPERATOR_HOST": "0.0.0.0",
            "LIGHTBOX_OPERATOR_TOKEN_FILE": "", "LIGHTBOX_OPERATOR_TOKENS_FILE": "\(folder.path)/tokens.json",
        ])
        let found = configuration.dangers(environment: [:]).map(\.setting)
        // The operators' listener has no TLS of its own, so that tokens would travel readable.
        #expect(!found.contains("http.secure") && found.contains("operator.host"))
        #expect(found.contains("tls.key") && !found.contains("operator.tokens-file"))
    }

    /// What can endanger people, or that nothing can: whoever adds a setting decides.
    private enum Decision {
        case harmless
        /// Values that do, on top of ``safe(in:)``. `LOOSE` is a file that others may read and write.
        case dangerous([[String: String]])

        static func with(_ values: String...) -> Decision { .dangerous(values.map { ["": $0] }) }
    }

    private static let decisions: [String: Decision] = [
        "environment": .harmless,
        "http.host": .with("0.0.0.0", "::", "192.0.2.7", "127.evil.example"),
        "http.port": .harmless, "http.secure": .with("false"), "http.hosts": .harmless,
        "http.trusted-proxies": .with("", "0.0.0.0/0", "127.0.0.1, 203.0.113.0/24", "8.0.0.0/5", "::/0"),
        "http.forwarded-header": .harmless,
        "http.cors-origins": .with("http://example.org", "https://example.org, http://example.com"),
        "http.hsts-seconds": .with("0"), "http.hsts-subdomains": .harmless,
        "tls.certificate": .harmless, "tls.key": .with("LOOSE"), "tls.redirect-port": .harmless,
        "limits.rate-percent": .with("0"),
        "limits.unlimited-addresses": .with("0.0.0.0/0", "127.0.0.0/8, 10.0.0.0/8", "::/0", "126.0.0.0/7"),
        "limits.event-streams-per-session": .harmless, "limits.connections": .harmless,
        "limits.connections-per-address": .harmless, "limits.header-timeout": .harmless,
        "limits.idle-timeout": .harmless, "limits.body-grace": .harmless, "limits.body-rate": .harmless,
        "limits.pause": .harmless, "limits.header-bytes": .harmless, "limits.header-count": .harmless,
        "operator.host": .with("0.0.0.0", "192.0.2.7"), "operator.port": .harmless,
        "operator.token-file": .with("LOOSE", "/nowhere"), "operator.tokens-file": .with("LOOSE"),
        "operator.oidc.issuer": .harmless, "operator.oidc.audience": .harmless,
        "operator.oidc.jwks-file": .with("LOOSE"), "operator.oidc.role-claim": .harmless,
        "operator.web-directory": .harmless,
        "data.directory": .with("LOOSE"), "data.copies-days": .harmless,
        "keys.master-file": .with("LOOSE"), "keys.master": .harmless, "keys.next-master": .harmless,
        "keys.signing-file": .with("LOOSE"), "audit.keep-days": .with("364"),
        "audit.former-keys-file": .with("LOOSE"),
        "upload.max-bytes": .harmless, "upload.max-per-session": .harmless, "upload.max-pixels": .harmless,
        "upload.min-edge": .harmless, "upload.resume-within": .harmless,
        "session.idle-timeout": .harmless, "session.absolute-timeout": .harmless,
        "queue.length": .harmless, "queue.max-per-session": .harmless, "queue.patience": .harmless,
        "queue.tries": .harmless, "queue.drain-seconds": .harmless, "blind.longest-minutes": .harmless,
        "worker.count": .harmless, "worker.threads": .harmless, "worker.batch": .harmless,
        // 0 isn't allowed for these.
        "worker.memory-limit": .harmless, "worker.recycle-above": .harmless, "worker.timeout": .harmless,
        "worker.processor-limit": .with("0"), "memory.soft-limit": .with("0"), "worker.path": .harmless,
        "models.directory": .harmless, "model": .harmless, "openvino.directory": .harmless,
        "sentence.model": .harmless, "sentence.tokenizer": .harmless,
        "assistant.endpoint": .with("http://192.0.2.1:8081", "HTTP://model.example", "http://127.evil.example"),
        "assistant.secondary-endpoint": .with("http://192.0.2.1:8081"),
        "assistant.model": .harmless, "assistant.token-file": .with("LOOSE"), "assistant.slots": .harmless,
        "assistant.first-token-timeout": .harmless, "assistant.timeout": .harmless, "assistant.max-tokens": .harmless,
        "assistant.context-tokens": .harmless,
        "assistant.keep-prefix": .harmless,
        // Who sets it says that the model was measured for it.
        "assistant.trusted-model": .harmless,
        "web.directory": .with("/nowhere"), "docs.directory": .with("/nowhere"),
        "samples.directory": .harmless, "emergency.number": .harmless, "report.responsible": .harmless,
        "report.max-per-session": .harmless, "model.check-hour": .harmless, "health.disk-free-mib": .harmless,
        "traces.otlp-endpoint": .with("http://192.0.2.1:4318"), "alerts.rules-file": .harmless,
        "alerts.webhook-url": .with("http://hooks.example/x"), "alerts.webhook-secret-file": .with("LOOSE"),
        "alerts.mail-to": .harmless, "alerts.mail-from": .harmless, "alerts.smtp-host": .harmless,
        "alerts.smtp-port": .harmless,
        "alerts.smtp-tls": .dangerous([
            ["": "false", "alerts.smtp-host": "mail.example", "alerts.mail-to": "a@example.org"]
        ]),
        "alerts.smtp-authority-file": .harmless, "alerts.smtp-user": .harmless,
        "alerts.smtp-password-file": .with("LOOSE"), "alerts.certificate-file": .harmless,
        "log.format": .harmless, "log.level": .with("debug"),
    ]

    /// Settings in production that are safe, all files of which are in this folder.
    private static func safe(in folder: URL) throws -> [String: String] {
        for name in ["data", "web", "docs"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        for (name, mode) in [
            ("master.key", 0o600), ("signing.key", 0o600), ("token", 0o600), ("web/index.html", 0o644),
            ("LOOSE", 0o666),
        ] {
            let path = folder.appending(path: name).path
            _ = FileManager.default.createFile(atPath: path, contents: Data(), attributes: [:])
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        return [
            "data.directory": "\(folder.path)/data", "keys.master-file": "\(folder.path)/master.key",
            "keys.signing-file": "\(folder.path)/signing.key", "operator.token-file": "\(folder.path)/token",
            "web.directory": "\(folder.path)/web", "docs.directory": "\(folder.path)/docs",
        ]
    }

    @Test("For each setting it was decided whether it can endanger people, and each value that does is noticed")
    func decided() throws {
        #expect(Set(Self.decisions.keys) == Set(Setting.all.map(\.key)))
        let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let safe = try Self.safe(in: folder)

        func dangers(_ values: [String: String]) throws -> [String] {
            let settings = safe.merging(values) { $1 }
            let environment = Dictionary(
                uniqueKeysWithValues: try settings.map { (try #require(Setting.byKey[$0.key]).variable, $0.value) })
            return try Self.production(environment).dangers(environment: [:]).map(\.setting).filter { $0 != "user" }
        }

        #expect(try dangers([:]) == [])
        for (key, decision) in Self.decisions {
            guard case .dangerous(let cases) = decision else { continue }
            for values in cases {
                let settings = Dictionary(
                    uniqueKeysWithValues: values.map { name, value in
                        (name.isEmpty ? key : name, value == "LOOSE" ? "\(folder.path)/LOOSE" : value)
                    })
                #expect(try dangers(settings) == [key], "\(key): \(values)")
            }
        }
        // What looks alike and is safe.
        for values in [
            ["assistant.endpoint": "http://[::1]:8081"], ["assistant.endpoint": "https://model.example"],
            ["traces.otlp-endpoint": "http://localhost:4318"], ["alerts.webhook-url": "https://hooks.example/x"],
            ["alerts.smtp-tls": "false", "alerts.mail-to": "a@example.org"],
            ["http.host": "0.0.0.0", "http.trusted-proxies": "10.88.0.0/16"],
            ["http.trusted-proxies": "127.0.0.1, 203.0.113.7, fd00::/8"], ["http.cors-origins": "https://example.org"],
            ["limits.unlimited-addresses": ""], ["limits.unlimited-addresses": "127.0.0.1"],
        ] {
            #expect(try dangers(values) == [], "\(values)")
        }
    }

    @Test("The same settings don't stop a developer")
    func development() throws {
        let configuration = try Configuration(arguments: ["--log-level", "debug"])
        #expect(!configuration.dangers(environment: [:]).isEmpty)
        try configuration.refuseDangers(environment: [:])
    }

    @Test("A key that systemd lends by an access list is nobody else's; one that others can read is")
    func credentials() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "token").path
        let lent = ["CREDENTIALS_DIRECTORY": folder.path]
        for (mode, isDanger) in [(0o440, false), (0o444, true), (0o400, false)] {
            try? FileManager.default.removeItem(atPath: path)
            _ = FileManager.default.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: mode])
            let configuration = try Self.production(["LIGHTBOX_OPERATOR_TOKEN_FILE": path])
            #expect(
                configuration.dangers(environment: lent).contains { $0.setting == "operator.token-file" } == isDanger)
            if mode == 0o440 {
                #expect(configuration.dangers(environment: [:]).contains { $0.setting == "operator.token-file" })
            }
        }
    }
}
