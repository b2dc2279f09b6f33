/// Which byte of a number comes first.
enum ByteOrder: Sendable {
    case little, big
}

/// A part of the file's bytes, read with bounds checks: every read outside gives nil. It does not own the bytes.
struct ByteView {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    func holds(_ length: Int, at offset: Int) -> Bool {
        offset >= 0 && length >= 0 && offset <= count && count - offset >= length
    }

    func uint8(_ offset: Int) -> UInt8? {
        holds(1, at: offset) ? bytes[offset] : nil
    }

    func uint16(_ offset: Int, _ order: ByteOrder) -> UInt16? {
        guard holds(2, at: offset) else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
        return order == .little ? UInt16(littleEndian: value) : UInt16(bigEndian: value)
    }

    func uint32(_ offset: Int, _ order: ByteOrder) -> UInt32? {
        guard holds(4, at: offset) else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return order == .little ? UInt32(littleEndian: value) : UInt32(bigEndian: value)
    }

    /// A 64-bit number that must fit an `Int`.
    func int64(_ offset: Int, _ order: ByteOrder) -> Int? {
        guard holds(8, at: offset) else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return Int(exactly: order == .little ? UInt64(littleEndian: value) : UInt64(bigEndian: value))
    }

    func view(at offset: Int, length: Int) -> ByteView? {
        guard holds(length, at: offset) else { return nil }
        return ByteView(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
    }

    func view(from offset: Int) -> ByteView? {
        view(at: offset, length: count - offset)
    }

    func has(_ expected: [UInt8], at offset: Int = 0) -> Bool {
        guard holds(expected.count, at: offset) else { return false }
        for (index, byte) in expected.enumerated() where bytes[offset + index] != byte { return false }
        return true
    }

    func has(_ expected: StaticString, at offset: Int = 0) -> Bool {
        let length = expected.utf8CodeUnitCount
        guard holds(length, at: offset) else { return false }
        for index in 0..<length where bytes[offset + index] != expected.utf8Start[index] { return false }
        return true
    }
}
