import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// How a client shows which session is its own.
enum Credential: String, Decodable, Sendable {
    /// Browsers: a cookie, which no script can read.
    case cookie
    /// Programs: `Authorization: Bearer …` (RFC 6750).
    case bearer

    /// What the server keeps of a token. A token of one kind is worth nothing as the other: nobody can plant one that
    /// they know as somebody's cookie.
    func hash(_ token: String) -> [UInt8] {
        switch self {
        case .cookie: SessionCookie.hash(token)
        case .bearer: SessionCookie.hash("bearer " + token)
        }
    }
}

/// The token of a request that says `Authorization: Bearer …`. Cookies aren't looked at then, so that such a request can't
/// be forged by another site.
enum BearerToken {
    static func isUsed(by request: Request) -> Bool {
        request.headers[.authorization]?.lowercased().hasPrefix("bearer ") ?? false
    }

    /// The token, if it could be one.
    static func token(in request: Request) -> String? {
        guard isUsed(by: request), let header = request.headers[.authorization] else { return nil }
        let token = header.dropFirst(7).trimmingCharacters(in: .whitespaces)
        return token.utf8.count == 43 ? token : nil
    }
}

/// The token that a browser holds: 256 random bits. The server keeps only its SHA-256.
enum SessionCookie {
    /// `__Host-` (RFC 6265bis, section 4.1.3.2) needs `Secure`, which plain http on this machine can't have.
    static func name(secure: Bool) -> String {
        secure ? "__Host-lightbox" : "lightbox"
    }

    static func makeToken() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func hash(_ token: String) -> [UInt8] {
        Array(SHA256.hash(data: Data(token.utf8)))
    }

    /// The token in the request, if it could be one.
    static func token(in request: Request, secure: Bool) -> String? {
        let name = name(secure: secure).utf8
        for field in request.headers[fields: .cookie] {
            for pair in field.value.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                guard pair.starts(with: name), pair.dropFirst(name.count).first == UInt8(ascii: "=") else { continue }
                // Only the first of that name.
                let token = pair.dropFirst(name.count + 1)
                return token.count == 43 ? String(Substring(token)) : nil
            }
        }
        return nil
    }

    static func set(_ token: String, secure: Bool, seconds: Int) -> String {
        "\(name(secure: secure))=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (secure ? "; Secure" : "")
    }
}
