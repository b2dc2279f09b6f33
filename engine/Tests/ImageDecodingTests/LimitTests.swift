import Domain
import Foundation
import ImageDecoding
import Testing

@Suite struct LimitTests {
    /// Files of a few bytes that declare an enormous picture.
    static let bombs: [(String, [UInt8])] = {
        let png = PngWriter(width: 60000, height: 60000, depth: 8, colour: 0)
        let jpeg: [UInt8] =
            [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8] + bigEndian(65500, 2) + bigEndian(65500, 2) + [1, 1, 0x11, 0]
            + [UInt8](Fixture.jpegGrey.suffix(300))
        let webp =
            Array("RIFF".utf8) + littleEndian(22, 4) + Array("WEBPVP8X".utf8) + littleEndian(10, 4) + [0, 0, 0, 0]
            + littleEndian(59999, 3) + littleEndian(59999, 3)
        let lossless =
            Array("RIFF".utf8) + littleEndian(18, 4) + Array("WEBPVP8L".utf8) + littleEndian(5, 4) + [0x2F]
            + littleEndian(16382 | 16382 << 14, 4) + [0]
        let dicom = DicomWriter().write(
            DicomWriter.image(rows: 60000, columns: 60000) + [DicomWriter.pixels([0, 0])])
        let coded = DicomWriter(syntax: "1.2.840.10008.1.2.4.90").write(
            DicomWriter.image(rows: 60000, columns: 60000) + [DicomWriter.fragments([[], Fixture.coded2000])])
        return [
            ("PNG", png.signature + png.header + PngWriter.chunk("IDAT", PngWriter.stored([0]))), ("JPEG", jpeg),
            ("WebP", webp), ("WebP lossless", lossless),
            ("TIFF", TiffWriter(width: 60000, height: 60000, bits: 8, photometric: 1).write([0])),
            ("DICOM", dicom), ("DICOM JPEG 2000", coded),
        ]
    }()

    static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }

    @Test("A picture bomb is refused from its header, quickly and without memory for its pixels", arguments: bombs)
    func bomb(_ name: String, _ bytes: [UInt8]) {
        let decoder = PictureDecoder(limits: .standard)
        PictureDecoder.prepareProcess()
        let before = Self.peakMemory()
        let elapsed = ContinuousClock().measure {
            let inspected = #expect(throws: PictureFault.self) { try decoder.inspect(bytes) }
            #expect(inspected?.code == .pictureTooLarge)
            let decoded = #expect(throws: PictureFault.self) { try decoder.decode(bytes) }
            #expect(decoded?.code == .pictureTooLarge)
        }
        // One byte for each pixel would be 268 MB for the smallest of them, and 3.6 GB for the others.
        #expect(Self.peakMemory() - before < 200 << 20)
        #expect(elapsed < .seconds(1))
    }

    @Test("A code stream larger than its DICOM header says is refused before it is decoded")
    func largerInside() {
        func file(_ syntax: String, _ stream: [UInt8]) -> [UInt8] {
            DicomWriter(syntax: syntax).write(
                DicomWriter.image(rows: 12, columns: 16) + [DicomWriter.fragments([[], stream])])
        }
        var jpeg2000 = Fixture.coded2000
        jpeg2000.replaceSubrange(8..<12, with: bigEndian(60000, 4))
        jpeg2000.replaceSubrange(12..<16, with: bigEndian(60000, 4))
        #expect(PictureDecoder.tiny.refusal(file("1.2.840.10008.1.2.4.90", Fixture.coded2000)) == nil)
        #expect(PictureDecoder.tiny.refusal(file("1.2.840.10008.1.2.4.90", jpeg2000)) == .damagedPicture)
        var lossless = Fixture.codedLossless16
        for index in lossless.indices.dropLast(5) where lossless[index] == 0xFF && lossless[index + 1] == 0xC3 {
            lossless.replaceSubrange(index + 5..<index + 9, with: bigEndian(60000, 2) + bigEndian(60000, 2))
            break
        }
        #expect(lossless != Fixture.codedLossless16)
        #expect(PictureDecoder.tiny.refusal(file("1.2.840.10008.1.2.4.70", Fixture.codedLossless16)) == nil)
        #expect(PictureDecoder.tiny.refusal(file("1.2.840.10008.1.2.4.70", lossless)) == .damagedPicture)
    }

    @Test("The limits hold at their very values")
    func edges() {
        let png = PngWriter(width: 20, height: 10, depth: 8, colour: 0).write { _, _ in [0] }
        func refusal(pixels: Int = 1000, edge: Int = 1000, least: Int = 1, bytes: Int = 1 << 20) -> PictureFault.Code? {
            PictureDecoder(limits: PictureLimits(maxBytes: bytes, maxPixels: pixels, maxEdge: edge, minEdge: least))
                .refusal(png)
        }
        #expect(refusal() == nil)
        #expect(refusal(pixels: 200) == nil)
        #expect(refusal(pixels: 199) == .pictureTooLarge)
        #expect(refusal(edge: 20) == nil)
        #expect(refusal(edge: 19) == .pictureTooLarge)
        #expect(refusal(least: 10) == nil)
        #expect(refusal(least: 11) == .pictureTooSmall)
        #expect(refusal(bytes: png.count) == nil)
        #expect(refusal(bytes: png.count - 1) == .pictureTooLarge)
    }

    @Test("A DICOM file with very many frames is refused")
    func frames() {
        let elements =
            DicomWriter.image(rows: 1000, columns: 1000)
            + [.text(0x0028_0008, "IS", "100000"), DicomWriter.fragments([[], [1, 2]])]
        #expect(
            PictureDecoder.tiny.refusal(DicomWriter(syntax: "1.2.840.10008.1.2.5").write(elements)) == .pictureTooLarge)
    }

    @Test("A deflated data set that grows over the limit is refused")
    func deflateBomb() {
        let writer = DicomWriter(syntax: "1.2.840.10008.1.2.1.99")
        let repeats = 12_001
        let zeros = 1 + 258 * repeats
        let body = writer.encode(RefusalTests.plain, .explicitLittle)
        let header = [0x09, 0x00, 0x10, 0x00] + Array("OB".utf8) + [0, 0] + littleEndian(zeros + 1, 4)
        let file =
            writer.meta + PngWriter.storedBlock(header, isLast: false) + Self.zeros(repeats: repeats)
            + PngWriter.storedBlock([0] + body)
        #expect(file.count < 30_000)
        func refusal(_ maxBytes: Int) -> PictureFault.Code? {
            PictureDecoder(limits: PictureLimits(maxBytes: maxBytes, maxPixels: 1000, maxEdge: 100, minEdge: 1))
                .refusal(file)
        }
        #expect(refusal(4 << 20) == nil)
        #expect(refusal(2 << 20) == .damagedPicture)
    }

    /// A deflate block with fixed codes (RFC 1951, section 3.2.6): a zero byte, then 258 more for each repeat.
    private static func zeros(repeats: Int) -> [UInt8] {
        var bits: [UInt8] = [0, 1, 0]
        bits += [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<repeats { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        // An empty stored block ends at a byte, so that the next block begins there.
        bits += [0, 0, 0]
        while bits.count % 8 != 0 { bits.append(0) }
        let bytes = stride(from: 0, to: bits.count, by: 8).map { place in
            (0..<8).reduce(UInt8(0)) { $0 | bits[place + $1] << UInt8($1) }
        }
        return bytes + [0, 0, 0xFF, 0xFF]
    }
}
