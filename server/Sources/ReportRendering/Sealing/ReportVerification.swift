public import Workflows

/// What was found when a document was held against its seal.
public struct ReportVerification: Sendable, Equatable {
    public enum Outcome: String, Sendable, CaseIterable {
        /// Every byte is as it was sealed. Whether by a key that is trusted, ``isTrusted`` says.
        case genuine
        /// The document isn't as it was sealed.
        case changed
        /// The seal itself was changed; nothing else was found to be.
        case sealChanged = "seal-changed"
        /// The end is missing.
        case cutShort = "cut-short"
        case noSeal = "no-seal"
    }

    /// One difference. Places are offsets in the file as it is now, from 0.
    public enum Change: Sendable, Equatable {
        /// Exactly this byte.
        case byte(Int, was: UInt8, now: UInt8)
        /// Something within this range; its length is as it was.
        case bytes(Range<Int>)
        /// Exactly these bytes are new.
        case inserted(Range<Int>)
        /// Something within this range, which has so many bytes more than it had.
        case grown(Range<Int>, by: Int)
        /// So many bytes are gone from within this range; where it is empty, from exactly this place.
        case removed(near: Range<Int>, count: Int, value: UInt8?)
        /// So many bytes are missing at the end; what is left from the place on can't be vouched for.
        case cut(from: Int, count: Int)
        /// The file ends here, and everything before is as it was sealed; how many bytes are missing, where the seal says it.
        /// Where it doesn't, the file ends within the seal, and what is before can't be vouched for.
        case ended(at: Int, count: Int?)
        /// Something within the seal. Nothing that it says counts then.
        case seal(Range<Int>)
        /// The seal was taken from one place of the document to another.
        case moved(from: Int, to: Int)
    }

    public var outcome: Outcome
    /// Whose signature holds; nil where none does.
    public var key: ReportKey?
    /// Whether that key is one of those that were given as trusted.
    public var isTrusted: Bool
    /// What was signed; nil where no signature holds. It is about the document as it was sealed.
    public var statement: ReportStatement?
    public var changes: [Change]
    /// Where the seal is, without the spaces after it.
    public var seal: Range<Int>?
    /// Where else something stands that looks like a seal. A document may hold another sealed one.
    public var otherSeals: [Range<Int>]

    public var isGenuine: Bool { outcome == .genuine }
}
