import ReportDocuments

/// Makes text harmless that strangers wrote: it stays text, whatever is in it.
///
/// Control characters can move a cursor or end a line; characters that set the direction of writing can make a text read
/// as another (CVE-2021-42574); tags and marks without width hide in it; heaps of accents paint over other lines.
enum SafeText {
    /// Most combining marks that one character keeps. Vietnamese needs two, Hebrew with cantillation up to four.
    private static let mostMarks = 6

    /// Lines stay lines.
    static func cleaned(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 == 0x0A || (0x20...0x7E).contains($0) }) { return text }
        var kept = String.UnicodeScalarView()
        var marks = 0
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            // Most of it is plain; looking up what a character is takes longer than all the rest.
            if (0x20...0x7E).contains(scalar.value) || (0x2018...0x201F).contains(scalar.value) {
                kept.append(scalar)
                marks = 0
                previous = scalar
                continue
            }
            let properties = scalar.properties
            switch properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
                switch scalar {
                case "\r": kept.append("\n")
                case "\n": if previous != "\r" { kept.append("\n") }
                case "\u{2028}", "\u{2029}", "\u{85}", "\u{0B}", "\u{0C}": kept.append("\n")
                case "\t": kept.append(" ")
                default: kept.append("\u{FFFD}")
                }
            case .format where scalar == "\u{200C}" || scalar == "\u{200D}":
                // They join or part letters of Persian and of Indian scripts, and parts of emoji.
                if previous.map({ $0 != scalar }) ?? true { kept.append(scalar) }
            case .format, .surrogate, .privateUse, .unassigned: break
            case .nonspacingMark, .enclosingMark:
                marks += 1
                if marks <= mostMarks { kept.append(scalar) }
                previous = scalar
                continue
            default: kept.append(scalar)
            }
            marks = 0
            previous = scalar
        }
        return String(kept)
    }

    /// The same in one line.
    static func line(_ text: String) -> String {
        let text = cleaned(text)
        // The only end of a line that is left.
        guard text.utf8.contains(0x0A) else { return text }
        return text.split(separator: "\n").joined(separator: " ")
    }

    /// Without the marks of bold type.
    static func withoutBold(_ text: String) -> String {
        // Replacing takes much longer than looking whether there is something to replace.
        text.utf8.contains(UInt8(ascii: "*")) ? text.replacing("**", with: "") : text
    }

    /// The same in one line of at most so many characters.
    static func line(_ text: String, atMost longest: Int) -> String {
        let line = line(text)
        return line.count > longest ? line.prefix(longest - 1) + "…" : line
    }
}

extension ReportDocument {
    /// The same document with every text made harmless.
    var cleaned: ReportDocument {
        var copy = self
        copy.metadata.title = SafeText.line(metadata.title)
        copy.metadata.author = SafeText.line(metadata.author)
        copy.metadata.subject = SafeText.line(metadata.subject)
        copy.metadata.keywords = metadata.keywords.map(SafeText.line)
        copy.header = SafeText.line(header)
        copy.footer = SafeText.line(footer)
        copy.watermark = SafeText.line(watermark)
        copy.stamp = stamp.map(SafeText.line)
        copy.blocks = blocks.map(\.cleaned)
        return copy
    }
}

extension ReportDocument.Block {
    var cleaned: Self {
        switch self {
        case .heading(let level, let text): .heading(level: level, SafeText.line(text))
        case .paragraph(let text): .paragraph(SafeText.cleaned(text))
        case .note(let text): .note(SafeText.cleaned(text))
        case .notice(let title, let text, let tone):
            .notice(title: SafeText.line(title), text: SafeText.cleaned(text), tone: tone)
        case .keyValues(let pairs):
            .keyValues(pairs.map { .init(SafeText.line($0.key), SafeText.cleaned($0.value)) })
        case .list(let items): .list(items.map(SafeText.cleaned))
        case .table(let table):
            .table(
                .init(
                    header: table.header.map(SafeText.line), rows: table.rows.map { $0.map(SafeText.cleaned) },
                    weights: table.weights, rowHeaders: table.rowHeaders))
        case .figures(let figures):
            .figures(
                figures.map {
                    var figure = $0
                    figure.caption = SafeText.cleaned($0.caption)
                    figure.alternative = SafeText.cleaned($0.alternative)
                    return figure
                })
        case .code(let code): .code(.init(modules: code.modules, caption: SafeText.cleaned(code.caption)))
        }
    }
}
