/// What a person reads of a resource: XHTML of a few plain elements.
///
/// Each text that somebody wrote has a block of its own, so that letters written from the right don't move other words.
/// Source: <https://hl7.org/fhir/R4/narrative.html>.
struct FHIRNarrative {
    enum Status: String {
        /// All of it stands in the resource's elements too.
        case generated
        /// Some of it stands nowhere else.
        case additional
    }

    private var xhtml = ""

    init() {}

    init(_ paragraphs: String?...) {
        for text in paragraphs { paragraph(text) }
    }

    mutating func paragraph(_ text: String?) {
        if let text = Self.escaped(text) { xhtml += "<p>\(text)</p>" }
    }

    mutating func strong(_ text: String?) {
        if let text = Self.escaped(text) { xhtml += "<p><b>\(text)</b></p>" }
    }

    mutating func heading(_ text: String) {
        if let text = Self.escaped(text) { xhtml += "<h3>\(text)</h3>" }
    }

    mutating func list(_ items: [String]) {
        let items = items.compactMap(Self.escaped).map { "<li>\($0)</li>" }
        if !items.isEmpty { xhtml += "<ul>\(items.joined())</ul>" }
    }

    /// Two columns: what, and what of it.
    mutating func terms(_ pairs: [(String, String)]) {
        let rows = pairs.compactMap { name, value in
            Self.escaped(value).map { "<tr><th>\(Self.escaped(name) ?? "")</th><td>\($0)</td></tr>" }
        }
        if !rows.isEmpty { xhtml += "<table><tbody>\(rows.joined())</tbody></table>" }
    }

    mutating func table(_ header: [String], _ rows: [[String]]) {
        func cells(_ texts: [String], _ element: String) -> String {
            "<tr>" + texts.map { "<\(element)>\(Self.escaped($0) ?? "")</\(element)>" }.joined() + "</tr>"
        }
        guard !rows.isEmpty else { return }
        let body = rows.map { cells($0, "td") }.joined()
        xhtml += "<table><thead>\(cells(header, "th"))</thead><tbody>\(body)</tbody></table>"
    }

    /// nil where nothing was written.
    func value(_ status: Status = .generated) -> FHIRValue? {
        if xhtml.isEmpty { return nil }
        return [
            "status": .string(status.rawValue),
            "div": .string(
                "<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\(xhtml)</div>"),
        ]
    }

    private static func escaped(_ text: String?) -> String? {
        let cleaned = FHIRText.cleaned(text ?? "")
        if cleaned.isEmpty { return nil }
        var escaped = ""
        for character in cleaned.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "<br/>"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
