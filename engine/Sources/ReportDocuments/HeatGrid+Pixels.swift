extension ReportDocument.HeatGrid {
    /// The grid as a smooth picture: for each pixel the strength of its colour, 0 to 255. What is under a third of the
    /// largest value is 0.
    func strengths(columns width: Int, rows height: Int) -> [UInt8] {
        let largest = values.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
        guard largest > 0 else { return [UInt8](repeating: 0, count: width * height) }
        // Bilinear between the centres of the cells, first along the rows, then between them.
        let across = Self.places(width, columns)
        let down = Self.places(height, rows)
        var lines = [Float](repeating: 0, count: rows * width)
        for row in 0..<rows {
            for (column, place) in across.enumerated() {
                lines[row * width + column] =
                    value(row, place.low) * (1 - place.part) + value(row, place.high) * place.part
            }
        }
        let scale = 1.5 * 255 / largest
        return [UInt8](unsafeUninitializedCapacity: width * height) { pixels, count in
            lines.withUnsafeBufferPointer { lines in
                for (row, place) in down.enumerated() {
                    let (upper, lower) = (place.low * width, place.high * width)
                    for column in 0..<width {
                        let value = lines[upper + column] * (1 - place.part) + lines[lower + column] * place.part
                        pixels[row * width + column] = UInt8(max(0, min(255, (value - largest / 3) * scale)).rounded())
                    }
                }
            }
            count = width * height
        }
    }

    private static func places(_ pixels: Int, _ cells: Int) -> [(low: Int, high: Int, part: Float)] {
        (0..<pixels).map { pixel in
            let place = max(0, min(Float(cells - 1), (Float(pixel) + 0.5) / Float(pixels) * Float(cells) - 0.5))
            let low = Int(place)
            return (low, min(low + 1, cells - 1), place - Float(low))
        }
    }

    private func value(_ row: Int, _ column: Int) -> Float {
        let value = values[row * columns + column]
        return value.isFinite ? max(0, value) : 0
    }

    /// From violet over orange to yellow, getting lighter all the way, so that it also works without colour vision.
    private static let stops: [(red: Double, green: Double, blue: Double)] = [
        (0.34, 0.06, 0.43), (0.74, 0.22, 0.33), (0.98, 0.55, 0.04), (0.99, 0.96, 0.60),
    ]

    /// Red, green and blue of each strength.
    static let palette: [UInt8] = (0...255).flatMap { strength in
        let place = min(Double(strength) / 255, 0.999) * Double(stops.count - 1)
        let (low, high) = (stops[Int(place)], stops[Int(place) + 1])
        let part = place - place.rounded(.down)
        return [(low.red, high.red), (low.green, high.green), (low.blue, high.blue)].map { from, to in
            UInt8(((from + (to - from) * part) * 255).rounded())
        }
    }

    /// How much of the picture under it each strength hides, 0 to 255.
    static let opacities: [UInt8] = (0...255).map { UInt8(min(0.62, Double($0) / 255 * 1.4) * 255) }
}
