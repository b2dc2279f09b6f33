/// The answers as a FHIR R4 `QuestionnaireResponse` resource. Only those that count are in it.
///
/// Source: <https://hl7.org/fhir/R4/questionnaireresponse.html>.
public struct FHIRQuestionnaireResponse: Encodable, Sendable {
    let resourceType = "QuestionnaireResponse"
    let questionnaire: String
    let status: String
    /// ISO 8601, with time zone.
    let authored: String
    let item: [Item]

    public init(_ questionnaire: Questionnaire, answers: Answers, isComplete: Bool, authored: String) {
        self.questionnaire = "urn:lightbox:questionnaire:\(questionnaire.id)|\(questionnaire.version)"
        status = isComplete ? "completed" : "in-progress"
        self.authored = authored
        let counting = questionnaire.counting(answers)
        item = questionnaire.topics.compactMap { topic in
            let items = topic.questions.flatMap { question in
                counting[question.id].map { Item.items(for: $0, to: question, linkId: question.id) } ?? []
            }
            return items.isEmpty ? nil : Item(linkId: topic.id, text: topic.title, item: items)
        }
    }

    struct Item: Encodable, Sendable {
        var linkId: String
        var text: String
        var answer: [Value]?
        var item: [Item]?
    }

    struct Value: Encodable, Sendable {
        var valueInteger: Int?
        var valueDecimal: Double?
        var valueBoolean: Bool?
        var valueDate: String?
        var valueString: String?
        var valueCoding: FHIRQuestionnaire.OptionCoding?
    }
}

extension FHIRQuestionnaireResponse.Item {
    /// One item, or one for each row.
    fileprivate static func items(for answer: Answer, to question: Questionnaire.Question, linkId: String) -> [Self] {
        if case (.rows(let columns, _), .rows(let rows)) = (question.kind, answer) {
            return rows.map { row in
                let cells = columns.flatMap { column in
                    row[column.id].map { items(for: $0, to: column, linkId: "\(linkId).\(column.id)") } ?? []
                }
                return Self(linkId: linkId, text: question.text, item: cells)
            }
        }
        return [Self(linkId: linkId, text: question.text, answer: values(of: answer, to: question))]
    }

    private static func values(
        of answer: Answer, to question: Questionnaire.Question
    ) -> [FHIRQuestionnaireResponse.Value] {
        func coding(_ code: String, among options: [Questionnaire.Option]) -> FHIRQuestionnaireResponse.Value {
            .init(valueCoding: .init(code: code, display: options.first { $0.code == code }?.display))
        }
        switch (question.kind, answer) {
        case (.choice(let options), .text(let code)): return [coding(code, among: options)]
        case (.choices(let options), .codes(let codes)): return codes.map { coding($0, among: options) }
        case (.integer, .number(let value)): return [.init(valueInteger: Int(exactly: value))]
        case (_, .number(let value)): return [.init(valueDecimal: value)]
        case (_, .boolean(let value)): return [.init(valueBoolean: value)]
        case (.date, .text(let value)): return [.init(valueDate: value)]
        case (_, .text(let value)): return [.init(valueString: value)]
        case (_, .codes(let values)): return values.map { .init(valueString: $0) }
        case (_, .rows): return []
        }
    }
}
