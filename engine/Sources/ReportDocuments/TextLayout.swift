import CCairo

/// Text that was broken into lines by pango.
final class TextLayout {
    let style: TextStyle
    private let layout: OpaquePointer?
    private let tops: [Double]
    private let baselines: [Double]
    private let offsets: [Double]
    /// Width of the widest line.
    let lineWidth: Double
    private let bottom: Double

    /// - Parameter width: in points; longer words are broken.
    init(_ context: OpaquePointer, _ text: String, _ style: TextStyle, family: String, width: Double) {
        self.style = style
        let raw = pango_cairo_create_layout(context)
        layout = raw
        // One unit of pango is then one point.
        pango_cairo_context_set_resolution(pango_layout_get_context(raw), 72)
        pango_layout_context_changed(raw)
        let font = pango_font_description_new()
        pango_font_description_set_family(font, family)
        pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
        pango_font_description_set_weight(font, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_layout_set_font_description(raw, font)
        pango_font_description_free(font)
        pango_layout_set_width(raw, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(raw, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_line_spacing(raw, Float(style.leading))
        // A hyphen that pango adds where it breaks a long word would become part of a checksum.
        let attributes = pango_attr_list_new()
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
        pango_layout_set_attributes(raw, attributes)
        pango_attr_list_unref(attributes)
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
        layout.map { g_object_unref(UnsafeMutableRawPointer($0)) }
    }

    var lineCount: Int { tops.count }

    var height: Double { height(of: 0..<lineCount) }

    func height(of lines: Range<Int>) -> Double {
        (lines.upperBound < lineCount ? tops[lines.upperBound] : bottom) - tops[lines.lowerBound]
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
}
