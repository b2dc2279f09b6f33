import Assistant
import Domain
import Foundation
import Workflows

/// One line of a set of questions; `tests/assistant/README.md` describes the form.
struct AssistantQuestion: Decodable {
    struct Context: Decodable {
        struct Result: Decodable {
            /// Probabilities by the finding's id.
            var findings: [String: Double]
            var flagged: [String]?
        }

        var intake: Answers?
        var result: Result?
        var refused: Refusal.Code?
        var withheld: Set<String>?
    }

    var id: String
    var context: Context
    /// Asked before, in the same conversation.
    var turns: [String]?
    var question: String
    var mustSay: [String]?
    var mustNotSay: [String]?
    /// What the session has to reach at least.
    var acuity: AcuityLevel?
    var intent: String?
    var kind: String?

    /// Reads a set, one JSON object a line.
    ///
    /// - Throws: ``Exit`` that names the line.
    static func read(_ text: String) throws -> [AssistantQuestion] {
        try text.split(separator: "\n").enumerated().compactMap { number, line in
            guard !line.allSatisfy(\.isWhitespace) else { return nil }
            do {
                return try JSONDecoder().decode(AssistantQuestion.self, from: Data(line.utf8))
            } catch {
                throw Exit(.badData, "Line \(number + 1) isn't a question: \(error)")
            }
        }
    }

    // MARK: - What the assistant is told

    /// The session before the question, with what was said in `messages`.
    func record(
        hearing messages: [AcuityReason], manifest: ModelManifest, emergencyNumber: String, at now: Date
    ) -> Record {
        let questionnaire = Questionnaire.intake
        let answers = questionnaire.counting(context.intake ?? [:])
        let result = result(of: answers, manifest: manifest)
        var acuity = Acuity()
        acuity.raise(
            by: IntakeAcuity().reasons(answers, of: questionnaire)
                + (result.map { FindingAcuity().reasons($0, told: answers) } ?? []) + messages, at: now)
        return Record(
            ContextSources(
                questionnaire: questionnaire, answers: answers, acuity: acuity,
                contradictions: questionnaire.contradictions(in: answers, today: PartialDate(latestAt: now)),
                result: result, withheld: context.withheld ?? []),
            refusal: context.refused.map { Refusal($0) }, emergencyNumber: emergencyNumber)
    }

    private func result(of answers: Answers, manifest: ModelManifest) -> AnalysisResult? {
        guard let given = context.result else { return nil }
        let age: Int? = if case .number(let years)? = answers["age"] { Int(years) } else { nil }
        var findings: [AnalysisResult.Finding] = []
        var withheld: [AnalysisResult.Withheld] = []
        for head in manifest.heads where head.purpose == .finding && head.shown {
            if let why = head.scope?.exclusion(age: age, view: "PA") {
                withheld.append(.init(id: head.id, name: head.name ?? head.id, why: why))
            } else if let probability = given.findings[head.id],
                let finding = AnalysisResult.Finding(
                    head, probability: probability, isFlagged: given.flagged.map { $0.contains(head.id) })
            {
                findings.append(finding)
            }
        }
        findings.sort { ($0.flagged ? 1 : 0, $0.probability) > ($1.flagged ? 1 : 0, $1.probability) }
        let statement =
            findings.isEmpty
            ? "The model says nothing about what can be seen in this picture."
            : "The model looked for the findings below and for nothing else."
        return AnalysisResult(
            model: .init(manifest), engineVersion: Version.current,
            quality: .init(width: 1024, height: 1024, notes: []),
            scope: .init(statement: statement, ageYears: age, notes: []),
            projection: .init(value: "PA", probability: 0.99, source: .model), findings: findings,
            withheld: withheld, notChecked: manifest.notChecked, milliseconds: [:])
    }
}
