import ArgumentParser
import Foundation
import Observability

/// `lightbox metrics`
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Prints what each metric means, in Markdown: docs/metrics.md.")

    @Flag(help: "Prints the standard rules of alerts as JSON instead: a beginning for alerts.rules-file.")
    var alerts = false

    func run() throws {
        guard alerts else {
            print(MetricCatalogue.documentation, terminator: "")
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(AlertRule.standard), as: UTF8.self))
    }
}
