/// Reads what somebody wrote and says which danger signs it tells of, now and of a person. Rules decide; a language
/// model of sentences may raise what they say, see ``SentenceMeaning``.
///
/// It reads English, and the plainest signs in German. Of other languages it recognises nothing: no sign is no
/// reassurance.
public struct SentenceTriage: Sendable {
    public init() {}

    public struct Sign: Sendable, Equatable {
        /// The rule's name.
        public var name: String
        public var level: AcuityLevel
    }

    public struct Reading: Sendable, Equatable {
        /// The heaviest first; each sign once.
        public var signs: [Sign]
        /// Whether a sign was named only to say that it isn't there, was long ago, was another's, or is asked about.
        public var isSetAside: Bool

        public var level: AcuityLevel { signs.first?.level ?? .routine }

        /// The signs in words for people.
        ///
        /// - Parameter field: the question that the text answers; nil for a message.
        public func reasons(field: String?) -> [AcuityReason] {
            signs.compactMap { sign in
                DangerSign(rawValue: sign.name).map { $0.reason(sign.level, field: field) }
            }
        }
    }

    public func callAsFunction(_ text: String) -> Reading {
        let utterance = Utterance(String(text.prefix(4000)), correct: Spelling.mend)
        var found: [DangerSign: AcuityLevel] = [:]
        var isSetAside = false
        func add(_ sign: DangerSign, _ level: AcuityLevel) {
            if level == .routine {
                isSetAside = true
            } else {
                found[sign] = max(found[sign] ?? .routine, level)
            }
        }
        let all = utterance.words
        if Self.deniesAll.contains(where: { $0.occurs(in: all) }) { return Reading(signs: [], isSetAside: true) }
        var contexts: [ClauseContext] = []
        for clause in utterance.clauses { contexts.append(ClauseContext(clause, before: contexts.last)) }
        let rules = SentenceRule.all.filter { rule in
            (rule.along.isEmpty || rule.along.contains { phrase in contexts.contains { $0.tells(phrase) } })
                && (rule.background.isEmpty || rule.background.contains { $0.occurs(in: all) })
        }
        for (clause, context) in zip(utterance.clauses, contexts) {
            for rule in rules {
                if rule.unless.contains(where: { $0.occurs(in: clause.words) }) { continue }
                for phrase in rule.phrases {
                    for match in phrase.matches(in: clause.words) {
                        add(rule.sign, context.level(of: rule, for: phrase, at: match))
                    }
                }
            }
            if let oxygen = OxygenReading(clause.words, all: all), context.isAboutNow { add(.oxygen, oxygen.level) }
        }
        let signs = found.map { Sign(name: $0.key.rawValue, level: $0.value) }
            .sorted { ($1.level, $0.name) < ($0.level, $1.name) }
        return Reading(signs: signs, isSetAside: isSetAside && signs.isEmpty)
    }

    /// An answer to a list of questions.
    private static let deniesAll: [Phrase] = [
        "no to all|everything", "none of these|those|them|it ~3 apply|applies|fit|fits|above", "none of the above",
    ].map(Phrase.init)

    /// The reasons that a text gives, in words for people.
    ///
    /// - Parameter field: the question that it answers; nil for a message.
    public func reasons(in text: String, field: String?) -> [AcuityReason] {
        self(text).reasons(field: field)
    }
}

extension DangerSign {
    func reason(_ level: AcuityLevel, field: String?) -> AcuityReason {
        AcuityReason(
            rule: rawValue, level: level, text: text, origin: field == nil ? .message : .intake, field: field,
            source: source)
    }
}

/// A number from a clip on the finger.
private struct OxygenReading {
    let level: AcuityLevel

    /// At 91 % and below NEWS2 scores 3, the most; 92 to 94 % needs a look today.
    init?(_ words: [String], all: [String]) {
        let names: Set<String> = [
            "finger", "ox", "oxygen", "sats", "sat", "spo2", "oximeter", "saturation", "oxymeter", "saturations",
        ]
        guard all.contains(where: names.contains) else { return nil }
        let pulse: Set<String> = ["pulse", "heart", "rate", "bpm", "hr"]
        let values = words.indices.filter { index in
            !words[max(0, index - 2)..<index].contains(where: { pulse.contains($0) }) || words.contains("ox")
        }.compactMap { Double(words[$0]) }.filter { (40...94).contains($0) }
        guard let lowest = values.min() else { return nil }
        let isNamedHere = words.contains(where: names.contains)
        guard isNamedHere || words.contains("percent") || words.count <= 8 else { return nil }
        if words.contains(where: ["old", "aged", "minutes", "pulse", "bpm", "mg"].contains), !isNamedHere {
            return nil
        }
        level = lowest <= 91 ? .emergency : .urgent
    }
}
