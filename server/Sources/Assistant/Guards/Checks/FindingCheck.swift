import Domain

/// Findings and illnesses must be in what the model was given, and stand there as the sentence says.
struct FindingCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        let ids = wording.ids(.finding, .description, .disease)
        if let judgement = contradiction(wording, in: context) { return judgement }
        let ungiven = ids.subtracting(context.findings).subtracting(["opacity", "lung-disease"])
        if !ungiven.isEmpty { return Judgement(.finding) }
        return nil
    }

    enum Polarity: Sendable { case marked, notMarked, absent }

    private func contradiction(_ wording: Wording, in context: GuardContext) -> Judgement? {
        guard !wording.ids(.finding, .description, .disease).isEmpty else { return nil }
        for clause in Self.clauses(of: wording) {
            guard let polarity = Self.polarity(of: clause) else { continue }
            for id in clause.ids(.finding, .description, .disease).sorted() {
                guard let state = context.state(of: id), let line = context.line(for: id) else { continue }
                switch (state, polarity) {
                case (.marked, .marked), (.belowThreshold, .notMarked), (.notShown, .notMarked): continue
                default: return Judgement(.contradiction, replacement: context.replacement(by: line))
                }
            }
        }
        return nil
    }

    /// What a clause says of the findings in it; nil where it says nothing of whether they are there.
    static func polarity(of clause: Wording) -> Polarity? {
        if clause.hasAny(notMarked) { return .notMarked }
        if clause.claims(absent) { return .absent }
        return clause.claims(marked) ? .marked : nil
    }

    private static let notMarked: [WordPattern] = [
        "not|never|nor|neither|none ~3 marked|flagged|highlighted", "below|under ~2 threshold|limit|mark",
        "below the|its|their", "not reach|reached|exceed|above|over ~3 threshold", "unmarked", "no ~3 marked",
        "not ~3 checked|shown|assessed|judged",
        "can not|not be? ~2 check|checked|see|judge|look|detect|find|assess|recognise",
    ]
    private static let absent: [WordPattern] = [
        "no ~3 @illness", "no ~2 @finding", "without ~3 @finding", "free of|from ~3 @finding", "negative for",
        "not ~2 found|seen|present|detected|visible|there|shown|identified|observed", "is|are absent",
        "not ~1 show|have|see|find|detect|reveal", "absence of", "did not", "does not show", "ruled out",
    ]
    private static let marked: [WordPattern] = [
        "is|are|was|were|been|being|also|both ~2 marked|flagged|found|seen|present|detected|visible|identified|observed|noted|positive|highlighted",
        "marked|flagged|found|detected|saw|sees|identified|noticed|shows|showed|reveals|spotted|highlighted ~5 @finding",
        "marked|flagged|found|detected|saw|sees|identified|noticed|shows|showed|reveals|spotted|highlighted ~5 @illness",
        "there is|are|was|were ~3 @finding", "there is|are|was|were ~3 @illness", "over|above ~2 threshold|limit",
        "at or over", "reached|reaches|exceeds|exceeded|passed ~2 threshold",
        "high|strong|significant ~1 probability|likelihood|chance|suspicion",
        "positive for", "presence of ~2 @finding", "signs|sign|features|evidence of ~2 @finding",
        "signs|sign|features|evidence of ~2 @illness",
    ]

    private static let breaks: Set<String> = [
        ",", ";", ":", "but", "while", "whereas", "although", "though", "however",
    ]

    /// Clauses that say something of findings. A part without a verb belongs to the part after it: "A, B and C were
    /// marked".
    static func clauses(of wording: Wording) -> [Wording] {
        var clauses: [Wording] = []
        var pending: [String] = []
        for part in parts(of: wording.words) {
            let joined = pending + part
            if polarity(of: Wording(words: joined)) != nil {
                clauses.append(Wording(words: joined))
                pending = []
            } else {
                pending = joined
            }
        }
        guard !pending.isEmpty else { return clauses }
        // What follows a verb without having one: "it marked A, B and C".
        if let last = clauses.popLast() {
            clauses.append(Wording(words: last.words + pending))
        } else {
            clauses.append(Wording(words: pending))
        }
        return clauses
    }

    private static func parts(of words: [String]) -> [[String]] {
        var parts: [[String]] = []
        var part: [String] = []
        for (index, word) in words.enumerated() {
            func isBetweenClaims() -> Bool {
                polarity(of: Wording(words: part)) != nil
                    && polarity(of: Wording(words: Array(words[(index + 1)...]))) != nil
            }
            if breaks.contains(word) || (word == "and" && isBetweenClaims()) {
                if !part.isEmpty { parts.append(part) }
                part = []
            } else {
                part.append(word)
            }
        }
        return part.isEmpty ? parts : parts + [part]
    }
}
