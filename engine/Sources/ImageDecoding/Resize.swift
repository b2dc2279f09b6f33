public import Domain

/// Resampling of grey pictures.
public enum Resize {
    /// Resamples with an antialiased triangle filter whose support grows with the shrink factor: within 0.0001 of the
    /// numbers of Pillow's `Image.fromarray(grey, "F").resize((toWidth, toHeight), Image.BILINEAR)`.
    ///
    /// `pad` keeps the shape and fills the rest with black (as Pillow's `ImageOps.pad`); `crop` takes the largest
    /// centred part that has the target's shape.
    /// - Precondition: all sizes are positive and `grey` has `width * height` values.
    public static func triangle(
        _ grey: [Float], width: Int, height: Int, toWidth: Int, toHeight: Int, fit: ModelManifest.Input.Resize.Fit
    ) -> [Float] {
        precondition(width > 0 && height > 0 && toWidth > 0 && toHeight > 0 && grey.count == width * height)
        let input = FittedInput(width: width, height: height, toWidth: toWidth, toHeight: toHeight, fit: fit)
        let shrink = TriangleShrink(
            input.part, toWidth: input.inner.width, toHeight: input.inner.height, keepsFractions: true)
        grey.withUnsafeBufferPointer { grey in
            guard let start = grey.baseAddress else { return }
            shrink.read(GreyRows(top: 0, count: height, width: width, grey: start))
        }
        return input.framed(shrink.greys)
    }
}

/// How a picture becomes a model's input: which part is taken, what size it gets, and where it lies on black.
struct FittedInput {
    /// Of the picture, as shown.
    let part: PicturePart
    /// Where the resized part lies in the input.
    let inner: PicturePart
    let width: Int
    let height: Int

    init(width: Int, height: Int, toWidth: Int, toHeight: Int, fit: ModelManifest.Input.Resize.Fit) {
        self.width = toWidth
        self.height = toHeight
        switch fit {
        case .stretch:
            part = PicturePart(width: width, height: height)
            inner = PicturePart(width: toWidth, height: toHeight)
        case .crop:
            let columns = min(width, max(1, height * toWidth / toHeight))
            let rows = min(height, max(1, width * toHeight / toWidth))
            part = PicturePart(left: (width - columns) / 2, top: (height - rows) / 2, width: columns, height: rows)
            inner = PicturePart(width: toWidth, height: toHeight)
        case .pad:
            let isWider = width * toHeight > toWidth * height
            let columns = isWider ? toWidth : max(1, Self.rounded(Double(width) / Double(height) * Double(toHeight)))
            let rows = isWider ? max(1, Self.rounded(Double(height) / Double(width) * Double(toWidth))) : toHeight
            part = PicturePart(width: width, height: height)
            inner = PicturePart(
                left: Self.rounded(Double(toWidth - columns) * 0.5), top: Self.rounded(Double(toHeight - rows) * 0.5),
                width: columns, height: rows)
        }
    }

    /// The resized part, in its place on black.
    func framed(_ pixels: [Float]) -> [Float] {
        if inner.width == width, inner.height == height { return pixels }
        var out = [Float](repeating: 0, count: width * height)
        for y in 0..<inner.height {
            let start = (inner.top + y) * width + inner.left
            out.replaceSubrange(
                start..<start + inner.width, with: pixels[y * inner.width..<(y + 1) * inner.width])
        }
        return out
    }

    /// To the nearest whole number; halves to the even one, as Python does.
    private static func rounded(_ value: Double) -> Int {
        Int(value.rounded(.toNearestOrEven))
    }
}
