import Assistant
import Domain
import Foundation
import Testing

/// Everything that the library says, held against the rules by which it is written.
@Suite struct KnowledgeTests {
    /// One text that can stand alone.
    struct Entry: Sendable, CustomTestStringConvertible {
        var name: String
        var sentences: [AnswerSentence]
        var testDescription: String { name }
    }

    static let intents = Intent.allCases.map { Entry(name: $0.rawValue, sentences: Knowledge.general($0)) }

    static let findings = Knowledge.findingIDs.compactMap(Knowledge.finding).flatMap { finding in
        [
            Entry(name: "\(finding.id): what", sentences: finding.what),
            Entry(name: "\(finding.id): notMeaning", sentences: finding.notMeaning),
            Entry(name: "\(finding.id): causes", sentences: finding.causes),
            Entry(name: "\(finding.id): next", sentences: finding.next),
            Entry(name: "\(finding.id): seriousness", sentences: finding.seriousness),
        ]
    }

    static let terms = Knowledge.glossary.sorted { $0.key < $1.key }.map {
        Entry(name: "term: \($0.key)", sentences: $0.value.sentences)
    }

    static let entries = intents + findings + terms

    // MARK: - What it rests on

    @Test(arguments: entries) func everySentenceNamesWhatItRestsOn(_ entry: Entry) {
        let keys = Set(Knowledge.sources.map(\.key))
        for sentence in entry.sentences {
            #expect(!sentence.evidence.isEmpty, "\(sentence.text)")
            for evidence in sentence.evidence {
                #expect(evidence.kind != .record, "\(sentence.text)")
                #expect(evidence.kind == .program || keys.contains(evidence.id), "\(evidence.id)")
                #expect(!evidence.label.isEmpty && !evidence.id.isEmpty)
            }
        }
    }

    @Test func sourcesHaveDistinctKeysAndPublicAddresses() {
        let sources = Knowledge.sources
        #expect(Set(sources.map(\.key)).count == sources.count)
        #expect(Set(sources.map(\.address)).count == sources.count)
        #expect(Set(sources.map(\.title)).count == sources.count)
        for source in sources {
            let address = URL(string: source.address)
            #expect(address?.scheme == "https", "\(source.address)")
            #expect(address?.host?.contains(".") == true, "\(source.address)")
            #expect(source.key.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(source.key)")
            #expect(source.title.count >= 8)
        }
    }

    @Test func everySourceIsUsed() {
        let used = Set(Self.entries.flatMap(\.sentences).flatMap(\.evidence).filter { $0.kind == .source }.map(\.id))
        let idle = Knowledge.sources.map(\.key).filter { !used.contains($0) }
        #expect(idle.isEmpty, "\(idle)")
    }

    // MARK: - What is covered

    /// Their answers come from the record alone, or from fixed words.
    static let withoutGeneralPart: Set<Intent> = [.recordPerson, .emergency]

    @Test(arguments: Intent.allCases) func everyIntentIsAnswered(_ intent: Intent) {
        #expect(Knowledge.general(intent).isEmpty == Self.withoutGeneralPart.contains(intent))
        #expect(Knowledge.general(intent).count <= 12)
    }

    /// The part of the manifest that is held against the library.
    private struct Manifest: Decodable {
        struct Head: Decodable {
            var id: String
            var purpose: String
            var name: String
            var shown: Bool
            var measured: Measured?
        }

        struct Measured: Decodable {
            var specificity: Double?
        }

        var heads: [Head]
    }

    private static func fileOfModel(_ name: String) throws -> Data {
        var root = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 1...4 { root.deleteLastPathComponent() }
        return try Data(contentsOf: root.appending(path: "models/chest-xray/\(name)"))
    }

    private static func manifestFindings() throws -> [Manifest.Head] {
        try JSONDecoder().decode(Manifest.self, from: fileOfModel("manifest.json")).heads.filter {
            $0.purpose == "finding"
        }
    }

    @Test func everyFindingOfTheManifestIsKnownByItsName() throws {
        let heads = try Self.manifestFindings()
        #expect(heads.count == 17)
        for head in heads {
            let finding = try #require(Knowledge.finding(head.id), "\(head.id)")
            #expect(finding.id == head.id)
            #expect(finding.name == head.name)
            #expect(!finding.what.isEmpty && !finding.notMeaning.isEmpty && !finding.causes.isEmpty)
            #expect(!finding.next.isEmpty && !finding.seriousness.isEmpty)
            #expect(finding.questions.count == 3)
            #expect(finding.questions.allSatisfy { $0.hasSuffix("?") })
        }
        #expect(Set(heads.map(\.id)) == Set(Knowledge.findingIDs))
        #expect(Knowledge.finding("no-such-finding") == nil)
    }

    @Test func aFindingThatIsNotShownSaysSo() throws {
        for head in try Self.manifestFindings() {
            let finding = try #require(Knowledge.finding(head.id))
            let says = finding.notMeaning.contains { $0.text.contains("shows no number for it") }
            #expect(says == !head.shown, "\(head.id)")
        }
    }

    /// How many of 100 pictures without a finding are marked, as it is said and as it was measured.
    static let alarms: [(said: String, range: ClosedRange<Double>)] = [
        ("About 30 of 100", 0.27...0.33), ("About one in three", 0.28...0.38), ("More than 40 of 100", 0.40...0.47),
        ("Nearly half", 0.42...0.5), ("More than half", 0.5...0.65), ("More than 60 of 100", 0.6...0.67),
        ("About two in three", 0.62...0.72),
    ]

    @Test func falseAlarmsAreSaidAsTheyWereMeasured() throws {
        for head in try Self.manifestFindings() where head.shown && head.id != "pneumonia-child" {
            let finding = try #require(Knowledge.finding(head.id))
            let said = Self.alarms.filter { phrase in
                finding.notMeaning.contains { $0.text.contains(phrase.said) && $0.text.contains("marked too") }
            }
            #expect(said.count == 1, "\(head.id)")
            let specificity = try #require(head.measured?.specificity)
            #expect(said.first?.range.contains(1 - specificity) == true, "\(head.id): \(1 - specificity)")
        }
    }

    @Test func figuresOfTheModelStandInItsCard() throws {
        let card = try String(decoding: Self.fileOfModel("card.md"), as: UTF8.self)
        let sentences = Self.intents.flatMap(\.sentences).filter { $0.evidence.map(\.id) == ["model-card"] }
        let figures = sentences.flatMap { $0.text.matches(of: /\d+[.,]\d+/).map { String($0.output) } }
        #expect(Set(figures).isSuperset(of: ["0.737", "12,188", "4,376"]))
        for figure in figures where figure != "0.5" { #expect(card.contains(figure), "\(figure)") }
    }

    @Test func everyFindingSaysWhenToCallForHelp() {
        for finding in Knowledge.findingIDs.compactMap(Knowledge.finding) {
            #expect(finding.seriousness.contains { $0.text.contains("emergency number") }, "\(finding.id)")
        }
    }

    @Test func theGlossaryHasAtLeastSixtyTermsAndNoWordTwice() {
        let glossary = Knowledge.glossary
        #expect(glossary.count >= 60)
        var words: [String: String] = [:]
        for (key, entry) in glossary.sorted(by: { $0.key < $1.key }) {
            #expect(key == entry.term.lowercased())
            #expect(!entry.sentences.isEmpty)
            for word in [key] + entry.synonyms {
                #expect(word == word.lowercased(), "\(word)")
                #expect(words[word] == nil, "\(word): \(words[word] ?? "") and \(key)")
                words[word] = key
            }
        }
        for term in [
            "opacity", "lobe", "hilum", "costophrenic angle", "pack-years", "auc", "dicom", "copd", "heat map",
            "sepsis", "false alarm", "radiologist",
        ] {
            #expect(glossary[term] != nil, "\(term)")
        }
    }

    @Test(arguments: Intent.allCases) func twoOrThreeQuestionsFollow(_ intent: Intent) {
        let questions = Knowledge.suggestions[intent] ?? []
        if [.emergency, .selfHarm].contains(intent) {
            #expect(questions.isEmpty)
        } else {
            #expect((2...3).contains(questions.count))
        }
        #expect(Set(questions).count == questions.count)
        #expect(!questions.contains(Knowledge.question(intent)))
        #expect(questions.allSatisfy { $0.count <= 60 && $0.hasSuffix("?") })
    }

    @Test func everyIntentHasItsOwnQuestion() {
        #expect(Set(Intent.allCases.map(Knowledge.question)).count == Intent.allCases.count)
    }

    // MARK: - What is never said

    /// Lower case. A diagnosis, false comfort, a dose, or advice for or against a medicine.
    static let forbidden = [
        #"\byou( may| might| could| probably| do)? have\b"#, #"\byou (do not|don't|have not|haven't)\b"#,
        #"\byou('ve| have) got\b"#, #"\byou('re| are) (healthy|fine|well|ill|sick|safe)\b"#,
        #"\bnothing to worry\b"#, #"\b(do not|don't|no need to) (worry|panic)\b"#, #"\bworry about nothing\b"#,
        #"\b(it|this|that)('s| is| was| isn't| is not)( not)?( a| an)? (cancer|tumour|pneumonia|tuberculosis|infection)\b"#,
        #"\beverything is (fine|all right|ok)\b"#, #"\b(is|are) (completely |perfectly )?(safe|harmless) for you\b"#,
        #"\d\s?(mg|ml|mcg|µg|g|micrograms|milligrams|tablets|puffs|drops|units)\b"#,
        #"^(please )?(take|stop|start|double|skip) "#, #"\byou (can|may|should|must|could) (take|stop|skip|start)\b"#,
        #"\b(stop|start|keep|go on) taking\b"#, #"\btake (your|the|a|an|one|two) (medicine|tablet|pill|antibiotic)"#,
        #"\b(i|we) (promise|guarantee)\b"#, #"\b(will|is sure to) (heal|go away|be fine|get better)\b"#,
        #"\b(no|without any) risk\b"#,
    ]

    @Test func nothingForbiddenIsSaid() throws {
        let questions =
            Intent.allCases.map(Knowledge.question)
            + Knowledge.findingIDs.compactMap(Knowledge.finding).flatMap(\.questions)
        let texts = (Self.entries.flatMap(\.sentences).map(\.text) + questions).map { $0.lowercased() }
        for pattern in Self.forbidden {
            let expression = try Regex(pattern)
            let said = texts.filter { $0.firstMatch(of: expression) != nil }
            #expect(said.isEmpty, "\(pattern): \(said)")
        }
    }

    @Test(arguments: [
        "You have pneumonia.", "You probably have it.", "You don't have cancer.", "You are healthy.",
        "It is not cancer.",
        "There is nothing to worry about.", "Take 500 mg at night.", "You can take it.", "Stop taking it.",
        "It will go away.", "Please take the tablets.",
    ])
    func whatIsForbiddenIsNoticed(_ sentence: String) throws {
        #expect(
            try Self.forbidden.contains { try sentence.lowercased().firstMatch(of: Regex($0)) != nil }, "\(sentence)")
    }

    // MARK: - How it is said

    @Test(arguments: entries) func itIsPlain(_ entry: Entry) {
        guard !entry.sentences.isEmpty else { return }
        let grade = ReadingGrade.fleschKincaid(entry.sentences.map(\.text).joined(separator: " "))
        #expect(grade <= 8, "\(grade)")
    }

    @Test(arguments: entries) func sentencesAreShortAndWhole(_ entry: Entry) {
        for sentence in entry.sentences {
            #expect(Self.words(sentence.text).count <= 25, "\(sentence.text)")
            #expect(sentence.text.first?.isUppercase == true, "\(sentence.text)")
            #expect(sentence.text == sentence.text.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(sentence.text.firstMatch(of: /[.?!] \p{Lu}/) == nil, "More than one: \(sentence.text)")
            #expect(sentence.text.last.map { ".?:”".contains($0) } == true, "\(sentence.text)")
        }
    }

    @Test(arguments: entries) func theSpellingIsBritish(_ entry: Entry) {
        let american = ["edema", "tumor", "color", "center", "diarrhea", "behavior", "analyze"]
        for sentence in entry.sentences {
            let text = sentence.text.lowercased().replacing("oedema", with: "")
            #expect(!american.contains { text.contains($0) }, "\(sentence.text)")
        }
    }

    // MARK: - Words

    static func words(_ text: String) -> [Substring] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }
    }
}
