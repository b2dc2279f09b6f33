public import Domain

/// Resampling of grey pictures.
public enum Resize {
    /// Resamples with an antialiased triangle filter whose support grows with the shrink factor, first along rows and
    /// then along columns, with 64-bit sums and 32-bit results: the same numbers, bit for bit, as Pillow's
    /// `Image.fromarray(grey, "F").resize((toWidth, toHeight), Image.BILINEAR)`.
    ///
    /// `pad` keeps the shape and fills the rest with black (as Pillow's `ImageOps.pad`); `crop` takes the largest
    /// centred part that has the target's shape.
    /// - Precondition: all sizes are positive and `grey` has `width * height` values.
    public static func triangle(
        _ grey: [Float], width: Int, height: Int, toWidth: Int, toHeight: Int, fit: ModelManifest.Input.Resize.Fit
    ) -> [Float] {
        precondition(width > 0 && height > 0 && toWidth > 0 && toHeight > 0 && grey.count == width * height)
        switch fit {
        case .stretch:
            return resample(grey, width: width, height: height, toWidth: toWidth, toHeight: toHeight)
        case .crop:
            let columns = min(width, max(1, height * toWidth / toHeight))
            let rows = min(height, max(1, width * toHeight / toWidth))
            let left = (width - columns) / 2
            let top = (height - rows) / 2
            var part: [Float] = []
            part.reserveCapacity(columns * rows)
            for y in top..<top + rows { part += grey[y * width + left..<y * width + left + columns] }
            return resample(part, width: columns, height: rows, toWidth: toWidth, toHeight: toHeight)
        case .pad:
            let isWider = width * toHeight > toWidth * height
            let columns = isWider ? toWidth : max(1, rounded(Double(width) / Double(height) * Double(toHeight)))
            let rows = isWider ? max(1, rounded(Double(height) / Double(width) * Double(toWidth))) : toHeight
            let inner = resample(grey, width: width, height: height, toWidth: columns, toHeight: rows)
            let left = rounded(Double(toWidth - columns) * 0.5)
            let top = rounded(Double(toHeight - rows) * 0.5)
            var out = [Float](repeating: 0, count: toWidth * toHeight)
            for y in 0..<rows {
                let start = (top + y) * toWidth + left
                out.replaceSubrange(start..<start + columns, with: inner[y * columns..<(y + 1) * columns])
            }
            return out
        }
    }

    /// To the nearest whole number; halves to the even one, as Python does.
    private static func rounded(_ value: Double) -> Int {
        Int(value.rounded(.toNearestOrEven))
    }

    private static func resample(_ grey: [Float], width: Int, height: Int, toWidth: Int, toHeight: Int) -> [Float] {
        let across = Weights(from: width, to: toWidth)
        let down = Weights(from: height, to: toHeight)
        let narrow = width == toWidth ? grey : alongRows(grey, width: width, height: height, across)
        return height == toHeight ? narrow : alongColumns(narrow, width: toWidth, down)
    }

    /// For each output position: the first input position, how many, and their weights one after another.
    private struct Weights {
        var first: [Int] = []
        var count: [Int] = []
        var start: [Int] = []
        var values: [Double] = []
        let length: Int

        init(from input: Int, to output: Int) {
            length = output
            let scale = Double(input) / Double(output)
            let filterScale = max(1, scale)
            let support = filterScale
            let step = 1 / filterScale
            for index in 0..<output {
                let centre = (Double(index) + 0.5) * scale
                let low = max(0, Int(centre - support + 0.5))
                let high = min(input, Int(centre + support + 0.5))
                var total = 0.0
                let offset = values.count
                for position in 0..<high - low {
                    let distance = abs((Double(position + low) - centre + 0.5) * step)
                    let weight = distance < 1 ? 1 - distance : 0
                    values.append(weight)
                    total += weight
                }
                if total != 0 {
                    for position in offset..<values.count { values[position] /= total }
                }
                first.append(low)
                count.append(high - low)
                start.append(offset)
            }
        }
    }

    /// Eight rows at a time, turned so that the values of one column lie side by side: the sums of eight rows run in
    /// parallel and each keeps its order.
    private static func alongRows(_ grey: [Float], width: Int, height: Int, _ weights: Weights) -> [Float] {
        let lanes = 8
        let columns = UnsafeMutableBufferPointer<SIMD8<Double>>.allocate(capacity: width)
        defer { columns.deallocate() }
        return [Float](unsafeUninitializedCapacity: weights.length * height) { out, count in
            grey.withUnsafeBufferPointer { source in
                for top in stride(from: 0, to: height, by: lanes) {
                    let rows = min(lanes, height - top)
                    turn(source, width: width, top: top, rows: rows, to: columns)
                    weights.values.withUnsafeBufferPointer { values in
                        for index in 0..<weights.length {
                            let first = weights.first[index]
                            let start = weights.start[index]
                            var sum = SIMD8<Double>.zero
                            for tap in 0..<weights.count[index] {
                                sum += columns[first + tap] * values[start + tap]
                            }
                            for row in 0..<rows { out[(top + row) * weights.length + index] = Float(sum[row]) }
                        }
                    }
                }
            }
            count = weights.length * height
        }
    }

    @inline(__always)
    private static func turn(
        _ source: UnsafeBufferPointer<Float>, width: Int, top: Int, rows: Int,
        to columns: UnsafeMutableBufferPointer<SIMD8<Double>>
    ) {
        // Rows that do not exist repeat the last one; their sums are not used.
        func row(_ index: Int) -> Int { (top + min(index, rows - 1)) * width }
        let (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3))
        let (r4, r5, r6, r7) = (row(4), row(5), row(6), row(7))
        for x in 0..<width {
            columns[x] = SIMD8<Double>(
                SIMD8<Float>(
                    source[r0 + x], source[r1 + x], source[r2 + x], source[r3 + x], source[r4 + x], source[r5 + x],
                    source[r6 + x], source[r7 + x]))
        }
    }

    private static func alongColumns(_ grey: [Float], width: Int, _ weights: Weights) -> [Float] {
        let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: width)
        defer { sums.deallocate() }
        return [Float](unsafeUninitializedCapacity: width * weights.length) { out, count in
            grey.withUnsafeBufferPointer { source in
                for index in 0..<weights.length {
                    sums.update(repeating: 0)
                    for tap in 0..<weights.count[index] {
                        let weight = weights.values[weights.start[index] + tap]
                        let row = UnsafeBufferPointer(
                            rebasing: source[
                                (weights.first[index] + tap) * width..<(weights.first[index] + tap + 1) * width])
                        for x in 0..<width { sums[x] += Double(row[x]) * weight }
                    }
                    for x in 0..<width { out[index * width + x] = Float(sums[x]) }
                }
            }
            count = width * weights.length
        }
    }
}
