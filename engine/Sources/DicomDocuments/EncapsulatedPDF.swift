public import ReportDocuments

/// A PDF within a DICOM object: Encapsulated PDF Storage.
///
/// Source: PS3.3 sections A.45.1 and C.24.
public enum EncapsulatedPDF {
    public static let classUID = "1.2.840.10008.5.1.4.1.1.104.1"

    /// - Parameters:
    ///   - pdf: taken as it is. One with an odd number of bytes is padded; its length is told.
    ///   - title: of the document.
    ///   - showsPatient: whether what is written in it tells whose it is.
    ///   - gapLength: how long the gap for the seal is, for a number of covered bytes; always even.
    public static func make(
        _ pdf: [UInt8], title: String, showsPatient: Bool, in context: DicomContext, gapLength: (Int) -> Int
    ) throws(DicomDocumentFault) -> GappedDocument {
        guard pdf.count < UInt32.max - 1 else {
            throw DicomDocumentFault(.tooLong, "The PDF is longer than a DICOM element can be.")
        }
        guard DerivedUID.isUID(context.study.uid), DerivedUID.isUID(context.equipment.uid) else {
            throw DicomDocumentFault(.notAUID, "The study, or the equipment, has no valid UID.")
        }
        var dataSet = DataSet()
        dataSet.setContext(context)
        dataSet.setSeries(context, modality: "DOC", number: 9001)
        // SC Equipment: made at a workstation.
        dataSet.set(0x0008_0064, .cs, "WSD")
        // Encapsulated Document.
        dataSet.set(0x0008_002A, .dt, nil)
        dataSet.set(0x0028_0301, .cs, showsPatient ? "YES" : "NO")
        if let source = context.source { dataSet.set(0x0042_0013, items: [source.dataSet]) }
        dataSet.set(0x0042_0010, .st, title)
        dataSet.set(0x0040_A043, items: [Code.diagnosticImagingReport.dataSet])
        dataSet.set(0x0040_A493, .cs, "UNVERIFIED")
        dataSet.set(0x0042_0012, .lo, "application/pdf")
        dataSet.set(0x0042_0011, bytes: pdf)
        dataSet.set(0x0042_0015, long: UInt32(pdf.count))
        return try DicomObject(classUID: classUID, dataSet: dataSet, createdAt: context.createdAt)
            .file(gapLength: gapLength)
    }
}
