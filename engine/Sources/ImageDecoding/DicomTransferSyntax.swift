internal import CDicom

/// How the data set and its pixels are encoded (PS3.5 annex A), as far as they can be decoded here.
enum DicomTransferSyntax {
    case native(DicomEncoding)
    case deflated
    case runLength
    case coded(LBFrameCoding)

    /// nil for a syntax that is not decoded: video, HTJ2K, JPEG XL, multi-component JPEG 2000, private ones.
    init?(uid: String) {
        switch uid {
        case "1.2.840.10008.1.2": self = .native(.implicitLittle)
        case "1.2.840.10008.1.2.1": self = .native(.explicitLittle)
        case "1.2.840.10008.1.2.2": self = .native(.explicitBig)
        case "1.2.840.10008.1.2.1.99": self = .deflated
        case "1.2.840.10008.1.2.5": self = .runLength
        case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55",
            "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70":
            self = .coded(LBFrameCodingJPEG)
        case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81": self = .coded(LBFrameCodingJPEGLS)
        case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91": self = .coded(LBFrameCodingJPEG2000)
        default: return nil
        }
    }

    /// How the elements around the pixels are written.
    var encoding: DicomEncoding {
        if case .native(let encoding) = self { return encoding }
        return .explicitLittle
    }

    var isEncapsulated: Bool {
        switch self {
        case .native, .deflated: false
        case .runLength, .coded: true
        }
    }
}
