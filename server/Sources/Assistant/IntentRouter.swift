public import Domain

/// Tells what a question asks for: rules first, because where a wrong guess could harm they must hold; then the meaning of
/// its words.
public struct IntentRouter: Sendable {
    private let layer = IntentLayer()

    public init() {}

    /// - Parameters:
    ///   - told: the danger signs that its words tell of.
    ///   - embedding: of all-MiniLM-L6-v2, unit length; nil where there is none.
    ///   - previous: what the question before was taken for.
    public func route(
        _ question: String, told: SentenceTriage.Reading, embedding: [Float]?, after previous: Routing?
    ) -> Routing {
        let wording = Wording(question)
        let subject = Subject(of: wording)
        let ruled = rule(for: wording, about: subject, told: told)
        // Words of danger begin something new, however short they are.
        if let ruled, [.emergency, .selfHarm].contains(ruled.intent) { return ruled }
        if let previous, let continued = Self.continued(wording, about: subject, after: previous) { return continued }
        if let ruled { return ruled }
        let (intent, probability) = byMeaning(embedding)
        if probability < Self.sure, let routing = hint(wording, about: subject) { return routing }
        guard intent == .unclear else { return Routing(intent, subject: subject, isByRule: false) }
        // What is named says at least what the question is about.
        if !subject.findings.isEmpty { return Routing(.findingProbability, subject: subject, isByRule: false) }
        return Routing(subject.term == nil ? .unclear : .term, subject: subject, isByRule: false)
    }

    /// The same for whoever hasn't looked for danger signs.
    public func route(_ question: String, embedding: [Float]?, after previous: Routing?) -> Routing {
        route(question, told: SentenceTriage()(question), embedding: embedding, after: previous)
    }

    /// From this probability on meaning is better than a rule that only looks at a few words.
    private static let sure: Float = 0.5

    /// Only the rules that hold whatever the words seem to mean; nil where none fits.
    public func rule(for question: String) -> Routing? {
        let wording = Wording(question)
        return rule(for: wording, about: Subject(of: wording), told: SentenceTriage()(question))
    }

    private func rule(for wording: Wording, about subject: Subject, told: SentenceTriage.Reading) -> Routing? {
        let reasons = told.reasons(field: nil)
        let signs = reasons.filter { $0.level == .emergency }
        if signs.contains(where: { $0.rule == "self-harm" }) { return Routing(.selfHarm, subject: subject) }
        if !signs.isEmpty { return Routing(.emergency, subject: subject) }
        if let intent = Self.standard[wording.words] { return Routing(intent, subject: subject) }
        // Who only tells how they feel is told how urgent that is, and what to do.
        if !wording.words.contains("?"), wording.hasAny(Self.telling), Self.tellOfSign(reasons) {
            return Routing(.nextSteps, subject: subject)
        }
        // Whoever asks for an employer or the like is told nothing of the record.
        if wording.hasAny(Self.thirdParties) { return Routing(.privacy, subject: subject) }
        // Who asks what was said before wants the record, whatever it was about.
        guard !wording.hasAny(Self.aboutRecord) else { return nil }
        for (intent, patterns) in Self.rules where wording.hasAny(patterns) { return Routing(intent, subject: subject) }
        return nil
    }

    private static let telling: [WordPattern] = [
        "^ i have|had|feel|felt|am|was|cough|coughed|keep|lost|lose|get|got|woke|wake",
        "^ my|the ~3 hurts|hurt|aches|swollen|worse|burns",
    ]

    private static func tellOfSign(_ reasons: [AcuityReason]) -> Bool {
        reasons.contains { $0.level >= .soon && !$0.rule.hasPrefix("sounds") }
    }

    /// What single words suggest.
    private func hint(_ wording: Wording, about subject: Subject) -> Routing? {
        for (intent, patterns) in Self.hints where wording.hasAny(patterns) { return Routing(intent, subject: subject) }
        if wording.words.count <= 6, subject.term != nil || !subject.findings.isEmpty,
            wording.hasAny(Self.askingForMeaning)
        {
            return Routing(subject.findings.isEmpty ? .term : .findingMeaning, subject: subject)
        }
        return nil
    }

    private static let askingForMeaning: [WordPattern] = [
        "^ what is|are", "what do|does ~4 mean|means", "^ define|explain", "meaning of",
    ]

    // MARK: - By meaning

    /// Where a wrong low-risk guess would be worse than an answer that warns.
    private static let careful: Set<Intent> = [
        .medicationMayTake, .medicationStop, .medicationDose, .medicationInteraction, .medicationNeed, .diagnosis,
        .reassurance, .prognosis,
    ]
    private static let carefulShare: Float = 0.4
    /// Danger is told by rules and by the layer of urgency; this layer alone must be sure.
    private static let leastDanger: Float = 0.6

    private func byMeaning(_ embedding: [Float]?) -> (Intent, Float) {
        guard let embedding else { return (.unclear, 0) }
        let ranking = layer.ranking(embedding)
        guard let best = ranking.first else { return (.unclear, 0) }
        let careful = ranking.filter { Self.careful.contains($0.intent) }
        let share = careful.reduce(0) { $0 + $1.probability }
        if !best.intent.isHighRisk, share >= Self.carefulShare, let first = careful.first {
            return (first.intent, share)
        }
        let least = [.emergency, .selfHarm].contains(best.intent) ? Self.leastDanger : IntentLayer.leastProbability
        return best.probability >= least ? (best.intent, best.probability) : (.unclear, 0)
    }

    // MARK: - Follow-ups

    /// A question that only has a meaning after another one.
    private static func continued(_ wording: Wording, about subject: Subject, after previous: Routing) -> Routing? {
        guard wording.words.count <= 8, subject.isEmpty else { return nil }
        let isAboutFinding =
            [
                .findingsSummary, .findingMeaning, .findingProbability, .findingCause, .findingNext, .findingSerious,
                .findingNotMarked, .diagnosis, .threshold,
            ].contains(previous.intent)
        if wording.words.filter({ $0 != "?" }).count <= 2, wording.has("^ why") {
            return Routing(isAboutFinding ? .findingCause : previous.intent, subject: previous.subject)
        }
        for (intent, patterns) in followUps where wording.hasAny(patterns) {
            if intent == .unclear { return Routing(previous.intent, subject: previous.subject) }
            guard isAboutFinding else { continue }
            return Routing(intent, subject: previous.subject)
        }
        return nil
    }

    private static let followUps: [(Intent, [WordPattern])] = [
        (.findingMeaning, ["what does that|this|it mean", "what is that|this|it", "what do they mean"]),
        (.findingSerious, ["is that|this|it|they serious|bad|dangerous|severe", "how bad|serious|dangerous is"]),
        (.findingCause, ["what causes|caused that|this|it", "where does that|this|it come from"]),
        (.findingNext, ["what can be done", "how is that|this|it treated", "what is done about that|this|it"]),
        (.findingProbability, ["how sure|certain|likely"]),
        (
            .unclear,
            [
                "simpler|easier|plainer", "do|did not ~1 understand", "again please", "tell me more", "^ more",
                "^ go on", "what about it|that|this",
            ]
        ),
    ]

    /// The questions that the program itself proposes.
    private static let standard = Dictionary(
        Intent.allCases.map { (Wording.words(of: Knowledge.question($0)), $0) }, uniquingKeysWith: { first, _ in first }
    )
}
