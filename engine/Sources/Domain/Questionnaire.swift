/// The intake form as data. One definition drives the page, the validation, the FHIR resource and the report.
public struct Questionnaire: Sendable, Equatable {
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
    public struct Topic: Sendable, Equatable {
        public var id: String
        public var title: String
        public var questions: [Question]

        public init(id: String, title: String, questions: [Question]) {
            self.id = id
            self.title = title
            self.questions = questions
        }
    }

    public struct Question: Sendable, Equatable {
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

        public init(
            id: String, label: String, text: String, help: String? = nil, kind: Kind, isRequired: Bool = false,
            askedWhen: [Condition] = []
        ) {
            self.id = id
            self.label = label
            self.text = text
            self.help = help
            self.kind = kind
            self.isRequired = isRequired
            self.askedWhen = askedWhen
        }
    }

    public enum Kind: Sendable, Equatable {
        /// A whole number in a range, with its unit, for example `years`.
        case integer(ClosedRange<Int>, unit: String?)
        /// One line of at most so many characters.
        case string(maxLength: Int)
        /// Several lines.
        case text(maxLength: Int)
        case boolean
        /// A calendar date, `YYYY-MM-DD`.
        case date
        /// One of the options, by code.
        case choice([Option])
        /// Any of the options, by code.
        case choices([Option])
    }

    public struct Option: Sendable, Equatable {
        public var code: String
        public var display: String

        public init(_ code: String, _ display: String) {
            self.code = code
            self.display = display
        }
    }

    public enum Condition: Sendable, Equatable {
        case equals(question: String, code: String)
        case differs(question: String, code: String)
        case atLeast(question: String, Int)
        case atMost(question: String, Int)
    }
}
