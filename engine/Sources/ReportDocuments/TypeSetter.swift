import CCairo
import Synchronization

/// What type is set with: a font map and a context on it. A font map may be used by one thread at a time and is slow to
/// fill, so that a few are kept and lent out.
final class TypeSetter: @unchecked Sendable {
    let context: OpaquePointer
    private let map: OpaquePointer
    private let families: [String]
    private var descriptions: [TextStyle.Face: OpaquePointer] = [:]
    /// Of the present document only.
    private var known: [Known: TextLayout] = [:]

    private init(_ families: [String]) throws(ReportDocumentError) {
        guard families.contains(where: Self.isInstalled) else {
            throw ReportDocumentError(
                .fontMissing, "None of these fonts is installed: \(families.joined(separator: ", ")).")
        }
        self.families = families
        map = OpaquePointer(pango_cairo_font_map_new())
        pango_fc_font_map_set_config(map, Self.configuration.pointer)
        context = pango_font_map_create_context(.init(map))
        // One unit of pango is then one point.
        pango_cairo_context_set_resolution(context, 72)
        pango_context_set_round_glyph_positions(context, 0)
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
    }

    deinit {
        for description in descriptions.values { pango_font_description_free(description) }
        g_object_unref(UnsafeMutableRawPointer(context))
        g_object_unref(UnsafeMutableRawPointer(map))
    }

    func description(of face: TextStyle.Face) -> OpaquePointer? {
        if let known = descriptions[face] { return known }
        let description = pango_font_description_new()
        pango_font_description_set_family(description, families.joined(separator: ", "))
        pango_font_description_set_absolute_size(description, face.size * Double(PANGO_SCALE))
        pango_font_description_set_weight(description, face.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        descriptions[face] = description
        return description
    }

    /// Breaks a text into lines. Short ones that came before, such as the cells of a table, are taken again.
    func layout(_ text: String, _ style: TextStyle, width: Double) -> TextLayout {
        guard text.utf8.count <= 40 else { return TextLayout(text, style, width: width, self) }
        let key = Known(text: text, style: style, width: width)
        if let layout = known[key] { return layout }
        let layout = TextLayout(text, style, width: width, self)
        known[key] = layout
        return layout
    }

    private struct Known: Hashable {
        let text: String
        let style: TextStyle
        let width: Double
    }

    // MARK: - Lending

    private static let kept = 4
    private static let idle = Mutex<[TypeSetter]>([])

    /// Lends one for the length of `body`.
    /// - Parameter families: in the order in which they are tried; fontconfig finds another font for letters that none
    ///   of them has.
    static func lend<Value>(
        families: [String], language: String, _ body: (TypeSetter) throws(ReportDocumentError) -> Value
    ) throws(ReportDocumentError) -> Value {
        let waiting = idle.withLock { idle in
            idle.lastIndex { $0.families == families }.map { idle.remove(at: $0) }
        }
        let setter = if let waiting { waiting } else { try TypeSetter(families) }
        pango_context_set_language(setter.context, pango_language_from_string(language))
        defer {
            setter.known = [:]
            idle.withLock { idle in
                if idle.count < kept { idle.append(setter) }
            }
        }
        return try body(setter)
    }

    // MARK: - Fonts of the machine

    /// Colour fonts hold small pictures, which a PDF can't have as text; bitmap fonts are of one size. Without them,
    /// what only they have is drawn as a box with the number of the character.
    private static let rules = """
        <fontconfig><selectfont>
        <rejectfont><pattern><patelt name="color"><bool>true</bool></patelt></pattern></rejectfont>
        <rejectfont><pattern><patelt name="scalable"><bool>false</bool></patelt></pattern></rejectfont>
        </selectfont></fontconfig>
        """

    private struct Configuration: @unchecked Sendable {
        let pointer: OpaquePointer?
    }

    /// Read once: what is installed later takes a new start.
    private static let configuration: Configuration = {
        let configuration = FcInitLoadConfig()
        [UInt8](rules.utf8 + [0]).withUnsafeBufferPointer {
            _ = FcConfigParseAndLoadFromMemory(configuration, $0.baseAddress, 1)
        }
        _ = FcConfigBuildFonts(configuration)
        return Configuration(pointer: configuration)
    }()

    /// Whether the family itself is there, and not just another font in its place.
    private static func isInstalled(_ family: String) -> Bool {
        let pattern = FcPatternCreate()
        defer { FcPatternDestroy(pattern) }
        let properties = FcObjectSetCreate()
        defer { FcObjectSetDestroy(properties) }
        _ = FcObjectSetAdd(properties, FC_FAMILY)
        [UInt8](family.utf8 + [0]).withUnsafeBufferPointer {
            _ = FcPatternAddString(pattern, FC_FAMILY, $0.baseAddress)
        }
        guard let fonts = FcFontList(configuration.pointer, pattern, properties) else { return false }
        defer { FcFontSetDestroy(fonts) }
        return fonts.pointee.nfont > 0
    }
}
