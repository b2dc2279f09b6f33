public import Foundation
import Synchronization

/// How the server did in the last hour, in buckets of ten seconds: a ring in memory of fixed size, cheap to write and to
/// read.
public final class Overview: Sendable {
    public struct Gauges: Sendable, Equatable {
        public var queued = 0
        public var running = 0
        public var residentBytes = 0.0
        public var eventStreams = 0

        public init(queued: Int = 0, running: Int = 0, residentBytes: Double = 0, eventStreams: Int = 0) {
            self.queued = queued
            self.running = running
            self.residentBytes = residentBytes
            self.eventStreams = eventStreams
        }
    }

    public struct Point: Sendable, Equatable {
        /// When the bucket began.
        public var at: Date
        public var requests: Int
        /// Answers with a status of 500 or more.
        public var errors: Int
        /// Seconds; nil where there was no request. Upper ends of logarithmic buckets, so at most a quarter too high.
        public var p50: Double?
        public var p95: Double?
        public var p99: Double?
        /// nil where nothing was sampled.
        public var gauges: Gauges?
    }

    /// Seconds.
    public static let width = 10
    public static let buckets = 360

    fileprivate struct Bucket {
        /// Which ten seconds since 1970; -1 for none yet.
        var number = -1
        var requests = 0
        var errors = 0
        var times = [UInt32](repeating: 0, count: Overview.bounds.count + 1)
        var gauges: Gauges?
    }

    /// From 0.5 ms to about 120 s, each a quarter more than the last.
    static let bounds: [Double] = (0..<56).map { 0.0005 * pow(1.25, Double($0)) }

    private let ring = Mutex([Bucket](repeating: Bucket(), count: Overview.buckets))

    public init() {}

    public func request(seconds: Double, isError: Bool, at time: Date) {
        let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        update(time) { bucket in
            bucket.requests += 1
            if isError { bucket.errors += 1 }
            bucket.times[index] += 1
        }
    }

    public func sample(_ gauges: Gauges, at time: Date) {
        update(time) { $0.gauges = gauges }
    }

    /// The last hour up to now, oldest first, without what lies before the first request or sample.
    public func points(at time: Date) -> [Point] {
        let last = Self.number(time)
        return ring.withLock { ring in
            (last - Self.buckets + 1...last).compactMap { number in
                let bucket = ring[number % Self.buckets]
                return bucket.number == number ? Point(bucket.number, bucket) : nil
            }
        }
    }

    /// Requests and errors of the last seconds.
    public func totals(ofLast seconds: Int, at time: Date) -> (requests: Int, errors: Int) {
        let last = Self.number(time)
        let count = min(Self.buckets, max(1, seconds / Self.width))
        return ring.withLock { ring in
            (last - count + 1...last).reduce(into: (0, 0)) { sum, number in
                let bucket = ring[number % Self.buckets]
                guard bucket.number == number else { return }
                sum.0 += bucket.requests
                sum.1 += bucket.errors
            }
        }
    }

    private func update(_ time: Date, _ change: (inout Bucket) -> Void) {
        let number = Self.number(time)
        ring.withLock { ring in
            let index = number % Self.buckets
            if ring[index].number != number {
                ring[index] = Bucket()
                ring[index].number = number
            }
            change(&ring[index])
        }
    }

    private static func number(_ time: Date) -> Int { max(buckets, Int(time.timeIntervalSince1970) / width) }
}

extension Overview.Point {
    fileprivate init(_ number: Int, _ bucket: Overview.Bucket) {
        func quantile(_ share: Double) -> Double? {
            guard bucket.requests > 0 else { return nil }
            let rank = UInt32((Double(bucket.requests) * share).rounded(.up))
            var seen: UInt32 = 0
            for (index, count) in bucket.times.enumerated() {
                seen += count
                if seen >= max(1, rank) { return Overview.bounds[min(index, Overview.bounds.count - 1)] }
            }
            return Overview.bounds.last
        }
        at = Date(timeIntervalSince1970: Double(number * Overview.width))
        requests = bucket.requests
        errors = bucket.errors
        p50 = quantile(0.5)
        p95 = quantile(0.95)
        p99 = quantile(0.99)
        gauges = bucket.gauges
    }
}
