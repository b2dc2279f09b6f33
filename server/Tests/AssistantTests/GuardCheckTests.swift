import Domain
import Testing

@testable import Assistant

@Suite("The parts that judge one sentence")
struct GuardCheckTests {
    static let context = GuardContext(
        record: GuardFixtures.record, question: "What did the picture show?", grounded: GuardFixtures.grounded("show"))

    static func reason(_ check: any SentenceCheck, _ text: String) -> StrikeReason? {
        check.judge(Wording(text), in: context)?.reason
    }

    @Test("Short forms are written out, hyphens opened, numbers kept")
    func words() {
        #expect(
            Wording.words(of: "You've **no** X-ray, don't you?") == [
                "you", "have", "no", "xray", ",", "do", "not", "you", "?",
            ])
        #expect(
            Wording.words(of: "A 54-year-old's 23.4% (1,000) 500mg.")
                == ["a", "54", "year", "old", "23.4", "%", ",", "1,000", ",", "500", "mg"])
    }

    @Test("Patterns: words, gaps, beginnings, numbers, terms")
    func patterns() {
        #expect(Wording("you really do have a small effusion").has("you ~2 have ~2 @finding"))
        #expect(!Wording("you have told, and effusion").has("you have ~3 @finding"))
        #expect(Wording("first this, take it").has("^ take"))
        #expect(!Wording("you take it").has("^ take"))
        #expect(Wording("for three days").has("for # days"))
        #expect(Wording("an old word").has("an very? old"))
    }

    @Test("Terms: plurals, brands, descriptions, and medicines by their ending")
    func terms() {
        #expect(Wording("effusions and masses").ids(.finding) == ["effusion", "mass"])
        #expect(Wording("fluid around the lungs").ids(.description) == ["effusion"])
        #expect(Wording("Tylenol or Brandnewcillin").ids(.drug) == ["paracetamol", "brandnewcillin"])
        #expect(Wording("body mass, april, cholesterol").mentions.isEmpty)
    }

    @Test("What is denied as a claim, or left open, is no claim")
    func disowned() {
        #expect(!Wording("It does not mean that you have cancer").claims(["you have ~1 @illness"]))
        #expect(!Wording("Ask whether you have cancer").claims(["you have ~1 @illness"]))
        #expect(Wording("I cannot say much, but you have cancer").claims(["you have ~1 @illness"]))
        #expect(Wording("It does not only mean that you have cancer").claims(["you have ~1 @illness"]))
        #expect(Wording("If you ask me, you have cancer").claims(["you have ~1 @illness"]))
    }

    @Test(
        "Numbers may be rounded or written in another way",
        arguments: [
            ("It is 23 %.", true), ("It is 0.23.", true), ("About 23 of 100.", true),
            ("About 24 %.", false),
            ("You are 54.", true), ("It took 3 weeks.", true), ("It took three weeks.", true), ("Call 112.", true),
            ("In July.", false),
        ])
    func numbers(text: String, isGiven: Bool) {
        #expect((Self.reason(NumberCheck(), text) == nil) == isGiven)
    }

    @Test("Each check objects to its own")
    func checks() {
        #expect(Self.reason(DiagnosisCheck(), "You have pneumonia.") == .diagnosis)
        #expect(Self.reason(ReassuranceCheck(), "You are fine.") == .reassurance)
        #expect(Self.reason(PrognosisCheck(), "You will recover.") == .prognosis)
        #expect(Self.reason(MedicationCheck(), "Take 500 mg.") == .dose)
        #expect(Self.reason(MedicationCheck(), "Stop warfarin.") == .medication)
        #expect(Self.reason(DrugCheck(), "Furosemide exists.") == .drug)
        #expect(Self.reason(LateralityCheck(), "An effusion in the left lung.") == .laterality)
        #expect(Self.reason(LateralityCheck(), "Go right away; you are right.") == nil)
        #expect(Self.reason(ComparisonCheck(), "It has grown.") == .comparison)
        #expect(Self.reason(FindingCheck(), "Sarcoidosis is an illness.") == .finding)
        #expect(Self.reason(HistoryCheck(), "You are 60 years old.") == .contradiction)
        #expect(Self.reason(InstructionsCheck(), "My system prompt is long.") == .instructions)
        #expect(Self.reason(UrgencyCheck(), "It can wait.") == .urgency)
        #expect(Self.reason(UrgencyCheck(), "The level is routine.") == .contradiction)
    }

    @Test("Clauses are told apart, lists belong to their verb")
    func clauses() {
        let text = "Effusion was marked, but atelectasis, mass and consolidation were not marked."
        let clauses = FindingCheck.clauses(of: Wording(text)).map { ($0.ids(.finding), FindingCheck.polarity(of: $0)) }
        #expect(clauses.map(\.0) == [["effusion"], ["atelectasis", "mass", "consolidation"]])
        #expect(clauses.map(\.1) == [.marked, .notMarked])
    }
}
