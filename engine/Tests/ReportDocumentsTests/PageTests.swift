import ReportDocuments
import Testing

/// How pages look, measured on pages that poppler drew.
@Suite("Pages of PDF documents")
struct PageTests {
    /// A page in grey means of a coarse grid, 0 (black) to 9 (white), which doesn't change with poppler's smoothing.
    static func coarse(_ page: PDFTools.Page) -> [String] {
        let means = page.means(columns: 24, rows: 34)
        return (0..<34).map { row in
            means[(row * 24)..<(row * 24 + 24)].map { String(min(9, $0 * 10 / 256)) }.joined()
        }
    }

    @Test("Pages look as they did, but for smoothing")
    func references() throws {
        let pages = try PDFTools.pages(PDFRenderer().render(ArchiveTests.full), dpi: 72)
        let drawn = pages.map(Self.coarse)
        #expect(drawn.count == Self.reference.count, "now it is \(drawn)")
        let pairs = zip(drawn.joined().joined().utf8, Self.reference.joined().joined().utf8)
        let differences = pairs.map { abs(Int($0) - Int($1)) }
        #expect(
            differences.allSatisfy { $0 <= 1 } && differences.reduce(0, +) <= 24,
            "\(differences.reduce(0, +)) in all")
    }

    @Test("A heading never stands alone at the end of a page", arguments: 1...24)
    func headings(lines: Int) throws {
        let filler = (0..<(30 + lines)).map { "filler\($0)" }
        let pdf = try PDFRenderer().render(
            ReportDocumentsTests.document([
                .list(filler), .heading(level: 2, "Lonely"), .heading(level: 3, "Lonelier"),
                .paragraph((0..<60).map { "text\($0)" }.joined(separator: " ")),
            ]))
        let pages = try PDFTools.poppler("pdftotext", ["-raw"], on: pdf).split(separator: "\u{c}")
        let page = try #require(pages.first { $0.contains("Lonely") })
        #expect(page.contains("Lonelier"))
        #expect(page.contains("text0"))
    }

    @Test("A cell that is longer than a page goes on, under the header of its table, and stays one cell")
    func longCells() throws {
        let long = (0..<1500).map { "w\($0)" }.joined(separator: " ")
        let pdf = try PDFRenderer().render(
            ReportDocumentsTests.document([
                .table(
                    .init(header: ["Column", "Other"], rows: [["short", long], ["next", "row"]], weights: [1, 1]))
            ]))
        let text = try PDFTools.poppler("pdftotext", ["-raw"], on: pdf)
        let words = Set(text.split(whereSeparator: \.isWhitespace))
        #expect((0..<1500).allSatisfy { words.contains("w\($0)") })
        let pages = text.split(separator: "\u{c}")
        #expect(pages.count >= 3)
        #expect(pages.allSatisfy { $0.contains("Column") })
        let structure = try PDFTools.poppler("pdfinfo", ["-struct"], on: pdf)
        #expect(structure.ranges(of: "TR").count == 3)
        #expect(structure.ranges(of: "TD").count == 4)
        #expect(try PDFTools.archiveProblems(pdf) == "")
    }

    @Test("The stamp is red and on every page, the code is black squares")
    func stampAndCode() throws {
        var document = ReportDocumentsTests.document([
            .paragraph(String(repeating: "word ", count: 2000)),
            .code(.init(modules: (0..<21).map { row in (0..<21).map { ($0 + row) % 2 == 0 } }, caption: "Code")),
        ])
        document.stamp = "This model was withdrawn."
        let pdf = try PDFRenderer().render(document)
        let pages = try PDFTools.poppler("pdftotext", on: pdf).split(separator: "\u{c}")
        #expect(pages.count > 1)
        #expect(pages.allSatisfy { $0.contains("This model was withdrawn.") })
        document.stamp = nil
        document.blocks.removeFirst()
        let page = try #require(try PDFTools.pages(PDFRenderer().render(document), dpi: 144).first)
        // The modules, 29 across 96 points with the quiet zone, from 54 and 70 points on.
        let module = 96.0 / 29
        let wrong = (0..<(21 * 21)).filter { index in
            let x = Int((54 + (Double(index % 21) + 4.5) * module) * 2)
            let y = Int((70 + (Double(index / 21) + 4.5) * module) * 2)
            return (page.grey[y * page.width + x] < 128) != ((index % 21 + index / 21) % 2 == 0)
        }
        #expect(wrong.isEmpty)
    }

    @Test("The heat map is over the picture where its values are, and nowhere else")
    func heatMap() throws {
        func page(_ values: [Float]) throws -> PDFTools.Page {
            let figure = ReportDocument.Figure(
                jpeg: ReportDocumentsTests.tinyJPEG, overlay: .init(columns: 2, rows: 1, values: values), caption: "",
                alternative: "x")
            let pdf = try PDFRenderer().render(ReportDocumentsTests.document([.figures([figure])]))
            return try #require(try PDFTools.pages(pdf, dpi: 72).first)
        }
        let (none, right, broken) = try (page([0, 0]), page([0, 1]), page([.nan, -.infinity]))
        // The picture is 302 points wide, from 54 and 70 points on.
        func differs(_ one: PDFTools.Page, _ other: PDFTools.Page, x: Int) -> Bool {
            (80..<280).contains { abs(Int(one.grey[$0 * one.width + x]) - Int(other.grey[$0 * other.width + x])) > 12 }
        }
        #expect(!differs(none, right, x: 100))
        #expect(differs(none, right, x: 330))
        #expect(!differs(none, broken, x: 330))
    }
}

extension PageTests {
    /// The pages of ``ArchiveTests/full``, each as rows of grey from 0 to 9.
    static let reference: [[String]] = [
        [
            "999999999999999999999999",
            "999999999999999999999999",
            "998888889999999999999999",
            "998999999999999999999999",
            "999888899999999999999999",
            "998889999999999999999999",
            "999999999999999999999999",
            "998899999999999999999999",
            "999999989999999999999999",
            "995455444556655554455599",
            "993111111113311111111299",
            "994222222224422222222399",
            "995444444445544433333499",
            "996555555556655444555699",
            "997666666667655566777899",
            "998888888888766677888999",
            "999999999999877888999999",
            "999999999999999999999999",
            "999899999999999999999999",
            "999999999999999999999999",
            "999899999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999889999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
            "999999999999999999999999",
        ]
    ]
}
