/// The boundary in a content type.
public enum MultipartBoundary {
    /// - Parameter contentType: the value of the header, for example `multipart/form-data; boundary="a b"`.
    /// - Throws: ``MultipartError`` with the code `noBoundary` or `badHeader` if it isn't a form, or has no boundary, two,
    ///   or one that isn't allowed.
    public static func parse(contentType: String) throws(MultipartError) -> String {
        let value = try ParameterizedValue(contentType.utf8)
        guard value.main.lowercased() == "multipart/form-data" else {
            throw MultipartError(.noBoundary, "The content type isn't multipart/form-data.")
        }
        guard let boundary = value.parameters["boundary"], isValid(boundary) else {
            throw MultipartError(.noBoundary, "The content type has no valid boundary.")
        }
        return boundary
    }

    /// 1 to 70 characters of `bchars`, not ending in a blank (RFC 2046, section 5.1.1).
    static func isValid(_ boundary: String) -> Bool {
        (1...70).contains(boundary.utf8.count) && boundary.utf8.last != UInt8(ascii: " ")
            && boundary.utf8.allSatisfy { $0.isLetterOrDigit || others.contains($0) }
    }

    private static let others = Array("'()+_,-./:=? ".utf8)
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// A character of a token (RFC 9110, section 5.6.2).
    var isTokenCharacter: Bool { isLetterOrDigit || Self.tokenMarks.contains(self) }

    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    private static let tokenMarks = Array("!#$%&'*+-.^_`|~".utf8)
}
