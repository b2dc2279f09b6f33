import Foundation

/// The 36-character form of UUIDs (RFC 9562, section 4), read and written as Foundation does, which goes by `sscanf` and
/// `snprintf`: one request reads and writes a dozen of them.
enum UUIDText {
    /// - Returns: nil for anything else; letters may be of either case.
    static func read(_ text: String) -> UUID? {
        var text = text
        return text.withUTF8(read)
    }

    private static func read(_ text: UnsafeBufferPointer<UInt8>) -> UUID? {
        guard text.count == 36 else { return nil }
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isRead = withUnsafeMutableBytes(of: &bytes) { bytes in
            var digits = 0
            for place in text.indices {
                let character = text[place]
                if isDash(place) {
                    guard character == UInt8(ascii: "-") else { return false }
                } else {
                    guard let digit = digit(character) else { return false }
                    bytes[digits / 2] = bytes[digits / 2] << 4 | digit
                    digits += 1
                }
            }
            return true
        }
        return isRead ? UUID(uuid: bytes) : nil
    }

    /// In lower case.
    static func write(_ uuid: UUID) -> String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var place = 0
                for byte in bytes {
                    if isDash(place) {
                        text[place] = UInt8(ascii: "-")
                        place += 1
                    }
                    text[place] = character(byte >> 4)
                    text[place + 1] = character(byte & 15)
                    place += 2
                }
                return place
            }
        }
    }

    private static func isDash(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func character(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
    }
}
