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
                "http.secure", "operator.host", "assistant.endpoint", "keys.master-file", "keys.signing-file",
                "keys.master-file", "keys.signing-file", "data.directory", "web.directory", "docs.directory",
                "log.level",
                "audit.keep-days", "LIGHTBOX_HTTP_PROT",
            ])
        let refusal = #expect(throws: Exit.self) { try configuration.refuseDangers(environment: [:]) }
        #expect(refusal?.status == .configuration)
        for setting in found { #expect(refusal?.message.contains("  - \(setting): ") == true) }
    }

    @Test("TLS of its own is https, and named operators are a token")
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
        #expect(!found.contains("http.secure") && !found.contains("operator.host"))
        #expect(found.contains("tls.key") && !found.contains("operator.tokens-file"))
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
