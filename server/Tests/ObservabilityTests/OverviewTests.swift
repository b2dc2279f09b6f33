import Foundation
import Testing

@testable import Observability

@Suite("The last hour")
struct OverviewTests {
    let start = Date(timeIntervalSince1970: 1_700_000_000)

    @Test("A bucket has its requests, errors and quantiles")
    func bucket() throws {
        let overview = Overview()
        for index in 1...100 {
            overview.request(seconds: Double(index) / 1000, isError: index <= 3, at: start + Double(index % 10))
        }
        overview.sample(.init(queued: 4, running: 2, residentBytes: 5e7, eventStreams: 1), at: start + 3)
        let points = overview.points(at: start + 9)
        try #require(points.count == 1)
        #expect(points[0].at == start)
        #expect(points[0].requests == 100 && points[0].errors == 3)
        for (quantile, exact) in [(points[0].p50, 0.05), (points[0].p95, 0.095), (points[0].p99, 0.099)] {
            let value = try #require(quantile)
            #expect(value >= exact && value <= exact * 1.25)
        }
        #expect(points[0].gauges?.queued == 4)
    }

    @Test("What is older than an hour is gone, and memory stays the same")
    func ring() throws {
        let overview = Overview()
        for second in stride(from: 0.0, to: 3 * 3600, by: 5) {
            overview.request(seconds: 0.01, isError: false, at: start + second)
        }
        let points = overview.points(at: start + 3 * 3600 - 1)
        #expect(points.count == Overview.buckets)
        #expect(points.map(\.at) == points.map(\.at).sorted())
        #expect(points.first?.at == start + 2 * 3600)
        #expect(points.allSatisfy { $0.requests == 2 })
        #expect(overview.points(at: start + 10 * 3600).isEmpty)
    }

    @Test("Sums over the last minutes leave out what lies before")
    func totals() throws {
        let overview = Overview()
        overview.request(seconds: 1, isError: true, at: start)
        overview.request(seconds: 1, isError: true, at: start + 300)
        overview.request(seconds: 1, isError: false, at: start + 305)
        #expect(overview.totals(ofLast: 300, at: start + 309) == (requests: 2, errors: 1))
        #expect(overview.totals(ofLast: 600, at: start + 309) == (requests: 3, errors: 2))
    }
}
