import ArgumentParser
import Foundation
import Workflows

/// The program. Each subcommand has its own file.
@main
struct Lightbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lightbox",
        abstract: "Looks at chest X-rays for research and education. Not a medical device, not a diagnosis.",
        version: Version.current,
        subcommands: [
            Serve.self, Analyze.self, Models.self, Evaluate.self, AcuityCommand.self, AssistantCommand.self,
            ReportCommand.self, AuditCommand.self, OperatorsCommand.self, KeysCommand.self, ShowConfiguration.self,
            MetricsCommand.self, Doctor.self, BackupCommand.self, RestoreCommand.self, MigrateCommand.self,
        ])
}

/// How every subcommand is configured.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"), help: "A JSON file of settings. Flags and LIGHTBOX_… variables come before it.")
    var file: String?

    @Argument(
        parsing: .allUnrecognized,
        help: "Settings, for example --http-port 8081. “lightbox config” lists them all.")
    var settings: [String] = []

    /// Reads the configuration, or ends the program with all mistakes and status 78 (`EX_CONFIG`).
    func load() throws -> Configuration {
        let environment = ProcessInfo.processInfo.environment
        let path = file ?? environment["LIGHTBOX_CONFIG"]
        return try Exit.configuring { () throws(ConfigurationMistakes) in
            try Configuration(arguments: settings, environment: environment, file: try path.map(Self.read))
        }
    }

    private static func read(_ path: String) throws(ConfigurationMistakes) -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationMistakes(["the file \(path) can't be read"])
        }
        return data
    }
}

/// Ends the program with a message on standard error.
struct Exit: Error, CustomStringConvertible {
    /// The numbers are those of `sysexits.h` where it has one.
    enum Status: Int32 {
        /// The picture was read, but it is none that can be analysed.
        case refused = 1
        /// The file is no picture, or is damaged.
        case badData = 65
        /// The file can't be opened.
        case noInput = 66
        /// Something that the program needs is missing or doesn't work.
        case unavailable = 69
        case software = 70
        /// A file can't be written.
        case cannotWrite = 73
        case configuration = 78
    }

    let status: Status
    let message: String

    init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }

    var description: String { message }

    /// Ends the program where settings can't be meant.
    static func configuring<Value>(_ body: () throws(ConfigurationMistakes) -> Value) throws -> Value {
        do throws(ConfigurationMistakes) {
            return try body()
        } catch {
            throw Exit(.configuration, error.description)
        }
    }

    /// Says why, and gives the status to whoever started the program.
    static func reporting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let exit as Exit {
            FileHandle.standardError.write(Data((exit.message + "\n").utf8))
            throw ExitCode(exit.status.rawValue)
        }
    }
}
