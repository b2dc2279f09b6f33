internal import CPicture
public import Domain

extension PictureDecoder {
    /// A decoded picture as a small grey JPEG, as it is shown: orientation, window and polarity applied.
    /// - Parameters:
    ///   - longestEdge: in pixels, at least 1; a smaller picture is not enlarged.
    ///   - quality: 1...100.
    public func preview(
        _ picture: DecodedPicture, longestEdge: Int, quality: Int = previewQuality
    ) throws(PictureFault) -> [UInt8] {
        let size = fitted(width: picture.width, height: picture.height, longestEdge: longestEdge)
        let shrink = TriangleShrink(
            PicturePart(width: picture.width, height: picture.height), toWidth: size.width, toHeight: size.height,
            keepsFractions: false)
        picture.offer(to: shrink)
        return try Self.greyJPEG(shrink.wholeGreys, width: size.width, height: size.height, quality: quality)
    }

    static func greyJPEG(
        _ pixels: [UInt8], width: Int, height: Int, quality: Int
    ) throws(PictureFault) -> [UInt8] {
        var count = 0
        guard
            let bytes = lb_jpeg_encode_grey(
                pixels, Int32(width), Int32(height), Int32(min(100, max(1, quality))), &count)
        else { throw PictureFault(.pictureTooLarge, "There is not enough memory to show this picture.") }
        defer { lb_picture_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}

/// The largest size of the same shape whose longer edge is at most `longestEdge`; never larger than the picture.
func fitted(width: Int, height: Int, longestEdge: Int) -> (width: Int, height: Int) {
    let longest = max(width, height)
    guard longest > longestEdge else { return (width, height) }
    let scale = Double(max(1, longestEdge)) / Double(longest)
    return (max(1, Int((Double(width) * scale).rounded())), max(1, Int((Double(height) * scale).rounded())))
}
