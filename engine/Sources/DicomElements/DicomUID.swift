/// Unique identifiers (PS3.5 chapter 9 and annex B).
package enum DicomUID {
    package static let longest = 64

    /// A UID made of a UUID (PS3.5 section B.2), at most 44 characters.
    ///
    /// - Parameter bits: those of a hash, or random ones; six of them are replaced.
    package static func made(of bits: UInt128) -> String {
        // Version 4 and variant 1, as a random UUID has them (RFC 9562).
        let version: UInt128 = 0xF << 76
        let variant: UInt128 = 0x3 << 62
        return "2.25.\((bits & ~version & ~variant) | (0x4 << 76) | (0x2 << 62))"
    }

    /// Numbers without leading zeros, with points between them, at most ``longest`` characters.
    package static func isValid(_ text: String) -> Bool {
        guard (1...longest).contains(text.utf8.count) else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return parts.count > 1
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy(digits.contains)
                    && (part.count == 1 || part.first != digits.lowerBound)
            }
    }
}
