import CCairo

/// How a piece of text looks. Sizes in points.
struct TextStyle: Hashable {
    struct Face: Hashable {
        var size: Double
        var isBold = false
    }

    var face: Face
    var ink = Ink.text
    /// Line height in relation to the font's own.
    var leading = 1.25
    /// Lines after this one are left out, with an ellipsis; nil for no limit.
    var mostLines: Int?

    init(size: Double, isBold: Bool = false, ink: Ink = .text, leading: Double = 1.25, mostLines: Int? = nil) {
        face = Face(size: size, isBold: isBold)
        self.ink = ink
        self.leading = leading
        self.mostLines = mostLines
    }

    static let body = TextStyle(size: 10)
    static let small = TextStyle(size: 8.5, ink: .quiet)
    static let strong = TextStyle(size: 10, isBold: true)
    static let label = TextStyle(size: 9, ink: .quiet)
    static let column = TextStyle(size: 8.5, isBold: true, ink: .quiet)

    static func heading(_ level: Int) -> TextStyle {
        switch level {
        case 1: TextStyle(size: 20, isBold: true, ink: .accent, leading: 1.15)
        case 2: TextStyle(size: 13, isBold: true, ink: .accent, leading: 1.15)
        default: TextStyle(size: 10.5, isBold: true)
        }
    }
}

/// Text that was broken into lines by pango.
final class TextLayout {
    let style: TextStyle
    private let layout: OpaquePointer
    private let tops: [Double]
    private let baselines: [Double]
    private let offsets: [Double]
    /// Width of the widest line.
    let lineWidth: Double
    private let bottom: Double

    /// - Parameter width: in points; longer words are broken.
    init(_ text: String, _ style: TextStyle, width: Double, _ setter: TypeSetter) {
        self.style = style
        let raw: OpaquePointer = pango_layout_new(setter.context)
        layout = raw
        pango_layout_set_font_description(raw, setter.description(of: style.face))
        pango_layout_set_width(raw, Int32(max(1, width) * Double(PANGO_SCALE)))
        pango_layout_set_wrap(raw, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_line_spacing(raw, Float(style.leading))
        if let most = style.mostLines {
            pango_layout_set_height(raw, -Int32(most))
            pango_layout_set_ellipsize(raw, PANGO_ELLIPSIZE_END)
        }
        // A hyphen that pango adds where it breaks a long word would become part of a checksum.
        pango_layout_set_attributes(raw, Self.attributes.pointer)
        pango_layout_set_text(raw, text, -1)

        var tops: [Double] = []
        var baselines: [Double] = []
        var offsets: [Double] = []
        var bottom = 0.0
        var lineWidth = 0.0
        let iterator = pango_layout_get_iter(raw)
        repeat {
            var logical = PangoRectangle()
            pango_layout_iter_get_line_extents(iterator, nil, &logical)
            var top: Int32 = 0
            var end: Int32 = 0
            pango_layout_iter_get_line_yrange(iterator, &top, &end)
            tops.append(Double(top) / Double(PANGO_SCALE))
            bottom = Double(end) / Double(PANGO_SCALE)
            baselines.append(Double(pango_layout_iter_get_baseline(iterator)) / Double(PANGO_SCALE))
            lineWidth = max(lineWidth, Double(logical.width) / Double(PANGO_SCALE))
            offsets.append(Double(logical.x) / Double(PANGO_SCALE))
        } while pango_layout_iter_next_line(iterator) != 0
        pango_layout_iter_free(iterator)
        self.tops = tops
        self.baselines = baselines
        self.offsets = offsets
        self.lineWidth = lineWidth
        self.bottom = bottom
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(layout))
    }

    private struct Attributes: @unchecked Sendable {
        let pointer: OpaquePointer?
    }

    /// Never changed once it is made, and counted atomically by pango.
    private static let attributes: Attributes = {
        let list = pango_attr_list_new()
        pango_attr_list_insert(list, pango_attr_insert_hyphens_new(0))
        return Attributes(pointer: list)
    }()

    var lineCount: Int { tops.count }

    var lines: Range<Int> { 0..<lineCount }

    var height: Double { height(of: lines) }

    func height(of lines: Range<Int>) -> Double {
        guard !lines.isEmpty else { return 0 }
        return (lines.upperBound < lineCount ? tops[lines.upperBound] : bottom) - tops[lines.lowerBound]
    }

    /// How many lines from `first` on fit into `space`.
    func fitting(_ space: Double, from first: Int) -> Int {
        var count = 0
        while first + count < lineCount, height(of: first..<(first + count + 1)) <= space { count += 1 }
        return count
    }

    func offset(of line: Int) -> Double { offsets[line] }

    func baseline(of line: Int, from first: Int) -> Double { baselines[line] - tops[first] }

    func show(_ line: Int, on context: OpaquePointer) {
        pango_cairo_show_layout_line(context, pango_layout_get_line_readonly(layout, Int32(line)))
    }

    /// Adds the outlines of a line to the path, at the current point.
    func outline(_ line: Int, on context: OpaquePointer) {
        pango_cairo_layout_line_path(context, pango_layout_get_line_readonly(layout, Int32(line)))
    }
}
