public import Foundation
import JWTKit
public import Logging
public import Workflows

/// Checks tokens of an OpenID Connect provider against its keys, which are in a file. Nothing is fetched.
public struct IdentityTokens: Sendable {
    public struct Settings: Sendable, Equatable {
        /// Exactly as in the claim `iss`.
        public var issuer: String
        /// What must be among the claim `aud`.
        public var audience: String
        /// The provider's JSON Web Key Set (RFC 7517).
        public var keysFile: String
        /// Where the roles are, with dots for objects within objects: `roles`, or `realm_access.roles`.
        public var roleClaim: String

        public init(issuer: String, audience: String, keysFile: String, roleClaim: String) {
            self.issuer = issuer
            self.audience = audience
            self.keysFile = keysFile
            self.roleClaim = roleClaim
        }
    }

    private let settings: Settings
    private let keys: JWTKeyCollection

    /// - Throws: ``OperatorAccessFault``.
    public init(
        _ settings: Settings, logger: Logger = Logger(label: "lightbox.operators")
    ) async throws(OperatorAccessFault) {
        self.settings = settings
        let name = "The keys of the identity provider, \(settings.keysFile),"
        guard let data = FileManager.default.contents(atPath: settings.keysFile) else {
            throw OperatorAccessFault("\(name) can't be read.")
        }
        guard let set = try? JSONDecoder().decode(KeySet.self, from: data) else {
            throw OperatorAccessFault("\(name) are no JSON Web Key Set.")
        }
        keys = JWTKeyCollection()
        var passedOver: [String] = []
        for (index, member) in set.keys.enumerated() {
            var trouble = member.trouble
            if let key = member.key {
                do {
                    try await keys.add(jwk: key)
                } catch {
                    trouble = "it can't be used"
                }
            }
            if let trouble { passedOver.append("key \(index + 1): \(trouble)") }
        }
        guard passedOver.count < set.keys.count else { throw OperatorAccessFault("\(name) are none that sign.") }
        // A provider may publish keys for other purposes, and such as nobody has heard of yet.
        if !passedOver.isEmpty {
            logger.warning(
                "keys of the identity provider are passed over",
                metadata: ["which": "\(passedOver.joined(separator: "; "))"])
        }
    }

    /// A JSON Web Key Set (RFC 7517) of which each key is read for itself.
    private struct KeySet: Decodable {
        struct Member: Decodable {
            let key: JWK?
            /// Why it isn't taken.
            let trouble: String?

            private enum CodingKeys: String, CodingKey { case kty, kid, use }

            init(from decoder: any Decoder) throws {
                let fields = try? decoder.container(keyedBy: CodingKeys.self)
                func text(_ key: CodingKeys) -> String? { try? fields?.decodeIfPresent(String.self, forKey: key) }
                // Public keys only: a shared secret isn't read, since whoever checks tokens could make them.
                guard let kind = text(.kty), ["RSA", "EC", "OKP"].contains(kind) else {
                    (key, trouble) = (nil, "it is of a kind that isn't used")
                    return
                }
                guard text(.kid)?.isEmpty == false else {
                    (key, trouble) = (nil, "it has no “kid”")
                    return
                }
                guard text(.use) ?? "sig" == "sig" else {
                    (key, trouble) = (nil, "it isn't for signatures")
                    return
                }
                key = try? JWK(from: decoder)
                trouble = key == nil ? "it can't be read" : nil
            }
        }

        let keys: [Member]
    }

    /// Whether a token wants something of whoever checks it that this program doesn't know (RFC 7515, section 4.1.11).
    private static func wantsMore(_ token: String) -> Bool {
        struct Header: Decodable {
            var hasCritical: Bool
            private enum CodingKeys: String, CodingKey { case crit }
            init(from decoder: any Decoder) throws {
                hasCritical = try decoder.container(keyedBy: CodingKeys.self).contains(.crit)
            }
        }
        guard let bytes = Base64URL.decode(String(token.prefix { $0 != "." })),
            let header = try? JSONDecoder().decode(Header.self, from: Data(bytes))
        else { return true }
        return header.hasCritical
    }

    /// - Returns: nil where the token isn't the provider's, isn't for this program, or isn't valid at this time.
    public func bearer(of token: String, at now: Date) async -> Operator? {
        guard !Self.wantsMore(token), let claims = try? await keys.verify(token, as: Claims.self) else { return nil }
        guard claims.values["iss"]?.text == settings.issuer,
            claims.values["aud"]?.texts.contains(settings.audience) == true,
            let end = claims.values["exp"]?.number.map(Date.init(timeIntervalSince1970:)), end > now,
            claims.values["nbf"]?.number.map({ $0 <= now.timeIntervalSince1970 }) ?? true
        else { return nil }
        let roles = Set(claims.texts(at: settings.roleClaim).compactMap(Operator.Role.init(rawValue:)))
        // The only claims together that are never another one's (OpenID Connect Core 1.0, section 5.7).
        guard let subject = claims.values["sub"]?.text, !subject.isEmpty else { return nil }
        return Operator(
            identity: "oidc\n\(settings.issuer)\n\(subject)", name: Self.name(claims, subject), roles: roles,
            proof: .oidc, expiresAt: end)
    }

    /// What is shown: the first claim that can be, and isn't what the program calls others.
    private static func name(_ claims: Claims, _ subject: String) -> String {
        let names = ["preferred_username", "email"].compactMap { claims.values[$0]?.text } + [subject]
        return names.first { Operator.isName($0) && !Operator.isReserved($0) }
            ?? "oidc:" + OperatorTokens.hash(subject).prefix(16)
    }
}

/// Whatever a provider says; what counts is checked by the one who reads it.
private struct Claims: JWTPayload {
    let values: [String: ClaimValue]

    init(from decoder: any Decoder) throws {
        values = try [String: ClaimValue](from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: "tokens are only read here"))
    }

    func verify(using algorithm: some JWTAlgorithm) throws {}

    func texts(at path: String) -> [String] {
        let parts = path.split(separator: ".").map(String.init)
        var value: ClaimValue? = values[path]
        if value == nil {
            value = .object(values)
            for part in parts {
                guard case .object(let object)? = value else { return [] }
                value = object[part]
            }
        }
        return value?.texts ?? []
    }
}

private enum ClaimValue: Decodable, Sendable {
    case text(String)
    case number(Double)
    case list([ClaimValue])
    case object([String: ClaimValue])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let list = try? container.decode([ClaimValue].self) {
            self = .list(list)
        } else if let object = try? container.decode([String: ClaimValue].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// One text, or each of a list.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let list): list.compactMap(\.text)
        default: []
        }
    }
}
