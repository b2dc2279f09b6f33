import Domain
public import ReportDocuments
public import Workflows

/// The words of reports: the one way by which a document is made, which always checks it.
public enum ReportWords {
    /// - Parameters:
    ///   - code: a QR code that leads to the check of the report's seal.
    /// - Throws: ``ReportConsistencyFault`` where the pages for the two audiences would state different things.
    public static func document(
        for content: ReportContent, code: ReportDocument.CodeBlock? = nil
    ) throws(ReportConsistencyFault) -> ReportDocument {
        let clinician = ClinicianReport(content, code: code).document
        let patient = PatientReport(content, code: code).document
        try ReportConsistency.check(clinician: clinician, patient: patient, against: content)
        switch content.options.audience {
        case .clinician: return clinician
        case .patient: return patient
        }
    }
}
