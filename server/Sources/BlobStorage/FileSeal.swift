import Crypto
import Foundation
import Workflows

/// How the content of a file is sealed: in chunks of 64 KiB, each with AES-GCM, so that it can be written while it comes,
/// read from any place, and appended to.
///
/// On the disk: a header of 40 bytes (`LBXF`, version 1, three zero bytes, 32 random bytes), then the chunks, each a nonce
/// of 12 bytes, the sealed content, and a tag of 16 bytes. A chunk is bound to its place and to whether it is the last one:
/// chunks that were exchanged, dropped or added are noticed, and so is a file that was cut. The file's own key comes from
/// the session's key and the random bytes (HKDF, RFC 5869).
///
/// A chunk that is written again gets a new nonce.
struct FileSeal: Sendable {
    static let chunkBytes = 64 << 10
    static let headerBytes = 40
    /// What a chunk takes besides its content.
    static let overhead = 28

    private static let magic = Array("LBXF".utf8) + [1, 0, 0, 0]

    let header: [UInt8]
    private let key: SymmetricKey

    /// For a new file.
    init(_ sessionKey: DataKey) {
        let salt = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        self.init(header: Self.magic + salt, sessionKey)
    }

    /// For a file that is there.
    ///
    /// - Throws: ``SealFault`` if it doesn't begin like one.
    init(of header: [UInt8], _ sessionKey: DataKey) throws(SealFault) {
        guard header.count == Self.headerBytes, header.starts(with: Self.magic) else { throw SealFault() }
        self.init(header: header, sessionKey)
    }

    private init(header: [UInt8], _ sessionKey: DataKey) {
        self.header = header
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: sessionKey.bytes), salt: header.dropFirst(Self.magic.count),
            info: Array("lightbox file".utf8), outputByteCount: 32)
    }

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

/// A file isn't what was written: it was changed, cut, or belongs to another session.
struct SealFault: Error, CustomStringConvertible {
    let description = "a file was changed since it was written"
}
