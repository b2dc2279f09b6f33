public import Foundation

/// The history of one session: the answers that were saved, valid each by itself.
public struct Intake: Sendable, Equatable {
    public var answers: Answers
    /// Counts the changes; 0 before the first.
    public var revision: Int
    public var updatedAt: Date

    public init(answers: Answers = [:], revision: Int = 0, updatedAt: Date) {
        self.answers = answers
        self.revision = revision
        self.updatedAt = updatedAt
    }
}

extension Questionnaire {
    /// Whether a question is asked, given the answers so far. A condition on a question without an answer doesn't hold
    /// (FHIR R4, Questionnaire.item.enableWhen).
    public func isAsked(_ question: Question, given answers: Answers) -> Bool {
        question.askedWhen.allSatisfy { condition in
            switch condition {
            case .equals(let id, let code): answers[id].map { $0.contains(code) } ?? false
            case .differs(let id, let code): answers[id].map { !$0.contains(code) } ?? false
            case .atLeast(let id, let limit): answers[id]?.asNumber.map { $0 >= Double(limit) } ?? false
            case .atMost(let id, let limit): answers[id]?.asNumber.map { $0 <= Double(limit) } ?? false
            }
        }
    }

    /// The answers that count: those to questions that are asked.
    public func counting(_ answers: Answers) -> Answers {
        answers.filter { id, _ in question(id).map { isAsked($0, given: answers) } ?? false }
    }

    /// Required questions that are asked and have no answer, in order: `age`, or `medication/0/name` in a row.
    public func missing(_ answers: Answers) -> [String] {
        questions.filter { isAsked($0, given: answers) }.flatMap { question -> [String] in
            guard let answer = answers[question.id] else { return question.isRequired ? [question.id] : [] }
            guard case (.rows(let columns, _), .rows(let rows)) = (question.kind, answer) else { return [] }
            return rows.enumerated().flatMap { number, row in
                columns.filter { $0.isRequired && row[$0.id] == nil }.map { "\(question.id)/\(number)/\($0.id)" }
            }
        }
    }

    /// Applies a merge patch (RFC 7396): a value replaces, `nil` removes. All or nothing.
    ///
    /// - Parameter today: the day from which on a date lies in the future.
    /// - Returns: the new answers, in their canonical form (text trimmed, an empty text removed).
    /// - Throws: ``ValidationFault`` with one entry for each bad field.
    public func merging(
        _ patch: [String: Answer?], into answers: Answers, today: PartialDate
    ) throws(ValidationFault) -> Answers {
        var merged = answers
        var faults: [FieldFault] = []
        for (id, answer) in patch.sorted(by: { $0.key < $1.key }) {
            guard let question = question(id) else {
                let pointer = FieldFault.pointer("answers", String(id.prefix(64)))
                faults.append(
                    FieldFault(pointer: pointer, code: .unknownField, detail: "There is no question with this name."))
                continue
            }
            guard let answer else {
                merged[id] = nil
                continue
            }
            var check = AnswerCheck(today: today)
            merged[id] = check.canonical(answer, to: question, at: ["answers", id])
            faults += check.faults
        }
        guard faults.isEmpty else { throw ValidationFault(faults) }
        return merged
    }
}

/// All the bad fields of one request.
public struct ValidationFault: Error, Sendable, Equatable {
    public var faults: [FieldFault]

    public init(_ faults: [FieldFault]) {
        self.faults = faults
    }
}

extension Answer {
    var asText: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// A number without a needless point.
    static func plain(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    var asNumber: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    func contains(_ code: String) -> Bool {
        switch self {
        case .text(let value): value == code
        case .codes(let values): values.contains(code)
        case .boolean(let value): String(value) == code
        case .number, .rows: false
        }
    }
}
