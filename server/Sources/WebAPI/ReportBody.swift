import Domain
import Foundation
import Workflows

/// What a client sees of a report.
struct ReportBody: Encodable {
    struct Document: Encodable {
        var format: Report.Format
        var mediaType: String
        var address: String
        var fileName: String
        /// Known once it was made.
        var bytes: Int?
        var sha256: String?
    }

    struct Failure: Encodable {
        var code: String
        var message: String
        var failed: Report.Part
        var available: [Report.Format]
    }

    var id: ReportID
    var analysisId: AnalysisID
    var audience: Report.Audience
    var paper: Report.Paper
    var conversations: [ConversationID]
    var state: Report.State
    var progress: Double
    var step: Report.Step?
    var detail: String
    var revision: Int
    var createdAt: Date
    var updatedAt: Date
    /// Of the PDF.
    var fileName: String
    var bytes: Int?
    var sha256: String?
    var document: String
    /// Those that can be had now.
    var documents: [Document]
    var failure: Failure?

    /// - Parameters:
    ///   - live: the live state, which is ahead of what is stored while it is made.
    ///   - formats: those that this installation makes.
    ///   - edition: the one that is given out now.
    init(_ report: Report, live: ReportStatus?, formats: [Report.Format], edition: String) {
        let status = ReportStatusBody(report.state.isFinal ? ReportStatus(report) : live ?? ReportStatus(report))
        id = report.id
        analysisId = report.analysisID
        audience = report.options.audience
        paper = report.options.paper
        conversations = report.options.conversations
        state = status.state
        progress = status.progress
        step = status.step
        detail = status.detail
        revision = status.revision
        createdAt = report.createdAt
        updatedAt = report.updatedAt
        fileName = report.fileName(.pdf)
        let pdf = report.document(.pdf, edition: edition)
        bytes = pdf?.bytes
        sha256 = pdf?.sha256
        document = Self.address(of: .pdf, report.id)
        let available: [Report.Format] =
            switch report.state {
            case .making, .cancelled: []
            case .ready: formats
            case .failed: report.failure?.available ?? []
            }
        documents = available.map { format in
            let made = report.document(format, edition: edition)
            return Document(
                format: format, mediaType: format.mediaType, address: Self.address(of: format, report.id),
                fileName: report.fileName(format), bytes: made?.bytes, sha256: made?.sha256)
        }
        failure = report.failure.map {
            Failure(
                code: ProblemCode($0.part).rawValue, message: $0.part.sentence, failed: $0.part,
                available: $0.available)
        }
    }

    private static func address(of format: Report.Format, _ id: ReportID) -> String {
        "/api/v1/reports/\(id)/document?format=\(format.rawValue)"
    }
}

/// The data of one server-sent event.
struct ReportStatusBody: Encodable {
    var id: ReportID
    var state: Report.State
    var progress: Double
    var step: Report.Step?
    var revision: Int
    var detail: String

    init(_ status: ReportStatus) {
        id = status.id
        state = status.state
        progress = status.progress
        step = status.step
        revision = status.revision
        detail = status.detail
    }
}

extension Report.Part {
    /// For people: what failed, and what to do.
    var sentence: String {
        switch self {
        case .picture: "The picture can't be read any more. Upload it again; the text can be had without it."
        case .font: "No font is installed on this machine. Tell the operator; the text can be had without one."
        case .storage: "The report could not be kept. Try again. The result is still there."
        case .diskFull: "The disk is full. The operator has to make room. The result is still there."
        case .inconsistent: "Its documents would have stated different things, so none was made. Tell the operator."
        case .drawing: "The pages could not be drawn. Try again. The result is still there."
        case .size: "It would be larger than documents may be. Choose fewer conversations."
        case .interrupted: "The server ended while it was being made. Ask for a new one."
        case .format: "This installation doesn't make that format. Choose another one."
        }
    }
}
