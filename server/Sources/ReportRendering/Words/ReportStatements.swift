import Domain

/// What a made document states, read back from its blocks; or what ``ReportFacts`` want stated. All lists are sorted, and
/// what is stated twice stands there twice.
struct ReportStatements: Equatable {
    var marked: [String] = []
    var unmarked: [String] = []
    /// Name and reason.
    var withheldFindings: [String] = []
    var notChecked: [String] = []
    /// Each place where the level is told must tell the same one.
    var levels: Set<AcuityLevel> = []
    var reasons: [String] = []
    var lowered: [String] = []
    var differences: [String] = []
    /// What is asked of person and picture, though nothing contradicts it.
    var questions: [String] = []
    var quality: [String] = []
    var earlier: [String] = []
    var withheldAnswers: [String] = []
    var stamp: String?
    /// Whether a clinician has looked at the picture, whose reading counts more.
    var isRead = false

    /// What can't be read, or stands where it must not.
    var faults: [String] = []

    /// By name, for people: where two differ.
    func differences(from other: Self) -> [String] {
        func named(_ what: String, _ path: KeyPath<Self, [String]>) -> String? {
            let (one, two) = (self[keyPath: path], other[keyPath: path])
            guard one != two else { return nil }
            // Both are sorted; what one has more often than the other is left over.
            var (extra, missing) = (one, two)
            for entry in one {
                guard let place = missing.firstIndex(of: entry), let other = extra.firstIndex(of: entry) else {
                    continue
                }
                missing.remove(at: place)
                extra.remove(at: other)
            }
            return "\(what): " + (missing.map { "lacks \($0)" } + extra.map { "adds \($0)" }).joined(separator: ", ")
        }
        var found = [
            named("marked findings", \.marked), named("findings not marked", \.unmarked),
            named("findings not shown", \.withheldFindings), named("not checked", \.notChecked),
            named("reasons of the urgency", \.reasons), named("lowered urgency", \.lowered),
            named("differences of person and picture", \.differences),
            named("questions of person and picture", \.questions), named("quality", \.quality),
            named("withheld answers", \.withheldAnswers),
        ].compactMap(\.self)
        if levels != other.levels {
            func list(_ levels: Set<AcuityLevel>) -> String { levels.sorted().map(\.rawValue).joined(separator: ", ") }
            found.append("urgency: says \(list(levels)) for \(list(other.levels))")
        }
        // Dates of studies are data of a person, and stay out of faults.
        if earlier != other.earlier { found.append("earlier studies: \(earlier.count) for \(other.earlier.count)") }
        if isRead != other.isRead { found.append("the clinician's own reading") }
        if stamp != other.stamp { found.append("the withdrawal of the model") }
        return found
    }

    mutating func sort() {
        marked.sort()
        unmarked.sort()
        withheldFindings.sort()
        notChecked.sort()
        reasons.sort()
        lowered.sort()
        differences.sort()
        questions.sort()
        quality.sort()
        earlier.sort()
        withheldAnswers.sort()
    }

    static func marked(
        _ name: String, _ probability: String, _ threshold: String, _ frequency: String
    ) -> String { "“\(name)” (\(probability), line \(threshold), \(frequency))" }

    /// What a notice at the top asks of person and picture.
    mutating func readQuestions(_ text: String) {
        guard let parts = ReportReading.parse(text, "", ReportPhrases.questionStart, ReportPhrases.questionEnd, "")
        else { return }
        questions.append(Self.plain(parts[1]))
    }

    /// What both pages say in the same words; nil where it is something else.
    static func frequency(_ text: String) -> String? {
        if text == "How often such a number is right was not measured." { return "not known" }
        guard
            let parts = ReportReading.parse(
                text, "Of ", " validation pictures with such a number, ", " had it and ", " did not."),
            let images = Int(parts[0]), let positives = Int(parts[1]), let others = Int(parts[2]),
            images - positives == others
        else { return nil }
        return "\(positives) of \(images)"
    }

    static func plain(_ text: String) -> String {
        var text = SafeText.line(text)[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return String(text)
    }
}

extension ReportStatements {
    /// What both documents must state.
    init(_ facts: ReportFacts) {
        marked = facts.marked.map { finding in
            Self.marked(
                ReportPhrases.name(finding.name), ReportNumbers.percent(finding.probability),
                ReportNumbers.percent(finding.threshold),
                finding.frequency.map { "\($0.positives) of \($0.images)" } ?? "not known")
        }
        unmarked = facts.unmarked.map { ReportPhrases.name($0.name) }
        withheldFindings = facts.withheldFindings.map {
            Self.plain("\(ReportPhrases.quoted($0.name)): \($0.why)")
        }
        notChecked = facts.notChecked.map(Self.plain)
        levels = [facts.urgency.level]
        reasons = facts.urgency.reasons.map { Self.plain($0.text) }
        lowered = facts.urgency.lowering.map { [$0.level.rawValue] } ?? []
        differences = facts.identity?.differences.map { ReportPhrases.name($0.field) } ?? []
        questions = facts.identity?.questions.map { Self.plain(ReportPhrases.asked($0)) } ?? []
        quality = facts.quality.map { Self.plain($0.text) }
        earlier = facts.comparison.map { Self.plain($0.when) }
        withheldAnswers = facts.withheldAnswers.map(\.label)
        isRead = facts.reading != nil
        stamp = facts.withdrawal.map { SafeText.line(ReportPhrases.stamp($0)) }
        sort()
    }
}
