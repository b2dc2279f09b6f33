import DicomElements

/// Unique identifiers that follow from what they name: the same for the same, another one for anything else.
public enum DerivedUID {
    /// Not secret. It parts these identifiers from other ones that are made by the same hash.
    private static let hash = SipHash(key: (0x4C69_6768_7462_6F78, 0x4449_434F_4D20_5549))

    /// - Parameter names: what it names, from the general to the special.
    public static func make(_ names: String...) -> String {
        make(of: Array(names.joined(separator: "\0").utf8))
    }

    static func make(of bytes: [UInt8]) -> String {
        DicomUID.made(of: hash.hash(of: bytes))
    }

    /// Whether it has the form of a UID.
    public static func isUID(_ text: String) -> Bool {
        DicomUID.isValid(text)
    }
}
