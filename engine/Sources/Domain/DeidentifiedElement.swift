/// A data element that de-identification changed (PS3.15 annex E). What it held isn't kept.
public struct DeidentifiedElement: Codable, Sendable, Equatable {
    public enum Action: String, Codable, Sendable {
        /// The element is gone.
        case removed
        /// The element has no value any more.
        case emptied
        /// The element has a value that says nothing; a UID has another one, the same wherever it stood in the file.
        case replaced
    }

    /// As `(0010,0010)`.
    public var tag: String
    /// The keyword of PS3.6, as `PatientName`; `PrivateElement` for those that manufacturers define.
    public var name: String
    public var action: Action

    public init(tag: String, name: String, action: Action) {
        self.tag = tag
        self.name = name
        self.action = action
    }
}
