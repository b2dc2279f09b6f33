internal import Domain

/// Measures grey values for the quality gate, at a resolution of 1/4096 of the grey range.
final class PictureMeter: GreyRowsReader {
    private static let bins = 4096

    private var histogram = [Int](repeating: 0, count: bins)
    private var sum = 0.0
    private var low = 0
    private var high = 0
    private var total = 0

    func read(_ rows: GreyRows) {
        histogram.withUnsafeMutableBufferPointer { histogram in
            for index in 0..<rows.count {
                let row = rows.row(index)
                var rowSum = 0.0
                var rowLow = 0
                var rowHigh = 0
                for x in 0..<rows.width {
                    let value = row[x]
                    rowSum += Double(value)
                    if value <= 0 { rowLow += 1 }
                    if value >= 255 { rowHigh += 1 }
                    let bin = Int(value * (Float(Self.bins) / 256))
                    histogram[min(Self.bins - 1, max(0, bin))] += 1
                }
                sum += rowSum
                low += rowLow
                high += rowHigh
            }
        }
        total += rows.count * rows.width
    }

    /// - Parameters:
    ///   - width, height: of the picture as it is shown, in pixels.
    ///   - colourfulness: mean spread of the colour channels, 0...1.
    func measurements(width: Int, height: Int, colourfulness: Double) -> PictureMeasurements {
        let count = Double(max(1, total))
        return PictureMeasurements(
            width: width, height: height, mean: sum / count / 255, contrast: percentile(0.95) - percentile(0.05),
            clippedLow: Double(low) / count, clippedHigh: Double(high) / count, colourfulness: colourfulness)
    }

    private func percentile(_ fraction: Double) -> Double {
        let wanted = Int((fraction * Double(max(1, total) - 1)).rounded())
        var seen = 0
        for (bin, count) in histogram.enumerated() {
            seen += count
            if seen > wanted { return min(1, Double(bin) * 256 / Double(Self.bins) / 255) }
        }
        return 1
    }
}
