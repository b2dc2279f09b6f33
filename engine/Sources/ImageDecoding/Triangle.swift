/// Weights of an antialiased triangle filter along one edge.
///
/// The same as in Pillow's `Resample.c` for `BILINEAR`; that sums to one.
struct TriangleWeights {
    struct Taps {
        /// The first input position, and how many there are.
        let first: Int
        let count: Int
        /// Where the weights begin in ``values``.
        let start: Int

        /// How many times ``lanes`` weights there are, with the zeros behind them.
        var blocks: Int { (count + TriangleWeights.lanes - 1) / TriangleWeights.lanes }
    }

    private(set) var taps: [Taps] = []
    private(set) var values: [Float] = []

    /// Weights of one position are followed by zeros up to a multiple of this, for sums of several at once.
    static let lanes = 4

    /// - Parameter extent: how many input positions there really are, where the last of them is only a part.
    init(from input: Int, extent: Double, to output: Int) {
        let scale = extent / Double(output)
        let support = max(1, scale)
        for index in 0..<output {
            let centre = (Double(index) + 0.5) * scale
            let low = max(0, Int(centre - support + 0.5))
            let high = min(input, Int(centre + support + 0.5))
            let weights = (low..<high).map { position in
                max(0, 1 - abs((Double(position) - centre + 0.5) / support))
            }
            let total = weights.reduce(0, +)
            taps.append(Taps(first: low, count: high - low, start: values.count))
            values += weights.map { Float(total == 0 ? 0 : $0 / total) }
            while values.count % Self.lanes != 0 { values.append(0) }
        }
    }

    /// How many output positions take part in one input position at most.
    var mostAtOnce: Int {
        var most = 1
        var next = 0
        for (position, tap) in taps.enumerated() {
            while next < taps.count, taps[next].first < tap.first + tap.count { next += 1 }
            most = max(most, next - position)
        }
        return most
    }

    func withUnsafeTaps(_ body: (UnsafeBufferPointer<Taps>, _ values: UnsafePointer<Float>) -> Void) {
        taps.withUnsafeBufferPointer { taps in
            values.withUnsafeBufferPointer { values in
                if let values = values.baseAddress { body(taps, values) }
            }
        }
    }
}

/// Shrinks (or enlarges) a picture whose rows go by once, with an antialiased triangle filter whose support grows with
/// the shrink factor: first along columns, into as many sums as are open at a time, then along the finished rows.
///
/// Sums are of 32 bits; the result is within 0.0001 of Pillow's `Image.fromarray(grey, "F").resize(size, BILINEAR)`.
final class TriangleShrink: GreyRowsReader {
    /// Row by row from the top left, as stored; whole when the last row has gone by. Empty where whole greys are kept.
    private(set) var greys: [Float]
    /// The same to the nearest whole grey; empty where fractions are kept.
    private(set) var wholeGreys: [UInt8]
    let width: Int
    let height: Int

    private let part: PicturePart
    private let across: TriangleWeights
    private let narrows: Bool
    private let down: TriangleWeights
    /// Sums of the output rows that are open, at `row % slots`, each followed by zeros for the lanes.
    private let sums: UnsafeMutablePointer<Float>
    private let slots: Int
    private let stride: Int
    /// Output rows that are not finished, and have not begun.
    private var open = 0

    /// One finished row.
    private let line: UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - part: of the picture's rows and columns; the rest is not looked at.
    ///   - keepsFractions: whether ``greys`` are made, or ``wholeGreys``, which take a quarter of the memory.
    init(_ part: PicturePart, toWidth: Int, toHeight: Int, keepsFractions: Bool) {
        self.part = part
        width = toWidth
        height = toHeight
        across = TriangleWeights(from: part.width, extent: part.extent.width, to: toWidth)
        narrows = toWidth != part.width || part.extent.width != Double(toWidth)
        down = TriangleWeights(from: part.height, extent: part.extent.height, to: toHeight)
        slots = down.mostAtOnce
        stride = part.width + TriangleWeights.lanes
        sums = .allocate(capacity: slots * stride)
        sums.initialize(repeating: 0, count: slots * stride)
        line = .allocate(capacity: toWidth)
        greys = keepsFractions ? [Float](repeating: 0, count: toWidth * toHeight) : []
        wholeGreys = keepsFractions ? [] : [UInt8](repeating: 0, count: toWidth * toHeight)
    }

    deinit {
        sums.deallocate()
        line.deallocate()
    }

    func read(_ rows: GreyRows) {
        let top = rows.top - part.top
        var output = open
        while output < height, down.taps[output].first < top + rows.count {
            let first = down.taps[output].first
            let end = first + down.taps[output].count
            let slot = sums + output % slots * stride
            // The row that used the slot before is finished.
            if first >= top { slot.update(repeating: 0, count: part.width) }
            let from = max(first, top)
            let to = min(end, top + rows.count)
            if from < to { add(rows, from - top..<to - top, to: slot, weights: down.taps[output].start + from - first) }
            if to == end {
                finish(slot, output)
                open = output + 1
            }
            output += 1
        }
    }

    /// Adds weighted rows to a sum, four at a time, so that the sum is fetched and stored less often.
    private func add(_ rows: GreyRows, _ range: Range<Int>, to sum: UnsafeMutablePointer<Float>, weights: Int) {
        let width = part.width
        down.values.withUnsafeBufferPointer { values in
            var index = range.lowerBound
            var weight = weights
            while range.upperBound - index >= 4 {
                let (a, b) = (rows.row(index) + part.left, rows.row(index + 1) + part.left)
                let (c, d) = (rows.row(index + 2) + part.left, rows.row(index + 3) + part.left)
                let (wa, wb, wc, wd) = (values[weight], values[weight + 1], values[weight + 2], values[weight + 3])
                for x in 0..<width { sum[x] += (a[x] * wa + b[x] * wb) + (c[x] * wc + d[x] * wd) }
                index += 4
                weight += 4
            }
            if range.upperBound - index >= 2 {
                let (a, b) = (rows.row(index) + part.left, rows.row(index + 1) + part.left)
                let (wa, wb) = (values[weight], values[weight + 1])
                for x in 0..<width { sum[x] += a[x] * wa + b[x] * wb }
                index += 2
                weight += 2
            }
            if index < range.upperBound {
                let a = rows.row(index) + part.left
                let wa = values[weight]
                for x in 0..<width { sum[x] += a[x] * wa }
            }
        }
    }

    /// Narrows a row whose sum is whole, and keeps it.
    private func finish(_ row: UnsafeMutablePointer<Float>, _ output: Int) {
        if narrows { narrow(row) }
        let finished = narrows ? line : row
        let start = output * width
        if wholeGreys.isEmpty {
            greys.withUnsafeMutableBufferPointer { greys in
                for x in 0..<width { greys[start + x] = finished[x] }
            }
        } else {
            wholeGreys.withUnsafeMutableBufferPointer { greys in
                for x in 0..<width { greys[start + x] = UInt8(min(255, max(0, finished[x])) + 0.5) }
            }
        }
    }

    private func narrow(_ row: UnsafePointer<Float>) {
        let line = line
        across.withUnsafeTaps { taps, values in
            for x in 0..<taps.count {
                let tap = taps[x]
                let greys = UnsafeRawPointer(row + tap.first)
                let weights = UnsafeRawPointer(values + tap.start)
                var sum = SIMD4<Float>.zero
                for block in 0..<tap.blocks {
                    let offset = block * MemoryLayout<SIMD4<Float>>.stride
                    sum +=
                        greys.loadUnaligned(fromByteOffset: offset, as: SIMD4<Float>.self)
                        * weights.loadUnaligned(fromByteOffset: offset, as: SIMD4<Float>.self)
                }
                line[x] = (sum[0] + sum[2]) + (sum[1] + sum[3])
            }
        }
    }
}

/// A rectangle of a picture, in pixels.
struct PicturePart {
    var left = 0
    var top = 0
    var width: Int
    var height: Int
    /// How much of the last column and row is no part of the picture: a JPEG that was shrunk to half ends with half a pixel
    /// where its width is odd.
    var missing = (columns: 0.0, rows: 0.0)

    /// The size without what is missing.
    var extent: (width: Double, height: Double) { (Double(width) - missing.columns, Double(height) - missing.rows) }
}
