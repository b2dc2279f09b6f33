public import Foundation

/// One document that was made from one analysis.
public struct Report: Sendable, Equatable {
    /// For whom a report is written.
    public enum Audience: String, Codable, Sendable, CaseIterable {
        case clinician, patient
    }

    public enum Paper: String, Codable, Sendable, CaseIterable {
        case a4, letter
    }

    /// What a report can be had as; its raw value is the `format` in the address.
    public enum Format: String, Codable, Sendable, CaseIterable {
        case pdf
        /// A FHIR R4 document: a bundle in JSON.
        case fhir
        /// The PDF within a DICOM object.
        case dicom
        /// A DICOM structured report.
        case structuredReport = "sr"
        case text = "txt"

        public var mediaType: String {
            switch self {
            case .pdf: "application/pdf"
            case .fhir: "application/fhir+json"
            case .dicom, .structuredReport: "application/dicom"
            case .text: "text/plain; charset=utf-8"
            }
        }

        /// Without a dot.
        public var fileExtension: String {
            switch self {
            case .pdf: "pdf"
            case .fhir: "json"
            case .dicom, .structuredReport: "dcm"
            case .text: "txt"
            }
        }
    }

    /// What a person chooses about a report.
    public struct Options: Codable, Sendable, Equatable {
        public var audience: Audience
        public var paper: Paper
        /// Conversations that are printed, in this order.
        public var conversations: [ConversationID]
        /// Whether the name of the file tells the pseudonym.
        public var namesFile: Bool

        public init(
            audience: Audience, paper: Paper = .a4, conversations: [ConversationID] = [], namesFile: Bool = false
        ) {
            self.audience = audience
            self.paper = paper
            self.conversations = conversations
            self.namesFile = namesFile
        }
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
