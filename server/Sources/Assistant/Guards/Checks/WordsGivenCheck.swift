import Domain

/// Where a wrong word does harm, most words of a sentence must be those of the prepared answer or the record.
struct WordsGivenCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        guard context.grounded.intent.isHighRisk || BareAnswerCheck.asksForVerdict(context) else { return nil }
        let content = Set(
            wording.words.filter { $0.first?.isLetter == true && !Self.common.contains($0) }.map(Lexicon.folded))
        let given = content.filter { context.givenWords.contains($0) || Self.safe.contains($0) }
        return given.count * 3 >= content.count * 2 && !given.isEmpty ? nil : Judgement(.ungrounded)
    }

    /// Words that carry no claim.
    private static let common: Set<String> = [
        "the", "a", "an", "and", "or", "of", "to", "in", "is", "are", "was", "were", "be", "been", "it", "its", "that",
        "this", "these", "those", "you", "your", "for", "with", "on", "not", "no", "as", "at", "by", "can", "from",
        "have",
        "has", "had", "what", "which", "how", "if", "does", "do", "did", "i", "but", "there", "will", "would", "may",
        "might", "could", "should", "they", "them", "who", "before", "after", "about", "than", "so", "whether", "when",
        "also", "only", "very", "more", "any", "some", "one", "never", "first", "without", "because", "such", "we",
        "my",
        "me", "us", "he", "she", "his", "her", "must", "then", "other", "too", "just", "alone", "now",
    ]
    /// Words of advice that never add a claim about a person.
    private static let safe: Set<String> = [
        "doctor", "pharmacist", "ask", "asking", "asked", "talk", "talking", "speak", "question", "tell", "told",
        "know",
        "say", "picture", "program", "model", "record", "report", "radiologist", "decide", "explain", "help", "sure",
        "find", "show", "call", "visit", "test", "somebody", "person", "software", "appointment", "write",
    ]
}
