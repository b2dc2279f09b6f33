public import Domain
public import Foundation
import Tracing

/// Takes one analysis from the queue to its end: the worker reads the picture and runs the model, the interpretation
/// says what the numbers mean for this person, and the outcome is written once.
public struct AnalyseStudy: Sendable {
    let sessions: any SessionStore
    let studies: any StudyStore
    let blobs: any BlobStore
    let engine: any PictureEngine
    let board: ProgressBoard
    let watch: WatchAcuity
    let limits: Limits
    let gate: any ModelGate
    let traces = RequestTraces()
    let retries: RetryPolicy
    let now: @Sendable () -> Date

    /// How an attempt ended.
    public enum Ending: Sendable {
        case finished(Analysis.Outcome, isDead: Bool)
        /// It waits again, and is tried again after so many seconds.
        case putOff(TimeInterval, QueueTrouble)
        /// It waits again, because the process ends.
        case parked
        /// It was cancelled or erased meanwhile.
        case calledOff
    }

    public init(
        sessions: any SessionStore, studies: any StudyStore, blobs: any BlobStore, engine: any PictureEngine,
        board: ProgressBoard, watch: WatchAcuity, limits: Limits, gate: any ModelGate = OpenGate(),
        retries: RetryPolicy = RetryPolicy(),
        now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.studies = studies
        self.blobs = blobs
        self.engine = engine
        self.board = board
        self.watch = watch
        self.limits = limits
        self.gate = gate
        self.retries = retries
        self.now = now
    }

    /// - Parameters:
    ///   - chance: 0..<1, for the time until a next try.
    ///   - isStopping: whether the process ends, so that what was called off waits again.
    @discardableResult
    func callAsFunction(
        _ claimed: ClaimedAnalysis, chance: Double = .random(in: 0..<1), isStopping: @Sendable () -> Bool = { false }
    ) async throws(Fault) -> Ending {
        let asked = traces.take(claimed.analysis.id)
        let result: Result<Ending, Fault> = await InstrumentationContext.withValue(
            asked ?? InstrumentationContext.current
        ) {
            do throws(Fault) {
                return .success(
                    try await Step.run("analyse") { () throws(Fault) in
                        try await carryOut(claimed, chance: chance, isStopping: isStopping)
                    })
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func carryOut(
        _ claimed: ClaimedAnalysis, chance: Double, isStopping: @Sendable () -> Bool
    ) async throws(Fault) -> Ending {
        let analysis = claimed.analysis
        let queued = now().timeIntervalSince(analysis.updatedAt)
        StepTimeline.count("queued", max(0, queued))
        board.enter(.decoding, of: analysis)
        // Others of the same picture have ended workers while this one waited.
        guard claimed.lostWorkers < QueueLimits.lostWorkersPerPicture else {
            return try await finish(claimed, .failed(.quarantined), isDead: true)
        }
        switch try await attempt(claimed, queued: max(0, queued)) {
        case .success(let outcome):
            return try await finish(claimed, outcome, isDead: false)
        case .failure(let fault):
            if isStopping(), fault.isOfStopping {
                return try await putOff(claimed, until: now(), after: nil) ? .parked : .calledOff
            }
            let lostWorker = fault.trouble == .lostWorker
            let lostWorkers = claimed.lostWorkers + (lostWorker ? 1 : 0)
            if let trouble = fault.trouble,
                let pause = retries.pause(
                    after: trouble, tries: claimed.tries, lostWorkers: lostWorkers, chance: chance)
            {
                let again = try await putOff(claimed, until: now() + pause, after: trouble)
                return again ? .putOff(pause, trouble) : .calledOff
            }
            let isLast = lostWorker && lostWorkers >= QueueLimits.lostWorkersPerPicture
            return try await finish(
                claimed, .failed(isLast ? .quarantined : Analysis.Failure(fault)), isDead: fault.isForOperators,
                lostWorker: lostWorker)
        }
    }

    private func finish(
        _ claimed: ClaimedAnalysis, _ outcome: Analysis.Outcome, isDead: Bool, lostWorker: Bool = false
    ) async throws(Fault) -> Ending {
        let analysis = claimed.analysis
        guard
            let finished = try await studies.finish(
                analysis.id, attempt: analysis.attempt, outcome: outcome, isDead: isDead, lostWorker: lostWorker,
                revision: board.nextRevision(of: analysis), at: now())
        else { return .calledOff }
        // Kept before anybody is told, so that the picture can be removed and its urgency stays.
        _ = try await watch.current(of: analysis.sessionID)
        board.finish(finished)
        return .finished(outcome, isDead: isDead)
    }

    private func putOff(
        _ claimed: ClaimedAnalysis, until: Date, after trouble: QueueTrouble?
    ) async throws(Fault) -> Bool {
        let analysis = claimed.analysis
        guard
            let waiting = try await studies.putOff(
                analysis.id, attempt: analysis.attempt, until: until, after: trouble,
                revision: board.nextRevision(of: analysis), at: now())
        else { return false }
        board.enter(.queued, of: waiting)
        return true
    }

    /// - Throws: ``Fault/modelWithdrawn(_:)`` where the version that runs here must not be used any more, and
    ///   ``Fault/modelCheckFailed`` where it doesn't give what it should.
    func requireModel() async throws(Fault) {
        if let withdrawal = try await studies.withdrawal(of: engine.manifest) { throw .modelWithdrawn(withdrawal) }
        try await gate.requireTrust()
    }

    private func attempt(
        _ claimed: ClaimedAnalysis, queued: TimeInterval
    ) async throws(Fault) -> Result<Analysis.Outcome, EngineFault> {
        // It may have been withdrawn while this one waited.
        if let withdrawal = try await studies.withdrawal(of: engine.manifest) {
            return .success(.failed(Analysis.Failure(withdrawal)))
        }
        do throws(EngineFault) {
            var output = try await read(claimed)
            output.milliseconds["queued"] = queued * 1000
            return .success(try await interpret(output, of: claimed))
        } catch {
            return .failure(error)
        }
    }

    private func read(_ claimed: ClaimedAnalysis) async throws(EngineFault) -> EngineOutput {
        let picture: any StoredFile
        do {
            picture = try await blobs.picture(of: claimed.upload)
        } catch {
            throw .failed("The picture is gone.")
        }
        let board = board
        let analysis = claimed.analysis
        let timeline = StepTimeline()
        defer { timeline.end() }
        return try await engine.analyse(
            picture, limits: limits.picture, frame: analysis.frame, adjustment: analysis.adjustment,
            // What has ended a worker costs nobody else another one.
            isAlone: claimed.lostWorkers > 0
        ) { step in
            timeline.enter(step)
            board.note(Analysis.State(step), of: analysis)
        }
    }

    private func interpret(
        _ output: EngineOutput, of claimed: ClaimedAnalysis
    ) async throws(EngineFault) -> Analysis.Outcome {
        let session = claimed.analysis.sessionID
        do {
            let answers = try await sessions.intake(of: session)?.answers ?? [:]
            let facts = PatientFacts(intake: Questionnaire.intake.counting(answers))
            let outcome = try Interpretation(manifest: engine.manifest, engineVersion: Version.current)
                .outcome(of: output, for: facts, after: claimed.analysis.adjustment)
            if case .completed(var result) = outcome {
                result.identity = identity(of: claimed, answers)
                if case .read(let text) = claimed.upload.burnedIn, !text.lines.isEmpty,
                    !result.quality.notes.contains(where: { $0.code == "burned-in-text" })
                {
                    result.quality.notes.append(
                        .init(code: "burned-in-text", text: "Letters are written into the picture."))
                }
                return .completed(result)
            }
            return outcome
        } catch let error as UnusableOutput {
            throw .failed(error.message)
        } catch {
            throw .unavailable("The result could not be kept.")
        }
    }
}

extension AnalyseStudy {
    /// The history beside the file's header, with what was confirmed when the analysis was asked for.
    private func identity(of claimed: ClaimedAnalysis, _ answers: Answers) -> IdentityCheck? {
        guard let dicom = claimed.upload.inspection.dicom else { return nil }
        var check = IdentityCheck(
            Questionnaire.intake.counting(answers), with: dicom, at: now())
        check.confirmed = claimed.analysis.confirmedDifferences
        return check
    }
}

extension Analysis.Failure {
    /// The end of an analysis whose model was withdrawn before its turn came. With another version it can be tried again.
    init(_ withdrawal: ModelWithdrawal) {
        self.init(
            code: "model-withdrawn",
            message: "The model was withdrawn before this picture's turn came: \(withdrawal.reason)", isRetryable: true)
    }

    /// The end of an analysis whose picture has ended too many workers.
    public static let quarantined = Analysis.Failure(
        code: "analysis-quarantined",
        message: "The analysis of this picture broke off three times. It isn't tried again until the operator of this "
            + "server allows it.",
        isRetryable: false)

    /// The end of an analysis whose engine failed, in words for people.
    init(_ fault: EngineFault) {
        switch fault {
        case .picture(let picture):
            self.init(code: picture.code.rawValue, message: picture.message, isRetryable: false)
        case .workerDied:
            self.init(
                code: "worker-died", message: "The analysis stopped twice before its end. You can try it again.",
                isRetryable: true)
        case .timedOut:
            self.init(
                code: "timed-out", message: "The analysis took too long. You can try it again.", isRetryable: true)
        case .unavailable:
            self.init(
                code: "engine-unavailable", message: "The analysis can't run at the moment. You can try it again.",
                isRetryable: true)
        case .cancelled:
            self.init(
                code: "interrupted", message: "The analysis was interrupted. You can try it again.", isRetryable: true)
        case .failed:
            self.init(
                code: "model-failed", message: "The model couldn't work on this picture. You can try it again.",
                isRetryable: true)
        }
    }
}

extension EngineFault {
    /// What the end of the process does to what runs.
    fileprivate var isOfStopping: Bool {
        switch self {
        case .cancelled, .unavailable, .workerDied: true
        case .picture, .timedOut, .failed: false
        }
    }

    /// Whether an operator should see that it was given up: it may not be the picture's fault.
    fileprivate var isForOperators: Bool {
        switch self {
        case .workerDied, .timedOut, .unavailable, .failed: true
        case .picture, .cancelled: false
        }
    }
}
