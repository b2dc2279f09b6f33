extension PageFlow {
    mutating func draw(_ index: Int) throws(ReportDocumentError) {
        switch document.blocks[index] {
        case .heading(let level, let text): heading(level, text, before: index + 1)
        case .paragraph(let text): running(text, .body)
        case .note(let text): running(text, .small)
        case .notice(let title, let text, let tone): try notice(title, text, tone)
        case .keyValues(let pairs): try keyValues(pairs)
        case .list(let items): try list(items)
        case .table(let table): try self.table(table)
        case .figures(let figures): try self.figures(figures)
        case .code(let code): try self.code(code)
        }
    }

    // MARK: - Text

    private mutating func heading(_ level: Int, _ text: String, before next: Int) {
        let level = max(1, min(3, level))
        let layout = layout(text, .heading(level), width: width)
        let above = level == 1 ? 0 : level == 2 ? 12.0 : 5
        let below = level == 1 ? 8.0 : 5
        // A heading doesn't stand alone at the end of a page.
        need(above + layout.height + below + beginning(of: next))
        if y > top { y += above }
        bookmark(level, text)
        flow(layout, x: left, add("H\(level)"))
        y += below
    }

    /// How much of a block has to stand under its heading.
    private func beginning(of index: Int) -> Double {
        guard document.blocks.indices.contains(index) else { return 0 }
        switch document.blocks[index] {
        case .heading: return 24 + beginning(of: index + 1)
        case .figures(let figures): return (try? arranged(figures).first?.map(\.height).max()) ?? 0
        case .table: return 64
        case .notice: return 64
        case .code: return Self.codeSize
        case .paragraph, .note, .keyValues, .list: return 30
        }
    }

    private mutating func running(_ text: String, _ style: TextStyle) {
        flow(layout(text, style, width: width), x: left, add("P"))
        y += Self.gap
    }

    /// A coloured box; a long one goes on in another box on the next page.
    private mutating func notice(
        _ title: String, _ text: String, _ tone: ReportDocument.Tone
    ) throws(ReportDocumentError) {
        let inset = 12.0
        let parts = [(title, TextStyle.strong), (text, .body)].map { layout($0, $1, width: width - 2 * inset) }
        let height = parts.map(\.height).reduce(0, +) + 2 * inset - 4
        need(min(height, max(fullPage / 3, parts[0].height + 60)))
        try within(add("Sect")) { flow throws(ReportDocumentError) in
            let elements = parts.map { _ in flow.add("P") }
            var (part, line) = (0, 0)
            while part < parts.count {
                // What of the parts fits on this page, then the box, then the text on it.
                var pieces: [(part: Int, lines: Range<Int>)] = []
                var used = 0.0
                while part < parts.count {
                    let room = flow.space - 2 * inset + 4 - used
                    var count = parts[part].fitting(room, from: line)
                    if count == 0, pieces.isEmpty, flow.y <= flow.top { count = 1 }
                    guard count > 0 else { break }
                    pieces.append((part, line..<(line + count)))
                    used += parts[part].height(of: line..<(line + count))
                    line += count
                    guard line == parts[part].lineCount else { break }
                    (part, line) = (part + 1, 0)
                }
                if !pieces.isEmpty { flow.box(tone, height: used + 2 * inset - 4) }
                let start = flow.y
                flow.y += inset - 2
                for piece in pieces {
                    let y = flow.y
                    flow.marked(elements[piece.part]) {
                        $0.draw(parts[piece.part], piece.lines, x: $0.left + inset, y: y)
                    }
                    flow.y += parts[piece.part].height(of: piece.lines)
                }
                flow.y = start + used + 2 * inset - 4
                if part < parts.count { flow.nextPage() }
            }
        }
        y += Self.gap + 2
    }

    private mutating func box(_ tone: ReportDocument.Tone, height: Double) {
        let (paper, edge): (Ink, Ink) = tone == .caution ? (.caution, .cautionEdge) : (.information, .accent)
        fill(paper, x: left, y: y, width: width, height: height)
        fill(edge, x: left, y: y, width: 3, height: height)
    }

    /// A list of two columns: the label of each item is its key.
    private mutating func keyValues(_ pairs: [ReportDocument.KeyValue]) throws(ReportDocumentError) {
        guard !pairs.isEmpty else { return }
        let keyWidth = 118.0
        try within(add("L")) { flow throws(ReportDocumentError) in
            for pair in pairs {
                let key = flow.layout(pair.key, .label, width: keyWidth - 10)
                let value = flow.layout(pair.value, .body, width: flow.width - keyWidth)
                flow.need(min(max(key.height, value.height), 3 * 14))
                try flow.within(flow.add("LI")) { flow in
                    flow.flow([
                        Column(key, x: flow.left, flow.add("Lbl"), lowered: 0.8),
                        Column(value, x: flow.left + keyWidth, flow.add("LBody")),
                    ])
                }
                flow.y += 2.5
            }
        }
        y += Self.gap - 2.5
    }

    private mutating func list(_ items: [String]) throws(ReportDocumentError) {
        guard !items.isEmpty else { return }
        let indent = 13.0
        let mark = layout("•", .body, width: indent)
        try within(add("L")) { flow throws(ReportDocumentError) in
            for item in items {
                let body = flow.layout(item, .body, width: flow.width - indent)
                flow.need(min(body.height, 3 * 14))
                try flow.within(flow.add("LI")) { flow in
                    flow.flow([
                        Column(mark, x: flow.left + 2, flow.add("Lbl")),
                        Column(body, x: flow.left + indent, flow.add("LBody")),
                    ])
                }
                flow.y += 1.5
            }
        }
        y += Self.gap - 1.5
    }

    // MARK: - Tables

    private static let cellInset = 4.0

    private mutating func table(_ table: ReportDocument.Table) throws(ReportDocumentError) {
        let count = table.header.count
        guard count > 0, table.weights.count == count, table.rows.allSatisfy({ $0.count == count }) else {
            throw ReportDocumentError(.badShape, "A row of the table has another number of cells than its header.")
        }
        guard table.weights.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ReportDocumentError(.badShape, "A column of the table has no width.")
        }
        let sum = table.weights.reduce(0, +)
        let widths = table.weights.map { $0 / sum * width }
        let header = cells(table.header, widths, .column)
        let headerHeight = header.map(\.height).max() ?? 0
        // A header that takes up much of the page isn't worth its place on each.
        let repeats = headerHeight < fullPage / 4
        try within(add("Table")) { flow throws(ReportDocumentError) in
            flow.need(headerHeight + 40)
            try flow.row(header, widths, flow.add("TR")) { _ in
                StructureElement("TH", scope: "Column")
            } again: { _ in
            }
            flow.rule(.accent, y: flow.y - 0.6)
            for texts in table.rows {
                let layouts = flow.cells(texts, widths, .body)
                let height = (layouts.map(\.height).max() ?? 0) + 8
                let repeated = { (flow: inout PageFlow) in
                    if repeats { flow.repeatHeader(header, widths) }
                }
                // A row that fits on a page isn't broken, unless that would leave much of this one empty.
                if height > flow.space, height < flow.fullPage * 0.6 || flow.space < 60 {
                    flow.nextPage()
                    repeated(&flow)
                }
                try flow.row(layouts, widths, flow.add("TR")) { column in
                    table.rowHeaders && column == 0
                        ? StructureElement("TH", scope: "Row") : StructureElement("TD")
                } again: {
                    repeated(&$0)
                }
                flow.rule(.line, y: flow.y - 0.6)
            }
        }
        y += Self.gap
    }

    private func cells(_ texts: [String], _ widths: [Double], _ style: TextStyle) -> [TextLayout] {
        zip(texts, widths).map { layout($0, style, width: $1 - Self.cellInset * 2) }
    }

    private mutating func row(
        _ layouts: [TextLayout], _ widths: [Double], _ element: StructureElement,
        cell: (Int) -> StructureElement, again: (inout PageFlow) -> Void
    ) throws(ReportDocumentError) {
        var x = left
        var columns: [Column] = []
        for (index, layout) in layouts.enumerated() {
            let cell = cell(index)
            element.kids.append(.element(cell))
            columns.append(Column(layout, x: x + Self.cellInset, cell))
            x += widths[index]
        }
        y += 4
        flow(columns) { flow in
            again(&flow)
            flow.y += 4
        }
        y += 4
    }

    /// The header of a table once more, as an artifact.
    private mutating func repeatHeader(_ header: [TextLayout], _ widths: [Double]) {
        var x = left
        for (layout, width) in zip(header, widths) {
            draw(layout, layout.lines, x: x + Self.cellInset, y: y + 4)
            x += width
        }
        y += (header.map(\.height).max() ?? 0) + 8
        rule(.accent, y: y - 0.6)
    }

    // MARK: - Pictures

    private struct Arranged {
        let figure: ReportDocument.Figure
        let frame: JPEGFrame
        let x, width, height: Double
        let caption: TextLayout
    }

    private static let captionGap = 5.0
    private static let most = 4

    /// Where pictures go: rows of at most four, side by side.
    private func arranged(_ figures: [ReportDocument.Figure]) throws(ReportDocumentError) -> [[Arranged]] {
        var rows: [[Arranged]] = []
        for start in stride(from: 0, to: figures.count, by: Self.most) {
            let figures = figures[start..<min(figures.count, start + Self.most)]
            let space = 14.0
            let column = min(
                (width - space * Double(figures.count - 1)) / Double(figures.count),
                figures.count == 1 ? width * 0.62 : width)
            var row: [Arranged] = []
            for figure in figures {
                guard let frame = JPEGFrame(figure.jpeg) else {
                    throw ReportDocumentError(.badPicture, "The picture isn't a JPEG in grey or colour.")
                }
                if let grid = figure.overlay,
                    grid.columns <= 0 || grid.rows <= 0 || grid.values.count != grid.columns * grid.rows
                {
                    throw ReportDocumentError(.badShape, "The heat map has another number of values than cells.")
                }
                let scale = min(column / Double(frame.width), min(290, fullPage - 70) / Double(frame.height))
                row.append(
                    Arranged(
                        figure: figure, frame: frame, x: left + Double(row.count) * (column + space),
                        width: max(1, Double(frame.width) * scale), height: max(1, Double(frame.height) * scale),
                        caption: layout(figure.caption, .small, width: column)))
            }
            rows.append(row)
        }
        return rows
    }

    private mutating func figures(_ figures: [ReportDocument.Figure]) throws(ReportDocumentError) {
        for row in try arranged(figures) {
            // Long captions go on to the next page.
            need(row.map { $0.height + Self.captionGap + min($0.caption.height, 60) }.max() ?? 0)
            let start = y
            let page = plan.pages.count
            var captions: [Column] = []
            for item in row {
                let figure = add("Figure", alternative: item.figure.alternative)
                marked(figure) { flow in
                    let box = PagePlan.Box(x: item.x, y: start, width: item.width, height: item.height)
                    flow.draw(item.figure.jpeg, item.frame, in: box)
                    if let grid = item.figure.overlay { flow.draw(grid, in: box) }
                }
                guard !item.figure.caption.isEmpty else { continue }
                try within(figure) { flow in
                    captions.append(
                        Column(item.caption, x: item.x, flow.add("Caption"), lowered: item.height + Self.captionGap))
                }
            }
            flow(captions)
            if plan.pages.count == page { y = max(y, start + (row.map(\.height).max() ?? 0)) }
            y += Self.gap
        }
    }

    static let codeSize = 96.0

    private mutating func code(_ code: ReportDocument.CodeBlock) throws(ReportDocumentError) {
        let count = code.modules.count
        guard count > 0, code.modules.allSatisfy({ $0.count == count }) else {
            throw ReportDocumentError(.badShape, "The code isn't a square of modules.")
        }
        // Four modules on each side stay free (ISO/IEC 18004, section 6.3.8).
        let module = Self.codeSize / Double(count + 8)
        let caption = layout(code.caption, .small, width: width - Self.codeSize - 12)
        need(Self.codeSize)
        let (start, page) = (y, plan.pages.count)
        let figure = add("Figure", alternative: "A QR code. \(code.caption)")
        marked(figure) {
            $0.add(.modules(code.modules, x: $0.left + 4 * module, y: start + 4 * module, module: module))
        }
        if !code.caption.isEmpty {
            try within(figure) { flow in
                flow.flow([
                    Column(
                        caption, x: flow.left + Self.codeSize + 12, flow.add("Caption"), lowered: 4 * module)
                ])
            }
        }
        if plan.pages.count == page { y = max(y, start + Self.codeSize) }
        y += Self.gap
    }
}
