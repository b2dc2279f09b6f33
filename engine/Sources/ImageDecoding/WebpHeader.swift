extension RasterHeader {
    /// Source: WebP container specification; RFC 6386 section 9.1 (VP8); WebP lossless bitstream section 3.
    static func webp(_ file: ByteView) -> RasterHeader? {
        guard file.has("RIFF"), file.has("WEBP", at: 8), let size = file.uint32(4, .little) else { return nil }
        var header: RasterHeader?
        var isAnimated = false
        var orientation = 1
        var offset = 12
        while let length = file.uint32(offset + 4, .little) {
            let body = offset + 8
            if header == nil {
                guard let canvas = webpCanvas(file, chunk: offset) else { return nil }
                header = RasterHeader(width: canvas.width, height: canvas.height, bitsPerSample: 8, channels: 3)
            }
            if file.has("ANMF", at: offset) { isAnimated = true }
            if file.has("EXIF", at: offset), let exif = file.view(at: body, length: Int(length)) {
                orientation = exifOrientation(exif)
            }
            offset = body + Int(length) + Int(length & 1)
        }
        if isAnimated { header?.unsupported = "an animated WebP" }
        header?.orientation = orientation
        header?.isComplete = file.holds(Int(size), at: 8)
        return header
    }

    private static func webpCanvas(_ file: ByteView, chunk offset: Int) -> (width: Int, height: Int)? {
        let body = offset + 8
        if file.has("VP8X", at: offset) {
            guard let width = file.uint32(body + 3, .little), let height = file.uint32(body + 6, .little) else {
                return nil
            }
            return (Int(width >> 8) + 1, Int(height >> 8) + 1)
        }
        if file.has("VP8 ", at: offset) {
            guard file.has([0x9D, 0x01, 0x2A], at: body + 3), let width = file.uint16(body + 6, .little),
                let height = file.uint16(body + 8, .little)
            else { return nil }
            return (Int(width & 0x3FFF), Int(height & 0x3FFF))
        }
        if file.has("VP8L", at: offset) {
            guard file.uint8(body) == 0x2F, let bits = file.uint32(body + 1, .little) else { return nil }
            return (Int(bits & 0x3FFF) + 1, Int((bits >> 14) & 0x3FFF) + 1)
        }
        return nil
    }
}
