import Domain
import Foundation
import ImageDecoding
import Testing

/// What `samples` gives, taken apart again.
struct UnpackedSamples {
    var header: SamplesHeader
    var values: [Int]

    /// - Parameter gzip: the pieces one after another.
    init(gzip: [UInt8]) throws {
        let raw = try Gunzip.bytes(gzip)
        let length = (0..<4).reduce(0) { $0 | Int(raw[$1]) << (8 * $1) }
        try #require(length % 4 == 0 && raw.count >= 4 + length)
        header = try JSONDecoder().decode(SamplesHeader.self, from: Data(raw[4..<4 + length]))
        let body = Array(raw[(4 + length)...])
        let size = header.bytesPerSample
        try #require(body.count == header.width * header.height * size)
        values = (0..<header.width * header.height).map { place in
            (0..<size).reduce(0) { $0 | Int(body[place * size + $1]) << (8 * $1) }
        }
    }

    init(_ file: [UInt8], frame: Int = 0, decoder: PictureDecoder = .tiny) throws {
        let pieces = Collected()
        let isWhole = try file.withUnsafeBytes {
            try decoder.samples($0, frame: frame) {
                pieces.bytes += $0
                pieces.longest = max(pieces.longest, $0.count)
                return true
            }
        }
        #expect(isWhole && pieces.longest <= 1 << 20)
        try self.init(gzip: pieces.bytes)
    }

    private final class Collected {
        var bytes: [UInt8] = []
        var longest = 0
    }
}

/// `gzip --decompress`, which is on every machine.
enum Gunzip {
    static func bytes(_ gzip: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gz")
        try Data(gzip).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["--decompress", "--stdout", file.path()]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return [UInt8](bytes)
    }
}

@Suite struct SamplesTests {
    static func dicom(
        _ values: [Int], _ attributes: [DicomWriter.Element] = [], allocated: Int = 16, stored: Int = 12,
        signed: Bool = false, photometric: String = "MONOCHROME2"
    ) throws -> UnpackedSamples {
        let image = DicomWriter.image(
            rows: 1, columns: values.count, allocated: allocated, stored: stored, signed: signed,
            photometric: photometric)
        return try UnpackedSamples(DicomWriter().write(image + attributes + [DicomWriter.pixels(values)]))
    }

    @Test("Eight bits have one byte, sixteen bits two, both with every step")
    func raster() throws {
        let narrow = try UnpackedSamples(PngWriter(width: 16, height: 16, depth: 8, colour: 0).write { [$0 + $1 * 16] })
        #expect(narrow.header.bytesPerSample == 1 && narrow.header.bitsPerSample == 8 && narrow.header.maximum == 255)
        #expect(narrow.values == Array(0..<256) && narrow.header.windows.isEmpty)
        let wide = try UnpackedSamples(
            PngWriter(width: 16, height: 16, depth: 16, colour: 0).write { [($0 + $1 * 16) * 255 + $1] })
        #expect(wide.header.bytesPerSample == 2 && wide.header.bitsPerSample == 16 && wide.header.maximum == 65535)
        #expect(wide.values == (0..<256).map { $0 * 255 + $0 / 16 })
    }

    @Test("Colours become their luma, to the nearest step")
    func colours() throws {
        let samples = try UnpackedSamples(
            PngWriter(width: 2, height: 1, depth: 8, colour: 2).write { x, _ in
                x == 0 ? [200, 100, 50] : [255, 255, 255]
            })
        #expect(samples.values == [124, 255])
    }

    @Test("An EXIF orientation is applied", arguments: 1...8)
    func orientation(_ orientation: Int) throws {
        var writer = PngWriter(width: 5, height: 3, depth: 8, colour: 0)
        writer.extra = PngWriter.chunk("eXIf", exif(orientation: orientation))
        let file = writer.write { [$0 * 40 + $1 * 7] }
        let samples = try UnpackedSamples(file)
        let picture = try PictureDecoder.tiny.decode(file)
        #expect(samples.header.width == picture.width && samples.header.height == picture.height)
        #expect(samples.values == picture.grey.map { Int($0) })
    }

    @Test("Twelve bits stay as they are stored; MONOCHROME1 is turned round")
    func polarity() throws {
        let plain = try Self.dicom([0, 1, 2048, 4095])
        #expect(plain.header.maximum == 4095 && plain.header.bitsPerSample == 12 && plain.values == [0, 1, 2048, 4095])
        #expect(plain.header.windows.isEmpty)
        let turned = try Self.dicom([0, 1, 2048, 4095], photometric: "MONOCHROME1")
        #expect(turned.values == [4095, 4094, 2047, 0])
        // A falling slope turns the order too; both together leave it.
        let falling: [DicomWriter.Element] = [.text(0x0028_1052, "DS", "0"), .text(0x0028_1053, "DS", "-2")]
        #expect(try Self.dicom([0, 1, 4095], falling).values == [4095, 4094, 0])
        #expect(try Self.dicom([0, 1, 4095], falling, photometric: "MONOCHROME1").values == [0, 1, 4095])
    }

    @Test("Signed values begin at zero")
    func signed() throws {
        let samples = try Self.dicom([0x800, 0xFFF, 0, 0x7FF], signed: true)
        #expect(samples.values == [0, 2047, 2048, 4095] && samples.header.maximum == 4095)
    }

    @Test("A window lies in the samples' units where it lay in those of the modality")
    func windows() throws {
        let rescale: [DicomWriter.Element] = [.text(0x0028_1052, "DS", "-1000"), .text(0x0028_1053, "DS", "2")]
        let attributes =
            rescale + DicomWriter.window("0\\200", "1000\\400", "LINEAR_EXACT") + [
                .text(0x0028_1055, "LO", "LUNG\\BONE")
            ]
        let samples = try Self.dicom([0, 500, 4095], attributes)
        // Stored v shows as 2 v - 1000: 0 is v = 500, and 1000 wide is 500 wide.
        #expect(samples.header.windows.map(\.name) == ["LUNG", "BONE"])
        #expect(samples.header.windows.map(\.center) == [500, 600])
        #expect(samples.header.windows.map(\.width) == [500, 200])
        let turned = try Self.dicom([0, 500, 4095], attributes, photometric: "MONOCHROME1")
        #expect(turned.header.windows.map(\.center) == [3595, 3495])
        #expect(turned.header.windows.map(\.width) == [500, 200])
    }

    @Test(
        "Shown through their first window, samples are the picture that is decoded",
        arguments: ["MONOCHROME1", "MONOCHROME2"], [nil, "LINEAR_EXACT"] as [String?])
    func sameAsShown(_ photometric: String, _ function: String?) throws {
        let values = Array(stride(from: 0, to: 4096, by: 13))
        let image = DicomWriter.image(rows: 1, columns: values.count, stored: 12, photometric: photometric)
        let attributes: [DicomWriter.Element] =
            DicomWriter.window("40", "700", function) + [
                .text(0x0028_1052, "DS", "-1024"), .text(0x0028_1053, "DS", "0.5"),
            ]
        let file = DicomWriter().write(image + attributes + [DicomWriter.pixels(values)])
        let samples = try UnpackedSamples(file)
        let window = try #require(samples.header.windows.first)
        let shown = samples.values.map { value in
            min(1, max(0, (Double(value) - window.center) / window.width + 0.5)) * 255
        }
        let grey = try PictureDecoder.tiny.decode(file).grey
        let worst = zip(shown, grey).map { abs($0 - Double($1)) }.max() ?? 255
        #expect(worst < 0.01)
    }

    @Test("A VOI table is applied and replaces the windows; a modality table is the scale of the windows")
    func tables() throws {
        let entries = DicomWriter.Element(tag: 0x0028_3006, vr: "OW", value: .words([0, 51, 204, 255]))
        let shown: [DicomWriter.Element] = [.words(0x0028_3002, "US", 4, 100, 8), entries]
        let voi = try Self.dicom(
            [0, 100, 101, 102, 103, 999], DicomWriter.window("1", "2") + [.items(0x0028_3010, shown)])
        #expect(voi.values == [0, 0, 51, 204, 255, 255] && voi.header.maximum == 255)
        #expect(voi.header.windows.isEmpty && voi.header.bytesPerSample == 1)

        let scale: [DicomWriter.Element] = [
            .words(0x0028_3002, "US", 3, 1, 12),
            DicomWriter.Element(tag: 0x0028_3006, vr: "OW", value: .words([0, 1000, 4095])),
        ]
        let window = DicomWriter.window("1000", "500", "LINEAR_EXACT")
        let modality = try Self.dicom([0, 1, 2, 3], window + [.items(0x0028_3000, scale)])
        #expect(modality.values == [0, 0, 1000, 4095] && modality.header.maximum == 4095)
        #expect(modality.header.windows.map(\.center) == [1000] && modality.header.windows.map(\.width) == [500])
    }

    @Test("Padding is black, whatever the polarity")
    func padding() throws {
        let padding = [DicomWriter.Element.words(0x0028_0120, "US", 4095)]
        #expect(try Self.dicom([0, 7, 4095], padding).values == [0, 7, 0])
        #expect(try Self.dicom([0, 7, 4095], padding, photometric: "MONOCHROME1").values == [4095, 4088, 0])
    }

    @Test("Each frame has its own samples")
    func frames() throws {
        let image = DicomWriter.image(rows: 1, columns: 2, stored: 12) + [.text(0x0028_0008, "IS", "2")]
        let file = DicomWriter().write(image + [DicomWriter.pixels([1, 2, 3, 4])])
        #expect(try UnpackedSamples(file, frame: 1).values == [3, 4])
        #expect(throws: PictureFault.self) { try UnpackedSamples(file, frame: 2) }
    }

    @Test("More than sixteen bits are squeezed into sixteen, from the smallest value to the largest")
    func wide() throws {
        let image = DicomWriter.image(rows: 1, columns: 3, allocated: 32, stored: 32)
        let bytes = [0, 1 << 16, 1 << 17].flatMap { littleEndian($0, 4) }
        let file = DicomWriter().write(image + [.bytes(0x7FE0_0010, "OW", bytes)])
        let samples = try UnpackedSamples(file)
        #expect(samples.values == [0, 32768, 65535] && samples.header.maximum == 65535)
    }

    @Test("Whoever takes no more pieces ends the reading; a damaged picture is told")
    func stopped() throws {
        let file = PngWriter(width: 200, height: 200, depth: 8, colour: 0).write {
            ($0 * 7919 + $1 * 104_729) % 251 == 0 ? [1] : [$0]
        }
        let isWhole = try file.withUnsafeBytes { try PictureDecoder.tiny.samples($0) { _ in false } }
        #expect(!isWhole)
        let cut = Array(file[..<(file.count / 2)])
        #expect(throws: PictureFault.self) { try UnpackedSamples(cut) }
    }
}
