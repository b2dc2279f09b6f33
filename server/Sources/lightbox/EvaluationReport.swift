import Domain
import Foundation
import Workflows

/// What `lightbox evaluate` prints.
struct EvaluationReport: Encodable {
    struct Reading: Sendable {
        var picture: LabelledPicture
        var output: EngineOutput
    }

    struct Head: Encodable {
        var id: String
        var name: String
        var shown: Bool
        var threshold: Double
        var measured: Evaluation
    }

    struct Latency: Encodable {
        /// Milliseconds of one picture in the worker, all steps together.
        var median: Double
        var p95: Double
        /// Median of each step.
        var steps: [String: Double]
    }

    var model: String
    var version: String
    var sha256: String
    /// Pictures in the list, read, and refused by the gate.
    var listed: Int
    var read: Int
    var refused: [String: Int]
    var heads: [Head]
    /// Mean AUC of the heads for single findings.
    var macroAUC: Double?
    var milliseconds: Latency

    init(manifest: ModelManifest, readings: [Reading], listed: Int, rounds: Int) {
        model = manifest.id
        version = manifest.version
        sha256 = manifest.sha256
        self.listed = listed
        read = readings.count
        let interpretation = Interpretation(manifest: manifest, engineVersion: Version.current)
        refused = readings.reduce(into: [:]) { counts, reading in
            if let refusal = interpretation.refusal(for: reading.output) {
                counts[refusal.code.rawValue, default: 0] += 1
            }
        }
        let known = Set(readings.flatMap { $0.picture.labels.map(LabelledPicture.identifier) })
        heads = manifest.heads.filter { $0.purpose == .finding }.compactMap { head in
            let samples = readings.compactMap { reading -> Evaluation.Sample? in
                let picture = reading.picture
                guard let isPositive = picture.says(of: head.id, among: known), Self.isInScope(picture, of: head),
                    let probability = head.probabilities(reading.output.logits)?.first
                else { return nil }
                return .init(probability: probability, isPositive: isPositive, patient: picture.patient)
            }
            guard !samples.isEmpty else { return nil }
            let threshold = head.threshold ?? 0.5
            return Head(
                id: head.id, name: head.name ?? head.id, shown: head.shown, threshold: threshold,
                measured: Evaluation(samples, threshold: threshold, rounds: rounds))
        }
        let single = heads.filter { $0.id != "any-finding" }.compactMap(\.measured.auc)
        macroAUC = single.isEmpty ? nil : single.reduce(0, +) / Double(single.count)
        milliseconds = Self.latency(readings)
    }

    private static func isInScope(_ picture: LabelledPicture, of head: ModelManifest.Head) -> Bool {
        guard let scope = head.scope else { return true }
        let ages = picture.age == nil ? ModelManifest.Scope(minAge: nil, maxAge: nil, views: scope.views) : scope
        return ages.exclusion(age: picture.age, view: picture.view) == nil
    }

    private static func latency(_ readings: [Reading]) -> Latency {
        func percentile(_ values: [Double], _ fraction: Double) -> Double {
            let sorted = values.sorted()
            return sorted.isEmpty ? 0 : sorted[Int((fraction * Double(sorted.count - 1)).rounded())]
        }
        let totals = readings.map { $0.output.milliseconds.values.reduce(0, +) }
        let steps = Set(readings.flatMap { $0.output.milliseconds.keys })
        return Latency(
            median: percentile(totals, 0.5), p95: percentile(totals, 0.95),
            steps: Dictionary(
                uniqueKeysWithValues: steps.map { step in
                    (step, percentile(readings.compactMap { $0.output.milliseconds[step] }, 0.5))
                }))
    }

    var table: String {
        func number(_ value: Double?, _ form: String = "%.3f") -> String {
            value.map { String(format: form, $0) } ?? "–"
        }
        var lines = [
            "\(model) \(version), \(read) of \(listed) pictures read; the gate would refuse \(refused.values.reduce(0, +))"
                + (refused.isEmpty
                    ? ""
                    : " (\(refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")))"),
            "",
            "| finding | with / pictures | patients | AUC (95 % interval) | sensitivity | specificity | ECE | shown |",
            "| --- | ---: | ---: | --- | ---: | ---: | ---: | --- |",
        ]
        for head in heads {
            let measured = head.measured
            lines.append(
                "| \(head.name) | \(measured.positives) / \(measured.images) | \(measured.patients) | "
                    + "\(number(measured.auc)) (\(number(measured.aucLow)) to \(number(measured.aucHigh))) | "
                    + "\(number(measured.sensitivity)) | \(number(measured.specificity)) | \(number(measured.ece)) | "
                    + "\(head.shown ? "yes" : "no") |")
        }
        let steps = milliseconds.steps.sorted { $0.key < $1.key }.map { "\($0.key) \(number($0.value, "%.1f"))" }
        lines += [
            "", "Mean AUC of the single findings: \(number(macroAUC))",
            "Milliseconds a picture: median \(number(milliseconds.median, "%.1f")), 95th percentile "
                + "\(number(milliseconds.p95, "%.1f")) (\(steps.joined(separator: ", ")))",
        ]
        return lines.joined(separator: "\n")
    }
}
