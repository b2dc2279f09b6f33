import Glibc
public import NIOCore

/// An address of the internet protocol, as 128 bits; one of version 4 in its mapped form (RFC 4291, section 2.5.5.2).
public struct IPAddress: Sendable, Hashable {
    public let high: UInt64
    public let low: UInt64

    /// Whoever can't be told apart: all of them together are limited as one.
    public static let unknown = IPAddress(high: 0, low: 0)

    private static let mapped: UInt64 = 0x0000_FFFF_0000_0000

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// - Parameter text: without brackets, port or zone.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        let text = String(text)
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four)
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(six)
    }

    /// Where a connection comes from; nil for one that isn't by the internet protocol.
    public init?(_ address: SocketAddress?) {
        // The layouts of sockaddr_in and sockaddr_in6; spelt out, this is a value of another module's C header.
        let found: IPAddress?
        switch address {
        case .v4:
            found = address?.withSockAddr { pointer, _ in
                let four = UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: 4, as: UInt32.self)
                return IPAddress(high: 0, low: Self.mapped | UInt64(UInt32(bigEndian: four)))
            }
        case .v6:
            found = address?.withSockAddr { pointer, _ in
                let high = UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                let low = UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: 16, as: UInt64.self)
                return IPAddress(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
            }
        default: found = nil
        }
        guard let found else { return nil }
        self = found
    }

    private init(_ four: in_addr) {
        self.init(high: 0, low: Self.mapped | UInt64(UInt32(bigEndian: four.s_addr)))
    }

    private init(_ six: in6_addr) {
        (high, low) = withUnsafeBytes(of: six) { bytes in
            let high = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            let low = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            return (UInt64(bigEndian: high), UInt64(bigEndian: low))
        }
    }

    var isVersion4: Bool { high == 0 && low & ~0xFFFF_FFFF == Self.mapped }

    /// Whom a limit is for: of version 6 the network, because one customer is given all addresses of one (RFC 6177).
    public var customer: IPAddress { isVersion4 ? self : IPAddress(high: high, low: 0) }
}

/// Addresses that begin alike: `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct AddressRange: Sendable, Hashable {
    private let first: IPAddress
    /// Of 128.
    private let length: Int

    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        let longest = address.isVersion4 ? 32 : 128
        guard let length = parts.count == 1 ? longest : Int(parts[1]), (0...longest).contains(length) else {
            return nil
        }
        self.length = 128 - longest + length
        first = Self.cut(address, self.length)
    }

    public func contains(_ address: IPAddress) -> Bool { Self.cut(address, length) == first }

    /// Whether it is one address.
    public var isSingle: Bool { length == 128 }

    /// Whether each of its addresses is one of `other`.
    public func isWithin(_ other: AddressRange) -> Bool { length >= other.length && other.contains(first) }

    /// This machine.
    public static let loopback = list("127.0.0.0/8, ::1") ?? []
    /// Networks that nobody reaches from the internet (RFC 1918, 3927, 4193, 4291, 6598), and this machine.
    public static let closed =
        loopback
        + (list("10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, 100.64.0.0/10, fc00::/7, fe80::/10") ?? [])

    private static func cut(_ address: IPAddress, _ length: Int) -> IPAddress {
        let high = length >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(length))
        let low = length <= 64 ? 0 : ~(UInt64.max >> UInt64(length - 64))
        return IPAddress(high: address.high & high, low: address.low & low)
    }

    /// Ranges that stand in one text, with commas or spaces between them.
    ///
    /// - Returns: nil if one of them isn't a range.
    public static func list(_ text: String) -> [AddressRange]? {
        let parts = text.split { $0 == "," || $0 == " " }
        let ranges = parts.compactMap { AddressRange($0) }
        return ranges.count == parts.count ? ranges : nil
    }
}
