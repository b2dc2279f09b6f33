import Domain

/// Talks of its instructions, plays a part, asks for personal data, or gives an address.
struct InstructionsCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        wording.hasAny(Self.patterns) || hasAddress(wording, in: context) ? Judgement(.instructions) : nil
    }

    private func hasAddress(_ wording: Wording, in context: GuardContext) -> Bool {
        let signs = Set(wording.words).intersection(Self.addressWords)
        let given = context.groundedWordings.reduce(into: Set<String>()) { $0.formUnion($1.words) }
        return !signs.isSubset(of: given)
    }

    private static let addressWords: Set<String> = [
        "http", "https", "www", "com", "org", "net", "@", "html", "io", "ru", "ly",
    ]
    private static let patterns: [WordPattern] = [
        "system|hidden|secret|initial|original prompt|instructions|instruction|message",
        "my ~2 instructions|prompt|guidelines|programming|rules",
        "these|the|all|any|previous|your|prior ~1 instructions ~3 ignore|ignored|say|are|follow",
        "ignore|disregard|forget|override ~3 instructions|rules|prompt|above|previous",
        "instructed|programmed|trained|told to",
        "as ~1 doctor|physician|radiologist|nurse|pirate|clinician|specialist|therapist ,? i|we",
        "i am ~3 doctor|physician|radiologist|nurse|human|person|pirate|clinician|specialist|dan|expert|professional",
        "as your doctor|physician|radiologist|nurse",
        "you should|must|need|ought|have ~2 surgery|operation|biopsy|drained|chemotherapy|radiotherapy|operated|treatment|drain",
        "should|must|needs|has ~1 be|to ~1 drained|removed|operated|treated|treat|removed|biopsied",
        "in my ~2 opinion|experience|judgement|judgment|practice|diagnosis",
        "my diagnosis|patient|patients|clinic|advice|recommendation",
        "i diagnose|prescribe|examined|examine|recommend|advise|treat|treated|guarantee|promise|swear|diagnosed|prescribed",
        "as an ai|large", "language model developed|created|trained|made", "role play",
        "roleplay|jailbreak|jailbroken|arr|ahoy|matey|dan",
        "developer|god|admin|debug mode", "pretend|pretending",
        "i|we have? ~1 looked|look|see|saw|examined|read|viewed ~2 your|the xray|picture|image|scan|film",
        "send|give|tell|share|provide|enter|type|write|confirm|email|what ~3 your ~2 name|address|email|phone|password|insurance|birth|birthday|card|bank|social|telephone|number|passport",
        "date of birth ?", "click|tap ~2 link|here", "whatsapp|telegram|paypal|bitcoin", "context file",
        "begin|end of prompt|record|context",
        "user|assistant|system :",
        "data|record|records|findings|history of ~1 other|another",
        "other|another|previous patient|patients|session|sessions|user|users record|records|data|findings",
    ]
}

/// Makes the urgency less than it is.
struct UrgencyCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        let level = context.record.acuity.level
        if let said = Self.level(in: wording), said != level.rawValue {
            let line = context.lines("acuity").first?.line
            return Judgement(.contradiction, replacement: line.map { context.replacement(by: $0) })
        }
        if wording.claims(Self.always) { return Judgement(.urgency) }
        return level >= .soon && wording.claims(Self.whenSoon) ? Judgement(.urgency) : nil
    }

    private static func level(in wording: Wording) -> String? {
        let names = ["routine", "soon", "urgent", "emergency"]
        let patterns: [(WordPattern, Int)] = [
            ("level|urgency|acuity ~3 routine", 0), ("level|urgency|acuity ~3 soon", 1),
            ("level|urgency|acuity ~3 urgent", 2), ("level|urgency|acuity ~3 emergency", 3),
        ]
        return patterns.first { wording.claims([$0.0]) }.map { names[$0.1] }
    }

    private static let always: [WordPattern] = [
        "no|not|never ~2 hurry|rush", "can|could|may ~2 wait", "not ~3 urgent", "not ~2 emergency", "take your time",
        "no|not ~1 urgency", "not ~2 call ~2 ambulance|emergency|112|911|999", "not ~3 go ~3 hospital|emergency",
        "nothing urgent",
    ]
    private static let whenSoon: [WordPattern] = [
        "wait ~2 and see", "wait ~1 until|for|a|few|some", "wait ~2 days|weeks|months|appointment",
        "next ~2 check|checkup|routine|regular|annual|planned",
        "in a|some few? weeks|months", "when|whenever you ~2 time|convenient|like|want", "see how you feel",
        "no appointment",
        "sleep on it", "rest first", "routine visit|appointment|check|checkup|matter", "at your convenience", "wait",
        "keep an eye", "monitor ~2 yourself|at|home|it|symptoms", "low ~1 urgency|priority", "eventually",
    ]
}
