import Crypto
import Foundation
import Workflows

/// How the content of a file is sealed: in chunks of 64 KiB, each with AES-GCM, so that it can be written while it comes,
/// read from any place, and appended to.
///
/// On the disk: a header of 40 bytes (`LBXF`, version 2, three zero bytes, 16 random bytes, the tag of the name), then the
/// chunks, each a nonce of 12 bytes, the sealed content, and a tag of 16 bytes. A chunk is bound to its place and to whether
/// it is the last one: chunks that were exchanged, dropped or added are noticed, and so is a file that was cut. The file's
/// own key comes from the session's key and the random bytes (HKDF, RFC 5869).
///
/// The tag of the name is a HMAC of it (RFC 2104, the first 16 bytes of SHA-256) under a key that comes from the same two:
/// a file under another's name doesn't open. It can be written anew, because a file gets its name when it is whole.
///
/// Version 1 has 32 random bytes and no tag. Such a file still opens, under any name.
///
/// A chunk that is written again gets a new nonce.
struct FileSeal: Sendable {
    static let chunkBytes = 64 << 10
    static let headerBytes = 40
    /// What a chunk takes besides its content.
    static let overhead = 28

    private static let magic = Array("LBXF".utf8) + [2, 0, 0, 0]
    private static let oldMagic = Array("LBXF".utf8) + [1, 0, 0, 0]
    private static let saltBytes = 16
    private static let tagBytes = 16
    /// Where the tag of the name begins.
    static let tagPlace = magic.count + saltBytes

    private let start: [UInt8]
    private let key: SymmetricKey
    /// nil for a file of version 1.
    private let naming: SymmetricKey?

    /// Whether it opens under its own name only.
    var isBoundToName: Bool { naming != nil }

    /// For a new file.
    init(_ sessionKey: DataKey) {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { [UInt8]($0) }
        start = Self.magic + salt
        key = Self.derived(sessionKey, salt, "lightbox file 2")
        naming = Self.derived(sessionKey, salt, "lightbox file name 2")
    }

    /// For a file that is there.
    ///
    /// - Parameter name: that it stands under.
    /// - Throws: ``SealFault`` if it doesn't begin like one, or has another name.
    init(of header: [UInt8], named name: String, _ sessionKey: DataKey) throws(SealFault) {
        guard header.count == Self.headerBytes else { throw SealFault() }
        if header.starts(with: Self.oldMagic) {
            start = header
            key = Self.derived(sessionKey, Array(header.dropFirst(Self.oldMagic.count)), "lightbox file")
            naming = nil
            return
        }
        guard header.starts(with: Self.magic) else { throw SealFault() }
        let salt = Array(header[Self.magic.count..<Self.tagPlace])
        let naming = Self.derived(sessionKey, salt, "lightbox file name 2")
        guard Self.tag(of: name, naming) == Array(header[Self.tagPlace...]) else { throw SealFault() }
        start = Array(header[..<Self.tagPlace])
        key = Self.derived(sessionKey, salt, "lightbox file 2")
        self.naming = naming
    }

    private static func derived(_ sessionKey: DataKey, _ salt: [UInt8], _ info: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: sessionKey.bytes), salt: salt, info: Array(info.utf8),
            outputByteCount: 32)
    }

    /// What is received in parts becomes the picture of the same id, and has both names for a moment: one tag stands for
    /// both, so that it can be gone on with whenever the process ends.
    private static func tag(of name: String, _ key: SymmetricKey) -> [UInt8] {
        let name = name.hasPrefix("reception-") ? "picture-\(name.dropFirst("reception-".count))" : name
        return Array(HMAC<SHA256>.authenticationCode(for: Array(name.utf8), using: key).prefix(tagBytes))
    }

    /// What stands at ``tagPlace`` of a file of this name; empty for one of version 1.
    func tag(of name: String) -> [UInt8] { naming.map { Self.tag(of: name, $0) } ?? [] }

    func header(named name: String) -> [UInt8] { start + tag(of: name) }

    /// Where a chunk begins in the file.
    static func place(of chunk: Int) -> Int { headerBytes + chunk * (chunkBytes + overhead) }

    /// How many chunks a file of this size has, and how large its content is; nil where no file can have this size.
    static func extent(ofFileSize size: Int) -> (chunks: Int, content: Int)? {
        let rest = size - headerBytes
        guard rest >= overhead else { return rest == 0 ? (0, 0) : nil }
        let (whole, part) = rest.quotientAndRemainder(dividingBy: chunkBytes + overhead)
        guard part == 0 || part >= overhead else { return nil }
        return (whole + (part > 0 ? 1 : 0), whole * chunkBytes + max(0, part - overhead))
    }

    /// A chunk as it stands in the file.
    func seal(_ content: some DataProtocol, chunk: Int, isLast: Bool) -> Data {
        // Sealing fails only for keys and nonces of a wrong size, which these can't have.
        guard let box = try? AES.GCM.seal(content, using: key, authenticating: Self.binding(chunk, isLast)),
            let combined = box.combined
        else { preconditionFailure("a nonce of 96 bits always gives a combined form") }
        return combined
    }

    /// - Throws: ``SealFault`` if a byte of it isn't what was sealed, or it isn't this chunk.
    func open(_ sealed: ArraySlice<UInt8>, chunk: Int, isLast: Bool) throws(SealFault) -> Data {
        do {
            return try AES.GCM.open(
                AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Self.binding(chunk, isLast))
        } catch {
            throw SealFault()
        }
    }

    private static func binding(_ chunk: Int, _ isLast: Bool) -> [UInt8] {
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: chunk >> (8 * $0)) }
        bytes.append(isLast ? 1 : 0)
        return bytes
    }
}

/// A file isn't what was written: it was changed, cut, or belongs to another session or name.
struct SealFault: Error, CustomStringConvertible {
    let description = "a file was changed since it was written"
}
