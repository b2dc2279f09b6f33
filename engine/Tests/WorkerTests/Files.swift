import Domain
import Foundation

/// Small files of each format that a worker reads, and how to damage them.
enum Files {
    /// Limits for pictures of a few pixels.
    static let limits = PictureLimits(maxBytes: 4 << 20, maxPixels: 1 << 20, maxEdge: 4096, minEdge: 8)
    static let width = 96
    static let height = 80

    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func grey(_ x: Int, _ y: Int) -> UInt8 { UInt8((x * 2 + y) & 0xff) }

    static let png = DrawnFilm.png(width: width, height: height, grey: grey)

    /// The same picture, made with Pillow 12 at quality 30.
    static let webp = [UInt8](
        Data(
            base64Encoded: """
                UklGRp4AAABXRUJQVlA4IJIAAACwCACdASpgAFAAPxGEvlisN7yvIjgJc5AiCWkGcGaAWIACtABlVLkSJMFRw8Cokn8GyRr2s/G7nT0KYdjbDqgV
                sC/R+Buzmu3iYPb2CQAA/u9fo17Mba/qAOxOHNf7s6VvmdhgY8pAEo7d93wn75VRTQnhPCeE+EUwM24Es4gx+4JKV+BBOO48b4Hi+siYEiAAAA==
                """, options: .ignoreUnknownCharacters) ?? Data())

    /// TIFF 6.0: one strip of 8 or 16 bits without compression, black is zero.
    static func tiff(bits: Int) -> [UInt8] {
        let pixels = (0..<height).flatMap { y in
            (0..<width).flatMap { x in little(Int(grey(x, y)) << (bits - 8), bits / 8) }
        }
        return tiff(bits: bits, width: width, height: height, pixels)
    }

    /// - Parameter pixels: as many bytes as the size needs, or fewer to lie.
    static func tiff(bits: Int, width: Int, height: Int, _ pixels: [UInt8]) -> [UInt8] {
        let entries: [(tag: Int, value: Int)] = [
            (256, width), (257, height), (258, bits), (259, 1), (262, 1), (273, 8), (277, 1), (278, height),
            (279, pixels.count),
        ]
        let directory = entries.flatMap { little($0.tag, 2) + little(4, 2) + little(1, 4) + little($0.value, 4) }
        return Array("II*\0".utf8) + little(8 + pixels.count, 4) + pixels + little(entries.count, 2) + directory
            + little(0, 4)
    }

    /// DICOM PS3.10 in explicit little endian with 12 bits of 16 per pixel, and a window over all of them.
    ///
    /// - Parameter pixelData: whether it has the pixels that it declares.
    static func dicom(
        modality: String, photometric: String = "MONOCHROME2", columns: Int = width, rows: Int = height,
        pixelData: Bool = true
    ) -> [UInt8] {
        func element(_ tag: Int, _ vr: String, _ value: [UInt8]) -> [UInt8] {
            let even = value.count % 2 == 0 ? value : value + [vr == "UI" ? 0 : 0x20]
            let isLong = ["OB", "OW"].contains(vr)
            return little(tag >> 16, 2) + little(tag & 0xffff, 2) + Array(vr.utf8) + (isLong ? [0, 0] : [])
                + little(even.count, isLong ? 4 : 2) + even
        }
        func text(_ tag: Int, _ vr: String, _ value: String) -> [UInt8] { element(tag, vr, Array(value.utf8)) }
        func number(_ tag: Int, _ value: Int) -> [UInt8] { element(tag, "US", little(value, 2)) }
        let meta = text(0x0002_0010, "UI", "1.2.840.10008.1.2.1")
        var file = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        file += element(0x0002_0000, "UL", little(meta.count, 4)) + meta
        file += text(0x0008_0060, "CS", modality) + text(0x0010_0010, "PN", "SMITH^<script>")
        file += number(0x0028_0002, 1) + text(0x0028_0004, "CS", photometric)
        file += number(0x0028_0010, rows) + number(0x0028_0011, columns)
        file += number(0x0028_0100, 16) + number(0x0028_0101, 12) + number(0x0028_0102, 11) + number(0x0028_0103, 0)
        file += text(0x0028_1050, "DS", "2048") + text(0x0028_1051, "DS", "4096")
        guard pixelData else { return file }
        let pixels = (0..<height).flatMap { y in (0..<width).flatMap { x in little(Int(grey(x, y)) << 4, 2) } }
        return file + element(0x7FE0_0010, "OW", pixels)
    }

    /// Files of a few bytes that declare 60,000 by 60,000 pixels.
    static func bombs(_ jpeg: [UInt8]) throws -> [(name: String, file: [UInt8])] {
        let edge = 60_000
        var frame = jpeg
        let start = (0..<jpeg.count - 9).first { jpeg[$0] == 0xff && [0xc0, 0xc2].contains(jpeg[$0 + 1]) } ?? 0
        frame.replaceSubrange(start + 5..<start + 9, with: [0xea, 0x60, 0xea, 0x60])
        // The extended header of WebP: flags, then width and height less one in 24 bits each.
        let extended = Array("VP8X".utf8) + little(10, 4) + little(0, 4) + little(edge - 1, 3) + little(edge - 1, 3)
        let body = Array("WEBP".utf8) + extended + webp.dropFirst(12)
        return [
            ("PNG", DrawnFilm.header(width: edge, height: edge)), ("JPEG", frame),
            ("WebP", Array("RIFF".utf8) + little(body.count, 4) + body),
            ("TIFF", tiff(bits: 16, width: edge, height: edge, [0, 0])),
            ("DICOM", dicom(modality: "DX", columns: edge, rows: edge)),
        ]
    }

    /// The first bytes of each format, without which a file would be refused at once.
    static let beginnings: [[UInt8]] = [
        [], Array(png.prefix(33)), [0xff, 0xd8, 0xff, 0xe0, 0, 16] + Array("JFIF\0".utf8), Array(webp.prefix(30)),
        Array("II*\0".utf8) + little(8, 4), Array("MM\0*".utf8) + [0, 0, 0, 8],
        Array(dicom(modality: "DX").prefix(180)), Array(dicom(modality: "DX", pixelData: false)),
    ]
}
