import Foundation

/// The file name in a `Content-Disposition` header (RFC 6266), where `filename*` (RFC 8187) comes before `filename`.
enum ContentDisposition {
    static func fileName(_ header: String?) -> String? {
        guard let header else { return nil }
        var plain: String?
        for parameter in header.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2 else { continue }
            switch pair[0].lowercased() {
            case "filename*":
                let pieces = pair[1].split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
                if pieces.count == 3, pieces[0].lowercased() == "utf-8",
                    let name = String(pieces[2]).removingPercentEncoding
                {
                    return name
                }
            case "filename":
                plain = pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"")).replacing("\\\"", with: "\"")
            default: continue
            }
        }
        return plain
    }

    /// A header that offers `name` for saving. Where it isn't plain ASCII, `filename` is what comes nearest to it and
    /// `filename*` (RFC 8187) the name itself.
    static func offer(_ name: String, isInline: Bool = false) -> String {
        let kind = isInline ? "inline" : "attachment"
        let plain = plain(name)
        if plain == name { return "\(kind); filename=\"\(name)\"" }
        let encoded = name.utf8.map { byte in
            attributeCharacters.contains(byte)
                ? String(UnicodeScalar(byte)) : String(format: "%%%02X", byte)
        }.joined()
        return "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }

    /// `attr-char` of RFC 8187, section 3.2.1.
    private static let attributeCharacters = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~".utf8)

    /// Letters without their marks where that makes them ASCII; `_` for the rest, and for what a quoted string or a
    /// careless reader might take for something else.
    private static func plain(_ name: String) -> String {
        var plain = ""
        for scalar in name.decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark: continue
            default:
                let isSafe = scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7f
                plain.unicodeScalars.append(isSafe && !"\"\\%/".unicodeScalars.contains(scalar) ? scalar : "_")
            }
        }
        return plain
    }
}
