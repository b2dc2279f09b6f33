import HTTPTypes
public import Hummingbird

/// Sends whoever comes by plain http to the same address by https, and nowhere else.
public struct RedirectToHTTPS: HTTPResponder {
    public typealias Context = BasicRequestContext

    private let hosts: Set<String>
    private let port: Int

    /// - Parameters:
    ///   - hosts: names that this server answers to; empty takes what the client asks for, if it can be one.
    ///   - port: that of https.
    public init(hosts: Set<String>, port: Int) {
        self.hosts = hosts
        self.port = port
    }

    public func respond(to request: Request, context: Context) async throws -> Response {
        guard let host = HostName(request.head.authority), hosts.isEmpty || hosts.contains(host.name) else {
            return Response(status: .init(code: 421, reasonPhrase: "Misdirected Request"), headers: Self.strict)
        }
        // What else was sent has been sent in the clear, and isn't asked for again.
        guard request.method == .get || request.method == .head else {
            return Response(status: .forbidden, headers: Self.strict)
        }
        // The path is the client's own. It must begin with one slash, or it could name another host.
        let path = request.uri.string
        guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C })
        else { return Response(status: .badRequest, headers: Self.strict) }
        var headers = Self.strict
        headers[.location] = "https://\(host.name)\(port == 443 ? "" : ":\(port)")\(path)"
        return Response(status: .permanentRedirect, headers: headers)
    }

    private static let strict: HTTPFields = [
        .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    ]
}

/// The host in `Host` or `:authority`, without its port, in small letters.
public struct HostName: Sendable {
    public let name: String

    /// - Returns: nil for what can't be one (RFC 3986, section 3.2.2, less what nobody uses).
    public init?(_ authority: String?) {
        guard let authority, authority.utf8.count <= 255 else { return nil }
        var name = Substring(authority.lowercased())
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]"), IPAddress(name[..<end].dropFirst()) != nil,
                Self.isPort(name[end...].dropFirst())
            else { return nil }
            self.name = String(name[...end])
            return
        }
        if let colon = name.firstIndex(of: ":") {
            guard Self.isPort(name[colon...]) else { return nil }
            name = name[..<colon]
        }
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfName) else { return nil }
        self.name = String(name)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.hasPrefix(":") && UInt16(text.dropFirst()) != nil
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
    }
}
