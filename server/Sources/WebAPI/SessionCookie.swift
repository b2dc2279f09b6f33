import Crypto
import Foundation
import HTTPTypes
import Hummingbird

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
        guard let token = request.cookies[name(secure: secure)]?.value, token.utf8.count == 43 else { return nil }
        return token
    }

    static func set(_ token: String, secure: Bool, seconds: Int) -> String {
        "\(name(secure: secure))=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (secure ? "; Secure" : "")
    }
}
