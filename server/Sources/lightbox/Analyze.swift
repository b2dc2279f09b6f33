import ArgumentParser
import Domain
import Foundation
import Logging
import Workflows

/// `lightbox analyze FILE`
struct Analyze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Analyses one picture without a server: the same worker, the same rules, nothing kept.",
        discussion: """
            Exit status: 0 analysed, 1 refused (not a chest X-ray the right way up), 65 not a readable picture, 66 the file \
            can't be opened, 69 something that is needed is missing (see “lightbox doctor”).
            """)

    @Argument(help: "A picture: PNG, JPEG, WebP, TIFF or DICOM.")
    var file: String

    @Flag(help: "Prints JSON, as the API would.")
    var json = false

    @Option(help: "Age in whole years. Without it, the age in a DICOM file counts.")
    var age: Int?

    @Option(help: "Sex at birth: female, male or other.")
    var sex: String?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            let picture = try OpenFile(reading: file)
            let engine = try await WorkerPictureEngine.start(configuration, workers: 1, logger: Logger(label: "worker"))
            let outcome = await Result { try await analyse(picture, with: engine, configuration) }
            await engine.shutdown()
            try show(try outcome.get())
        }
    }

    private func analyse(
        _ picture: OpenFile, with engine: WorkerPictureEngine, _ configuration: Configuration
    ) async throws -> Analysis.Outcome {
        guard picture.size <= configuration.limits.picture.maxBytes else {
            throw Exit(
                .badData, "\(file): larger than \(configuration.limits.picture.maxBytes) bytes (upload.max-bytes)")
        }
        do throws(EngineFault) {
            let output = try await engine.analyse(picture, limits: configuration.limits.picture) { _ in }
            do throws(UnusableOutput) {
                return try Interpretation(manifest: engine.manifest, engineVersion: Version.current)
                    .outcome(of: output, for: PatientFacts(age: age, sex: sex))
            } catch {
                throw .failed(error.message)
            }
        } catch .picture(let fault) {
            throw Exit(.badData, "\(file): \(fault.message) (\(fault.code.rawValue))")
        } catch {
            throw Exit(.unavailable, "\(file): the analysis didn't work: \(error)")
        }
    }

    // MARK: - Words

    private struct Document: Encodable {
        var state: Analysis.State
        var refusal: Refusal?
        var result: AnalysisResult?
    }

    private func show(_ outcome: Analysis.Outcome) throws {
        var document = Document(state: outcome.state)
        switch outcome {
        case .completed(let result): document.result = result
        case .refused(let refusal): document.refusal = refusal
        case .failed, .cancelled: break
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(document), as: UTF8.self))
            if document.refusal != nil { throw ExitCode(Exit.Status.refused.rawValue) }
        } else if let refusal = document.refusal {
            throw Exit(.refused, "\(file): refused. \(refusal.reason) \(refusal.advice)")
        } else if let result = document.result {
            print(Self.text(result))
        }
    }

    static func text(_ result: AnalysisResult) -> String {
        func percent(_ value: Double) -> String { String(format: "%5.1f %%", value * 100) }
        var lines = ["For research and education. Not a diagnosis; nothing is ruled out.", "", result.scope.statement]
        for finding in result.findings {
            let reading = finding.flagged ? "at or over" : "below"
            let name = finding.name.padding(toLength: 30, withPad: " ", startingAt: 0)
            lines.append(
                "  \(name) \(percent(finding.probability))  \(reading) its threshold of \(percent(finding.threshold))")
        }
        if !result.quality.notes.isEmpty {
            lines += ["", "About the picture:"] + result.quality.notes.map { "  - \($0.text)" }
        }
        if !result.withheld.isEmpty {
            lines += ["", "Not shown for this person:"] + result.withheld.map { "  - \($0.name): \($0.why)" }
        }
        lines += ["", "Not checked:"] + result.notChecked.map { "  - \($0)" }
        lines += ["", "Model: \(result.model.title) (\(result.model.id) \(result.model.version))"]
        return lines.joined(separator: "\n")
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
