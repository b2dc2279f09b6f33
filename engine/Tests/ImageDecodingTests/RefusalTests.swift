import Domain
import Foundation
import ImageDecoding
import Testing

@Suite struct RefusalTests {
    static let plain = DicomWriter.image(rows: 1, columns: 2) + [DicomWriter.pixels([1, 2])]

    static func dicom(_ elements: [DicomWriter.Element] = plain, syntax: String = "1.2.840.10008.1.2.1") -> [UInt8] {
        DicomWriter(syntax: syntax).write(elements)
    }

    /// A file that begins with these bytes, followed by zeros.
    static func begins(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: 600)
    }

    static func brand(_ name: String) -> [UInt8] {
        begins([0, 0, 0, 24] + Array("ftyp\(name)".utf8))
    }

    @Test(
        "Other kinds of file are named in the refusal",
        arguments: [
            (begins(Array("%PDF-1.7".utf8)), "PDF"), (begins(Array("GIF89a".utf8)), "GIF"),
            (begins(Array("BM".utf8)), "BMP"), (begins([0x50, 0x4B, 3, 4]), "ZIP"), (brand("heic"), "HEIC"),
            (brand("mif1"), "HEIC"), (brand("avif"), "AVIF"), (brand("isom"), "video"),
            (Array("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8), "SVG"),
            (Array("<!DOCTYPE html><p>hello".utf8), "web page"), (Array("Patient: 1\n".utf8), "text"),
            (begins([0x1F, 0x8B]), "gzip"), (begins(Array("MZ".utf8)), "program"),
            (begins([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20]), "JPEG 2000"), (Fixture.webpAnimated, "animated WebP"),
        ] as [([UInt8], String)])
    func otherKinds(_ bytes: [UInt8], _ name: String) throws {
        let fault = #expect(throws: PictureFault.self) { try PictureDecoder.tiny.inspect(bytes) }
        #expect(fault?.code == .unsupportedFormat)
        #expect(fault?.message.contains(name) == true)
    }

    @Test("An empty file, and bytes that are nothing, are refused")
    func nothing() {
        #expect(PictureDecoder.tiny.refusal([]) == .emptyFile)
        #expect(PictureDecoder.tiny.refusal([0]) == .unsupportedFormat)
        #expect(PictureDecoder.tiny.refusal([UInt8](repeating: 0, count: 4096)) == .unsupportedFormat)
        #expect(
            PictureDecoder.tiny.refusal((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 3) })
                == .unsupportedFormat)
    }

    @Test("A DICOM file is refused where it is something else as well")
    func polyglots() {
        func with(_ beginning: [UInt8]) -> [UInt8] {
            var writer = DicomWriter()
            writer.preamble.replaceSubrange(0..<beginning.count, with: beginning)
            return writer.write(Self.plain)
        }
        #expect(PictureDecoder.tiny.refusal(with(Array("MZ".utf8))) == .unsupportedFormat)
        #expect(PictureDecoder.tiny.refusal(with([0x7F, 0x45, 0x4C, 0x46])) == .unsupportedFormat)
        #expect(PictureDecoder.tiny.refusal(with(Array("%PDF-1.4".utf8))) == .unsupportedFormat)
        #expect(
            PictureDecoder.tiny.refusal(with([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) == .unsupportedFormat)
        #expect(PictureDecoder.tiny.refusal(with([0x49, 0x49, 42, 0])) == nil)
        #expect(PictureDecoder.tiny.refusal(with([])) == nil)
    }

    @Test("DICOM objects that hold no grey picture are refused, each with its own code")
    func dicomRefusals() {
        let image = DicomWriter.image(rows: 1, columns: 2)
        #expect(PictureDecoder.tiny.refusal(Self.dicom(image)) == .noPixels)
        #expect(PictureDecoder.tiny.refusal(Self.dicom([.text(0x0008_0060, "CS", "SR")])) == .noPixels)
        #expect(
            PictureDecoder.tiny.refusal(Self.dicom(image + [.bytes(0x7FE0_0008, "OW", [0, 0, 0, 0])])) == .noPixels)
        var samples = image
        samples[0] = .words(0x0028_0002, "US", 3)
        #expect(
            PictureDecoder.tiny.refusal(Self.dicom(samples + [DicomWriter.pixels([1, 2, 3, 4, 5, 6])]))
                == .colourNotSupported)
    }

    @Test(
        "A colour picture is refused by its photometric interpretation; one that is not known is not repeated",
        arguments: [
            ("RGB", "RGB"), ("YBR_FULL_422", "YBR_FULL_422"), ("YBR_FULL", "YBR_FULL"), ("YBR_ICT", "YBR_ICT"),
            ("YBR_RCT", "YBR_RCT"), ("PALETTE COLOR", "PALETTE COLOR"), ("<B>SMITH</B>", "not known"),
        ])
    func photometric(_ photometric: String, _ named: String) {
        let image = DicomWriter.image(rows: 1, columns: 2, photometric: photometric) + [DicomWriter.pixels([1, 2])]
        let bytes = Self.dicom(image)
        let fault = #expect(throws: PictureFault.self) { try PictureDecoder.tiny.inspect(bytes) }
        #expect(fault?.code == .colourNotSupported)
        #expect(fault?.message.contains(named) == true && fault?.message.contains("SMITH") == false)
    }

    @Test(
        "A transfer syntax that is known and not decoded is called by its name",
        arguments: [
            ("1.2.840.10008.1.2.4.100", "MPEG-2 video"), ("1.2.840.10008.1.2.4.102.1", "MPEG-4 video"),
            ("1.2.840.10008.1.2.4.108", "HEVC video"), ("1.2.840.10008.1.2.4.203", "high-throughput JPEG 2000"),
            ("1.2.840.10008.1.2.4.110", "JPEG XL"), ("1.2.840.10008.1.2.4.94", "JPIP"),
            ("1.2.840.10008.1.2.4.66", "hierarchical"), ("1.2.840.10008.1.2.8.1", "deflated image frames"),
            ("1.2.840.10008.1.2.7.1", "SMPTE"), ("1.2.840.10008.1.2.4.92", "JPEG 2000 part 2"),
        ])
    func transferSyntaxName(_ syntax: String, _ name: String) {
        let bytes = Self.dicom(syntax: syntax)
        let fault = #expect(throws: PictureFault.self) { try PictureDecoder.tiny.inspect(bytes) }
        #expect(fault?.code == .unsupportedTransferSyntax)
        #expect(fault?.message.contains("\(name)") == true && fault?.message.contains("(\(syntax))") == true)
    }

    /// A file of each kind that is recognised, by its name.
    static let recognised: [String: [UInt8]] = [
        "HEIC": brand("heic"), "PDF": begins(Array("%PDF-1.7".utf8)), "GIF": begins(Array("GIF87a".utf8)),
        "BMP": begins(Array("BM".utf8)), "SVG": Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8),
        "AVIF": brand("avif"), "JPEG 2000": begins([0xFF, 0x4F, 0xFF, 0x51]), "JPEG XL": begins([0xFF, 0x0A]),
        "Photoshop": begins(Array("8BPS".utf8)), "icon": begins([0, 0, 1, 0, 1, 0]),
        "NIfTI": [UInt8](repeating: 0, count: 344) + Array("n+1\0".utf8), "video": brand("qt  "),
        "office document": begins([0x50, 0x4B, 3, 4]), "RAR": begins(Array("Rar!".utf8)),
        "7z": begins([0x37, 0x7A, 0xBC, 0xAF]), "gzip": begins([0x1F, 0x8B]), "web page": Array("<html>".utf8),
        "text": Array("A note.".utf8), "program": begins([0x7F, 0x45, 0x4C, 0x46]), "script": begins(Array("#!".utf8)),
    ]

    @Test("Each recognised format is refused with its own advice, the words that are shown before an upload")
    func advice() {
        #expect(Set(Self.recognised.keys) == Set(RecognisedFormat.all.map(\.name)))
        for format in RecognisedFormat.all {
            guard let file = Self.recognised[format.name] else { continue }
            let fault = #expect(throws: PictureFault.self) { try PictureDecoder.tiny.inspect(file) }
            #expect(fault?.code == .unsupportedFormat, "\(format.name)")
            #expect(fault?.message.hasPrefix(format.advice) == true, "\(format.name): \(fault?.message ?? "")")
        }
    }

    @Test("What a file is comes first, then its header, then its size, and pixels last")
    func order() {
        let small = PictureDecoder(limits: PictureLimits(maxBytes: 1 << 20, maxPixels: 100, maxEdge: 100, minEdge: 1))
        // Named like a picture inside, too large, and broken behind its header: the first reason counts.
        var picture = PngWriter(width: 60, height: 60, depth: 8, colour: 0).write { _, _ in [9] }
        picture.removeLast(200)
        #expect(small.refusal(picture) == .pictureTooLarge)
        #expect(PictureDecoder.tiny.refusal(picture) == .damagedPicture)
        let disguised = Array("GIF89a".utf8) + picture
        #expect(small.refusal(disguised) == .unsupportedFormat)
        picture[24] = 5
        #expect(small.refusal(picture) == .damagedPicture)
    }

    @Test(
        "A transfer syntax that is not decoded is refused by its UID",
        arguments: [
            "1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.92",
            "1.2.840.10008.1.2.4.110", "1.2.3.4",
        ])
    func transferSyntax(_ syntax: String) {
        let bytes = Self.dicom(syntax: syntax)
        let fault = #expect(throws: PictureFault.self) { try PictureDecoder.tiny.inspect(bytes) }
        #expect(fault?.code == .unsupportedTransferSyntax)
        #expect(fault?.message.contains(syntax) == true)
    }

    @Test("A refusal repeats only digits and dots of a transfer syntax")
    func hostileTransferSyntax() {
        let bytes = Self.dicom(syntax: "1.2<script>alert(1)</script>.9")
        let fault = #expect(throws: PictureFault.self) { try PictureDecoder.tiny.inspect(bytes) }
        #expect(fault?.message.contains("1.21.9") == true)
        #expect(fault?.message.contains("<") == false)
    }

    @Test("Contradictory DICOM image attributes are damage")
    func contradictions() {
        func refusal(_ image: [DicomWriter.Element], _ values: [Int]) -> PictureFault.Code? {
            PictureDecoder.tiny.refusal(Self.dicom(image + [DicomWriter.pixels(values)]))
        }
        #expect(refusal(DicomWriter.image(rows: 2, columns: 2), [1, 2, 3]) == .damagedPicture)
        #expect(refusal(DicomWriter.image(rows: 0, columns: 2), [1, 2]) == .damagedPicture)
        #expect(refusal(DicomWriter.image(rows: 1, columns: 2, allocated: 12), [1, 2]) == .damagedPicture)
        #expect(refusal(DicomWriter.image(rows: 1, columns: 2, stored: 17), [1, 2]) == .damagedPicture)
        #expect(refusal(DicomWriter.image(rows: 1, columns: 2, stored: 12, high: 16), [1, 2]) == .damagedPicture)
        #expect(refusal(DicomWriter.image(rows: 1, columns: 2, stored: 12, high: 5), [1, 2]) == .damagedPicture)
        let frames = DicomWriter.image(rows: 1, columns: 2) + [.text(0x0028_0008, "IS", "3")]
        #expect(refusal(frames, [1, 2, 3, 4]) == .damagedPicture)
        #expect(refusal(frames, [1, 2, 3, 4, 5, 6]) == nil)
        let fragments = DicomWriter.image(rows: 1, columns: 2) + [DicomWriter.fragments([[], [1, 2]])]
        #expect(PictureDecoder.tiny.refusal(Self.dicom(fragments)) == .damagedPicture)
    }

    @Test("Sequences nested without end are refused, not followed")
    func nesting() {
        let writer = DicomWriter()
        var bytes = writer.meta
        for _ in 0..<200_000 {
            bytes += [0x40, 0x00, 0x60, 0xA0, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
            bytes += [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
        }
        let decoder = PictureDecoder(
            limits: PictureLimits(maxBytes: 1 << 26, maxPixels: 1 << 20, maxEdge: 4096, minEdge: 1))
        #expect(decoder.refusal(bytes) == .damagedPicture)
    }

    @Test("TIFF samples that are not small whole numbers are refused as unsupported")
    func tiffSamples() {
        var floats = TiffWriter(width: 2, height: 2, bits: 32, photometric: 1)
        floats.sampleFormat = 3
        #expect(PictureDecoder.tiny.refusal(floats.write([UInt8](repeating: 0, count: 16))) == .unsupportedFormat)
        var signed = TiffWriter(width: 2, height: 2, bits: 8, photometric: 1)
        signed.sampleFormat = 2
        #expect(PictureDecoder.tiny.refusal(signed.write([0, 0, 0, 0])) == .unsupportedFormat)
    }
}
