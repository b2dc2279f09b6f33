/// What the number of a finding means, in the one wording that answers, reports and the page have.
public enum NumberWords {
    /// `web/src/shared/texts/en.ts` has the same; a test holds the two together.
    public static let meaning = "\(share) \(noChance)"

    public static let share = "The number says how often validation pictures with such a number had the finding."
    public static let noChance = "It is not the chance that this person has it."

    /// Whose pictures were measured on.
    public static let validation = "Validation pictures are pictures that the model had not learnt from."

    public static func frequency(_ frequency: Frequency) -> String {
        "Of \(frequency.images) validation pictures with such a number, \(frequency.positives) had it and \(frequency.images - frequency.positives) did not."
    }

    /// What the threshold lets through: a count of the few with a low number would read like an all-clear. nil where it
    /// wasn't measured.
    public static func missed(_ measured: ModelManifest.Measured) -> String? {
        guard let positives = measured.positives, positives > 0, let sensitivity = measured.sensitivity else {
            return nil
        }
        let missed = positives - Int((sensitivity * Double(positives)).rounded())
        return "Of \(positives) validation pictures of people who had it, the model missed \(missed)."
    }
}
