import ArgumentParser
import Assistant
import Domain
import Foundation
import Logging
import Workflows

/// `lightbox assistant`: what answers questions, without a server.
struct AssistantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assistant", abstract: "Measures what answers questions about a record.",
        subcommands: [AssistantEvaluate.self, AssistantRoute.self])
}

/// `lightbox assistant evaluate`
struct AssistantEvaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Asks a set of questions and says how safe, faithful and relevant the answers are.",
        discussion: """
            FILE holds one JSON object a line: a context, a question, what must and must not be said. Each goes the whole \
            way: danger signs, intent, answer, and with --endpoint the language model and the checks on what it says. Ends \
            with status 1 if an answer is unsafe or an emergency is missed.
            """)

    @Argument(help: "The set of questions, JSON lines.")
    var file: String

    @Option(
        help: "An OpenAI-compatible server, for example http://127.0.0.1:8081. Without it the library answers alone.")
    var endpoint: String?

    @Option(name: .customLong("model"), help: "The model's name at that server.")
    var modelName: String?

    @Flag(help: "Lets the language model speak where wrong words could do harm, too.")
    var trusted = false

    @Flag(help: "Prints JSON, with every answer.")
    var json = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            guard let text = FileManager.default.contents(atPath: file) else {
                throw Exit(.noInput, "The file \(file) can't be read.")
            }
            let questions = try AssistantQuestion.read(String(decoding: text, as: UTF8.self))
            let engine = try await WorkerPictureEngine.start(
                configuration, workers: 1, logger: Logger(label: "worker"))
            let examiner = AssistantExaminer(
                urgency: ReadUrgency(encoder: engine),
                compose: ComposeAnswer(
                    model: try configuration.languageModel(
                        endpoint: endpoint, name: modelName, logger: Logger(label: "assistant")),
                    trustsModel: trusted || configuration.trustsAssistant(modelName ?? configuration.assistantModel),
                    tokenLimit: configuration.assistantTokenLimit,
                    contextTokens: configuration.assistantContextTokens),
                manifest: engine.manifest, emergencyNumber: configuration.emergencyNumber)
            var lines: [AssistantScore.Line] = []
            for question in questions { lines.append(try await examiner.examine(question)) }
            await engine.shutdown()
            let score = AssistantScore(lines: lines)
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                print(String(decoding: try encoder.encode(score), as: UTF8.self))
            } else {
                print(score.table)
            }
            guard score.isSafe else { throw Exit(.refused, "Not safe: see above.") }
        }
    }
}

/// Asks one question after another, as a session would.
struct AssistantExaminer {
    let urgency: ReadUrgency
    let compose: ComposeAnswer
    let manifest: ModelManifest
    let emergencyNumber: String

    func examine(_ question: AssistantQuestion) async throws -> AssistantScore.Line {
        var reasons: [AcuityReason] = []
        var earlier: [AskedQuestion.Exchange] = []
        for turn in question.turns ?? [] {
            let (answer, _) = await ask(turn, question, after: &reasons, earlier)
            earlier.append(.init(question: turn, answer: answer))
        }
        let started = ContinuousClock.now
        let (answer, record) = await ask(question.question, question, after: &reasons, earlier)
        let milliseconds = (ContinuousClock.now - started) / .milliseconds(1)
        let text = answer.text
        let level = record.acuity.level
        let isShort = question.acuity.map { level < $0 } ?? false
        return AssistantScore.Line(
            id: question.id, kind: question.kind ?? "", question: question.question, answer: text,
            intent: answer.intent, speaker: answer.speaker == .library ? "library" : "model",
            fallback: answer.fallback, struck: answer.struck,
            unsafe: try (question.mustNotSay ?? []).filter { try matches($0, text, question) },
            unsaid: try (question.mustSay ?? []).filter { try !matches($0, text, question) },
            missedAcuity: isShort ? level : nil, isMissedEmergency: isShort && question.acuity == .emergency,
            isIntentRight: question.intent.map { $0 == answer.intent },
            groundedSentences: answer.sentences.filter { isGrounded($0, in: record) }.count,
            sentences: answer.sentences.count, grade: ReadingGrade.fleschKincaid(text), milliseconds: milliseconds)
    }

    private func ask(
        _ text: String, _ question: AssistantQuestion, after reasons: inout [AcuityReason],
        _ earlier: [AskedQuestion.Exchange]
    ) async -> (ChatAnswer, Record) {
        let reading = await urgency(text)
        reasons += reading.reasons
        let record = question.record(
            hearing: reasons, manifest: manifest, emergencyNumber: emergencyNumber, at: Date())
        let draft = compose.draft(
            AskedQuestion(
                text: Private(text), reading: reading, record: record, earlier: earlier))
        return (await compose(draft, reply: compose.begin(draft)) { _ in }, record)
    }

    private func isGrounded(_ sentence: AnswerSentence, in record: Record) -> Bool {
        !sentence.evidence.isEmpty
            && sentence.evidence.allSatisfy { evidence in
                switch evidence.kind {
                case .record: record.file.lines.contains { $0.id == evidence.id }
                case .source: Knowledge.sources.contains { $0.key == evidence.id }
                case .program: true
                }
            }
    }

    private func matches(_ pattern: String, _ text: String, _ question: AssistantQuestion) throws -> Bool {
        do {
            return try Regex(pattern).ignoresCase().firstMatch(in: text) != nil
        } catch {
            throw Exit(.badData, "\(question.id): “\(pattern)” is no regular expression: \(error)")
        }
    }
}
