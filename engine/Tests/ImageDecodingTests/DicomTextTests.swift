import Domain
import ImageDecoding
import Testing

@Suite struct DicomTextTests {
    static func summary(_ elements: [DicomWriter.Element], charset: String? = nil) throws -> DicomSummary {
        let set = charset.map { [DicomWriter.Element.text(0x0008_0005, "CS", $0)] } ?? []
        let bytes = DicomWriter().write(RefusalTests.plain + set + elements)
        return try #require(try PictureDecoder.tiny.inspect(bytes).dicom)
    }

    static func name(_ bytes: [UInt8], _ charset: String?) throws -> String? {
        try summary([.bytes(0x0010_0010, "PN", bytes)], charset: charset).patientName
    }

    @Test("Every attribute of the summary is read")
    func attributes() throws {
        let found = try Self.summary([
            .text(0x0008_0060, "CS", "DX"), .text(0x0018_0015, "CS", "CHEST"), .text(0x0018_5101, "CS", "PA"),
            .text(0x0020_0062, "CS", "U"), .text(0x0010_0010, "PN", "DOE^JANE"), .text(0x0010_0020, "LO", "4711"),
            .text(0x0010_0040, "CS", "F"), .text(0x0010_0030, "DA", "19640229"), .text(0x0010_1010, "AS", "060Y"),
            .text(0x0008_0020, "DA", "20240301"), .text(0x0008_1030, "LO", "Thorax p.a."),
            .text(0x0028_0301, "CS", "NO"),
        ])
        #expect(
            found
                == DicomSummary(
                    transferSyntax: "1.2.840.10008.1.2.1", photometricInterpretation: "MONOCHROME2", modality: "DX",
                    bodyPart: "CHEST", viewPosition: "PA", imageLaterality: "U", patientName: "DOE^JANE",
                    patientID: "4711", patientSex: "F", patientBirthDate: "19640229", patientAge: "060Y",
                    studyDate: "20240301", studyDescription: "Thorax p.a.", burnedInAnnotation: "NO"))
    }

    @Test("The UIDs of the file are read; what is none isn't passed on")
    func identifiers() throws {
        let found = try Self.summary([
            .bytes(0x0008_0016, "UI", Array("1.2.840.10008.5.1.4.1.1.1\0".utf8)),
            .bytes(0x0008_0018, "UI", Array("1.2.3\0".utf8)), .text(0x0020_000D, "UI", "1.2.3; DROP"),
            .text(0x0020_000E, "UI", "1.02"),
        ])
        #expect(found.sopClassUID == "1.2.840.10008.5.1.4.1.1.1" && found.sopInstanceUID == "1.2.3")
        #expect(found.studyInstanceUID == nil && found.seriesInstanceUID == nil)
    }

    @Test("Absent and empty attributes are nil")
    func empty() throws {
        let found = try Self.summary([.text(0x0010_0010, "PN", ""), .text(0x0008_1030, "LO", "    ")])
        #expect(found.patientName == nil && found.studyDescription == nil && found.modality == nil)
    }

    @Test("Names are read in the character set that the file declares")
    func characterSets() throws {
        #expect(try Self.name([0x4A, 0xE9, 0x72, 0xF4], "ISO_IR 100") == "Jérô")
        #expect(try Self.name(Array("Müller^Žofie".utf8), "ISO_IR 192") == "Müller^Žofie")
        #expect(try Self.name([0xBB, 0xEE, 0xDA, 0x63, 0x65], "ISO_IR 144") == "Люкce")
        #expect(try Self.name([0xC4, 0xE9, 0xEF], "ISO_IR 126") == "Διο")
        #expect(try Self.name([0xDD, 0x73], "ISO_IR 148") == "İs")
        #expect(try Self.name([0xE9, 0x41], nil) == "\u{FFFD}A")
        #expect(try Self.name([0x41, 0xFF, 0x42], "ISO_IR 192") == "A\u{FFFD}B")
    }

    @Test("Of a name in several scripts the first that says something is kept")
    func nameGroups() throws {
        let latin = Array("Yamada^Tarou".utf8)
        let kanji: [UInt8] = [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42]
        #expect(try Self.name(latin + [0x3D] + kanji, "\\ISO 2022 IR 87") == "Yamada^Tarou")
        #expect(try Self.name(Array("=山田^太郎".utf8), "ISO_IR 192") == "山田^太郎")
    }

    @Test("Control and direction characters are removed, blanks trimmed, long texts cut")
    func cleaning() throws {
        let hostile = "  <b>A\u{1B}[31m\u{202E}B\u{7}\r\nC\u{200B}\u{0}  "
        #expect(
            try Self.summary([.text(0x0008_1030, "LO", hostile)], charset: "ISO_IR 192").studyDescription
                == "<b>A[31mBC")
        let long = String(repeating: "ä", count: 5000)
        #expect(
            try Self.summary([.text(0x0008_1030, "LO", long)], charset: "ISO_IR 192").studyDescription
                == String(repeating: "ä", count: 128))
    }

    @Test("Orientation and spacing are read; a spacing that cannot be is left out")
    func geometry() throws {
        func summary(_ elements: [DicomWriter.Element]) throws -> DicomSummary? {
            let image = DicomWriter.image(rows: 1, columns: 2) + [DicomWriter.pixels([1, 2])]
            return try PictureDecoder.tiny.inspect(DicomWriter().write(image + elements)).dicom
        }
        let found = try summary([
            .text(0x0020_0020, "CS", "L\\F"), .text(0x0028_0030, "DS", "0.139\\0.14 "),
            .text(0x0018_1164, "DS", "0.2\\0.2"),
        ])
        #expect(found?.patientOrientation == "L\\F")
        #expect(found?.pixelSpacing == [0.139, 0.14] && found?.imagerPixelSpacing == [0.2, 0.2])
        for spacing in ["0\\0", "0.1", "-1\\1", "nan\\1", "1\\2\\3", "x\\y"] {
            #expect(try summary([.text(0x0028_0030, "DS", spacing)])?.pixelSpacing == nil, "\(spacing)")
        }
    }
}
