import Dispatch
public import Domain
import ReportDocuments
public import Workflows

/// Reports in every format, checked, and sealed with the key of this instance.
public struct SealedReportRenderer: ReportRenderer {
    /// Drawing takes some milliseconds of computing, which don't belong on the threads that serve requests.
    private static let queue = DispatchQueue(label: "lightbox.reports", attributes: .concurrent)

    private let signer: any ReportSigner

    public init(signer: any ReportSigner) {
        self.signer = signer
    }

    public var formats: [Report.Format] { Report.Format.allCases }

    public func render(_ content: ReportContent, as format: Report.Format) async throws -> [UInt8] {
        // The queue's threads know nothing of the task.
        let progress = ReportProgress.current
        return try await withCheckedThrowingContinuation { continuation in
            Self.queue.async {
                continuation.resume(with: Result { try sealed(content, format) { progress.enter(.signing) } })
            }
        }
    }

    private func sealed(
        _ content: ReportContent, _ format: Report.Format, willSign: () -> Void = {}
    ) throws -> [UInt8] {
        let statement = ReportStatement(content, as: format)
        // Also for formats without pages: what contradicts itself is given out in no form.
        let pages = try pages(content, statement)
        let gapLength = try ReportSeal.gapLength(for: statement)
        var document: GappedDocument
        switch format {
        case .pdf: document = try pdf(pages, gapLength)
        case .text: document = PlainTextRenderer.render(pages, gapLength: gapLength)
        case .fhir:
            document = try FHIRReport.bundle(content, pdf: try pdfIfPossible(content), gapLength: gapLength)
        case .dicom:
            document = try DicomReports.encapsulated(
                content, pdf: try sealed(content, .pdf), gapLength: gapLength)
        case .structuredReport: document = try DicomReports.structured(content, gapLength: gapLength)
        }
        willSign()
        try ReportSeal.fill(&document, statement: statement, signer: signer)
        return document.bytes
    }

    /// nil where the picture or a font is missing: what is written in FHIR can be had all the same.
    private func pdfIfPossible(_ content: ReportContent) throws -> [UInt8]? {
        do {
            return try sealed(content, .pdf)
        } catch let fault as ReportFault where [.picture, .font].contains(fault.part) {
            return nil
        }
    }

    private func pages(_ content: ReportContent, _ statement: ReportStatement) throws -> ReportDocument {
        let text = try ReportCode.text(for: statement, signer: signer)
        let code = ReportDocument.CodeBlock(
            modules: try QRCode.modules(text),
            caption:
                "What this report states, signed. “lightbox report verify --code” reads it; docs/reports-verify.md tells how."
        )
        do throws(ReportConsistencyFault) {
            return try ReportWords.document(for: content, code: code)
        } catch {
            throw ReportFault(.inconsistent, cause: error)
        }
    }

    private func pdf(_ pages: ReportDocument, _ gapLength: (Int) -> Int) throws -> GappedDocument {
        do throws(ReportDocumentError) {
            return try PDFRenderer().render(pages, gapLength: gapLength)
        } catch {
            throw ReportFault(error)
        }
    }
}

extension ReportFault {
    /// What it means for the report that a document can't be drawn.
    init(_ error: ReportDocumentError) {
        switch error.code {
        case .badPicture: self.init(.picture, cause: error)
        case .fontMissing: self.init(.font, cause: error)
        case .badShape, .drawing: self.init(.drawing, cause: error)
        }
    }
}
