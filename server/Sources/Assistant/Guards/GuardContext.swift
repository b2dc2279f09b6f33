import Domain

/// All that a sentence is held against, read once.
struct GuardContext: Sendable {
    let record: Record
    let question: Wording
    let grounded: GroundedAnswer
    let groundedWordings: [Wording]
    /// The lines of the context file.
    let lines: [(line: ContextFile.Line, wording: Wording)]
    let numbers: Set<String>
    let drugs: Set<String>
    let findings: Set<String>
    /// Every word of the record and the prepared answer, without the endings of plurals.
    let givenWords: Set<String>

    init(record: Record, question: String, grounded: GroundedAnswer) {
        self.record = record
        self.question = Wording(question)
        self.grounded = grounded
        groundedWordings = grounded.sentences.map { Wording($0.text) }
        lines = record.file.lines.map { ($0, Wording($0.text)) }
        let all = lines.map(\.wording) + groundedWordings + [self.question]
        numbers = Numbers.allowed(from: all + [Wording(record.emergencyNumber)])
        givenWords = Set((lines.map(\.wording) + groundedWordings).flatMap(\.words).map(Lexicon.folded))
        drugs = all.reduce(into: []) { $0.formUnion($1.ids(.drug)) }
        findings = all.reduce(into: []) { $0.formUnion($1.ids(.finding, .description, .disease)) }
    }

    /// The lines whose id begins so.
    func lines(_ prefix: String) -> [(line: ContextFile.Line, wording: Wording)] {
        lines.filter { $0.line.id == prefix || $0.line.id.hasPrefix(prefix + ".") }
    }

    func answer(_ id: String) -> String? {
        guard case .text(let code) = record.answers[id] else { return nil }
        return code
    }

    // MARK: - Findings

    enum FindingState: Sendable {
        case marked, belowThreshold
        /// The model doesn't speak for it here.
        case notShown
    }

    func state(of finding: String) -> FindingState? {
        guard let result = record.result else { return nil }
        let ids = [finding, finding + "-child"]
        let own = result.findings.filter { ids.contains($0.id) }
        if !own.isEmpty { return own.contains(where: \.flagged) ? .marked : .belowThreshold }
        if result.withheld.contains(where: { ids.contains($0.id) }) { return .notShown }
        return line(for: finding) == nil ? nil : .notShown
    }

    /// Where the record speaks of a finding: its own line, or the one of what was not checked.
    func line(for finding: String) -> ContextFile.Line? {
        let own = ["finding.\(finding)", "finding.\(finding)-child"]
        if let line = record.file.lines.first(where: { own.contains($0.id) }) { return line }
        return lines("not-checked").first {
            $0.wording.ids(.finding, .description, .disease).contains(finding)
        }?.line
    }

    /// What the record says instead.
    func replacement(by line: ContextFile.Line) -> AnswerSentence {
        let evidence = [Evidence(.record, line.id, label: Self.label(of: line))]
        switch line.section {
        case .history: return AnswerSentence("The record says: \(line.text)", evidence: evidence, replacesStruck: true)
        case .notChecked:
            return AnswerSentence("Not checked: \(line.text)", evidence: evidence, replacesStruck: true)
        default: return AnswerSentence(line.text, evidence: evidence, replacesStruck: true)
        }
    }

    static func label(of line: ContextFile.Line) -> String {
        switch line.section {
        case .history, .findings: String(line.text.prefix { $0 != ":" && $0 != "," }.prefix(60))
        default: line.section.title
        }
    }
}

/// What a check says of a sentence that it doesn't let pass.
struct Judgement: Sendable, Equatable {
    var reason: StrikeReason
    /// What stands in its place.
    var replacement: AnswerSentence?

    init(_ reason: StrikeReason, replacement: AnswerSentence? = nil) {
        self.reason = reason
        self.replacement = replacement
    }
}

/// One thing that a sentence must not do. Pure: the same sentence is judged the same.
protocol SentenceCheck: Sendable {
    /// nil where there is nothing to object to.
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement?
}
