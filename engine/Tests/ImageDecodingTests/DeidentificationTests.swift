import DicomElements
import Domain
import Foundation
import Testing

@testable import ImageDecoding

@Suite("De-identification")
struct DeidentificationTests {
    typealias Element = DicomWriter.Element

    static func write(
        _ bytes: [UInt8], key: (UInt64, UInt64) = (1, 2), pieceLength: Int = 1 << 20
    ) throws -> (file: [UInt8], changes: [DeidentifiedElement]) {
        var limits = PictureLimits.standard
        limits.minEdge = 1
        var file: [UInt8] = []
        let changes = try bytes.withUnsafeBytes { buffer in
            try Deidentification(limits: limits, key: key).write(buffer, pieceLength: pieceLength) { piece in
                #expect(!piece.isEmpty && piece.count <= pieceLength)
                file += piece
            }
        }
        return (file, changes)
    }

    static func refusal(_ bytes: [UInt8]) -> PictureFault.Code? {
        do {
            _ = try write(bytes)
            return nil
        } catch {
            return (error as? PictureFault)?.code
        }
    }

    /// A film of two pixels that names somebody everywhere.
    static func film(undefinedLength: Bool = false) -> [Element] {
        DicomWriter.image(rows: 1, columns: 2) + DicomWriter.window("40", "400") + [
            .text(0x0008_0000, "UL", "1234"), .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1"),
            .text(0x0008_0018, "UI", "1.2.3.4.5"), .text(0x0008_0020, "DA", "20240131"),
            .text(0x0008_0021, "DA", "20240131"), .text(0x0008_0050, "SH", "ACC-SECRET"),
            .text(0x0008_0060, "CS", "DX"), .text(0x0008_0080, "LO", "SECRET Hospital"),
            .text(0x0008_1030, "LO", "SECRET study"), .text(0x0008_0005, "CS", "ISO_IR 100"),
            .items(
                0x0008_1140,
                [.text(0x0008_1150, "UI", "1.2.840.10008.5.1.4.1.1.1"), .text(0x0008_1155, "UI", "1.2.3.4.5")],
                undefinedLength: undefinedLength),
            .text(0x0009_0010, "LO", "SECRET MAKER"), .text(0x0009_1001, "LO", "SECRET private"),
            .text(0x0010_0010, "PN", "SECRET^NAME"), .text(0x0010_0020, "LO", "SECRET-ID"),
            .text(0x0010_0030, "DA", "19700101"), .text(0x0010_0040, "CS", "M"),
            .text(0x0010_9998, "LO", "SECRET unknown"), .text(0x0018_0015, "CS", "CHEST"),
            .text(0x0018_5101, "CS", "PA"), .text(0x0018_700A, "SH", "SECRET-DET"),
            .text(0x0020_000D, "UI", "1.2.3.4"), .text(0x0020_000E, "UI", "1.2.3.4.6"),
            .text(0x0020_9998, "LO", "SECRET unknown"), .text(0x0012_0063, "LO", "SECRET method"),
            .items(
                0x0040_0260,
                [
                    .text(0x0008_0100, "SH", "CODE"), .text(0x0010_0010, "PN", "SECRET^NESTED"),
                    .text(0x0011_1001, "LO", "SECRET private"),
                    .items(0x0008_1140, [.text(0x0008_1155, "UI", "1.2.3.4")], undefinedLength: undefinedLength),
                ], undefinedLength: undefinedLength),
            .text(0x0018_1000, "LO", "SECRET serial"), .text(0x5000_0022, "LO", "SECRET curve"),
            .bytes(0x6000_3000, "OW", Array("SECRET over".utf8)),
            .text(0x6002_4000, "LT", "SECRET comment"), DicomWriter.pixels([1, 2]),
        ]
    }

    @Test(
        "Nothing that names somebody is left, at any depth, in any encoding; the pixels and their meaning stay",
        arguments: [
            ("1.2.840.10008.1.2.1", DicomWriter.Encoding.explicitLittle), ("1.2.840.10008.1.2", .implicitLittle),
            ("1.2.840.10008.1.2.2", .explicitBig),
        ], [false, true])
    func clean(_ coding: (syntax: String, encoding: DicomWriter.Encoding), undefinedLength: Bool) throws {
        var writer = DicomWriter(syntax: coding.syntax, encoding: coding.encoding)
        writer.preamble = Array("SECRET".utf8) + [UInt8](repeating: 7, count: 122)
        let film = writer.write(Self.film(undefinedLength: undefinedLength))
        let (file, changes) = try Self.write(film)
        #expect(file.range(of: "SECRET") == nil)
        #expect(file.range(of: "1970") == nil && file.range(of: "2024") == nil)
        #expect(file.prefix(128).allSatisfy { $0 == 0 } && file.range(of: coding.syntax) != nil)
        for uid in ["1.2.3.4.5", "1.2.3.4.6", "1.2.3.4"] { #expect(file.range(of: uid) == nil) }

        let before = try PictureDecoder.tiny.decode(film)
        let after = try PictureDecoder.tiny.decode(file)
        #expect(before.grey == after.grey)
        let summary = try #require(after.inspection.dicom)
        #expect(summary.modality == "DX" && summary.bodyPart == "CHEST" && summary.viewPosition == "PA")
        #expect(summary.patientName == nil && summary.patientID == nil && summary.patientBirthDate == nil)
        #expect(summary.studyDate == nil && summary.studyDescription == nil)

        func action(_ tag: String) -> DeidentifiedElement? { changes.first { $0.tag == tag } }
        #expect(action("(0010,0010)") == DeidentifiedElement(tag: "(0010,0010)", name: "PatientName", action: .emptied))
        #expect(action("(0008,0018)")?.action == .replaced && action("(0008,0021)")?.action == .replaced)
        #expect(action("(0008,1030)")?.action == .removed && action("(6000,3000)")?.name == "OverlayData")
        #expect(action("(0009,1001)")?.name == "PrivateElement" && action("(5000,0022)")?.name == "CurveElement")
        #expect(action("(0028,0010)") == nil && action("(0018,0015)") == nil)
        #expect(changes.map(\.tag) == changes.map(\.tag).sorted() && Set(changes.map(\.tag)).count == changes.count)
    }

    @Test("One UID becomes one other, everywhere in a file, and another one with another key")
    func uids() throws {
        let film = DicomWriter().write(Self.film())
        let (file, _) = try Self.write(film)
        let new = String(decoding: ReplacementUIDs(key: (1, 2)).replacement(Array("1.2.3.4.5".utf8)), as: UTF8.self)
        #expect(new.hasPrefix("2.25.") && new.count <= 44)
        // The media's, the object's own, and the reference to it.
        #expect(file.count(of: new) == 3)
        #expect(try Self.write(film).file == file)
        let other = try Self.write(film, key: (1, 3)).file
        #expect(other != file && other.count(of: new) == 0)
        #expect(file.count(of: "1.2.840.10008.5.1.4.1.1.1") == 3)
    }

    @Test("It says that and how it was de-identified, in the order of tags")
    func statements() throws {
        let (file, _) = try Self.write(DicomWriter().write(Self.film()))
        let places = ["YES ", "Lightbox: PS3.15", "113100", "REMOVED "].map { file.range(of: $0)?.lowerBound ?? -1 }
        #expect(places == places.sorted() && places[0] > 0)
        #expect(file.count(of: "Lightbox: PS3.15") == 1)
    }

    @Test("Pieces of any length make the same file", arguments: [1, 13, 4096])
    func pieces(length: Int) throws {
        let film = DicomWriter().write(Self.film())
        #expect(try Self.write(film, pieceLength: length).file == Self.write(film).file)
    }

    @Test("What is no DICOM picture, or damaged, is refused and gives no piece")
    func refusals() {
        #expect(Self.refusal([]) == .emptyFile)
        #expect(Self.refusal(Fixture.jpegGrey) == .unsupportedFormat)
        #expect(Self.refusal(DicomWriter().write([.text(0x0008_0060, "CS", "SR")])) == .noPixels)
        let whole = DicomWriter().write(Self.film())
        for count in [140, 200, whole.count / 2, whole.count - 1] {
            let code = Self.refusal(Array(whole.prefix(count)))
            #expect(code == .damagedPicture || code == .noPixels, "\(count)")
        }
        var nested: [Element] = [.text(0x0008_0100, "SH", "deep")]
        for _ in 0..<40 { nested = [.items(0x0040_0260, nested, undefinedLength: true)] }
        #expect(Self.refusal(DicomWriter().write(nested + [DicomWriter.pixels([1])])) == .damagedPicture)
    }

    @Test("A sequence that can't be read is emptied, also where it is hidden in depth")
    func brokenSequence() throws {
        let broken = Element(tag: 0x0040_0260, vr: "SQ", value: .bytes(Array("\u{1}SECRET in a broken one".utf8) + [0]))
        let film = DicomWriter().write(DicomWriter.image(rows: 1, columns: 2) + [broken, DicomWriter.pixels([1, 2])])
        let (file, changes) = try Self.write(film)
        #expect(file.range(of: "SECRET") == nil)
        #expect(changes.map(\.tag) == ["(0040,0260)"])
        #expect(try PictureDecoder.tiny.decode(file).grey == PictureDecoder.tiny.decode(film).grey)
    }

    @Test("Files damaged at random are refused, or still name nobody by their tags")
    func fuzz() throws {
        var generator = SystemRandomNumberGenerator()
        let whole = DicomWriter().write(Self.film(undefinedLength: true))
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                bytes[.random(in: 132..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            guard let file = try? Self.write(bytes).file else { continue }
            // What was written can be read again, and has nothing left to take out.
            let again = try Self.write(file).changes
            #expect(again.allSatisfy { $0.action == .replaced }, "\(again)")
        }
    }

    @Test("The table has what the standard's has, and each of its lines is understood")
    func table() {
        let rules = DeidentificationProfile.standard.rules
        #expect(rules.count == 648)
        let expected: [(DicomTag, DeidentificationProfile.Action, String)] = [
            (0x0010_0010, .empty, "PatientName"), (0x0010_0020, .empty, "PatientID"),
            (0x0010_0030, .empty, "PatientBirthDate"), (0x0008_0050, .empty, "AccessionNumber"),
            (0x0008_0080, .dummy, "InstitutionName"), (0x0008_0081, .remove, "InstitutionAddress"),
            (0x0020_000D, .replaceUIDs, "StudyInstanceUID"), (0x0008_1140, .cleanItems, "ReferencedImageSequence"),
            (0x0018_1000, .dummy, "DeviceSerialNumber"), (0x0020_4000, .remove, "ImageComments"),
            (0x0040_A730, .dummy, "ContentSequence"), (0x0400_0561, .remove, "OriginalAttributesSequence"),
        ]
        for (tag, action, keyword) in expected {
            #expect(rules[tag]?.action == action && rules[tag]?.keyword == keyword, "\(keyword)")
        }
    }

    @Test("The hash gives the reference implementation's numbers")
    func sipHash() {
        let hash = SipHash(key: (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908))
        // vectors_sip128 of the reference code, as bytes from the first.
        let vectors: [[UInt8]] = [
            [0xA3, 0x81, 0x7F, 0x04, 0xBA, 0x25, 0xA8, 0xE6, 0x6D, 0xF6, 0x72, 0x14, 0xC7, 0x55, 0x02, 0x93],
            [0xDA, 0x87, 0xC1, 0xD8, 0x6B, 0x99, 0xAF, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9B, 0x22, 0xFC, 0x45],
        ]
        for (length, vector) in vectors.enumerated() {
            let value = hash.hash((0..<length).map { UInt8($0) })
            #expect((0..<16).map { UInt8(truncatingIfNeeded: value >> (8 * UInt128($0))) } == vector)
        }
    }
}

extension [UInt8] {
    fileprivate func range(of text: String) -> Range<Int>? {
        Data(self).range(of: Data(text.utf8))
    }

    /// How often a text stands here without a digit or dot behind it.
    fileprivate func count(of text: String) -> Int {
        let data = Data(self)
        var found = 0
        var from = 0
        while let range = data.range(of: Data(text.utf8), in: from..<data.count) {
            let next = range.upperBound < data.count ? data[range.upperBound] : 0
            if next != UInt8(ascii: "."), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { found += 1 }
            from = range.upperBound
        }
        return found
    }
}
