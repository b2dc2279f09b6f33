/// Writes small ZIP archives, entry by entry, also ones that lie.
///
/// Source: APPNOTE.TXT 6.3.10.
struct ZipWriter {
    struct Entry {
        var name: String
        var content: [UInt8]
        /// 0: stored, 8: deflated (`content` is then given as it is packed).
        var method = 0
        /// What both headers declare as the unpacked size; nil for the truth of stored entries.
        var declared: Int?
        var crc: UInt32?
        /// 1: encrypted; 0x800: the name is UTF-8.
        var flags = 0x800
        /// As Unix has it: 0o100644 for a file, 0o120777 for a link, 0o040755 for a folder.
        var mode = 0o100_644
    }

    static func write(_ entries: [Entry]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let name = Array(entry.name.utf8)
            let size = entry.declared ?? entry.content.count
            let sizes =
                little(Int(entry.crc ?? crc(entry.content)), 4) + little(entry.content.count, 4) + little(size, 4)
                + little(name.count, 2) + little(0, 2)
            let shared = little(20, 2) + little(entry.flags, 2) + little(entry.method, 2) + little(0, 4) + sizes
            directory += Array("PK\u{1}\u{2}".utf8) + little(0x0314, 2) + shared + little(0, 2) + little(0, 4)
            directory += little(entry.mode << 16, 4) + little(file.count, 4) + name
            file += Array("PK\u{3}\u{4}".utf8) + shared + name + entry.content
        }
        let count = little(entries.count, 2)
        return file + directory + Array("PK\u{5}\u{6}".utf8) + little(0, 4) + count + count
            + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
    }

    /// Deflate blocks of one byte, repeated: a literal and then matches of 258 (RFC 1951, fixed codes). The length is
    /// 1 + 258 * matches.
    static func deflatedZeros(matches: Int) -> (packed: [UInt8], count: Int) {
        var bits: [Bool] = [true, true, false]
        // Literal 0 is 00110000; length 258 is code 285: 11000101; distance 1 is 00000.
        func put(_ code: String) { bits += code.map { $0 == "1" } }
        put("00110000")
        for _ in 0..<matches { put("1100010100000") }
        put("0000000")
        var packed = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() where bit { packed[index / 8] |= 1 << UInt8(index % 8) }
        return (packed, 1 + 258 * matches)
    }

    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { value, byte in
            (0..<8).reduce(value ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0xEDB8_8320 ^ (rest >> 1) : rest >> 1 }
        }
    }
}
