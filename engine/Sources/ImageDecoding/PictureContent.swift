internal import Domain

/// What a file is, judged by its content alone: names and media types are never looked at.
enum PictureContent {
    case raster(PictureFormat)
    case dicom
    /// Something else that is recognised.
    case recognised(RecognisedFormat)
    /// A file that is two things at once; the text continues "This is …".
    case other(String)
    case unknown

    static func of(_ file: ByteView) -> PictureContent {
        let beginning = beginning(file)
        guard file.has("DICM", at: 128) else {
            if case .unknown = beginning, DicomFile.looksLikeBareDataSet(file) { return .dicom }
            return beginning
        }
        // PS3.10 section 7.1 lets the preamble make a file a TIFF as well; any other second nature is an attack.
        switch beginning {
        case .unknown, .raster(.tiff): return .dicom
        case .raster(let format):
            return .other("a file that claims to be \(format.rawValue.uppercased()) and DICOM at once")
        case .recognised(let format):
            return .other(
                "a DICOM file that begins like another kind of file (\(format.kind)); such files can carry attacks")
        case .dicom, .other: return beginning
        }
    }

    var unsupportedMessage: String {
        let wanted = "Please upload a PNG, JPEG, WebP, TIFF or DICOM file."
        switch self {
        case .recognised(let format): return "\(format.advice) \(wanted)"
        case .other(let what): return "This is \(what). \(wanted)"
        case .raster, .dicom, .unknown:
            return "The content of this file is not a picture that can be read here. \(wanted)"
        }
    }

    private static func beginning(_ file: ByteView) -> PictureContent {
        if file.has(RasterHeader.pngSignature) { return .raster(.png) }
        if file.has([0xFF, 0xD8, 0xFF]) { return .raster(.jpeg) }
        if file.has("RIFF"), file.has("WEBP", at: 8) { return .raster(.webp) }
        if TiffFile(file) != nil { return .raster(.tiff) }
        if let found = signatures.first(where: { file.has($0.bytes, at: $0.offset) }) {
            return .recognised(found.format)
        }
        if file.has("ftyp", at: 4) { return .recognised(media(file)) }
        return text(file)
    }

    private static let signatures: [(offset: Int, bytes: [UInt8], format: RecognisedFormat)] = [
        (0, Array("%PDF-".utf8), .pdf), (0, Array("GIF8".utf8), .gif), (0, Array("BM".utf8), .bmp),
        (0, Array("PK\u{3}\u{4}".utf8), .zip), (0, Array("Rar!".utf8), .rar), (0, [0x37, 0x7A, 0xBC, 0xAF], .sevenZip),
        (0, [0x1F, 0x8B], .gzip), (0, Array("8BPS".utf8), .photoshop), (0, [0, 0, 1, 0], .icon),
        (0, [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], .jpeg2000), (0, [0xFF, 0x4F, 0xFF, 0x51], .jpeg2000),
        (0, [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20], .jpegXL), (0, [0xFF, 0x0A], .jpegXL),
        (344, Array("n+1\0".utf8), .nifti), (0, Array("MZ".utf8), .program), (0, [0x7F, 0x45, 0x4C, 0x46], .program),
        (0, Array("#!".utf8), .script),
    ]

    /// Files of the ISO base media family say what they are in their first box.
    private static func media(_ file: ByteView) -> RecognisedFormat {
        let heif = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]
        if heif.contains(where: { file.has(Array($0.utf8), at: 8) }) { return .heic }
        if file.has("avif", at: 8) || file.has("avis", at: 8) { return .avif }
        return .video
    }

    private static func text(_ file: ByteView) -> PictureContent {
        let length = min(1024, file.count)
        guard length > 0, let start = file.view(at: 0, length: length),
            !start.bytes.contains(where: { $0 < 0x09 || ($0 > 0x0D && $0 < 0x20) || $0 == 0x7F })
        else { return .unknown }
        let text = String(decoding: start.bytes, as: UTF8.self).lowercased()
        if text.contains("<svg") { return .recognised(.svg) }
        if text.contains("<html") || text.contains("<!doctype html") { return .recognised(.webPage) }
        return .recognised(.text)
    }
}
