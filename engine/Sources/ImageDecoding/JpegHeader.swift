/// The frame header of a JPEG or JPEG-LS code stream.
struct JpegFrame {
    /// Second byte of the SOFn marker: 0xC0 baseline ... 0xF7 JPEG-LS.
    var marker: UInt8
    var width: Int
    var height: Int
    var precision: Int
    var components: Int
    var exif: ByteView?

    /// Walks the marker segments up to the frame header.
    ///
    /// Source: ITU-T T.81, annex B; ITU-T T.87, annex C.
    init?(_ stream: ByteView) {
        guard stream.has([0xFF, 0xD8]) else { return nil }
        var offset = 2
        while stream.uint8(offset) == 0xFF {
            guard let marker = stream.uint8(offset + 1) else { return nil }
            if marker == 0xFF {
                offset += 1
                continue
            }
            if marker == 0x01 || (0xD0...0xD7).contains(marker) {
                offset += 2
                continue
            }
            guard let length = stream.uint16(offset + 2, .big), length >= 2,
                let segment = stream.view(at: offset + 4, length: Int(length) - 2)
            else { return nil }
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7:
                guard let precision = segment.uint8(0), let height = segment.uint16(1, .big),
                    let width = segment.uint16(3, .big), let components = segment.uint8(5)
                else { return nil }
                self.marker = marker
                self.precision = Int(precision)
                self.width = Int(width)
                self.height = Int(height)
                self.components = Int(components)
                return
            case 0xE1 where segment.has("Exif\0\0"):
                if exif == nil { exif = segment }
            case 0xD9, 0xDA:
                return nil
            default: break
            }
            offset += 2 + Int(length)
        }
        return nil
    }
}

extension RasterHeader {
    static func jpeg(_ file: ByteView) -> RasterHeader? {
        guard let frame = JpegFrame(file), frame.marker != 0xF7, (1...4).contains(frame.components) else { return nil }
        var header = RasterHeader(
            width: frame.width, height: frame.height, bitsPerSample: frame.precision,
            channels: frame.components == 1 ? 1 : 3)
        if let exif = frame.exif { header.orientation = exifOrientation(exif) }
        if frame.precision != 8 || ![0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(frame.marker) {
            header.unsupported = "a lossless or 12-bit JPEG, which is only read inside a DICOM file"
        }
        return header
    }
}
