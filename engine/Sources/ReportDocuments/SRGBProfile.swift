import Foundation

/// A colour profile of sRGB (IEC 61966-2-1), made by the rules of ICC.1:2001-04 (version 2): three primaries, and one
/// curve for all of them.
enum SRGBProfile {
    static let bytes: [UInt8] = {
        let tags: [(String, [UInt8])] = [
            ("desc", description("sRGB")), ("cprt", text("No copyright, use freely.")),
            ("wtpt", xyz(0.95045, 1, 1.08905)),
            // Adapted to D50 by the Bradford transform.
            ("rXYZ", xyz(0.43607, 0.22249, 0.01392)), ("gXYZ", xyz(0.38515, 0.71687, 0.09708)),
            ("bXYZ", xyz(0.14307, 0.06061, 0.71410)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ]
        var offset = 128 + 4 + 12 * tags.count
        var table: [UInt8] = word(tags.count)
        var data: [UInt8] = []
        var curveAt: Int?
        for (name, content) in tags {
            let isCurve = name.hasSuffix("TRC")
            let place = isCurve ? curveAt ?? offset + data.count : offset + data.count
            table += [UInt8](name.utf8) + word(place) + word(content.count)
            if isCurve, curveAt != nil { continue }
            if isCurve { curveAt = place }
            data += content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
        }
        offset += data.count
        let header: [UInt8] =
            word(offset) + word(0) + word(0x0210_0000) + [UInt8]("mntrRGB XYZ ".utf8)
            // Made on 1 January 2026.
            + [2026, 1, 1, 0, 0, 0].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } + [UInt8]("acsp".utf8)
            + [UInt8](repeating: 0, count: 28) + number(0.9642) + number(1) + number(0.8249)
        return header + [UInt8](repeating: 0, count: 128 - header.count) + table + data
    }()

    /// From the stored value to light.
    private static let curve: [UInt8] = {
        let count = 1024
        let values = (0..<count).flatMap { index -> [UInt8] in
            let stored = Double(index) / Double(count - 1)
            let light = stored <= 0.04045 ? stored / 12.92 : pow((stored + 0.055) / 1.055, 2.4)
            let value = Int((light * 65_535).rounded())
            return [UInt8(value >> 8), UInt8(value & 255)]
        }
        return [UInt8]("curv".utf8) + word(0) + word(count) + values
    }()

    private static func word(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
    }

    /// A number with 16 binary places.
    private static func number(_ value: Double) -> [UInt8] {
        word(Int((value * 65_536).rounded()))
    }

    private static func xyz(_ x: Double, _ y: Double, _ z: Double) -> [UInt8] {
        [UInt8]("XYZ ".utf8) + word(0) + number(x) + number(y) + number(z)
    }

    private static func text(_ text: String) -> [UInt8] {
        [UInt8]("text".utf8) + word(0) + [UInt8](text.utf8) + [0]
    }

    private static func description(_ text: String) -> [UInt8] {
        [UInt8]("desc".utf8) + word(0) + word(text.utf8.count + 1) + [UInt8](text.utf8) + [0]
            // No text in Unicode, none in a Macintosh script.
            + [UInt8](repeating: 0, count: 4 + 4 + 2 + 1 + 67)
    }
}
