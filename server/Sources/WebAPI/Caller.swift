import HTTPTypes
import Hummingbird
public import Listener
import NIOCore

/// Who asks, as far as the network tells.
struct Caller: Sendable {
    var address: IPAddress?
    /// Whether a proxy that is trusted says that it was asked by https; nil where none says anything.
    var isSecure: Bool?
}

/// The proxies that may say for whom they ask. What anybody else says about that is ignored.
public struct TrustedProxies: Sendable {
    public enum Header: String, Sendable {
        case xForwardedFor = "x-forwarded-for"
        case forwarded
    }

    let ranges: [AddressRange]
    let header: Header

    /// - Parameters:
    ///   - header: the one that the proxies write. The other one is never read, because they would pass it on as a client
    ///     has made it up.
    public init(_ ranges: [AddressRange], header: Header) {
        self.ranges = ranges
        self.header = header
    }

    func caller(of request: Request, from peer: SocketAddress?) -> Caller {
        let address = IPAddress(peer)
        guard let address, !ranges.isEmpty, isTrusted(address) else { return Caller(address: address) }
        let hops: [Hop]
        switch header {
        case .xForwardedFor:
            let addresses = request.headers[values: HTTPField.Name("X-Forwarded-For")!].flatMap {
                $0.split(separator: ",")
            }
            let scheme = request.headers[values: HTTPField.Name("X-Forwarded-Proto")!].last?.split(separator: ",").last
            hops =
                addresses.map {
                    let address = Self.address($0)
                    return Hop(address: address, scheme: scheme, isUnreadable: address == nil)
                }
                + (addresses.isEmpty && scheme != nil ? [Hop(address: address, scheme: scheme)] : [])
        case .forwarded:
            hops = request.headers[values: HTTPField.Name("Forwarded")!].flatMap { $0.split(separator: ",") }.map(
                Hop.init)
        }
        // Each proxy adds on the right, so that everything left of the first stranger is the stranger's own word. Somebody
        // whom a proxy names unreadably is a stranger too, and not the proxy, which may be unlimited.
        var caller = Caller(address: address)
        for hop in hops.reversed() {
            if let scheme = hop.scheme { caller.isSecure = scheme.trimmed.lowercased() == "https" }
            guard let next = hop.address else {
                if hop.isUnreadable { caller.address = .unknown }
                break
            }
            caller.address = next
            if !isTrusted(next) { break }
        }
        return caller
    }

    private func isTrusted(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    private struct Hop {
        var address: IPAddress?
        var scheme: Substring?
        /// Whether it says for whom, but no address: a name, or what isn't anything.
        var isUnreadable = false

        init(address: IPAddress?, scheme: Substring?, isUnreadable: Bool = false) {
            self.address = address
            self.scheme = scheme
            self.isUnreadable = isUnreadable
        }

        /// One element of `Forwarded` (RFC 7239, section 4).
        init(_ element: Substring) {
            for pair in element.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let value = parts[1].trimmed.trimmed { $0 == "\"" }
                switch parts[0].trimmed.lowercased() {
                case "for":
                    address = TrustedProxies.address(value)
                    isUnreadable = address == nil
                case "proto": scheme = value
                default: break
                }
            }
        }
    }

    /// An address, perhaps in brackets and with a port.
    private static func address(_ text: Substring) -> IPAddress? {
        let text = text.trimmed
        if text.hasPrefix("[") { return IPAddress(text.dropFirst().prefix { $0 != "]" }) }
        let isWithPort = text.utf8.count { $0 == 0x3A } == 1
        return IPAddress(isWithPort ? text.prefix { $0 != ":" } : text)
    }
}

extension Substring {
    fileprivate var trimmed: Substring { trimmed { $0 == " " || $0 == "\t" } }

    fileprivate func trimmed(_ isSuperfluous: (Character) -> Bool) -> Substring {
        var text = drop(while: isSuperfluous)
        while let last = text.last, isSuperfluous(last) { text.removeLast() }
        return text
    }
}
