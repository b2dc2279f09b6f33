import Foundation
import Testing

@testable import Domain

@Suite("Urgency")
struct AcuityTests {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    static func level(_ answers: Answers) -> AcuityLevel {
        IntakeAcuity().reasons(Questionnaire.intake.counting(answers), of: .intake).map(\.level).max() ?? .routine
    }

    static func with(_ symptoms: String..., and others: Answers = [:]) -> Answers {
        others.merging(["symptoms": .codes(symptoms)]) { $1 }
    }

    static let suddenly: Answers = ["beginning": .text("suddenly"), "onset": .text("today")]

    static let signs: [(Answers, AcuityLevel)] = IntakeAcuity.signs.map {
        (["red-flags": .codes([$0.code])], AcuityLevel.emergency)
    }

    static let complaints: [(Answers, AcuityLevel)] = [
        ([:], .routine), (["red-flags": .codes(["none"])], .routine),
        (["age": .number(54), "reason": .text("Cough")], .routine),
        (with("chest-pain"), .urgent), (with("chest-pain", and: suddenly), .emergency),
        (with("chest-pain", and: ["beginning": .text("suddenly"), "onset": .text("months")]), .urgent),
        (with("chest-pain", and: ["severity": .number(7)]), .emergency),
        (with("chest-pain", and: ["severity": .number(6)]), .urgent),
        (with("chest-pain", "breathless", and: ["onset": .text("days")]), .emergency),
        (with("leg-swelling", "breathless"), .emergency),
        (with("leg-swelling", and: ["onset": .text("days")]), .urgent),
        (with("breathless"), .soon), (with("breathless", and: ["course": .text("worse")]), .urgent),
        (with("breathless", and: ["severity": .number(8)]), .emergency),
        (with("breathless", and: suddenly), .emergency), (with("blood"), .urgent),
        (with("wheeze", and: ["onset": .text("today")]), .urgent), (with("fever", "breathless"), .urgent),
        (with("fever", and: ["age": .number(0)]), .urgent),
        (with("fever", "cough", and: ["age": .number(65)]), .urgent),
        (with("fever", "cough", and: ["age": .number(64)]), .routine),
        (with("cough", and: ["onset": .text("weeks")]), .soon),
        (with("cough", and: ["onset": .text("days")]), .routine), (with("weight-loss"), .soon),
        (with("night-sweats"), .soon), (with("hoarse", and: ["onset": .text("months")]), .soon),
        (with("cough", and: ["smoking": .text("former"), "age": .number(40)]), .soon),
        (with("cough", and: ["smoking": .text("former"), "age": .number(39)]), .routine),
        (["tuberculosis-contact": .text("yes")], .soon), (with("cough", and: ["dusts": .codes(["asbestos"])]), .soon),
        (["dusts": .codes(["asbestos"])], .routine), (["systems": .codes(["lying-flat"])], .urgent),
        (
            with("breathless", and: ["pregnancy": .text("yes"), "age": .number(30), "sex": .text("female")]), .urgent
        ),
        (["reason": .text("cant get air")], .emergency), (["reason": .text("no chest pain, just a check")], .routine),
        (["systems-detail": .text("lost a stone in three months without trying")], .soon),
    ]

    static let measurements: [(Answers, AcuityLevel)] = [
        (["oxygen-saturation": .number(91)], .emergency), (["oxygen-saturation": .number(92)], .urgent),
        (["oxygen-saturation": .number(95)], .routine), (["temperature": .number(39.5)], .urgent),
        (["temperature": .number(39.4)], .routine), (["age": .number(50), "respiratory-rate": .number(25)], .urgent),
        (["age": .number(50), "respiratory-rate": .number(24)], .routine),
        (["age": .number(15), "respiratory-rate": .number(25)], .routine),
        (
            [
                "age": .number(50), "respiratory-rate": .number(25), "heart-rate": .number(131),
                "temperature": .number(38.5),
            ], .emergency
        ),
        (
            ["age": .number(50), "systolic": .number(95), "heart-rate": .number(111), "respiratory-rate": .number(20)],
            .routine
        ),
        (
            ["age": .number(50), "systolic": .number(95), "heart-rate": .number(111), "temperature": .number(38.5)],
            .urgent
        ),
    ]

    @Test("Each rule gives its level at its border and not beside it", arguments: signs + complaints + measurements)
    func rules(answers: Answers, expected: AcuityLevel) {
        #expect(Self.level(answers) == expected)
    }

    static let marks: [([(String, Double)], [AcuityLevel])] = [
        ([], []), ([("effusion", 0.2)], [.soon]), ([("effusion", 0.2), ("mass", 0.1), ("any-finding", 0.9)], [.soon]),
        ([("effusion", 0.35)], [.soon]), ([("effusion", 0.49)], [.soon]), ([("effusion", 0.5)], [.urgent]),
        ([("pneumothorax", 0.03)], [.soon]), ([("pneumothorax", 0.33)], [.soon]), ([("pneumothorax", 0.5)], [.urgent]),
        ([("pneumothorax", 0.6), ("edema", 0.2), ("mass", 0.1)], [.urgent, .soon, .soon]),
        ([("pneumonia-child", 0.94)], [.urgent]), ([("pneumonia-child", 0.3)], [.urgent]), ([("mass", 0.99)], [.soon]),
    ]

    static func result(_ marked: [(String, Double)]) throws -> AnalysisResult {
        var result = try InterpretationTests.result(InterpretationTests.output())
        let template = try #require(result.findings.first)
        result.findings = marked.map { id, probability in
            var finding = template
            (finding.id, finding.probability, finding.flagged, finding.frequency) = (id, probability, true, nil)
            return finding
        }
        return result
    }

    @Test("A measured share of one in two or more counts like the probability")
    func share() throws {
        var result = try Self.result([("pneumothorax", 0.4)])
        result.findings[0].frequency = Frequency(images: 200, positives: 99)
        #expect(FindingAcuity().reasons(result, told: [:]).map(\.level) == [.soon])
        result.findings[0].frequency = Frequency(images: 200, positives: 100)
        #expect(FindingAcuity().reasons(result, told: [:]).map(\.level) == [.urgent])
    }

    static let beside: [(String, Double, Answers, AcuityLevel)] = [
        ("pneumothorax", 0.03, ["symptoms": .codes(["breathless"])], .emergency),
        ("pneumothorax", 0.3, ["symptoms": .codes(["chest-pain"]), "onset": .text("today")], .emergency),
        ("pneumothorax", 0.9, ["symptoms": .codes(["chest-pain"])], .emergency),
        ("pneumothorax", 0.3, ["symptoms": .codes(["breathless"]), "onset": .text("months")], .urgent),
        (
            "pneumothorax", 0.3,
            ["symptoms": .codes(["breathless"]), "onset": .text("months"), "course": .text("worse")], .emergency
        ),
        ("pneumothorax", 0.3, ["symptoms": .codes(["cough"])], .soon),
        ("edema", 0.15, ["symptoms": .codes(["breathless"]), "onset": .text("months")], .urgent),
        ("effusion", 0.35, ["symptoms": .codes(["fever"])], .urgent),
        ("consolidation", 0.15, ["symptoms": .codes(["fever"])], .urgent),
        ("consolidation", 0.15, ["symptoms": .codes(["cough"])], .soon),
    ]

    @Test("With complaints a mark asks for what it did before: a pneumothorax for an emergency", arguments: beside)
    func withComplaints(finding: String, probability: Double, answers: Answers, level: AcuityLevel) throws {
        let reasons = FindingAcuity().reasons(try Self.result([(finding, probability)]), told: answers)
        #expect(reasons.map(\.level) == [level])
    }

    @Test("What a mark asks for is Lightbox's own rule, and a marked pneumothorax says when it is an emergency")
    func ownRule() throws {
        let marks = ["pneumothorax", "edema", "effusion", "consolidation", "pneumonia-child", "mass"].map { ($0, 0.4) }
        let reasons = FindingAcuity().reasons(try Self.result(marks), told: [:])
        #expect(reasons.allSatisfy { $0.source.title.contains("Lightbox's own rule") })
        #expect(reasons[0].text.contains("With trouble breathing or chest pain it is an emergency"))
    }

    @Test("A matter that is ticked and written stands there once, with its heaviest reason")
    func onceEach() {
        var acuity = Acuity()
        let answers: Answers = [
            "reason": .text("I have been coughing for five weeks"), "symptoms": .codes(["cough", "chest-pain"]),
            "onset": .text("weeks"), "severity": .number(8), "age": .number(30),
        ]
        acuity.raise(by: IntakeAcuity().reasons(answers, of: .intake), at: Self.start)
        #expect(acuity.reasons.filter { $0.rule == "long-cough" }.count == 2)
        #expect(acuity.standing.map(\.rule).filter { $0 == "long-cough" }.count == 1)
        #expect(acuity.standing.map(\.rule).filter { $0.hasPrefix("chest-pain") } == ["chest-pain-now"])
        #expect(acuity.standing.first?.level == acuity.level)
    }

    @Test("Marks of the model alone are urgent from a share of one in two on, and never an emergency", arguments: marks)
    func findings(marked: [(String, Double)], levels: [AcuityLevel]) throws {
        var result = try Self.result(marked)
        if var unmarked = result.findings.first {
            unmarked.flagged = false
            result.findings.append(unmarked)
        }
        #expect(FindingAcuity().reasons(result, told: [:]).map(\.level) == levels)
    }

    @Test("Every sign has words of its own for people, and a source")
    func words() {
        for sign in DangerSign.allCases {
            #expect(sign.text.hasSuffix("."))
            #expect(URL(string: sign.source.url)?.scheme == "https")
        }
        #expect(Set(DangerSign.allCases.map(\.text)).count == DangerSign.allCases.count)
    }

    static func reason(
        _ level: AcuityLevel, _ rule: String = "r", _ origin: AcuityReason.Origin = .intake
    ) -> AcuityReason {
        AcuityReason(rule: rule, level: level, text: "t.", origin: origin, field: nil, source: .nhsEmergency)
    }

    @Test("The level never falls, whatever comes in whatever order")
    func ratchet() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var acuity = Acuity()
            var before = AcuityLevel.routine
            for step in 0..<20 {
                let found = (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                    Self.reason(
                        AcuityLevel.allCases.randomElement(using: &generator) ?? .soon,
                        "rule \(Int.random(in: 0...5, using: &generator))")
                }
                acuity.raise(by: found, at: Self.start.addingTimeInterval(Double(step)))
                #expect(acuity.level >= before)
                #expect(acuity.level >= found.map(\.level).max() ?? .routine)
                before = acuity.level
            }
        }
    }

    @Test("The same reason is kept once")
    func once() {
        var acuity = Acuity()
        let isNew = [
            acuity.raise(by: [Self.reason(.soon)], at: Self.start),
            acuity.raise(by: [Self.reason(.soon)], at: Self.start),
        ]
        #expect(isNew == [true, false])
        #expect(acuity.reasons.count == 1)
    }

    @Test("A named clinician may lower it; what was judged doesn't raise it again, what is new or told again does")
    func lowering() throws {
        var acuity = Acuity()
        acuity.raise(by: [Self.reason(.emergency), Self.reason(.urgent, "m", .message)], at: Self.start)
        try acuity.lower(to: .soon, by: " Dr. Lee ", because: "Examined", at: Self.start)
        #expect(acuity.level == .soon)
        #expect(acuity.lowering?.clinician == "Dr. Lee")
        acuity.raise(by: [Self.reason(.emergency)], at: Self.start)
        #expect(acuity.level == .soon)
        acuity.raise(by: [Self.reason(.urgent, "m", .message)], at: Self.start)
        #expect(acuity.level == .urgent)
        acuity.raise(by: [Self.reason(.emergency, "other")], at: Self.start)
        #expect(acuity.level == .emergency)
        let data = try JSONEncoder().encode(acuity)
        #expect(try JSONDecoder().decode(Acuity.self, from: data) == acuity)
    }

    @Test(
        "It isn't lowered without a name, without a reason, or upwards",
        arguments: [
            (AcuityLevel.soon, "", "r", "/clinician"), (.soon, "c", " ", "/reason"), (.emergency, "c", "r", "/level"),
            (.soon, "a\nb", "r", "/clinician"), (.soon, String(repeating: "x", count: 121), "r", "/clinician"),
        ])
    func badLowering(level: AcuityLevel, clinician: String, reason: String, pointer: String) {
        var acuity = Acuity()
        acuity.raise(by: [Self.reason(.emergency)], at: Self.start)
        let before = acuity
        do throws(ValidationFault) {
            try acuity.lower(to: level, by: clinician, because: reason, at: Self.start)
            Issue.record("It was lowered.")
        } catch {
            #expect(error.faults.map(\.pointer) == [pointer])
        }
        #expect(acuity == before)
    }

    @Test(
        "What to do is told in fixed words with the local number, and never reassures",
        arguments: AcuityLevel.allCases)
    func advice(level: AcuityLevel) {
        let advice = AcuityAdvice(for: level, emergencyNumber: "999")
        let text = ([advice.title] + advice.steps).joined(separator: " ")
        #expect(text.contains("999"))
        #expect(!text.lowercased().contains("nothing to worry"))
        #expect(advice.title.contains("now") == (level == .emergency))
    }
}
