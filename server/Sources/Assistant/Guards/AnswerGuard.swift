import Domain

/// Holds what a language model writes, sentence by sentence as it streams in, against what it was given.
///
/// Whatever it is unsure of, it strikes. A value: feed it with ``take(_:)``, end with ``finish()``.
public struct AnswerGuard: Sendable {
    /// What to make of the answer as a whole.
    public enum Verdict: Sendable, Equatable {
        case fine
        /// It says the same again and again.
        case looping
        case wrongLanguage
        /// It said nothing.
        case empty
        /// Nothing that it said could be kept.
        case nothingHeld
    }

    /// Most sentences of one answer; what comes after them is left out.
    public static let mostSentences = 12

    private let context: GuardContext
    private let emergencyOfQuestion: Bool
    private var splitter = SentenceSplitter()
    private var seen: [[String]: Int] = [:]
    private var shown: Set<String> = []
    /// The sentence before a list, and whether it was kept.
    private var lead: (wording: Wording, isKept: Bool)?
    /// What was put in front of the next sentence that is shown, because its own beginning was struck.
    private var pendingLayout: AnswerSentence.Layout = .same
    private var read = 0
    private var foreign = 0
    private var kept = 0
    private var isLooping = false
    private var isFinished = false

    public private(set) var struck = 0

    public init(record: Record, question: String, grounded: GroundedAnswer) {
        context = GuardContext(record: record, question: question, grounded: grounded)
        emergencyOfQuestion = grounded.intent == .emergency || grounded.intent == .selfHarm
    }

    /// Whether more can't change the answer: it has all the sentences it may have, or it isn't to be used.
    public var isOver: Bool { kept >= Self.mostSentences || verdict == .looping || verdict == .wrongLanguage }

    /// Final after ``finish()``; until then only what is certain already.
    public var verdict: Verdict {
        if isLooping { return .looping }
        if foreign * 2 >= read, foreign > (isFinished ? 0 : 1) { return .wrongLanguage }
        guard isFinished else { return .fine }
        if read == 0 { return .empty }
        return kept == 0 ? .nothingHeld : .fine
    }

    /// - Returns: the sentences that became whole, kept or struck, in order.
    public mutating func take(_ piece: String) -> [GuardedSentence] {
        guard !isFinished, !isOver else { return [] }
        return splitter.take(piece).compactMap { guarded($0) }
    }

    public mutating func finish() -> [GuardedSentence] {
        guard !isFinished else { return [] }
        let rest = isOver ? [] : splitter.finish().compactMap { guarded($0) }
        isFinished = true
        return rest
    }

    // MARK: - One sentence

    private mutating func guarded(_ sentence: SentenceSplitter.Sentence) -> GuardedSentence? {
        guard !isOver else { return nil }
        read += 1
        let (text, cited) = Citations.taken(from: sentence.text)
        let wording = Wording(text)
        let own = AnswerSentence(text, layout: sentence.layout, evidence: [])
        let judgement = judge(wording, layout: sentence.layout)
        let isLead = text.hasSuffix(":") || text.hasSuffix(":**")
        if isLead {
            lead = (wording, judgement == nil)
        } else if sentence.layout != .item && sentence.layout != .same {
            lead = nil
        }
        if sentence.layout != .same { pendingLayout = sentence.layout }
        guard let judgement else {
            kept += 1
            var kept = own
            if kept.layout == .same { kept.layout = pendingLayout }
            pendingLayout = .same
            kept.evidence = Grounds(context).evidence(for: wording, text: text, cited: cited)
            return GuardedSentence(kept)
        }
        struck += 1
        if let replacement = judgement.replacement, shown.insert(replacement.text).inserted {
            var instead = replacement
            instead.layout = pendingLayout
            pendingLayout = .same
            return GuardedSentence(instead, struckBecause: judgement.reason)
        }
        return GuardedSentence(own, struckBecause: judgement.reason)
    }

    private mutating func judge(_ wording: Wording, layout: AnswerSentence.Layout) -> Judgement? {
        let count = (seen[wording.words] ?? 0) + 1
        seen[wording.words] = count
        if count >= 3 || Self.isLoop(wording.words) { isLooping = true }
        if isLooping || count > 1 { return Judgement(.repetition) }
        if !AnswerLanguage.isEnglish(wording.words) {
            foreign += 1
            return Judgement(.language)
        }
        // What the library says itself was reviewed.
        if context.groundedWordings.contains(where: { $0.words == wording.words }) { return nil }
        if emergencyOfQuestion { return Judgement(.urgency) }
        if let lead, layout == .item {
            guard lead.isKept else { return Judgement(.leadIn) }
            if let judgement = Self.judge(wording.following(lead.wording), in: context, isItem: true) {
                return judgement
            }
        }
        return Self.judge(wording, in: context)
    }

    static let checks: [any SentenceCheck] = [
        InstructionsCheck(), FindingCheck(), HistoryCheck(), MedicationCheck(), DiagnosisCheck(), ReassuranceCheck(),
        PrognosisCheck(), BareAnswerCheck(), UrgencyCheck(), ComparisonCheck(), LateralityCheck(), DrugCheck(),
        NumberCheck(), WordsGivenCheck(),
    ]

    private static func judge(_ wording: Wording, in context: GuardContext, isItem: Bool = false) -> Judgement? {
        // "Marked were: effusion" says what the record says, though it reads like "this is an effusion".
        let isOfMarks = isItem && [.marked, .notMarked].contains(FindingCheck.polarity(of: wording))
        for check in checks where !(isOfMarks && check is DiagnosisCheck) {
            if let judgement = check.judge(wording, in: context) { return judgement }
        }
        return nil
    }

    /// A long sentence of few words.
    private static func isLoop(_ words: [String]) -> Bool {
        words.count >= 24 && Set(words).count * 3 < words.count
    }
}
