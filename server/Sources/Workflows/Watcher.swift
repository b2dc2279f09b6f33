/// Somebody who is told, in order, how something changes while it is alive.
///
/// A board tells it within its lock: it takes what it is told and returns.
public struct Watcher<Status: Sendable>: Sendable {
    public let show: @Sendable (Status) -> Void
    public let finish: @Sendable () -> Void

    /// - Parameter finish: nothing comes any more.
    public init(show: @escaping @Sendable (Status) -> Void, finish: @escaping @Sendable () -> Void) {
        self.show = show
        self.finish = finish
    }

    init(_ continuation: AsyncStream<Status>.Continuation) {
        self.init(show: { continuation.yield($0) }, finish: { continuation.finish() })
    }
}

/// Somebody's place on a board, left when this is gone.
public final class Watch: Sendable {
    private let leave: @Sendable () -> Void

    /// - Parameter leave: called once.
    public init(_ leave: @escaping @Sendable () -> Void) {
        self.leave = leave
    }

    deinit { leave() }
}
