import CCairo

/// Black, grey and a few colours, chosen for at least 4.5:1 on white; the watermark is no text to be read.
struct Ink: Hashable {
    let red, green, blue: Double

    static let text = Ink(red: 0.11, green: 0.13, blue: 0.16)
    static let quiet = Ink(red: 0.36, green: 0.40, blue: 0.45)
    static let accent = Ink(red: 0.05, green: 0.32, blue: 0.40)
    static let line = Ink(red: 0.80, green: 0.83, blue: 0.86)
    static let information = Ink(red: 0.93, green: 0.96, blue: 0.97)
    static let caution = Ink(red: 0.99, green: 0.95, blue: 0.88)
    static let cautionEdge = Ink(red: 0.72, green: 0.42, blue: 0.05)
    static let watermark = Ink(red: 0.945, green: 0.95, blue: 0.955)
    static let stamp = Ink(red: 0.70, green: 0.07, blue: 0.10)
    static let stampPaper = Ink(red: 1, green: 0.94, blue: 0.94)
}

/// A PDF that is being drawn by cairo. What the finished document has besides its drawings, ``PDFUpdate`` adds.
final class Canvas {
    private final class Sink {
        var bytes: [UInt8] = []
    }

    let width: Double
    let height: Double
    private let sink = Sink()
    private let surface: OpaquePointer
    private let context: OpaquePointer
    /// By their indexes; kept until the end, because cairo writes the same surface only once.
    private var standIns: [Int: OpaquePointer] = [:]

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
        sink.bytes.reserveCapacity(1 << 18)
        surface = cairo_pdf_surface_create_for_stream(
            { closure, data, length in
                guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes
                    .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(sink).toOpaque(), width, height)
        // Later versions have no cross-reference table to be read, and nothing that is needed here.
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4)
        // PDFUpdate writes the real one; without any, cairo would take it from the clock.
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
        context = cairo_create(surface)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
        for image in standIns.values { cairo_surface_destroy(image) }
    }

    /// Draws all pages and ends the document.
    func draw(_ plan: PagePlan, _ furniture: PageFurniture) throws(ReportDocumentError) -> [UInt8] {
        for (index, page) in plan.pages.enumerated() {
            furniture.draw(on: self, page: index + 1, of: plan.pages.count)
            for drawing in page.drawings { draw(drawing) }
            cairo_show_page(context)
        }
        cairo_surface_finish(surface)
        for status in [cairo_status(context), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
            throw ReportDocumentError(.drawing, String(cString: cairo_status_to_string(status)))
        }
        return sink.bytes
    }

    private func draw(_ drawing: PagePlan.Drawing) {
        switch drawing {
        case .text(let layout, let lines, let x, let y): draw(layout, lines, x: x, y: y)
        case .fill(let ink, let box): fill(ink, box)
        case .picture(let index, let box): drawStandIn(index, box)
        case .modules(let modules, let x, let y, let module): draw(modules, x: x, y: y, module: module)
        // Any type will do: PDFUpdate writes the real one.
        case .mark: cairo_tag_begin(context, "P", nil)
        case .unmark: cairo_tag_end(context, "P")
        }
    }

    // MARK: - Shapes

    private func use(_ ink: Ink) {
        cairo_set_source_rgb(context, ink.red, ink.green, ink.blue)
    }

    func fill(_ ink: Ink, _ box: PagePlan.Box) {
        use(ink)
        cairo_rectangle(context, box.x, box.y, box.width, box.height)
        cairo_fill(context)
    }

    /// An outline within the box.
    func frame(_ ink: Ink, _ box: PagePlan.Box) {
        use(ink)
        cairo_set_line_width(context, 1)
        cairo_rectangle(context, box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1)
        cairo_stroke(context)
    }

    /// Neighbours in a row are one shape, so that no hairline shows between them.
    private func draw(_ modules: [[Bool]], x: Double, y: Double, module: Double) {
        cairo_set_source_rgb(context, 0, 0, 0)
        for (row, modules) in modules.enumerated() {
            var column = 0
            while column < modules.count {
                let start = column
                while column < modules.count, modules[column] { column += 1 }
                if column > start {
                    cairo_rectangle(
                        context, x + Double(start) * module, y + Double(row) * module,
                        Double(column - start) * module, module)
                }
                column += 1
            }
        }
        cairo_fill(context)
    }

    // MARK: - Text

    func draw(_ layout: TextLayout, _ lines: Range<Int>, x: Double, y: Double) {
        use(layout.style.ink)
        for line in lines {
            cairo_move_to(context, x + layout.offset(of: line), y + layout.baseline(of: line, from: lines.lowerBound))
            layout.show(line, on: context)
        }
    }

    /// From the lower left to the upper right, as outlines: it isn't found by a search, nor copied with the text.
    func drawDiagonally(_ layout: TextLayout) {
        use(layout.style.ink)
        cairo_save(context)
        cairo_translate(context, width / 2, height / 2)
        cairo_rotate(context, -0.92)
        let scale = min(1, (width * width + height * height).squareRoot() * 0.72 / max(1, layout.lineWidth))
        cairo_scale(context, scale, scale)
        cairo_move_to(context, -layout.lineWidth / 2, layout.height * 0.25)
        layout.outline(0, on: context)
        cairo_fill(context)
        cairo_restore(context)
    }

    // MARK: - Pictures

    /// Draws a picture of one column in place of a real one, known again by its number of rows: cairo would hold all
    /// pixels of a JPEG in memory, and take longer to compress a heat map than all else takes together. ``PDFUpdate``
    /// writes the real one.
    private func drawStandIn(_ index: Int, _ box: PagePlan.Box) {
        let rows = index + 1
        if standIns[index] == nil {
            standIns[index] = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, Int32(rows))
        }
        cairo_save(context)
        cairo_translate(context, box.x, box.y)
        cairo_scale(context, box.width, box.height / Double(rows))
        cairo_set_source_surface(context, standIns[index], 0, 0)
        cairo_paint(context)
        cairo_restore(context)
    }
}
