internal import CGLib

/// SHA-256 (FIPS 180-4) as lower-case hexadecimal, by GLib.
enum Checksum {
    static func sha256(_ bytes: some Collection<UInt8>) -> String {
        let text =
            bytes.withContiguousStorageIfAvailable(sha256(buffer:))
            ?? Array(bytes).withUnsafeBufferPointer(sha256(buffer:))
        return text
    }

    private static func sha256(buffer: UnsafeBufferPointer<UInt8>) -> String {
        guard let text = g_compute_checksum_for_data(G_CHECKSUM_SHA256, buffer.baseAddress, gsize(buffer.count)) else {
            return ""
        }
        defer { g_free(text) }
        return String(cString: text)
    }
}
