internal import Domain

/// What a file is, judged by its content alone: names and media types are never looked at.
enum PictureContent {
    case raster(PictureFormat)
    case dicom
    /// Something else that is recognised; the text continues "This is …".
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
        case .other(let what):
            return .other("a DICOM file that begins like another kind of file (\(what)); such files can carry attacks")
        case .dicom: return .dicom
        }
    }

    var unsupportedMessage: String {
        let wanted = "Please upload a PNG, JPEG, WebP, TIFF or DICOM file."
        if case .other(let what) = self { return "This is \(what). \(wanted)" }
        return "The content of this file is not a picture that can be read here. \(wanted)"
    }

    private static func beginning(_ file: ByteView) -> PictureContent {
        if file.has(RasterHeader.pngSignature) { return .raster(.png) }
        if file.has([0xFF, 0xD8, 0xFF]) { return .raster(.jpeg) }
        if file.has("RIFF"), file.has("WEBP", at: 8) { return .raster(.webp) }
        if TiffFile(file) != nil { return .raster(.tiff) }
        if let what = signatures.first(where: { file.has($0.bytes, at: $0.offset) })?.what { return .other(what) }
        if file.has("ftyp", at: 4) { return .other(media(file)) }
        return text(file)
    }

    private static let signatures: [(offset: Int, bytes: [UInt8], what: String)] = [
        (0, Array("%PDF-".utf8), "a PDF document; export the picture in it as PNG or JPEG"),
        (0, Array("GIF8".utf8), "a GIF picture; open it in a picture viewer and save it as PNG"),
        (0, Array("BM".utf8), "a BMP picture; open it in a picture viewer and save it as PNG"),
        (0, Array("PK\u{3}\u{4}".utf8), "a ZIP archive or an office document; unpack it and upload the picture itself"),
        (0, Array("Rar!".utf8), "a RAR archive; unpack it and upload the picture itself"),
        (0, [0x37, 0x7A, 0xBC, 0xAF], "a 7z archive; unpack it and upload the picture itself"),
        (0, [0x1F, 0x8B], "a gzip archive; unpack it and upload the picture itself"),
        (0, Array("8BPS".utf8), "a Photoshop document; export it as PNG"),
        (0, [0, 0, 1, 0], "an icon; open it in a picture viewer and save it as PNG"),
        (0, [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], "a JPEG 2000 picture outside DICOM; save it as PNG or TIFF"),
        (0, [0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 picture outside DICOM; save it as PNG or TIFF"),
        (0, [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20], "a JPEG XL picture; save it as PNG"),
        (0, [0xFF, 0x0A], "a JPEG XL picture; save it as PNG"),
        (344, Array("n+1\0".utf8), "a NIfTI volume; export one picture of it as PNG"),
        (0, Array("MZ".utf8), "a program"),
        (0, [0x7F, 0x45, 0x4C, 0x46], "a program"),
        (0, Array("#!".utf8), "a script"),
    ]

    /// Files of the ISO base media family say what they are in their first box.
    private static func media(_ file: ByteView) -> String {
        let heif = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]
        if heif.contains(where: { file.has(Array($0.utf8), at: 8) }) {
            return "a HEIC picture, as iPhones take them; open it and export it as JPEG, "
                + "or set the camera to \"Most compatible\""
        }
        if file.has("avif", at: 8) || file.has("avis", at: 8) {
            return "an AVIF picture; open it in a picture viewer and save it as PNG or JPEG"
        }
        return "a video or audio file; save one picture of it as PNG or JPEG"
    }

    private static func text(_ file: ByteView) -> PictureContent {
        let length = min(1024, file.count)
        guard length > 0, let start = file.view(at: 0, length: length),
            !start.bytes.contains(where: { $0 < 0x09 || ($0 > 0x0D && $0 < 0x20) || $0 == 0x7F })
        else { return .unknown }
        let text = String(decoding: start.bytes, as: UTF8.self).lowercased()
        if text.contains("<svg") { return .other("an SVG drawing; export it as PNG") }
        if text.contains("<html") || text.contains("<!doctype html") {
            return .other("a web page; save the picture in it and upload that")
        }
        return .other("a text file")
    }
}
