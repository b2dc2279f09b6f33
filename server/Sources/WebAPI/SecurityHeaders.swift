import HTTPTypes
import Hummingbird

/// The headers that tell a browser to be strict.
struct SecurityHeaders: Sendable {
    private let plain: HTTPFields
    private let secure: HTTPFields

    /// - Parameters:
    ///   - hstsSeconds: how long a browser is to come by https only; 0 doesn't say it.
    ///   - hstsIncludesSubdomains: whether that is for names below this one too.
    init(hstsSeconds: Int, hstsIncludesSubdomains: Bool) {
        plain = Self.fields(policy: Self.policy)
        var secure = Self.fields(policy: Self.policy + "; upgrade-insecure-requests")
        if hstsSeconds > 0 {
            secure[.strictTransportSecurity] =
                "max-age=\(hstsSeconds)" + (hstsIncludesSubdomains ? "; includeSubDomains" : "")
        }
        self.secure = secure
    }

    /// - Parameter isSecure: whether the browser came by https; over http, RFC 6797 (section 7.2) forbids to speak of it.
    func add(to response: inout Response, isSecure: Bool) {
        for field in isSecure ? secure : plain {
            // Hardly ever there already; what is only appended isn't looked through for what a header mustn't hold.
            if response.headers.contains(field.name) {
                response.headers[field.name] = field.value
            } else {
                response.headers.append(field)
            }
        }
    }

    /// The page makes no Trusted Types policy and needs none: nothing in it writes HTML or starts a script by its address.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'"

    private static func fields(policy: String) -> HTTPFields {
        [
            .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
            HTTPField.Name("Referrer-Policy")!: "no-referrer",
            HTTPField.Name("X-Frame-Options")!: "DENY",
            HTTPField.Name("X-Permitted-Cross-Domain-Policies")!: "none",
            HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
            HTTPField.Name("Cross-Origin-Resource-Policy")!: "same-origin",
            HTTPField.Name("Cross-Origin-Embedder-Policy")!: "require-corp",
            HTTPField.Name("Origin-Agent-Cluster")!: "?1",
            HTTPField.Name("Permissions-Policy")!:
                "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
                + "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()",
        ]
    }
}
