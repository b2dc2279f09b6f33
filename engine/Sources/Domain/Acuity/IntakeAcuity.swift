/// What the answers of a history ask for. One row a rule; the table is the documentation.
public struct IntakeAcuity: Sendable {
    private let triage = SentenceTriage()

    public init() {}

    /// - Parameter answers: those that count, in their canonical form.
    public func reasons(_ answers: Answers, of questionnaire: Questionnaire) -> [AcuityReason] {
        let facts = IntakeFacts(answers)
        let ruled = Self.rules.filter { $0.holds(facts) }.map(\.reason)
        let written = Self.texts(answers, of: questionnaire).flatMap { id, text in
            triage.reasons(in: text, field: id)
        }
        return redFlags(facts) + ruled + written
    }

    /// The answers in free text that speak of how the person is now.
    public static func texts(_ answers: Answers, of questionnaire: Questionnaire) -> [(id: String, text: String)] {
        ["reason", "worse-with", "better-with", "systems-detail"].compactMap { id in
            answers[id]?.asText.map { (id, $0) }
        }
    }

    // MARK: - Warning signs

    /// Each sign that is ticked under "Right now" is an emergency by itself.
    private func redFlags(_ facts: IntakeFacts) -> [AcuityReason] {
        Self.signs.filter { facts.has("red-flags", $0.code) }.map { code, sign in
            AcuityReason(
                rule: sign.rawValue, level: .emergency, text: sign.text, origin: .intake, field: "red-flags",
                source: sign.source)
        }
    }

    static let signs: [(code: String, sign: DangerSign)] = [
        ("severe-breathless", .breathing), ("chest-pressure", .chestPain), ("blue-lips", .colour),
        ("collapse", .collapse), ("confusion", .confusion), ("coughing-blood-much", .blood),
        ("stroke-signs", .stroke), ("throat-swelling", .swelling), ("severe-bleeding", .bleeding),
        ("choking", .choking), ("fit", .seizure), ("stiff-neck-fever", .meningitis), ("severe-injury", .injury),
        ("self-harm", .selfHarm),
    ]

    // MARK: - The table

    private struct Rule: Sendable {
        let name: String
        let level: AcuityLevel
        let field: String
        let text: String
        let source: GuidanceSource
        let holds: @Sendable (IntakeFacts) -> Bool

        var reason: AcuityReason {
            AcuityReason(rule: name, level: level, text: text, origin: .intake, field: field, source: source)
        }
    }

    private static let rules: [Rule] = [
        Rule(
            name: "chest-pain-now", level: .emergency, field: "symptoms",
            text: "Chest pain that began suddenly, is strong, or comes with shortness of breath.",
            source: .nhsChestPain
        ) { facts in
            facts.has("symptoms", "chest-pain")
                && (facts.isSudden || facts.severity >= 7 || facts.has("symptoms", "breathless") && facts.isRecent)
        },
        Rule(
            name: "chest-pain", level: .urgent, field: "symptoms", text: "Chest pain has to be looked at today.",
            source: .nhsChestPain
        ) { $0.has("symptoms", "chest-pain") },
        Rule(
            name: "clot-signs", level: .emergency, field: "symptoms",
            text: "A swollen or painful leg with shortness of breath or chest pain can be a clot in the lungs.",
            source: .nhsClot
        ) { facts in
            facts.has("symptoms", "leg-swelling")
                && (facts.has("symptoms", "breathless") || facts.has("symptoms", "chest-pain"))
        },
        Rule(
            name: "swollen-leg", level: .urgent, field: "symptoms", text: "A swollen, painful leg can be a blood clot.",
            source: .nhsClot
        ) { $0.has("symptoms", "leg-swelling") && $0.isRecent },
        Rule(
            name: "breathless-suddenly", level: .emergency, field: "symptoms",
            text: "Shortness of breath that began suddenly today.", source: .nhsBreathless
        ) { $0.has("symptoms", "breathless") && $0.isSudden && $0.is("onset", "today") },
        Rule(
            name: "breathless-severe", level: .emergency, field: "symptoms", text: "Severe shortness of breath.",
            source: .nhsBreathless
        ) { $0.has("symptoms", "breathless") && $0.severity >= 8 },
        Rule(
            name: "breathless", level: .urgent, field: "symptoms",
            text: "Shortness of breath that is new or gets worse.", source: .nhsBreathless
        ) { $0.has("symptoms", "breathless") && ($0.isRecent || $0.is("course", "worse")) },
        Rule(
            name: "breathless-for-long", level: .soon, field: "symptoms",
            text: "Shortness of breath has to be looked at.",
            source: .nhsBreathless
        ) { $0.has("symptoms", "breathless") },
        Rule(
            name: "lying-flat", level: .urgent, field: "systems",
            text: "Not being able to lie flat for lack of breath can come from the heart.", source: .nhsBreathless
        ) { $0.has("systems", "lying-flat") },
        Rule(
            name: "blood", level: .urgent, field: "symptoms", text: "Coughing up blood has to be looked at today.",
            source: .nhsCoughingBlood
        ) { $0.has("symptoms", "blood") },
        Rule(
            name: "palpitations-dizzy", level: .urgent, field: "symptoms",
            text: "A fast or uneven heartbeat with dizziness.", source: .nhsChestPain
        ) { $0.has("symptoms", "palpitations") && $0.has("systems", "dizzy") },
        Rule(
            name: "wheeze", level: .urgent, field: "symptoms", text: "Wheezing that is new or gets worse.",
            source: .nhsBreathless
        ) { $0.has("symptoms", "wheeze") && ($0.isRecent || $0.is("course", "worse")) },
        Rule(
            name: "fever-and-breathless", level: .urgent, field: "symptoms",
            text: "Fever with shortness of breath can be pneumonia.", source: .nicePneumonia
        ) { $0.has("symptoms", "fever") && $0.has("symptoms", "breathless") },
        Rule(
            name: "fever-in-a-baby", level: .urgent, field: "symptoms",
            text: "Fever in a baby has to be looked at today.",
            source: .nhsIllChild
        ) { $0.has("symptoms", "fever") && $0.age == 0 },
        Rule(
            name: "fever-in-old-age", level: .urgent, field: "symptoms",
            text: "Fever with a cough at 65 or older can be pneumonia.", source: .nicePneumonia
        ) { facts in
            facts.has("symptoms", "fever") && facts.has("symptoms", "cough") && facts.age.map { $0 >= 65 } ?? false
        },
        Rule(
            name: "pregnancy", level: .urgent, field: "pregnancy",
            text: "Shortness of breath or chest pain in pregnancy has to be looked at today.", source: .nhsBreathless
        ) { facts in
            facts.is("pregnancy", "yes") && (facts.has("symptoms", "breathless") || facts.has("symptoms", "chest-pain"))
        },
        Rule(
            name: "long-cough", level: .soon, field: "onset", text: "A cough of three weeks or more.",
            source: .niceCancer
        ) { facts in
            facts.has("symptoms", "cough") && ["weeks", "months", "longer"].contains { facts.is("onset", $0) }
        },
        Rule(
            name: "weight-loss", level: .soon, field: "symptoms", text: "Losing weight without wanting to.",
            source: .niceCancer
        ) { $0.has("symptoms", "weight-loss") },
        Rule(
            name: "night-sweats", level: .soon, field: "symptoms", text: "Night sweats have to be looked at.",
            source: .nhsTuberculosis
        ) { $0.has("symptoms", "night-sweats") },
        Rule(
            name: "hoarse", level: .soon, field: "symptoms", text: "A hoarse voice for weeks.", source: .niceCancer
        ) { facts in
            facts.has("symptoms", "hoarse") && ["weeks", "months", "longer"].contains { facts.is("onset", $0) }
        },
        Rule(
            name: "smoker-with-signs", level: .soon, field: "smoking",
            text:
                "Someone of 40 or older who smoked and has a cough, tiredness, hoarseness, chest pain or no appetite.",
            source: .niceCancer
        ) { facts in
            (facts.is("smoking", "current") || facts.is("smoking", "former")) && facts.age.map { $0 >= 40 } ?? false
                && (["cough", "hoarse", "chest-pain", "breathless", "weight-loss"].contains {
                    facts.has("symptoms", $0)
                }
                    || ["tired", "appetite"].contains { facts.has("systems", $0) })
        },
        Rule(
            name: "tb-contact", level: .soon, field: "tuberculosis-contact",
            text: "Someone who was close to tuberculosis should be tested.", source: .nhsTuberculosis
        ) { $0.is("tuberculosis-contact", "yes") },
        Rule(
            name: "asbestos", level: .soon, field: "dusts",
            text: "Someone who worked with asbestos and has a cough, shortness of breath or chest pain.",
            source: .niceCancer
        ) { facts in
            facts.has("dusts", "asbestos")
                && ["cough", "breathless", "chest-pain", "weight-loss"].contains { facts.has("symptoms", $0) }
        },
        Rule(
            name: "lumps", level: .soon, field: "systems", text: "Lumps have to be looked at.", source: .niceCancer
        ) { $0.has("systems", "lumps") },
        Rule(
            name: "low-oxygen", level: .emergency, field: "oxygen-saturation",
            text: "An oxygen saturation of 91 % or lower.", source: .news2
        ) { $0.oxygen.map { $0 <= 91 } ?? false },
        Rule(
            name: "lowered-oxygen", level: .urgent, field: "oxygen-saturation",
            text: "An oxygen saturation of 92 to 94 %.", source: .news2
        ) { $0.oxygen.map { (92...94).contains($0) } ?? false },
        Rule(
            name: "news2-high", level: .emergency, field: "respiratory-rate",
            text: "The measurements together are far from normal (NEWS2 of 7 or more).", source: .news2
        ) { $0.news2.map { $0.total >= 7 } ?? false },
        Rule(
            name: "news2-medium", level: .urgent, field: "respiratory-rate",
            text: "The measurements are not normal (NEWS2 of 5 or more, or 3 in one of them).", source: .news2
        ) { $0.news2.map { $0.total >= 5 || $0.highest >= 3 } ?? false },
        Rule(
            name: "high-fever", level: .urgent, field: "temperature", text: "A temperature of 39.5 °C or more.",
            source: .nhsChestInfection
        ) { $0.temperature.map { $0 >= 39.5 } ?? false },
    ]
}

/// The answers that rules ask for.
struct IntakeFacts: Sendable {
    private let answers: Answers

    init(_ answers: Answers) {
        self.answers = answers
    }

    func has(_ question: String, _ code: String) -> Bool { answers[question]?.contains(code) ?? false }
    func `is`(_ question: String, _ code: String) -> Bool { answers[question] == .text(code) }

    var age: Int? { answers["age"]?.asNumber.flatMap { Int(exactly: $0) } }
    var severity: Double { answers["severity"]?.asNumber ?? 0 }
    var oxygen: Double? { answers["oxygen-saturation"]?.asNumber }
    var temperature: Double? { answers["temperature"]?.asNumber }
    var isSudden: Bool { `is`("beginning", "suddenly") && isRecent }
    var isRecent: Bool { `is`("onset", "today") || `is`("onset", "days") }

    /// Told to have begun weeks ago or before, and not to get worse.
    var isOld: Bool { ["weeks", "months", "longer"].contains { `is`("onset", $0) } && !`is`("course", "worse") }

    /// The early warning score of those measurements that are known: a lower bound of the whole.
    ///
    /// For people of 16 years and older who aren't pregnant. Source: Royal College of Physicians, NEWS2 (2017), oxygen
    /// scale 1.
    var news2: (total: Int, highest: Int)? {
        guard let age, age >= 16, !`is`("pregnancy", "yes") else { return nil }
        func score(_ id: String, _ bands: [(upTo: Double, score: Int)]) -> Int? {
            answers[id]?.asNumber.map { value in bands.first { value <= $0.upTo }?.score ?? 0 }
        }
        let most = Double.infinity
        let parts = [
            score("respiratory-rate", [(8, 3), (11, 1), (20, 0), (24, 2), (most, 3)]),
            score("oxygen-saturation", [(91, 3), (93, 2), (95, 1), (most, 0)]),
            score("systolic", [(90, 3), (100, 2), (110, 1), (219, 0), (most, 3)]),
            score("heart-rate", [(40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (most, 3)]),
            score("temperature", [(35, 3), (36, 1), (38, 0), (39, 1), (most, 2)]),
            has("red-flags", "confusion") ? 3 : nil,
        ].compactMap { $0 }
        return parts.isEmpty ? nil : (parts.reduce(0, +), parts.max() ?? 0)
    }
}
