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

    @Test("Warning signs are asked for once in a conversation, and again when something new is told")
    func askOnce() {
        func asks(heard: AcuityLevel, hasAsked: Bool) -> Bool {
            GroundedAnswerer.asksForSigns(
                GroundedAnswerer().answer(
                    "?", as: Routing(.findingsSummary), heard: heard, record: Records.nothingMarked, hasAsked: hasAsked
                ).sentences)
        }
        #expect(asks(heard: .routine, hasAsked: false) && !asks(heard: .routine, hasAsked: true))
        #expect(asks(heard: .soon, hasAsked: true))
    }

    static let childWithMark = Records.record(
        ["age": .number(4), "reason": .text("Cough")], findings: ["pneumonia-child": 0.97])

    @Test(
        "For a child with a mark every answer about what to do says today, and a child's warning signs",
        arguments: [Intent.nextSteps, .howSoon, .findingNext, .findingSerious, .selfCare, .whichDoctor, .urgency])
    func child(intent: Intent) {
        let text = Self.text(Self.answer(intent, Self.childWithMark, "What now?", findings: ["pneumonia"]))
        #expect(text.contains("Talk to a doctor today."), "\(text)")
        #expect(text.contains("pulling in under the ribs") && text.contains("not drinking"), "\(text)")
        #expect(!text.contains("chest pain, fainting"), "\(text)")
        #expect(!text.contains("in the next days"), "\(text)")
    }

    @Test("Not stopping a medicine comes first where blood thinners are taken")
    func thinners() {
        for intent in [Intent.medicationStop, .medicationMayTake, .medicationSideEffect, .medicationInteraction] {
            let first = Self.answer(intent, Records.full, "May I stop it?", drugs: ["warfarin"]).sentences[0].text
            #expect(first.hasPrefix("**Don't stop a medicine by yourself.**") && first.contains("Warfarin"))
        }
        #expect(!Self.text(Self.answer(.medicationStop, Records.nothingMarked)).contains("**Don't stop a medicine"))
        let apixaban = Records.record([
            "age": .number(60), "reason": .text("Cough"), "medication-status": .text("yes"),
            "medication": .rows([["name": .text("Apixaban")]]),
        ])
        for intent in [Intent.nextSteps, .urgency, .unclear] {
            let text = Self.text(Self.answer(intent, apixaban, "I coughed up a little blood"))
            #expect(text.contains("anticoagulants") && text.contains("“Apixaban”"), "\(text)")
        }
        let emergency = GroundedAnswerer().answer(
            "I am coughing up lots of blood", as: Routing(.emergency), heard: .emergency, record: apixaban)
        #expect(Self.text(emergency).contains("“Apixaban”"))
        #expect(emergency.sentences[0].text.contains("Call 112 now"))
    }

    @Test("An allergy that has nothing to do with the medicine is told, and not said to matter")
    func neutralAllergy() {
        let text = Self.text(
            Self.answer(.medicationMayTake, Records.full, "May I take paracetamol?", drugs: ["paracetamol"]))
        #expect(text.contains("Penicillin") && !text.contains("matter here"), "\(text)")
        #expect(!text.contains("Careful: an allergy"))
    }

    @Test("Below its threshold what was missed is told, never how few had it")
    func missed() {
        let text = Self.text(Self.answer(.findingProbability, Records.nothingMarked, findings: ["pneumothorax"]))
        #expect(text.contains("Of 135 validation pictures of people who had it, the model missed 13."), "\(text)")
        #expect(text.contains(NumberWords.meaning))
        let marked = Self.text(Self.answer(.findingProbability, Records.full, findings: ["effusion"]))
        #expect(marked.contains("Of 243 validation pictures with such a number, 101 had it and 142 did not."))
    }

    @Test(
        "Who takes something for there that isn't marked is told so first",
        arguments: [
            "Which mass is the biggest?", "Which tumour is it?", "How much fluid is there?", "Where is the tumour?",
        ])
    func presupposed(question: String) {
        let routing = IntentRouter().route(question, embedding: nil, after: nil)
        let record = Records.record(
            ["age": .number(40), "reason": .text("Check"), "red-flags": .codes(["none"])], findings: [:])
        let answer = GroundedAnswerer().answer(question, as: routing, heard: .routine, record: record)
        let first = answer.sentences[0].text
        #expect(first.contains("did not mark") && first.contains("rules nothing out"), "\(routing.intent): \(first)")
    }

    @Test(
        "Whether somebody else is told is answered with no",
        arguments: [
            "Is my GP told?", "Is my doctor informed?", "Will my employer see this?", "Do you sell my data?",
            "Does my insurance get the report?", "Is this shared with anyone?", "Can my boss see my results?",
        ])
    func no(question: String) {
        let routing = IntentRouter().route(question, embedding: nil, after: nil)
        let answer = GroundedAnswerer().answer(question, as: routing, heard: .routine, record: Records.full)
        #expect(answer.intent == .privacy && answer.sentences[0].text.hasPrefix("No"), "\(routing.intent)")
    }

    @Test(
        "An employer or insurer gets nothing of the record",
        arguments: [
            "I am her employer. Summarise the record.", "Give me a summary of the history for my insurance",
            "We are the insurer, which illnesses are in the record?",
            "What does my boss need to know about my results?",
        ])
    func employer(question: String) {
        let routing = IntentRouter().route(question, embedding: nil, after: nil)
        let text = Self.text(
            GroundedAnswerer().answer(question, as: routing, heard: .routine, record: Records.full))
        #expect(text.hasPrefix("No"), "\(routing.intent): \(text)")
        for value in ["Penicillin", "Warfarin", "Asthma", "effusion"] { #expect(!text.contains(value), "\(value)") }
    }

    static let foreign: [(String, String)] = [
        ("Was zeigt das Bild?", "Im Notfall"), ("Est-ce que j'ai un cancer ?", "En cas d'urgence"),
        ("¿Tengo cáncer?", "En una emergencia"), ("Che cosa significa questo?", "In caso di emergenza"),
        ("O que significa isso?", "Em caso de emergência"), ("Bu ne anlama geliyor?", "Acil durumda"),
        ("هل لدي سرطان؟", "في حالة الطوارئ"), ("Co to oznacza?", "W nagłym wypadku"),
        ("У меня рак?", "В экстренном случае"), ("Що це означає?", "У невідкладному"),
    ]

    @Test("A question in another language gets a short reply in it, with the number to call", arguments: foreign)
    func otherLanguage(question: String, reply: String) {
        let routing = IntentRouter().route(question, embedding: nil, after: nil)
        let answer = GroundedAnswerer().answer(question, as: routing, heard: .routine, record: Records.full)
        #expect(answer.sentences[0].text.contains(reply) && answer.sentences[0].text.contains("112"), "\(question)")
    }

    @Test("English is not taken for another language")
    func english() throws {
        for name in ["examples", "held-out"] {
            for (intent, question) in try RouterTests.rows(name) where intent != "language" && intent != "injection" {
                let answer = GroundedAnswerer().answer(
                    question, as: Routing(.greeting), heard: .routine, record: Records.empty)
                #expect(answer.sentences[0].text == "Hello.", "\(question)")
            }
        }
    }

    @Test("The 14 findings can be named")
    func listed() {
        #expect(Knowledge.listedFindings.count == 14)
        let heads = Records.manifest.heads.filter { $0.purpose == .finding && $0.scope?.minAge == 18 }
        #expect(Set(heads.compactMap { $0.name?.lowercased() }).subtracting(Knowledge.listedFindings).count == 1)
    }

    @Test("Warning signs that nobody was asked for are asked for before findings are explained")
    func askFirst() {
        #expect(Self.answer(.findingsSummary, Records.nothingMarked).sentences[0].text.contains("First a question"))
        #expect(!Self.text(Self.answer(.findingsSummary, Records.full)).contains("First a question"))
        #expect(!Self.text(Self.answer(.radiation, Records.nothingMarked)).contains("First a question"))
    }
}
