/// Lays blocks out on pages, from top to bottom.
struct PageFlow {
    let document: ReportDocument
    private let setter: TypeSetter
    private(set) var plan = PagePlan()
    /// What is laid out next is at this distance from the top of the page.
    var y: Double
    /// The element that new ones become children of.
    private var parent: StructureElement

    let left = 54.0
    let width: Double
    /// Where the content of a page begins and ends.
    let top: Double
    let limit: Double
    let furniture: PageFurniture

    static let gap = 7.0

    init(_ document: ReportDocument, _ setter: TypeSetter) {
        self.document = document
        self.setter = setter
        let size = document.paper.size
        width = size.width - 2 * left
        furniture = PageFurniture(document, left: left, width: width, setter)
        top = furniture.top
        limit = size.height - furniture.bottom
        y = top
        parent = plan.root
    }

    static func plan(
        _ document: ReportDocument, _ setter: TypeSetter
    ) throws(ReportDocumentError) -> (PagePlan, PageFurniture) {
        var flow = PageFlow(document, setter)
        flow.beginPage()
        for index in document.blocks.indices { try flow.draw(index) }
        return (flow.plan, flow.furniture)
    }

    var fullPage: Double { limit - top }
    var space: Double { limit - y }

    func layout(_ text: String, _ style: TextStyle, width: Double) -> TextLayout {
        setter.layout(text.printable.withoutEndlessWords, style, width: width)
    }

    // MARK: - Pages

    private mutating func beginPage() {
        y = top
        guard plan.pages.count == 1, let stamp = furniture.stamp else { return }
        // Read aloud once; on the other pages it is an artifact.
        let element = add("P")
        marked(element) { $0.draw(stamp.layout, stamp.layout.lines, x: stamp.x, y: stamp.y) }
    }

    mutating func nextPage() {
        plan.pages.append(.init())
        beginPage()
    }

    /// Goes to the next page if less than `height` is left, and a new page would have more.
    mutating func need(_ height: Double) {
        if y + min(height, fullPage) > limit + 0.01, y > top { nextPage() }
    }

    // MARK: - Structure

    mutating func add(_ type: String, alternative: String? = nil, scope: String? = nil) -> StructureElement {
        let element = StructureElement(type, alternative: alternative?.printable, scope: scope)
        parent.kids.append(.element(element))
        return element
    }

    /// Adds an element; what `body` adds becomes part of it.
    mutating func within(
        _ element: StructureElement, _ body: (inout PageFlow) throws(ReportDocumentError) -> Void
    ) throws(ReportDocumentError) {
        let outer = parent
        parent = element
        try body(&self)
        parent = outer
    }

    /// What `body` draws on the present page belongs to the element.
    mutating func marked(_ element: StructureElement, _ body: (inout PageFlow) -> Void) {
        let page = plan.pages.count - 1
        element.kids.append(.content(page: page, mark: plan.pages[page].owners.count))
        plan.pages[page].owners.append(element)
        plan.pages[page].drawings.append(.mark(element.type))
        body(&self)
        plan.pages[page].drawings.append(.unmark)
    }

    // MARK: - Drawing

    mutating func add(_ drawing: PagePlan.Drawing) {
        plan.pages[plan.pages.count - 1].drawings.append(drawing)
    }

    mutating func draw(_ layout: TextLayout, _ lines: Range<Int>, x: Double, y: Double) {
        add(.text(layout, lines: lines, x: x, y: y))
    }

    mutating func fill(_ ink: Ink, x: Double, y: Double, width: Double, height: Double) {
        add(.fill(ink, .init(x: x, y: y, width: width, height: height)))
    }

    mutating func rule(_ ink: Ink, y: Double) {
        fill(ink, x: left, y: y, width: width, height: 0.6)
    }

    mutating func bookmark(_ level: Int, _ title: String) {
        plan.bookmarks.append(
            .init(level: level, title: String(title.onOneLine.prefix(200)), page: plan.pages.count - 1, y: y))
    }

    mutating func draw(_ map: ReportDocument.HeatGrid, in box: PagePlan.Box) {
        plan.pictures.append(.map(map))
        add(.picture(plan.pictures.count - 1, box))
    }

    /// The same JPEG goes into the document once, however often it is drawn.
    mutating func draw(_ jpeg: [UInt8], _ frame: JPEGFrame, in box: PagePlan.Box) {
        let known = plan.pictures.firstIndex {
            if case .jpeg(let bytes, _) = $0 { bytes == jpeg } else { false }
        }
        if known == nil { plan.pictures.append(.jpeg(jpeg, frame)) }
        add(.picture(known ?? plan.pictures.count - 1, box))
    }

    // MARK: - Flowing text

    /// Text that stands beside other text and goes on over as many pages as it needs.
    struct Column {
        let layout: TextLayout
        let x: Double
        let element: StructureElement
        /// Lower than its neighbours by this, so that the baselines of different sizes meet.
        var lowered = 0.0
        fileprivate var next = 0

        init(_ layout: TextLayout, x: Double, _ element: StructureElement, lowered: Double = 0) {
            self.layout = layout
            self.x = x
            self.element = element
            self.lowered = lowered
        }
    }

    mutating func flow(_ layout: TextLayout, x: Double, _ element: StructureElement) {
        flow([Column(layout, x: x, element)])
    }

    /// Draws columns side by side from `y` on; afterwards, `y` is under the longest of them.
    /// - Parameter onNewPage: draws what is repeated there.
    mutating func flow(_ columns: [Column], onNewPage: (inout PageFlow) -> Void = { _ in }) {
        var columns = columns
        repeat {
            let start = y
            var end = y
            for index in columns.indices {
                let column = columns[index]
                let count = lines(of: column, in: limit - start - column.lowered, atTop: start <= top + 0.01)
                guard count > 0 else { continue }
                let lines = column.next..<(column.next + count)
                marked(column.element) { $0.draw(column.layout, lines, x: column.x, y: start + column.lowered) }
                columns[index].next = lines.upperBound
                end = max(end, start + column.lowered + column.layout.height(of: lines))
            }
            y = end
            if columns.contains(where: { $0.next < $0.layout.lineCount }) {
                nextPage()
                for index in columns.indices { columns[index].lowered = 0 }
                onNewPage(&self)
            } else {
                return
            }
        } while true
    }

    /// How many lines of a column to draw in a space. None of its paragraphs' lines is left alone before or after the
    /// end of a page, where that can be had.
    private func lines(of column: Column, in space: Double, atTop: Bool) -> Int {
        let left = column.layout.lineCount - column.next
        let count = column.layout.fitting(space, from: column.next)
        if count == left { return left }
        if atTop { return max(1, left - count == 1 && count > 2 ? count - 1 : count) }
        if count == 1 && column.next == 0 && fullPage > space { return 0 }
        return left - count == 1 && count > 2 ? count - 1 : count
    }
}
