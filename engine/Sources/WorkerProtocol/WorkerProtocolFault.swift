internal import Glibc

/// Why a conversation between server and worker cannot go on. After any of them the channel is of no more use.
public struct WorkerProtocolFault: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable {
        /// The other side has closed the connection.
        case closed
        /// The deadline has passed.
        case timedOut
        /// A frame is longer than the limits allow.
        case tooLong
        /// What came is not a frame, or not with the descriptors that belong to it.
        case malformed
        /// The system gave an error.
        case system
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// From a negated `errno`.
    init(system failure: Int, _ doing: String) {
        let gone = [EPIPE, ECONNRESET].contains(Int32(clamping: -failure))
        self.init(gone ? .closed : .system, "\(doing): \(String(cString: strerror(Int32(clamping: -failure)))).")
    }

    public var description: String { message }
}
