import Crypto
public import Domain
public import Foundation

/// Everything that a report says, gathered at one moment.
public struct ReportContent: Codable, Sendable {
    public var id: ReportID
    public var options: Report.Options
    public var createdAt: Date
    public var questionnaire: Questionnaire
    /// The answers that count.
    public var answers: Answers
    /// How urgent it is, and why.
    public var acuity: Acuity
    public var emergencyNumber: String
    /// Questions whose answers were kept from the assistant.
    public var withheld: [String]
    public var upload: Upload
    public var analysis: Analysis
    public var result: AnalysisResult
    /// Completed analyses of pictures of the same session that are from before this one, the newest first.
    public var earlier: [EarlierStudy]
    /// The clinician's own reading.
    public var reading: OwnReading?
    /// Conversations that the person ticked.
    public var conversations: [ReportedConversation]
    /// Set where the version of the model was withdrawn.
    public var withdrawal: ModelWithdrawal?
    /// Who answers for this installation, as its operator wrote it; empty where nobody was named.
    public var responsible: String
    /// JPEG; empty where the picture can't be read. It is kept as a file of its own beside the rest.
    public var preview: [UInt8] = []
    public var sources: ReportSources

    public init(
        id: ReportID, options: Report.Options, createdAt: Date, questionnaire: Questionnaire, answers: Answers,
        acuity: Acuity, emergencyNumber: String, withheld: [String], upload: Upload, analysis: Analysis,
        result: AnalysisResult, earlier: [EarlierStudy] = [], reading: OwnReading? = nil,
        conversations: [ReportedConversation] = [], withdrawal: ModelWithdrawal? = nil, responsible: String = "",
        preview: [UInt8], sources: ReportSources
    ) {
        self.id = id
        self.options = options
        self.createdAt = createdAt
        self.questionnaire = questionnaire
        self.answers = answers
        self.acuity = acuity
        self.emergencyNumber = emergencyNumber
        self.withheld = withheld
        self.upload = upload
        self.analysis = analysis
        self.result = result
        self.earlier = earlier
        self.reading = reading
        self.conversations = conversations
        self.withdrawal = withdrawal
        self.responsible = responsible
        self.preview = preview
        self.sources = sources
    }
}

/// SHA-256 of what a report was made from, lower-case hexadecimal, and the version of the program.
public struct ReportSources: Codable, Sendable, Equatable {
    /// The file as received.
    public var picture: String
    /// The weights.
    public var model: String
    public var preprocessing: String
    /// The thresholds of all findings, as ``AnalysisResult`` holds them.
    public var thresholds: String
    /// The text that the assistant is given of this record.
    public var context: String
    public var softwareVersion: String

    public init(
        picture: String, model: String, preprocessing: String, thresholds: String, context: String,
        softwareVersion: String
    ) {
        self.picture = picture
        self.model = model
        self.preprocessing = preprocessing
        self.thresholds = thresholds
        self.context = context
        self.softwareVersion = softwareVersion
    }

    /// - Parameters:
    ///   - picture: SHA-256 of the file.
    ///   - context: the text itself.
    public init(of result: AnalysisResult, picture: String, context: String) {
        // One line for each finding, in the order of the result: its id, a tab, the shortest decimal of its threshold.
        let thresholds = result.findings.map { "\($0.id)\t\($0.threshold)\n" }.joined()
        self.init(
            picture: picture, model: result.model.sha256, preprocessing: result.model.preprocessingSha256,
            thresholds: Self.digest(thresholds), context: Self.digest(context), softwareVersion: Version.current)
    }

    private static func digest(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }
}

/// A picture of the same session from before, and what the model said of it.
public struct EarlierStudy: Codable, Sendable, Equatable {
    public var analysisID: AnalysisID
    public var uploadID: UploadID
    /// As the file says, where it says so: `2026-01-05`.
    public var studyDate: String?
    public var receivedAt: Date
    public var result: AnalysisResult

    public init(
        analysisID: AnalysisID, uploadID: UploadID, studyDate: String?, receivedAt: Date, result: AnalysisResult
    ) {
        self.analysisID = analysisID
        self.uploadID = uploadID
        self.studyDate = studyDate
        self.receivedAt = receivedAt
        self.result = result
    }
}

/// A conversation as it is printed.
public struct ReportedConversation: Codable, Sendable, Equatable {
    public struct Exchange: Codable, Sendable, Equatable {
        public var askedAt: Date
        public var question: String
        public var answer: ChatAnswer

        public init(askedAt: Date, question: String, answer: ChatAnswer) {
            self.askedAt = askedAt
            self.question = question
            self.answer = answer
        }
    }

    public var title: String
    public var exchanges: [Exchange]

    public init(title: String, exchanges: [Exchange]) {
        self.title = title
        self.exchanges = exchanges
    }
}

extension ReportContent {
    /// All but the picture.
    private enum CodingKeys: String, CodingKey {
        case id, options, createdAt, questionnaire, answers, acuity, emergencyNumber, withheld, upload, analysis, result
        case earlier, reading, conversations, withdrawal, responsible, sources
    }
}

/// Makes a document of it.
public protocol ReportRenderer: Sendable {
    /// The formats that it makes.
    var formats: [Report.Format] { get }
    /// - Returns: the same bytes for the same content, format and key.
    /// - Throws: ``ReportFault`` where it knows what failed. A format that isn't ``Report/Format/needsPicture`` is made
    ///   without the picture too, and without fonts.
    func render(_ content: ReportContent, as format: Report.Format) async throws -> [UInt8]
}

extension ReportRenderer {
    public var formats: [Report.Format] { Report.Format.allCases }
}

/// Signs what a report states, with the key of this instance (Ed25519, RFC 8032).
public protocol ReportSigner: Sendable {
    /// 32 bytes.
    var publicKey: [UInt8] { get }
    /// - Returns: 64 bytes; the same for the same message.
    func signature(for message: [UInt8]) throws -> [UInt8]
}
