import Synchronization

/// Token buckets of many, each kept as one number: the moment at which the bucket will be full again (the generic cell rate
/// algorithm of ITU-T I.371). Finding one takes the same time however many there are, and there are never more than a bound.
public final class RateLimiter: Sendable {
    /// Whose bucket, and which.
    struct Key: Hashable {
        var policy: UInt8
        var high: UInt64
        var low: UInt64
    }

    enum Verdict: Equatable {
        /// How many are left, and in how many seconds all are back.
        case allowed(left: Int, seconds: Int)
        case refused(seconds: Int)
    }

    /// Two generations: when the young one is full it becomes the old one, and what was old is forgotten. Whoever is seen
    /// again moves to the young one, so that only the buckets of those who stayed away are lost: nearly all full ones.
    private struct Table {
        var young: [Key: Int64] = [:]
        var old: [Key: Int64] = [:]
    }

    private let table = Mutex(Table())
    private let longest: Int
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - longest: buckets in a generation; 100 bytes each.
    ///   - now: nanoseconds of a clock that never goes back.
    public init(longest: Int = 32_768, now: @escaping @Sendable () -> Int64 = RateLimiter.nanoseconds) {
        self.longest = longest
        self.now = now
    }

    private static let began = ContinuousClock.now

    public static func nanoseconds() -> Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - began).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// Takes one token from the bucket.
    func take(_ key: Key, _ quota: RateLimits.Quota) -> Verdict {
        let now = now()
        let window = Int64(quota.seconds) * 1_000_000_000
        let step = max(1, window / Int64(quota.requests))
        return table.withLock { table in
            if table.young.count >= longest {
                table.old = table.young
                table.young = [:]
            }
            let stored = table.young[key] ?? table.old[key] ?? now
            let full = max(stored, now) + step
            guard full - now <= step * Int64(quota.requests) else {
                // Who goes on asking is remembered.
                table.young[key] = stored
                return .refused(seconds: Self.seconds(full - now - step * Int64(quota.requests)))
            }
            table.young[key] = full
            return .allowed(
                left: Int((step * Int64(quota.requests) - (full - now)) / step), seconds: Self.seconds(full - now))
        }
    }

    var count: Int { table.withLock { $0.young.count + $0.old.count } }

    private static func seconds(_ nanoseconds: Int64) -> Int {
        max(1, Int((nanoseconds + 999_999_999) / 1_000_000_000))
    }
}
