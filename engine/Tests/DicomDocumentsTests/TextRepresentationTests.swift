import Testing

@testable import DicomDocuments

@Suite("Text in DICOM elements")
struct TextRepresentationTests {
    @Test(
        "One line has no control character, no backslash and no turn of direction",
        arguments: [
            ("a\\b", "a\u{FF3C}b"), ("a\nb\tc", "a b c"), ("\u{1B}[31mred\u{0}", "[31mred"), ("  a  ", "a"),
            ("abc\u{202E}def\u{2066}", "abcdef"), ("\u{FEFF}x\u{7F}", "x"), ("Ж 漢 👩‍⚕️", "Ж 漢 👩‍⚕️"),
            ("\u{85}\u{9B}x", "x"),
        ])
    func line(text: String, written: String) {
        #expect(TextRepresentation.lo.value(of: text) == written)
    }

    @Test("Code points that no text may have are left out", arguments: [UInt32(0xFFFE), 0xFFFF, 0xFDD0, 0x1FFFF])
    func nonCharacters(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(TextRepresentation.lo.value(of: "a\(Character(scalar))b") == "ab")
    }

    @Test("Several lines end as DICOM has it, and keep their backslashes")
    func lines() {
        #expect(TextRepresentation.ut.value(of: "a\\b\r\nc\rd\n\n\u{2028}e\n") == "a\\b\r\nc\r\nd\r\n\r\n\r\ne")
    }

    @Test(
        "No text is longer than its representation takes",
        arguments: [
            (TextRepresentation.lo, 64), (.sh, 16), (.st, 1024), (.lt, 10_240), (.pn, 64),
        ], ["x", "é", "👩‍👩‍👧‍👦", "a\u{301}\u{302}\u{303}", "\u{1F3F4}"])
    func limits(case one: (TextRepresentation, Int), character: String) {
        let text = String(repeating: character, count: 10_300)
        let written = one.0.value(of: text)
        #expect(written.unicodeScalars.count <= one.1)
        #expect(written.unicodeScalars.count > one.1 - 8)
        #expect(written.hasPrefix(character) && written.hasSuffix("…"))
        #expect(written.dropLast().allSatisfy { String($0) == character })
    }

    @Test("The blank that makes the number of bytes even is within the limit", arguments: 60...70)
    func padding(count: Int) {
        var set = DataSet()
        set.set(0x0008_1030, .lo, String(repeating: "x", count: count) + "é")
        let value = String(decoding: set.encoded().dropFirst(8), as: UTF8.self)
        #expect(value.utf8.count % 2 == 0 && value.unicodeScalars.count <= 64)
    }

    @Test("A character of 10,000 marks is cut too, and a text without a limit isn't")
    func marks() {
        let heap = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect(TextRepresentation.lo.value(of: heap).unicodeScalars.count == 64)
        #expect(TextRepresentation.ut.value(of: heap) == heap)
    }

    @Test(
        "What is no date, age, code or UID isn't written",
        arguments: [
            (TextRepresentation.da, "20261301"), (.da, "2026-11-28"), (.da, "19991232"), (.as, "54Y"), (.as, "054X"),
            (.cs, "chest"), (.cs, "A\\B"), (.cs, "ABCDEFGHIJKLMNOPQ"), (.ui, "1..2"), (.ui, "1.02"), (.ui, "1"),
            (.ui, "1.2.x"), (.ui, "1." + String(repeating: "1", count: 63)), (.ds, "1,5"), (.is, "1234567890123"),
        ])
    func invalid(vr: TextRepresentation, text: String) {
        #expect(vr.value(of: text) == "")
    }

    @Test(
        "Names: all that somebody wrote is one component; the components of a file stay",
        arguments: [
            (PersonName("J. D."), "J. D."), (PersonName("a^b=c\\d"), "a\u{FF3E}b\u{FF1D}c\u{FF3C}d"),
            (PersonName(dicom: "DOE^JANE^^^"), "DOE^JANE"), (PersonName(dicom: "A^B^C^D^E^F"), "A^B^C^D^E\u{FF3E}F"),
            (PersonName(dicom: "=x^y"), "\u{FF1D}x^y"), (PersonName(dicom: ""), ""), (PersonName("\n\u{7}"), ""),
            (PersonName(dicom: "^JANE"), "^JANE"),
        ])
    func names(name: PersonName, written: String) {
        #expect(name.value == written)
    }

    @Test("A long name of a file loses its last components, then its end")
    func longName() {
        let long = String(repeating: "x", count: 60)
        #expect(PersonName(dicom: "\(long)^JANE^Q").value == long)
        #expect(PersonName(dicom: "\(long)yyyyyyyyyy^JANE").value == "\(long)yyy…")
    }

    @Test(
        "Numbers take at most 16 characters",
        arguments: [
            (0.5, "0.5"), (1, "1"), (-0.1234567890123456, "-0.1234567890123"), (1.0 / 3, "0.33333333333333"),
            (1e-300, "1e-300"), (-1.2345678901234567e-300, "-1.234567890e-300"), (1e15, "1000000000000000"),
        ])
    func numbers(value: Double, written: String) throws {
        let text = try #require(DataSet.decimal(value))
        #expect(text.utf8.count <= 16)
        #expect(abs((Double(text) ?? 0) - value) <= abs(value) * 1e-9)
        #expect(text.count <= written.count)
        #expect(DataSet.decimal(.nan) == nil && DataSet.decimal(.infinity) == nil)
    }
}
