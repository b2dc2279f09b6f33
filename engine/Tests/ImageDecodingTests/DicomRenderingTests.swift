import Domain
import ImageDecoding
import Testing

/// Expected values are computed by hand from the formulas of PS3.3 C.11.2.1.2 and C.11.2.1.3.
@Suite struct DicomRenderingTests {
    /// Greys of one row of pixels.
    static func greys(
        _ values: [Int], _ attributes: [DicomWriter.Element] = [], stored: Int = 16, high: Int? = nil,
        signed: Bool = false, photometric: String = "MONOCHROME2", writer: DicomWriter = DicomWriter()
    ) throws -> [Float] {
        let image = DicomWriter.image(
            rows: 1, columns: values.count, stored: stored, high: high, signed: signed, photometric: photometric)
        let bytes = writer.write(image + attributes + [DicomWriter.pixels(values)])
        return try PictureDecoder.tiny.decode(bytes).grey
    }

    static func close(_ found: [Float], _ expected: [Double]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs(Double($0) - $1) < 0.002 }
    }

    @Test("A linear window follows the formula of the standard")
    func linear() throws {
        // c = 2048, w = 4096: black at 0 (2047.5 - 2047.5), white from 4095.
        let wide = DicomWriter.window("2048", "4096")
        #expect(
            Self.close(
                try Self.greys([0, 1, 2048, 4095, 5000], wide),
                [
                    0, 255.0 / 4095, (0.5 / 4095 + 0.5) * 255, 255, 255,
                ]))
        // c = 100, w = 11: from 94.5 to 104.5.
        let narrow = DicomWriter.window("100", "11")
        #expect(
            Self.close(
                try Self.greys([94, 95, 99, 100, 104, 105], narrow),
                [
                    0, 0.05 * 255, 0.45 * 255, 0.55 * 255, 0.95 * 255, 255,
                ]))
        let step = DicomWriter.window("100", "1")
        #expect(Self.close(try Self.greys([99, 100], step), [0, 255]))
    }

    @Test("The exact linear and the sigmoid function are honoured")
    func functions() throws {
        let exact = DicomWriter.window("100", "10", "LINEAR_EXACT")
        #expect(Self.close(try Self.greys([95, 96, 100, 105, 106], exact), [0, 25.5, 127.5, 255, 255]))
        let sigmoid = DicomWriter.window("100", "40", "SIGMOID")
        // 1 / (1 + e^-1) = 0.731058..., and its mirror.
        #expect(Self.close(try Self.greys([90, 100, 110], sigmoid), [0.268941 * 255, 127.5, 0.731059 * 255]))
    }

    @Test("Rescale slope and intercept come before the window")
    func rescale() throws {
        let attributes =
            DicomWriter.window("0", "101", "LINEAR") + [
                .text(0x0028_1052, "DS", "-1024"), .text(0x0028_1053, "DS", "0.5"),
            ]
        // 2048 * 0.5 - 1024 = 0; the window runs from -50.5 to 49.5.
        #expect(Self.close(try Self.greys([1947, 1948, 2048, 2147], attributes), [0, 0.5 * 2.55, 0.505 * 255, 255]))
    }

    @Test(
        "MONOCHROME1 and an inverse presentation are shown with bones white",
        arguments: [
            ("MONOCHROME1", nil), ("MONOCHROME1", "INVERSE"), ("MONOCHROME2", "INVERSE"),
        ] as [(String, String?)])
    func inverted(_ photometric: String, _ shape: String?) throws {
        let window = DicomWriter.window("50", "100", "LINEAR_EXACT")
        let attributes = window + (shape.map { [.text(0x2050_0020, "CS", $0)] } ?? [])
        #expect(Self.close(try Self.greys([0, 20, 100], attributes, photometric: photometric), [255, 204, 0]))
        #expect(
            Self.close(try Self.greys([0, 20, 100], window + [.text(0x2050_0020, "CS", "IDENTITY")]), [0, 51, 255]))
    }

    @Test("Signed values are extended from the stored bits, other bits of the cell are masked away")
    func signedAndMasked() throws {
        let window = DicomWriter.window("0", "100", "LINEAR_EXACT")
        #expect(Self.close(try Self.greys([0xFFF6, 10, 0xFFFF], window, signed: true), [102, 153, 0.49 * 255]))
        // 12 bits: 0xFF6 is -10; the upper four bits hold an overlay.
        #expect(
            Self.close(try Self.greys([0x0FF6, 0x500A, 0xF000], window, stored: 12, signed: true), [102, 153, 127.5]))
        // 12 bits at the upper end of the cell.
        let upper = DicomWriter.window("2048", "4096", "LINEAR_EXACT")
        #expect(
            Self.close(try Self.greys([0x800F, 0xC000], upper, stored: 12, high: 15), [127.5, 0.75 * 255]))
    }

    @Test("The first of several windows is used; one without sense is not")
    func severalWindows() throws {
        let several = DicomWriter.window("50\\400", "100\\800", "LINEAR_EXACT")
        #expect(Self.close(try Self.greys([0, 50, 100], several), [0, 127.5, 255]))
        let senseless = DicomWriter.window("50", "0")
        #expect(Self.close(try Self.greys([10, 20, 30], senseless), [0, 127.5, 255]))
        let words = DicomWriter.window("abc", "1e999")
        #expect(Self.close(try Self.greys([10, 20, 30], words), [0, 127.5, 255]))
    }

    @Test("Without a window the middle 99 % of the values fill the range")
    func noWindow() throws {
        // 1000 values 0...999 and a stray one: percentiles 0.5 and 99.5 of 1001 values are 5 and 995.
        let greys = try Self.greys(Array(0..<1000) + [60000])
        #expect(greys[5] == 0 && greys[4] == 0)
        #expect(greys[995] == 255 && greys[1000] == 255)
        #expect(abs(greys[500] - 127.5) < 0.01)
        #expect(try Self.greys([7, 7, 7]) == [0, 0, 0])
    }

    @Test("Padding is black whatever the polarity, and has no part in the range")
    func padding() throws {
        let padding = [DicomWriter.Element.words(0x0028_0120, "US", 0xFFFF)]
        #expect(Self.close(try Self.greys([10, 20, 30, 0xFFFF], padding), [0, 127.5, 255, 0]))
        #expect(
            Self.close(try Self.greys([10, 20, 30, 0xFFFF], padding, photometric: "MONOCHROME1"), [255, 127.5, 0, 0]))
        let range = [DicomWriter.Element.words(0x0028_0120, "SS", -2000), .words(0x0028_0121, "SS", -1000)]
        let signed = try Self.greys([-1500, -2000, 10, 20, 30], range, signed: true)
        #expect(Self.close(signed, [0, 0, 0, 127.5, 255]))
    }

    @Test(
        "A VOI lookup table comes before the window; values outside take its ends",
        arguments: [
            DicomWriter.Encoding.explicitLittle, .implicitLittle, .explicitBig,
        ])
    func voiTable(_ encoding: DicomWriter.Encoding) throws {
        let syntax =
            switch encoding {
            case .explicitLittle: "1.2.840.10008.1.2.1"
            case .implicitLittle: "1.2.840.10008.1.2"
            case .explicitBig: "1.2.840.10008.1.2.2"
            }
        let writer = DicomWriter(syntax: syntax, encoding: encoding)
        let item: [DicomWriter.Element] = [
            .words(0x0028_3002, "US", 4, 100, 8),
            DicomWriter.Element(tag: 0x0028_3006, vr: "OW", value: .words([0, 51, 204, 255])),
        ]
        for undefined in [false, true] {
            let attributes =
                DicomWriter.window("1", "2")
                + [DicomWriter.Element(tag: 0x0028_3010, vr: "SQ", value: .items([item], undefinedLength: undefined))]
            let greys = try Self.greys([0, 100, 101, 102, 103, 999], attributes, writer: writer)
            #expect(Self.close(greys, [0, 0, 51, 204, 255, 255]))
        }
    }

    @Test("A modality lookup table replaces slope and intercept")
    func modalityTable() throws {
        let item: [DicomWriter.Element] = [
            .words(0x0028_3002, "SS", 3, -1, 16),
            DicomWriter.Element(tag: 0x0028_3006, vr: "OW", value: .words([0, 50, 100])),
        ]
        let attributes =
            DicomWriter.window("50", "100", "LINEAR_EXACT")
            + [
                .text(0x0028_1053, "DS", "7"),
                DicomWriter.Element(tag: 0x0028_3000, vr: "SQ", value: .items([item], undefinedLength: false)),
            ]
        let greys = try Self.greys([-5, -1, 0, 1, 9], attributes, signed: true)
        #expect(Self.close(greys, [0, 0, 127.5, 255, 255]))
    }

    @Test("Each frame of an enhanced image has its own window, or the shared one")
    func functionalGroups() throws {
        func frame(_ centre: String, _ width: String) -> [DicomWriter.Element] {
            [.items(0x0028_9132, DicomWriter.window(centre, width, "LINEAR_EXACT"))]
        }
        let slope: [DicomWriter.Element] = [
            .items(0x0028_9145, [.text(0x0028_1052, "DS", "10"), .text(0x0028_1053, "DS", "1")])
        ]
        let elements =
            DicomWriter.image(rows: 1, columns: 2)
            + [
                .text(0x0028_0008, "IS", "2"), .items(0x5200_9229, slope),
                .items(0x5200_9230, frame("60", "100"), frame("110", "200"), undefinedLength: true),
                DicomWriter.pixels([0, 50, 0, 50]),
            ]
        let bytes = DicomWriter().write(elements)
        #expect(try PictureDecoder.tiny.inspect(bytes).frames == 2)
        #expect(Self.close(try PictureDecoder.tiny.decode(bytes, frame: 0).grey, [0, 127.5]))
        #expect(Self.close(try PictureDecoder.tiny.decode(bytes, frame: 1).grey, [0, 63.75]))
        #expect(throws: PictureFault.self) { try PictureDecoder.tiny.decode(bytes, frame: 2) }
    }

    @Test("More than 8 bits keep their fractions")
    func fractions() throws {
        let greys = try Self.greys([1000, 1001], DicomWriter.window("32768", "65536", "LINEAR_EXACT"))
        #expect(greys[0] != greys[1])
        // 1000 * 255 / 65536 and one step more.
        #expect(Self.close(greys, [3.89099, 3.89488]))
    }
}
