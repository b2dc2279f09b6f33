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
    let now: @Sendable () -> Date

    /// A worker that dies or hangs is replaced, and the analysis is tried once more.
    private static let tries = 2

    public init(
        sessions: any SessionStore, studies: any StudyStore, blobs: any BlobStore, engine: any PictureEngine,
        board: ProgressBoard, watch: WatchAcuity, limits: Limits, gate: any ModelGate = OpenGate(),
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
        self.now = now
    }

    /// - Returns: the outcome that was written, or nil if the analysis was cancelled or erased meanwhile.
    @discardableResult
    public func callAsFunction(_ claimed: ClaimedAnalysis) async throws(Fault) -> Analysis.Outcome? {
        let asked = traces.take(claimed.analysis.id)
        let result: Result<Analysis.Outcome?, Fault> = await InstrumentationContext.withValue(
            asked ?? InstrumentationContext.current
        ) {
            do throws(Fault) {
                return .success(
                    try await Step.run("analyse") { () throws(Fault) in try await carryOut(claimed) })
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func carryOut(_ claimed: ClaimedAnalysis) async throws(Fault) -> Analysis.Outcome? {
        let analysis = claimed.analysis
        let queued = now().timeIntervalSince(analysis.updatedAt)
        StepTimeline.count("queued", max(0, queued))
        board.enter(.decoding, of: analysis)
        let outcome = try await outcome(of: claimed, queued: max(0, queued))
        let revision = board.nextRevision(of: analysis)
        guard
            let finished = try await studies.finish(
                analysis.id, attempt: analysis.attempt, outcome: outcome, revision: revision, at: now())
        else { return nil }
        // Kept before anybody is told, so that the picture can be removed and its urgency stays.
        _ = try await watch.current(of: analysis.sessionID)
        board.finish(finished)
        return outcome
    }

    /// - Throws: ``Fault/modelWithdrawn(_:)`` where the version that runs here must not be used any more, and
    ///   ``Fault/modelCheckFailed`` where it doesn't give what it should.
    func requireModel() async throws(Fault) {
        if let withdrawal = try await studies.withdrawal(of: engine.manifest) { throw .modelWithdrawn(withdrawal) }
        try await gate.requireTrust()
    }

    private func outcome(of claimed: ClaimedAnalysis, queued: TimeInterval) async throws(Fault) -> Analysis.Outcome {
        // It may have been withdrawn while this one waited.
        if let withdrawal = try await studies.withdrawal(of: engine.manifest) {
            return .failed(Analysis.Failure(withdrawal))
        }
        do throws(EngineFault) {
            var reading = try await read(claimed)
            reading.output.milliseconds["queued"] = queued * 1000
            return try await interpret(reading, of: claimed)
        } catch {
            return .failed(Analysis.Failure(error))
        }
    }

    private func read(_ claimed: ClaimedAnalysis) async throws(EngineFault) -> EngineReading {
        let picture: any StoredFile
        do {
            picture = try await blobs.open(.picture(claimed.upload.id), in: claimed.analysis.sessionID)
        } catch {
            throw .failed("The picture is gone.")
        }
        let board = board
        let analysis = claimed.analysis
        for attempt in 1... {
            let timeline = StepTimeline()
            defer { timeline.end() }
            do throws(EngineFault) {
                return try await engine.analyse(
                    picture, limits: limits.picture, frame: analysis.frame, adjustment: analysis.adjustment
                ) { step in
                    timeline.enter(step)
                    board.note(Analysis.State(step), of: analysis)
                }
            } catch .workerDied where attempt < Self.tries {
                board.enter(.queued, of: analysis)
            } catch .timedOut where attempt < Self.tries {
                board.enter(.queued, of: analysis)
            }
        }
        throw .unavailable("No worker took the picture.")
    }

    private func interpret(
        _ reading: EngineReading, of claimed: ClaimedAnalysis
    ) async throws(EngineFault) -> Analysis.Outcome {
        let session = claimed.analysis.sessionID
        do {
            let answers = try await sessions.intake(of: session)?.answers ?? [:]
            let facts = PatientFacts(intake: Questionnaire.intake.counting(answers))
            let outcome = try Interpretation(manifest: engine.manifest, engineVersion: Version.current)
                .outcome(of: reading.output, for: facts, after: claimed.analysis.adjustment)
            if case .completed(var result) = outcome {
                result.identity = identity(of: claimed, answers)
                if case .read(let text) = claimed.upload.burnedIn, !text.lines.isEmpty,
                    !result.quality.notes.contains(where: { $0.code == "burned-in-text" })
                {
                    result.quality.notes.append(
                        .init(code: "burned-in-text", text: "Letters are written into the picture."))
                }
                let maps = result.findings.compactMap { finding in
                    reading.heatMaps[finding.id].map {
                        NamedBytes(.heatMap(claimed.analysis.id, finding: finding.id), $0)
                    }
                }
                if !maps.isEmpty { try await blobs.put(maps, in: session) }
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
            Questionnaire.intake.counting(answers), with: dicom, today: PartialDate(latestAt: now()))
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
