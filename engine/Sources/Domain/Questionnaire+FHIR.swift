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
            let lead = topic.lead.map { [Item(linkId: topic.id + ".lead", text: $0, type: "display")] } ?? []
            group.item = lead + topic.questions.map { Item($0, within: topic.id) }
            return group
        }
    }

    struct Item: Encodable, Sendable {
        var `extension`: [Extension]?
        var linkId: String
        /// What the question means, in LOINC.
        var code: [Coding]?
        /// The short name that reports use.
        var prefix: String?
        var text: String
        var type: String
        var enableWhen: [EnableWhen]?
        var enableBehavior: String?
        var required: Bool?
        var repeats: Bool?
        var maxLength: Int?
        var answerOption: [AnswerOption]?
        /// The vocabulary whose terms are suggested; other texts are taken too (`open-choice`).
        var answerValueSet: String?
        var item: [Item]?
    }

    struct Extension: Encodable, Sendable {
        var url: String
        var valueInteger: Int?
        var valueDecimal: Double?
        var valueBoolean: Bool?
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

    /// - Parameter group: the id of the list that the question is a column of; link ids are unique in a questionnaire.
    init(_ question: Questionnaire.Question, within group: String, isColumn: Bool = false) {
        let linkId = isColumn ? "\(group).\(question.id)" : question.id
        self.init(linkId: linkId, text: question.text, type: "string")
        code = question.code.map { [$0] }
        prefix = question.label
        required = question.isRequired
        switch question.kind {
        case .integer(let range, let unit):
            type = "integer"
            `extension` = [
                .limit("minValue", integer: range.lowerBound), .limit("maxValue", integer: range.upperBound),
            ]
            if let unit { `extension`?.append(.unit(unit)) }
        case .decimal(let range, let unit):
            type = "decimal"
            `extension` = [
                .limit("minValue", decimal: range.lowerBound), .limit("maxValue", decimal: range.upperBound),
                .unit(unit),
            ]
        case .string(let longest, let suggestions):
            maxLength = longest
            if let suggestions {
                type = "open-choice"
                answerValueSet = "urn:lightbox:vocabulary:\(suggestions.rawValue)"
            }
        case .text(let longest):
            type = "text"
            maxLength = longest
        case .boolean: type = "boolean"
        case .date(let mayLieAhead):
            type = "date"
            if !mayLieAhead {
                `extension` = [.init(url: FHIRQuestionnaire.Extension.notInTheFuture, valueBoolean: true)]
            }
        case .choice(let options):
            type = "choice"
            answerOption = options.map(FHIRQuestionnaire.AnswerOption.init)
        case .choices(let options):
            type = "choice"
            repeats = true
            answerOption = options.map(FHIRQuestionnaire.AnswerOption.init)
        case .rows(let columns, let most):
            type = "group"
            repeats = true
            `extension` = [.limit("questionnaire-maxOccurs", integer: most)]
            item = columns.map { FHIRQuestionnaire.Item($0, within: question.id, isColumn: true) }
        }
        if !question.askedWhen.isEmpty {
            enableWhen = question.askedWhen.map(FHIRQuestionnaire.EnableWhen.init)
            enableBehavior = "all"
        }
        if let help = question.help {
            item = [FHIRQuestionnaire.Item(linkId: linkId + ".help", text: help, type: "display")] + (item ?? [])
        }
    }
}

extension FHIRQuestionnaire.Extension {
    private static let core = "http://hl7.org/fhir/StructureDefinition/"
    /// Lightbox's own: the date must not lie in the future.
    static let notInTheFuture = "urn:lightbox:not-in-the-future"

    static func limit(_ name: String, integer: Int? = nil, decimal: Double? = nil) -> Self {
        .init(url: core + name, valueInteger: integer, valueDecimal: decimal)
    }

    static func unit(_ unit: Questionnaire.Unit) -> Self {
        let coding = FHIRQuestionnaire.OptionCoding(
            system: "http://unitsofmeasure.org", code: unit.code, display: unit.display)
        return .init(url: core + "questionnaire-unit", valueCoding: coding)
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
