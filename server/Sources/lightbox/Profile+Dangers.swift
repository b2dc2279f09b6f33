import Foundation
import Glibc

/// A setting that is not safe where people's pictures are.
struct Danger: Equatable, CustomStringConvertible {
    let setting: String
    /// What is wrong, as the end of a sentence that begins with the setting's name.
    let trouble: String
    let remedy: String

    var description: String { "\(setting): \(trouble). \(remedy)" }
}

extension Configuration {
    /// Ends the program where it serves people and isn't set up for that.
    func refuseDangers(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        guard profile == .production else { return }
        let found = dangers(environment: environment)
        guard !found.isEmpty else { return }
        let count = found.count == 1 ? "a setting that isn't" : "\(found.count) settings that aren't"
        throw Exit(
            .configuration,
            (["Production doesn't start with \(count) safe:"] + found.map { "  - \($0)" }).joined(separator: "\n"))
    }

    /// Everything that isn't safe for production, all together; the same list in every environment.
    func dangers(environment: [String: String] = ProcessInfo.processInfo.environment) -> [Danger] {
        networkDangers + fileDangers(credentials: environment["CREDENTIALS_DIRECTORY"]) + operationDangers
    }

    private var networkDangers: [Danger] {
        var found: [Danger] = []
        if !isBehindTLS {
            let reach = Self.isLoopback(httpHost) ? "" : ", and \(httpHost) can be reached from other machines"
            found.append(
                Danger(
                    setting: "http.secure", trouble: "cookies and pictures may travel readable\(reach)",
                    remedy:
                        "Serve by https: set tls.certificate and tls.key, or put Caddy or nginx in front and set it to true."
                ))
        }
        if !Self.isLoopback(operatorHost), operatorTokenFile == nil, operatorTokensFile == nil, operatorIssuer == nil {
            found.append(
                Danger(
                    setting: "operator.host",
                    trouble: "the operators' listener can be reached from other machines, without a token",
                    remedy: "Set it to 127.0.0.1, or set operator.tokens-file."))
        }
        for (setting, address) in [
            ("assistant.endpoint", assistantEndpoint), ("assistant.secondary-endpoint", assistantSecondaryEndpoint),
        ] {
            guard let address, let parts = URLComponents(string: address), parts.scheme == "http",
                !Self.isLoopback(parts.host ?? "")
            else { continue }
            found.append(
                Danger(
                    setting: setting, trouble: "what people ask travels readable to another machine",
                    remedy: "Use https, or a server on this machine."))
        }
        return found
    }

    private func fileDangers(credentials: String?) -> [Danger] {
        var found: [Danger] = []
        let data = Self.canonical(dataDirectory)
        for (setting, path) in [("keys.master-file", masterKeyFile), ("keys.signing-file", signingKeyFile)] {
            let place = Self.canonical(path)
            if place.hasPrefix(data + "/") {
                found.append(
                    Danger(
                        setting: setting,
                        trouble: "the key lies in the data folder, so that a copy of the data brings it along",
                        remedy: "Move it, for example to /etc/lightbox/keys."))
            }
        }
        let secrets: [(String, String?)] = [
            ("keys.master-file", masterKeyFile), ("keys.signing-file", signingKeyFile),
            ("operator.token-file", operatorTokenFile), ("operator.tokens-file", operatorTokensFile),
            ("tls.key", tlsKey), ("assistant.token-file", assistantTokenFile),
            ("data.directory", dataDirectory),
        ]
        for (setting, path) in secrets {
            guard let path, let mode = Self.mode(of: path) else { continue }
            // systemd lends a credential by an access list, which shows in the bits of the group.
            let isLent = credentials.map { Self.canonical(path).hasPrefix(Self.canonical($0) + "/") } ?? false
            if mode & (isLent ? 0o037 : 0o077) != 0 {
                found.append(
                    Danger(
                        setting: setting, trouble: "other users can look into \(path)",
                        remedy: "Take their rights away: chmod go= \(path)"))
            }
        }
        if let path = operatorTokenFile, Self.mode(of: path) == nil {
            found.append(
                Danger(
                    setting: "operator.token-file", trouble: "\(path) isn't there",
                    remedy: "Make it, with 16 characters or more, or set it to nothing to shut /admin."))
        }
        for (setting, folder, what) in [
            ("web.directory", webDirectory.map { $0 + "/index.html" }, "there is no web app"),
            ("docs.directory", docsDirectory, "there are no texts for the addresses that errors point to"),
        ] where folder.flatMap(Self.mode) == nil {
            found.append(Danger(setting: setting, trouble: what, remedy: "Set it to the folder, or build it."))
        }
        return found
    }

    private var operationDangers: [Danger] {
        var found: [Danger] = []
        if logLevel == "debug" {
            found.append(
                Danger(
                    setting: "log.level", trouble: "debug says more than a log for operators should hold",
                    remedy: "Set it to info."))
        }
        if auditRetention < .seconds(365 * 86_400) {
            found.append(
                Danger(
                    setting: "audit.keep-days", trouble: "less than a year of the trail is kept",
                    remedy: "Set it to 365 or more; 2192 is six years."))
        }
        if geteuid() == 0 {
            found.append(
                Danger(
                    setting: "user", trouble: "the program runs as root", remedy: "Start it as a user of its own."))
        }
        found += unknownVariables.map {
            Danger(
                setting: $0, trouble: "there is no such setting, so whatever it was meant to do isn't done",
                remedy: "Mend its name or remove it.")
        }
        return found
    }

    // MARK: - Looking

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
    }

    private static func mode(of path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(filePath: path).resolvingSymlinksInPath().path)
        return (attributes?[.posixPermissions] as? Int).map { $0 & 0o777 }
    }

    /// Absolute, without links as far as the path exists: what isn't there yet is placed by the folder that is.
    private static func canonical(_ path: String) -> String {
        var rest: [String] = []
        var url = URL(filePath: path).standardizedFileURL
        while url.path != "/" {
            if let found = realpath(url.path, nil) {
                defer { free(found) }
                return ([String(cString: found)] + rest.reversed()).joined(separator: "/")
            }
            rest.append(url.lastPathComponent)
            url.deleteLastPathComponent()
        }
        return "/" + rest.reversed().joined(separator: "/")
    }
}
