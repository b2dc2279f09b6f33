import CCairo

/// Black, grey and a few colours, chosen for at least 4.5:1 on white.
struct Ink {
    let red, green, blue: Double

    static let text = Ink(red: 0.11, green: 0.13, blue: 0.16)
    static let quiet = Ink(red: 0.36, green: 0.40, blue: 0.45)
    static let accent = Ink(red: 0.05, green: 0.32, blue: 0.40)
    static let line = Ink(red: 0.80, green: 0.83, blue: 0.86)
    static let information = Ink(red: 0.93, green: 0.96, blue: 0.97)
    static let caution = Ink(red: 0.99, green: 0.95, blue: 0.88)
    static let cautionEdge = Ink(red: 0.72, green: 0.42, blue: 0.05)
}

/// How a piece of text looks. Sizes in points.
struct TextStyle {
    var size: Double
    var isBold = false
    var ink = Ink.text
    /// Line height in relation to the font's own.
    var leading = 1.25

    static let body = TextStyle(size: 10)
    static let small = TextStyle(size: 8.5, ink: .quiet)
    static let strong = TextStyle(size: 10, isBold: true)
    static let label = TextStyle(size: 9, ink: .quiet)

    static func heading(_ level: Int) -> TextStyle {
        switch level {
        case 1: TextStyle(size: 20, isBold: true, ink: .accent, leading: 1.15)
        case 2: TextStyle(size: 13, isBold: true, ink: .accent, leading: 1.15)
        default: TextStyle(size: 10.5, isBold: true)
        }
    }
}

/// A PDF that is being drawn: cairo and pango, with their objects owned.
final class Canvas {
    /// Fonts in the order in which they are tried; fontconfig finds another one for letters that none of them has.
    private static let family = "Liberation Sans, Noto Sans"

    private final class Sink {
        var bytes: [UInt8] = []
    }

    let width: Double
    let height: Double
    private let sink = Sink()
    private let surface: OpaquePointer
    private let context: OpaquePointer

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
        surface = cairo_pdf_surface_create_for_stream(
            { closure, data, length in
                guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes
                    .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(sink).toOpaque(), width, height)
        context = cairo_create(surface)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// Ends the document.
    func finish() throws(ReportDocumentError) -> [UInt8] {
        cairo_surface_finish(surface)
        for status in [cairo_status(context), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
            throw ReportDocumentError(.drawing, String(cString: cairo_status_to_string(status)))
        }
        return sink.bytes
    }

    func set(_ metadata: ReportDocument.Metadata) {
        let entries = [
            (CAIRO_PDF_METADATA_TITLE, metadata.title), (CAIRO_PDF_METADATA_AUTHOR, metadata.author),
            (CAIRO_PDF_METADATA_SUBJECT, metadata.subject),
            (CAIRO_PDF_METADATA_KEYWORDS, metadata.keywords.joined(separator: ", ")),
            (CAIRO_PDF_METADATA_CREATOR, metadata.author), (CAIRO_PDF_METADATA_CREATE_DATE, metadata.created),
            (CAIRO_PDF_METADATA_MOD_DATE, metadata.created),
        ]
        for (name, value) in entries { cairo_pdf_surface_set_metadata(surface, name, value.printable) }
    }

    /// Adds a bookmark that leads to a named destination.
    func outline(_ text: String, destination: String, parent: Int32) -> Int32 {
        cairo_pdf_surface_add_outline(
            surface, parent, text.printable, "dest='\(destination)'", CAIRO_PDF_OUTLINE_FLAG_OPEN)
    }

    /// Draws within a structure element (PDF 1.7, section 14.8.4).
    func tagged(_ tag: String, _ attributes: String = "", _ body: () throws(ReportDocumentError) -> Void)
        throws(ReportDocumentError)
    {
        cairo_tag_begin(context, tag, attributes)
        defer { cairo_tag_end(context, tag) }
        try body()
    }

    func nextPage() {
        cairo_show_page(context)
    }

    // MARK: - Shapes

    private func use(_ ink: Ink) {
        cairo_set_source_rgb(context, ink.red, ink.green, ink.blue)
    }

    func fill(_ ink: Ink, x: Double, y: Double, width: Double, height: Double) {
        use(ink)
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    func line(_ ink: Ink, x: Double, y: Double, width: Double) {
        fill(ink, x: x, y: y, width: width, height: 0.6)
    }

    // MARK: - Text

    func layout(_ text: String, _ style: TextStyle, width: Double) -> TextLayout {
        TextLayout(context, text.printable, style, family: Self.family, width: width)
    }

    func draw(_ lines: Range<Int>, of layout: TextLayout, x: Double, y: Double) {
        use(layout.style.ink)
        for line in lines {
            cairo_move_to(context, x + layout.offset(of: line), y + layout.baseline(of: line, from: lines.lowerBound))
            layout.show(line, on: context)
        }
    }

    // MARK: - Pictures

    /// Draws a JPEG, whose bytes go into the document as they are.
    func draw(jpeg: [UInt8], x: Double, y: Double, width: Double, height: Double) throws(ReportDocumentError) {
        guard let size = JPEGSize(jpeg) else { throw ReportDocumentError(.badPicture, "The picture isn't a JPEG.") }
        let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(size.width), Int32(size.height))
        defer { cairo_surface_destroy(image) }
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: jpeg.count)
        _ = copy.initialize(from: jpeg)
        let status = cairo_surface_set_mime_data(
            image, CAIRO_MIME_TYPE_JPEG, copy.baseAddress, UInt(copy.count), { $0?.deallocate() }, copy.baseAddress)
        guard status == CAIRO_STATUS_SUCCESS else {
            copy.deallocate()
            throw ReportDocumentError(.badPicture, String(cString: cairo_status_to_string(status)))
        }
        paint(image, pixels: (size.width, size.height), x: x, y: y, width: width, height: height)
    }

    /// Draws pixels (premultiplied ARGB, one word each).
    func draw(pixels: [UInt32], columns: Int, rows: Int, x: Double, y: Double, width: Double, height: Double) {
        let image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(columns), Int32(rows))
        defer { cairo_surface_destroy(image) }
        guard let bytes = cairo_image_surface_get_data(image) else { return }
        let stride = Int(cairo_image_surface_get_stride(image))
        for row in 0..<rows {
            UnsafeMutableRawPointer(bytes + row * stride).withMemoryRebound(to: UInt32.self, capacity: columns) {
                line in
                for column in 0..<columns { line[column] = pixels[row * columns + column] }
            }
        }
        cairo_surface_mark_dirty(image)
        paint(image, pixels: (columns, rows), x: x, y: y, width: width, height: height)
    }

    private func paint(
        _ image: OpaquePointer?, pixels: (width: Int, height: Int), x: Double, y: Double, width: Double, height: Double
    ) {
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, width / Double(pixels.width), height / Double(pixels.height))
        cairo_set_source_surface(context, image, 0, 0)
        cairo_paint(context)
        cairo_restore(context)
    }
}

extension String {
    /// The text without control characters, which no font can show; line breaks and tabs stay.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.filter {
                    $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t"
                }))
    }
}
