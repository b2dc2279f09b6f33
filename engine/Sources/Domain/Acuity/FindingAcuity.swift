/// What the findings of the model ask for. A picture alone is never an emergency here, because the model is not sure
/// enough; and no finding ever takes a level away.
public struct FindingAcuity: Sendable {
    public init() {}

    public func reasons(_ result: AnalysisResult) -> [AcuityReason] {
        result.findings.filter(\.flagged).map { finding in
            let rule = Self.rules.first { $0.finding == finding.id && finding.probability >= $0.probability }
            let level = rule?.level ?? .soon
            return AcuityReason(
                rule: "finding-\(level.rawValue)", level: level,
                text: rule?.text ?? "The model marked something in the picture that a doctor should look at.",
                origin: .finding, field: finding.id, source: rule?.source ?? .nhsUrgent)
        }
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
