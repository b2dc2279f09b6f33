import Domain

/// Facts of the history must be those of the record.
struct HistoryCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        if wording.words.last == "?" || wording.has("ask|tell ~3 your doctor|pharmacist") { return nil }
        return age(wording, context) ?? sex(wording, context) ?? smoking(wording, context)
            ?? allergies(wording, context) ?? medication(wording, context) ?? pregnancy(wording, context)
            ?? complaints(wording, context) ?? family(wording, context)
    }

    /// Whether a sentence says that something was told.
    static func isTold(_ wording: Wording) -> Bool {
        wording.hasAny([
            "you|record|history|file|intake ~2 told|said|say|says|wrote|noted|mentioned|entered|listed|lists|gave|reported|notes|mentions|recorded|typed|answered|filled|describes|described|tells",
            "as|was|were|are|is ~1 told|noted|listed|recorded|entered",
            "in|on|from your|the record|history|file|answers",
            "according to", "told|noted|recorded|listed that|as|is",
        ])
    }

    private func wrong(_ id: String, _ context: GuardContext) -> Judgement {
        guard let line = context.lines(id).first?.line else { return Judgement(.inventedFact) }
        return Judgement(.contradiction, replacement: context.replacement(by: line))
    }

    private static let ages: [WordPattern] = [
        "you|he|she|person|patient are|is|were ~2 # years? old?", "# year|years old", "aged #", "age is|of|: #",
    ]

    private func age(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let told = context.lines("intake.age").first.map { Numbers.allowed(from: [$0.wording]) } ?? []
        for match in Self.ages.flatMap({ $0.matches(in: wording) }) {
            let words = wording.words[match]
            // An age that the prepared answer names in general, for example that of children.
            let isGeneral = context.groundedWordings.contains { Set(words).isSubset(of: $0.words) }
            if let number = words.first(where: { Numbers.value(of: $0) != nil }), !isGeneral,
                !told.contains(Numbers.key(of: number))
            {
                return wrong("intake.age", context)
            }
        }
        return nil
    }

    private func sex(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let male: [WordPattern] = ["you|as are? ~1 a|an ~2 man|male|boy|gentleman", "sir", "sex ~3 male"]
        let female: [WordPattern] = ["you|as are? ~1 a|an ~2 woman|female|girl|lady", "madam|ma'am", "sex ~3 female"]
        let sex = context.answer("sex")
        if wording.hasAny(male), sex != "male" { return wrong("intake.sex", context) }
        if wording.hasAny(female), sex != "female" { return wrong("intake.sex", context) }
        return nil
    }

    private func smoking(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let code = context.answer("smoking")
        let never: [WordPattern] = [
            "you never|not ~2 smoked|smoke|smoking", "you have never|not ~1 smoked", "you do|did not smoke",
            "non smoker",
            "you are not a smoker", "nonsmoker", "never smoked",
        ]
        let former: [WordPattern] = [
            "you ~2 stopped|quit|gave smoking", "former|ex smoker", "you used to smoke", "you smoked",
            "you have smoked",
        ]
        let current: [WordPattern] = [
            "you|still smoke", "you are ~2 smoking", "you are ~3 smoker", "your ~1 smoking", "current|heavy smoker",
        ]
        let said =
            wording.claims(never)
            ? "never" : wording.claims(former) ? "former" : wording.claims(current) ? "current" : nil
        guard let said, !wording.has("if|whether|people|who you? smoke|smokes|smoked") else { return nil }
        // A former smoker has smoked, and so has one who smokes.
        let fits =
            said == code || (said == "former" && code == "current" && wording.has("you have smoked"))
            || (said == "current" && code == "former" && wording.has("your ~1 smoking"))
        return fits ? nil : wrong("intake.smoking", context)
    }

    private func allergies(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let none: [WordPattern] = [
            "no|not|any|without ~3 allergy|allergies|allergic", "never ~3 allergy|allergies|allergic",
            "allergies|allergy ~2 none|no",
        ]
        if wording.claims(none), wording.hasAny(["you|your|record|told|history|known"]) {
            if context.answer("allergy-status") == "none" { return nil }
            if wording.hasAny(["not ~3 known|noted|recorded|told|say|in|know|answered|unknown"]) {
                return context.answer("allergy-status") == nil ? nil : wrong("intake.allergy-status", context)
            }
            return wrong(
                context.lines("intake.allergies").isEmpty ? "intake.allergy-status" : "intake.allergies", context)
        }
        let told = context.lines("intake.allergies").flatMap(\.wording.words)
        for match in (["allergic to the|a|any?", "allergy|allergies to the|a|any?"] as [WordPattern])
            .flatMap({ $0.matches(in: wording) }) where !wording.isDisowned(match.lowerBound)
        {
            guard match.upperBound < wording.words.count else { continue }
            let substance = Lexicon.folded(wording.words[match.upperBound])
            let words = Set(told.map(Lexicon.folded))
            if !words.contains(substance),
                !["anything", "something", "it", "medicine", "what", "them", "which"].contains(substance)
            {
                return wrong("intake.allergies", context)
            }
        }
        return nil
    }

    private func medication(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let none: [WordPattern] = [
            "you|record|history ~4 no|not ~2 take|taking|any|medicine|medication ~3 @medicine",
            "you take|use no|nothing",
            "you are|do not ~1 taking|take ~2 any|medication|medicine|anything",
            "no ~1 medication|medicines|medication ~3 listed|noted|recorded|told|taken",
        ]
        if wording.claims(none) {
            if context.answer("medication-status") == "none" { return nil }
            let hasRows = !context.lines("intake.medication").isEmpty
            return wrong(hasRows ? "intake.medication" : "intake.medication-status", context)
        }
        let told = ["intake.medication", "intake.supplements"].flatMap(context.lines)
            .reduce(into: Set<String>()) { $0.formUnion($1.wording.ids(.drug)) }
        let takes: [WordPattern] = [
            "you|i|he|she ~2 take|taking|use|using|took ~4 @drug", "you are on ~2 @drug", "your @drug",
            "prescribed ~2 @drug",
        ]
        if wording.claims(takes), !wording.has("not|before|can|may|should|asked ~4 take|taking|use|using") {
            return wording.ids(.drug).isSubset(of: told.union(allergens(context)))
                && !wording.ids(.drug).isDisjoint(with: told)
                ? nil : wrong("intake.medication", context)
        }
        return nil
    }

    private func allergens(_ context: GuardContext) -> Set<String> {
        context.lines("intake.allergies").reduce(into: []) { $0.formUnion($1.wording.ids(.drug)) }
    }

    private func pregnancy(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let code = context.answer("pregnancy")
        let no: [WordPattern] = ["you ~2 not ~2 pregnant", "no ~2 pregnancy", "not pregnant"]
        let yes: [WordPattern] = ["you are ~2 pregnant", "your pregnancy", "you ~2 expecting"]
        if wording.claims(no) { return code == "no" ? nil : wrong("intake.pregnancy", context) }
        if wording.claims(yes) { return code == "yes" ? nil : wrong("intake.pregnancy", context) }
        return nil
    }

    /// Complaints and illnesses that are said to be the person's.
    private func complaints(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let own: [WordPattern] = [
            "your|you ~4 @symptom",
            "you|record|history ~2 told|said|noted|mentioned|wrote|reported|listed|entered ~6 @symptom",
        ]
        let given = (context.lines("intake").map(\.wording) + context.groundedWordings + [context.question])
            .reduce(into: Set<String>()) { $0.formUnion($1.ids(.symptom)) }
        if wording.claims(own), !wording.hasAny(["if|when|case|should|whether|get|notice|feel|develop|worse"]),
            !wording.ids(.symptom).isSubset(of: given)
        {
            return Judgement(.inventedFact)
        }
        guard Self.isTold(wording) else { return nil }
        let told = context.lines("intake").map(\.wording) + [context.question]
        let illnesses = told.reduce(into: Set<String>()) { $0.formUnion($1.ids(.disease, .finding, .description)) }
        let isTelling = wording.has("you ~2 told|said|noted|mentioned|wrote|reported|listed|entered ~6 @illness")
        return isTelling && !wording.ids(.disease, .finding).isSubset(of: illnesses) ? Judgement(.inventedFact) : nil
    }

    private func family(_ wording: Wording, _ context: GuardContext) -> Judgement? {
        let relatives: WordPattern =
            "your mother|father|parents|parent|brother|sister|family|grandmother|grandfather|son|daughter|aunt|uncle ~6 @illness"
        guard wording.claims([relatives]) else { return nil }
        let told =
            context.lines("intake.family").map(\.wording) + context.lines("intake.family-detail").map(\.wording)
            + [context.question]
        let illnesses = told.reduce(into: Set<String>()) { $0.formUnion($1.ids(.disease, .finding)) }
        return wording.ids(.disease, .finding).isSubset(of: illnesses) ? nil : Judgement(.inventedFact)
    }
}
