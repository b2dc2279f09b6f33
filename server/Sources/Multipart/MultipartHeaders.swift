/// The headers of one part, taken line by line (RFC 7578, sections 4.2 to 4.8).
struct MultipartHeaders {
    private var disposition: String?
    private var contentType: String?

    /// How many lines there were.
    private(set) var count = 0

    /// - Parameter line: without its line end; not empty.
    mutating func add(_ line: [UInt8]) throws(MultipartError) {
        count += 1
        // The decoder would replace what isn't UTF-8, and then a name would no longer be what was sent.
        guard String(validating: line, as: UTF8.self) != nil else {
            throw MultipartError(.badHeader, "The headers of a part aren't UTF-8.")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy(\.isTokenCharacter),
            line.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\t") })
        else { throw MultipartError(.badHeader, "A header of a part isn't well-formed.") }
        let value = String(decoding: line[(colon + 1)...].trimmed, as: UTF8.self)
        switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
        case "content-disposition": try Self.set(&disposition, value)
        case "content-type": try Self.set(&contentType, value)
        case "content-transfer-encoding":
            // Others would have to be decoded. They are deprecated in forms (RFC 7578, section 4.7).
            guard ["binary", "8bit", "7bit"].contains(value.lowercased()) else {
                throw MultipartError(.badHeader, "The transfer encoding of a part isn't supported.")
            }
        default: break
        }
    }

    /// What the lines say together.
    ///
    /// `filename*` isn't looked at: it must not be used in forms (RFC 7578, section 4.2).
    func part() throws(MultipartError) -> MultipartPart {
        guard let disposition else { throw MultipartError(.badHeader, "A part has no content disposition.") }
        let value = try ParameterizedValue(disposition.utf8)
        guard value.main.lowercased() == "form-data" else {
            throw MultipartError(.badHeader, "The content disposition of a part isn't form-data.")
        }
        guard let name = value.parameters["name"].map(Self.decoded), !name.isEmpty else {
            throw MultipartError(.noName, "A part has no field name.")
        }
        return MultipartPart(
            name: name, fileName: value.parameters["filename"].map(Self.decoded), contentType: contentType)
    }

    private static func set(_ field: inout String?, _ value: String) throws(MultipartError) {
        guard field == nil else { throw MultipartError(.badHeader, "A part has a header twice.") }
        field = value
    }

    /// Browsers write these three characters, and only these, in percent form (HTML standard, section 4.10.21.8,
    /// "multipart form data").
    private static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if let (_, meant) = escapes.first(where: { rest.starts(with: $0.written) }) {
                bytes.append(meant)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let escapes: [(written: [UInt8], meant: UInt8)] = [
        (Array("%22".utf8), UInt8(ascii: "\"")), (Array("%0D".utf8), UInt8(ascii: "\r")),
        (Array("%0A".utf8), UInt8(ascii: "\n")),
    ]
}
