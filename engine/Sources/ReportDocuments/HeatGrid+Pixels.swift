extension ReportDocument.HeatGrid {
    /// The grid as a smooth picture: for each pixel the strength of its colour, 0 to 255. What is under a third of the
    /// largest value is 0.
    func strengths(size: Int) -> [UInt8] {
        let largest = values.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
        guard largest > 0 else { return [UInt8](repeating: 0, count: size * size) }
        // Bilinear between the centres of the cells, first along the rows, then between them; in 64ths of a strength and
        // 256ths of a cell, because whole numbers take the processor a fraction of the time.
        let cells = (0..<(rows * columns)).map { index -> Int32 in
            let value = values[index].isFinite ? max(0, values[index]) : 0
            return Int32((value / largest - 1 / 3) * 1.5 * 255 * 64)
        }
        let across = Self.places(size, columns)
        var lines = [Int32](repeating: 0, count: rows * size)
        for row in 0..<rows {
            for (column, place) in across.enumerated() {
                let (low, high) = (cells[row * columns + place.low], cells[row * columns + place.high])
                lines[row * size + column] = (low &* (256 &- place.part) &+ high &* place.part) >> 8
            }
        }
        return [UInt8](unsafeUninitializedCapacity: size * size) { pixels, count in
            lines.withUnsafeBufferPointer { lines in
                for (row, place) in Self.places(size, rows).enumerated() {
                    let (upper, lower) = (lines.baseAddress! + place.low * size, lines.baseAddress! + place.high * size)
                    let line = pixels.baseAddress! + row * size
                    let (near, far) = (256 &- place.part, place.part)
                    for column in 0..<size {
                        let value = (upper[column] &* near &+ lower[column] &* far &+ 8192) >> 14
                        line[column] = UInt8(truncatingIfNeeded: max(0, min(255, value)))
                    }
                }
            }
            count = size * size
        }
    }

    /// For each pixel the cells that it is between, and how far it is from the first, in 256ths.
    private static func places(_ pixels: Int, _ cells: Int) -> [(low: Int, high: Int, part: Int32)] {
        (0..<pixels).map { pixel in
            let place = max(0, min(Double(cells - 1), (Double(pixel) + 0.5) / Double(pixels) * Double(cells) - 0.5))
            let low = Int(place)
            return (low, min(low + 1, cells - 1), Int32((place - Double(low)) * 256))
        }
    }

    /// From violet over orange to yellow, getting lighter all the way, so that it also works without colour vision.
    private static let stops: [(red: Double, green: Double, blue: Double)] = [
        (0.34, 0.06, 0.43), (0.74, 0.22, 0.33), (0.98, 0.55, 0.04), (0.99, 0.96, 0.60),
    ]

    /// Red, green and blue of each strength.
    private static let palette: [UInt8] = (0...255).flatMap { strength in
        let place = min(Double(strength) / 255, 0.999) * Double(stops.count - 1)
        let (low, high) = (stops[Int(place)], stops[Int(place) + 1])
        let part = place - place.rounded(.down)
        return [(low.red, high.red), (low.green, high.green), (low.blue, high.blue)].map { from, to in
            UInt8(((from + (to - from) * part) * 255).rounded())
        }
    }

    /// How much of the picture under it each strength hides, 0 to 255.
    static let opacities: [UInt8] = (0...255).map { UInt8(min(0.62, Double($0) / 255 * 1.4) * 255) }

    /// The palette in hexadecimal digits.
    static let paletteDigits = palette.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
