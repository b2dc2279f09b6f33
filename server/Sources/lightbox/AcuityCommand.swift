import ArgumentParser
import Domain
import Foundation
import Logging
import Workflows

/// `lightbox acuity`: how urgent texts sound, one a line, without a server.
struct AcuityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acuity", abstract: "Say how urgent texts sound, one a line.",
        discussion:
            "Reads lines from FILE or standard input and prints for each the level (emergency, urgent, soon, routine), the rules that spoke, and the line, separated by tabs. The rules decide; where a sentence model is installed, it may raise what they say."
    )

    @Argument(help: "A text file, one text a line; standard input if it isn't given.")
    var file: String?

    @Flag(help: "One JSON object a line.")
    var json = false

    @Flag(help: "Only the rules, without the sentence model.")
    var rulesOnly = false

    @OptionGroup var options: ConfigurationOptions

    private struct Line: Encodable {
        var text: String
        var level: AcuityLevel
        var rules: [String]
        var isSetAside: Bool
        /// Of an emergency, by meaning; nil without a sentence model.
        var probability: Float?
    }

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            let texts = String(decoding: try input(), as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
            let engine =
                rulesOnly
                ? nil : try await WorkerPictureEngine.start(configuration, workers: 1, logger: Logger(label: "worker"))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            for text in texts {
                let line = await read(text, engine)
                if json {
                    print(String(decoding: try encoder.encode(line), as: UTF8.self))
                } else {
                    print([line.level.rawValue, line.rules.joined(separator: ","), text].joined(separator: "\t"))
                }
            }
            await engine?.shutdown()
        }
    }

    private func input() throws -> Data {
        guard let file else { return FileHandle.standardInput.readDataToEndOfFile() }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Exit(.noInput, "The file \(file) can't be read.")
        }
        return data
    }

    private func read(_ text: String, _ encoding: (any SentenceEncoding)?) async -> Line {
        let reading = SentenceTriage()(text)
        var line = Line(
            text: text, level: reading.level, rules: reading.signs.map(\.name), isSetAside: reading.isSetAside)
        guard let embedding = await encoding?.encode(text) else { return line }
        let meaning = SentenceMeaning()
        line.probability = meaning.probability(embedding)
        for reason in meaning.reasons(embedding, field: nil, isSetAside: reading.isSetAside)
        where reason.level > line.level {
            line.level = reason.level
            line.rules.append(reason.rule)
        }
        return line
    }
}
