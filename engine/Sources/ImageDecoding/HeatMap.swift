internal import CPicture
public import Domain

/// Pictures of where a score came from, to be laid over the preview.
public enum HeatMap {
    /// Share of the strongest influence below which nothing is drawn, and from which the overlay is at its densest.
    static let visibleFrom: Float = 0.2
    static let densestFrom: Float = 0.8
    /// Opacity at the densest; what is below stays readable.
    static let densest: Float = 0.6

    /// Draws an activation as a PNG of 256 colours with the shape of the picture. Only influence towards the finding is drawn,
    /// relative to the strongest place: transparent where it is weak, then dark violet, red, orange, pale yellow. The
    /// colours grow evenly in lightness, so that their order can be seen without seeing hue.
    /// - Parameters:
    ///   - pictureWidth, pictureHeight: the shape; in pixels.
    ///   - longestEdge: of the PNG, in pixels.
    /// - Throws: `damaged-picture` where the activation's size does not fit its values or a size is not positive.
    public static func png(
        _ activation: HeadActivation, pictureWidth: Int, pictureHeight: Int, longestEdge: Int = 384
    ) throws(PictureFault) -> [UInt8] {
        guard activation.columns > 0, activation.rows > 0, pictureWidth > 0, pictureHeight > 0, longestEdge > 0,
            activation.values.count == activation.columns * activation.rows
        else { throw PictureFault(.damagedPicture, "The model gave a heat map of the wrong size.") }
        let scale = Double(longestEdge) / Double(max(pictureWidth, pictureHeight))
        let width = max(1, Int((Double(pictureWidth) * scale).rounded()))
        let height = max(1, Int((Double(pictureHeight) * scale).rounded()))

        let positive = activation.values.map { $0.isFinite ? max(0, $0) : 0 }
        let strongest = positive.max() ?? 0
        let relative = positive.map { strongest > 0 ? $0 / strongest : 0 }
        let smooth = enlarged(
            relative, columns: activation.columns, rows: activation.rows, width: width, height: height)

        // What is transparent is all one colour, which costs next to nothing to compress.
        let indices = smooth.map { $0 <= visibleFrom ? 0 : UInt8($0 * 255 + 0.5) }
        var count = 0
        guard let bytes = lb_png_encode_indexed(indices, Int32(width), Int32(height), palette, &count) else {
            throw PictureFault(.pictureTooLarge, "There is not enough memory to draw the heat map.")
        }
        defer { lb_picture_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// RGBA for each 1/255 of influence.
    private static let palette: [UInt8] = (0...255).flatMap { index in
        let value = Float(index) / 255
        let (red, green, blue) = colour(value)
        return [red, green, blue, UInt8((opacity(value) * 255).rounded())]
    }

    static func opacity(_ value: Float) -> Float {
        let share = min(1, max(0, (value - visibleFrom) / (densestFrom - visibleFrom)))
        return densest * share * share * (3 - 2 * share)
    }

    /// Enlarges with Catmull-Rom splines, kept within 0...1; cells stand for the areas around their centres.
    ///
    /// Source: Keys, "Cubic convolution interpolation for digital image processing", 1981.
    static func enlarged(_ values: [Float], columns: Int, rows: Int, width: Int, height: Int) -> [Float] {
        let across = taps(from: columns, to: width)
        let down = taps(from: rows, to: height)
        var wide = [Float](repeating: 0, count: width * rows)
        for y in 0..<rows {
            for x in 0..<width {
                let tap = across[x]
                var sum: Float = 0
                for index in 0..<4 { sum += values[y * columns + tap.cells[index]] * tap.weights[index] }
                wide[y * width + x] = sum
            }
        }
        // Without bounds checks in the innermost loop, which the compiler then makes of vectors: there is a map for each
        // finding, and their drawing was half of an analysis.
        return wide.withUnsafeBufferPointer { wide in
            [Float](unsafeUninitializedCapacity: width * height) { out, count in
                for y in 0..<height {
                    let rows = down[y].cells &* width
                    let (first, second, third, fourth) = (rows.x, rows.y, rows.z, rows.w)
                    let weights = down[y].weights
                    let (one, two, three, four) = (weights.x, weights.y, weights.z, weights.w)
                    for x in 0..<width {
                        let sum =
                            wide[first + x] * one + wide[second + x] * two + wide[third + x] * three
                            + wide[fourth + x] * four
                        out[y * width + x] = min(1, max(0, sum))
                    }
                }
                count = width * height
            }
        }
    }

    private static func taps(from cells: Int, to pixels: Int) -> [(cells: SIMD4<Int>, weights: SIMD4<Float>)] {
        (0..<pixels).map { pixel in
            let place = (Float(pixel) + 0.5) * Float(cells) / Float(pixels) - 0.5
            let base = place.rounded(.down)
            let t = place - base
            let weights =
                0.5
                * SIMD4<Float>(
                    ((2 - t) * t - 1) * t, (3 * t - 5) * t * t + 2, ((4 - 3 * t) * t + 1) * t, (t - 1) * t * t)
            let around = SIMD4<Int>(-1, 0, 1, 2) &+ SIMD4<Int>(repeating: Int(base))
            return (around.clamped(lowerBound: .zero, upperBound: SIMD4<Int>(repeating: cells - 1)), weights)
        }
    }

    /// Inferno by Smith and van der Walt (matplotlib, CC0) at nine even steps, from dark to pale.
    private static let inferno: [SIMD3<Float>] = [
        [0, 0, 4], [31, 12, 72], [85, 15, 109], [136, 34, 106], [186, 54, 85], [227, 89, 51], [249, 140, 10],
        [249, 201, 50], [252, 255, 164],
    ]

    static func colour(_ value: Float) -> (UInt8, UInt8, UInt8) {
        let place = min(1, max(0, value)) * Float(inferno.count - 1)
        let index = min(inferno.count - 2, Int(place))
        let mixed = inferno[index] + (inferno[index + 1] - inferno[index]) * (place - Float(index))
        return (UInt8(mixed.x.rounded()), UInt8(mixed.y.rounded()), UInt8(mixed.z.rounded()))
    }
}
