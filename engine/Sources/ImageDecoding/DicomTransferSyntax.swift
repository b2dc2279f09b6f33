internal import CDicom
import DicomElements

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

extension DicomTransferSyntax {
    /// What a syntax that is not decoded is called, by UID (PS3.6 annex A, table A-1).
    static let namesOfUnread: [String: String] = {
        var names = [
            "1.2.840.10008.1.2.4.52": "JPEG extended, processes 3 and 5",
            "1.2.840.10008.1.2.4.54": "JPEG spectral selection, processes 7 and 9",
            "1.2.840.10008.1.2.4.56": "JPEG full progression, processes 11 and 13",
            "1.2.840.10008.1.2.4.58": "JPEG lossless, process 15",
            "1.2.840.10008.1.2.4.59": "JPEG extended, hierarchical",
            "1.2.840.10008.1.2.4.60": "JPEG extended, hierarchical",
            "1.2.840.10008.1.2.4.61": "JPEG spectral selection, hierarchical",
            "1.2.840.10008.1.2.4.62": "JPEG spectral selection, hierarchical",
            "1.2.840.10008.1.2.4.63": "JPEG full progression, hierarchical",
            "1.2.840.10008.1.2.4.64": "JPEG full progression, hierarchical",
            "1.2.840.10008.1.2.4.65": "JPEG lossless, hierarchical",
            "1.2.840.10008.1.2.4.66": "JPEG lossless, hierarchical",
            "1.2.840.10008.1.2.4.92": "JPEG 2000 part 2, lossless",
            "1.2.840.10008.1.2.4.93": "JPEG 2000 part 2",
            "1.2.840.10008.1.2.4.94": "JPIP referenced",
            "1.2.840.10008.1.2.4.95": "JPIP referenced, deflated",
            "1.2.840.10008.1.2.4.110": "JPEG XL, lossless",
            "1.2.840.10008.1.2.4.111": "JPEG XL, recompressed JPEG",
            "1.2.840.10008.1.2.4.112": "JPEG XL",
            "1.2.840.10008.1.2.4.201": "high-throughput JPEG 2000, lossless",
            "1.2.840.10008.1.2.4.202": "high-throughput JPEG 2000, lossless with resolution order",
            "1.2.840.10008.1.2.4.203": "high-throughput JPEG 2000",
            "1.2.840.10008.1.2.4.204": "JPIP referenced, high-throughput JPEG 2000",
            "1.2.840.10008.1.2.4.205": "JPIP referenced, high-throughput JPEG 2000, deflated",
            "1.2.840.10008.1.2.6.1": "RFC 2557 encapsulation",
            "1.2.840.10008.1.2.6.2": "XML encoding",
            "1.2.840.10008.1.2.8.1": "deflated image frames",
        ]
        for (range, name) in [(100...101, "MPEG-2 video"), (102...106, "MPEG-4 video"), (107...108, "HEVC video")] {
            for last in range {
                for suffix in ["", ".1"] { names["1.2.840.10008.1.2.4.\(last)\(suffix)"] = name }
            }
        }
        for last in 1...3 { names["1.2.840.10008.1.2.7.\(last)"] = "SMPTE ST 2110 stream" }
        return names
    }()

    /// "name (UID)", or the UID alone; of the UID nothing but digits and dots, at most 64 characters.
    static func printable(_ uid: String) -> String {
        if let name = namesOfUnread[uid] { return "\(name) (\(uid))" }
        let kept = uid.unicodeScalars.prefix(64).filter { $0 == "." || ("0"..."9").contains($0) }
        return String(String.UnicodeScalarView(kept))
    }
}
