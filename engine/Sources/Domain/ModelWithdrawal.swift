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
}
