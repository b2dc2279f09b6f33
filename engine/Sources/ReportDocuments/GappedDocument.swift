/// The bytes of a document with a gap that its seal goes into.
///
/// The seal covers all bytes but those of the gap. How long it is depends on how many bytes it covers, so that whoever
/// makes a document is given a function that tells the length of the gap for a number of covered bytes.
public struct GappedDocument: Sendable, Equatable {
    public var bytes: [UInt8]
    /// Filled with spaces until the seal is written.
    public var gap: Range<Int>

    public init(bytes: [UInt8], gap: Range<Int>) {
        self.bytes = bytes
        self.gap = gap
    }
}
