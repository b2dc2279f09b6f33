import DicomElements

/// Value representations that hold text, with what each of them takes (PS3.5 section 6.2). Lengths are in characters,
/// which here are Unicode code points: the strictest way to count.
enum TextRepresentation: String {
    case `as`, cs, da, ds, dt, `is`, lo, lt, pn, sh, st, tm, uc, ui, ut

    /// Its two letters, in capitals, as one number.
    var code: UInt16 { rawValue.utf8.reduce(0) { $0 << 8 | UInt16($1 & 0xDF) } }

    /// nil for what may have 2^32 - 2 bytes.
    var limit: Int? {
        switch self {
        case .as: 4
        case .da: 8
        case .is: 12
        case .cs, .ds, .sh, .tm: 16
        case .dt: 26
        case .lo, .pn, .ui: 64
        case .st: 1024
        case .lt: 10_240
        case .uc, .ut: nil
        }
    }

    /// The text as this representation can hold it; empty where it can't: a date that is none isn't written.
    ///
    /// What DICOM gives a meaning (a backslash parts values) stands in its full-width form, so that it stays to be read.
    func value(of text: String) -> String {
        switch self {
        case .as: return Self.isAge(text) ? text : ""
        case .cs:
            return Self.has(only: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ", text, limit) ? text : ""
        case .da: return Self.isDate(text) ? text : ""
        case .ds, .is, .tm, .dt:
            return Self.has(only: "0123456789+-.eE", text, limit) ? text : ""
        case .ui: return DicomUID.isValid(text) ? text : ""
        case .pn: return withRoomForPadding(PersonName(dicom: text).value)
        case .lo, .sh, .uc: return withRoomForPadding(WrittenText.line(text, limit: limit))
        case .lt, .st, .ut: return withRoomForPadding(WrittenText.lines(text, limit: limit))
        }
    }

    /// An odd number of bytes is padded with a blank, which readers count as a character.
    private func withRoomForPadding(_ text: String) -> String {
        guard let limit, text.utf8.count % 2 == 1, text.unicodeScalars.count == limit else { return text }
        return WrittenText.cut(text, limit - 1)
    }

    private static func has(only characters: String, _ text: String, _ limit: Int?) -> Bool {
        text.unicodeScalars.count <= limit ?? .max
            && text.unicodeScalars.allSatisfy(characters.unicodeScalars.contains)
    }

    private static func isAge(_ text: String) -> Bool {
        text.utf8.count == 4 && text.utf8.prefix(3).allSatisfy(digits.contains) && "DWMY".contains(text.last ?? " ")
    }

    private static func isDate(_ text: String) -> Bool {
        guard text.utf8.count == 8, text.utf8.allSatisfy(digits.contains),
            let month = Int(text.dropFirst(4).prefix(2)), let day = Int(text.suffix(2))
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}

/// Text from people, as an element may hold it.
enum WrittenText {
    /// One line: for representations in which a backslash parts values.
    static func line(_ text: String, limit: Int?) -> String {
        let scalars = visible(text).map { scalar -> Unicode.Scalar in
            if isLineEnd(scalar) || scalar == "\t" { return " " }
            return scalar == "\\" ? "\u{FF3C}" : scalar
        }
        return cut(trimmed(scalars), limit)
    }

    /// Several lines: for representations with one value, which a backslash may stand in.
    static func lines(_ text: String, limit: Int?) -> String {
        var result = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in visible(text) {
            defer { isAfterReturn = scalar == "\r" }
            if scalar == "\n", isAfterReturn { continue }
            if isLineEnd(scalar) {
                result.append(contentsOf: ["\r", "\n"])
            } else {
                result.append(scalar == "\t" ? " " : scalar)
            }
        }
        return cut(trimmed(Array(result)), limit)
    }

    /// Without control characters but ends of lines and tabs, and without those that turn the direction of writing,
    /// which would turn the texts around them as well.
    private static func visible(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x9, 0xA, 0xB, 0xC, 0xD, 0x85: true
            case ..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: false
            // Characters that no text may have (Unicode, section 23.7).
            case 0xFDD0...0xFDEF: false
            default: scalar.value & 0xFFFE != 0xFFFE
            }
        }
    }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA, 0xB, 0xC, 0xD, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\r" || scalar == "\n"
    }

    private static func trimmed(_ scalars: [Unicode.Scalar]) -> String {
        var part = scalars[...]
        while let first = part.first, isBlank(first) { part.removeFirst() }
        while let last = part.last, isBlank(last) { part.removeLast() }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: part)
        return String(view)
    }

    /// At most so many code points; what was cut ends with an ellipsis. No character is torn, unless it alone is longer.
    static func cut(_ text: String, _ limit: Int?) -> String {
        guard let limit, text.unicodeScalars.count > limit else { return text }
        var kept = String.UnicodeScalarView()
        for character in text {
            guard kept.count + character.unicodeScalars.count < limit else { break }
            kept.append(contentsOf: character.unicodeScalars)
        }
        if kept.isEmpty { kept.append(contentsOf: text.unicodeScalars.prefix(limit - 1)) }
        while let last = kept.last, isBlank(last) { kept.removeLast() }
        kept.append("\u{2026}")
        return String(kept)
    }
}
