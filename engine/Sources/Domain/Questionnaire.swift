/// The intake form as data. One definition drives the page, the validation, the FHIR resource and the report.
public struct Questionnaire: Codable, Sendable, Equatable {
    public var id: String
    /// Changes whenever a question or an option does.
    public var version: String
    public var title: String
    public var topics: [Topic]

    public init(id: String, version: String, title: String, topics: [Topic]) {
        self.id = id
        self.version = version
        self.title = title
        self.topics = topics
    }

    /// Every question, in order.
    public var questions: [Question] { topics.flatMap(\.questions) }

    public func question(_ id: String) -> Question? {
        questions.first { $0.id == id }
    }

    /// Questions that belong together on one page.
    public struct Topic: Codable, Sendable, Equatable {
        public var id: String
        public var title: String
        /// One sentence on why these questions are asked.
        public var lead: String?
        public var questions: [Question]

        public init(id: String, title: String, lead: String? = nil, questions: [Question]) {
            self.id = id
            self.title = title
            self.lead = lead
            self.questions = questions
        }
    }

    public struct Question: Codable, Sendable, Equatable {
        /// The FHIR `linkId` and the key of the answer.
        public var id: String
        public var text: String
        public var help: String?
        public var kind: Kind
        public var isRequired: Bool
        /// All must hold, or the question is not asked and its answer does not count.
        public var askedWhen: [Condition]
        /// How the question is named in a report, for example "Age".
        public var label: String
        /// The question's code in LOINC, where there is one.
        public var code: Coding?

        public init(
            id: String, label: String, text: String, help: String? = nil, kind: Kind, isRequired: Bool = false,
            askedWhen: [Condition] = [], code: Coding? = nil
        ) {
            self.id = id
            self.label = label
            self.text = text
            self.help = help
            self.kind = kind
            self.isRequired = isRequired
            self.askedWhen = askedWhen
            self.code = code
        }
    }

    public enum Kind: Codable, Sendable, Equatable {
        /// A whole number in a range.
        case integer(ClosedRange<Int>, unit: Unit?)
        /// A number in a range, with one digit after the point.
        case decimal(ClosedRange<Double>, unit: Unit)
        /// One line of at most so many characters. Of a vocabulary, the page suggests terms; any text is taken.
        case string(maxLength: Int, suggestions: Vocabulary? = nil)
        /// Several lines.
        case text(maxLength: Int)
        case boolean
        /// A calendar date, a month or a year: see ``PartialDate``.
        case date(mayLieAhead: Bool = false)
        /// One of the options, by code.
        case choice([Option])
        /// Any of the options, by code. ``Option/isExclusive`` ones stand alone.
        case choices([Option])
        /// Up to so many rows of the same questions, for example one for each medicine.
        case rows([Question], atMost: Int)
    }

    /// A unit of measurement: its UCUM code and how people write it.
    public struct Unit: Codable, Sendable, Equatable {
        public var code: String
        public var display: String

        public init(_ code: String, _ display: String) {
            self.code = code
            self.display = display
        }

        public static let years = Unit("a", "years")
    }

    /// Lists of terms that the page suggests.
    public enum Vocabulary: String, Codable, Sendable, CaseIterable {
        case medication, condition, allergen
    }

    public struct Option: Codable, Sendable, Equatable {
        public var code: String
        public var display: String

        public init(_ code: String, _ display: String) {
            self.code = code
            self.display = display
        }

        /// Whether it excludes all other options of a question: "none", "don't know", "rather not say".
        public var isExclusive: Bool { ["none", "unknown", "declined"].contains(code) }

        public static let unknown = Option("unknown", "Don't know")
        public static let declined = Option("declined", "Rather not say")
    }

    public enum Condition: Codable, Sendable, Equatable {
        case equals(question: String, code: String)
        case differs(question: String, code: String)
        case atLeast(question: String, Int)
        case atMost(question: String, Int)
    }
}
