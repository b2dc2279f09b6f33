public import CoreMetrics
import Synchronization

/// Keeps what swift-metrics counts, and writes it in the Prometheus text format 0.0.4.
///
/// Timers and aggregating recorders become histograms; timers are in seconds. A name that ends in `_total` is a counter
/// by convention of whoever counts.
public final class PrometheusMetrics: MetricsFactory {
    fileprivate struct Key: Hashable {
        let name: String
        let labels: [Label]
    }

    fileprivate struct Label: Hashable {
        let name: String
        let value: String
    }

    fileprivate struct State {
        var counters: [Key: CounterCell] = [:]
        var gauges: [Key: GaugeCell] = [:]
        var histograms: [Key: HistogramCell] = [:]
        var seriesOf: [String: Int] = [:]
        var dropped = 0
    }

    /// So many series one name may have; more are counted in `lightbox_metrics_dropped_series_total` and not kept.
    public static let mostSeries = 1000
    /// Upper ends of the histograms for durations, in seconds.
    public static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
    /// Upper ends of the histograms for sizes, in bytes: from 1 KiB to 1 GiB.
    public static let bytes: [Double] = (5...15).map { Double(1 << (2 * $0)) }
    /// Upper ends of the histograms for everything else.
    public static let amounts: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096, 16384, 65536]

    private let state = Mutex(State())
    private let help: [String: String]

    /// - Parameter help: what a metric means, by its name.
    public init(help: [String: String] = MetricCatalogue.help) {
        self.help = help
        _ = ProcessMetrics.startTime
    }

    // MARK: - MetricsFactory

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        state.withLock { state in
            let key = Self.key(label, dimensions)
            if let cell = state.counters[key] { return cell }
            let cell = CounterCell()
            if state.admits(key.name) { state.counters[key] = cell }
            return cell
        }
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let key = Self.key(label, dimensions)
        return aggregate ? histogram(key, bounds: Self.bounds(of: key.name)) : gauge(key)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(Self.key(label, dimensions))
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(Self.key(label, dimensions), bounds: Self.seconds)
    }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// By the unit that a name ends in.
    private static func bounds(of name: String) -> [Double] {
        if name.hasSuffix("_seconds") { seconds } else if name.hasSuffix("_bytes") { bytes } else { amounts }
    }

    private func gauge(_ key: Key) -> GaugeCell {
        state.withLock { state in
            if let cell = state.gauges[key] { return cell }
            let cell = GaugeCell()
            if state.admits(key.name) { state.gauges[key] = cell }
            return cell
        }
    }

    private func histogram(_ key: Key, bounds: [Double]) -> HistogramCell {
        state.withLock { state in
            if let cell = state.histograms[key] { return cell }
            let cell = HistogramCell(bounds: bounds)
            if state.admits(key.name) { state.histograms[key] = cell }
            return cell
        }
    }

    /// Names are limited to the letters that Prometheus allows.
    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        Key(
            name: sanitised(label),
            labels: dimensions.map { Label(name: sanitised($0.0), value: $0.1) }.sorted { $0.name < $1.name })
    }

    private static func sanitised(_ name: String) -> String {
        // Nearly every name is right as it stands, and this is asked several times for each request.
        if let first = name.utf8.first, !isDigit(first), name.utf8.allSatisfy(isAllowed) { return name }
        let letters = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" }
        return letters.first?.isNumber == true ? "_" + String(letters) : String(letters)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || byte == 0x5f || isDigit(byte)
    }

    // MARK: - Exposition

    /// All metrics and those of the process, in a stable order.
    public func exposition() -> String {
        let (counters, gauges, histograms, dropped) = state.withLock { state in
            (state.counters, state.gauges, state.histograms, state.dropped)
        }
        var families: [String: (kind: String, lines: [String])] = [:]
        func add(_ key: Key, _ kind: String, _ lines: [String]) {
            families[key.name, default: (kind, [])].lines += lines
        }
        for (key, cell) in counters.sorted(by: { Self.precedes($0.key, $1.key) }) {
            add(key, "counter", ["\(key.name)\(Self.text(key.labels)) \(cell.value)"])
        }
        for (key, cell) in gauges.sorted(by: { Self.precedes($0.key, $1.key) }) {
            add(key, "gauge", ["\(key.name)\(Self.text(key.labels)) \(Self.text(cell.value))"])
        }
        for (key, cell) in histograms.sorted(by: { Self.precedes($0.key, $1.key) }) {
            let snapshot = cell.snapshot
            var lines: [String] = []
            var sum = 0
            for (bound, count) in zip(snapshot.bounds + [.infinity], snapshot.counts) {
                sum += count
                let labels = key.labels + [Label(name: "le", value: Self.text(bound))]
                lines.append("\(key.name)_bucket\(Self.text(labels)) \(sum)")
            }
            lines.append("\(key.name)_sum\(Self.text(key.labels)) \(Self.text(snapshot.sum))")
            lines.append("\(key.name)_count\(Self.text(key.labels)) \(sum)")
            add(key, "histogram", lines)
        }
        add(
            Key(name: "lightbox_metrics_dropped_series_total", labels: []), "counter",
            ["lightbox_metrics_dropped_series_total \(dropped)"])
        for sample in ProcessMetrics.sample() {
            add(Key(name: sample.name, labels: []), sample.kind, ["\(sample.name) \(Self.text(sample.value))"])
        }
        return families.sorted { $0.key < $1.key }.map { name, family in
            let explanation = help[name].map { ["# HELP \(name) \($0)"] } ?? []
            return (explanation + ["# TYPE \(name) \(family.kind)"] + family.lines).joined(separator: "\n") + "\n"
        }.joined()
    }

    private static func precedes(_ left: Key, _ right: Key) -> Bool {
        (left.name, text(left.labels)) < (right.name, text(right.labels))
    }

    private static func text(_ labels: [Label]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { label in
            let value = label.value.map { character in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n", "\r\n": "\\n"
                default: String(character)
                }
            }.joined()
            return "\(label.name)=\"\(value)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func text(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }
}

extension PrometheusMetrics.State {
    fileprivate mutating func admits(_ name: String) -> Bool {
        guard seriesOf[name, default: 0] < PrometheusMetrics.mostSeries else {
            dropped += 1
            return false
        }
        seriesOf[name, default: 0] += 1
        return true
    }
}
