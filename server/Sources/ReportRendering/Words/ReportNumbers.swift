import Domain
import Foundation

/// How numbers and times are written, the same for both audiences, so that both can be held against each other.
enum ReportNumbers {
    /// Below ten per cent with one digit after the point.
    static func percent(_ value: Double) -> String {
        let number = value * 100
        return number < 9.95 ? String(format: "%.1f %%", number) : String(format: "%.0f %%", number)
    }

    /// `2026-11-23 10:00 UTC`.
    static func time(_ date: Date) -> String {
        let text = date.formatted(.iso8601)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    static func day(_ date: Date) -> String { String(date.formatted(.iso8601).prefix(10)) }

    /// How good the model is at a finding, with the 95 % interval where one was measured; a line for each measure.
    static func quality(of measured: ModelManifest.Measured) -> String {
        var parts: [String] = []
        if let auc = measured.auc {
            let interval =
                if let low = measured.aucLow, let high = measured.aucHigh {
                    String(format: " (%.2f to %.2f)", low, high)
                } else {
                    ""
                }
            parts.append(String(format: "AUC %.2f", auc) + interval)
        }
        if let sensitivity = measured.sensitivity, let specificity = measured.specificity {
            parts += ["sensitivity \(percent(sensitivity))", "specificity \(percent(specificity))"]
        }
        parts.append("on \(measured.images) pictures")
        return parts.joined(separator: "\n")
    }
}
