/// Base64 for addresses and names of files, without padding (RFC 4648, section 5), as JOSE uses it.
public enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var have = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            have += 8
            while have >= 6 {
                have -= 6
                text.append(digits[Int(bits >> UInt32(have) & 63)])
            }
            bits &= 1 << UInt32(have) - 1
        }
        if have > 0 { text.append(digits[Int(bits << UInt32(6 - have) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// - Returns: nil for anything that isn't exactly that, also where bits that mean nothing are set: a value has one
    ///   text only.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var have = 0
        for character in text {
            guard let value = value(of: character) else { return nil }
            bits = bits << 6 | value
            have += 6
            if have >= 8 {
                have -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(have)))
                bits &= 1 << UInt32(have) - 1
            }
        }
        return bits == 0 ? bytes : nil
    }

    public static func decode(_ text: some StringProtocol) -> [UInt8]? { decode(Array(text.utf8)) }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
