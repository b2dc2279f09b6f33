public import Domain

/// What the library says to a question.
public struct GroundedAnswer: Sendable, Equatable {
    public var intent: Intent
    /// Each with what it rests on.
    public var sentences: [AnswerSentence]
    /// What may be asked next.
    public var suggestions: [String]

    public init(intent: Intent, sentences: [AnswerSentence], suggestions: [String]) {
        self.intent = intent
        self.sentences = sentences
        self.suggestions = suggestions
    }
}
