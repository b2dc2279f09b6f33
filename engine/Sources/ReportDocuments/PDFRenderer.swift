/// Makes a tagged PDF of a ``ReportDocument``: structure elements, bookmarks, metadata, page numbers, embedded fonts.
///
/// The same document gives the same bytes. May be called from several threads at once.
public struct PDFRenderer: Sendable {
    public init() {}

    /// - Throws: ``ReportDocumentError``.
    public func render(_ document: ReportDocument) throws(ReportDocumentError) -> [UInt8] {
        // The first pass only counts the pages.
        var counter = PageFlow(document, pages: nil)
        try counter.draw()
        var flow = PageFlow(document, pages: counter.page)
        try flow.draw()
        return try flow.canvas.finish()
    }
}

/// Lays blocks out on pages, from top to bottom.
struct PageFlow {
    let document: ReportDocument
    let canvas: Canvas
    /// Number of pages, once that is known.
    let pages: Int?
    private(set) var page = 1
    private var y: Double
    private var outline: [Int32] = []
    private var headings = 0

    private static let margin = 54.0
    private static let top = 70.0
    private static let bottom = 62.0
    private static let gap = 7.0

    init(_ document: ReportDocument, pages: Int?) {
        self.document = document
        self.pages = pages
        let size = document.paper.size
        canvas = Canvas(width: size.width, height: size.height)
        y = Self.top
    }

    private var left: Double { Self.margin }
    private var width: Double { canvas.width - 2 * Self.margin }
    private var limit: Double { canvas.height - Self.bottom }
    private var fullPage: Double { limit - Self.top }

    mutating func draw() throws(ReportDocumentError) {
        canvas.set(document.metadata)
        // cairo marks a document as tagged only if one element holds everything.
        try canvas.tagged("Document") { () throws(ReportDocumentError) in
            frame()
            for (index, block) in document.blocks.enumerated() {
                try draw(block, followedBy: document.blocks.dropFirst(index + 1).first)
            }
        }
    }

    private mutating func draw(
        _ block: ReportDocument.Block, followedBy next: ReportDocument.Block?
    ) throws(ReportDocumentError) {
        switch block {
        case .heading(let level, let text): try heading(level, text, next)
        case .paragraph(let text): try running(text, .body, tag: "P")
        case .note(let text): try running(text, .small, tag: "P")
        case .notice(let title, let text, let tone): try notice(title, text, tone)
        case .keyValues(let pairs): try keyValues(pairs)
        case .list(let items): try list(items)
        case .table(let table): try self.table(table)
        case .figures(let figures): try self.figures(figures)
        case .code(let code): try self.code(code)
        }
    }

    // MARK: - Pages

    /// Header and footer.
    private func frame() {
        let head = canvas.layout(document.header, .small, width: width)
        canvas.draw(0..<1, of: head, x: left, y: 34)
        canvas.line(.line, x: left, y: 50, width: width)
        canvas.line(.line, x: left, y: canvas.height - 46, width: width)
        let number = canvas.layout(pages.map { "Page \(page) of \($0)" } ?? "Page \(page)", .small, width: 80)
        canvas.draw(0..<1, of: number, x: left + width - number.lineWidth, y: canvas.height - 40)
        let foot = canvas.layout(document.footer, .small, width: width - 80)
        canvas.draw(0..<min(2, foot.lineCount), of: foot, x: left, y: canvas.height - 40)
    }

    private mutating func nextPage() {
        canvas.nextPage()
        page += 1
        y = Self.top
        frame()
    }

    /// Goes to the next page if less than `height` is left, and a new page would have more.
    private mutating func need(_ height: Double) {
        if y + min(height, fullPage) > limit, y > Self.top { nextPage() }
    }

    // MARK: - Blocks

    private mutating func heading(
        _ level: Int, _ text: String, _ next: ReportDocument.Block?
    ) throws(ReportDocumentError) {
        let level = max(1, min(3, level))
        let layout = canvas.layout(text, .heading(level), width: width)
        let space = level == 1 ? 0 : level == 2 ? 12.0 : 5
        // A heading doesn't stand alone at the end of a page.
        need(space + layout.height + firstPart(of: next))
        if y > Self.top { y += space }
        headings += 1
        let destination = "heading-\(headings)"
        outline.removeLast(max(0, outline.count - (level - 1)))
        if pages != nil { outline.append(canvas.outline(text, destination: destination, parent: outline.last ?? 0)) }
        try canvas.tagged("H\(level)") { () throws(ReportDocumentError) in
            try canvas.tagged("cairo.dest", "name='\(destination)'") {
                canvas.draw(0..<layout.lineCount, of: layout, x: left, y: y)
            }
        }
        y += layout.height + (level == 1 ? 8 : 5)
    }

    private func firstPart(of block: ReportDocument.Block?) -> Double {
        switch block {
        case .figures: 220
        case .table: 60
        case nil: 0
        default: 40
        }
    }

    private mutating func running(_ text: String, _ style: TextStyle, tag: String) throws(ReportDocumentError) {
        try flow(canvas.layout(text, style, width: width), tag: tag, x: left)
        y += Self.gap
    }

    /// Draws lines, over as many pages as they need.
    private mutating func flow(_ layout: TextLayout, tag: String, x: Double) throws(ReportDocumentError) {
        var line = 0
        while line < layout.lineCount {
            var count = layout.fitting(limit - y, from: line)
            if count == 0 {
                if y > Self.top {
                    nextPage()
                    continue
                }
                count = 1
            }
            let lines = line..<(line + count)
            let top = y
            try canvas.tagged(tag) { canvas.draw(lines, of: layout, x: x, y: top) }
            y += layout.height(of: lines)
            line += count
        }
    }

    private mutating func notice(
        _ title: String, _ text: String, _ tone: ReportDocument.Tone
    ) throws(ReportDocumentError) {
        let inset = 12.0
        let head = canvas.layout(title, .strong, width: width - 2 * inset)
        let body = canvas.layout(text, .body, width: width - 2 * inset)
        let height = head.height + body.height + 2 * inset - 4
        need(height)
        if height <= limit - y {
            let (paper, edge): (Ink, Ink) = tone == .caution ? (.caution, .cautionEdge) : (.information, .accent)
            canvas.fill(paper, x: left, y: y, width: width, height: height)
            canvas.fill(edge, x: left, y: y, width: 3, height: height)
        }
        let end = y + height
        y += inset - 2
        try canvas.tagged("Sect") { () throws(ReportDocumentError) in
            try flow(head, tag: "P", x: left + inset)
            try flow(body, tag: "P", x: left + inset)
        }
        y = max(y, end <= limit ? end : y) + Self.gap + 2
    }

    private mutating func keyValues(_ pairs: [ReportDocument.KeyValue]) throws(ReportDocumentError) {
        let keyWidth = 118.0
        for pair in pairs {
            let key = canvas.layout(pair.key, .label, width: keyWidth - 10)
            let value = canvas.layout(pair.value, .body, width: width - keyWidth)
            need(min(max(key.height, value.height), 3 * 14))
            let top = y
            try canvas.tagged("P") { canvas.draw(0..<key.lineCount, of: key, x: left, y: top + 0.8) }
            try flow(value, tag: "P", x: left + keyWidth)
            y = max(y, top + key.height) + 2.5
        }
        y += Self.gap - 2.5
    }

    private mutating func list(_ items: [String]) throws(ReportDocumentError) {
        let indent = 13.0
        try canvas.tagged("L") { () throws(ReportDocumentError) in
            for item in items {
                let mark = canvas.layout("•", .body, width: indent)
                let layout = canvas.layout(item, .body, width: width - indent)
                need(min(layout.height, 3 * 14))
                let top = y
                try canvas.tagged("LI") { () throws(ReportDocumentError) in
                    try canvas.tagged("Lbl") { canvas.draw(0..<1, of: mark, x: left + 2, y: top) }
                    try flow(layout, tag: "LBody", x: left + indent)
                }
                y += 1.5
            }
        }
        y += Self.gap - 1.5
    }

    private mutating func table(_ table: ReportDocument.Table) throws(ReportDocumentError) {
        let count = table.header.count
        guard count > 0, table.weights.count == count, table.rows.allSatisfy({ $0.count == count }) else {
            throw ReportDocumentError(.badShape, "A row of the table has another number of cells than its header.")
        }
        let sum = table.weights.reduce(0, +)
        let widths = table.weights.map { $0 / sum * width }
        try canvas.tagged("Table") { () throws(ReportDocumentError) in
            try row(table.header, widths, TextStyle(size: 8.5, isBold: true, ink: .quiet), tag: "TH")
            for cells in table.rows {
                let before = page
                let height = rowHeight(cells, widths, .body)
                need(height + 8)
                if page != before {
                    try row(table.header, widths, TextStyle(size: 8.5, isBold: true, ink: .quiet), tag: "TH")
                }
                try row(cells, widths, .body, tag: "TD")
            }
        }
        y += Self.gap
    }

    private static let cellInset = 4.0

    private func rowHeight(_ cells: [String], _ widths: [Double], _ style: TextStyle) -> Double {
        zip(cells, widths).map { canvas.layout($0, style, width: $1 - Self.cellInset * 2).height }.max() ?? 0
    }

    private mutating func row(
        _ cells: [String], _ widths: [Double], _ style: TextStyle, tag: String
    ) throws(ReportDocumentError) {
        let layouts = zip(cells, widths).map { canvas.layout($0, style, width: $1 - Self.cellInset * 2) }
        // A cell that is longer than a page is cut there: tables are for short texts.
        let height = min(layouts.map(\.height).max() ?? 0, fullPage - 40)
        need(height + 8)
        let top = y + 4
        try canvas.tagged("TR") { () throws(ReportDocumentError) in
            var x = left
            for (layout, width) in zip(layouts, widths) {
                let lines = 0..<max(1, layout.fitting(height + 0.5, from: 0))
                try canvas.tagged(tag) { canvas.draw(lines, of: layout, x: x + Self.cellInset, y: top) }
                x += width
            }
        }
        y += height + 8
        canvas.line(tag == "TH" ? .accent : .line, x: left, y: y - 0.6, width: width)
    }

    private mutating func figures(_ figures: [ReportDocument.Figure]) throws(ReportDocumentError) {
        guard !figures.isEmpty else { return }
        let space = 14.0
        let column = min(
            (width - space * Double(figures.count - 1)) / Double(figures.count),
            figures.count == 1 ? width * 0.62 : width)
        var drawn: [(figure: ReportDocument.Figure, width: Double, height: Double, caption: TextLayout)] = []
        for figure in figures {
            guard let size = JPEGSize(figure.jpeg) else {
                throw ReportDocumentError(.badPicture, "The picture isn't a JPEG.")
            }
            if let grid = figure.overlay, grid.values.count != grid.columns * grid.rows || grid.values.isEmpty {
                throw ReportDocumentError(.badShape, "The heat map has another number of values than cells.")
            }
            let scale = min(column / Double(size.width), min(290, fullPage - 60) / Double(size.height))
            drawn.append(
                (
                    figure, Double(size.width) * scale, Double(size.height) * scale,
                    canvas.layout(figure.caption, .small, width: column)
                ))
        }
        let height = drawn.map { $0.height + 5 + $0.caption.height }.max() ?? 0
        need(height)
        var x = left
        let top = y
        for item in drawn {
            try canvas.tagged("Figure") { () throws(ReportDocumentError) in
                try canvas.draw(jpeg: item.figure.jpeg, x: x, y: top, width: item.width, height: item.height)
                if let grid = item.figure.overlay {
                    canvas.draw(
                        pixels: grid.pixels(size: 192), columns: 192, rows: 192, x: x, y: top, width: item.width,
                        height: item.height)
                }
            }
            try canvas.tagged("Caption") {
                canvas.draw(0..<item.caption.lineCount, of: item.caption, x: x, y: top + item.height + 5)
            }
            x += column + space
        }
        y += height + Self.gap
    }

    private mutating func code(_ code: ReportDocument.CodeBlock) throws(ReportDocumentError) {
        let count = code.modules.count
        guard count > 0, code.modules.allSatisfy({ $0.count == count }) else {
            throw ReportDocumentError(.badShape, "The code isn't a square of modules.")
        }
        let size = 96.0
        // Four modules on each side stay free (ISO/IEC 18004, section 6.3.8).
        let module = size / Double(count + 8)
        let caption = canvas.layout(code.caption, .small, width: width - size - 12)
        need(max(size, caption.height))
        let top = y
        try canvas.tagged("Figure") {
            for (row, modules) in code.modules.enumerated() {
                for (column, isDark) in modules.enumerated() where isDark {
                    canvas.fill(
                        .text, x: left + Double(column + 4) * module, y: top + Double(row + 4) * module, width: module,
                        height: module)
                }
            }
        }
        y += 4 * module
        try flow(caption, tag: "Caption", x: left + size + 12)
        y = max(y, top + size) + Self.gap
    }
}
