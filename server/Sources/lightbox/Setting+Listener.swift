import Foundation
import Listener
import NIOCore
import WebAPI

extension Setting {
    /// What listens: addresses, TLS, limits.
    static let listener: [Setting] = [
        Setting(
            key: "http.host", kind: .text, standard: "127.0.0.1",
            meaning: "Address that the web app and its API listen on. Loopback unless told otherwise."),
        Setting(
            key: "http.port", kind: .integer(0...65535), standard: "8080",
            meaning: "Its port; 0 takes a free one and says which."),
        Setting(
            key: "http.secure", kind: .boolean, standard: "false",
            meaning:
                "Whether browsers come by https, through a proxy. The cookie is `__Host-lightbox` and `Secure` then. With `tls.certificate` they do."
        ),
        Setting(
            key: "http.hosts", kind: .hosts, standard: "",
            meaning:
                "Names that this server answers to; anything else is 421. Empty: to each, as behind a proxy that checks them."
        ),
        Setting(
            key: "http.trusted-proxies", kind: .addresses, standard: "",
            meaning:
                "Proxies that may say for whom they ask, and whether by https. What others say about that is ignored. Behind a proxy that isn't named here, everybody has the proxy's address, and limits of addresses hold for nobody."
        ),
        Setting(
            key: "http.forwarded-header", kind: .choice(["x-forwarded-for", "forwarded"]), standard: "x-forwarded-for",
            meaning: "The header in which those proxies say it. Only this one is read."),
        Setting(
            key: "http.cors-origins", kind: .origins, standard: "",
            meaning: "Pages of other origins that may use the API. Empty: none."),
        Setting(
            key: "http.hsts-seconds", kind: .integer(0...(10 * 31_536_000)), standard: "63072000",
            meaning:
                "How long browsers are told to come by https only (two years), where they came by https. 0 doesn't tell them."
        ),
        Setting(
            key: "http.hsts-subdomains", kind: .boolean, standard: "false",
            meaning: "Whether that is for all names below this server's name, too."),
        Setting(
            key: "tls.certificate", kind: .path, standard: "",
            meaning:
                "PEM file with the certificate and those that it was issued by. With it, `http.port` speaks HTTP/2 and HTTP/1.1 over TLS 1.2 or 1.3. Read again when it has changed (looked at each minute), and on SIGHUP."
        ),
        Setting(key: "tls.key", kind: .path, standard: "", meaning: "PEM file with its private key."),
        Setting(
            key: "tls.redirect-port", kind: .integer(0...65535), standard: "0",
            meaning: "Port on which plain http is sent on to https; 0: none."),
        Setting(
            key: "limits.rate-percent", kind: .integer(0...100_000), standard: "100",
            meaning:
                "Size of all token buckets in per cent of [what is standard](adr/0024-limits-and-tls.md); 0: no rate limits, for benchmarks."
        ),
        Setting(
            key: "limits.unlimited-addresses", kind: .addresses, standard: "127.0.0.0/8, ::1",
            meaning:
                "Addresses that buckets and connections per address aren't for: whoever is on this machine, and a proxy there that speaks for many. Limits of sessions hold for them, too."
        ),
        Setting(
            key: "limits.connections", kind: .integer(1...1_000_000), standard: "10000",
            meaning: "Connections of all clients together; more are answered 503."),
        Setting(
            key: "limits.connections-per-address", kind: .integer(1...1_000_000), standard: "256",
            meaning: "Connections of one address, of version 6 one network."),
        Setting(
            key: "limits.event-streams-per-session", kind: .integer(1...10_000), standard: "32",
            meaning: "Event streams that one session may read at once; one more is 429."),
        Setting(
            key: "limits.header-timeout", kind: .integer(1...3600), standard: "10",
            meaning: "Seconds that the header of a request, or a TLS handshake, may take from its first byte."),
        Setting(
            key: "limits.idle-timeout", kind: .integer(1...3600), standard: "75",
            meaning: "Seconds that a connection without a request is kept."),
        Setting(
            key: "limits.body-grace", kind: .integer(1...3600), standard: "10",
            meaning: "Seconds that a body may take whatever its size."),
        Setting(
            key: "limits.body-rate", kind: .integer(1...(1 << 30)), standard: "1024",
            meaning: "Bytes a second that a body must bring on average after that."),
        Setting(
            key: "limits.pause", kind: .integer(1...3600), standard: "30",
            meaning:
                "Seconds that a body, or a reader of an answer, may stand still. A slow body gets 408, a slow reader is cut off."
        ),
        Setting(
            key: "limits.header-bytes", kind: .integer(1024...(1 << 20)), standard: "32768",
            meaning: "Size of all headers of a request together; more is 431."),
        Setting(
            key: "limits.header-count", kind: .integer(10...10_000), standard: "100",
            meaning: "Headers of a request."),
    ]
}

/// Reads the settings of this file that are lists.
enum WebSettings {
    private static func parts(_ text: String) -> [String] {
        text.split { $0 == "," || $0 == " " }.map(String.init)
    }

    /// - Returns: nil if one of them isn't an origin as browsers write it.
    static func origins(_ text: String) -> Set<String>? {
        let parts = parts(text)
        let areOrigins = parts.allSatisfy { origin in
            guard let url = URL(string: origin), let scheme = url.scheme, let host = url.host() else { return false }
            let port = url.port.map { ":\($0)" } ?? ""
            return ["http", "https"].contains(scheme) && origin == "\(scheme)://\(host)\(port)"
                && origin == origin.lowercased()
        }
        return areOrigins ? Set(parts) : nil
    }

    static func hosts(_ text: String) -> Set<String>? {
        let names = parts(text).map { text in HostName(text).flatMap { $0.name == text ? $0.name : nil } }
        return names.contains(nil) ? nil : Set(names.compactMap(\.self))
    }
}

extension Configuration {
    var hasTLS: Bool { tlsCertificate != nil }
    var isBehindTLS: Bool { isSecure || hasTLS }

    var webRules: WebRules {
        WebRules(
            isSecure: isBehindTLS, hstsSeconds: integer("http.hsts-seconds"),
            hstsIncludesSubdomains: text("http.hsts-subdomains") == "true",
            corsOrigins: WebSettings.origins(text("http.cors-origins")) ?? [], hosts: httpHosts,
            proxies: TrustedProxies(
                trustedProxies, header: .init(rawValue: text("http.forwarded-header")) ?? .xForwardedFor),
            rates: .standard.scaled(integer("limits.rate-percent")), unlimited: unlimitedAddresses,
            streams: integer("limits.event-streams-per-session"))
    }

    var listenerLimits: ListenerLimits {
        ListenerLimits(
            headDeadline: .seconds(Int64(integer("limits.header-timeout"))),
            idle: .seconds(Int64(integer("limits.idle-timeout"))),
            bodyGrace: .seconds(Int64(integer("limits.body-grace"))), bodyRate: integer("limits.body-rate"),
            bodyPause: .seconds(Int64(integer("limits.pause"))), writePause: .seconds(Int64(integer("limits.pause"))),
            headBytes: integer("limits.header-bytes"), headFields: integer("limits.header-count"),
            connections: integer("limits.connections"),
            connectionsPerAddress: integer("limits.connections-per-address"),
            exempt: unlimitedAddresses + trustedProxies)
    }

    var httpHosts: Set<String> { WebSettings.hosts(text("http.hosts")) ?? [] }
    var tlsCertificate: String? { path("tls.certificate", or: nil) }
    var tlsKey: String? { path("tls.key", or: nil) }
    var redirectPort: Int? { integer("tls.redirect-port") == 0 ? nil : integer("tls.redirect-port") }

    var trustedProxies: [AddressRange] { AddressRange.list(text("http.trusted-proxies")) ?? [] }
    var unlimitedAddresses: [AddressRange] { AddressRange.list(text("limits.unlimited-addresses")) ?? [] }
}
