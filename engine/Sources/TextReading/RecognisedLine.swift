internal import Domain

/// Words that the recogniser put into one line.
struct RecognisedLine {
    struct Word {
        var text: String
        /// 0...1.
        var confidence: Double
        /// In pixels; right and bottom lie behind the last ones.
        var left: Int
        var top: Int
        var right: Int
        var bottom: Int

        /// Letters and digits.
        var weight: Int { text.count { $0.isLetter || $0.isNumber } }
    }

    var words: [Word] = []

    /// What a person would take for writing, or nil.
    ///
    /// Measured on 25 chest films with wires and bones: what Tesseract makes of those is two letters at up to 0.86, or
    /// three and more at up to 0.73; real words come at 0.87 and more. So a word counts from 0.6, a line of three
    /// characters from a mean of 0.75, one of two from 0.92.
    func line(width: Int, height: Int) -> BurnedInText.Line? {
        let words = words.filter { $0.confidence >= 0.6 && $0.weight > 0 }
        let weight = words.reduce(0) { $0 + $1.weight }
        guard let left = words.map(\.left).min(), let top = words.map(\.top).min(), weight > 0,
            let right = words.map(\.right).max(), let bottom = words.map(\.bottom).max()
        else { return nil }
        let confidence = words.reduce(0) { $0 + $1.confidence * Double($1.weight) } / Double(weight)
        let text = words.map(\.text).joined(separator: " ")
        let least = BurnedInText.isSideMarker(text) ? 0.85 : weight >= 3 ? 0.75 : weight == 2 ? 0.92 : .infinity
        guard confidence >= least else { return nil }
        return BurnedInText.Line(
            text: text, confidence: confidence, x: Double(left) / Double(width), y: Double(top) / Double(height),
            width: Double(right - left) / Double(width), height: Double(bottom - top) / Double(height))
    }
}

extension BurnedInText.Line {
    /// Whether half of the smaller of two lines lies on the other.
    func covers(_ other: BurnedInText.Line) -> Bool {
        let across = min(x + width, other.x + other.width) - max(x, other.x)
        let down = min(y + height, other.y + other.height) - max(y, other.y)
        guard across > 0, down > 0 else { return false }
        return across * down * 2 > min(width * height, other.width * other.height)
    }
}

extension StrokePlane {
    /// How tall a lone letter is drawn.
    private static let drawnHeight = 60

    /// One shape alone, black on white with a margin, about as tall as the recogniser likes it.
    func letter(_ shape: Shape) -> GreyPlane {
        let margin = shape.height / 2 + 1
        var canvas = GreyPlane(
            width: shape.width + 2 * margin, height: shape.height + 2 * margin,
            pixels: [UInt8](repeating: 255, count: (shape.width + 2 * margin) * (shape.height + 2 * margin)))
        draw([shape], on: &canvas, originX: shape.left - margin, originY: shape.top - margin)
        return canvas.scaled(by: Double(Self.drawnHeight) / Double(shape.height))
    }
}

extension GreyPlane {
    /// Bilinear; for small enlargements and reductions.
    func scaled(by factor: Double) -> GreyPlane {
        let (toWidth, toHeight) = (max(8, Int(Double(width) * factor)), max(8, Int(Double(height) * factor)))
        var result = [UInt8]()
        result.reserveCapacity(toWidth * toHeight)
        for row in 0..<toHeight {
            let y = min(Double(height - 1), max(0, (Double(row) + 0.5) / factor - 0.5))
            let (top, down) = (Int(y), y - y.rounded(.down))
            let below = min(height - 1, top + 1)
            for column in 0..<toWidth {
                let x = min(Double(width - 1), max(0, (Double(column) + 0.5) / factor - 0.5))
                let (left, across) = (Int(x), x - x.rounded(.down))
                let right = min(width - 1, left + 1)
                let upper =
                    Double(pixels[top * width + left]) * (1 - across) + Double(pixels[top * width + right]) * across
                let lower =
                    Double(pixels[below * width + left]) * (1 - across) + Double(pixels[below * width + right]) * across
                result.append(UInt8(upper * (1 - down) + lower * down))
            }
        }
        return GreyPlane(width: toWidth, height: toHeight, pixels: result)
    }
}
