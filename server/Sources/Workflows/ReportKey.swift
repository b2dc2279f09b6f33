import Crypto
import Foundation

/// The public half of a key that signs reports: Ed25519 (RFC 8032).
public struct ReportKey: Sendable, Hashable {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// - Returns: nil unless there are 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    public init(of signer: any ReportSigner) {
        bytes = signer.publicKey
    }

    /// Its name and fingerprint: the thumbprint of the key as JWK (RFC 7638), 43 characters.
    public var id: String {
        // Members in lexical order without blanks, as RFC 7638 and RFC 8037, appendix A.3, want it.
        let canonical = #"{"crv":"Ed25519","kty":"OKP","x":"\#(Base64URL.encode(bytes))"}"#
        return Base64URL.encode(SHA256.hash(data: Data(canonical.utf8)))
    }

    /// As JWK (RFC 7517, RFC 8037).
    public var jwk: JWK { JWK(self) }

    public struct JWK: Codable, Sendable, Equatable {
        public var kty: String
        public var crv: String
        public var x: String
        public var kid: String?
        public var alg: String?
        public var use: String?

        init(_ key: ReportKey) {
            kty = "OKP"
            crv = "Ed25519"
            x = Base64URL.encode(key.bytes)
            kid = key.id
            alg = "EdDSA"
            use = "sig"
        }
    }

    /// - Returns: nil for a key of another kind.
    public init?(_ jwk: JWK) {
        guard jwk.kty == "OKP", jwk.crv == "Ed25519", let bytes = Base64URL.decode(jwk.x) else { return nil }
        self.init(bytes)
    }

    /// Reads what people have: JWK, a set of them (JWKS), PEM (`BEGIN PUBLIC KEY`), or the 32 bytes in Base64 of
    /// either alphabet.
    ///
    /// - Returns: the keys for Ed25519 in it, in their order; empty where there are none.
    public static func read(_ text: String) -> [ReportKey] {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let decoder = JSONDecoder()
        if text.hasPrefix("{") {
            let data = Data(text.utf8)
            if let set = try? decoder.decode(Keys.self, from: data) {
                return set.keys.compactMap { $0.jwk.flatMap(ReportKey.init) }
            }
            return (try? decoder.decode(JWK.self, from: data)).flatMap(ReportKey.init).map { [$0] } ?? []
        }
        if text.hasPrefix("-----BEGIN PUBLIC KEY-----") {
            let body = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-") }.joined()
            // SubjectPublicKeyInfo of Ed25519 (RFC 8410, section 4) has this one beginning.
            let head: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
            guard let data = Data(base64Encoded: body), data.starts(with: head) else { return [] }
            return ReportKey(Array(data.dropFirst(head.count))).map { [$0] } ?? []
        }
        let plain = text.replacing("+", with: "-").replacing("/", with: "_").trimmingCharacters(in: ["="])
        return Base64URL.decode(plain).flatMap { ReportKey($0) }.map { [$0] } ?? []
    }

    private struct Keys: Decodable {
        /// Keys of other kinds lack what is needed here.
        struct Member: Decodable {
            let jwk: JWK?

            init(from decoder: any Decoder) throws {
                jwk = try? JWK(from: decoder)
            }
        }

        let keys: [Member]
    }

    /// Whether a signature of 64 bytes was made for `message` with the private half.
    public func signed(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}
