/// Says whether the model may be used now: it may as long as the golden pictures give what they should.
public protocol ModelGate: Sendable {
    /// Waits for the first check after a start.
    ///
    /// - Throws: ``Fault/modelCheckFailed``.
    func requireTrust() async throws(Fault)

    /// Whether what waits may run. Doesn't wait.
    var isOpen: Bool { get }

    /// Whether it is shut because a check was not passed: not just because there was none yet.
    var isShutByCheck: Bool { get }
}

/// For commands, which check nothing beforehand.
public struct OpenGate: ModelGate {
    public init() {}

    public func requireTrust() async throws(Fault) {}
    public var isOpen: Bool { true }
    public var isShutByCheck: Bool { false }
}
