import Domain
import Foundation
import NIOCore
import Workflows

/// What a client sees of an analysis.
struct AnalysisBody: Encodable {
    var id: AnalysisID
    var state: Analysis.State
    var progress: Double
    var position: Int?
    var etaSeconds: Int?
    /// These two only where it is so.
    var paused: Bool?
    var pausedBy: Hold?
    var attempt: Int
    var revision: Int
    var detail: String
    var uploadId: UploadID
    var frame: Int
    var adjustment: PictureAdjustment?
    var createdAt: Date
    var updatedAt: Date
    var refusal: Refusal?
    var failure: Failure?
    var result: ResultBody?
    /// These six only where they say something.
    var blindFirst: Bool?
    /// Whether the result is held back until a reading is recorded.
    var awaitsReading: Bool?
    /// When it is shown by itself.
    var revealsAt: Date?
    /// What stands beside the form of the reading.
    var warning: String?
    var revealedWithoutReading: Bool?
    var modelWithdrawn: WithdrawnBody?

    struct Failure: Encodable {
        var code: String
        var message: String
        var retryable: Bool
    }

    /// - Parameter live: the live state, which is ahead of what is stored while an analysis runs.
    init(_ analysis: Analysis, live: AnalysisProgress?, withdrawals: WithdrawnModels) {
        let shown = analysis.state.isFinal ? AnalysisProgress(analysis) : live ?? AnalysisProgress(analysis)
        let progress = ProgressBody(shown)
        id = analysis.id
        state = progress.state
        self.progress = progress.progress
        position = progress.position
        etaSeconds = progress.etaSeconds
        paused = progress.paused
        pausedBy = progress.pausedBy
        attempt = progress.attempt
        revision = progress.revision
        detail = progress.detail
        uploadId = analysis.uploadID
        frame = analysis.frame
        adjustment = analysis.adjustment == .none ? nil : analysis.adjustment
        createdAt = analysis.createdAt
        updatedAt = analysis.updatedAt
        if let blind = analysis.blindFirst {
            blindFirst = true
            if blind.isRevealedWithoutReading { revealedWithoutReading = true }
        }
        if analysis.awaitsReading {
            awaitsReading = true
            revealsAt = analysis.blindFirst?.revealsAt
            warning = analysis.blindFirst?.warning
            if analysis.state.isFinal { detail = "Done. The findings are held back until a reading is recorded." }
        }
        modelWithdrawn = analysis.keptResult.flatMap { withdrawals.body(of: $0.model) }
        // Not the outcome itself: `result` is nil while it is held back.
        result = analysis.result.map { ResultBody($0, of: analysis.id) }
        switch analysis.outcome {
        case .completed: break
        case .refused(let refusal): self.refusal = refusal
        case .failed(let failure):
            self.failure = Failure(code: failure.code, message: failure.message, retryable: failure.isRetryable)
        case .cancelled, nil: break
        }
    }
}

/// The data of one server-sent event.
struct ProgressBody: Encodable {
    var id: AnalysisID
    var state: Analysis.State
    var progress: Double
    var position: Int?
    var etaSeconds: Int?
    /// Whether nothing is begun while it waits, and why; not there unless it is so.
    var paused: Bool?
    var pausedBy: Hold?
    var attempt: Int
    var revision: Int
    var detail: String

    init(_ progress: AnalysisProgress) {
        id = progress.id
        state = progress.state
        self.progress = progress.state.progress
        position = progress.position
        etaSeconds = progress.etaSeconds
        attempt = progress.attempt
        revision = progress.revision
        pausedBy = progress.state == .queued ? progress.hold : nil
        paused = pausedBy == nil ? nil : true
        detail =
            switch pausedBy {
            case .byOperator: "Analyses are paused by the operator. It goes on by itself."
            case .byModelCheck:
                "Analyses are paused, because the model did not pass its own check. It goes on by itself when it does."
            case nil: progress.state.sentence
            }
    }
}

extension ProgressBody {
    /// Writes what `JSON.bytes` gives (a test holds the two side by side): everybody who waits is told whenever somebody comes
    /// or goes.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeString("{\"attempt\":\(attempt),\"detail\":\"\(detail)\"")
        if let etaSeconds { buffer.writeString(",\"etaSeconds\":\(etaSeconds)") }
        buffer.writeString(",\"id\":\"\(id)\"")
        if let paused { buffer.writeString(",\"paused\":\(paused)") }
        if let pausedBy { buffer.writeString(",\"pausedBy\":\"\(pausedBy.rawValue)\"") }
        if let position { buffer.writeString(",\"position\":\(position)") }
        let part = progress.rounded() == progress ? "\(Int(progress))" : "\(progress)"
        buffer.writeString(",\"progress\":\(part),\"revision\":\(revision),\"state\":\"\(state.rawValue)\"}")
    }
}

/// A result, with the address of each heat map.
struct ResultBody: Encodable {
    struct Quality: Encodable {
        var usable = true
        var width: Int
        var height: Int
        var notes: [AnalysisResult.Note]
    }

    struct Finding: Encodable {
        var id: String
        var name: String
        var plain: String
        var means: String
        var probability: Double
        var threshold: Double
        var thresholdRule: String
        var flagged: Bool
        var frequency: Frequency?
        var measured: ModelManifest.Measured
        var code: Coding?
        var heatmap: String?
    }

    var model: AnalysisResult.Model
    var engineVersion: String
    var quality: Quality
    var scope: AnalysisResult.ScopeStatement
    var projection: AnalysisResult.Projection?
    var findings: [Finding]
    var withheld: [AnalysisResult.Withheld]
    var notChecked: [String]
    var milliseconds: [String: Double]
    var identity: IdentityCheck?

    init(_ result: AnalysisResult, of id: AnalysisID) {
        model = result.model
        engineVersion = result.engineVersion
        quality = Quality(width: result.quality.width, height: result.quality.height, notes: result.quality.notes)
        scope = result.scope
        projection = result.projection
        findings = result.findings.map {
            Finding(
                id: $0.id, name: $0.name, plain: $0.plain, means: $0.means, probability: $0.probability,
                threshold: $0.threshold, thresholdRule: $0.thresholdRule, flagged: $0.flagged, frequency: $0.frequency,
                measured: $0.measured, code: $0.code,
                heatmap: $0.activation == nil ? nil : "/api/v1/analyses/\(id)/heatmaps/\($0.id)")
        }
        withheld = result.withheld
        notChecked = result.notChecked
        milliseconds = result.milliseconds.mapValues { ($0 * 10).rounded() / 10 }
        identity = result.identity
    }
}
