public import Foundation

/// One document that was made from one analysis.
public struct Report: Sendable, Equatable {
    /// For whom a report is written.
    public enum Audience: String, Codable, Sendable, CaseIterable {
        case clinician
    }

    public let id: ReportID
    public let sessionID: SessionID
    public let analysisID: AnalysisID
    public let audience: Audience
    /// A name for the downloaded file: letters, digits and hyphens, then `.pdf`.
    public let fileName: String
    public let bytes: Int
    /// SHA-256 of the document, lower-case hexadecimal.
    public let sha256: String
    public let createdAt: Date

    public init(
        id: ReportID, sessionID: SessionID, analysisID: AnalysisID, audience: Audience, fileName: String, bytes: Int,
        sha256: String, createdAt: Date
    ) {
        self.id = id
        self.sessionID = sessionID
        self.analysisID = analysisID
        self.audience = audience
        self.fileName = fileName
        self.bytes = bytes
        self.sha256 = sha256
        self.createdAt = createdAt
    }
}
