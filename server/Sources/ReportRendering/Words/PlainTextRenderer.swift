public import ReportDocuments

/// A ``ReportDocument`` as plain text in UTF-8, 78 columns wide, its seal in the last line.
///
/// Only headings of level 1 and 2 begin in the first column: whatever people typed is indented, so that it can't pose as
/// one of them, nor as the seal.
public enum PlainTextRenderer {
    static let width = 78

    /// - Parameter gapLength: number of covered bytes -> length of the gap.
    /// - Returns: the same bytes for the same document. All bytes but those of the gap are covered by the seal.
    public static func render(_ document: ReportDocument, gapLength: (Int) -> Int) -> GappedDocument {
        var page = TextPage()
        page.draw(document.cleaned)
        let text = Array(page.text.utf8)
        let gap = gapLength(text.count + 1)
        return GappedDocument(
            bytes: text + [UInt8](repeating: 0x20, count: gap) + [0x0A], gap: text.count..<(text.count + gap))
    }
}

private struct TextPage {
    private(set) var text = ""
    private static let inset = "  "

    mutating func draw(_ document: ReportDocument) {
        write(document.header, first: Self.inset, rest: Self.inset)
        if !document.watermark.isEmpty { write(document.watermark, first: Self.inset, rest: Self.inset) }
        if let stamp = document.stamp { write(stamp, first: "!!! ", rest: "!!! ") }
        for block in document.blocks { draw(block) }
        text += "\n" + String(repeating: "-", count: PlainTextRenderer.width) + "\n"
        write(document.footer, first: Self.inset, rest: Self.inset)
        text += "\n"
    }

    private mutating func draw(_ block: ReportDocument.Block) {
        text += "\n"
        switch block {
        case .heading(let level, let text): heading(level, text)
        case .paragraph(let text), .note(let text): write(text, first: Self.inset, rest: Self.inset)
        case .notice(let title, let text, let tone):
            let mark = tone == .caution ? "  ! " : "  | "
            write(title, first: mark, rest: mark)
            write(text, first: mark, rest: mark)
        case .keyValues(let pairs):
            for pair in pairs { write("\(pair.key): \(pair.value)", first: Self.inset, rest: "      ") }
        case .list(let items):
            for item in items { write(item, first: "  - ", rest: "    ") }
        case .table(let table): self.table(table)
        case .figures(let figures):
            for figure in figures {
                write("[Picture: \(figure.alternative)]", first: Self.inset, rest: "      ")
                write(figure.caption, first: "      ", rest: "      ")
            }
        case .code(let code): write(code.caption, first: Self.inset, rest: Self.inset)
        }
    }

    private mutating func heading(_ level: Int, _ title: String) {
        let inset = level <= 2 ? "" : Self.inset
        let start = text.utf8.count
        write(title, first: inset, rest: inset)
        let written = text[text.utf8.index(text.startIndex, offsetBy: start)...]
        let longest = written.split(separator: "\n").map(TextWidth.of).max() ?? 0
        let line = level <= 1 ? "=" : level == 2 ? "-" : "~"
        text += inset + String(repeating: line, count: max(0, longest - inset.count)) + "\n"
    }

    // MARK: - Tables

    private mutating func table(_ table: ReportDocument.Table) {
        let rows = [table.header] + table.rows
        let space = 2
        let widths = table.header.indices.map { column in
            rows.map { $0.indices.contains(column) ? TextWidth.of($0[column]) : 0 }.max() ?? 0
        }
        let total = widths.reduce(0, +) + space * (widths.count - 1) + Self.inset.count
        let isFlat = !rows.joined().contains { $0.contains(where: \.isNewline) }
        if isFlat, total <= PlainTextRenderer.width {
            for (number, row) in rows.enumerated() {
                columns(row, widths, space)
                if number == 0 { columns(widths.map { String(repeating: "-", count: $0) }, widths, space) }
            }
        } else {
            for (number, row) in table.rows.enumerated() {
                if number > 0 { text += "\n" }
                for (column, cell) in row.enumerated() {
                    let name = table.header.indices.contains(column) ? table.header[column] : ""
                    write("\(name): \(cell)", first: column == 0 ? Self.inset : "    ", rest: "        ")
                }
            }
        }
    }

    private mutating func columns(_ row: [String], _ widths: [Int], _ space: Int) {
        var line = Self.inset
        for (cell, width) in zip(row, widths) {
            line += cell + String(repeating: " ", count: max(0, width - TextWidth.of(cell)) + space)
        }
        while line.last == " " { line.removeLast() }
        text += line + "\n"
    }

    // MARK: - Lines

    /// Breaks a text into lines; `first` begins the first line, `rest` all others.
    private mutating func write(_ words: String, first: String, rest: String) {
        var prefix = first
        for line in words.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            var current = ""
            var used = 0
            var room: Int { PlainTextRenderer.width - prefix.count }
            func flush(_ page: inout TextPage) {
                var line = prefix + current
                while line.last == " " { line.removeLast() }
                page.text += line + "\n"
                prefix = rest
                current = ""
                used = 0
            }
            for word in line.split(separator: " ") {
                let length = TextWidth.of(word)
                if used > 0, used + 1 + length > room { flush(&self) }
                if used > 0 {
                    current += " "
                    used += 1
                }
                if used + length <= room {
                    current += word
                    used += length
                    continue
                }
                for character in word {
                    // A word that is longer than a line is cut.
                    let cells = TextWidth.of(character)
                    if used + cells > room { flush(&self) }
                    current.append(character)
                    used += cells
                }
            }
            flush(&self)
        }
    }
}

/// How many cells of a terminal a text takes.
enum TextWidth {
    static func of(_ text: some StringProtocol) -> Int {
        let bytes = text.utf8
        return bytes.allSatisfy { $0 < 0x80 } ? bytes.count : text.reduce(0) { $0 + of($1) }
    }

    static func of(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.value < 0x300 { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// East Asian Wide and Fullwidth (Unicode Standard Annex 11), in whole blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x1F300...0x1F64F,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
