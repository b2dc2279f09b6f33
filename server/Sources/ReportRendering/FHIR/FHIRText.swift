/// Makes of any text a FHIR `string`: characters other than blanks, tabs and ends of lines, no control character, not
/// only blanks.
///
/// Source: <https://hl7.org/fhir/R4/datatypes.html#string>, whose pattern `[ \r\n\t\S]+` allows no other blank.
enum FHIRText {
    static func cleaned(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": if previous != "\r" { kept.append("\n") }
            case "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}": kept.append("\n")
            // They make a text read as another one (CVE-2021-42574), and say nothing themselves.
            case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": break
            default: kept.append(replacement(of: scalar))
            }
            previous = scalar
        }
        return trimmed(kept)
    }

    private static func replacement(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.properties.isWhitespace { return scalar == "\t" ? scalar : " " }
        // XML, which the narrative is, has no noncharacters.
        if scalar.properties.generalCategory == .control || scalar.properties.isNoncharacterCodePoint {
            return "\u{FFFD}"
        }
        return scalar
    }

    private static func trimmed(_ text: String.UnicodeScalarView) -> String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\n" || scalar == "\t" }
        guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[first...last])
    }
}
