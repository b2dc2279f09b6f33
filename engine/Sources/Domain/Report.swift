public import Foundation

/// What is said of one analysis to one audience, at one moment; it can be had as several documents.
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

        /// Whether there is no such document without the picture.
        public var needsPicture: Bool {
            switch self {
            case .pdf, .dicom: true
            case .fhir, .structuredReport, .text: false
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

    /// How far it is.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// It waits for its turn, or is being made.
        case making
        case ready, failed, cancelled

        public var isFinal: Bool { self != .making }
    }

    /// What is being done while a report is made.
    public enum Step: String, Codable, Sendable, CaseIterable {
        /// What is said is gathered from the record.
        case gathering
        /// The picture is read.
        case picture
        case drawing, signing, keeping

        /// How far along, 0...1.
        public var progress: Double {
            switch self {
            case .gathering: 0.1
            case .picture: 0.3
            case .drawing: 0.5
            case .signing: 0.8
            case .keeping: 0.9
            }
        }

        /// A sentence for people.
        public var sentence: String {
            switch self {
            case .gathering: "Gathering what the report says."
            case .picture: "Reading the picture."
            case .drawing: "Drawing the pages."
            case .signing: "Signing it."
            case .keeping: "Keeping it."
            }
        }
    }

    /// What it was that failed.
    public enum Part: String, Codable, Sendable, CaseIterable {
        /// The picture can't be read.
        case picture
        /// No font is installed that it could be set in.
        case font
        /// The storage gave an error.
        case storage
        case diskFull = "disk-full"
        /// Two of its documents would have stated different things.
        case inconsistent
        case drawing
        /// A document came out larger than documents may be.
        case size
        /// The program ended in the middle, more than once.
        case interrupted
        /// This installation makes no documents of this format.
        case format
    }

    /// Why there is no report, and what there is instead.
    public struct Failure: Codable, Sendable, Equatable {
        public var part: Part
        /// Formats that can be had all the same.
        public var available: [Format]

        public init(_ part: Part, available: [Format] = []) {
            self.part = part
            self.available = available
        }
    }

    /// One document that was made and kept.
    public struct Document: Sendable, Equatable {
        public let format: Format
        /// Empty for the ordinary one. A withdrawn model gives another edition, with a stamp on it.
        public let edition: String
        public let bytes: Int
        /// SHA-256 of the document, lower-case hexadecimal.
        public let sha256: String
        public let madeAt: Date

        public init(format: Format, edition: String = "", bytes: Int, sha256: String, madeAt: Date) {
            self.format = format
            self.edition = edition
            self.bytes = bytes
            self.sha256 = sha256
            self.madeAt = madeAt
        }
    }

    public let id: ReportID
    public let sessionID: SessionID
    public let analysisID: AnalysisID
    public let options: Options
    /// What the names of all its files begin with.
    public let fileStem: String
    public let createdAt: Date
    public var updatedAt: Date
    public var state: State
    /// How many times it was begun.
    public var attempt: Int
    /// Grows with every change, also across restarts: the id of its server-sent events.
    public var revision: Int
    public var failure: Failure?
    public var documents: [Document]

    public init(
        id: ReportID, sessionID: SessionID, analysisID: AnalysisID, options: Options, fileStem: String,
        createdAt: Date, updatedAt: Date, state: State = .making, attempt: Int = 1, revision: Int = 1,
        failure: Failure? = nil, documents: [Document] = []
    ) {
        self.id = id
        self.sessionID = sessionID
        self.analysisID = analysisID
        self.options = options
        self.fileStem = fileStem
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.state = state
        self.attempt = attempt
        self.revision = revision
        self.failure = failure
        self.documents = documents
    }

    /// Under which name a document is saved.
    public func fileName(_ format: Format) -> String {
        // The two DICOM objects of one report must not overwrite each other.
        "\(fileStem)\(format == .structuredReport ? "-sr" : "").\(format.fileExtension)"
    }

    public func document(_ format: Format, edition: String) -> Document? {
        documents.first { $0.format == format && $0.edition == edition }
    }
}
