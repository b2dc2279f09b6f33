import Glibc

/// CR LF, two hyphens and the boundary (RFC 2046, section 5.1.1), looked for in a stream of pieces.
///
/// A CR stands only at its beginning. So where a match breaks off, no other can have begun inside it, and *how many* bytes
/// have matched is all that must be known of the pieces before.
struct Delimiter: Sendable {
    let bytes: [UInt8]

    var count: Int { bytes.count }

    init(boundary: String) {
        bytes = Array("\r\n--".utf8) + Array(boundary.utf8)
    }

    struct Found {
        /// So many bytes at the delimiter's beginning, from earlier pieces, have turned out to be content.
        var before = 0
        /// Content of this piece.
        var content: ArraySlice<UInt8> = []
        /// How much of the delimiter has come after that; `count` if it is there as a whole.
        var matched = 0
    }

    /// Takes bytes up to the end of the delimiter; or all, if it doesn't end in them.
    ///
    /// - Parameter matched: how much of the delimiter the pieces before have ended in; less than `count`.
    func search(_ rest: inout ArraySlice<UInt8>, matched: Int) -> Found {
        var found = Found()
        let piece = rest
        let (content, taken) = piece.withUnsafeBufferPointer { piece in
            bytes.withUnsafeBufferPointer { bytes in Self.search(piece, for: bytes, matched, &found) }
        }
        found.content = piece.prefix(content)
        rest = piece.dropFirst(taken)
        return found
    }

    /// - Returns: how many bytes are content, and how many are taken.
    private static func search(
        _ piece: UnsafeBufferPointer<UInt8>, for bytes: UnsafeBufferPointer<UInt8>, _ earlier: Int, _ found: inout Found
    ) -> (content: Int, taken: Int) {
        guard let start = piece.baseAddress else {
            found.matched = earlier
            return (0, 0)
        }
        var index = 0
        if earlier > 0 {
            let same = matching(piece, at: 0, bytes, from: earlier)
            if earlier + same == bytes.count || same == piece.count {
                found.matched = earlier + same
                return (0, same)
            }
            found.before = earlier
            index = same
        }
        while index < piece.count,
            let next = memchr(start + index, Int32(UInt8(ascii: "\r")), piece.count - index)
        {
            let first = UnsafeRawPointer(start).distance(to: UnsafeRawPointer(next))
            let same = matching(piece, at: first, bytes, from: 0)
            if same == bytes.count || first + same == piece.count {
                found.matched = same
                return (first, first + same)
            }
            index = first + same
        }
        return (piece.count, piece.count)
    }

    /// How many bytes of the piece, from `start`, are those of the delimiter from `offset`.
    private static func matching(
        _ piece: UnsafeBufferPointer<UInt8>, at start: Int, _ bytes: UnsafeBufferPointer<UInt8>, from offset: Int
    ) -> Int {
        let most = min(piece.count - start, bytes.count - offset)
        var count = 0
        while count < most, piece[start + count] == bytes[offset + count] { count += 1 }
        return count
    }
}
