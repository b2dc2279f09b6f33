import Foundation
import Glibc
import JWTKit
import Logging
import OperatorAccess
import Synchronization
import Testing
import Workflows

/// A folder that goes with the test.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "operators-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ text: String) throws -> String {
        let path = url.appending(path: name).path
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }
}

/// Keeps what is logged.
private final class Log: LogHandler {
    let lines = Mutex<[String]>([])
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.level) \(event.message)") }
    }
}

private let now = Date(timeIntervalSince1970: 1_800_000_000)

@Suite("Named tokens")
struct NamedTokens {
    @Test("A token lets in whom it was made for, as what, and the file doesn't hold it")
    func made() async throws {
        let folder = try Folder()
        let file = folder.url.appending(path: "tokens.json")
        var tokens = OperatorTokens()
        let lee = try tokens.add("Dr. Lee", roles: [.clinician], at: now)
        let kim = try tokens.add("Kim", roles: [.viewer, .operator], at: now)
        try tokens.write(to: file)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(!text.contains(lee) && !text.contains(lee.dropFirst(4)) && lee.hasPrefix("lbx_"))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let access = try await OperatorDirectory(token: nil, tokensFile: file.path, identity: nil, now: { now })
        #expect(access.isOpen)
        #expect(
            await access.bearer(of: lee)
                == Operator(identity: "token\nDr. Lee", name: "Dr. Lee", roles: [.clinician], proof: .token))
        #expect(await access.bearer(of: kim)?.roles == [.viewer, .operator])
        for wrong in ["", "lbx_", lee.dropLast() + "x", lee + " ", lee.uppercased()] {
            #expect(await access.bearer(of: String(wrong)) == nil)
        }
    }

    @Test("A token that is taken away counts no more at once, and a broken file lets nobody in")
    func changed() async throws {
        let folder = try Folder()
        let file = folder.url.appending(path: "tokens.json")
        var tokens = OperatorTokens()
        let token = try tokens.add("Kim", roles: [.viewer], at: now)
        try tokens.write(to: file)
        let access = try await OperatorDirectory(token: nil, tokensFile: file.path, identity: nil, now: { now })
        #expect(await access.bearer(of: token) != nil)
        #expect(tokens.remove("Kim") && !tokens.remove("Kim"))
        try tokens.write(to: file)
        #expect(await access.bearer(of: token) == nil)
        _ = try folder.file("tokens.json", "{")
        #expect(await access.bearer(of: token) == nil)
        await #expect(throws: OperatorAccessFault.self) {
            _ = try await OperatorDirectory(token: nil, tokensFile: file.path, identity: nil, now: { now })
        }
    }

    @Test("A file that is written again keeps its owner, group and mode, and a new one is its folder's owner's")
    func owners() throws {
        let folder = try Folder()
        let file = folder.url.appending(path: "tokens.json")
        func state(_ url: URL) throws -> [Int?] {
            let found = try FileManager.default.attributesOfItem(atPath: url.path)
            let keys: [FileAttributeKey] = [.ownerAccountID, .groupOwnerAccountID, .posixPermissions]
            return keys.map { (found[$0] as? NSNumber)?.intValue }
        }
        // Only root can try it with somebody else's; the others try the mode.
        let (user, group) = geteuid() == 0 ? (4711, 4712) : (Int(geteuid()), Int(getegid()))
        if geteuid() == 0 { #expect(chown(folder.url.path, uid_t(user), gid_t(group)) == 0) }
        var tokens = OperatorTokens()
        _ = try tokens.add("Kim", roles: [.viewer], at: now)
        try tokens.write(to: file)
        #expect(try state(file) == [user, group, 0o600])
        #expect(chmod(file.path, 0o640) == 0)
        if geteuid() == 0 { #expect(chown(file.path, 0, gid_t(group)) == 0) }
        _ = try tokens.add("Lee", roles: [.viewer], at: now)
        try tokens.write(to: file)
        #expect(try state(file) == [geteuid() == 0 ? 0 : user, group, 0o640])
        #expect(try OperatorTokens(file: file) == tokens)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["tokens.json"])
    }

    @Test("A file that can't be read is told once in the log, and as long as it is so to whoever asks")
    func unreadable() async throws {
        let folder = try Folder()
        let file = folder.url.appending(path: "tokens.json")
        var tokens = OperatorTokens()
        let token = try tokens.add("Kim", roles: [.viewer], at: now)
        try tokens.write(to: file)
        let log = Log()
        let access = try await OperatorDirectory(
            token: nil, tokensFile: file.path, identity: nil, logger: Logger(label: "test") { _ in log }, now: { now })
        #expect(await access.trouble() == nil)
        // Root reads everything; what is no file nobody does.
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        for _ in 0..<5 { #expect(await access.bearer(of: token) == nil) }
        #expect(await access.trouble()?.contains(file.path) == true)
        #expect(log.lines.withLock { $0 } == ["error operators are locked out"])
        try FileManager.default.removeItem(at: file)
        try tokens.write(to: file)
        #expect(await access.bearer(of: token) != nil)
        #expect(await access.trouble() == nil)
        #expect(log.lines.withLock { $0 } == ["error operators are locked out", "notice operators can come in again"])
    }

    @Test(
        "A name is one that can be shown, and is given once",
        arguments: [
            "", " ", " a", "a\nb", "a\u{202e}b", String(repeating: "a", count: 65),
        ])
    func names(name: String) throws {
        var tokens = OperatorTokens()
        #expect(throws: OperatorAccessFault.self) { _ = try tokens.add(name, roles: [.viewer], at: now) }
        #expect(throws: OperatorAccessFault.self) { _ = try tokens.add("Kim", roles: [], at: now) }
        _ = try tokens.add("Kim", roles: [.viewer], at: now)
        #expect(throws: OperatorAccessFault.self) { _ = try tokens.add("Kim", roles: [.viewer], at: now) }
        #expect(tokens.tokens.count == 1)
    }

    @Test("The one token is an operator's; with nothing set up everything is shut")
    func single() async throws {
        let one = try await OperatorDirectory(token: "0123456789abcdef", tokensFile: nil, identity: nil, now: { now })
        #expect(await one.bearer(of: "0123456789abcdef")?.roles == [.operator])
        #expect(await one.bearer(of: "0123456789abcdeg") == nil)
        let none = try await OperatorDirectory(token: nil, tokensFile: nil, identity: nil, now: { now })
        let told = await none.bearer(of: "")
        #expect(!none.isOpen && told == nil)
    }
}

@Suite("Tokens of an identity provider")
struct IdentityProviderTokens {
    private struct Payload: JWTPayload {
        var iss: String?
        var aud: [String]?
        var sub: String? = "u1"
        var preferredUsername: String?
        var exp: Double?
        var nbf: Double?
        var roles: [String]?
        var realmAccess: [String: [String]]?

        enum CodingKeys: String, CodingKey {
            case iss, aud, sub, exp, nbf, roles
            case preferredUsername = "preferred_username"
            case realmAccess = "realm_access"
        }

        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    private static let good = Payload(
        iss: "https://id.example.org", aud: ["other", "lightbox"], preferredUsername: "kim",
        exp: now.timeIntervalSince1970 + 60, nbf: now.timeIntervalSince1970 - 60, roles: ["viewer", "unknown"])

    /// A provider with a key of its own, and the server that trusts it.
    private struct Provider {
        let folder: Folder
        let signer: JWTKeyCollection
        let access: OperatorDirectory

        init(trusting other: Provider? = nil, claim: String = "roles") async throws {
            folder = try Folder()
            let key = ES256PrivateKey()
            signer = await JWTKeyCollection().add(ecdsa: key, kid: "k1")
            let parameters = try #require(key.publicKey.parameters)
            let (x, y) = (Self.url(parameters.x), Self.url(parameters.y))
            let set = #"{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"k1","x":"\#(x)","y":"\#(y)"}]}"#
            let file = try folder.file("jwks.json", set)
            access = try await OperatorDirectory(
                token: nil, tokensFile: nil,
                identity: IdentityTokens.Settings(
                    issuer: "https://id.example.org", audience: "lightbox", keysFile: file, roleClaim: claim),
                now: { now })
        }

        private static func url(_ text: String) -> String {
            text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }

        func bearer(_ payload: Payload) async throws -> Operator? {
            await access.bearer(of: try await signer.sign(payload, kid: "k1"))
        }
    }

    @Test("One that is right lets in, by name and role, until it ends")
    func good() async throws {
        let provider = try await Provider()
        let found = try await provider.bearer(Self.good)
        let identity = "oidc\nhttps://id.example.org\nu1"
        #expect(
            found == Operator(identity: identity, name: "kim", roles: [.viewer], proof: .oidc, expiresAt: now + 60))
    }

    @Test(
        "Who it is doesn't depend on what they are called: not for the provider's people, and not beside named tokens")
    func identities() async throws {
        let provider = try await Provider()
        let kim = try #require(try await provider.bearer(Self.good))
        var payload = Self.good
        payload.sub = "u2"
        let namesake = try #require(try await provider.bearer(payload))
        #expect(namesake.name == kim.name && namesake.identity != kim.identity)
        payload = Self.good
        payload.preferredUsername = "kim.married"
        #expect(try await provider.bearer(payload)?.identity == kim.identity)
        var tokens = OperatorTokens()
        let token = try tokens.add("kim", roles: [.clinician], at: now)
        let folder = try Folder()
        try tokens.write(to: folder.url.appending(path: "tokens.json"))
        let named = try await OperatorDirectory(
            token: nil, tokensFile: folder.url.appending(path: "tokens.json").path, identity: nil, now: { now })
        let other = try #require(await named.bearer(of: token))
        #expect(other.name == kim.name && other.identity != kim.identity)
        payload.sub = nil
        #expect(try await provider.bearer(payload) == nil)
    }

    @Test("Nobody is shown under a name that the program uses for others", arguments: ["operator", "Person", "SYSTEM"])
    func reserved(name: String) async throws {
        var payload = Self.good
        payload.preferredUsername = name
        let provider = try await Provider()
        #expect(try await provider.bearer(payload)?.name == "u1")
        payload.sub = name
        let hidden = try #require(try await provider.bearer(payload))
        #expect(hidden.name.hasPrefix("oidc:") && hidden.identity.hasSuffix("\n\(name)"))
        var tokens = OperatorTokens()
        #expect(throws: OperatorAccessFault.self) { _ = try tokens.add(name, roles: [.viewer], at: now) }
    }

    @Test("Roles may be deeper, or one text; without any nothing may be done")
    func roles() async throws {
        var payload = Self.good
        payload.realmAccess = ["roles": ["clinician"]]
        #expect(try await Provider(claim: "realm_access.roles").bearer(payload)?.roles == [.clinician])
        payload.roles = nil
        #expect(try await Provider().bearer(payload)?.roles == [])
        payload.preferredUsername = "two\nlines"
        #expect(try await Provider().bearer(payload)?.name == "u1")
    }

    @Test("Keys that aren't used here are passed over; one for encryption signs nothing")
    func otherKeys() async throws {
        let provider = try await Provider()
        let path = provider.folder.url.appending(path: "jwks.json")
        let whole = try String(contentsOf: path, encoding: .utf8)
        let good = String(whole.dropFirst(#"{"keys":["#.count).dropLast(2))
        let others = [
            #"{"kty":"AKP","alg":"ML-DSA-65","kid":"new","pub":"AAAA"}"#,
            #"{"kty":"OKP","crv":"X448","kid":"x","x":"AA"}"#,
            #"{"kid":"k9"}"#, "7", good.replacing(#""kid":"k1","#, with: ""),
        ]
        let set = #"{"keys":["# + (others + [good]).joined(separator: ",") + "]}"
        try Data(set.utf8).write(to: path)
        #expect(try await provider.bearer(Self.good) != nil)
        try Data((#"{"keys":["# + others.joined(separator: ",") + "]}").utf8).write(to: path)
        #expect(try await provider.bearer(Self.good) == nil)
        let encrypting = good.replacing(#""kty":"EC""#, with: #""kty":"EC","use":"enc""#)
        try Data((#"{"keys":["# + encrypting + "]}").utf8).write(to: path)
        #expect(try await provider.bearer(Self.good) == nil)
    }

    @Test("A token that wants something of the reader that nobody here knows isn't taken (RFC 7515, 4.1.11)")
    func critical() async throws {
        let provider = try await Provider()
        for (field, value) in [("crit", JWTHeaderField.array([.string("exp")])), ("crit", .array([])), ("crit", .null)]
        {
            var header = JWTHeader()
            header.fields[field] = value
            let token = try await provider.signer.sign(Self.good, kid: "k1", header: header)
            #expect(await provider.access.bearer(of: token) == nil)
        }
        var header = JWTHeader()
        header.fields["x"] = .string("y")
        let token = try await provider.signer.sign(Self.good, kid: "k1", header: header)
        #expect(await provider.access.bearer(of: token) != nil)
    }

    @Test(
        "Whatever isn't right lets nobody in",
        arguments: [
            "issuer", "no issuer", "audience", "no audience", "over", "no end", "not yet",
        ])
    func wrong(what: String) async throws {
        var payload = Self.good
        switch what {
        case "issuer": payload.iss = "https://id.example.org/"
        case "no issuer": payload.iss = nil
        case "audience": payload.aud = ["other"]
        case "no audience": payload.aud = nil
        case "over": payload.exp = now.timeIntervalSince1970
        case "no end": payload.exp = nil
        default: payload.nbf = now.timeIntervalSince1970 + 1
        }
        #expect(try await Provider().bearer(payload) == nil)
    }

    @Test("A token of another key, a changed one, one without a signature and one signed with the public key don't")
    func forged() async throws {
        let provider = try await Provider()
        let stranger = try await Provider()
        let token = try await provider.signer.sign(Self.good, kid: "k1")
        #expect(await provider.access.bearer(of: try await stranger.signer.sign(Self.good, kid: "k1")) == nil)
        let parts = token.split(separator: ".").map(String.init)
        let none = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacing("=", with: "")
        var richer = Self.good
        richer.roles = ["clinician"]
        let other = try await stranger.signer.sign(richer, kid: "k1").split(separator: ".").map(String.init)
        let secret = await JWTKeyCollection().add(
            hmac: HMACKey(from: try Data(contentsOf: provider.folder.url.appending(path: "jwks.json"))),
            digestAlgorithm: .sha256, kid: "k1")
        for forged in [
            "\(parts[0]).\(other[1]).\(parts[2])", "\(none).\(parts[1]).", "\(parts[0]).\(parts[1])", "a.b.c", "..",
            try await secret.sign(Self.good, kid: "k1"),
        ] {
            #expect(await provider.access.bearer(of: forged) == nil, "\(forged)")
        }
        #expect(await provider.access.bearer(of: token) != nil)
    }

    @Test(
        "Keys that are replaced count at once; a set without public keys isn't taken",
        arguments: [
            "{}", #"{"keys":[]}"#, "no json", #"{"keys":[{"kty":"oct","kid":"k1","alg":"HS256","k":"c2VjcmV0"}]}"#,
        ])
    func keys(broken: String) async throws {
        let provider = try await Provider()
        let other = try await Provider()
        #expect(try await provider.bearer(Self.good) != nil)
        let set = try String(contentsOf: other.folder.url.appending(path: "jwks.json"), encoding: .utf8)
        // Another size, so that it counts as changed also within one tick of the clock.
        _ = try provider.folder.file("jwks.json", set + "\n")
        #expect(try await provider.bearer(Self.good) == nil)
        #expect(await provider.access.bearer(of: try await other.signer.sign(Self.good, kid: "k1")) != nil)
        let file = try provider.folder.file("broken.json", broken)
        await #expect(throws: OperatorAccessFault.self) {
            _ = try await IdentityTokens(
                IdentityTokens.Settings(issuer: "i", audience: "a", keysFile: file, roleClaim: "roles"))
        }
    }
}
