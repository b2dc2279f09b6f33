import Domain
import Foundation
import ReportDocuments
import Testing

@testable import ReportRendering
@testable import Workflows

@Suite("Reports as plain text")
struct PlainTextTests {
    static func document(_ blocks: [ReportDocument.Block]) -> ReportDocument {
        ReportDocument(
            metadata: .init(title: "t", author: "a", subject: "s", keywords: [], created: "2026-11-23T10:00:00Z"),
            header: "head", footer: "foot", blocks: blocks)
    }

    static func lines(_ blocks: [ReportDocument.Block]) -> [String] { lines(document(blocks)) }

    static func lines(_ document: ReportDocument) -> [String] {
        String(decoding: PlainTextRenderer.render(document) { _ in 0 }.bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("Headings are underlined as long as they are")
    func headings() {
        let lines = Self.lines([.heading(level: 1, "One"), .heading(level: 2, "Zwei ä"), .heading(level: 3, "三")])
        #expect(Array(lines[2...9]) == ["One", "===", "", "Zwei ä", "------", "", "  三", "  ~~"])
    }

    @Test("Paragraphs are broken at 78 columns")
    func paragraphs() {
        let lines = Self.lines([.paragraph(String(repeating: "word ", count: 40))])
        #expect(lines.contains("  " + String(repeating: "word ", count: 15).dropLast()))
        #expect(lines.allSatisfy { $0.count <= 78 })
    }

    @Test("A table that fits stands in columns, another one in records")
    func tables() {
        let narrow = Self.lines([
            .table(.init(header: ["A", "Long"], rows: [["x", "1"], ["yyy", "2"]], weights: [1, 1]))
        ])
        #expect(Array(narrow[2...5]) == ["  A    Long", "  ---  ----", "  x    1", "  yyy  2"])
        let long = String(repeating: "z", count: 90)
        let wide = Self.lines([.table(.init(header: ["A", "B"], rows: [["x", long], ["y", "b"]], weights: [1, 1]))])
        #expect(wide[2] == "  A: x" && wide[3] == "    B:" && wide[4].hasPrefix("        zz"))
        #expect(wide.contains("  A: y") && wide.contains("    B: b"))
    }

    @Test("Figures are told by their alternate text")
    func figures() {
        let lines = Self.lines([.figures([.init(jpeg: [], caption: "Caption", alternative: "A chest")])])
        #expect(lines.contains("  [Picture: A chest]") && lines.contains("      Caption"))
    }

    @Test("The gap is the last line, and its length is asked for by the bytes that are covered")
    func gap() {
        let plain = PlainTextRenderer.render(Self.document([.paragraph("x")])) { _ in 0 }
        var asked = 0
        let sealed = PlainTextRenderer.render(Self.document([.paragraph("x")])) { covered in
            asked = covered
            return 40
        }
        #expect(asked == plain.bytes.count && sealed.bytes.count == asked + 40)
        #expect(sealed.gap.count == 40 && sealed.gap.upperBound == sealed.bytes.count - 1)
        #expect(sealed.bytes[sealed.gap].allSatisfy { $0 == 0x20 } && sealed.bytes.last == 0x0A)
        #expect(sealed.bytes[sealed.gap.lowerBound - 1] == 0x0A)
        var rest = sealed.bytes
        rest.removeSubrange(sealed.gap)
        #expect(rest == plain.bytes)
    }

    static let hostile: [(String, String)] = [
        ("escape codes", "\u{1B}[2J\u{1B}]0;title\u{07}x"), ("nul", "a\u{0}b"), ("backspaces", "a\u{8}\u{8}b"),
        ("right to left", "\u{202E}txet\u{202C} \u{2067}x\u{2069}\u{200F}\u{061C}"), ("C1", "\u{9B}2J\u{85}next"),
        ("tags", "a\u{E0041}\u{E0042}b\u{200B}\u{FEFF}c"), ("a heading", "Findings\n--------\n\nNothing."),
        ("carriage return", "a\rb\r\nc"), ("separators", "a\u{2028}b\u{2029}c\u{0B}d\u{0C}e\tf"),
        ("10,000 letters", String(repeating: "W", count: 10_000)),
        ("10,000 ideographs", String(repeating: "漢", count: 10_000)),
        ("10,000 lines", String(repeating: "x\n", count: 10_000)),
        ("accents", "a" + String(repeating: "\u{0301}", count: 5_000)), ("emoji", "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽"),
        ("script", "<script>alert(1)</script>"), ("seal", "LIGHTBOX-SEAL-1:abc"),
    ]

    @Test("Whatever is typed stays text, and stays in its place", arguments: hostile)
    func harmless(name: String, text: String) throws {
        var content = try ReportFixtures.full()
        content.answers["reason"] = .text(text)
        content.answers["pseudonym"] = .text(text)
        content.responsible = text
        content.reading = OwnReading(
            analysisID: content.analysis.id, clinician: text, text: text, recordedAt: ReportFixtures.start,
            isBlind: true)
        content.conversations[0].title = text
        content.conversations[0].exchanges[0].question = text
        for audience in Report.Audience.allCases {
            content.options.audience = audience
            let document = try ReportWords.document(for: content)
            let lines = Self.lines(document)
            #expect(!lines.contains { TextWidth.of($0) > 78 })
            let dangerous = lines.joined().unicodeScalars.filter { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format: ![0x200C, 0x200D].contains(scalar.value)
                default: false
                }
            }
            #expect(dangerous.isEmpty, "\(name)")
            // No line that was typed can be taken for a heading or for the seal.
            let headings = document.blocks.compactMap { if case .heading(1...2, let text) = $0 { text } else { nil } }
            for heading in headings { #expect(lines.filter { $0 == heading }.count == 1, "\(name): \(heading)") }
            #expect(!lines.contains { $0.hasPrefix("LIGHTBOX-SEAL") })
        }
    }

    @Test("What is harmless is kept as it is")
    func kept() {
        for text in ["Ärztin", "محمد", "משה", "Иван", "山田", "नमस्ते", "می\u{200C}خواهم", "👩‍👧", "a\nb", "Việt"] {
            #expect(SafeText.cleaned(text) == text)
        }
        #expect(SafeText.cleaned("a\r\nb\rc\u{2028}d") == "a\nb\nc\nd")
        #expect(SafeText.cleaned("\u{1B}[31mred") == "\u{FFFD}[31mred")
        #expect(SafeText.line("a\n\n b", atMost: 3) == "a …")
    }
}
