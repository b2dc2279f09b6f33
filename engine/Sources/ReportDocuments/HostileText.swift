extension String {
    /// The text as it can be drawn: what would move, hide or pile up other text is left out or shown as U+FFFD.
    ///
    /// - Controls are left out; line breaks and tabs stay, all kinds of line breaks as U+000A.
    /// - Overrides, embeddings and isolates of the direction of writing (UAX #9) would reach over the end of the text
    ///   into its neighbours, or turn labels round: each becomes U+FFFD. The order of Arabic and Hebrew doesn't need them.
    /// - Tags (U+E0000 to U+E007F), which hide text, are left out, and so are zero-width spaces, which hide within words.
    /// - Private-use characters mean something else in every font, and noncharacters nothing: each becomes U+FFFD.
    /// - More than four marks on one letter are left out, with one U+FFFD in their place: they would cover other lines.
    var printable: String {
        if utf8.allSatisfy({ 0x20..<0x7f ~= $0 || $0 == 0x0a }) { return self }
        var view = String.UnicodeScalarView()
        var marks = 0
        var afterReturn = false
        for scalar in unicodeScalars {
            let properties = scalar.properties
            let isMark = [.nonspacingMark, .enclosingMark].contains(properties.generalCategory)
            marks = isMark ? marks + 1 : 0
            defer { afterReturn = scalar == "\r" }
            switch scalar.value {
            case 0x09: view.append(scalar)
            case 0x0a where afterReturn: break
            case 0x0a, 0x0d, 0x85, 0x2028, 0x2029: view.append("\n")
            case 0x202a...0x202e, 0x2066...0x2069, 0x206a...0x206f, 0xfff9...0xfffb: view.append("\u{fffd}")
            case 0x200b, 0x2060...0x2064, 0xfeff, 0xfffc, 0xe0000...0xe007f: break
            default:
                switch properties.generalCategory {
                case .control: break
                case .privateUse, .surrogate: view.append("\u{fffd}")
                case _ where properties.isNoncharacterCodePoint: view.append("\u{fffd}")
                case _ where marks > 4: if marks == 5 { view.append("\u{fffd}") }
                default: view.append(scalar)
                }
            }
        }
        return String(view)
    }

    /// The same on one line.
    var onOneLine: String {
        String(printable.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }

    /// With a line break after every 400 characters that have no space between them: pango takes a time that grows with
    /// the square of the length of a word.
    var withoutEndlessWords: String {
        let most = 400
        if utf8.count <= most { return self }
        var result = ""
        var length = 0
        for character in self {
            length = character.isWhitespace ? 0 : length + 1
            if length > most {
                result.append("\n")
                length = 1
            }
            result.append(character)
        }
        return result
    }
}
