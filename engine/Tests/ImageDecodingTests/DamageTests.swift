import Domain
import ImageDecoding
import Testing

/// What is cut off or changed must never bring the process down; each picture is either read or refused.
@Suite struct DamageTests {
    static let pictures: [(String, [UInt8])] = {
        let png = PngWriter(width: 16, height: 12, depth: 16, colour: 2).write { x, y in [x * 4000, y * 5000, 0] }
        let interlaced = PngWriter(width: 16, height: 12, depth: 8, colour: 0, isInterlaced: true).write { x, y in
            [x + y]
        }
        let table = DicomRenderingFiles.everything
        return [
            ("PNG", png), ("PNG interlaced", interlaced), ("JPEG", Fixture.jpegColour),
            ("JPEG progressive", Fixture.jpegProgressive), ("JPEG inks", Fixture.jpegInks),
            ("WebP lossless", Fixture.webpLossless), ("WebP lossy", Fixture.webpLossy), ("TIFF LZW", Fixture.tiffPages),
            (
                "TIFF",
                TiffWriter(width: 16, height: 12, bits: 16, photometric: 1).write([UInt8](repeating: 9, count: 384))
            ),
            ("DICOM with tables", table),
        ] + DicomCodingTests.cases.map { ($0.name, $0.bytes) }
    }()

    @Test("A picture cut short is refused or read, at every place", arguments: pictures)
    func truncated(_ name: String, _ bytes: [UInt8]) {
        #expect(PictureDecoder.tiny.refusal(bytes) == nil)
        for step in 0..<20 {
            let part = Array(bytes[..<(bytes.count * step / 20)])
            let refusal = PictureDecoder.tiny.refusal(part)
            #expect(refusal != nil, "cut at \(part.count) of \(bytes.count)")
        }
        for cut in 1...min(64, bytes.count) { _ = PictureDecoder.tiny.refusal(Array(bytes.dropLast(cut))) }
    }

    @Test("A picture without the last tenth is damaged", arguments: pictures)
    func lastTenth(_ name: String, _ bytes: [UInt8]) {
        #expect(PictureDecoder.tiny.refusal(Array(bytes[..<(bytes.count * 9 / 10)])) == .damagedPicture)
    }

    @Test("A JPEG whose data ends early is damaged, even where an end marker hides it", arguments: [2, 3, 4])
    func hiddenEnd(fifths: Int) throws {
        var random = SplitMix(state: 1)
        let png = PngWriter(width: 64, height: 256, depth: 8, colour: 0).write { _, _ in [Int(random.next() % 256)] }
        let order = PictureOrder(previewEdges: [256])
        let jpeg = try png.withUnsafeBytes { try PictureDecoder.tiny.read($0, order).previews[0].jpeg }
        #expect(PictureDecoder.tiny.refusal(jpeg) == nil)
        let cut = jpeg.prefix(jpeg.count * fifths / 5) + [0xFF, 0xD9]
        #expect(PictureDecoder.tiny.refusal(Array(cut)) == .damagedPicture)
    }

    @Test("Two thousand changed bytes never bring the process down", arguments: pictures)
    func flipped(_ name: String, _ bytes: [UInt8]) {
        var random = SplitMix(state: 20_240_229)
        var read = 0
        var refused = 0
        for _ in 0..<2000 {
            var changed = bytes
            for _ in 0..<1 + Int(random.next() % 3) {
                changed[Int(random.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if PictureDecoder.tiny.refusal(changed) == nil { read += 1 } else { refused += 1 }
        }
        #expect(read + refused == 2000)
        #expect(refused > 0)
    }
}

/// Sequence of pseudo-random numbers that is the same in every run.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

enum DicomRenderingFiles {
    /// An image with every attribute that the rendering looks at.
    static let everything: [UInt8] = {
        let table: [DicomWriter.Element] = [
            .words(0x0028_3002, "US", 4, 100, 8),
            DicomWriter.Element(tag: 0x0028_3006, vr: "OW", value: .words([0, 51, 204, 255])),
        ]
        let group: [DicomWriter.Element] = [.items(0x0028_9132, DicomWriter.window("60", "100", "SIGMOID"))]
        return DicomWriter().write(
            DicomWriter.image(rows: 2, columns: 4, stored: 12, signed: true, photometric: "MONOCHROME1")
                + DicomWriter.window("50\\40", "100\\80") + [
                    .text(0x0008_0005, "CS", "ISO_IR 192"), .text(0x0010_0010, "PN", "Müller^Žofie"),
                    .items(0x0028_3010, table, undefinedLength: true), .items(0x0028_3000, table),
                    .items(0x5200_9230, group, group, undefinedLength: true), .text(0x0028_0008, "IS", "2"),
                    .words(0x0028_0120, "SS", -2000), .words(0x0028_0121, "SS", -1000),
                    .text(0x0028_1052, "DS", "-1024"), .text(0x0028_1053, "DS", "1.5"),
                    DicomWriter.pixels((0..<16).map { $0 * 100 }),
                ])
    }()
}
