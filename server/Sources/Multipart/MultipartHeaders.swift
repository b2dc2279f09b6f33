import Foundation

/// The headers of a part (RFC 7578, section 4.2).
enum MultipartHeaders {
    private static let most = 16

    /// - Parameter bytes: header lines, each after a line end.
    static func part(_ bytes: ArraySlice<UInt8>) throws(MultipartError) -> MultipartPart {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw MultipartError(.badHeader, "The headers of a part aren't UTF-8.")
        }
        var disposition: String?
        var contentType: String?
        let lines = text.components(separatedBy: "\r\n").dropFirst()
        guard lines.count <= most else { throw MultipartError(.tooMany, "A part has too many headers.") }
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
                !line.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\t" })
            else { throw MultipartError(.badHeader, "A header of a part isn't well-formed.") }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard disposition == nil else {
                    throw MultipartError(.badHeader, "A part has two content dispositions.")
                }
                disposition = value
            case "content-type": contentType = value
            default: continue
            }
        }
        guard let disposition else { throw MultipartError(.badHeader, "A part has no content disposition.") }
        let (kind, parameters) = try HeaderParameters.parse(disposition)
        guard kind.lowercased() == "form-data" else {
            throw MultipartError(.badHeader, "The content disposition of a part isn't form-data.")
        }
        guard let name = parameters["name"].map(decoded), !name.isEmpty else {
            throw MultipartError(.noName, "A part has no field name.")
        }
        return MultipartPart(name: name, fileName: parameters["filename"].map(decoded), contentType: contentType)
    }

    /// Browsers write these three characters in percent form (HTML standard, "multipart form data").
    private static func decoded(_ text: String) -> String {
        text.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }
}

/// A header value with parameters: `value; name=token; name="quoted"` (RFC 2045, section 5.1).
enum HeaderParameters {
    static func parse(_ text: String) throws(MultipartError) -> (value: String, parameters: [String: String]) {
        var rest = text[...]
        let value = rest.prefix { $0 != ";" }
        rest = rest[value.endIndex...]
        var parameters: [String: String] = [:]
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            guard !rest.isEmpty else { break }
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest[name.endIndex...]
            guard rest.first == "=" else { throw MultipartError(.badHeader, "A parameter of a header has no value.") }
            rest = rest.dropFirst()
            let content: String
            if rest.first == "\"" {
                (content, rest) = try quoted(rest.dropFirst())
            } else {
                let token = rest.prefix { $0 != ";" }
                rest = rest[token.endIndex...]
                content = token.trimmingCharacters(in: .whitespaces)
            }
            let key = name.trimmingCharacters(in: .whitespaces).lowercased()
            guard parameters.updateValue(content, forKey: key) == nil else {
                throw MultipartError(.badHeader, "A header has a parameter twice.")
            }
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard rest.isEmpty || rest.first == ";" else {
                throw MultipartError(.badHeader, "A header isn't well-formed.")
            }
        }
        return (value.trimmingCharacters(in: .whitespaces), parameters)
    }

    private static func quoted(_ text: Substring) throws(MultipartError) -> (String, Substring) {
        var content = ""
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case "\"":
                return (content, text[text.index(after: index)...])
            case "\\":
                index = text.index(after: index)
                guard index < text.endIndex else { break }
                // Old browsers send paths of Windows without escaping the backslash.
                if text[index] != "\"" && text[index] != "\\" { content.append("\\") }
                content.append(text[index])
            default:
                content.append(text[index])
            }
            if index < text.endIndex { index = text.index(after: index) }
        }
        throw MultipartError(.badHeader, "A quoted value of a header doesn't end.")
    }
}

/// The boundary in a content type.
public enum MultipartBoundary {
    /// - Throws: ``MultipartError`` if there is none, or one that isn't allowed.
    public static func parse(contentType: String) throws(MultipartError) -> String {
        guard let boundary = try HeaderParameters.parse(contentType).parameters["boundary"], isValid(boundary) else {
            throw MultipartError(.noBoundary, "The content type has no valid boundary.")
        }
        return boundary
    }

    /// 1 to 70 characters of `bchars`, not ending in a blank (RFC 2046, section 5.1.1).
    static func isValid(_ boundary: String) -> Bool {
        let others = Set("'()+_,-./:=? ".utf8)
        return (1...70).contains(boundary.utf8.count) && !boundary.hasSuffix(" ")
            && boundary.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: others.contains(byte)
                }
            }
    }
}
