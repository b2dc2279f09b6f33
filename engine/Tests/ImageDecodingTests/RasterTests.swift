import Domain
import ImageDecoding
import Testing

@Suite struct RasterTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        var format: PictureFormat
        var bits: Int
        var channels: Int
        /// Expected grey at (x, y).
        var grey: @Sendable (Int, Int) -> Double
        var tolerance = 0.01
        var testDescription: String { name }

        init(
            _ name: String, _ bytes: [UInt8], _ format: PictureFormat, bits: Int = 8, channels: Int = 1,
            tolerance: Double = 0.01, grey: @escaping @Sendable (Int, Int) -> Double
        ) {
            self.name = name
            self.bytes = bytes
            self.format = format
            self.bits = bits
            self.channels = channels
            self.grey = grey
            self.tolerance = tolerance
        }
    }

    static let (width, height) = (Fixture.width, Fixture.height)
    static let colours = 0.299 * 200 + 0.587 * 100 + 0.114 * 50

    static func png(_ depth: Int, _ colour: Int, interlaced: Bool = false) -> PngWriter {
        PngWriter(width: width, height: height, depth: depth, colour: colour, isInterlaced: interlaced)
    }

    static func tiff(_ bits: Int, _ photometric: Int, samples: Int = 1) -> TiffWriter {
        TiffWriter(width: width, height: height, bits: bits, photometric: photometric, samples: samples)
    }

    @Sendable static func byte(_ x: Int, _ y: Int) -> Double { Double(Fixture.byte(x, y)) }
    @Sendable static func word(_ x: Int, _ y: Int) -> Double { Double(Fixture.word(x, y)) / 257 }
    @Sendable static func rgb(_ x: Int, _ y: Int) -> Double {
        0.299 * byte(x, y) + 0.587 * Double(Fixture.byte(x, y) / 2) + 0.114 * (255 - byte(x, y))
    }
    @Sendable static func samples(_ x: Int, _ y: Int) -> [Int] {
        [Fixture.byte(x, y), Fixture.byte(x, y) / 2, 255 - Fixture.byte(x, y)]
    }

    static let pngCases: [Case] = {
        var indexed = png(8, 3)
        indexed.extra = PngWriter.chunk("PLTE", (0..<256).flatMap { [UInt8($0), UInt8($0 / 2), UInt8(255 - $0)] })
        return [
            Case("PNG grey 8", png(8, 0).write { [Fixture.byte($0, $1)] }, .png, grey: byte),
            Case(
                "PNG grey 8 interlaced", png(8, 0, interlaced: true).write { [Fixture.byte($0, $1)] }, .png, grey: byte),
            Case("PNG grey 16", png(16, 0).write { [Fixture.word($0, $1)] }, .png, bits: 16, grey: word),
            Case(
                "PNG grey 16 interlaced", png(16, 0, interlaced: true).write { [Fixture.word($0, $1)] }, .png, bits: 16,
                grey: word),
            Case("PNG grey 1", png(1, 0).write { [($0 ^ $1) & 1] }, .png, bits: 1) { Double(($0 ^ $1) & 1) * 255 },
            Case("PNG grey 2", png(2, 0).write { x, _ in [x & 3] }, .png, bits: 2) { x, _ in Double(x & 3) * 85 },
            Case("PNG grey 4", png(4, 0).write { x, _ in [x] }, .png, bits: 4) { x, _ in Double(x) * 17 },
            Case("PNG RGB 8", png(8, 2).write(samples), .png, channels: 3, grey: rgb),
            Case(
                "PNG RGB 16", png(16, 2).write { samples($0, $1).map { $0 * 257 } }, .png, bits: 16, channels: 3,
                grey: rgb),
            Case("PNG palette", indexed.write { [Fixture.byte($0, $1)] }, .png, channels: 3, grey: rgb),
            Case("PNG grey and alpha", png(8, 4).write { x, _ in [200, x * 17] }, .png) { x, _ in
                200 * Double(x) * 17 / 255
            },
            Case("PNG RGBA 8", png(8, 6).write { x, _ in [200, 100, 50, x * 17] }, .png, channels: 3) { x, _ in
                colours * Double(x) * 17 / 255
            },
            Case(
                "PNG RGBA 16", png(16, 6).write { x, _ in [51400, 25700, 12850, x * 4369] }, .png, bits: 16, channels: 3
            ) { x, _ in colours * Double(x) * 17 / 255 },
        ]
    }()

    static let tiffCases: [Case] = {
        let bytes = Fixture.all(Fixture.byte).map { UInt8($0) }
        var big = tiff(16, 1)
        big.order = .big
        var alpha = tiff(8, 2, samples: 4)
        alpha.extraSample = 2
        var indexed = tiff(8, 3)
        indexed.palette = (0..<3).flatMap { channel in
            (0..<256).map { [$0, $0 / 2, 255 - $0][channel] * 257 }
        }
        let bitRows = (0..<height).flatMap { y -> [UInt8] in y % 2 == 0 ? [0x55, 0x55] : [0xAA, 0xAA] }
        return [
            Case("TIFF grey 8", tiff(8, 1).write(bytes), .tiff, grey: byte),
            Case("TIFF white is zero", tiff(8, 0).write(bytes), .tiff) { 255 - byte($0, $1) },
            Case(
                "TIFF grey 16", tiff(16, 1).write(Fixture.all(Fixture.word).flatMap { littleEndian($0, 2) }), .tiff,
                bits: 16, grey: word),
            Case(
                "TIFF grey 16 big endian", big.write(Fixture.all(Fixture.word).flatMap { bigEndian($0, 2) }), .tiff,
                bits: 16, grey: word),
            Case("TIFF 1 bit", tiff(1, 1).write(bitRows), .tiff, bits: 1) { Double(($0 ^ $1) & 1) * 255 },
            Case("TIFF 1 bit, white is zero", tiff(1, 0).write(bitRows), .tiff, bits: 1) {
                255 - Double(($0 ^ $1) & 1) * 255
            },
            Case(
                "TIFF RGB 8",
                tiff(8, 2, samples: 3).write(
                    (0..<height).flatMap { y in (0..<width).flatMap { x in samples(x, y).map { UInt8($0) } } }), .tiff,
                channels: 3, grey: rgb),
            Case(
                "TIFF RGBA 8",
                alpha.write((0..<width * height).flatMap { _ in [UInt8(200), 100, 50, 51] }), .tiff, channels: 3
            ) { _, _ in colours / 5 },
            Case("TIFF palette", indexed.write(bytes), .tiff, channels: 3, grey: rgb),
            Case("TIFF LZW", Fixture.tiffPages, .tiff, grey: byte),
        ]
    }()

    static let lossyCases: [Case] = [
        Case("JPEG grey", Fixture.jpegGrey, .jpeg, tolerance: 1.5, grey: byte),
        Case("JPEG progressive", Fixture.jpegProgressive, .jpeg, tolerance: 12, grey: byte),
        Case("JPEG colour", Fixture.jpegColour, .jpeg, channels: 3, tolerance: 1.5) { _, _ in colours },
        Case("JPEG inks", Fixture.jpegInks, .jpeg, channels: 3, tolerance: 2) { _, _ in
            let light = 225.0 / 255
            return light * (0.299 * 215 + 0.587 * 135 + 0.114 * 55)
        },
        Case("WebP lossless", Fixture.webpLossless, .webp, channels: 3, grey: rgb),
        Case("WebP lossy", Fixture.webpLossy, .webp, channels: 3, tolerance: 2.5) { _, _ in colours },
        Case("WebP alpha", Fixture.webpAlpha, .webp, channels: 3) { _, _ in 200 * 128.0 / 255 },
    ]

    @Test("Every format and depth becomes the grey that its values mean", arguments: pngCases + tiffCases + lossyCases)
    func grey(_ case: Case) throws {
        let inspection = try PictureDecoder.tiny.inspect(`case`.bytes)
        #expect(inspection.format == `case`.format)
        #expect(inspection.width == Fixture.width && inspection.height == Fixture.height)
        #expect(inspection.bitsPerSample == `case`.bits)
        #expect(inspection.channels == `case`.channels)
        #expect(inspection.dicom == nil)
        let picture = try PictureDecoder.tiny.decode(`case`.bytes)
        #expect(picture.inspection == inspection)
        try #require(picture.grey.count == Fixture.width * Fixture.height)
        var worst = 0.0
        for y in 0..<Fixture.height {
            for x in 0..<Fixture.width {
                worst = max(worst, abs(Double(picture.grey[y * Fixture.width + x]) - `case`.grey(x, y)))
            }
        }
        #expect(worst <= `case`.tolerance)
    }

    /// Column and row, as stored, of the pixel that is shown at (x, y); `(w, h)` is the stored size. From the table of
    /// EXIF 2.32: which edge the stored row 0 and column 0 are shown at.
    static let orientations: [@Sendable (Int, Int, Int, Int) -> (Int, Int)] = [
        { x, y, w, h in (x, y) },
        { x, y, w, h in (w - 1 - x, y) },
        { x, y, w, h in (w - 1 - x, h - 1 - y) },
        { x, y, w, h in (x, h - 1 - y) },
        { x, y, w, h in (y, x) },
        { x, y, w, h in (y, h - 1 - x) },
        { x, y, w, h in (w - 1 - y, h - 1 - x) },
        { x, y, w, h in (w - 1 - y, x) },
    ]

    @Test(
        "An orientation turns the picture and its reported size in every format", arguments: 1...8,
        ["png", "jpeg", "tiff"])
    func orientation(_ orientation: Int, _ format: String) throws {
        let bytes: [UInt8]
        switch format {
        case "png":
            var writer = Self.png(8, 0)
            writer.extra = PngWriter.chunk("eXIf", exif(orientation: orientation))
            bytes = writer.write { [Fixture.byte($0, $1)] }
        case "jpeg":
            let block = Array("Exif\0\0".utf8) + exif(orientation: orientation)
            let segment = [0xFF, 0xE1] + bigEndian(block.count + 2, 2) + block
            bytes = Array(Fixture.jpegGrey[..<2]) + segment + Array(Fixture.jpegGrey[2...])
        default:
            var writer = Self.tiff(8, 1)
            writer.orientation = orientation
            bytes = writer.write(Fixture.all(Fixture.byte).map { UInt8($0) })
        }
        let picture = try PictureDecoder.tiny.decode(bytes)
        let (width, height) = orientation >= 5 ? (12, 16) : (16, 12)
        #expect(picture.width == width && picture.height == height)
        for y in 0..<height {
            for x in 0..<width {
                let (column, row) = Self.orientations[orientation - 1](x, y, 16, 12)
                #expect(abs(Double(picture.grey[y * width + x]) - Self.byte(column, row)) <= 1.5)
            }
        }
    }

    @Test("A lossy WebP with an EXIF chunk is turned")
    func webpOrientation() throws {
        let still = Array(Fixture.webpLossy[12...])
        let block = exif(orientation: 6)
        let extended =
            Array("VP8X".utf8) + littleEndian(10, 4) + [0x08, 0, 0, 0] + littleEndian(15, 3) + littleEndian(11, 3)
        let chunks = extended + still + Array("EXIF".utf8) + littleEndian(block.count, 4) + block
        let bytes = Array("RIFF".utf8) + littleEndian(chunks.count + 4, 4) + Array("WEBP".utf8) + chunks
        let picture = try PictureDecoder.tiny.decode(bytes)
        #expect(picture.width == 12 && picture.height == 16)
    }

    @Test("Each page of a TIFF can be chosen")
    func pages() throws {
        #expect(try PictureDecoder.tiny.inspect(Fixture.tiffPages).frames == 2)
        let second = try PictureDecoder.tiny.decode(Fixture.tiffPages, frame: 1)
        #expect(second.grey[17] == Float(255 - Fixture.byte(1, 1)))
        #expect(throws: PictureFault.self) { try PictureDecoder.tiny.decode(Fixture.tiffPages, frame: 2) }
        #expect(throws: PictureFault.self) { try PictureDecoder.tiny.decode(Fixture.tiffPages, frame: -1) }
    }

    @Test("Colourfulness is the mean spread of the channels")
    func colourfulness() throws {
        let colour = try PictureDecoder.tiny.decode(Self.png(8, 2).write { _, _ in [200, 100, 50] })
        #expect(abs(colour.colourfulness - 150.0 / 255) < 0.0001)
        let wide = try PictureDecoder.tiny.decode(Self.png(16, 2).write { _, _ in [51400, 25700, 12850] })
        #expect(abs(wide.colourfulness - 150.0 / 255) < 0.0001)
        let scan = try PictureDecoder.tiny.decode(Self.png(8, 2).write { x, y in [x + y, x + y, x + y] })
        #expect(scan.colourfulness == 0)
    }
}
