import Dispatch
public import Domain
import ReportDocuments
public import Workflows

/// Reports as tagged PDF.
public struct PDFReportRenderer: ReportRenderer {
    /// Drawing takes some milliseconds of computing, which don't belong on the threads that serve requests.
    private static let queue = DispatchQueue(label: "lightbox.reports")

    public init() {}

    public var formats: [Report.Format] { [.pdf] }

    public func render(_ content: ReportContent, as format: Report.Format) async throws -> [UInt8] {
        guard format == .pdf else { throw ReportFault(.format) }
        let document = ClinicianReport(content).document
        let drawn: Result<[UInt8], ReportDocumentError> = await withCheckedContinuation { continuation in
            Self.queue.async {
                continuation.resume(
                    returning: Result { () throws(ReportDocumentError) in try PDFRenderer().render(document) })
            }
        }
        do throws(ReportDocumentError) { return try drawn.get() } catch { throw ReportFault(error) }
    }
}

extension ReportFault {
    /// What it means for the report that a document can't be drawn.
    init(_ error: ReportDocumentError) {
        switch error.code {
        case .badPicture: self.init(.picture, cause: error)
        case .badShape, .drawing: self.init(.drawing, cause: error)
        }
    }
}
