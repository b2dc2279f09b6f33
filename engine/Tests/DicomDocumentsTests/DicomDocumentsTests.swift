import Foundation
import ReportDocuments
import Testing

@testable import DicomDocuments

@Suite("DICOM documents")
struct DicomDocumentsTests {
    static func context(name: String = "J. D.", source: InstanceReference? = nil) -> DicomContext {
        DicomContext(
            patient: .init(name: PersonName(name), id: "4711", birthDate: "19720229", sex: "F", age: "054Y"),
            study: .init(uid: "1.2.3", date: "20261101", description: "Thorax p.a."),
            equipment: .init(uid: "1.2.4", manufacturer: "Lightbox", model: "Lightbox", versions: ["9", "1\\2"]),
            source: source, reportID: "report", createdAt: Date(timeIntervalSince1970: 1_800_000_000),
            seriesDescription: "Report")
    }

    static let source = InstanceReference(
        studyUID: "1.2.3", seriesUID: "1.2.3.1", classUID: "1.2.840.10008.5.1.4.1.1.1", instanceUID: "1.2.3.1.1")

    static func pdf(_ count: Int) -> [UInt8] {
        Array("%PDF-".utf8) + (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }

    static func encapsulated(_ pdf: [UInt8] = pdf(100), _ context: DicomContext = context()) throws -> GappedDocument {
        try EncapsulatedPDF.make(pdf, title: "Chest", showsPatient: true, in: context) { 80 + $0 % 2 }
    }

    static func value(_ tag: UInt32, _ document: GappedDocument) throws -> [UInt8]? {
        try ElementParser.file(document.bytes).first { $0.tag == tag }?.value
    }

    @Test("The PDF comes out as it went in", arguments: [0, 1, 1000, 70_001])
    func pdfStays(count: Int) throws {
        let pdf = Self.pdf(count)
        let document = try Self.encapsulated(pdf)
        let length = try #require(try Self.value(0x0042_0015, document)).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == pdf.count)
        #expect(try Self.value(0x0042_0011, document).map { Array($0.prefix(length)) } == pdf)
    }

    @Test("Elements stand in the order of their tags, each with an even length; the group's length is true")
    func order() throws {
        let document = try Self.encapsulated()
        let elements = try ElementParser.file(document.bytes)
        #expect(elements.map(\.tag) == elements.map(\.tag).sorted())
        #expect(Set(elements.map(\.tag)).count == elements.count)
        #expect(elements.allSatisfy { $0.value.count % 2 == 0 })
        let meta = elements.filter { $0.tag >> 16 == 2 }
        let size = meta.dropFirst().map { $0.value.count + ($0.vr == "OB" ? 12 : 8) }.reduce(0, +)
        #expect(meta.first?.value == [UInt8(size & 0xFF), UInt8(size >> 8), 0, 0])
        #expect(try Self.value(0x0018_1020, document) == Array("9\\1\u{FF3C}2 ".utf8))
    }

    @Test("The gap is the value of our private element, as long as was asked for, and all blanks")
    func gap() throws {
        var covered = 0
        let document = try EncapsulatedPDF.make(Self.pdf(10), title: "", showsPatient: false, in: Self.context()) {
            covered = $0
            return 642
        }
        #expect(document.gap == covered..<covered + 642 && document.gap.upperBound == document.bytes.count)
        let elements = try ElementParser.file(document.bytes)
        #expect(elements.suffix(2).map(\.tag) == [0x0099_0010, 0x0099_1001])
        #expect(elements.suffix(2).map(\.vr) == ["LO", "UT"])
        #expect(elements.suffix(2).first?.text == "LIGHTBOX")
        #expect(elements.last?.value == [UInt8](repeating: 0x20, count: 642))
        #expect(throws: DicomDocumentFault.self) {
            try EncapsulatedPDF.make([], title: "", showsPatient: false, in: Self.context()) { _ in 7 }
        }
    }

    @Test("The same content gives the same bytes; any other one has another instance UID")
    func deterministic() throws {
        let one = try Self.encapsulated()
        #expect(try Self.encapsulated() == one)
        #expect(try Self.value(0x0008_0018, one) == Self.value(0x0002_0003, one))
        let others = [
            try Self.encapsulated(Self.pdf(101)),
            try Self.encapsulated(Self.pdf(100), Self.context(name: "K")),
            try Self.encapsulated(Self.pdf(100), Self.context(source: Self.source)),
        ]
        let all = try ([one] + others).map { try Self.value(0x0008_0018, $0) }
        #expect(Set(all).count == all.count)
        let uid = String(decoding: try #require(all[0]).filter { $0 != 0 }, as: UTF8.self)
        #expect(uid.hasPrefix("2.25.") && DerivedUID.isUID(uid))
        #expect(DerivedUID.make("a", "b") != DerivedUID.make("ab") && DerivedUID.make("a") == DerivedUID.make("a"))
    }

    @Test("A study without a valid UID is refused")
    func study() {
        var context = Self.context()
        context.study.uid = "1.2.3\\4"
        #expect(throws: DicomDocumentFault(.notAUID, "The study, or the equipment, has no valid UID.")) {
            try Self.encapsulated([], context)
        }
    }

    @Test("Sequences of undefined length say the same as those of explicit length")
    func lengths() throws {
        var inner = DataSet()
        inner.set(0x0008_0104, .lo, "deep")
        var middle = DataSet()
        middle.set(0x0008_1115, items: [inner, DataSet(), inner])
        middle.set(0x0008_1199, items: [])
        var outer = DataSet()
        outer.set(0x0040_A730, items: [middle])
        outer.set(0x0040_A375, items: [])
        let explicit = outer.encoded(.explicit)
        let undefined = outer.encoded(.undefined)
        #expect(explicit != undefined)
        let parsed = try ElementParser.data(explicit[...])
        #expect(try ElementParser.data(undefined[...]) == parsed)
        #expect(parsed.map(\.tag) == [0x0040_A375, 0x0040_A730])
        #expect(parsed[1].items[0][0].items.map(\.count) == [1, 0, 1])
    }

    @Test("A structured report has its tree, its evidence and its flags")
    func structured() throws {
        let source = try #require(Self.source)
        let title = Code("126000", "DCM", "Imaging Measurement Report")
        let own = Code("a-code-of-more-than-sixteen", "99X", "Own")
        let root = ContentItem(
            .contains, title, .container(template: "1500"),
            children: [
                ContentItem(.contains, own, .text("a\\b\nc")), ContentItem(.contains, own, .text("\u{0}")),
                ContentItem(.contains, own, .number(1.0 / 3, unit: Code("1", "UCUM", "no units"))),
                ContentItem(.contains, own, .number(.nan, unit: Code("1", "UCUM", "no units"))),
                ContentItem(.contains, nil, .image(source)), ContentItem(.contains, nil, .image(source)),
                ContentItem(.contains, own, .personName(PersonName("=^"))),
            ])
        let report = StructuredReport(
            context: Self.context(source: source), root: root, isComplete: false, completion: "No reading",
            codingSchemes: [.init(designator: "99X", uid: "2.25.1", version: "1", name: "n", organization: "o")])
        let elements = try ElementParser.file(try report.make { _ in 100 }.bytes)
        func element(_ tag: UInt32) -> ParsedElement? { elements.first { $0.tag == tag } }
        #expect(element(0x0040_A491)?.text == "PARTIAL " && element(0x0040_A493)?.text == "UNVERIFIED")
        #expect(element(0x0040_A496)?.text == "PRELIMINARY " && element(0x0008_0060)?.text == "SR")
        #expect(element(0x0040_A375)?.items.count == 1)
        let content = try #require(element(0x0040_A730)).items
        let types = content.map { $0.first { $0.tag == 0x0040_A040 }?.text.trimmingCharacters(in: .whitespaces) }
        #expect(types == ["TEXT", "NUM", "NUM", "IMAGE", "IMAGE", "PNAME"])
        #expect(content[0].first { $0.tag == 0x0040_A160 }?.text == "a\\b\r\nc")
        #expect(content[0].first { $0.tag == 0x0040_A043 }?.items[0][0].tag == 0x0008_0102)
        #expect(content[0].first { $0.tag == 0x0040_A043 }?.items[0].last?.text == "a-code-of-more-than-sixteen ")
        let measured = content.map { item in item.first { $0.tag == 0x0040_A300 }.map(\.items) ?? [] }
        #expect(measured[1][0].contains { $0.tag == 0x0040_A161 } && measured[2].isEmpty)
    }
}
