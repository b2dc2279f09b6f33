/// Text of a DICOM data set in Unicode, as far as its character set is one that is decoded without tables from files.
///
/// Source: DICOM PS3.3 section C.12.1.1.2; PS3.5 section 6.1.
struct DicomText {
    private enum CharacterSet {
        case utf8, latin1, latin5, cyrillic, greek, thai, katakana, ascii
    }

    /// Longest text that is kept, in characters.
    static let limit = 128

    private let set: CharacterSet

    /// - Parameter specificCharacterSet: the value of (0008,0005); several values are separated by backslashes.
    init(specificCharacterSet: String?) {
        let first = specificCharacterSet?.split(separator: "\\", omittingEmptySubsequences: false).first ?? ""
        switch first.filter({ $0 != " " && $0 != "_" }) {
        case "ISOIR192": set = .utf8
        case "ISOIR100", "ISO2022IR100": set = .latin1
        case "ISOIR148", "ISO2022IR148": set = .latin5
        case "ISOIR144", "ISO2022IR144": set = .cyrillic
        case "ISOIR126", "ISO2022IR126": set = .greek
        case "ISOIR166", "ISO2022IR166": set = .thai
        case "ISOIR13", "ISO2022IR13": set = .katakana
        default: set = .ascii
        }
    }

    /// The text without control and format characters and blanks at its ends, cut to ``limit`` characters; nil where
    /// nothing is left.
    func decode(_ bytes: ByteView?) -> String? {
        guard let bytes, bytes.count > 0 else { return nil }
        // No character needs more than four bytes: what lies further back is cut anyway.
        let head = bytes.bytes.prefix(Self.limit * 16)
        var scalars = String.UnicodeScalarView()
        if case .utf8 = set {
            scalars = String(decoding: head, as: UTF8.self).unicodeScalars
        } else {
            var isForeign = false
            var index = head.startIndex
            while index < head.endIndex {
                let byte = head[index]
                index += 1
                if byte == 0x1B {
                    // ISO 2022: "ESC ( B" and "ESC ( J" return to letters that are known here.
                    let code = head[index...].prefix(2)
                    isForeign = !(code.elementsEqual([0x28, 0x42]) || code.elementsEqual([0x28, 0x4A]))
                    index += min(code.count, 2)
                    if isForeign { scalars.append("\u{FFFD}") }
                } else if isForeign {
                    if byte == 0x5E || byte == 0x3D || byte == 0x5C {
                        isForeign = false
                        scalars.append(Unicode.Scalar(byte))
                    }
                } else {
                    scalars.append(scalar(byte))
                }
            }
        }
        let kept = scalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
            default: true
            }
        }
        let characters = String(String.UnicodeScalarView(kept)).drop(while: { $0 == " " })
        var text = String(characters.prefix(Self.limit))
        while text.last == " " { text.removeLast() }
        return text.isEmpty ? nil : text
    }

    /// A patient name: the group of letters before the first `=`, or the first group that is not empty.
    func decodeName(_ bytes: ByteView?) -> String? {
        guard let text = decode(bytes) else { return nil }
        return text.split(separator: "=").map(String.init).first { !$0.allSatisfy { $0 == "^" || $0 == " " } }
    }

    private func scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard byte >= 0x80 else { return Unicode.Scalar(byte) }
        let unknown: Unicode.Scalar = "\u{FFFD}"
        let value = UInt32(byte)
        switch set {
        case .latin1:
            return Unicode.Scalar(byte)
        case .latin5:
            let turkish: [UInt8: Unicode.Scalar] = [
                0xD0: "Ğ", 0xDD: "İ", 0xDE: "Ş", 0xF0: "ğ", 0xFD: "ı", 0xFE: "ş",
            ]
            return turkish[byte] ?? Unicode.Scalar(byte)
        case .cyrillic:
            switch byte {
            case 0xA0, 0xAD: return Unicode.Scalar(byte)
            case 0xF0: return "№"
            case 0xFD: return "§"
            case 0xA1...: return Unicode.Scalar(value + 0x360) ?? unknown
            default: return unknown
            }
        case .greek:
            switch byte {
            case 0xA0, 0xA3, 0xA6...0xA9, 0xAB...0xAD, 0xB0...0xB3, 0xB7, 0xBB, 0xBD: return Unicode.Scalar(byte)
            case 0xB4...0xFE where byte != 0xD2: return Unicode.Scalar(value + 0x2D0) ?? unknown
            default: return unknown
            }
        case .thai:
            switch byte {
            case 0xA1...0xDA, 0xDF...0xFB: return Unicode.Scalar(value + 0xD60) ?? unknown
            default: return unknown
            }
        case .katakana:
            switch byte {
            case 0xA1...0xDF: return Unicode.Scalar(value + 0xFEC0) ?? unknown
            default: return unknown
            }
        case .utf8, .ascii:
            return unknown
        }
    }
}
