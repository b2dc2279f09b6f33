public import Foundation

/// Questions and answers about one session's record, in the order in which they were asked.
public struct Conversation: Sendable, Equatable {
    public let id: ConversationID
    public let sessionID: SessionID
    public var title: String
    public let createdAt: Date
    public var updatedAt: Date

    public init(id: ConversationID, sessionID: SessionID, title: String, createdAt: Date, updatedAt: Date) {
        self.id = id
        self.sessionID = sessionID
        self.title = title
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static let longestTitle = 80
    public static let longestQuestion = 4000
}

public typealias ConversationID = Identifier<Conversation>
public typealias ChatMessageID = Identifier<ChatMessage>

/// One question of a person, or one answer.
public struct ChatMessage: Sendable, Equatable {
    public enum Content: Codable, Sendable, Equatable {
        case question(String)
        case answer(ChatAnswer)
    }

    public let id: ChatMessageID
    public let conversationID: ConversationID
    /// Counted from 1 in the conversation. An answer comes right after its question.
    public let number: Int
    public let createdAt: Date
    public var content: Content

    public init(
        id: ChatMessageID, conversationID: ConversationID, number: Int, createdAt: Date, content: Content
    ) {
        self.id = id
        self.conversationID = conversationID
        self.number = number
        self.createdAt = createdAt
        self.content = content
    }
}

/// What was said to a question, and on what ground.
public struct ChatAnswer: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
        case writing, complete, stopped
        /// The server ended in the middle; what was said until then stays.
        case interrupted
    }

    /// Who speaks: the library of reviewed answers, or a language model whose sentences were checked.
    public enum Speaker: Codable, Sendable, Equatable {
        case library
        case model(String)
    }

    /// Why the library answered though a language model was asked.
    public enum Fallback: String, Codable, Sendable, CaseIterable {
        /// No endpoint could be connected to.
        case unreachable
        /// The endpoint answered with an error.
        case refused
        /// Nothing came within the deadline.
        case silent
        /// What came was no answer in the protocol.
        case garbled
        /// The answer broke off.
        case cutOff = "cut-off"
        /// It said the same again and again, or didn't end.
        case looping
        /// Another language than the question's.
        case wrongLanguage = "wrong-language"
        case empty
        /// Every endpoint is busy, or shut because it failed before.
        case busy
        /// Nothing of what it said could be held against the record.
        case nothingHeld = "nothing-held"
    }

    public var state: State
    public var speaker: Speaker
    public var sentences: [AnswerSentence]
    /// The name of what the question was taken for, as in the confusion matrix.
    public var intent: String
    public var fallback: Fallback?
    /// How many sentences of a language model were struck.
    public var struck: Int
    /// The urgency of the session when this was said.
    public var acuity: AcuityLevel
    /// What may be asked next.
    public var suggestions: [String]

    public init(
        state: State, speaker: Speaker, sentences: [AnswerSentence], intent: String, fallback: Fallback? = nil,
        struck: Int = 0, acuity: AcuityLevel, suggestions: [String] = []
    ) {
        self.state = state
        self.speaker = speaker
        self.sentences = sentences
        self.intent = intent
        self.fallback = fallback
        self.struck = struck
        self.acuity = acuity
        self.suggestions = suggestions
    }

    /// All that was said, as plain text.
    public var text: String {
        sentences.reduce(into: "") { text, sentence in
            switch sentence.layout {
            case .same: text += (text.isEmpty ? "" : " ") + sentence.text
            case .paragraph: text += (text.isEmpty ? "" : "\n\n") + sentence.text
            case .item: text += (text.isEmpty ? "" : "\n") + "- " + sentence.text
            }
        }
    }
}

/// One sentence of an answer.
public struct AnswerSentence: Codable, Sendable, Equatable {
    public enum Layout: String, Codable, Sendable {
        /// Goes on in the paragraph.
        case same
        case paragraph
        case item
    }

    /// Plain text; at most `**bold**`.
    public var text: String
    public var layout: Layout
    /// What it rests on. Never empty in an answer from the library.
    public var evidence: [Evidence]
    /// Whether it stands in the place of a sentence of a language model that the record contradicts.
    public var replacesStruck: Bool

    public init(
        _ text: String, layout: Layout = .same, evidence: [Evidence], replacesStruck: Bool = false
    ) {
        self.text = text
        self.layout = layout
        self.evidence = evidence
        self.replacesStruck = replacesStruck
    }
}

/// What a sentence rests on.
public struct Evidence: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable {
        /// A line of the context file, by its id: `intake.age`, `finding.effusion`, `acuity`, `picture`, `not-checked` …
        case record
        /// Published guidance, by its key in the library's list of sources.
        case source
        /// How this program is made and what it does with data.
        case program
    }

    public var kind: Kind
    public var id: String
    /// A few words for people.
    public var label: String

    public init(_ kind: Kind, _ id: String, label: String) {
        self.kind = kind
        self.id = id
        self.label = label
    }
}

extension Conversation {
    /// A title as a person typed it, without blanks around it.
    ///
    /// - Parameter mayBeEmpty: the first question becomes the title then.
    /// - Throws: ``ValidationFault`` for one that is too long, or that nobody can see.
    public static func title(typed text: String, mayBeEmpty: Bool) throws(ValidationFault) -> String {
        if mayBeEmpty, text.allSatisfy(\.isWhitespace) { return "" }
        var faults: [FieldFault] = []
        let title = TypedText.checked(text, "/title", longest: longestTitle, &faults)
        guard faults.isEmpty else { throw ValidationFault(faults) }
        return title
    }
}
