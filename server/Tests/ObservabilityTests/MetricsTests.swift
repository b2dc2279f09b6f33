import CoreMetrics
import Foundation
import Observability
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("Counters, gauges and histograms are written in the text format")
    func exposition() {
        let metrics = PrometheusMetrics(help: ["a_total": "How many."])
        metrics.makeCounter(label: "a_total", dimensions: [("z", "1"), ("b", "x\"y\\\n")]).increment(by: 2)
        metrics.makeCounter(label: "a_total", dimensions: [("b", "x\"y\\\n"), ("z", "1")]).increment(by: 3)
        metrics.makeRecorder(label: "depth", dimensions: [], aggregate: false).record(4.5)
        let timer = metrics.makeTimer(label: "took.seconds", dimensions: [])
        for nanoseconds in [500_000, 2_000_000, 90_000_000_000] as [Int64] { timer.recordNanoseconds(nanoseconds) }
        let lines = metrics.exposition().split(separator: "\n").map(String.init)
        for line in [
            "# HELP a_total How many.", "# TYPE a_total counter", "a_total{b=\"x\\\"y\\\\\\n\",z=\"1\"} 5",
            "# TYPE depth gauge", "depth 4.5", "# TYPE took_seconds histogram", "took_seconds_bucket{le=\"0.001\"} 1",
            "took_seconds_bucket{le=\"0.0025\"} 2", "took_seconds_bucket{le=\"60\"} 2",
            "took_seconds_bucket{le=\"+Inf\"} 3", "took_seconds_count 3", "took_seconds_sum 90.0025",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test("Every line of the exposition is a comment or a sample, and each family comes once")
    func grammar() throws {
        let metrics = PrometheusMetrics()
        for index in 0..<20 {
            metrics.makeTimer(label: "t-\(index % 3)", dimensions: [("k", "\(index)")]).recordNanoseconds(1)
        }
        let sample = try Regex(
            "^[a-zA-Z_][a-zA-Z0-9_]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"[^\"\\n]*\",?)+\\})? [-+0-9.eInf]+$")
        var families: [Substring] = []
        for line in metrics.exposition().split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                families.append(line)
            } else if !line.hasPrefix("# HELP ") {
                #expect(line.wholeMatch(of: sample) != nil, "\(line)")
            }
        }
        #expect(Set(families).count == families.count)
        #expect(families.contains("# TYPE process_resident_memory_bytes gauge"))
    }

    @Test("Labels can't grow without bound: further series are counted and dropped")
    func bounded() {
        let metrics = PrometheusMetrics()
        for index in 0..<(PrometheusMetrics.mostSeries + 7) {
            metrics.makeCounter(label: "c_total", dimensions: [("id", "\(index)")]).increment(by: 1)
        }
        let text = metrics.exposition()
        #expect(text.contains("lightbox_metrics_dropped_series_total 7\n"))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("c_total{") }.count == PrometheusMetrics.mostSeries)
    }

    @Test("Errors that differ only in numbers are one group, and there are never too many groups")
    func errorGroups() {
        let groups = ErrorGroups()
        let start = Date(timeIntervalSince1970: 0)
        for index in 0..<7 {
            groups.report(
                origin: "browser", message: "row \(index) broke", requestID: "r\(index)", at: start + Double(index))
        }
        #expect(groups.all.count == 1)
        #expect(groups.all.first?.count == 7)
        #expect(groups.all.first?.requestIDs == ["r6", "r5", "r4", "r3", "r2"])
        for index in 0..<500 {
            let letters = String(UnicodeScalar(UInt8(97 + index % 26))) + String(UnicodeScalar(UInt8(97 + index / 26)))
            groups.report(origin: "browser", message: letters, requestID: nil, at: start + 100)
        }
        #expect(groups.all.count == ErrorGroups.mostGroups)
    }
}
