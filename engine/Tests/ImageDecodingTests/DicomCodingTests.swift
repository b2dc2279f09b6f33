import Domain
import ImageDecoding
import Testing

/// The same pixels in every encoding of PS3.5 annex A that is read.
@Suite struct DicomCodingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        var bits: Int
        var value: @Sendable (Int, Int) -> Int
        var tolerance = 0.0
        var testDescription: String { name }
    }

    static let exact = DicomWriter.window("32768", "65536", "LINEAR_EXACT")

    static func image(_ bits: Int) -> [DicomWriter.Element] {
        DicomWriter.image(rows: Fixture.height, columns: Fixture.width, allocated: bits > 8 ? 16 : 8, stored: bits)
            + DicomWriter.window("\(1 << (bits - 1))", "\(1 << bits)", "LINEAR_EXACT")
    }

    static func coded(_ syntax: String, _ bits: Int, _ fragments: [[UInt8]]) -> [UInt8] {
        DicomWriter(syntax: syntax).write(image(bits) + [DicomWriter.fragments([[]] + fragments)])
    }

    static func native(_ syntax: String, _ encoding: DicomWriter.Encoding) -> [UInt8] {
        DicomWriter(syntax: syntax, encoding: encoding).write(
            image(16) + [DicomWriter.pixels(Fixture.all(Fixture.word))])
    }

    /// Packs bytes as runs and literals by turns; with a control byte that means nothing.
    static func packed(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x80]
        var place = 0
        while place < bytes.count {
            var run = 1
            while place + run < bytes.count, run < 128, bytes[place + run] == bytes[place] { run += 1 }
            if run > 1 {
                out += [UInt8(bitPattern: Int8(1 - run)), bytes[place]]
                place += run
            } else {
                let literal = min(5, bytes.count - place)
                out += [UInt8(literal - 1)] + bytes[place..<place + literal]
                place += literal
            }
        }
        return out + (out.count % 2 == 1 ? [0x80] : [])
    }

    static func runLength(_ segments: [[UInt8]]) -> [UInt8] {
        let packed = segments.map(Self.packed)
        var header = littleEndian(segments.count, 4)
        var offset = 64
        for segment in packed {
            header += littleEndian(offset, 4)
            offset += segment.count
        }
        header += [UInt8](repeating: 0, count: 64 - header.count)
        return header + packed.flatMap { $0 }
    }

    static let words = Fixture.all(Fixture.word)
    static let run16 = runLength([words.map { UInt8($0 >> 8) }, words.map { UInt8($0 & 255) }])
    static let deflated: [UInt8] = {
        let writer = DicomWriter(syntax: "1.2.840.10008.1.2.1.99")
        return writer.meta
            + PngWriter.storedBlock(writer.encode(image(16) + [DicomWriter.pixels(words)], .explicitLittle))
    }()

    static let cases: [Case] = [
        Case(
            name: "explicit little endian", bytes: native("1.2.840.10008.1.2.1", .explicitLittle), bits: 16,
            value: Fixture.word),
        Case(
            name: "implicit little endian", bytes: native("1.2.840.10008.1.2", .implicitLittle), bits: 16,
            value: Fixture.word),
        Case(
            name: "explicit big endian", bytes: native("1.2.840.10008.1.2.2", .explicitBig), bits: 16,
            value: Fixture.word),
        Case(name: "deflated", bytes: deflated, bits: 16, value: Fixture.word),
        Case(
            name: "says explicit, is implicit", bytes: native("1.2.840.10008.1.2.1", .implicitLittle), bits: 16,
            value: Fixture.word),
        Case(
            name: "8 bits",
            bytes: DicomWriter().write(
                image(8) + [.bytes(0x7FE0_0010, "OB", Fixture.all(Fixture.byte).map { UInt8($0) })]), bits: 8,
            value: Fixture.byte),
        Case(name: "run length 16", bytes: coded("1.2.840.10008.1.2.5", 16, [run16]), bits: 16, value: Fixture.word),
        Case(
            name: "run length 8",
            bytes: coded("1.2.840.10008.1.2.5", 8, [runLength([Fixture.all(Fixture.byte).map { UInt8($0) }])]), bits: 8,
            value: Fixture.byte),
        Case(
            name: "JPEG baseline", bytes: coded("1.2.840.10008.1.2.4.50", 8, [Fixture.jpegGrey]), bits: 8,
            value: Fixture.byte, tolerance: 1.5),
        Case(
            name: "JPEG extended 12", bytes: coded("1.2.840.10008.1.2.4.51", 12, [Fixture.codedExtended12]), bits: 12,
            value: Fixture.twelve, tolerance: 1),
        Case(
            name: "JPEG lossless 16", bytes: coded("1.2.840.10008.1.2.4.70", 16, [Fixture.codedLossless16]), bits: 16,
            value: Fixture.word),
        Case(
            name: "JPEG lossless 8", bytes: coded("1.2.840.10008.1.2.4.70", 8, [Fixture.codedLossless8]), bits: 8,
            value: Fixture.byte),
        Case(
            name: "JPEG-LS 16", bytes: coded("1.2.840.10008.1.2.4.80", 16, [Fixture.codedLS16]), bits: 16,
            value: Fixture.word),
        Case(
            name: "JPEG-LS near lossless", bytes: coded("1.2.840.10008.1.2.4.81", 8, [Fixture.codedLSNear]), bits: 8,
            value: Fixture.byte, tolerance: 2.1),
        Case(
            name: "JPEG 2000", bytes: coded("1.2.840.10008.1.2.4.90", 16, [Fixture.coded2000]), bits: 16,
            value: Fixture.word),
        Case(
            name: "JPEG 2000 in two fragments",
            bytes: coded(
                "1.2.840.10008.1.2.4.91", 16, [Array(Fixture.coded2000[..<100]), Array(Fixture.coded2000[100...])]),
            bits: 16, value: Fixture.word),
        Case(
            name: "JPEG 2000 in boxes", bytes: coded("1.2.840.10008.1.2.4.90", 8, [Fixture.coded2000InBoxes]), bits: 8,
            value: Fixture.byte),
    ]

    @Test("Every encoding gives the pixels that were encoded", arguments: cases)
    func coding(_ case: Case) throws {
        let inspection = try PictureDecoder.tiny.inspect(`case`.bytes)
        #expect(inspection.format == .dicom)
        #expect(inspection.width == Fixture.width && inspection.height == Fixture.height)
        #expect(inspection.bitsPerSample == `case`.bits && inspection.channels == 1 && inspection.frames == 1)
        let grey = try PictureDecoder.tiny.decode(`case`.bytes).grey
        let scale = 255 / Double(1 << `case`.bits)
        let worst = zip(grey, Fixture.all(`case`.value)).map { abs(Double($0) - Double($1) * scale) }.max() ?? 255
        #expect(grey.count == Fixture.width * Fixture.height)
        #expect(worst <= `case`.tolerance + 0.001)
    }

    @Test(
        "The data set may come without preamble and meta information",
        arguments: [
            DicomWriter.Encoding.explicitLittle, .implicitLittle,
        ])
    func bare(_ encoding: DicomWriter.Encoding) throws {
        let elements: [DicomWriter.Element] =
            [
                .text(0x0008_0008, "CS", "ORIGINAL"), .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1"),
                .text(0x0008_0060, "CS", "CR"),
            ] + Self.image(16) + [DicomWriter.pixels(Self.words)]
        let bytes = DicomWriter(encoding: encoding, hasMeta: false).write(elements)
        let picture = try PictureDecoder.tiny.decode(bytes)
        #expect(picture.inspection.dicom?.modality == "CR")
        #expect(abs(picture.grey[20] - Float(Self.words[20]) * 255 / 65536) < 0.001)
    }

    @Test("Frames are found by fragment, by offset table, and by the beginnings of their code streams")
    func frames() throws {
        let one = Fixture.codedLossless8
        let other = Fixture.jpegGrey
        let elements = Self.image(8) + [.text(0x0028_0008, "IS", "2")]
        func decode(_ fragments: [[UInt8]], frame: Int) throws -> [Float] {
            let bytes = DicomWriter(syntax: "1.2.840.10008.1.2.4.70").write(
                elements + [DicomWriter.fragments(fragments)])
            return try PictureDecoder.tiny.decode(bytes, frame: frame).grey
        }
        let (first, second) = (Array(one[..<100]), Array(one[100...]))
        let table = littleEndian(0, 4) + littleEndian(8 + first.count + 8 + second.count + second.count % 2, 4)
        let exact = try decode([[], one, one], frame: 0)
        for fragments in [[[], one, other], [table, first, second, other], [[], first, second, other]] {
            #expect(try decode(fragments, frame: 0) == exact)
            #expect(try decode(fragments, frame: 1) != exact)
        }
        #expect(throws: PictureFault.self) { try decode([[], one], frame: 1) }
        #expect(throws: PictureFault.self) {
            try decode([littleEndian(0, 4) + littleEndian(7, 4), one, one, one], frame: 1)
        }
    }

    @Test("Private and unknown elements around the image are skipped")
    func unknownElements() throws {
        let odd: [DicomWriter.Element] = [
            .bytes(0x0009_0010, "LO", Array("ACME".utf8)), .bytes(0x0009_1001, "UN", [1, 2, 3, 4]),
            .items(
                0x0009_1002, [.text(0x0009_0010, "LO", "X")], [.text(0x0028_0010, "LO", "Y")], undefinedLength: true),
            .items(0x0040_0555, [.items(0x0040_A043, [.text(0x0008_0100, "SH", "1")], undefinedLength: true)]),
        ]
        let bytes = DicomWriter().write(Self.image(16) + odd + [DicomWriter.pixels(Self.words)])
        #expect(try PictureDecoder.tiny.decode(bytes).width == Fixture.width)
    }
}
