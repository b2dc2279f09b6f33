import ReportDocuments
import Testing

/// Text that tries to be something else, in every kind of block, drawn by poppler and measured.
@Suite("Hostile text in PDF documents")
struct HostileTextTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        /// What a reader finds again, without white space.
        let found: String
        let mostPages: Int

        init(_ name: String, _ text: String, found: String, mostPages: Int = 3) {
            testDescription = name
            self.text = text
            self.found = found
            self.mostPages = mostPages
        }
    }

    static let cases = [
        Case(
            "markup and PDF operators", "<script>alert('x')</script> & <b> ) \\ (EMC) BDC endobj %PDF",
            found: "<script>alert('x')</script>&<b>)\\(EMC)BDCendobj%PDF"),
        Case(
            "overrides and isolates",
            "Name \u{202e}esrever\u{202c} x \u{2066}a\u{2067}b\u{2069}\u{202d}\u{202a}\u{202b}",
            found: "Name\u{fffd}esrever\u{fffd}x\u{fffd}a\u{fffd}b\u{fffd}"),
        Case(
            "10,000 characters", String(repeating: "ten ", count: 2500),
            found: "tentenXten".replacing("X", with: "ten"), mostPages: 80),
        Case("10,000 characters, no space", String(repeating: "W", count: 10_000), found: "WWWWWWWW", mostPages: 160),
        Case("a very long word", String(repeating: "silicovolcano", count: 60), found: "silicovol", mostPages: 12),
        Case("emoji", "a 😀 👨‍👩‍👧 🇩🇪 ❤️ b", found: "a"),
        Case(
            "marks piled up", "Z" + String(repeating: "\u{301}\u{302}\u{303}", count: 60) + "algo", found: "algo"),
        Case("controls", "a\u{0}\u{7}b\u{1b}[31mc\u{7f}d\u{85}e\u{2028}f\r\ng\th", found: "ab[31mcdefgh", mostPages: 4),
        Case("tabs", String(repeating: "tab\t", count: 80), found: "tabtabtab", mostPages: 5),
        Case("only white space", "  \n \t  ", found: ""),
        Case("nothing", "", found: ""),
        Case("zero width", "in\u{200b}vis\u{feff}i\u{2060}ble\u{e0041}\u{e0042}", found: "invisible"),
        Case(
            "private use and noncharacters", "x\u{e000}\u{f8ff}\u{100000}\u{fffe}y",
            found: "x\u{fffd}\u{fffd}\u{fffd}\u{fffd}y"),
        Case("Greek, Cyrillic, Chinese", "Ελληνικά Кириллица 中文", found: "ΕλληνικάКириллица中文"),
        Case("Arabic and Hebrew", "عربى (38.5) עברית", found: "38.5"),
        Case("line breaks", String(repeating: "\n", count: 200) + "end", found: "end", mostPages: 200),
    ]

    static func document(_ text: String, _ paper: ReportDocument.Paper) -> ReportDocument {
        let figure = ReportDocument.Figure(
            jpeg: ReportDocumentsTests.tinyJPEG, overlay: .init(columns: 1, rows: 2, values: [0, 1]), caption: text,
            alternative: text)
        return ReportDocument(
            metadata: .init(title: text, author: text, subject: text, keywords: [text], created: text), header: text,
            footer: text, paper: paper, language: text.isEmpty ? "" : "en", watermark: text, stamp: text,
            blocks: [
                .heading(level: 1, text), .heading(level: 2, text), .heading(level: 3, text), .paragraph(text),
                .note(text), .notice(title: text, text: text, tone: .caution),
                .keyValues([.init(text, text), .init("Age", text), .init(text, "54")]), .list([text, "plain", text]),
                .table(
                    .init(
                        header: [text, "Two"], rows: [[text, text], ["a", text]], weights: [1, 2], rowHeaders: true)),
                .figures([figure, figure]), .code(.init(modules: [[true]], caption: text)),
                .paragraph("Label: \(text) :end of it"),
            ])
    }

    @Test("Hostile text stays text and within its margins", arguments: cases)
    func rendered(_ hostile: Case) throws {
        let paper = hostile.text.utf8.count % 2 == 0 ? ReportDocument.Paper.a4 : .letter
        let pdf = try PDFRenderer().render(Self.document(hostile.text, paper))
        #expect(try PDFTools.pageCount(pdf) <= hostile.mostPages)
        let text = try PDFTools.poppler("pdftotext", ["-raw"], on: pdf)
        let packed = String(text.unicodeScalars.filter { !$0.properties.isWhitespace && $0 != "\u{c}" })
        #expect(packed.contains(hostile.found), "\(packed.prefix(300))")
        // Labels of ours stand as they are, and in their order.
        for label in ["Age", "plain", "Two", "Label:", ":endofit", "Page1of"] {
            #expect(packed.contains(label), "\(label)")
        }
        for page in try PDFTools.pages(pdf) {
            // Margins of 54 points, of which a mark may take a little; what stands above and below is the furniture.
            let margin = 48.0 / (paper == .a4 ? 595.0 : 612.0)
            for part in [
                page.part(0..<margin, 0..<1), page.part((1 - margin)..<1, 0..<1), page.part(0..<1, 0..<0.03),
                page.part(0..<1, 0.985..<1),
            ] {
                #expect(part.allSatisfy { $0 > 200 }, "something in the margin")
            }
            #expect(page.grey.contains { $0 < 160 }, "no ink")
        }
    }

    @Test("Hostile text keeps the rules of PDF/A that are checked", arguments: cases.filter { $0.mostPages < 50 })
    func rules(_ hostile: Case) throws {
        let pdf = try PDFRenderer().render(Self.document(hostile.text, .a4))
        #expect(try PDFTools.archiveProblems(pdf) == "")
    }

    @Test("An override doesn't turn the words after it round")
    func overrides() throws {
        let pdf = try PDFRenderer().render(
            ReportDocumentsTests.document([.paragraph("\u{202e}abc"), .keyValues([.init("Key \u{2067}", "value 12")])]))
        let text = try PDFTools.poppler("pdftotext", ["-layout"], on: pdf)
        #expect(text.contains("\u{fffd}abc"))
        #expect(text.contains("value 12"))
        #expect(text.contains("Page 1 of 1"))
    }

    @Test("Ten thousand letters without a space take seconds at most")
    func endlessWords() throws {
        let words = String(repeating: "W", count: 10_000)
        let started = ContinuousClock.now
        _ = try PDFRenderer().render(ReportDocumentsTests.document((0..<4).map { _ in .paragraph(words) }))
        #expect(started.duration(to: .now) < .seconds(5))
    }
}
