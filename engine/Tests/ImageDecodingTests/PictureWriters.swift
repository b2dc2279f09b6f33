import Domain
import ImageDecoding

extension PictureLimits {
    /// For pictures of a few pixels.
    static let tiny = PictureLimits(maxBytes: 1 << 22, maxPixels: 1 << 20, maxEdge: 4096, minEdge: 1)
}

extension PictureDecoder {
    static let tiny = PictureDecoder(limits: .tiny)

    func inspect(_ bytes: [UInt8]) throws -> PictureInspection {
        try bytes.withUnsafeBytes { try inspect($0) }
    }

    func decode(_ bytes: [UInt8], frame: Int = 0) throws -> DecodedPicture {
        try bytes.withUnsafeBytes { try decode($0, frame: frame) }
    }

    /// The code with which the picture is refused, by inspection or by decoding; nil where it is read.
    func refusal(_ bytes: [UInt8]) -> PictureFault.Code? {
        do {
            _ = try inspect(bytes)
            _ = try decode(bytes)
            return nil
        } catch let fault as PictureFault {
            return fault.code
        } catch {
            return nil
        }
    }
}

func bigEndian(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func littleEndian(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// Writes PNG files whose deflate stream is stored, not compressed.
struct PngWriter {
    var width: Int
    var height: Int
    var depth: Int
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
    var colour: Int
    var isInterlaced = false
    var extra: [UInt8] = []

    /// - Parameter samples: of one pixel.
    func write(_ samples: (Int, Int) -> [Int]) -> [UInt8] {
        var raw: [UInt8] = []
        let passes =
            isInterlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)]
        for (left, top, right, down) in passes where left < width && top < height {
            for y in stride(from: top, to: height, by: down) {
                raw.append(0)
                var bits: [UInt8] = []
                for x in stride(from: left, to: width, by: right) {
                    for sample in samples(x, y) {
                        bits += (0..<depth).reversed().map { UInt8(sample >> $0 & 1) }
                    }
                }
                while bits.count % 8 != 0 { bits.append(0) }
                for byte in stride(from: 0, to: bits.count, by: 8) {
                    raw.append(bits[byte..<byte + 8].reduce(0) { $0 << 1 | $1 })
                }
            }
        }
        return signature + header + extra + Self.chunk("IDAT", Self.stored(raw)) + Self.chunk("IEND", [])
    }

    var signature: [UInt8] { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] }

    var header: [UInt8] {
        let fields = [depth, colour, 0, 0, isInterlaced ? 1 : 0].map { UInt8($0) }
        return Self.chunk("IHDR", bigEndian(width, 4) + bigEndian(height, 4) + fields)
    }

    static func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
        let covered = Array(type.utf8) + body
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in covered {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return bigEndian(body.count, 4) + covered + bigEndian(Int(crc ^ 0xFFFF_FFFF), 4)
    }

    /// A zlib stream (RFC 1950) of one stored block, for up to 65535 bytes.
    static func stored(_ raw: [UInt8]) -> [UInt8] {
        var a: UInt32 = 1
        var b: UInt32 = 0
        for byte in raw {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return [0x78, 0x01] + storedBlock(raw) + bigEndian(Int(b << 16 | a), 4)
    }

    /// A deflate stream (RFC 1951) of one stored block.
    static func storedBlock(_ raw: [UInt8], isLast: Bool = true) -> [UInt8] {
        [isLast ? 1 : 0] + littleEndian(raw.count, 2) + littleEndian(~raw.count, 2) + raw
    }
}

/// Writes TIFF files of one strip without compression.
struct TiffWriter {
    var width: Int
    var height: Int
    var bits: Int
    /// 0 grey, white is zero; 1 grey, black is zero; 2 RGB; 3 palette; 5 inks.
    var photometric: Int
    var samples = 1
    var order = Order.little
    var orientation = 1
    var sampleFormat = 1
    var extraSample: Int?
    var palette: [Int]?

    enum Order { case little, big }

    func number(_ value: Int, _ width: Int) -> [UInt8] {
        order == .little ? littleEndian(value, width) : bigEndian(value, width)
    }

    func write(_ pixels: [UInt8]) -> [UInt8] {
        var entries: [(tag: Int, values: [Int], type: Int)] = [
            (256, [width], 4), (257, [height], 4), (258, Array(repeating: bits, count: samples), 3), (259, [1], 3),
            (262, [photometric], 3), (273, [8], 4), (274, [orientation], 3), (277, [samples], 3), (278, [height], 4),
            (279, [pixels.count], 4), (284, [1], 3),
        ]
        if let palette { entries.append((320, palette, 3)) }
        if let extraSample { entries.append((338, [extraSample], 3)) }
        entries.append((339, Array(repeating: sampleFormat, count: samples), 3))
        let directory = 8 + pixels.count + pixels.count % 2
        var far = directory + 2 + entries.count * 12 + 4
        var tail: [UInt8] = []
        var out: [UInt8] = order == .little ? [0x49, 0x49] : [0x4D, 0x4D]
        out += number(42, 2) + number(directory, 4) + pixels
        if pixels.count % 2 == 1 { out.append(0) }
        out += number(entries.count, 2)
        for entry in entries {
            let width = entry.type == 3 ? 2 : 4
            var value = entry.values.flatMap { number($0, width) }
            out += number(entry.tag, 2) + number(entry.type, 2) + number(entry.values.count, 4)
            if value.count > 4 {
                out += number(far, 4)
                tail += value
                far += value.count
            } else {
                while value.count < 4 { value.append(0) }
                out += value
            }
        }
        return out + number(0, 4) + tail
    }
}

/// An EXIF block that holds only an orientation.
func exif(orientation: Int) -> [UInt8] {
    Array("II".utf8) + littleEndian(42, 2) + littleEndian(8, 4) + littleEndian(1, 2) + littleEndian(274, 2)
        + littleEndian(3, 2) + littleEndian(1, 4) + littleEndian(orientation, 4) + littleEndian(0, 4)
}
