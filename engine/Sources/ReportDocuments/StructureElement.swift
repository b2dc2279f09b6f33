/// An element of the logical structure (ISO 32000-1, section 14.7), and what on which page belongs to it.
final class StructureElement {
    enum Kid {
        case element(StructureElement)
        /// A piece of a page: its number from 0, and the number of its mark on that page from 0.
        case content(page: Int, mark: Int)
    }

    /// One of the standard types, such as `P` or `TD`.
    let type: String
    /// Alternate text.
    let alternative: String?
    /// What a header cell is the header of: `Column` or `Row`.
    let scope: String?
    var kids: [Kid] = []

    init(_ type: String, alternative: String? = nil, scope: String? = nil) {
        self.type = type
        self.alternative = alternative
        self.scope = scope
    }
}

/// Pages as what is to be drawn on them, before anything is.
struct PagePlan {
    struct Box {
        var x, y, width, height: Double
    }

    enum Drawing {
        case text(TextLayout, lines: Range<Int>, x: Double, y: Double)
        case fill(Ink, Box)
        /// The picture of that index.
        case picture(Int, Box)
        case modules([[Bool]], x: Double, y: Double, module: Double)
        /// What follows belongs to a structure element of this type, up to `unmark`; all else is an artifact.
        case mark(String)
        case unmark
    }

    enum Picture {
        case jpeg([UInt8], JPEGFrame)
        case map(ReportDocument.HeatGrid)
    }

    struct Page {
        var drawings: [Drawing] = []
        /// The elements that the marks belong to, in the order of the marks.
        var owners: [StructureElement] = []
    }

    struct Bookmark {
        let level: Int
        let title: String
        let page: Int
        /// From the top of the page, in points.
        let y: Double
    }

    var pages = [Page()]
    let root = StructureElement("Document")
    var bookmarks: [Bookmark] = []
    var pictures: [Picture] = []
}
