import Foundation

/// Where the program runs: on the desk of somebody who works on it, in a test, or for people.
///
/// The program is the same everywhere; what differs are defaults, all of them in ``table``. Production also holds the
/// settings against ``Configuration/dangers`` before it serves.
enum Profile: String, CaseIterable, Sendable {
    case development, test, production

    /// A default that isn't the same everywhere; where a profile isn't named, the setting's own default holds.
    struct Row: Sendable {
        let key: String
        let values: [Profile: String]
    }

    static let table: [Row] = [
        Row(key: "data.directory", values: [.production: "/var/lib/lightbox"]),
        Row(key: "keys.master-file", values: [.production: "/etc/lightbox/keys/master.key"]),
        Row(key: "keys.signing-file", values: [.production: "/etc/lightbox/keys/signing.key"]),
        Row(key: "operator.token-file", values: [.production: "/etc/lightbox/keys/operator.token"]),
        Row(key: "http.secure", values: [.production: "true"]),
        // The proxy of the examples in deploy/.
        Row(key: "http.trusted-proxies", values: [.production: "127.0.0.1"]),
        Row(key: "http.port", values: [.test: "0"]),
        Row(key: "operator.port", values: [.test: "0"]),
        Row(key: "worker.count", values: [.test: "1"]),
        Row(key: "log.format", values: [.test: "json", .production: "json"]),
        Row(key: "log.level", values: [.test: "notice"]),
    ]

    var defaults: [String: String] {
        Dictionary(uniqueKeysWithValues: Self.table.compactMap { row in row.values[self].map { (row.key, $0) } })
    }

    /// The table for people, in Markdown.
    static var documentation: String {
        let rows = table.map { row in
            let cells = allCases.map { profile in
                let value = row.values[profile] ?? Setting.byKey[row.key]?.standard ?? ""
                return value.isEmpty ? "" : "`\(value)`"
            }
            return "| `\(row.key)` | \(cells.joined(separator: " | ")) |"
        }
        return """
            ## Environments

            `environment` chooses between three sets of defaults; every setting can still be given otherwise. Only these differ:

            | setting | \(allCases.map { "`\($0.rawValue)`" }.joined(separator: " | ")) |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            Production refuses to start with settings that are not safe for people, and lists all of them at once, with status 78.
            `lightbox doctor` shows the same list in every environment.
            """
    }
}
