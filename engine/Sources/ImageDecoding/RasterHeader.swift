internal import Domain

/// What the header of a PNG, JPEG, WebP or TIFF file declares. It is read here, with bounds checks, before any library
/// sees the file: what is too large never reaches a decoder.
struct RasterHeader: Equatable {
    /// As stored, before the orientation is applied.
    var width: Int
    var height: Int
    var bitsPerSample: Int
    /// 1 or 3; alpha is not counted.
    var channels: Int
    var frames = 1
    /// EXIF orientation 1...8 (EXIF 2.32, tag 274).
    var orientation = 1
    /// False where the file is plainly shorter than it says.
    var isComplete = true
    /// Why the pixels cannot be decoded although the header is understood; nil where they can.
    var unsupported: String?

    var swapsEdges: Bool { orientation >= 5 }

    /// Reads the header of page `frame`.
    static func read(_ format: PictureFormat, _ file: ByteView, frame: Int) throws(PictureFault) -> RasterHeader {
        let header: RasterHeader? =
            switch format {
            case .png: png(file)
            case .jpeg: jpeg(file)
            case .webp: webp(file)
            case .tiff: tiff(file, page: frame)
            case .dicom: nil
            }
        guard let header, header.width > 0, header.height > 0 else { throw .damaged }
        return header
    }
}

extension PictureFault {
    static let damaged = PictureFault(
        .damagedPicture, "The picture is damaged or incomplete: it cannot be read to the end. Please export it again.")

    static func noFrame(_ frame: Int, of frames: Int) -> PictureFault {
        PictureFault(.damagedPicture, "The file has \(frames) frame(s); there is no frame \(frame + 1).")
    }
}

/// The orientation in EXIF data, which is a small TIFF file; 1 where there is none.
func exifOrientation(_ exif: ByteView) -> Int {
    var exif = exif
    if exif.has("Exif\0\0"), let rest = exif.view(from: 6) { exif = rest }
    guard let file = TiffFile(exif), let directory = file.directory(0), let value = directory.number(.orientation),
        (1...8).contains(value)
    else { return 1 }
    return value
}
