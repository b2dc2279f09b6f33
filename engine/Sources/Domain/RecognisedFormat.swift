/// A kind of file that is recognised by its content and not read, with what its owner can do.
///
/// The decoder's refusals and the page's advice before an upload are made of the same sentences.
public struct RecognisedFormat: Sendable, Equatable {
    /// As people call it, for example `HEIC`.
    public let name: String
    /// File name endings with the dot, lower case; empty where the kind has none of its own.
    public let extensions: [String]
    /// Continues "This is …".
    public let kind: String
    /// What to do, beginning with a small letter.
    public let remedy: String

    private init(_ name: String, _ extensions: [String], _ kind: String, _ remedy: String) {
        self.name = name
        self.extensions = extensions
        self.kind = kind
        self.remedy = remedy
    }

    /// A whole sentence: what the file is, and what to do with it.
    public var advice: String {
        "This is " + description + "."
    }

    /// The same without its beginning and its end.
    public var description: String { kind + "; " + remedy }

    private static let saveAsPNG = "open it in a picture viewer and save it as PNG"
    private static let chooseThePicture = "choose the picture itself"
    private static let unpack = "unpack it and upload the picture itself"

    public static let heic = RecognisedFormat(
        "HEIC", [".heic", ".heif"], "a HEIC picture, as iPhones take them",
        "open it and export it as JPEG, or set the camera to \"Most compatible\"")
    public static let pdf = RecognisedFormat(
        "PDF", [".pdf"], "a PDF document", "export the picture in it as PNG or JPEG")
    public static let gif = RecognisedFormat("GIF", [".gif"], "a GIF picture", saveAsPNG)
    public static let bmp = RecognisedFormat("BMP", [".bmp", ".dib"], "a BMP picture", saveAsPNG)
    public static let svg = RecognisedFormat("SVG", [".svg"], "an SVG drawing", "export it as PNG")
    public static let avif = RecognisedFormat(
        "AVIF", [".avif"], "an AVIF picture", "open it in a picture viewer and save it as PNG or JPEG")
    public static let jpeg2000 = RecognisedFormat(
        "JPEG 2000", [".jp2", ".j2k", ".jpx", ".j2c"], "a JPEG 2000 picture outside DICOM", "save it as PNG or TIFF")
    public static let jpegXL = RecognisedFormat("JPEG XL", [".jxl"], "a JPEG XL picture", "save it as PNG")
    public static let photoshop = RecognisedFormat(
        "Photoshop", [".psd", ".psb"], "a Photoshop document", "export it as PNG")
    public static let icon = RecognisedFormat("icon", [".ico"], "an icon", saveAsPNG)
    public static let nifti = RecognisedFormat("NIfTI", [".nii"], "a NIfTI volume", "export one picture of it as PNG")
    public static let video = RecognisedFormat(
        "video", [".mp4", ".mov", ".m4v", ".3gp"], "a video or audio file", "save one picture of it as PNG or JPEG")
    /// Office documents are ZIP archives and begin as they do.
    public static let zip = RecognisedFormat(
        "office document", [".docx", ".pptx", ".xlsx", ".odt", ".odp"], "a ZIP archive or an office document", unpack)
    public static let rar = RecognisedFormat("RAR", [".rar"], "a RAR archive", unpack)
    public static let sevenZip = RecognisedFormat("7z", [".7z"], "a 7z archive", unpack)
    public static let gzip = RecognisedFormat("gzip", [".gz", ".tgz"], "a gzip archive", unpack)
    public static let webPage = RecognisedFormat(
        "web page", [".html", ".htm"], "a web page", "save the picture in it and upload that")
    public static let text = RecognisedFormat("text", [".txt", ".csv"], "a text file", chooseThePicture)
    public static let program = RecognisedFormat("program", [".exe"], "a program", chooseThePicture)
    public static let script = RecognisedFormat("script", [".sh"], "a script", chooseThePicture)

    /// In the order in which people are likely to meet them.
    public static let all: [RecognisedFormat] = [
        heic, pdf, gif, bmp, svg, avif, jpeg2000, jpegXL, photoshop, icon, nifti, video, zip, rar, sevenZip, gzip,
        webPage, text, program, script,
    ]
}
