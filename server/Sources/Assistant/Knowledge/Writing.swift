import Domain

/// Parts of an answer, one after another.
@resultBuilder enum KnowledgeBuilder {
    static func buildBlock(_ parts: [AnswerSentence]...) -> [AnswerSentence] { parts.flatMap { $0 } }
}

/// A chapter of the library, with what it takes to write one.
protocol KnowledgeChapter {}

extension KnowledgeChapter {
    /// Gives parts their order where no attribute can stand.
    static func answer(@KnowledgeBuilder _ parts: () -> [AnswerSentence]) -> [AnswerSentence] { parts() }

    /// Sentences that rest on a publication.
    static func from(_ publication: Publication, _ sentences: String...) -> [AnswerSentence] {
        sentences.map { AnswerSentence($0, evidence: [publication.evidence]) }
    }

    /// Sentences that say how Lightbox is made.
    static func lightbox(_ fact: ProgramFact, _ sentences: String...) -> [AnswerSentence] {
        sentences.map { AnswerSentence($0, evidence: [fact.evidence]) }
    }

    /// The same sentences, the first of them at the beginning of a paragraph.
    static func paragraph(@KnowledgeBuilder _ parts: () -> [AnswerSentence]) -> [AnswerSentence] {
        var sentences = parts()
        if !sentences.isEmpty { sentences[0].layout = .paragraph }
        return sentences
    }

    /// The same sentences, each as an item of a list.
    static func list(@KnowledgeBuilder _ parts: () -> [AnswerSentence]) -> [AnswerSentence] {
        parts().map { sentence in
            var item = sentence
            item.layout = .item
            return item
        }
    }
}
