import ArgumentParser
import Assistant
import Foundation
import Logging
import Workflows

/// `lightbox assistant route`
struct AssistantRoute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Says what questions are taken for, and how often that is right.",
        discussion:
            "FILE is a table with the columns intent and question, separated by a tab, under a line of heads. Prints Markdown: the share that is right, each intent's, and what was taken for what."
    )

    @Argument(help: "The table of questions.")
    var file: String

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            guard let text = FileManager.default.contents(atPath: file) else {
                throw Exit(.noInput, "The file \(file) can't be read.")
            }
            let rows = String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst().map {
                $0.split(separator: "\t", maxSplits: 1).map(String.init)
            }
            let engine = try await WorkerPictureEngine.start(
                configuration, workers: 1, logger: Logger(label: "worker"))
            let router = IntentRouter()
            var matrix = ConfusionMatrix()
            for row in rows where row.count == 2 {
                guard let expected = Intent(rawValue: row[0]) else {
                    throw Exit(.badData, "There is no intent “\(row[0].prefix(40))”.")
                }
                let embedding = await engine.encode(row[1])
                matrix.add(expected, taken: router.route(row[1], embedding: embedding, after: nil).intent)
            }
            await engine.shutdown()
            print(matrix.markdown)
        }
    }
}

/// How often each intent was taken for which.
struct ConfusionMatrix {
    private var counts: [Intent: [Intent: Int]] = [:]

    mutating func add(_ expected: Intent, taken: Intent) {
        counts[expected, default: [:]][taken, default: 0] += 1
    }

    private func total(_ intent: Intent) -> Int { counts[intent]?.values.reduce(0, +) ?? 0 }
    private func right(_ intent: Intent) -> Int { counts[intent]?[intent] ?? 0 }

    /// High-risk questions that were taken for others that a language model may answer.
    private var lenient: Int {
        counts.filter { $0.key.isHighRisk }.values.reduce(0) { sum, row in
            sum + row.filter { !$0.key.isHighRisk }.values.reduce(0, +)
        }
    }

    var markdown: String {
        let intents = Intent.allCases.filter { total($0) > 0 }
        let all = intents.reduce(0) { $0 + total($1) }
        let hit = intents.reduce(0) { $0 + right($1) }
        var lines = [
            "\(hit) of \(all) right (\(String(format: "%.1f", 100 * Double(hit) / Double(max(1, all)))) %). "
                + "High-risk questions taken for low-risk ones: \(lenient).",
            "", "| intent | right | taken for |", "| --- | --- | --- |",
        ]
        for intent in intents {
            let others = (counts[intent] ?? [:]).filter { $0.key != intent }.sorted {
                ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
            }
            let taken = others.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
            lines.append("| \(intent.rawValue) | \(right(intent)) of \(total(intent)) | \(taken) |")
        }
        return lines.joined(separator: "\n")
    }
}
