public import NIOCore

/// How long a connection may take for what, and how many there may be.
public struct ListenerLimits: Sendable {
    /// From the first byte of a request, or of a TLS handshake, to the end of its header.
    public var headDeadline: TimeAmount
    /// Until a connection without a request is closed.
    public var idle: TimeAmount
    /// What a body may take whatever its size; every ``bodyRate`` bytes earn a second more.
    public var bodyGrace: TimeAmount
    /// Bytes in a second.
    public var bodyRate: Int
    /// The longest pause within a body.
    public var bodyPause: TimeAmount
    /// How long a reader may take nothing at all of what waits for it.
    public var writePause: TimeAmount
    /// What a client that was answered before it had sent everything may go on sending for.
    public var linger: TimeAmount
    public var headBytes: Int
    public var headFields: Int
    /// Of all clients together.
    public var connections: Int
    /// Of one address.
    public var connectionsPerAddress: Int
    /// Addresses that ``connectionsPerAddress`` isn't for: proxies speak for many.
    public var exempt: [AddressRange]

    public init(
        headDeadline: TimeAmount = .seconds(10), idle: TimeAmount = .seconds(75),
        bodyGrace: TimeAmount = .seconds(10), bodyRate: Int = 1024, bodyPause: TimeAmount = .seconds(30),
        writePause: TimeAmount = .seconds(30), linger: TimeAmount = .seconds(2), headBytes: Int = 32 << 10,
        headFields: Int = 100, connections: Int = 10_000, connectionsPerAddress: Int = 256,
        exempt: [AddressRange] = []
    ) {
        self.headDeadline = headDeadline
        self.idle = idle
        self.bodyGrace = bodyGrace
        self.bodyRate = bodyRate
        self.bodyPause = bodyPause
        self.writePause = writePause
        self.linger = linger
        self.headBytes = headBytes
        self.headFields = headFields
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress
        self.exempt = exempt
    }
}

/// Why a connection or a request wasn't served before any route saw it.
public enum ListenerRefusal: String, Error, Sendable, CaseIterable {
    case headTooSlow = "head-too-slow"
    case bodyTooSlow = "body-too-slow"
    case readerTooSlow = "reader-too-slow"
    case headTooLarge = "head-too-large"
    case malformed
    case tooManyConnections = "too-many-connections"
    case tooManyOfAddress = "too-many-of-address"
}

/// What is said to a client that is refused: the answer's header and its body.
public typealias ListenerAnswer = @Sendable (ListenerRefusal) -> (status: Int, reason: String, body: String)
