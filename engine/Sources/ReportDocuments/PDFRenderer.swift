/// Makes a tagged PDF of a ``ReportDocument``: structure elements, bookmarks, metadata, page numbers, embedded fonts, with
/// a gap that a seal goes into.
///
/// The same document gives the same bytes. May be called from several threads at once.
public struct PDFRenderer: Sendable {
    private let families: [String]

    /// - Parameter families: of fonts, in the order in which they are tried. One of them must be installed; letters that
    ///   none of them has come from whatever font of the machine has them.
    public init(families: [String] = ["Liberation Sans", "Noto Sans"]) {
        self.families = families
    }

    /// Without a gap.
    /// - Throws: ``ReportDocumentError``.
    public func render(_ document: ReportDocument) throws(ReportDocumentError) -> [UInt8] {
        try render(document) { _ in 0 }.bytes
    }

    /// - Parameter gapLength: how long the gap is for a number of bytes outside of it. How many these are doesn't depend
    ///   on the length of the gap. It is within a stream of its own, so that whatever is written into it is data.
    /// - Throws: ``ReportDocumentError``.
    public func render(
        _ document: ReportDocument, gapLength: (Int) -> Int
    ) throws(ReportDocumentError) -> GappedDocument {
        try TypeSetter.lend(families: families, language: document.language) {
            setter throws(ReportDocumentError) -> GappedDocument in
            let (plan, furniture) = try PageFlow.plan(document, setter)
            let size = document.paper.size
            // Heat maps need nothing of what cairo does, which takes several times as long.
            let packing = MapPacking(of: plan)
            let drawn = try Canvas(width: size.width, height: size.height).draw(plan, furniture)
            var update = try PDFUpdate(drawn, document, plan, packing.maps)
            return try update.document(gapLength: gapLength)
        }
    }
}
