/// The questionnaire as a FHIR R4 `Questionnaire` resource.
///
/// Source: <https://hl7.org/fhir/R4/questionnaire.html>.
public struct FHIRQuestionnaire: Encodable, Sendable {
    let resourceType = "Questionnaire"
    let id: String
    let version: String
    let status = "active"
    let title: String
    let subjectType = ["Patient"]
    let item: [Item]

    public init(_ questionnaire: Questionnaire) {
        id = questionnaire.id
        version = questionnaire.version
        title = questionnaire.title
        item = questionnaire.topics.map { topic in
            var group = Item(linkId: topic.id, text: topic.title, type: "group")
            group.item = topic.questions.map(Item.init)
            return group
        }
    }

    struct Item: Encodable, Sendable {
        var `extension`: [Extension]?
        var linkId: String
        var text: String
        var type: String
        var enableWhen: [EnableWhen]?
        var enableBehavior: String?
        var required: Bool?
        var repeats: Bool?
        var maxLength: Int?
        var answerOption: [AnswerOption]?
        var item: [Item]?
    }

    struct Extension: Encodable, Sendable {
        var url: String
        var valueInteger: Int?
        var valueCoding: OptionCoding?
    }

    struct EnableWhen: Encodable, Sendable {
        var question: String
        var `operator`: String
        var answerCoding: OptionCoding?
        var answerInteger: Int?
    }

    struct AnswerOption: Encodable, Sendable {
        var valueCoding: OptionCoding
    }

    struct OptionCoding: Encodable, Sendable {
        var system: String?
        var code: String
        var display: String?
    }
}

extension FHIRQuestionnaire.Item {
    init(linkId: String, text: String, type: String) {
        self.linkId = linkId
        self.text = text
        self.type = type
    }

    init(_ question: Questionnaire.Question) {
        self.init(linkId: question.id, text: question.text, type: "string")
        required = question.isRequired
        switch question.kind {
        case .integer(let range, let unit):
            type = "integer"
            let core = "http://hl7.org/fhir/StructureDefinition/"
            `extension` = [
                .init(url: core + "minValue", valueInteger: range.lowerBound),
                .init(url: core + "maxValue", valueInteger: range.upperBound),
            ]
            if let unit {
                `extension`?.append(
                    .init(url: core + "questionnaire-unit", valueCoding: .init(code: unit, display: unit)))
            }
        case .string(let longest):
            maxLength = longest
        case .text(let longest):
            type = "text"
            maxLength = longest
        case .boolean: type = "boolean"
        case .date: type = "date"
        case .choice(let options):
            type = "choice"
            answerOption = options.map(FHIRQuestionnaire.AnswerOption.init)
        case .choices(let options):
            type = "choice"
            repeats = true
            answerOption = options.map(FHIRQuestionnaire.AnswerOption.init)
        }
        if !question.askedWhen.isEmpty {
            enableWhen = question.askedWhen.map(FHIRQuestionnaire.EnableWhen.init)
            enableBehavior = "all"
        }
        if let help = question.help {
            item = [FHIRQuestionnaire.Item(linkId: question.id + ".help", text: help, type: "display")]
        }
    }
}

extension FHIRQuestionnaire.AnswerOption {
    init(_ option: Questionnaire.Option) {
        valueCoding = .init(code: option.code, display: option.display)
    }
}

extension FHIRQuestionnaire.EnableWhen {
    init(_ condition: Questionnaire.Condition) {
        switch condition {
        case .equals(let question, let code):
            self.init(question: question, operator: "=", answerCoding: .init(code: code))
        case .differs(let question, let code):
            self.init(question: question, operator: "!=", answerCoding: .init(code: code))
        case .atLeast(let question, let limit):
            self.init(question: question, operator: ">=", answerInteger: limit)
        case .atMost(let question, let limit):
            self.init(question: question, operator: "<=", answerInteger: limit)
        }
    }
}
