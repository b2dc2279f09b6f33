/// What the findings of the model ask for. A picture alone is never an emergency here, because the model is not sure
/// enough; and no finding ever takes a level away.
public struct FindingAcuity: Sendable {
    public init() {}

    public func reasons(_ result: AnalysisResult) -> [AcuityReason] {
        let flagged = result.findings.filter(\.flagged)
        let ruled = flagged.compactMap { finding in
            Self.rules.first { $0.finding == finding.id && finding.probability >= $0.probability }.map { rule in
                AcuityReason(
                    rule: "finding-\(rule.level.rawValue)", level: rule.level, text: rule.text, origin: .finding,
                    field: finding.id, source: rule.source)
            }
        }
        guard ruled.count < flagged.count else { return ruled }
        // Several marks below those probabilities are one reason.
        return ruled + [
            AcuityReason(
                rule: "finding-soon", level: .soon,
                text: "The model marked something in the picture that a doctor should look at.", origin: .finding,
                field: nil, source: .nhsUrgent)
        ]
    }

    /// From this calibrated probability on, in the finding's own scope. Of the validation pictures over it, at least one
    /// in seven had the finding: rare findings are marked far below, where most marks are false.
    static let rules:
        [(finding: String, probability: Double, level: AcuityLevel, text: String, source: GuidanceSource)] = [
            (
                "pneumothorax", 0.15, .urgent,
                "The picture has features of air between lung and chest wall. It needs a doctor's look today.",
                .nhsPneumothorax
            ),
            (
                "edema", 0.15, .urgent,
                "The picture has features of fluid in the lungs. It needs a doctor's look today.",
                .nhsBreathless
            ),
            (
                "effusion", 0.35, .urgent,
                "The picture has features of fluid around a lung. It needs a doctor's look today.", .nhsBreathless
            ),
            (
                "consolidation", 0.15, .urgent,
                "The picture has features that are often seen in pneumonia. It needs a doctor's look today.",
                .nicePneumonia
            ),
            (
                "pneumonia-child", 0, .urgent,
                "The picture has features of pneumonia in a child. It needs a doctor's look today.", .nicePneumonia
            ),
        ]
}
