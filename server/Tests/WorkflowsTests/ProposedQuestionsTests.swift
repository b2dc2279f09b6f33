import Synchronization
import Testing
import Workflows

@Suite struct ProposedQuestionsTests {
    @Test func aProposedQuestionIsEncodedOnce() async {
        let encoder = CountingEncoder()
        let proposed = ProposedQuestions(encoder: encoder)
        for _ in 0..<3 { #expect(await proposed.encode("How does the model work?") == [24]) }
        #expect(encoder.texts.withLock { $0 } == ["How does the model work?"])
    }

    @Test func whatAPersonTypesIsEncodedEachTime() async {
        let encoder = CountingEncoder()
        let proposed = ProposedQuestions(encoder: encoder)
        for _ in 0..<2 { #expect(await proposed.encode("How does that model of yours work?") == [34]) }
        #expect(encoder.texts.withLock { $0 }.count == 2)
    }

    @Test func aQuestionThatCouldNotBeEncodedIsTriedAgain() async {
        let encoder = CountingEncoder()
        let proposed = ProposedQuestions(encoder: encoder)
        encoder.isAway.withLock { $0 = true }
        #expect(await proposed.encode("How does the model work?") == nil)
        encoder.isAway.withLock { $0 = false }
        #expect(await proposed.encode("How does the model work?") == [24])
    }
}

/// Gives the length of a text.
private final class CountingEncoder: SentenceEncoding {
    let texts = Mutex<[String]>([])
    let isAway = Mutex(false)

    func encode(_ text: String) async -> [Float]? {
        if isAway.withLock({ $0 }) { return nil }
        texts.withLock { $0.append(text) }
        return [Float(text.count)]
    }
}
