/// What is left of Markdown and HTML: plain text, at most `**bold**`.
enum PlainText {
    /// nil for what is never shown: control, bidirectional and invisible characters.
    static func kept(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar == "\n" { return scalar }
        switch scalar.properties.generalCategory {
        case .lineSeparator, .paragraphSeparator: return "\n"
        case .spaceSeparator: return " "
        case .control: return scalar == "\t" ? " " : nil
        case .format, .surrogate, .privateUse, .unassigned: return nil
        default: return scalar
        }
    }

    static func of(_ scalars: [Unicode.Scalar]) -> String {
        var text = String(String.UnicodeScalarView(scalars))
        text.replace(/<\/?[A-Za-z!][^<>]*>/, with: "")
        text.replace(/!?\[([^\[\]]*)\]\([^()\s]*[^()]*\)/) { String($0.output.1) }
        for (entity, sign) in entities { text.replace(entity, with: sign) }
        text.replace("`", with: "")
        text.replace("|", with: " ")
        text.replace("__", with: "")
        text.replace(/\\([\\*_#\[\]()<>`.!-])/) { String($0.output.1) }
        text = withoutItalics(text)
        if text.ranges(of: "**").count % 2 == 1 { text.replace("**", with: "") }
        text.replace("****", with: "")
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static let entities = [
        ("&nbsp;", " "), ("&lt;", "‹"), ("&gt;", "›"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ]

    /// Single asterisks go, pairs stay.
    private static func withoutItalics(_ text: String) -> String {
        var kept = ""
        var run = 0
        for character in text + "\n" {
            if character == "*" {
                run += 1
                continue
            }
            if run >= 2 { kept += "**" }
            run = 0
            kept.append(character)
        }
        kept.removeLast()
        return kept
    }
}
