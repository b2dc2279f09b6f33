extension ReportDocument.HeatGrid {
    /// The grid as a smooth, translucent picture: premultiplied ARGB, `size` pixels in each direction. What is under a
    /// third of the largest value is left clear.
    func pixels(size: Int) -> [UInt32] {
        let largest = values.max() ?? 0
        guard largest > 0 else { return [UInt32](repeating: 0, count: size * size) }
        return (0..<(size * size)).map { index in
            let value = sample(
                (Double(index % size) + 0.5) / Double(size), (Double(index / size) + 0.5) / Double(size))
            return Self.colour(value / Double(largest))
        }
    }

    /// Bilinear between the centres of the cells.
    private func sample(_ x: Double, _ y: Double) -> Double {
        let column = max(0, min(Double(columns - 1), x * Double(columns) - 0.5))
        let row = max(0, min(Double(rows - 1), y * Double(rows) - 0.5))
        let (left, top) = (Int(column), Int(row))
        let (right, below) = (min(left + 1, columns - 1), min(top + 1, rows - 1))
        let (across, down) = (column - Double(left), row - Double(top))
        func value(_ row: Int, _ column: Int) -> Double { max(0, Double(values[row * columns + column])) }
        let upper = value(top, left) * (1 - across) + value(top, right) * across
        let lower = value(below, left) * (1 - across) + value(below, right) * across
        return upper * (1 - down) + lower * down
    }

    /// From violet over orange to yellow, getting lighter all the way, so that it also works without colour vision.
    private static let stops: [(red: Double, green: Double, blue: Double)] = [
        (0.34, 0.06, 0.43), (0.74, 0.22, 0.33), (0.98, 0.55, 0.04), (0.99, 0.96, 0.60),
    ]

    private static func colour(_ value: Double) -> UInt32 {
        let strength = max(0, (value - 1 / 3) * 1.5)
        let alpha = min(0.62, strength * 1.4)
        let place = min(strength, 0.999) * Double(stops.count - 1)
        let (low, high) = (stops[Int(place)], stops[Int(place) + 1])
        let part = place - place.rounded(.down)
        func channel(_ from: Double, _ to: Double) -> UInt32 {
            UInt32(((from + (to - from) * part) * alpha * 255).rounded())
        }
        return UInt32((alpha * 255).rounded()) << 24 | channel(low.red, high.red) << 16
            | channel(low.green, high.green) << 8 | channel(low.blue, high.blue)
    }
}
