public import Domain

/// Why a sentence of a language model isn't shown.
public enum StrikeReason: String, Sendable, CaseIterable {
    /// It says that somebody has, or hasn't, an illness.
    case diagnosis
    /// It says that all is well, or rules something out.
    case reassurance
    /// It says how an illness will end.
    case prognosis
    /// It names a dose.
    case dose
    /// It tells or allows somebody to take, stop or change a medicine.
    case medication
    /// A bare yes or no to what must not be answered with either.
    case bareAnswer = "bare-answer"
    /// A number that is in nothing that the model was given.
    case number
    /// A medicine that is in nothing that the model was given.
    case drug
    /// A side or a part of the lung; the program gives none.
    case laterality
    /// A finding or an illness that is in nothing that the model was given.
    case finding
    /// The record says otherwise.
    case contradiction
    /// It compares with another picture; the program doesn't.
    case comparison
    /// It states a fact of the history that the record doesn't hold.
    case inventedFact = "invented-fact"
    /// It talks of its instructions, plays a part, asks for personal data, or gives an address.
    case instructions
    /// It goes beyond the prepared answer where nothing may be added to it.
    case ungrounded
    /// It makes the urgency less than it is.
    case urgency
    /// It isn't English, which is the language that can be checked.
    case language
    /// It was said before.
    case repetition
    /// It belongs to a sentence that was struck.
    case leadIn = "lead-in"
}

/// What became of one sentence of a language model.
public struct GuardedSentence: Sendable, Equatable {
    /// As it may be shown; where it was struck and nothing stands in its place, as the model wrote it.
    public var sentence: AnswerSentence
    /// nil for a sentence that is kept.
    public var struckBecause: StrikeReason?

    public init(_ sentence: AnswerSentence, struckBecause: StrikeReason? = nil) {
        self.sentence = sentence
        self.struckBecause = struckBecause
    }

    /// Whether ``sentence`` may be shown: it was kept, or it stands in the place of one that was struck.
    public var isShown: Bool { struckBecause == nil || sentence.replacesStruck }
}
