extension RasterHeader {
    static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Source: PNG specification (third edition), sections 5.3 and 11.2.
    static func png(_ file: ByteView) -> RasterHeader? {
        guard file.has(pngSignature), file.uint32(8, .big) == 13, file.has("IHDR", at: 12),
            let width = file.uint32(16, .big), let height = file.uint32(20, .big),
            width <= Int32.max, height <= Int32.max,
            let depth = file.uint8(24), let colour = file.uint8(25)
        else { return nil }
        let depths: [UInt8]
        switch colour {
        case 0: depths = [1, 2, 4, 8, 16]
        case 3: depths = [1, 2, 4, 8]
        case 2, 4, 6: depths = [8, 16]
        default: return nil
        }
        guard depths.contains(depth) else { return nil }
        var header = RasterHeader(
            width: Int(width), height: Int(height), bitsPerSample: colour == 3 ? 8 : Int(depth),
            channels: colour == 0 || colour == 4 ? 1 : 3)
        header.isComplete = false
        var offset = 8
        while let length = file.uint32(offset, .big), file.holds(Int(length) + 12, at: offset) {
            if file.has("eXIf", at: offset + 4), let exif = file.view(at: offset + 8, length: Int(length)) {
                header.orientation = exifOrientation(exif)
            }
            if file.has("IEND", at: offset + 4) {
                header.isComplete = true
                break
            }
            offset += Int(length) + 12
        }
        return header
    }
}
