extension Knowledge {
    /// What is said in general about a finding, by the id of the model's head; nil for one that isn't in the library.
    public static func finding(_ id: String) -> FindingKnowledge? { findings[id] }

    /// Ids of all findings in the library.
    public static var findingIDs: [String] { findings.keys.sorted() }

    private static let findings = Dictionary(
        uniqueKeysWithValues: (LungFindings.all + PleuraAndHeartFindings.all + SpotFindings.all + PatternFindings.all)
            .map { ($0.id, $0) })
}
