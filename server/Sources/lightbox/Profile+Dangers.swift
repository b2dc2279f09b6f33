import Foundation
import Glibc
import Listener

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

    private var networkDangers: [Danger] { listenerDangers + limitDangers + outwardDangers }

    private var listenerDangers: [Danger] {
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
        // A proxy on another machine, or in another container, has to reach it; who names one has thought of that.
        let hasProxyElsewhere = trustedProxies.contains { range in
            !AddressRange.loopback.contains(where: range.isWithin)
        }
        if !hasTLS, !Self.isLoopback(httpHost), !hasProxyElsewhere {
            found.append(
                Danger(
                    setting: "http.host",
                    trouble: "it is reached from other machines past the proxy, and all that it says is readable",
                    remedy:
                        "Set it to 127.0.0.1, set tls.certificate and tls.key, or name the other machine's proxy in http.trusted-proxies."
                ))
        }
        if !Self.isLoopback(operatorHost) {
            let isOpen = operatorTokenFile == nil && operatorTokensFile == nil && operatorIssuer == nil
            found.append(
                Danger(
                    setting: "operator.host",
                    trouble:
                        "the operators' listener can be reached from other machines, \(isOpen ? "without a token" : "and tokens travel readable")",
                    remedy: "Set it to 127.0.0.1, and come by ssh or by a proxy that speaks https."))
        }
        if isBehindTLS, integer("http.hsts-seconds") == 0 {
            found.append(
                Danger(
                    setting: "http.hsts-seconds", trouble: "browsers aren't told to come by https only",
                    remedy: "Set it to 63072000, two years."))
        }
        for origin in (WebSettings.origins(text("http.cors-origins")) ?? []).sorted() where !Self.isHTTPS(origin) {
            found.append(
                Danger(
                    setting: "http.cors-origins",
                    trouble: "whoever is between can change the page \(origin), and use the API by it",
                    remedy: "Name origins with https only."))
        }
        return found
    }

    private var limitDangers: [Danger] {
        var found: [Danger] = []
        if isSecure, !hasTLS, trustedProxies.isEmpty {
            found.append(
                Danger(
                    setting: "http.trusted-proxies",
                    trouble: "everybody has the proxy's address, so that limits of addresses hold for nobody",
                    remedy: "Name the proxy: 127.0.0.1 where it is on this machine."))
        }
        if trustedProxies.contains(where: { range in
            !range.isSingle && !AddressRange.closed.contains(where: range.isWithin)
        }) {
            found.append(
                Danger(
                    setting: "http.trusted-proxies",
                    trouble: "it names addresses of the internet, from where anybody may say to be anybody",
                    remedy: "Name the proxies one by one, or a private network."))
        }
        if !unlimitedAddresses.allSatisfy({ range in AddressRange.loopback.contains(where: range.isWithin) }) {
            found.append(
                Danger(
                    setting: "limits.unlimited-addresses", trouble: "more than this machine is unlimited",
                    remedy: "Set it to 127.0.0.0/8, ::1, or to nothing."))
        }
        if integer("limits.rate-percent") == 0 {
            found.append(
                Danger(
                    setting: "limits.rate-percent", trouble: "there are no rate limits", remedy: "Set it to 100."))
        }
        for (setting, what) in [
            ("worker.processor-limit", "a picture may keep processors busy until worker.timeout"),
            ("memory.soft-limit", "the server holds its caches until the system ends it"),
        ] where integer(setting) == 0 {
            found.append(
                Danger(
                    setting: setting, trouble: "there is no limit: \(what)",
                    remedy: "Set it to \(Setting.byKey[setting]?.standard ?? "its default")."))
        }
        return found
    }

    /// What leaves this machine.
    private var outwardDangers: [Danger] {
        var found: [Danger] = []
        for (setting, what) in [
            ("assistant.endpoint", "what people ask travels"),
            ("assistant.secondary-endpoint", "what people ask travels"),
            ("alerts.webhook-url", "alerts travel"), ("traces.otlp-endpoint", "traces travel"),
        ] {
            guard let address = path(setting, or: nil), !Self.isHTTPS(address) else { continue }
            found.append(
                Danger(
                    setting: setting, trouble: "\(what) readable to another machine",
                    remedy: "Use https, or a server on this machine."))
        }
        if !alertRecipients.isEmpty, !alertMailUsesTLS, !Self.isLoopback(alertMailHost) {
            found.append(
                Danger(
                    setting: "alerts.smtp-tls", trouble: "mails travel readable to another machine",
                    remedy: "Set it to true, or use a mail server on this machine."))
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
            ("alerts.webhook-secret-file", alertWebhookSecretFile),
            ("alerts.smtp-password-file", alertMailPasswordFile),
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
        for (setting, path, what) in [
            ("operator.oidc.jwks-file", operatorKeysFile, "is any operator that they like"),
            ("audit.former-keys-file", formerAuditKeysFile, "can write a trail that proves whole"),
        ] {
            guard let path, let mode = Self.mode(of: path), mode & 0o022 != 0 else { continue }
            found.append(
                Danger(
                    setting: setting, trouble: "other users can write \(path), and whoever does so \(what)",
                    remedy: "Take their rights away: chmod go-w \(path)"))
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
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard let address = IPAddress(name) else { return name.lowercased() == "localhost" }
        return AddressRange.loopback.contains { $0.contains(address) }
    }

    /// Whether an address is reached by https, or doesn't leave this machine.
    private static func isHTTPS(_ address: String) -> Bool {
        guard let parts = URLComponents(string: address), let host = parts.host else { return true }
        return parts.scheme?.lowercased() == "https" || isLoopback(host)
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
