/// A concept of a coding scheme.
public struct Code: Sendable, Hashable {
    public var value: String
    /// For example `DCM` (PS3.16 annex D), `LN` (LOINC), `UCUM`.
    public var scheme: String
    public var meaning: String

    public init(_ value: String, _ scheme: String, _ meaning: String) {
        self.value = value
        self.scheme = scheme
        self.meaning = meaning
    }

    /// The Basic Code Sequence Macro (PS3.3 section 8.8).
    var dataSet: DataSet {
        var item = DataSet()
        if value.unicodeScalars.count <= 16 {
            item.set(0x0008_0100, .sh, value)
        } else {
            item.set(0x0008_0119, .uc, value)
        }
        item.set(0x0008_0102, .sh, scheme)
        item.set(0x0008_0104, .lo, meaning)
        return item
    }

    public static let diagnosticImagingReport = Code("18748-4", "LN", "Diagnostic imaging study")
}

/// A private coding scheme, for the Coding Scheme Identification Sequence (PS3.3 section C.12.1.1.1).
public struct CodingScheme: Sendable, Equatable {
    /// Begins with `99` (PS3.16 section 8.2).
    public var designator: String
    public var uid: String
    public var version: String
    public var name: String
    public var organization: String

    public init(designator: String, uid: String, version: String, name: String, organization: String) {
        self.designator = designator
        self.uid = uid
        self.version = version
        self.name = name
        self.organization = organization
    }

    var dataSet: DataSet {
        var item = DataSet()
        item.set(0x0008_0102, .sh, designator)
        item.set(0x0008_0103, .sh, version)
        item.set(0x0008_010C, .ui, uid)
        item.set(0x0008_0115, .st, name)
        item.set(0x0008_0116, .st, organization)
        return item
    }
}
