import Domain
import Foundation
import Workflows

/// Where a value came from; the first wins.
enum ConfigurationSource: String {
    case flag, environment, file, profile
    case standard = "default"
}

/// The effective settings, read once. Flags come before the environment, that before the file, that
/// before the profile's defaults, those before the defaults of all.
struct Configuration: Sendable {
    private(set) var values: [String: String]
    private(set) var sources: [String: ConfigurationSource]
    /// Variables that begin with `LIGHTBOX_` and are no setting: perhaps a slip of the pen, so they are told.
    let unknownVariables: [String]
    let profile: Profile
    private let installation: Installation

    /// - Parameters:
    ///   - arguments: flags as typed, for example `["--http-port", "8081"]` or `["--http-port=8081"]`.
    ///   - environment: only names that begin with `LIGHTBOX_` count.
    ///   - file: a JSON object of keys, flat (`"http.port"`) or nested (`"http": {"port": …}`).
    /// - Throws: ``ConfigurationMistakes`` with all mistakes together.
    init(
        arguments: [String] = [], environment: [String: String] = [:], file: Data? = nil,
        installation: Installation = .current
    ) throws(ConfigurationMistakes) {
        var mistakes: [String] = []
        let layers: [(ConfigurationSource, [String: String])] = [
            (.file, file.map { Self.read(file: $0, &mistakes) } ?? [:]),
            (.environment, Self.read(environment: environment)),
            (.flag, Self.read(arguments: arguments, &mistakes)),
        ]
        let named = layers.compactMap { $0.1["environment"] }.last
        profile = named.flatMap(Profile.init) ?? .development
        let ownDefaults = profile.defaults
        values = Setting.byKey.mapValues { ownDefaults[$0.key] ?? $0.standard }
        sources = Setting.byKey.mapValues { ownDefaults[$0.key] == nil ? .standard : .profile }
        for (source, layer) in layers {
            for (key, value) in layer.sorted(by: { $0.key < $1.key }) {
                if Setting.byKey[key]?.isSecret == true, source != .environment {
                    mistakes.append("\(key) (\(source.rawValue)): a secret is only taken from the environment")
                    continue
                }
                if let mistake = Setting.byKey[key]?.mistake(in: value) {
                    mistakes.append("\(key) (\(source.rawValue)): “\(value.prefix(80))” \(mistake)")
                }
                values[key] = value
                sources[key] = source
            }
        }
        self.installation = installation
        unknownVariables = environment.keys.sorted().filter {
            $0.hasPrefix("LIGHTBOX_") && $0 != "LIGHTBOX_CONFIG" && Self.byVariable[$0] == nil
        }
        guard mistakes.isEmpty else { throw ConfigurationMistakes(mistakes) }
    }

    private static func read(file: Data, _ mistakes: inout [String]) -> [String: String] {
        guard let object = try? JSONSerialization.jsonObject(with: file) as? [String: Any] else {
            mistakes.append("the configuration file isn't a JSON object")
            return [:]
        }
        var result: [String: String] = [:]
        func walk(_ object: [String: Any], _ prefix: String) {
            for (name, value) in object.sorted(by: { $0.key < $1.key }) {
                let key = prefix + name
                switch value {
                case let nested as [String: Any]: walk(nested, key + ".")
                case let text as String: result[key] = text
                case let number as NSNumber:
                    let isBoolean =
                        Setting.byKey[key].map { if case .boolean = $0.kind { true } else { false } } ?? false
                    result[key] = isBoolean ? (number.boolValue ? "true" : "false") : number.stringValue
                default: mistakes.append("\(key) (file): must be text, a number, true or false")
                }
                if !(value is [String: Any]), Setting.byKey[key] == nil {
                    mistakes.append("\(key) (file): there is no such setting")
                    result[key] = nil
                }
            }
        }
        walk(object, "")
        return result
    }

    private static let byVariable = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.variable, $0.key) })

    private static func read(environment: [String: String]) -> [String: String] {
        var result: [String: String] = [:]
        for (name, value) in environment {
            if let key = byVariable[name] { result[key] = value }
        }
        return result
    }

    private static func read(arguments: [String], _ mistakes: inout [String]) -> [String: String] {
        let byFlag = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.flag, $0.key) })
        var result: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let pieces = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let key = byFlag[pieces[0]] else {
                mistakes.append("\(argument.prefix(80)) (flag): there is no such setting")
                if rest.first?.hasPrefix("--") == false { rest.removeFirst() }
                continue
            }
            if pieces.count == 2 {
                result[key] = pieces[1]
            } else if let value = rest.popFirst() {
                result[key] = value
            } else {
                mistakes.append("\(pieces[0]) (flag): a value is missing")
            }
        }
        return result
    }

    // MARK: - Typed values; every text was checked by its setting before

    func text(_ key: String) -> String { values[key] ?? "" }
    func integer(_ key: String) -> Int { Int(text(key)) ?? 0 }

    func path(_ key: String, or found: @autoclosure () -> String?) -> String? {
        let value = text(key)
        return value.isEmpty ? found() : value
    }

    var httpHost: String { text("http.host") }
    var httpPort: Int { integer("http.port") }
    var isSecure: Bool { text("http.secure") == "true" }
    var operatorHost: String { text("operator.host") }
    var operatorPort: Int { integer("operator.port") }
    var operatorTokenFile: String? { path("operator.token-file", or: nil) }
    var operatorTokensFile: String? { path("operator.tokens-file", or: nil) }
    var operatorIssuer: String? { path("operator.oidc.issuer", or: nil) }
    var operatorAudience: String { text("operator.oidc.audience") }
    var operatorKeysFile: String? { path("operator.oidc.jwks-file", or: nil) }
    var operatorRoleClaim: String { text("operator.oidc.role-claim") }
    var dataDirectory: String { text("data.directory") }
    var masterKeyText: String? { path("keys.master", or: nil) }
    var nextMasterKeyText: String? { path("keys.next-master", or: nil) }
    var assistantEndpoint: String? { path("assistant.endpoint", or: nil) }
    var assistantSecondaryEndpoint: String? { path("assistant.secondary-endpoint", or: nil) }
    var assistantModel: String { text("assistant.model") }
    var assistantTokenFile: String? { path("assistant.token-file", or: nil) }
    var assistantSlots: Int { integer("assistant.slots") }
    var assistantFirstTokenTimeout: Duration { .seconds(integer("assistant.first-token-timeout")) }
    var assistantTimeout: Duration { .seconds(integer("assistant.timeout")) }
    var assistantTokenLimit: Int { integer("assistant.max-tokens") }
    var assistantContextTokens: Int { integer("assistant.context-tokens") }
    var assistantKeepsPrefix: Bool { text("assistant.keep-prefix") == "true" }
    /// Another model is another one: trust doesn't pass on to it.
    func trustsAssistant(_ model: String) -> Bool {
        let trusted = text("assistant.trusted-model")
        return !trusted.isEmpty && trusted == model
    }
    var workerThreads: Int { integer("worker.threads") }
    var queueOrder: QueueOrder { QueueOrder(patience: TimeInterval(integer("queue.patience"))) }
    var queueDrainTime: Duration { .seconds(integer("queue.drain-seconds")) }
    var retries: RetryPolicy { RetryPolicy(tries: integer("queue.tries")) }
    var memorySoftLimit: Int { integer("memory.soft-limit") }
    var workerBatch: Int { integer("worker.batch") }
    var workerRecycleAbove: Int { integer("worker.recycle-above") }
    var workerMemoryLimit: Int { integer("worker.memory-limit") }
    var workerProcessorLimit: Int { integer("worker.processor-limit") }
    var masterKeyFile: String { path("keys.master-file", or: nil) ?? "\(dataDirectory)/master.key" }
    var signingKeyFile: String {
        path("keys.signing-file", or: nil)
            ?? URL(filePath: masterKeyFile).deletingLastPathComponent().appending(path: "signing.key").path
    }
    var database: String { "\(dataDirectory)/lightbox.sqlite" }
    var copiesLifetime: TimeInterval { TimeInterval(integer("data.copies-days") * 86_400) }
    var auditDatabase: String { "\(dataDirectory)/audit.sqlite" }
    var auditHeadsFile: String { "\(dataDirectory)/audit-heads.jsonl" }
    var formerAuditKeysFile: String? { path("audit.former-keys-file", or: nil) }
    var auditRetention: Duration { .seconds(86_400 * integer("audit.keep-days")) }
    var workerTimeout: Duration { .seconds(integer("worker.timeout")) }
    var emergencyNumber: String { text("emergency.number") }
    var reportResponsible: String { text("report.responsible") }
    var modelCheckHour: Int { integer("model.check-hour") }
    var leastDiskFree: Int { integer("health.disk-free-mib") << 20 }
    var traceEndpoint: String? { path("traces.otlp-endpoint", or: nil) }
    var alertRulesFile: String? { path("alerts.rules-file", or: nil) }
    var alertWebhook: String? { path("alerts.webhook-url", or: nil) }
    var alertWebhookSecretFile: String? { path("alerts.webhook-secret-file", or: nil) }
    var alertRecipients: [String] { Setting.list(text("alerts.mail-to")) }
    var alertSender: String? { path("alerts.mail-from", or: nil) }
    var alertMailHost: String { text("alerts.smtp-host") }
    var alertMailPort: Int { integer("alerts.smtp-port") }
    var alertMailUsesTLS: Bool { text("alerts.smtp-tls") == "true" }
    var alertMailAuthorityFile: String? { path("alerts.smtp-authority-file", or: nil) }
    var alertMailUser: String? { path("alerts.smtp-user", or: nil) }
    var alertMailPasswordFile: String? { path("alerts.smtp-password-file", or: nil) }
    var alertCertificateFile: String? { path("alerts.certificate-file", or: tlsCertificate) }
    var logFormat: String { text("log.format") }
    var logLevel: String { text("log.level") }

    var workerCount: Int {
        let count = integer("worker.count")
        return count > 0 ? count : min(8, ProcessInfo.processInfo.activeProcessorCount)
    }

    var workerPath: String? { path("worker.path", or: installation.worker) }
    var openVINODirectory: String? { path("openvino.directory", or: installation.openVINO) }
    var sentenceModel: String? { path("sentence.model", or: installation.sentenceModel) }
    var sentenceTokenizer: String? { path("sentence.tokenizer", or: installation.sentenceTokenizer) }
    /// The sentence model's two files, or nil where one of them can't be read: the rules of urgency stand alone then.
    var sentenceFiles: (model: String, tokenizer: String)? {
        guard let model = sentenceModel, let tokenizer = sentenceTokenizer,
            [model, tokenizer].allSatisfy(FileManager.default.isReadableFile)
        else { return nil }
        return (model, tokenizer)
    }
    var webDirectory: String? { path("web.directory", or: installation.share("web")) }
    var operatorWebDirectory: String? { path("operator.web-directory", or: installation.share("operators")) }
    var docsDirectory: String? { path("docs.directory", or: installation.share("docs")) }
    var samplesDirectory: String? { path("samples.directory", or: installation.samples) }

    /// The folder of all model packages.
    var modelsDirectory: String? { path("models.directory", or: installation.share("models")) }
    /// The name of the package in use, and its folder.
    var model: String { text("model") }
    var modelDirectory: String? { modelsDirectory.map { "\($0)/\(model)" } }

    var limits: Limits {
        var picture = PictureLimits.standard
        picture.maxBytes = integer("upload.max-bytes")
        picture.maxPixels = integer("upload.max-pixels")
        picture.maxEdge = max(picture.maxEdge, Int(Double(picture.maxPixels).squareRoot()) * 2)
        picture.minEdge = integer("upload.min-edge")
        var archive = ArchiveLimits.standard
        archive.maxEntryBytes = picture.maxBytes
        return Limits(
            picture: picture, uploadsPerSession: integer("upload.max-per-session"),
            queueLength: integer("queue.length"), waitingPerSession: integer("queue.max-per-session"),
            lifetime: SessionLifetime(
                idle: TimeInterval(integer("session.idle-timeout")),
                absolute: TimeInterval(integer("session.absolute-timeout"))),
            archive: archive, receptionLifetime: TimeInterval(integer("upload.resume-within")),
            longestBlind: TimeInterval(integer("blind.longest-minutes") * 60),
            reportsPerSession: integer("report.max-per-session"))
    }

    /// All settings with their effective values, one a line.
    var listing: String {
        let effective = [
            "worker.path": workerPath, "openvino.directory": openVINODirectory, "sentence.model": sentenceModel,
            "sentence.tokenizer": sentenceTokenizer, "web.directory": webDirectory,
            "operator.web-directory": operatorWebDirectory,
            "docs.directory": docsDirectory, "samples.directory": samplesDirectory,
        ]
        return Setting.all.map { setting in
            let value = text(setting.key)
            let source = sources[setting.key] ?? .standard
            let known = setting.isSecret && !value.isEmpty ? "(not shown)" : value
            let shown = value.isEmpty ? effective[setting.key].flatMap { $0 } ?? "" : known
            return "\(setting.key) = \(shown)  (\(source.rawValue))"
        }.joined(separator: "\n")
    }
}

/// Everything that is wrong with the configuration.
struct ConfigurationMistakes: Error, Equatable, CustomStringConvertible {
    let mistakes: [String]

    init(_ mistakes: [String]) {
        self.mistakes = mistakes
    }

    var description: String {
        (["The configuration has \(mistakes.count == 1 ? "a mistake" : "\(mistakes.count) mistakes"):"]
            + mistakes.map { "  - " + $0 }).joined(separator: "\n")
    }
}
