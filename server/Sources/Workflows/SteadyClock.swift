public import Foundation

/// The time that everything here is told in. It is read from the wall once, at the start, and then goes on by the machine's
/// own counter, which nobody can put forward or back: a wall clock that jumps lengthens no session and ends none.
public struct SteadyClock: Sendable {
    private let anchor: Date
    private let start: ContinuousClock.Instant
    private let counter: @Sendable () -> ContinuousClock.Instant
    /// Seconds by which the wall clock stood behind what is kept, when this began.
    public let behind: TimeInterval

    /// - Parameters:
    ///   - wall: what the wall clock says.
    ///   - last: the latest time that is known to have been. Where the wall clock was put back while the process was
    ///     down, time goes on from there.
    ///   - counter: counts also while the machine sleeps.
    public init(
        wall: Date = Date(), notBefore last: Date? = nil,
        counter: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        anchor = max(wall, last ?? wall)
        behind = anchor.timeIntervalSince(wall)
        start = counter()
        self.counter = counter
    }

    public var now: Date {
        anchor.addingTimeInterval((counter() - start) / .seconds(1))
    }
}
