import Foundation
import ReportDocuments
import Testing

@Suite("PDF documents")
struct ReportDocumentsTests {
    static let metadata = ReportDocument.Metadata(
        title: "Title (1)", author: "Lightbox", subject: "Research", keywords: ["a", "b"],
        created: "2026-11-23T10:00:00Z")

    static func document(_ blocks: [ReportDocument.Block], paper: ReportDocument.Paper = .a4) -> ReportDocument {
        ReportDocument(metadata: metadata, header: "Header", footer: "Footer", paper: paper, blocks: blocks)
    }

    static let sample = document([
        .heading(level: 1, "Chest X-ray"), .notice(title: "Careful", text: "Not a diagnosis.", tone: .caution),
        .heading(level: 2, "Record"), .keyValues([.init("Age", "54 years"), .init("Reason", "Cough")]),
        .figures([
            .init(jpeg: tinyJPEG, caption: "The picture", alternative: "A gradient"),
            .init(
                jpeg: tinyJPEG, overlay: .init(columns: 2, rows: 2, values: [0, 1, 2, 3]), caption: "The map",
                alternative: "A gradient with a map"),
        ]),
        .table(.init(header: ["Finding", "Probability"], rows: [["Effusion", "12 %"]], weights: [2, 1])),
        .heading(level: 3, "Not checked"), .list(["Ribs", "Tubes"]), .note("A note."),
    ])

    @Test("A document has its metadata, its text, its structure and embedded fonts")
    func whole() throws {
        let pdf = try PDFRenderer().render(Self.sample)
        let info = try PDFTools.poppler("pdfinfo", on: pdf)
        for line in [
            "Title:           Title (1)", "Author:          Lightbox", "Subject:         Research",
            "Keywords:        a, b", "Tagged:          yes",
        ] {
            #expect(info.contains(line), "\(line) in \(info)")
        }
        let structure = try PDFTools.poppler("pdfinfo", ["-struct"], on: pdf)
        for tag in ["H1", "H2", "H3", "Table", "TH", "TD", "Figure", "LI", "LBody"] {
            #expect(structure.contains(tag), "\(tag)")
        }
        let text = try PDFTools.poppler("pdftotext", ["-layout"], on: pdf)
        for words in [
            "Chest X-ray", "Not a diagnosis.", "54 years", "Effusion", "12 %", "Ribs", "Page 1 of ", "Header", "Footer",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        let fonts = try PDFTools.poppler("pdffonts", on: pdf).split(separator: "\n").dropFirst(2)
        #expect(!fonts.isEmpty)
        #expect(fonts.allSatisfy { $0.contains(" yes yes yes ") })
    }

    @Test("A JPEG goes into the document as it is")
    func pictures() throws {
        let pdf = try PDFRenderer().render(Self.sample)
        #expect(pdf.firstRange(of: Self.tinyJPEG) != nil)
    }

    @Test("The same document is the same bytes, also from many threads at once")
    func sameBytes() async throws {
        let first = try PDFRenderer().render(Self.sample)
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try PDFRenderer().render(Self.sample) } }
            for try await other in group { #expect(other.elementsEqual(first), "not the same bytes") }
        }
        // No date is the clock's: that of the document, and the one of what cairo writes before the update.
        let dates = Set(String(decoding: first, as: UTF8.self).matches(of: /\(D:(\d+)/).map(\.1))
        #expect(
            dates.contains("20261123100000") && dates.isSubset(of: ["20261123100000", "20000101000000"]), "\(dates)")
    }

    @Test(
        "Long content goes over several pages, and nothing of it is lost",
        arguments: ReportDocument.Paper.allCases)
    func longContent(paper: ReportDocument.Paper) throws {
        let words = (0..<3000).map { "word\($0)" }
        let rows = (0..<120).map { ["row\($0)", String(repeating: "x", count: 400)] }
        let pdf = try PDFRenderer().render(
            Self.document(
                [
                    .paragraph(words.joined(separator: " ")),
                    .table(.init(header: ["A", "B"], rows: rows, weights: [1, 2])),
                    .list((0..<90).map { "item\($0)" }),
                    .notice(title: "N", text: words.joined(separator: " "), tone: .information),
                    .keyValues([.init("key", words.joined(separator: " "))]),
                    .paragraph(String(repeating: "W", count: 20_000)),
                ], paper: paper))
        let text = try PDFTools.poppler("pdftotext", ["-raw"], on: pdf)
        let found = text.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(found.filter { $0.hasPrefix("word") }.count == 9000)
        #expect(Set(found.filter { $0.hasPrefix("row") }).count == 120)
        #expect(Set(found.filter { $0.hasPrefix("item") }).count == 90)
        #expect(text.filter { $0 == "W" }.count == 20_000)
        let pages = try PDFTools.pageCount(pdf)
        #expect(pages > 10)
        #expect(text.contains("Page \(pages) of \(pages)"))
    }

    static let scripts = [
        "Zażółć gęślą jaźń, Nguyễn Thị Ánh", "Ελληνικά και τόνοι", "Кириллица: ёж, ґанок, љубав", "عربى يكتب من اليمين",
        "עברית מימין לשמאל", "ภาษาไทย", "Հայերեն", "ქართული", "中文病历", "日本語の報告", "한국어 보고서",
    ]

    @Test(
        "Words in scripts that the machine has fonts for are drawn with embedded ones, and found again letter by letter",
        arguments: scripts)
    func script(words: String) throws {
        let letters = words.unicodeScalars.filter { !$0.properties.isWhitespace && $0.properties.isAlphabetic }
        let hasFont = try letters.allSatisfy { try PDFTools.hasFont(for: $0) }
        let pdf = try PDFRenderer().render(Self.document([.heading(level: 2, words), .paragraph(words)]))
        let found = try PDFTools.poppler("pdftotext", ["-raw"], on: pdf).precomposedStringWithCompatibilityMapping
        // What fonts lack is drawn as a box with its number, which is what a reader finds then.
        let isFound = letters.allSatisfy { found.unicodeScalars.contains($0) }
        #expect(isFound == hasFont, "\(found)")
        let fonts = try PDFTools.poppler("pdffonts", on: pdf).split(separator: "\n").dropFirst(2)
        #expect(fonts.allSatisfy { $0.contains(" yes yes yes ") }, "\(fonts)")
    }

    @Test("What can't be drawn is an error, not a crash")
    func errors() {
        let bad: [(ReportDocument.Block, ReportDocumentError.Code)] = [
            (.figures([.init(jpeg: [1, 2, 3], caption: "", alternative: "")]), .badPicture),
            (
                .figures([
                    .init(
                        jpeg: Self.tinyJPEG, overlay: .init(columns: 2, rows: 2, values: [1]), caption: "",
                        alternative: "")
                ]),
                .badShape
            ),
            (.table(.init(header: ["a"], rows: [["b", "c"]], weights: [1])), .badShape),
        ]
        for (block, code) in bad {
            #expect(throws: ReportDocumentError.self) { try PDFRenderer().render(Self.document([block])) }
            do throws(ReportDocumentError) {
                _ = try PDFRenderer().render(Self.document([block]))
            } catch {
                #expect(error.code == code)
            }
        }
    }

    @Test("Nothing at all makes one page")
    func empty() throws {
        #expect(
            try PDFTools.poppler("pdfinfo", on: try PDFRenderer().render(Self.document([]))).contains(
                "Pages:           1"))
    }
}
