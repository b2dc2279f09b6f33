import Foundation
import ReportDocuments
import Testing

/// What the update adds to cairo's PDF, looked at by qpdf (in pikepdf), poppler and `tests/support/pdf_archive.py`.
@Suite("PDF for archives")
struct ArchiveTests {
    static let sample = ReportDocumentsTests.sample

    static var full: ReportDocument {
        var document = sample
        document.watermark = "Research and education"
        document.stamp = "This model was withdrawn."
        document.language = "de"
        document.blocks += [
            .table(.init(header: ["A", "B"], rows: [["1", "2"]], weights: [1, 1], rowHeaders: true)),
            .code(.init(modules: [[true, false], [false, true]], caption: "Scan it")),
            .paragraph("Ωμέγα Жук عربى 中文"),
        ]
        return document
    }

    @Test("A document keeps the rules of PDF/A-2b that are checked", arguments: ReportDocument.Paper.allCases)
    func rules(paper: ReportDocument.Paper) throws {
        for var document in [Self.full, Self.sample, ReportDocumentsTests.document([])] {
            document.paper = paper
            #expect(try PDFTools.archiveProblems(PDFRenderer().render(document)) == "")
        }
    }

    @Test(
        "The check sees what is missing",
        arguments: [
            "/Alt ", "/Scope ", "/Lang ", "/OutputIntents", "/CIDToGIDMap", "/Artifact BMC", "<pdfaid:part>2", "/ID [",
            "/Metadata ", "(cairo", "/Interpolate false",
        ])
    func checkOfTheCheck(words: String) throws {
        let pdf = try PDFRenderer().render(Self.full)
        // The contents of pages are compressed: there, the filter is what is broken.
        let target = words == "/Artifact BMC" ? "/Filter /FlateDecode /Length" : words
        // The last one is in the catalog, not in a stream.
        let found = try #require(pdf.ranges(of: target.utf8).last, "\(target)")
        var broken = pdf
        if words == "/Interpolate false" {
            broken.replaceSubrange(found, with: "/Interpolate true ".utf8)
        } else {
            broken[found.lowerBound + 1] = UInt8(ascii: "x")
        }
        #expect(try PDFTools.archiveProblems(broken) != "")
    }

    @Test("Titles, dates, keywords and language are in the information dictionary and in XMP")
    func metadata() throws {
        var document = Self.full
        document.metadata.title = "Title < & > Ω"
        document.metadata.created = "2026-11-23T10:00:00+01:00"
        let pdf = try PDFRenderer().render(document)
        #expect(try PDFTools.archiveProblems(pdf) == "")
        let info = try PDFTools.poppler("pdfinfo", ["-isodates"], on: pdf)
        #expect(info.contains("Title:           Title < & > Ω"))
        #expect(info.contains("CreationDate:    2026-11-23T10:00:00+01"))
        let xmp = try PDFTools.poppler("pdfinfo", ["-meta"], on: pdf)
        for words in [
            "Title &lt; &amp; &gt; Ω", "<xmp:CreateDate>2026-11-23T10:00:00+01:00</xmp:CreateDate>",
            "<rdf:li>de</rdf:li>", "<rdf:li>a</rdf:li><rdf:li>b</rdf:li>", "<pdf:Keywords>a, b</pdf:Keywords>",
        ] {
            #expect(xmp.contains(words), "\(words)")
        }
        document.metadata.created = "yesterday"
        #expect(try PDFTools.archiveProblems(PDFRenderer().render(document)) == "")
    }

    @Test("Whatever the length of the gap, it is where it is said to be, and the file is whole")
    func gap() throws {
        var covered: Set<Int> = []
        for length in [0, 2, 1000, 40_000, 1_000_000] {
            var told = 0
            var made = try PDFRenderer().render(Self.full) {
                told = $0
                return length
            }
            covered.insert(told)
            #expect(made.gap.count == length)
            #expect(made.bytes.count == told + length)
            #expect(made.bytes[made.gap].allSatisfy { $0 == 0x20 })
            for place in made.gap { made.bytes[place] = [0x29, 0x3e, 0x5c, 0x41][place % 4] }
            #expect(try PDFTools.archiveProblems(made.bytes) == "", "\(length)")
        }
        #expect(covered.count == 1)
    }

    @Test("What is outside of the gap doesn't depend on it, but for its length and the offset after it")
    func gapBytes() throws {
        let first = try PDFRenderer().render(Self.full) { _ in 100 }
        let second = try PDFRenderer().render(Self.full) { _ in 100 }
        #expect(first == second)
        #expect(try PDFRenderer().render(Self.full) { _ in 0 }.bytes == PDFRenderer().render(Self.full))
    }

    @Test("Other content has another identifier, the same content the same")
    func identifier() throws {
        func identifier(_ document: ReportDocument) throws -> String {
            let text = String(decoding: try PDFRenderer().render(document), as: UTF8.self)
            return String(try #require(text.firstMatch(of: /\/ID \[ <([0-9a-f]{32})>/)).1)
        }
        var other = Self.full
        other.metadata.subject += "."
        #expect(try identifier(Self.full) == identifier(Self.full))
        #expect(try identifier(Self.full) != identifier(other))
    }

    @Test("Header, footer, page numbers, watermark and repeated headers aren't part of the structure")
    func artifacts() throws {
        var document = ReportDocumentsTests.document([
            .table(.init(header: ["Finding", "Value"], rows: (0..<90).map { ["row\($0)", "x"] }, weights: [1, 1]))
        ])
        document.watermark = "Watermark"
        document.stamp = "Withdrawn"
        let pdf = try PDFRenderer().render(document)
        #expect(try PDFTools.pageCount(pdf) >= 3)
        let structure = try PDFTools.poppler("pdfinfo", ["-struct-text"], on: pdf)
        for words in ["Header", "Footer", "Page 1", "Watermark"] { #expect(!structure.contains(words), "\(words)") }
        #expect(structure.ranges(of: "Finding").count == 1)
        #expect(structure.ranges(of: "Withdrawn").count == 1)
        let text = try PDFTools.poppler("pdftotext", on: pdf)
        #expect(text.ranges(of: "Finding").count == (try PDFTools.pageCount(pdf)))
        #expect(text.ranges(of: "Withdrawn").count == (try PDFTools.pageCount(pdf)))
    }

    @Test("A picture that is shown twice is in the document once, as it came")
    func picturesOnce() throws {
        let pdf = try PDFRenderer().render(Self.full)
        let jpeg = ReportDocumentsTests.tinyJPEG
        let found = try #require(pdf.firstRange(of: jpeg))
        #expect(pdf[found.upperBound...].firstRange(of: jpeg) == nil)
        let list = try PDFTools.poppler("pdfimages", ["-list"], on: pdf)
        #expect(list.contains("jpeg"))
        #expect(list.contains("smask"))
    }

    @Test("Without its fonts no document is made, and the error says so")
    func fontMissing() throws {
        do throws(ReportDocumentError) {
            _ = try PDFRenderer(families: ["No Such Font"]).render(Self.sample)
            Issue.record("It was made all the same.")
        } catch {
            #expect(error.code == .fontMissing)
            #expect(error.message.contains("No Such Font"))
        }
        #expect(throws: Never.self) {
            try PDFRenderer(families: ["No Such Font", "Liberation Sans"]).render(Self.sample)
        }
    }
}
