/// Value representations, as two ASCII letters in a big-endian number (PS3.5 section 6.2).
package enum DicomVR {
    private static let longLength: Set<UInt16> = Set(
        ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"].map { name in
            name.utf8.reduce(0) { $0 << 8 | UInt16($1) }
        })

    /// Whether the length is written with 32 bits after two reserved bytes.
    package static func hasLongLength(_ vr: UInt16) -> Bool {
        longLength.contains(vr)
    }

    package static func isPossible(_ vr: UInt16) -> Bool {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        return letters.contains(UInt8(vr >> 8)) && letters.contains(UInt8(vr & 0xFF))
    }

    package static let personName = code("PN")
    package static let sequence = code("SQ")

    package static func code(_ name: StaticString) -> UInt16 {
        UInt16(name.utf8Start[0]) << 8 | UInt16(name.utf8Start[1])
    }
}
