import Domain
import Foundation
import Testing
import Workflows

@testable import Custody

@Suite("The signing key")
struct SigningKeyTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "signing-key-\(UUID())")
    var path: String { folder.appending(path: "signing.key").path }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ content: String, mode: Int = 0o600) throws {
        try Data(content.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.count, by: 2).compactMap {
            UInt8(hexadecimal.dropFirst($0).prefix(2), radix: 16)
        }
    }

    @Test("Is made once, for its owner only, and is the same afterwards")
    func made() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try SigningKey.load(path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try SigningKey.load(path, mayMake: false).publicKey == first.publicKey)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["signing.key"])
    }

    @Test("One that is gone, can be read by others, or is none is refused")
    func refused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: KeyFault.self) { try SigningKey.load(path, mayMake: false) }
        for (content, mode) in [
            ("", 0o600), ("c2hvcnQ=", 0o600), (Data(count: 32).base64EncodedString(), 0o604),
            (Data(count: 32).base64EncodedString(), 0o660),
        ] {
            try write(content, mode: mode)
            #expect(throws: KeyFault.self) { try SigningKey.load(path) }
        }
    }

    // RFC 8032, section 7.1, tests 1 to 3.
    @Test(
        "Signs as RFC 8032 says, the same each time",
        arguments: [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        ])
    func vectors(secret: String, publicKey: String, message: String, signature: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(Data(Self.bytes(secret)).base64EncodedString())
        let key = try SigningKey.load(path)
        #expect(key.publicKey.hexadecimal == publicKey)
        for _ in 0..<3 {
            #expect(try key.signature(for: Self.bytes(message)).hexadecimal == signature)
        }
        let half = ReportKey(of: key)
        #expect(half.signed(Self.bytes(message), Self.bytes(signature)))
        #expect(!half.signed(Self.bytes(message) + [0], Self.bytes(signature)))
    }

    // RFC 8037, appendix A.3.
    @Test("Its public half has the thumbprint that RFC 8037 gives it")
    func thumbprint() throws {
        let key = try #require(ReportKey(Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") ?? []))
        #expect(key.id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(key.jwk.x == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    }

    @Test("A public key is read in every form that people have")
    func forms() throws {
        let bytes = Self.bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        let key = try #require(ReportKey(bytes))
        let jwk = String(decoding: try JSONEncoder().encode(key.jwk), as: UTF8.self)
        let pem = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
            -----END PUBLIC KEY-----
            """
        for text in [
            jwk, #"{"keys": [{"kty": "RSA", "n": "AQ", "e": "AQAB"}, \#(jwk)]}"#, pem, key.jwk.x + "\n",
            Data(bytes).base64EncodedString(),
        ] {
            #expect(ReportKey.read(text) == [key], "\(text)")
        }
        for text in ["", "{}", "[]", "AAAA", #"{"kty": "OKP", "crv": "X25519", "x": "\#(key.jwk.x)"}"#, "/nowhere"] {
            #expect(ReportKey.read(text).isEmpty, "\(text)")
        }
    }
}
