import ArgumentParser
import Domain
import Foundation
import Logging
import Workflows

/// `lightbox evaluate`
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures a model package on labelled pictures: AUC with its interval, calibration, latency.",
        discussion: """
            LABELS is a CSV with the columns file,labels,patient,view,age,sex; labels are separated by “|”, and “No Finding” \
            stands for none. Files are looked for under IMAGES. A head is measured on the pictures within its scope; where a \
            list has no ages, on all. Pictures that the gate would refuse are measured too, and counted.
            """)

    @Option(name: .customLong("model"), help: "The package's folder name. Without it, the one in use.")
    var package: String?

    @Option(help: "The folder of the pictures.")
    var images: String

    @Option(help: "The list of labels.")
    var labels: String

    @Option(help: "How often patients are drawn for the 95 % intervals.")
    var rounds = 1000

    @Option(help: "Also writes what the graph gave for each picture to this file, as JSON lines.")
    var logits: String?

    @Flag(help: "Prints JSON.")
    var json = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            let package = try Models.Package.find(package, configuration)
            let pictures = try list()
            let engine = try await WorkerPictureEngine.start(
                configuration, model: package.folder.path(), logger: Logger(label: "worker"))
            let readings = await read(pictures, with: engine, together: configuration.workerCount)
            await engine.shutdown()
            guard !readings.isEmpty else { throw Exit(.badData, "None of the pictures could be read.") }
            if let logits { try write(readings, to: logits) }
            let report = EvaluationReport(
                manifest: engine.manifest, readings: readings, listed: pictures.count, rounds: rounds)
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                print(String(decoding: try encoder.encode(report), as: UTF8.self))
            } else {
                print(report.table)
            }
        }
    }

    private func list() throws -> [LabelledPicture] {
        guard let text = try? String(contentsOfFile: labels, encoding: .utf8) else {
            throw Exit(.noInput, "\(labels): can't be read as text")
        }
        do throws(UnreadableLabels) {
            return try LabelledPicture.list(text)
        } catch {
            throw Exit(.badData, "\(labels), line \(error.line): \(error.message)")
        }
    }

    private func write(_ readings: [EvaluationReport.Reading], to path: String) throws {
        struct Line: Encodable {
            var file: String
            var logits: [Float]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        for reading in readings {
            lines += try encoder.encode(Line(file: reading.picture.file, logits: reading.output.logits)) + [10]
        }
        do { try lines.write(to: URL(filePath: path)) } catch {
            throw Exit(.cannotWrite, "\(path): \(error.localizedDescription)")
        }
    }

    /// As many at once as there are workers. Pictures that can't be read are named on standard error.
    private func read(
        _ pictures: [LabelledPicture], with engine: WorkerPictureEngine, together: Int
    ) async -> [EvaluationReport.Reading] {
        let folder = URL(filePath: images)
        var readings: [EvaluationReport.Reading] = []
        var rest = pictures[...]
        await withTaskGroup(of: EvaluationReport.Reading?.self) { group in
            func add() {
                guard let picture = rest.popFirst() else { return }
                group.addTask {
                    do {
                        let file = try OpenFile(reading: folder.appending(path: picture.file).path())
                        let output = try await engine.analyse(file, limits: .standard) { _ in }
                        return EvaluationReport.Reading(picture: picture, output: output)
                    } catch {
                        FileHandle.standardError.write(Data("\(picture.file): \(error)\n".utf8))
                        return nil
                    }
                }
            }
            for _ in 0..<together { add() }
            for await reading in group {
                if let reading { readings.append(reading) }
                add()
            }
        }
        // Tasks end in any order; the numbers must not depend on it.
        return readings.sorted { $0.picture.file < $1.picture.file }
    }
}
