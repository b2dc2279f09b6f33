import Crypto
public import Domain
import Foundation

extension Identifier where Entity == Session {
    /// What operators and the audit trail call a session: always the same, and nobody can turn it back into the id.
    public var pseudonym: String {
        SHA256.hash(data: Data("audit \(self)".utf8)).prefix(12).hexadecimal
    }
}

/// Whether a text has the form of ``Domain/Identifier/pseudonym``.
public func isPseudonym(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 24 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}

/// A name for something within a session, which says nothing to those who don't know the session's id.
public enum SessionMark {
    public static func of(_ text: String, in session: SessionID) -> String {
        SHA256.hash(data: Data("mark \(session) \(text)".utf8)).hexadecimal
    }
}
