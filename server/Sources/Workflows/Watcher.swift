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

/// What somebody who watches is told, as a sequence.
///
/// The board is left when this and its iterators are gone, not by the cancellation of whoever iterates: that holds a lock of its task,
/// for which a board that wakes the same task waits within its own.
public struct Changes<Status: Sendable>: AsyncSequence, Sendable {
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var base: AsyncStream<Status>.Iterator
        fileprivate let watch: Watch

        public mutating func next() async -> Status? { await base.next() }

        public mutating func next(isolation actor: isolated (any Actor)?) async -> Status? {
            await base.next(isolation: actor)
        }
    }

    private let stream: AsyncStream<Status>
    private let watch: Watch

    /// - Parameters:
    ///   - most: of more that wait to be taken, the oldest are left out.
    ///   - board: gives the watcher a place.
    init(most: Int, on board: (Watcher<Status>) -> Watch) {
        let (stream, continuation) = AsyncStream.makeStream(of: Status.self, bufferingPolicy: .bufferingNewest(most))
        (self.stream, watch) = (stream, board(Watcher(continuation)))
    }

    /// - Returns: nil where the board gives no place.
    init?(most: Int, on board: (Watcher<Status>) -> Watch?) {
        let (stream, continuation) = AsyncStream.makeStream(of: Status.self, bufferingPolicy: .bufferingNewest(most))
        guard let watch = board(Watcher(continuation)) else { return nil }
        (self.stream, self.watch) = (stream, watch)
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: stream.makeAsyncIterator(), watch: watch) }
}
