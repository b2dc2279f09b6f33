import Dispatch
public import Domain
import ReportDocuments
public import Workflows

/// Reports as tagged PDF.
public struct PDFReportRenderer: ReportRenderer {
    /// Drawing takes some milliseconds of computing, which don't belong on the threads that serve requests.
    private static let queue = DispatchQueue(label: "lightbox.reports")

    public init() {}

    public func render(_ content: ReportContent, as format: Report.Format) async throws -> [UInt8] {
        let document = try ReportWords.document(for: content)
        return try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Result { try PDFRenderer().render(document) }) }
        }
    }
}
