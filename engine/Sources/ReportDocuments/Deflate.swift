import CCairo

/// The zlib format (RFC 1950), as in `/FlateDecode`.
enum Deflate {
    static func compressed(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
        var length = compressBound(UInt(bytes.count))
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            // It can only fail for want of room, and there is enough.
            compress2(buffer.baseAddress, &length, bytes, UInt(bytes.count), level)
            count = Int(length)
        }
    }

    static func expanded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var capacity = max(4096, bytes.count * 8)
        while capacity < 1 << 28 {
            var length = UInt(capacity)
            var status = Z_OK
            let expanded = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                status = bytes.withUnsafeBufferPointer {
                    uncompress(buffer.baseAddress, &length, $0.baseAddress, UInt($0.count))
                }
                count = status == Z_OK ? Int(length) : 0
            }
            if status == Z_OK { return expanded }
            guard status == Z_BUF_ERROR else { return nil }
            capacity *= 4
        }
        return nil
    }
}
