/// Grey pictures as PNG files, drawn from a formula and stored uncompressed.
///
/// Source: PNG specification, third edition; zlib format, RFC 1950 and 1951.
enum DrawnFilm {
    /// A bright body with two dark fields, and some grain so that no two neighbours are quite alike.
    static func png(width: Int, height: Int) -> [UInt8] {
        png(width: width, height: height) { x, y in
            let u = (Double(x) + 0.5) / Double(width)
            let v = (Double(y) + 0.5) / Double(height)
            let isField = [0.3, 0.7].contains { centre in
                let (dx, dy) = ((u - centre) / 0.17, (v - 0.47) / 0.33)
                return dx * dx + dy * dy < 1
            }
            return (isField ? 60 : 180) + UInt8(truncatingIfNeeded: (x &* 7919 &+ y &* 104_729) >> 3) % 32
        }
    }

    static func png(width: Int, height: Int, grey: (Int, Int) -> UInt8) -> [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity((width + 1) * height)
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width { rows.append(grey(x, y)) }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", bigEndian(width) + bigEndian(height) + [8, 0, 0, 0, 0])
        file += chunk("IDAT", stored(rows))
        file += chunk("IEND", [])
        return file
    }

    /// A file that ends after its first pixels, whatever size it declares.
    static func header(width: Int, height: Int) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", bigEndian(width) + bigEndian(height) + [8, 0, 0, 0, 0]) + chunk("IDAT", stored([0, 0]))
            + chunk("IEND", [])
    }

    /// DICOM PS3.10: preamble, prefix, file meta group, and a data set that has a modality and no pixel data.
    static let dicomWithoutPixels: [UInt8] = {
        func element(_ group: UInt16, _ number: UInt16, _ vr: String, _ value: [UInt8]) -> [UInt8] {
            let even = value.count % 2 == 0 ? value : value + [0]
            let head = [group, number].flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] } + Array(vr.utf8)
            return head + [UInt8(even.count & 0xff), UInt8(even.count >> 8)] + even
        }
        let meta = element(0x0002, 0x0010, "UI", Array("1.2.840.10008.1.2.1".utf8))
        let length = element(0x0002, 0x0000, "UL", [UInt8(meta.count), 0, 0, 0])
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length + meta
            + element(0x0008, 0x0060, "CS", Array("SR".utf8))
    }()

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return bigEndian(data.count) + body + bigEndian(Int(crc(body)))
    }

    /// A zlib stream of blocks that are not compressed.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(bytes.count + bytes.count / 60_000 * 5 + 32)
        var start = 0
        repeat {
            let count = min(65_535, bytes.count - start)
            let (low, high) = (UInt8(count & 0xFF), UInt8(count >> 8))
            stream += [start + count == bytes.count ? 1 : 0, low, high, ~low, ~high]
            stream += bytes[start..<start + count]
            start += count
        } while start < bytes.count
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return stream + bigEndian(b << 16 | a)
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crcTable[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
}
