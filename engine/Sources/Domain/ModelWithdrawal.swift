public import Foundation

/// That a version of a model must not be relied on any more.
public struct ModelWithdrawal: Codable, Sendable, Equatable {
    public let model: String
    public let version: String
    /// A sentence for people: what is wrong with it.
    public let reason: String
    /// Who withdrew it.
    public let by: String
    public let at: Date

    public init(model: String, version: String, reason: String, by: String, at: Date) {
        self.model = model
        self.version = version
        self.reason = reason
        self.by = by
        self.at = at
    }

    public static let longestReason = 1000
    public static let longestName = 120

    /// As typed by an operator; without blanks around what was typed.
    ///
    /// - Throws: ``ValidationFault`` where something is missing, too long, or has control characters.
    public init(
        of model: String, typedVersion version: String, because reason: String, by: String, at: Date
    ) throws(ValidationFault) {
        var faults: [FieldFault] = []
        let model = TypedText.checked(model, "/model", longest: Self.longestName, &faults)
        let version = TypedText.checked(version, "/version", longest: Self.longestName, &faults)
        let reason = TypedText.checked(reason, "/reason", longest: Self.longestReason, &faults)
        let by = TypedText.checked(by, "/by", longest: Self.longestName, &faults)
        guard faults.isEmpty else { throw ValidationFault(faults) }
        self.init(model: model, version: version, reason: reason, by: by, at: at)
    }
}

/// A report that was made from what a withdrawn version said. Nothing in it tells whose it is.
public struct AffectedReport: Codable, Sendable, Equatable {
    public let id: ReportID
    public let createdAt: Date
    public let audience: Report.Audience

    public init(id: ReportID, createdAt: Date, audience: Report.Audience) {
        self.id = id
        self.createdAt = createdAt
        self.audience = audience
    }
}
