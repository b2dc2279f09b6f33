public import Foundation

/// What a clinician read in a picture with their own eyes.
public struct OwnReading: Codable, Sendable, Equatable {
    public let analysisID: AnalysisID
    /// The name that the clinician gave.
    public let clinician: String
    public let text: String
    public let recordedAt: Date
    /// Whether it was recorded before the model's findings were shown.
    public let isBlind: Bool

    public init(analysisID: AnalysisID, clinician: String, text: String, recordedAt: Date, isBlind: Bool) {
        self.analysisID = analysisID
        self.clinician = clinician
        self.text = text
        self.recordedAt = recordedAt
        self.isBlind = isBlind
    }

    public static let longestText = 4000
    public static let longestName = 120

    /// As typed; without blanks around name and text.
    ///
    /// - Throws: ``ValidationFault`` where the name or the text is missing, too long, or has control characters.
    public init(
        of analysisID: AnalysisID, typedBy clinician: String, text: String, recordedAt: Date, isBlind: Bool
    ) throws(ValidationFault) {
        var faults: [FieldFault] = []
        let clinician = TypedText.checked(clinician, "/clinician", longest: Self.longestName, &faults)
        let text = TypedText.checked(text, "/text", longest: Self.longestText, hasLines: true, &faults)
        guard faults.isEmpty else { throw ValidationFault(faults) }
        self.init(
            analysisID: analysisID, clinician: clinician, text: text, recordedAt: recordedAt, isBlind: isBlind)
    }
}
