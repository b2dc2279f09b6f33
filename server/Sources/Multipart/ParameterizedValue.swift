/// A header value with parameters: `main; name=token; name="quoted"` (RFC 2045, section 5.1).
///
/// A value without quotes may hold more than a token's characters, because boundaries such as `=_a/b` are sent without
/// quotes. A parameter that stands twice is an error: otherwise two readers could understand the same header in two ways.
struct ParameterizedValue {
    /// What stands before the first semicolon, without blanks around it.
    let main: String
    /// By their names in small letters.
    private(set) var parameters: [String: String] = [:]

    /// - Parameter text: valid UTF-8, without control characters other than tabs.
    init(_ text: some Collection<UInt8>) throws(MultipartError) {
        var reader = Reader(rest: Array(text)[...])
        main = String(decoding: reader.take { $0 != UInt8(ascii: ";") }.trimmed, as: UTF8.self)
        while reader.skip(UInt8(ascii: ";")) {
            reader.skipBlanks()
            guard !reader.rest.isEmpty else { break }
            let name = reader.take(while: \.isTokenCharacter)
            guard !name.isEmpty, reader.skip(UInt8(ascii: "=")) else {
                throw MultipartError(.badHeader, "A parameter of a header has no name or no value.")
            }
            let value = try reader.skip(UInt8(ascii: "\"")) ? reader.quoted() : reader.plain()
            guard parameters.updateValue(value, forKey: String(decoding: name, as: UTF8.self).lowercased()) == nil
            else {
                throw MultipartError(.badHeader, "A header has a parameter twice.")
            }
            reader.skipBlanks()
        }
        guard reader.rest.isEmpty else {
            throw MultipartError(.badHeader, "Something follows a parameter of a header.")
        }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(while isTaken: (UInt8) -> Bool) -> ArraySlice<UInt8> {
            let taken = rest.prefix(while: isTaken)
            rest = rest[taken.endIndex...]
            return taken
        }

        /// Whether the byte was there; it is taken.
        mutating func skip(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func skipBlanks() {
            rest = rest.drop(while: \.isBlank)
        }

        mutating func plain() throws(MultipartError) -> String {
            let value = take { (0x21...0x7e).contains($0) && !Array("\";\\".utf8).contains($0) }
            guard !value.isEmpty else { throw MultipartError(.badHeader, "A parameter of a header has no value.") }
            return String(decoding: value, as: UTF8.self)
        }

        /// Reads to the closing quote, which is taken.
        mutating func quoted() throws(MultipartError) -> String {
            var value: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""):
                    return String(decoding: value, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    // A backslash before anything else is one of a path: old browsers don't escape it.
                    if let next = rest.first, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                        rest = rest.dropFirst()
                        value.append(next)
                    } else {
                        value.append(byte)
                    }
                default:
                    value.append(byte)
                }
            }
            throw MultipartError(.badHeader, "A quoted value of a header doesn't end.")
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks and tabs at both ends.
    var trimmed: ArraySlice<UInt8> {
        let tail = drop(while: \.isBlank)
        let end = tail.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? tail.startIndex
        return tail[..<end]
    }
}
