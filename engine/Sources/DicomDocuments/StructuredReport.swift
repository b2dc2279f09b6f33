public import ReportDocuments

/// A structured report: Comprehensive SR Storage. Nobody has verified it.
///
/// Source: PS3.3 sections A.35.3 and C.17.
public struct StructuredReport: Sendable, Equatable {
    public static let classUID = "1.2.840.10008.5.1.4.1.1.88.33"

    public var context: DicomContext
    /// A container. All that the report says hangs on it.
    public var root: ContentItem
    public var isComplete: Bool
    /// Why it is complete, or isn't.
    public var completion: String
    /// Private coding schemes whose codes are in it.
    public var codingSchemes: [CodingScheme]

    public init(
        context: DicomContext, root: ContentItem, isComplete: Bool, completion: String, codingSchemes: [CodingScheme]
    ) {
        self.context = context
        self.root = root
        self.isComplete = isComplete
        self.completion = completion
        self.codingSchemes = codingSchemes
    }

    /// - Parameter gapLength: how long the gap for the seal is, for a number of covered bytes; always even.
    public func make(gapLength: (Int) -> Int) throws(DicomDocumentFault) -> GappedDocument {
        guard DerivedUID.isUID(context.study.uid), DerivedUID.isUID(context.equipment.uid) else {
            throw DicomDocumentFault(.notAUID, "The study, or the equipment, has no valid UID.")
        }
        guard var dataSet = root.dataSet(isRoot: true) else { preconditionFailure("the root is a container") }
        dataSet.setContext(context)
        // SR Document Series.
        dataSet.setSeries(context, modality: "SR", number: 9002)
        dataSet.set(0x0008_1111, items: [])
        // SR Document General.
        dataSet.set(0x0040_A496, .cs, "PRELIMINARY")
        dataSet.set(0x0040_A491, .cs, isComplete ? "COMPLETE" : "PARTIAL")
        dataSet.set(0x0040_A492, .lo, completion)
        dataSet.set(0x0040_A493, .cs, "UNVERIFIED")
        dataSet.set(0x0040_A372, items: [])
        dataSet.set(0x0040_A078, items: [author])
        let evidence = root.images.map(Self.evidence)
        if !evidence.isEmpty { dataSet.set(0x0040_A375, items: evidence) }
        return try DicomObject(
            classUID: Self.classUID, dataSet: dataSet, createdAt: context.createdAt, codingSchemes: codingSchemes
        ).file(gapLength: gapLength)
    }

    /// The program, by the Identified Person or Device Macro (PS3.3 section C.17.2.5).
    private var author: DataSet {
        var item = DataSet()
        item.set(0x0040_A084, .cs, "DEV")
        item.set(0x0008_1010, .sh, nil)
        item.set(0x0018_1002, .ui, context.equipment.uid)
        item.set(0x0008_0070, .lo, context.equipment.manufacturer)
        item.set(0x0008_1090, .lo, context.equipment.model)
        item.set(0x0008_0080, .lo, nil)
        item.set(0x0008_0082, items: [])
        return item
    }

    /// An item of the Current Requested Procedure Evidence Sequence.
    private static func evidence(_ image: InstanceReference) -> DataSet {
        var series = DataSet()
        series.set(0x0020_000E, .ui, image.seriesUID)
        series.set(0x0008_1199, items: [image.dataSet])
        var study = DataSet()
        study.set(0x0020_000D, .ui, image.studyUID)
        study.set(0x0008_1115, items: [series])
        return study
    }
}
