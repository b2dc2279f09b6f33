public import Domain

/// The prepared library: what is said in general, whoever asks. What depends on the record is composed elsewhere.
///
/// Every text is plain English (reading grade 8 at most), names no dose, promises nothing, and says whom to ask. Each
/// sentence says what it rests on: a ``Publication``, or how Lightbox is made (``ProgramFact``).
public enum Knowledge {
    /// Goes up with every change of what is said.
    public static let version = "1.1.0"

    /// Published guidance that sentences rest on.
    public struct Source: Sendable, Equatable {
        /// What evidence points to, for example `nhs-chest-xray`.
        public var key: String
        /// For people: publisher and title.
        public var title: String
        public var address: String

        public init(key: String, title: String, address: String) {
            self.key = key
            self.title = title
            self.address = address
        }
    }

    /// The names of the findings that “any of the 14 listed findings” stands for.
    public static var listedFindings: [String] {
        listedIDs.compactMap { finding($0)?.name.lowercased() }
    }

    static let listedIDs = [
        "atelectasis", "cardiomegaly", "consolidation", "edema", "effusion", "emphysema", "fibrosis", "hernia",
        "infiltration", "mass", "nodule", "pleural-thickening", "pneumonia", "pneumothorax",
    ]

    /// All that evidence of the kind `source` can point to, by key.
    public static let sources: [Source] = Publication.allCases.map {
        Source(key: $0.rawValue, title: $0.title, address: $0.address)
    }
}

/// What is said in general about one finding of the model. Every part can stand alone as an answer.
public struct FindingKnowledge: Sendable, Equatable {
    /// The id of the model's head, for example `effusion`.
    public var id: String
    /// As the model's manifest names it.
    public var name: String
    /// What the word means.
    public var what: [AnswerSentence]
    /// What a mark does not mean.
    public var notMeaning: [AnswerSentence]
    /// What it can come from, in anybody.
    public var causes: [AnswerSentence]
    /// What doctors often do next.
    public var next: [AnswerSentence]
    /// How serious it can be, with the signs that need help at once.
    public var seriousness: [AnswerSentence]
    /// To take along to the doctor.
    public var questions: [String]

    /// All five parts, in the order in which they are read.
    public var sentences: [AnswerSentence] { what + notMeaning + causes + next + seriousness }
}

/// A word that people meet in results and reports.
public struct GlossaryEntry: Sendable, Equatable {
    /// As it is written in a sentence, for example `CT`.
    public var term: String
    /// Other words for it, lower case.
    public var synonyms: [String]
    public var sentences: [AnswerSentence]

    public init(term: String, synonyms: [String], sentences: [AnswerSentence]) {
        self.term = term
        self.synonyms = synonyms
        self.sentences = sentences
    }
}
