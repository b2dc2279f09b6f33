import Foundation
import Observability
import Telemetry
import Workflows

extension Configuration {
    /// The rules of alerts: those of the file that an operator named, or the standard ones.
    ///
    /// - Throws: ``Exit`` that says what is wrong with the file.
    func alertRules() throws -> [AlertRule] {
        guard let file = alertRulesFile else { return AlertRule.standard }
        guard let text = FileManager.default.contents(atPath: file) else {
            throw Exit(.configuration, "alerts.rules-file: \(file) can't be read")
        }
        do {
            let rules = try JSONDecoder().decode([AlertRule].self, from: text)
            let ids = rules.map(\.id)
            guard Set(ids).count == ids.count else {
                throw Exit(.configuration, "alerts.rules-file: two rules have the same id")
            }
            guard ids.allSatisfy({ $0.wholeMatch(of: /[a-z0-9-]{1,60}/) != nil }) else {
                throw Exit(.configuration, "alerts.rules-file: an id may hold a-z, 0-9 and - only")
            }
            guard rules.allSatisfy({ $0.for >= 0 && $0.repeat >= 60 }) else {
                throw Exit(.configuration, "alerts.rules-file: “for” must be 0 or more, “repeat” 60 or more")
            }
            return rules
        } catch let error as DecodingError {
            throw Exit(.configuration, "alerts.rules-file: \(file) is not a list of rules: \(LoggedCause(error))")
        }
    }

    /// The ways to reach operators that are configured.
    ///
    /// - Throws: ``Exit`` that says what is wrong with the settings.
    func alertChannels(now: @escaping @Sendable () -> Date) throws -> [any AlertChannel] {
        var channels: [any AlertChannel] = []
        if let url = alertWebhook {
            guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme), parts.host != nil
            else { throw Exit(.configuration, "alerts.webhook-url: must be of the form https://host/path") }
            channels.append(
                Webhook(url: url, secret: try secret(alertWebhookSecretFile, "alerts.webhook-secret-file"), now: now))
        }
        if !alertRecipients.isEmpty {
            guard let from = alertSender, Mailer.isAddress(from), alertRecipients.allSatisfy(Mailer.isAddress) else {
                throw Exit(.configuration, "alerts.mail-from and alerts.mail-to: must be e-mail addresses")
            }
            let password = try secret(alertMailPasswordFile, "alerts.smtp-password-file")
            guard password == nil || (alertMailUser != nil && alertMailUsesTLS) else {
                throw Exit(.configuration, "alerts.smtp-password-file: needs alerts.smtp-user and alerts.smtp-tls")
            }
            channels.append(
                Mailer(
                    server: Mailer.Server(
                        host: alertMailHost, port: alertMailPort, usesTLS: alertMailUsesTLS,
                        authorityFile: alertMailAuthorityFile, user: alertMailUser,
                        password: password.map { String(decoding: $0, as: UTF8.self) }),
                    from: from, to: alertRecipients, now: now))
        }
        return channels
    }

    private func secret(_ file: String?, _ setting: String) throws -> [UInt8]? {
        guard let file else { return nil }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Exit(.configuration, "\(setting): \(file) can't be read")
        }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !secret.isEmpty else { throw Exit(.configuration, "\(setting): \(file) is empty") }
        return Array(secret.utf8)
    }
}
