public import Foundation

/// Somebody who runs this installation, or a clinician who may open a record in need.
public struct Operator: Sendable, Equatable {
    public enum Role: String, Sendable, Codable, CaseIterable {
        /// May read what stands under `/admin`.
        case viewer
        /// May also change it.
        case `operator`
        /// May read, lower an urgency, and open one record for a while, with a reason.
        case clinician
    }

    /// How somebody showed who they are.
    public enum Proof: String, Sendable, Codable {
        case token
        /// An OpenID Connect token of the organisation's identity provider.
        case oidc
    }

    /// Who it is, whatever they are called: what is given to somebody is held against this. Two proofs never have the same.
    public var identity: String
    /// As it stands in the audit trail, and as the person whose record was opened reads it. For show only: a provider may
    /// give two people the same.
    public var name: String
    public var roles: Set<Role>
    public var proof: Proof
    /// When the proof ends; nil where it doesn't.
    public var expiresAt: Date?

    public init(identity: String, name: String, roles: Set<Role>, proof: Proof, expiresAt: Date? = nil) {
        self.identity = identity
        self.name = name
        self.roles = roles
        self.proof = proof
        self.expiresAt = expiresAt
    }

    /// The role in which something is done that the given ones may do; the one of most power where it doesn't matter.
    public func role(among allowed: [Role]) -> Role? {
        allowed.first { roles.contains($0) }
    }

    public static let longestName = 64

    /// Names that nobody is given, because the program uses them for others.
    public static func isReserved(_ name: String) -> Bool {
        let plain = name.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        return plain == theOne || AuditActor.Kind(rawValue: plain) != nil || Role(rawValue: plain) != nil
    }

    /// What the one token of an installation is called.
    public static let theOne = "operator"

    /// Whether a name is one that can stand in a trail and on a page: visible characters and single spaces.
    public static func isName(_ name: String) -> Bool {
        (1...longestName).contains(name.count) && name == name.trimmingCharacters(in: .whitespaces)
            && name.unicodeScalars.allSatisfy {
                $0 == " " || !($0.properties.isWhitespace || $0.properties.generalCategory.isInvisible)
            }
    }
}

extension Unicode.GeneralCategory {
    /// Control characters, directions, private and unassigned ones.
    fileprivate var isInvisible: Bool {
        switch self {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

/// Tells whose a bearer token is.
public protocol OperatorAccess: Sendable {
    /// Whether anybody can be let in at all.
    var isOpen: Bool { get }
    /// - Returns: nil where the token is nobody's, or isn't valid now.
    func bearer(of token: String) async -> Operator?
    /// What keeps operators out who should be let in, for the log; nil where nothing does.
    func trouble() async -> String?
}
