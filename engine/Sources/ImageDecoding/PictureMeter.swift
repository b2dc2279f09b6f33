internal import CPicture
internal import Domain

/// Measures grey values for the quality gate, at a resolution of 1/4096 of the grey range.
final class PictureMeter: GreyRowsReader {
    private static let steps = 4096

    private var counted = LBGreys()
    private var bins = [UInt32](repeating: 0, count: 2 * steps)
    private var total = 0

    func read(_ rows: GreyRows) {
        lb_greys_count(rows.grey, rows.count * rows.width, &bins, Self.steps, &counted)
        total += rows.count * rows.width
    }

    /// - Parameters:
    ///   - width, height: of the picture as it is shown, in pixels.
    ///   - colourfulness: mean spread of the colour channels, 0...1.
    func measurements(width: Int, height: Int, colourfulness: Double) -> PictureMeasurements {
        let count = Double(max(1, total))
        return PictureMeasurements(
            width: width, height: height, mean: counted.sum / count / 255,
            contrast: percentile(0.95) - percentile(0.05), clippedLow: Double(counted.low) / count,
            clippedHigh: Double(counted.high) / count, colourfulness: colourfulness)
    }

    private func percentile(_ fraction: Double) -> Double {
        let wanted = Int((fraction * Double(max(1, total) - 1)).rounded())
        var seen = 0
        for step in 0..<Self.steps {
            seen += Int(bins[step]) + Int(bins[Self.steps + step])
            if seen > wanted { return min(1, Double(step) * 256 / Double(Self.steps) / 255) }
        }
        return 1
    }
}
