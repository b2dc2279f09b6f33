/// The file formats that the worker reads. The format is found from the content, never from the name.
public enum PictureFormat: String, Codable, Sendable, CaseIterable {
    case png, jpeg, webp, tiff, dicom

    /// The media types under which browsers and other clients send this format; the first is the registered one.
    public var mediaTypes: [String] {
        switch self {
        case .png: ["image/png"]
        case .jpeg: ["image/jpeg"]
        case .webp: ["image/webp"]
        case .tiff: ["image/tiff"]
        case .dicom: ["application/dicom"]
        }
    }

    /// File name endings, with the dot; the first is the one used for a name that has none.
    public var fileExtensions: [String] {
        switch self {
        case .png: [".png"]
        case .jpeg: [".jpg", ".jpeg"]
        case .webp: [".webp"]
        case .tiff: [".tiff", ".tif"]
        case .dicom: [".dcm", ".dicom"]
        }
    }
}

/// What a picture may be at most, and must be at least. Checked from the header, before pixels are allocated.
public struct PictureLimits: Codable, Sendable, Equatable {
    /// File size in bytes.
    public var maxBytes: Int
    /// Width times height of one frame.
    public var maxPixels: Int
    /// The longer edge, in pixels.
    public var maxEdge: Int
    /// The shorter edge, in pixels.
    public var minEdge: Int

    public init(maxBytes: Int, maxPixels: Int, maxEdge: Int, minEdge: Int) {
        self.maxBytes = maxBytes
        self.maxPixels = maxPixels
        self.maxEdge = maxEdge
        self.minEdge = minEdge
    }

    public static let standard = PictureLimits(
        maxBytes: 100 << 20, maxPixels: 64_000_000, maxEdge: 16_384, minEdge: 64)
}

/// What the header of a picture says.
public struct PictureInspection: Codable, Sendable, Equatable {
    public var format: PictureFormat
    /// Size in pixels as a person sees the picture: an EXIF orientation is already applied.
    public var width: Int
    public var height: Int
    /// Significant bits of one sample: 1...16.
    public var bitsPerSample: Int
    /// 1 for grey, 3 for colour; alpha is not counted.
    public var channels: Int
    /// Number of frames or pages; at least 1.
    public var frames: Int
    /// What a DICOM file says about itself; nil for other formats.
    public var dicom: DicomSummary?

    public init(
        format: PictureFormat, width: Int, height: Int, bitsPerSample: Int, channels: Int, frames: Int,
        dicom: DicomSummary? = nil
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.bitsPerSample = bitsPerSample
        self.channels = channels
        self.frames = frames
        self.dicom = dicom
    }
}

/// The attributes of a DICOM data set (PS3.3) that Lightbox uses, as text without trailing blanks; nil where absent or
/// empty. They were typed by someone and are shown as data, never trusted.
public struct DicomSummary: Codable, Sendable, Equatable {
    /// Transfer Syntax UID (0002,0010).
    public var transferSyntax: String?
    /// (0028,0004), for example `MONOCHROME2`.
    public var photometricInterpretation: String?
    /// (0008,0060), for example `DX`, `CR`, `CT`.
    public var modality: String?
    /// Body Part Examined (0018,0015).
    public var bodyPart: String?
    /// View Position (0018,5101), for example `PA`, `AP`, `LL`.
    public var viewPosition: String?
    /// Image Laterality (0020,0062).
    public var imageLaterality: String?
    /// (0010,0010) in the DICOM form `FAMILY^GIVEN`.
    public var patientName: String?
    /// (0010,0020).
    public var patientID: String?
    /// (0010,0040): `M`, `F` or `O`.
    public var patientSex: String?
    /// (0010,0030) as `YYYYMMDD`.
    public var patientBirthDate: String?
    /// (0010,1010), for example `062Y`, `018M`.
    public var patientAge: String?
    /// (0008,0020) as `YYYYMMDD`.
    public var studyDate: String?
    /// (0008,1030).
    public var studyDescription: String?
    /// Burned In Annotation (0028,0301): `YES` or `NO`.
    public var burnedInAnnotation: String?
    /// Patient Orientation (0020,0020): where the rows and the columns lead to, for example `L\F`.
    public var patientOrientation: String?
    /// Pixel Spacing (0028,0030) in mm, in the patient: between rows, between columns.
    public var pixelSpacing: [Double]?
    /// Imager Pixel Spacing (0018,1164) in mm, at the detector: between rows, between columns.
    public var imagerPixelSpacing: [Double]?
    /// (0008,0016): what kind of object it is.
    public var sopClassUID: String?
    /// (0008,0018).
    public var sopInstanceUID: String?
    /// (0020,000D).
    public var studyInstanceUID: String?
    /// (0020,000E).
    public var seriesInstanceUID: String?

    public init(
        transferSyntax: String? = nil, photometricInterpretation: String? = nil, modality: String? = nil,
        bodyPart: String? = nil, viewPosition: String? = nil, imageLaterality: String? = nil,
        patientName: String? = nil, patientID: String? = nil, patientSex: String? = nil,
        patientBirthDate: String? = nil, patientAge: String? = nil, studyDate: String? = nil,
        studyDescription: String? = nil, burnedInAnnotation: String? = nil, patientOrientation: String? = nil,
        pixelSpacing: [Double]? = nil, imagerPixelSpacing: [Double]? = nil, sopClassUID: String? = nil,
        sopInstanceUID: String? = nil, studyInstanceUID: String? = nil, seriesInstanceUID: String? = nil
    ) {
        self.transferSyntax = transferSyntax
        self.photometricInterpretation = photometricInterpretation
        self.modality = modality
        self.bodyPart = bodyPart
        self.viewPosition = viewPosition
        self.imageLaterality = imageLaterality
        self.patientName = patientName
        self.patientID = patientID
        self.patientSex = patientSex
        self.patientBirthDate = patientBirthDate
        self.patientAge = patientAge
        self.studyDate = studyDate
        self.studyDescription = studyDescription
        self.burnedInAnnotation = burnedInAnnotation
        self.patientOrientation = patientOrientation
        self.pixelSpacing = pixelSpacing
        self.imagerPixelSpacing = imagerPixelSpacing
        self.sopClassUID = sopClassUID
        self.sopInstanceUID = sopInstanceUID
        self.studyInstanceUID = studyInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
    }
}

/// Why a picture cannot be used. `message` is a sentence for people, without data from the file.
public struct PictureFault: Error, Codable, Sendable, Equatable {
    public enum Code: String, Codable, Sendable, CaseIterable {
        /// The file has no bytes.
        case emptyFile = "empty-file"
        /// The content is none of the formats in ``PictureFormat``.
        case unsupportedFormat = "unsupported-format"
        /// The header or the pixels cannot be read to the end.
        case damagedPicture = "damaged-picture"
        /// The header declares more pixels, or a longer edge, than the limit.
        case pictureTooLarge = "picture-too-large"
        /// The shorter edge is under the limit.
        case pictureTooSmall = "picture-too-small"
        /// A DICOM object without pixel data.
        case noPixels = "no-pixels"
        /// A DICOM transfer syntax that the worker does not decode.
        case unsupportedTransferSyntax = "unsupported-transfer-syntax"
        /// A DICOM image whose photometric interpretation is not MONOCHROME1 or MONOCHROME2.
        case colourNotSupported = "colour-not-supported"
        /// An archive that cannot be read to its end.
        case damagedArchive = "damaged-archive"
        /// An archive with files under a password.
        case encryptedArchive = "encrypted-archive"
        /// An archive with more files, or more in them, than is read.
        case archiveTooLarge = "archive-too-large"
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// Simple measures of the decoded grey picture, for the quality gate.
public struct PictureMeasurements: Codable, Sendable, Equatable {
    public var width: Int
    public var height: Int
    /// Mean grey, 0 (black) ... 1 (white), bone white.
    public var mean: Double
    /// 95th minus 5th percentile of grey, 0...1.
    public var contrast: Double
    /// Fraction of pixels at the lowest and at the highest possible grey, 0...1.
    public var clippedLow: Double
    public var clippedHigh: Double
    /// How coloured the picture is: the mean difference between the largest and the smallest channel, 0...1. A scan of
    /// a film is under 0.03; 0 for grey formats.
    public var colourfulness: Double

    public init(
        width: Int, height: Int, mean: Double, contrast: Double, clippedLow: Double, clippedHigh: Double,
        colourfulness: Double
    ) {
        self.width = width
        self.height = height
        self.mean = mean
        self.contrast = contrast
        self.clippedLow = clippedLow
        self.clippedHigh = clippedHigh
        self.colourfulness = colourfulness
    }
}
