import Domain

/// Numbers, percentages and dates must be in what the model was given.
struct NumberCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        if let judgement = wrongProbability(wording, in: context) { return judgement }
        let words = wording.words
        let fractions = Set(words).intersection(Self.fractions)
        if !fractions.isSubset(of: context.groundedWordings.flatMap(\.words)) { return Judgement(.number) }
        for (index, word) in words.enumerated() {
            let isNumber = Numbers.value(of: word) != nil || word.first?.isNumber == true
            guard isNumber || Numbers.months.contains(word) else { continue }
            // "23 of 100" says a percentage in another way.
            if Numbers.key(of: word) == "100", index > 0, ["of", "in", "every"].contains(words[index - 1]) { continue }
            if !context.numbers.contains(Numbers.key(of: word)) { return Judgement(.number) }
        }
        return nil
    }

    private static let fractions: Set<String> = ["half", "third", "thirds", "quarter", "quarters", "majority"]

    /// The percentage of another finding.
    private func wrongProbability(_ wording: Wording, in context: GuardContext) -> Judgement? {
        let ids = wording.ids(.finding)
        guard ids.count == 1, let id = ids.first, let line = context.line(for: id), line.section == .findings else {
            return nil
        }
        let percentages = wording.words.indices.filter {
            $0 + 1 < wording.words.count && wording.words[$0 + 1] == "%" && Numbers.value(of: wording.words[$0]) != nil
        }
        let own = [Wording(line.text)] + context.groundedWordings.filter { $0.ids(.finding).contains(id) }
        let allowed = Numbers.allowed(from: own)
        let isWrong = percentages.contains { !allowed.contains(Numbers.key(of: wording.words[$0])) }
        return isWrong ? Judgement(.contradiction, replacement: context.replacement(by: line)) : nil
    }
}

/// Medicines must be in what the model was given.
struct DrugCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        wording.ids(.drug).isSubset(of: context.drugs) ? nil : Judgement(.drug)
    }
}

/// The model gives no side and no part of the lung: neither may a sentence.
struct LateralityCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        let places = wording.claims(Self.places) || wording.hasAny(Self.places)
        guard places else { return nil }
        let sides = Set(wording.words).intersection(Self.sides)
        let ids = wording.ids(.finding, .description, .disease)
        let isOfPicture = !ids.isEmpty || !Set(wording.words).isDisjoint(with: Self.things)
        let given = context.lines.map(\.wording) + context.groundedWordings + (isOfPicture ? [] : [context.question])
        let isGiven = given.contains { other in
            guard sides.isSubset(of: other.words) else { return false }
            if !ids.isEmpty { return !ids.isDisjoint(with: other.ids(.finding, .description, .disease)) }
            return !Set(wording.words).intersection(Self.parts).isDisjoint(with: other.words)
        }
        return isGiven ? nil : Judgement(.laterality)
    }

    private static let sides: Set<String> = [
        "left", "right", "both", "bilateral", "unilateral", "upper", "lower", "middle", "basal", "apical", "base",
        "bases", "apex", "top", "bottom", "central", "peripheral",
    ]
    private static let parts: Set<String> = [
        "lung", "lungs", "lobe", "lobes", "zone", "zones", "side", "sides", "sided", "chest", "hemithorax", "rib",
        "ribs",
        "diaphragm", "shoulder", "arm", "leg", "heart", "breast", "hilum", "field", "fields",
    ]
    private static let things: Set<String> = [
        "spot", "spots", "shadow", "area", "finding", "findings", "it", "this", "something", "changes", "fluid", "air",
        "problem", "opacity", "marked", "visible", "seen", "shows", "picture", "map", "affected",
    ]
    private static let places: [WordPattern] = [
        "left|right|both|upper|lower|middle|bilateral|unilateral|basal|apical|central|peripheral ~2 lung|lungs|lobe|lobes|zone|zones|side|sides|sided|chest|hemithorax|rib|ribs|diaphragm|shoulder|arm|leg|breast|hilum|field|fields",
        "left|right|both|upper|lower|middle|bilateral|unilateral|basal|apical ~2 @illness",
        "left|right|both|bilateral|unilateral ~1 @finding",
        "on|at|to|in|from the|your left|right", "on|at|in the|your base|bases|apex|top|bottom of",
        "lobe|lobes|hemithorax|bilaterally|costophrenic|perihilar",
        "on both", "left|right base|bases|apex|mid|upper|lower",
    ]
}

/// The program compares no pictures.
struct ComparisonCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        wording.claims(Self.claims) && !wording.hasAny(Self.disclaimers) ? Judgement(.comparison) : nil
    }

    private static let claims: [WordPattern] = [
        "compared|comparison|comparing|compare|relative to|with ~3 earlier|previous|last|prior|before|old|first|former",
        "than ~3 earlier|previous|last|prior|before|old|time",
        "since ~4 earlier|previous|last|prior|old ~2 xray|picture|image|scan|film|visit|time",
        "has|have|had not? ~2 grown|shrunk|improved|worsened|increased|decreased|changed|progressed|resolved|cleared|spread|enlarged|appeared|disappeared|healed",
        "unchanged|stable|newly", "no ~2 change|changes", "new since|compared",
        "is|are|was|were|looks|look|seems|a|the ~1 new ~1 @finding",
        "is|are|looks|look|seems|appears|getting ~2 larger|smaller|bigger|better|worse|improved|improving|worsening|growing|shrinking",
        "is|are|was|were new",
        "earlier|previous|last|prior|old|older ~2 xray|picture|image|scan|film|xrays|pictures ~2 was|were|showed|shows|had|did|looked",
        "not ~1 changed",
    ]
    private static let disclaimers: [WordPattern] = [
        "not|never|nothing|no|can ~4 compare|compares|compared|checked",
        "doctor|radiologist|clinician|clinic|they|someone|person ~5 compare|compares|tell|see|look",
        "changes since an earlier picture", "if ~8 worse|better|new",
        "bring|take|show|ask ~6 earlier|previous|old|older",
    ]
}
