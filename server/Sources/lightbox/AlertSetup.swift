import Foundation
import Observability
import Telemetry
import Workflows

/// What tells operators: the rules of alerts, and the ways to reach people. Read as a whole before anything is started,
/// so that whoever set it wrongly hears of it then, and not on the day of the first alert.
struct AlertSetup {
    let rules: [AlertRule]
    private let webhook: (url: String, secret: [UInt8]?)?
    private let mail: (server: Mailer.Server, from: String, to: [String])?

    /// - Throws: ``ConfigurationMistakes`` with all mistakes together; those of rules name the rule and the field.
    init(_ configuration: Configuration) throws(ConfigurationMistakes) {
        var reader = Reader(configuration: configuration)
        rules = reader.rules()
        webhook = reader.webhook()
        mail = reader.mail()
        guard reader.mistakes.isEmpty else { throw ConfigurationMistakes(reader.mistakes) }
    }

    /// The ways to reach operators that are configured.
    func channels(now: @escaping @Sendable () -> Date) -> [any AlertChannel] {
        var channels: [any AlertChannel] = []
        if let webhook { channels.append(Webhook(url: webhook.url, secret: webhook.secret, now: now)) }
        if let mail { channels.append(Mailer(server: mail.server, from: mail.from, to: mail.to, now: now)) }
        return channels
    }

    private struct Reader {
        let configuration: Configuration
        var mistakes: [String] = []

        mutating func rules() -> [AlertRule] {
            guard let file = configuration.alertRulesFile else { return AlertRule.standard }
            guard let text = FileManager.default.contents(atPath: file) else {
                mistakes.append("alerts.rules-file: \(file) can't be read")
                return []
            }
            do throws(AlertRuleMistakes) {
                return try AlertRule.list(from: text)
            } catch {
                mistakes += error.mistakes.map { "alerts.rules-file: \(file): \($0)" }
                return []
            }
        }

        mutating func webhook() -> (url: String, secret: [UInt8]?)? {
            let secret = secret(configuration.alertWebhookSecretFile, "alerts.webhook-secret-file")
            return configuration.alertWebhook.map { ($0, secret) }
        }

        mutating func mail() -> (server: Mailer.Server, from: String, to: [String])? {
            let password = secret(configuration.alertMailPasswordFile, "alerts.smtp-password-file")
            let authority = configuration.alertMailAuthorityFile
            if let authority, Certificate.end(ofFile: authority) == nil {
                mistakes.append("alerts.smtp-authority-file: \(authority) holds no certificate that can be read")
            }
            let user = configuration.alertMailUser
            if (user == nil) != (configuration.alertMailPasswordFile == nil) {
                mistakes.append("alerts.smtp-user and alerts.smtp-password-file: one is of no use without the other")
            }
            if user != nil, !configuration.alertMailUsesTLS {
                mistakes.append("alerts.smtp-tls: must be true with alerts.smtp-user")
            }
            let recipients = configuration.alertRecipients
            guard !recipients.isEmpty else { return nil }
            guard let from = configuration.alertSender else {
                mistakes.append("alerts.mail-from: is needed with alerts.mail-to")
                return nil
            }
            let server = Mailer.Server(
                host: configuration.alertMailHost, port: configuration.alertMailPort,
                usesTLS: configuration.alertMailUsesTLS, authorityFile: authority, user: user,
                password: password.map { String(decoding: $0, as: UTF8.self) })
            return (server, from, recipients)
        }

        private mutating func secret(_ file: String?, _ setting: String) -> [UInt8]? {
            guard let file else { return nil }
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                mistakes.append("\(setting): \(file) can't be read")
                return nil
            }
            let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if secret.isEmpty { mistakes.append("\(setting): \(file) is empty") }
            return Array(secret.utf8)
        }
    }
}
