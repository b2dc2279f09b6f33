import Domain

/// Names a dose, or tells or allows somebody to take, stop or change a medicine.
struct MedicationCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        let isOfMedicine = !wording.ids(.drug, .medicine).isEmpty
        let asked = !context.question.ids(.drug, .medicine).isEmpty
        if wording.hasAny(Self.doses) || (isOfMedicine && wording.hasAny(Self.frequencies)) {
            return isAsTold(wording, in: context) ? nil : Judgement(.dose)
        }
        guard isOfMedicine || asked else { return nil }
        if asksFirst(wording) { return nil }
        let patterns = isOfMedicine ? Self.orders : Self.ordersWithoutName
        guard wording.claims(patterns) else { return nil }
        if let refusal = refusal(in: context), wording.claims(Self.permissions) {
            return Judgement(.contradiction, replacement: refusal)
        }
        return Judgement(.medication)
    }

    /// The reviewed sentence that says to ask before taking.
    private func refusal(in context: GuardContext) -> AnswerSentence? {
        let found = context.grounded.sentences.first { sentence in
            let wording = Wording(sentence.text)
            return wording.has("not|never|before ~4 take|taking|start|starting|stop|stopping|use|using")
                && wording.hasAny(["ask|asking|asked|doctor|pharmacist|talk|check|without|before"])
        }
        return found.map { AnswerSentence($0.text, evidence: $0.evidence, replacesStruck: true) }
    }

    /// "Don't take it without asking", "ask before you take it".
    private func asksFirst(_ wording: Wording) -> Bool {
        wording.hasAny(Self.askingFirst) && !wording.hasAny(Self.butAllowed)
    }

    /// The words of one line of the history, said as told.
    private func isAsTold(_ wording: Wording, in context: GuardContext) -> Bool {
        guard HistoryCheck.isTold(wording) else { return false }
        let needed = wording.words.filter { Numbers.value(of: $0) != nil || Self.units.contains($0) }
        let drugs = wording.ids(.drug)
        return !drugs.isEmpty
            && context.lines("intake.medication").contains { line in
                drugs == line.wording.ids(.drug) && needed.allSatisfy(line.wording.words.contains)
            }
    }

    private static let units: Set<String> = [
        "mg", "mcg", "µg", "g", "ml", "milligram", "milligrams", "gram", "grams", "microgram", "micrograms",
        "millilitre", "millilitres", "units", "unit", "iu", "tablets", "tablet", "pills", "pill", "capsules", "capsule",
        "puffs", "puff", "drops", "doses", "teaspoon", "teaspoons", "spoonfuls",
    ]
    private static let doses: [WordPattern] = [
        "# mg|mcg|µg|g|ml|milligram|milligrams|gram|grams|microgram|micrograms|millilitre|millilitres|units|iu|teaspoon|teaspoons|spoonfuls",
        "#|one|a|an tablets|tablet|pills|pill|capsules|capsule|puffs|puff|drops|doses|dose ~3 a|per|every|each|daily|twice|in|at|before",
        "# ~1 tablets|pills|capsules|puffs|drops|doses", "milligrams|mg|mcg",
        "once|twice|# times? a|per|every|each day|daily|night|morning", "every # hours|days",
        "# times daily|a|per day?",
        "double|halve|increase|decrease|reduce|raise|lower ~3 dose|dosage|medicine|medication|amount",
        "usual|normal|recommended|standard|maximum|starting|daily|typical|adult dose|dosage",
    ]
    private static let frequencies: [WordPattern] = [
        "once|twice a|per? day|daily|night|morning", "every|each day|night|morning|evening|hour|# ~1 hours?",
        "times? a|per day", "three|four times", "daily", "before|after|with meals|food|bed|breakfast",
        "for # ~1 days|weeks|months", "as needed", "at bedtime",
    ]
    private static let permissions: [WordPattern] = [
        "^ yes", "can|may|could|should|safe|fine|ok|okay|allowed|free|good|recommend|try|^ take|use|suitable",
    ]
    private static let ordersWithoutName: [WordPattern] = [
        "go ahead", "combination|mix is|are|should|seems", "no ~2 reason|reasons not|against",
        "not ~1 hurt|harm|matter",
        "i see no", "as ~1 you like|wish|want",
        "you can|may|should|could|must|might ~1 take|use|stop|have|continue|start|skip|try|combine|mix",
        "^ take|stop|keep|continue|start|use|avoid|skip|try",
        "safe|fine|ok|okay|alright|allowed|good|best ~2 to|for|together|take|use|stop",
        "it|they|this|that is|are|should be? ~2 safe|fine|ok|okay|harmless|suitable", "should|will help|work",
        "no ~2 interaction|interactions|problem|risk|danger",
    ]
    private static let orders: [WordPattern] =
        ordersWithoutName + [
            "you|he|she ~2 can|may|should|could|must|might|need|needs|have|will|ought ~4 @medicine",
            "can|may|should|could|must|might|ought|to|and|or|then take|use|stop|continue|start|begin|avoid|skip|try|swallow|inhale|switch|change|increase|reduce|double|pause|combine|need ~4 @medicine",
            "^ take|use|stop|continue|start|begin|avoid|skip|try|give|swallow|inhale|switch|change|increase|reduce|double|pause|keep|get|buy|consider|do ~5 @medicine",
            "leave|leaving|left out ~3 @medicine", "go ahead", "tolerate|tolerates|tolerated ~2 @medicine",
            "@medicine ~1 not|never ~2 hurt|harm|matter|affect", "combination|mix|mixture is|are|should|seems",
            "@medicine ~1 can|could|may|might|will|would|should ~1 reduce|remove|lower|improve|lessen|stop|prevent|control",
            "need|needs|require|requires|needed ~3 @medicine", "course|round of ~2 @medicine",
            "@medicine ~2 clear|clears|fix|fixes|solve|solves|sort|relieve|relieves|ease|eases|cure|cures",
            "recommend|recommended|suggest|advise|prescribe|prescribed ~5 @medicine",
            "taking|using|stopping|starting|continuing|trying ~3 @medicine ~3 is|are|will|would|can|could|should|helps|may",
            "keep|continue|start|stop|avoid|consider|try taking|using", "stop|avoid|skip|pause ~3 @medicine",
            "@medicine ~2 is|are|would|will|should|can|may|could|might ~3 safe|fine|ok|okay|good|best|suitable|help|helps|work|works|needed|necessary|recommended|appropriate|be|taken|used|stopped|cure|treat",
            "@medicine ~2 not ~3 interact|harm|affect|matter",
            "@medicine is|are ~1 not ~1 needed|necessary|required|safe",
            "treated|treat|cured with|by ~2 @drug", "do|can not? ~1 mix|combine|take|use|stop|start",
            "allergic ~3 can|may|still|fine|safe",
        ]
    private static let askingFirst: [WordPattern] = [
        "not|never|no ~8 without ~2 asking|talking|speaking|checking|doctor|pharmacist|advice|consulting",
        "not|never|no ~10 before|until|unless ~3 asked|ask|asking|talk|talking|speak|spoken|checked|checking|doctor|pharmacist|talked|consult|consulted|consulting",
        "ask|talk|speak|check|consult ~6 before ~2 take|taking|start|starting|stop|stopping|use|using|change|changing|anything|any|you",
        "before ~6 take|taking|start|starting|stop|stopping|use|using|change|changing ~8 , ask|talk|speak|check|consult",
        "ask|asking ~5 whether|if|which|what|about",
        "doctor|pharmacist|clinician|they can|will|should|must|has|needs ~3 decide|say|tell|advise|check|judge|know|explain",
    ]
    private static let butAllowed: [WordPattern] = [
        "but ~3 can|may|fine|safe|take|ok|okay", "^ yes", "should be ~1 fine|safe|ok|okay", "is ~1 fine|safe|ok|okay",
        "; ~4 can|may|take", ": ~4 can|may|take", "and then ~2 take|start|stop", "you can|may ~1 take|use|start|stop",
    ]
}
