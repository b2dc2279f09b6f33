import Domain
import Testing

@testable import Assistant

@Suite("A language model's answer as a whole")
struct GuardAnswerTests {
    @Test("A contradiction is replaced by what the record says, once")
    func replacement() throws {
        let (found, whole) = GuardFixtures.guarded("A mass was marked. There is a mass. Pleural effusion was marked.")
        #expect(found.count == 3)
        let first = try #require(found.first)
        #expect(first.struckBecause == .contradiction)
        #expect(first.isShown)
        #expect(first.sentence.replacesStruck)
        #expect(first.sentence.text.contains("below its threshold"))
        #expect(first.sentence.evidence == [Evidence(.record, "finding.mass", label: "Mass (A dense")])
        #expect(!found[1].isShown)
        #expect(found[2].struckBecause == nil)
        #expect(whole.struck == 2)
        #expect(whole.verdict == .fine)
    }

    @Test("A permission is replaced by the prepared answer's refusal")
    func permission() throws {
        let (found, whole) = GuardFixtures.guarded("Yes, you can take amoxicillin.", "amoxicillin")
        let first = try #require(found.first)
        #expect(first.sentence.text == "Don't take amoxicillin before you have asked a doctor or pharmacist.")
        #expect(first.sentence.replacesStruck)
        #expect(whole.verdict == .nothingHeld)
    }

    @Test("Every kept sentence rests on something, and what is cited must exist")
    func evidence() {
        let text = """
            The model marked pleural effusion [finding.effusion]. You told that you take warfarin. \
            Show the report to a doctor. It is an estimate [intake.age] [finding.invented].
            """
        let (found, _) = GuardFixtures.guarded(text)
        #expect(found.allSatisfy { $0.struckBecause == nil && !$0.sentence.evidence.isEmpty })
        #expect(found.allSatisfy { !$0.sentence.text.contains("[") })
        let ids = found.map { $0.sentence.evidence.map(\.id) }
        #expect(ids.count == 4)
        #expect(ids.first == ["finding.effusion"])
        #expect(ids.dropFirst().first == ["intake.medication.1"])
        #expect(ids.dropFirst(2).first == ["nhs-chest-xray"])
        #expect(ids.last == ["intake.age"])
        let lines = Set(GuardFixtures.record.file.lines.map(\.id))
        for evidence in found.flatMap(\.sentence.evidence) where evidence.kind == .record {
            #expect(lines.contains(evidence.id))
        }
    }

    @Test("Without a source it says that it is general knowledge")
    func general() {
        let grounded = GroundedAnswer(intent: .xrayHow, sentences: [], suggestions: [])
        var whole = AnswerGuard(record: GuardFixtures.record, question: "How is it taken?", grounded: grounded)
        let found = whole.take("A picture is made with a small amount of radiation.") + whole.finish()
        #expect(found.map { $0.sentence.evidence.map(\.id) } == [["general-knowledge"]])
    }

    @Test("The same sentence again and again is a loop")
    func loop() {
        #expect(GuardFixtures.guarded("Show it to a doctor. Ask. Show it to a doctor.").whole.verdict == .fine)
        let (found, whole) = GuardFixtures.guarded(String(repeating: "Show it to a doctor. ", count: 9))
        #expect(whole.verdict == .looping)
        #expect(whole.isOver)
        #expect(found.count(where: \.isShown) == 1)
        #expect(GuardFixtures.guarded(String(repeating: "the lung and ", count: 40)).whole.verdict == .looping)
    }

    @Test("An answer in another language isn't used")
    func language() {
        let german = "Das Modell hat einen Erguss markiert. Das ist nicht schlimm. Sie sind gesund und das ist gut."
        #expect(GuardFixtures.guarded(german).whole.verdict == .wrongLanguage)
        #expect(GuardFixtures.guarded("模型发现了积液。这不严重。").whole.verdict == .wrongLanguage)
        #expect(GuardFixtures.guarded("The model marked a finding.").whole.verdict == .fine)
    }

    @Test("Nothing said, and nothing kept")
    func nothing() {
        #expect(GuardFixtures.guarded("").whole.verdict == .empty)
        #expect(GuardFixtures.guarded(" \n\n ").whole.verdict == .empty)
        #expect(GuardFixtures.guarded("You are fine. You have cancer.").whole.verdict == .nothingHeld)
    }

    @Test("What stands in a list is read with the sentence that leads to it")
    func list() {
        let marked = GuardFixtures.guarded("The model marked:\n- Pleural effusion\n- Mass").sentences
        #expect(marked.map { $0.struckBecause == nil } == [true, true, false])
        let struck = GuardFixtures.guarded("You have:\n- fluid\n- a cold").sentences
        #expect(struck.allSatisfy { !$0.isShown || $0.struckBecause == nil })
        let below = GuardFixtures.guarded("These were not marked:\n- Atelectasis\n- Mass").sentences
        #expect(below.allSatisfy { $0.struckBecause == nil })
    }

    @Test("At most so many sentences")
    func most() {
        let text = (1...30).map {
            "Point \(["a", "b", "c", "d", "e"][$0 % 5])\(String(repeating: "x", count: $0)) is a word."
        }
        let (found, whole) = GuardFixtures.guarded(text.joined(separator: " "))
        #expect(found.count(where: \.isShown) == AnswerGuard.mostSentences)
        #expect(whole.isOver)
        #expect(whole.verdict == .fine)
    }

    @Test("However the answer is cut, it is judged the same")
    func pieces() {
        let text =
            "The model marked pleural effusion. A mass was marked.\n\n- You are fine.\n- Ask a doctor. It is 23 %."
        let whole = GuardFixtures.guarded(text).sentences
        for length in 1...7 {
            var fed = GuardFixtures.answerGuard()
            var found: [GuardedSentence] = []
            var rest = text[...]
            while !rest.isEmpty {
                found += fed.take(String(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            #expect(found + fed.finish() == whole)
        }
    }

    @Test("In an emergency only the reviewed words are kept")
    func emergency() {
        let grounded = GroundedAnswer(
            intent: .emergency,
            sentences: [AnswerSentence("Call 112 now.", evidence: [Evidence(.program, "acuity", label: "Urgency")])],
            suggestions: [])
        var whole = AnswerGuard(record: GuardFixtures.record, question: "I can't breathe", grounded: grounded)
        let found = whole.take("Call 112 now. Sit down and breathe slowly.") + whole.finish()
        #expect(found.map(\.isShown) == [true, false])
    }
}
