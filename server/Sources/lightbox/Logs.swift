import Foundation
import Logging
import Metrics
import Observability
import Telemetry
import Tracing
import Workflows

/// Sets up logs and metrics for the whole process.
enum Logs {
    static func start(_ configuration: Configuration) -> PrometheusMetrics {
        let output = LogOutput.standardError
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let asText = configuration.logFormat == "text" || (configuration.logFormat == "auto" && output.isTerminal)
        let hasPriority = configuration.logFormat == "journal"
        LoggingSystem.bootstrap(
            { label, provider in
                let handler: any LogHandler =
                    if asText {
                        TextLogHandler(label: label, level: level, output: output)
                    } else {
                        JSONLogHandler(
                            label: label, level: level, output: output, provider: provider, hasPriority: hasPriority)
                    }
                return handler
            }, metadataProvider: .ofTrace)
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        return metrics
    }

    /// Traces of the whole process. Without a collector they only have names.
    static func startTraces(_ configuration: Configuration) -> TraceService? {
        guard let endpoint = configuration.traceEndpoint else {
            InstrumentationSystem.bootstrap(SpanTracer(queue: nil))
            return nil
        }
        let queue = SpanQueue()
        InstrumentationSystem.bootstrap(SpanTracer(queue: queue))
        return TraceService(
            queue: queue,
            exporter: SpanExporter(
                queue: queue, endpoint: endpoint, version: Version.current, instance: UUID().uuidString.lowercased()))
    }
}
