import ArgumentParser
import Foundation

/// `lightbox config`
struct ShowConfiguration: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Prints the effective settings and where each comes from.")

    @Flag(help: "Prints the documentation of all settings in Markdown instead: docs/configuration.md.")
    var markdown = false

    @Flag(help: "Prints nothing but what is wrong, also in the files of alerts that the settings name: status 78 then.")
    var check = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        if markdown {
            print(Setting.documentation, terminator: "")
        } else {
            try await Exit.reporting {
                let configuration = try options.load()
                guard check else { return print(configuration.listing) }
                try configuration.refuseDangers()
                _ = try Exit.configuring { () throws(ConfigurationMistakes) in
                    try AlertSetup(configuration)
                }
            }
        }
    }
}

extension Setting {
    /// `docs/configuration.md`, as a whole.
    static var documentation: String {
        let rows = all.map { setting in
            "| `\(setting.key)` | \(setting.range) | \(setting.standard.isEmpty ? "" : "`\(setting.standard)`") | \(setting.meaning) |"
        }
        return """
            # Configuration

            This file is written by `lightbox config --markdown`; a test fails when it is out of date.

            Each setting can be given in four ways. The first that is there counts:

            1. a flag of `lightbox serve`: `http.port` is `--http-port 8081`,
            2. the environment: `http.port` is `LIGHTBOX_HTTP_PORT=8081`,
            3. a JSON file named by `--config FILE` or `LIGHTBOX_CONFIG`: `{"http": {"port": 8081}}` or `{"http.port": 8081}`,
            4. the default of the environment, or that of all.

            All mistakes are reported together, and the program ends with status 78. `lightbox config` prints the effective
            values and where each comes from; `lightbox config --check` also looks into the files of rules and secrets that they name
            for alerts, as the server does at its start.

            | setting | values | default | meaning |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            \(Profile.documentation)

            """
    }
}
