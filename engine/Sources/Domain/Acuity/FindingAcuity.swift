/// What the findings of the model ask for, alone and beside what was told. A picture alone is never an emergency here,
/// because the model is not sure enough; and no finding ever takes a level away.
///
/// Guidance for clinicians speaks of what they found, not of marks that are often false. So what a mark asks for is a
/// rule of Lightbox, and says so. `docs/urgency.md` states it.
public struct FindingAcuity: Sendable {
    public init() {}

    /// From this share on, a mark alone asks for a look today: at least one in two pictures with such a number had the
    /// finding.
    public static let leastShare = 0.5

    /// - Parameter answers: those that count.
    public func reasons(_ result: AnalysisResult, told answers: Answers) -> [AcuityReason] {
        let facts = IntakeFacts(answers)
        let flagged = result.findings.filter(\.flagged)
        let ruled = flagged.compactMap { finding -> AcuityReason? in
            guard let rule = Self.rules.first(where: { $0.finding == finding.id && finding.probability >= $0.named })
            else { return nil }
            let (level, text) = rule.judge(finding, facts)
            return AcuityReason(
                rule: "finding-\(level.rawValue)", level: level, text: text, origin: .finding, field: finding.id,
                source: .lightboxFindings)
        }
        guard ruled.count < flagged.count else { return ruled }
        // Other marks together are one reason.
        return ruled + [
            AcuityReason(
                rule: "finding-soon", level: .soon,
                text: "The model marked something in the picture that a doctor should look at.", origin: .finding,
                field: nil, source: .lightboxFindings)
        ]
    }

    /// What such a number is worth: the calibrated probability, or how often pictures with such a number had the finding
    /// where that was more.
    static func share(_ finding: AnalysisResult.Finding) -> Double {
        let measured = finding.frequency.map { $0.images > 0 ? Double($0.positives) / Double($0.images) : 0 } ?? 0
        return max(finding.probability, measured)
    }

    struct Rule: Sendable {
        let finding: String
        /// From this calibrated probability on the finding has a sentence of its own.
        let named: Double
        /// From this share on it asks for a look today by itself.
        var alone = FindingAcuity.leastShare
        let features: String
        /// What is said where the mark alone asks for less.
        let otherwise: String
        /// With what was told beside it.
        let beside: @Sendable (IntakeFacts) -> AcuityLevel?
        let words: String

        func judge(_ finding: AnalysisResult.Finding, _ facts: IntakeFacts) -> (AcuityLevel, String) {
            let isLikely = FindingAcuity.share(finding) >= alone
            if let level = beside(facts), level > .urgent || !isLikely {
                return (level, "\(features) \(words)")
            }
            return isLikely
                ? (.urgent, "\(features) It needs a doctor's look today.") : (.soon, "\(features) \(otherwise)")
        }
    }

    private static let oftenFalse = "More such marks are false than true, so it needs a doctor's look in the next days."

    static let rules: [Rule] = [
        Rule(
            finding: "pneumothorax", named: 0,
            features: "The model marked features of air between lung and chest wall (pneumothorax).",
            otherwise:
                "\(oftenFalse) With trouble breathing or chest pain it is an emergency: call the emergency number.",
            beside: { facts in
                guard facts.has("symptoms", "breathless") || facts.has("symptoms", "chest-pain") else { return nil }
                return facts.isOld ? .urgent : .emergency
            }, words: "With the trouble breathing or chest pain that was told, that has to be looked at without delay."),
        Rule(
            finding: "edema", named: 0.15, features: "The model marked features of fluid in the lungs.",
            otherwise: "\(oftenFalse) With new trouble breathing it needs one today.",
            beside: { facts in ["breathless", "chest-pain"].contains { facts.has("symptoms", $0) } ? .urgent : nil },
            words: "With the complaints that were told, it needs a doctor's look today."),
        Rule(
            finding: "effusion", named: 0.35, features: "The model marked features of fluid around a lung.",
            otherwise: "\(oftenFalse) With new trouble breathing, chest pain or fever it needs one today.",
            beside: { facts in
                ["breathless", "chest-pain", "fever"].contains { facts.has("symptoms", $0) } ? .urgent : nil
            }, words: "With the complaints that were told, it needs a doctor's look today."),
        Rule(
            finding: "consolidation", named: 0.15,
            features: "The model marked features that are often seen in pneumonia.",
            otherwise: "\(oftenFalse) With fever or new trouble breathing it needs one today.",
            beside: { facts in
                ["breathless", "chest-pain", "fever", "blood"].contains { facts.has("symptoms", $0) } ? .urgent : nil
            }, words: "With the complaints that were told, it needs a doctor's look today."),
        // A child's mark asks for a look today whatever the number: a child gets worse faster.
        Rule(
            finding: "pneumonia-child", named: 0, alone: 0,
            features: "The model marked features of pneumonia in a child.", otherwise: "",
            beside: { _ in nil }, words: ""),
    ]
}

extension GuidanceSource {
    /// No guidance: what marks of a model ask for was decided here.
    static let lightboxFindings = Self("Lightbox's own rule for marks of its model", "/docs/urgency.md")
}
