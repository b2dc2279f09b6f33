import Domain
import Foundation
import Testing

@testable import ImageDecoding

@Suite("Grey values that are measured")
struct PictureMeterTests {
    /// As `PictureMeter` measures, one value after another.
    private func counted(_ greys: [Float]) -> (mean: Double, contrast: Double, low: Double, high: Double) {
        let steps = greys.map { min(4095, max(0, Int($0 * 16))) }.sorted()
        func percentile(_ fraction: Double) -> Double {
            min(1, Double(steps[Int((fraction * Double(steps.count - 1)).rounded())]) / 16 / 255)
        }
        let count = Double(greys.count)
        return (
            greys.reduce(0) { $0 + Double($1) } / count / 255, percentile(0.95) - percentile(0.05),
            Double(greys.count { $0 <= 0 }) / count, Double(greys.count { $0 >= 255 }) / count
        )
    }

    private func measured(_ greys: [Float], width: Int) -> PictureMeter {
        let meter = PictureMeter()
        greys.withUnsafeBufferPointer { greys in
            guard let start = greys.baseAddress else { return }
            for top in stride(from: 0, to: greys.count / width, by: 3) {
                let rows = min(3, greys.count / width - top)
                meter.read(GreyRows(top: top, count: rows, width: width, grey: start + top * width))
            }
        }
        return meter
    }

    @Test("Are the same as counted one by one, however many there are", arguments: [1, 2, 3, 5, 7, 101])
    func same(width: Int) {
        let height = 11
        let greys = (0..<width * height).map { place in
            switch place % 9 {
            case 0: Float(-3)
            case 1: Float(0)
            case 2: Float(255)
            case 3: Float(300)
            default: Float(place * 7919 % 2551) / 10
            }
        }
        let expected = counted(greys)
        let got = measured(greys, width: width).measurements(width: width, height: height, colourfulness: 0)
        #expect(abs(got.mean - expected.mean) < 1e-9)
        #expect(got.contrast == expected.contrast)
        #expect(got.clippedLow == expected.low && got.clippedHigh == expected.high)
    }

    @Test("What is no number ends nothing", arguments: [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude])
    func strange(value: Float) {
        let got = measured([Float](repeating: value, count: 9), width: 3).measurements(
            width: 3, height: 3, colourfulness: 0)
        #expect(got.contrast == 0)
    }
}
