import Domain
import Foundation
import Logging
import Metrics
import Synchronization
import WebAPI
import Workflows

/// Analyses the golden pictures of the model package in the real worker, and lets nothing be analysed while they don't
/// give what they gave when the package was made.
final class ClinicalCheck: ClinicalChecking, ModelGate {
    /// What the check takes of the engine.
    typealias Analyse = @Sendable (_ picture: URL) async throws -> [Float]

    /// Seconds until the next check after one that didn't pass.
    private static let again: [ClinicalReport.Status: Double] = [.drifted: 300, .notPossible: 60, .unchecked: 60]

    private struct State {
        var report: ClinicalReport
        var running: Task<ClinicalReport, Never>?
        var whenChanged: @Sendable () -> Void = {}
    }

    private let folder: URL
    private let analyse: Analyse
    private let now: @Sendable () -> Date
    private let state: Mutex<State>
    private let logger = Logger(label: "lightbox.clinical")

    /// - Parameter folder: of the package; its `golden/expected.json` is read anew for each check.
    init(manifest: ModelManifest, folder: URL, analyse: @escaping Analyse, now: @escaping @Sendable () -> Date) {
        self.folder = folder
        self.analyse = analyse
        self.now = now
        state = Mutex(
            State(
                report: ClinicalReport(
                    status: .unchecked, analyses: .paused, model: manifest.id, version: manifest.version)))
    }

    var report: ClinicalReport { state.withLock { $0.report } }

    /// Is called when analyses may run again, and when they mustn't any more.
    func whenChanged(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.whenChanged = body }
    }

    // MARK: - ModelGate

    var isOpen: Bool { report.analyses == .running }
    var isShutByCheck: Bool { report.isShut }

    func requireTrust() async throws(Fault) {
        var report = report
        if report.status == .unchecked { report = await check() }
        // No worker could take the pictures: another one may be there by now.
        if report.status == .notPossible, report.analyses == .paused { report = await check() }
        guard report.analyses == .running else { throw .modelCheckFailed }
    }

    // MARK: - Checking

    func check() async -> ClinicalReport {
        let task = state.withLock { state in
            if let running = state.running { return running }
            let task = Task { await self.carryOut() }
            state.running = task
            return task
        }
        return await task.value
    }

    /// When the next check is due: after one that passed, at that hour of the day (UTC).
    func next(hour: Int) -> Date {
        let report = report
        let last = report.checkedAt ?? now()
        if let seconds = Self.again[report.status] { return last + seconds }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.nextDate(
            after: last, matching: DateComponents(hour: hour, minute: 0), matchingPolicy: .nextTime)
            ?? last + 86_400
    }

    private func carryOut() async -> ClinicalReport {
        let before = report
        var next = before
        next.troubles = []
        next.largestDifference = nil
        do {
            let golden = try Models.Package(folder: folder).golden()
            next.tolerance = Double(golden.tolerance)
            next.pictures = golden.files.count
            guard !golden.files.isEmpty else { throw Exit(.unavailable, "There are no golden pictures.") }
            var largest: Float = 0
            for expected in golden.files {
                let logits = try await analyse(folder.appending(path: "golden/" + expected.file))
                let difference =
                    logits.count == expected.logits.count && logits.allSatisfy(\.isFinite)
                    ? zip(logits, expected.logits).map { abs($0 - $1) }.max() ?? .infinity : .infinity
                largest = max(largest, difference)
                if !(difference <= golden.tolerance) {
                    next.troubles.append(
                        "\(expected.file): largest difference \(difference), allowed \(golden.tolerance)")
                }
            }
            next.largestDifference = largest.isFinite ? Double(largest) : nil
            next.status = next.troubles.isEmpty ? .passed : .drifted
            next.analyses = next.troubles.isEmpty ? .running : .paused
        } catch let fault as EngineFault where fault.isPassing {
            // It says nothing about the model: what held before goes on to hold.
            next.status = before.status == .drifted ? .drifted : .notPossible
            next.troubles = ["The golden pictures could not be analysed: \(fault)"]
        } catch {
            next.status = .drifted
            next.analyses = .paused
            next.troubles = ["The golden pictures could not be checked: \(error)"]
        }
        next.checkedAt = now()
        let report = next
        let whenChanged = state.withLock { state in
            state.report = report
            state.running = nil
            return state.whenChanged
        }
        show()
        Counter(label: "lightbox_model_checks_total", dimensions: [("outcome", report.status.rawValue)]).increment()
        logger.log(
            level: report.status == .passed ? .notice : .error, "the golden pictures were checked",
            metadata: [
                "outcome": "\(report.status.rawValue)", "analyses": "\(report.analyses.rawValue)",
                "troubles": "\(report.troubles.joined(separator: "; "))",
            ])
        if report.analyses != before.analyses || report.isShut != before.isShut { whenChanged() }
        return report
    }

    private func show() {
        let report = report
        // What couldn't be checked says nothing new.
        if [.passed, .drifted].contains(report.status) {
            Gauge(label: "lightbox_model_check_ok").record(report.status == .passed ? 1 : 0)
        }
        if let difference = report.largestDifference {
            Gauge(label: "lightbox_model_check_largest_difference").record(difference)
        }
    }
}

extension EngineFault {
    /// Whether it tells of the workers' state, and nothing of the picture or the model.
    fileprivate var isPassing: Bool {
        switch self {
        case .unavailable, .cancelled, .timedOut, .workerDied: true
        case .picture, .failed: false
        }
    }
}
