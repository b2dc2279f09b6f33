public import Domain

/// One frame as grey values, as a person sees it: orientation, window and polarity are applied.
public struct DecodedPicture: Sendable {
    public let inspection: PictureInspection
    /// Grey from 0 (black) to 255 (white), bone white, row by row from the top left. Fractions are kept where the file
    /// has more than 8 bits. `width * height` values.
    public let grey: [Float]
    /// Mean difference between the largest and the smallest colour channel, 0...1; 0 for grey files.
    public let colourfulness: Double

    /// In pixels; after the orientation is applied.
    public var width: Int { inspection.width }
    public var height: Int { inspection.height }

    /// - Precondition: `grey` has `width * height` values of the inspection.
    public init(inspection: PictureInspection, grey: [Float], colourfulness: Double) {
        precondition(grey.count == inspection.width * inspection.height)
        self.inspection = inspection
        self.grey = grey
        self.colourfulness = colourfulness
    }

    /// Measures the grey values for the quality gate, at a resolution of 1/4096 of the grey range.
    public func measurements() -> PictureMeasurements {
        let bins = 4096
        var histogram = [Int](repeating: 0, count: bins)
        var sum = 0.0
        var low = 0
        var high = 0
        for value in grey {
            sum += Double(value)
            if value <= 0 { low += 1 }
            if value >= 255 { high += 1 }
            histogram[min(bins - 1, max(0, Int(value * Float(bins) / 256)))] += 1
        }
        let total = max(1, grey.count)

        func percentile(_ fraction: Double) -> Double {
            let wanted = Int((fraction * Double(total - 1)).rounded())
            var seen = 0
            for (bin, count) in histogram.enumerated() {
                seen += count
                if seen > wanted { return min(1, Double(bin) * 256 / Double(bins) / 255) }
            }
            return 1
        }
        return PictureMeasurements(
            width: width, height: height, mean: sum / Double(total) / 255,
            contrast: percentile(0.95) - percentile(0.05), clippedLow: Double(low) / Double(total),
            clippedHigh: Double(high) / Double(total), colourfulness: colourfulness)
    }
}
