import Assistant
import Domain
import Foundation
import Testing

@Suite("The library's answers")
struct GroundedAnswererTests {
    static func answer(
        _ intent: Intent, _ record: Record, _ question: String = "?", findings: [String] = [], drugs: [String] = [],
        term: String? = nil
    ) -> GroundedAnswer {
        GroundedAnswerer().answer(
            question, as: Routing(intent, subject: Subject(findings: findings, drugs: drugs, term: term)),
            heard: .routine, record: record)
    }

    static func text(_ answer: GroundedAnswer) -> String { answer.sentences.map(\.text).joined(separator: "\n") }

    // MARK: - What holds for every answer

    @Test("To everything something is said, and each sentence has evidence that is there", arguments: Intent.allCases)
    func evidence(intent: Intent) {
        for (name, record) in Records.all {
            let answer = Self.answer(intent, record, findings: ["effusion"], drugs: ["ibuprofen"], term: "ct")
            #expect(!answer.sentences.isEmpty, "\(name)")
            let lines = Set(record.file.lines.map(\.id))
            for sentence in answer.sentences {
                #expect(!sentence.evidence.isEmpty, "\(name): \(sentence.text)")
                #expect(!sentence.text.isEmpty)
                for evidence in sentence.evidence where evidence.kind == .record {
                    #expect(lines.contains(evidence.id), "\(name): \(evidence.id)")
                }
                for evidence in sentence.evidence where evidence.kind == .source {
                    #expect(Knowledge.sources.contains { $0.key == evidence.id })
                }
            }
        }
    }

    /// What people typed is quoted; the program's own words aren't.
    static func own(_ text: String) -> String { text.replacing(/“[^”]*”/, with: "…") }

    @Test("No verdict, no permission, no false comfort in the program's own words", arguments: Intent.allCases)
    func forbidden(intent: Intent) throws {
        let forbidden = try [
            #"\byou (have|don.t have|do not have|are) (an? )?(cancer|pneumonia|effusion|ill|healthy|fine|ok)"#,
            #"\bit is (not )?(cancer|pneumonia)"#, #"\byou (can|may|should) take\b"#, #"nothing to worry"#,
            #"\bno need to (see|call)"#, #"\b\d+ ?mg\b"#, #"\ball is well\."#,
        ].map { try Regex($0).ignoresCase() }
        for (name, record) in Records.all {
            for drugs in [[], ["amoxicillin"], ["ibuprofen"]] {
                let text = Self.own(Self.text(Self.answer(intent, record, "Is it cancer?", drugs: drugs)))
                for pattern in forbidden {
                    if let match = text.firstMatch(of: pattern) {
                        let said = text[match.range]
                        #expect(
                            ["not mean that all is well.", "say that all is well."].contains {
                                text.contains($0)
                                    && $0.hasSuffix(said.lowercased().trimmingCharacters(in: .whitespaces))
                            },
                            "\(name): \(said)")
                    }
                }
            }
        }
    }

    @Test("Answers can be read after eight years of school", arguments: Intent.allCases)
    func grade(intent: Intent) {
        for (name, record) in Records.all {
            let text = Self.own(Self.text(Self.answer(intent, record, findings: ["effusion"], drugs: ["ibuprofen"])))
            #expect(ReadingGrade.fleschKincaid(text) <= 8, "\(name): \(text)")
        }
    }

    @Test("While findings are held back it says so, and says nothing of them", arguments: Intent.allCases)
    func heldBack(intent: Intent) {
        let text = Self.text(Self.answer(intent, Records.heldBack))
        #expect(!text.contains("has been read yet") && !text.contains("The model marked"))
        let isOfPicture = [.findingsSummary, .findingProbability, .diagnosis, .reassurance, .recordSummary].contains(
            intent)
        if isOfPicture { #expect(text.contains("held back"), "\(text)") }
    }

    @Test("What a withdrawn version found is told with the warning first, and only then")
    func withdrawn() {
        for intent in [Intent.findingsSummary, .findingProbability, .diagnosis, .recordSummary] {
            #expect(Self.text(Self.answer(intent, Records.withdrawn)).contains("was withdrawn"), "\(intent)")
            #expect(!Self.text(Self.answer(intent, Records.full)).contains("was withdrawn"), "\(intent)")
        }
        #expect(!Self.text(Self.answer(.recordAllergies, Records.withdrawn)).contains("was withdrawn"))
    }

    @Test("In an emergency every answer begins with the call")
    func inDanger() {
        for intent in Intent.allCases where intent != .selfHarm {
            #expect(Self.answer(intent, Records.inDanger).sentences.first?.text.contains("112") == true, "\(intent)")
        }
    }

    @Test("Words of danger are answered as such, whatever was asked")
    func danger() {
        let answer = GroundedAnswerer().answer(
            "What is a CT? I can't breathe", as: Routing(.term), heard: .emergency, record: Records.full)
        #expect(answer.intent == .emergency)
        #expect(answer.sentences.first?.text == "**This may be an emergency. Call 112 now.**")
    }

    // MARK: - Medicines

    @Test(
        "A medicine is held against allergies, medicines and illnesses that are noted",
        arguments: [
            ("amoxicillin", "Penicillin"), ("augmentin", "Penicillin"), ("antibiotics", "Penicillin"),
            ("cefuroxime", "Penicillin"), ("ibuprofen", "Warfarin"), ("ibuprofen", "Ramipril"),
            ("ibuprofen", "Asthma"), ("aspirin", "Warfarin"), ("clarithromycin", "Warfarin"),
            ("metronidazole", "Warfarin"), ("trimethoprim", "Ramipril"), ("propranolol", "Asthma"),
            ("potassium", "Ramipril"), ("warfarin", "Warfarin"),
        ])
    func warnings(drug: String, noted: String) {
        let text = Self.text(Self.answer(.medicationMayTake, Records.full, drugs: [drug]))
        #expect(text.contains("“\(noted)”"), "\(text)")
        if drug != "warfarin" { #expect(text.contains("don't start \(drug) before a doctor or pharmacist")) }
    }

    @Test("Where nothing speaks against it in the record, nothing is allowed either")
    func noWarning() {
        let text = Self.text(Self.answer(.medicationMayTake, Records.empty, drugs: ["paracetamol"]))
        #expect(text.contains("notes nothing about allergies"))
        #expect(text.contains("doctor or a pharmacist"))
    }

    @Test("What is withheld is neither said nor used")
    func withheld() {
        for intent in Intent.allCases {
            #expect(
                !Self.text(Self.answer(intent, Records.withheld, drugs: ["aspirin"])).contains("Latex"), "\(intent)")
        }
        #expect(Self.text(Self.answer(.recordAllergies, Records.withheld)).contains("chose to keep"))
    }

    // MARK: - The record and the picture

    @Test("Values of the record are said as they stand there")
    func values() {
        let said: [(Intent, String, String)] = [
            (.recordAllergies, "Am I allergic?", "Penicillin"), (.recordMedication, "What do I take?", "Ramipril"),
            (.recordSmoking, "Smoking?", "Pack-years: 15"), (.recordMeasurements, "What's my oxygen?", "97"),
            (.recordPerson, "How old am I?", "60"), (.recordConditions, "My illnesses?", "Stomach ulcer"),
            (.findingsSummary, "What did it show?", "Pleural effusion"), (.findingProbability, "How sure?", "41 %"),
        ]
        for (intent, question, value) in said {
            #expect(Self.text(Self.answer(intent, Records.full, question)).contains(value), "\(question)")
        }
        #expect(!Self.text(Self.answer(.recordMeasurements, Records.full, "What's my oxygen?")).contains("Height"))
    }

    @Test("Nothing known is said to be unknown, never to be absent")
    func unknown() {
        for intent in [Intent.recordAllergies, .recordMedication, .recordConditions, .recordFamily, .recordImplants] {
            let text = Self.text(Self.answer(intent, Records.empty))
            #expect(text.contains("Nothing is noted") && text.contains("doesn't mean"), "\(text)")
        }
    }

    @Test("Without a picture, with a refused one, and for a child nothing is made up")
    func noFindings() {
        #expect(Self.text(Self.answer(.findingsSummary, Records.empty)).contains("No picture has been read yet"))
        #expect(Self.text(Self.answer(.findingsSummary, Records.refused)).contains("upside down"))
        #expect(Self.text(Self.answer(.findingsSummary, Records.child)).contains("wasn't made for"))
        let nothing = Self.text(Self.answer(.findingsSummary, Records.nothingMarked))
        #expect(nothing.contains("marked nothing") && nothing.contains("rules nothing out"))
        #expect(Self.text(Self.answer(.compareEarlier, Records.full)).contains("no earlier picture"))
    }

    @Test(
        "An allergy is told whatever is asked about the medicine",
        arguments: [
            Intent.medicationDose, .medicationStop, .medicationWhatIs, .medicationSideEffect, .medicationMayTake,
        ])
    func allergyWhateverIsAsked(intent: Intent) {
        let record = Records.record([
            "age": .number(58), "reason": .text("Cough"), "allergy-status": .text("yes"),
            "allergies": .rows([["substance": .text("Penicillin")]]),
        ])
        let text = Self.text(Self.answer(intent, record, "What dose of amoxicillin?", drugs: ["amoxicillin"]))
        #expect(text.contains("an allergy to “Penicillin” is noted"), "\(text)")
        #expect(text.contains("Amoxicillin belongs to the same family"))
    }

    @Test("Who asks for a child's pneumonia is told of the child's mark")
    func pneumoniaOfChild() {
        let record = Records.record(
            ["age": .number(4), "reason": .text("Cough")], findings: ["pneumonia-child": 0.97])
        for intent in [Intent.diagnosis, .findingProbability] {
            let text = Self.text(Self.answer(intent, record, "Does my child have pneumonia?", findings: ["pneumonia"]))
            #expect(text.contains("the model marked “Pneumonia (child of 1 to 5 years)”"), "\(text)")
            #expect(!text.contains("did not look for"))
        }
    }

    @Test("What the model doesn't look for is said to be unseen")
    func notLookedFor() {
        for question in ["Do I have tuberculosis?", "Is a rib broken?", "Is it cancer?"] {
            #expect(
                Self.text(Self.answer(.diagnosis, Records.full, question)).contains("does not look for"), "\(question)")
        }
    }

    @Test("Warning signs that nobody was asked for are asked for before findings are explained")
    func askFirst() {
        #expect(Self.answer(.findingsSummary, Records.nothingMarked).sentences[0].text.contains("First a question"))
        #expect(!Self.text(Self.answer(.findingsSummary, Records.full)).contains("First a question"))
        #expect(!Self.text(Self.answer(.radiation, Records.nothingMarked)).contains("First a question"))
    }
}
