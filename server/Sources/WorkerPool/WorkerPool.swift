public import Domain
internal import Logging
public import WorkerProtocol

/// Starts, feeds, watches and replaces the sandboxed processes that read pictures and run the model.
///
/// Jobs wait in one queue, inspections and previews before analyses. A worker that ends, takes too long or answers
/// nonsense costs the job that it had, and no other.
public final class WorkerPool: Sendable {
    private let configuration: WorkerPoolConfiguration
    private let state: PoolState
    private let metrics = WorkerMetrics()

    /// Starts nothing yet.
    /// - Throws: ``WorkerPoolError/unavailable(reason:)`` where the system has no descriptors left.
    public init(configuration: WorkerPoolConfiguration) throws(WorkerPoolError) {
        self.configuration = configuration
        state = try PoolState(count: configuration.count, queueLimit: configuration.queueLimit)
    }

    /// Starts the workers and returns when the first is ready. A further call waits in the same way.
    ///
    /// - Returns: what the workers run.
    /// - Throws: ``WorkerPoolError/unavailable(reason:)`` when none can be started. The pool goes on trying, at longer and
    ///   longer intervals, until it is shut down.
    @discardableResult
    public func start() async throws(WorkerPoolError) -> WorkerReadiness {
        if state.beginStart() {
            for place in 0..<configuration.count {
                WorkerThread(place: place, configuration: configuration, state: state, metrics: metrics).start()
            }
        }
        return try await withCheckedContinuation { state.awaitStart($0) }.get()
    }

    /// Reads a picture to its end and makes a preview, a JPEG.
    ///
    /// - Parameter previewEdge: the longest edge of the preview in pixels; a smaller picture is not enlarged.
    /// - Throws: ``WorkerPoolError``. Cancelling the task takes a waiting job out of the queue; one that runs is finished.
    public func inspect(
        picture: PictureSource, limits: PictureLimits, previewEdge: Int
    ) async throws(WorkerPoolError) -> (PictureInspection, preview: [UInt8]) {
        let frame = try await perform(.inspect, picture, limits) {
            .inspect(id: $0, limits: limits, previewEdge: previewEdge)
        }
        guard case .inspected(_, let inspection) = frame.message else { throw Self.misfit }
        return (inspection, try preview(frame))
    }

    /// Makes a preview, a JPEG.
    ///
    /// - Parameter edge: the longest edge in pixels; a smaller picture is not enlarged.
    /// - Throws: as ``inspect(picture:limits:previewEdge:)``.
    public func preview(
        picture: PictureSource, limits: PictureLimits, edge: Int
    ) async throws(WorkerPoolError) -> [UInt8] {
        try preview(
            await perform(.preview, picture, limits) { .preview(id: $0, limits: limits, edge: edge) })
    }

    /// Measures a picture, runs the model and draws heat maps.
    ///
    /// - Parameters:
    ///   - frame: counted from 0.
    ///   - invert: swaps black and white before anything else is done.
    ///   - previewEdge: as in ``inspect(picture:limits:previewEdge:)``.
    ///   - progress: called before each step, on a thread that the worker waits for: it must not block.
    /// - Throws: ``WorkerPoolError``. Cancelling the task takes a waiting job out of the queue, or ends the worker that
    ///   has it; another is started in its place.
    public func analyse(
        picture: PictureSource, limits: PictureLimits, frame: Int = 0, invert: Bool = false, previewEdge: Int,
        progress: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(WorkerPoolError) -> WorkerAnalysis {
        let answer = try await perform(.analyse, picture, limits, progress: progress) {
            .analyse(id: $0, limits: limits, frame: frame, invert: invert, previewEdge: previewEdge)
        }
        guard case .analysed(_, let output) = answer.message else { throw Self.misfit }
        var heatMaps: [String: [UInt8]] = [:]
        for attachment in answer.attachments {
            if let headID = attachment.headID { heatMaps[headID] = attachment.bytes }
        }
        return WorkerAnalysis(output: output, preview: try preview(answer), heatMaps: heatMaps)
    }

    /// Turns a text into a vector.
    ///
    /// - Parameter text: at most ``WorkerProtocol/WorkerRequest/longestText`` bytes of UTF-8; what comes after is cut off.
    /// - Throws: ``WorkerPoolError``, `modelFailed` where the workers have no sentence model.
    public func encode(_ text: String) async throws(WorkerPoolError) -> [Float] {
        let source = try PictureSource(bytes: Array(text.utf8.prefix(WorkerRequest.longestText)))
        let answer = try await perform(.encode, source, .standard) { .encode(id: $0) }
        guard case .encoded(_, let vector) = answer.message else { throw Self.misfit }
        return vector
    }

    /// What the pool does now.
    public var status: WorkerPoolStatus {
        var status = state.status()
        for place in status.workers.indices {
            if let process = status.workers[place].processID {
                status.workers[place].residentMemory = WorkerProcess.residentMemory(of: process)
            }
        }
        return status
    }

    /// Refuses new and waiting jobs, gives running ones `grace` to finish, ends all workers and waits for their end. The
    /// pool cannot be started again.
    public func shutdown(grace: Duration = .seconds(5)) async {
        state.beginStop()
        let reaper = Task { [state] in
            // Cut short when all have ended, and then there is none to kill.
            try? await Task.sleep(for: grace)
            state.killAll()
        }
        await withCheckedContinuation { state.awaitStop($0) }
        reaper.cancel()
    }

    private func perform(
        _ kind: Job.Kind, _ picture: PictureSource, _ limits: PictureLimits,
        progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in }, _ request: (UInt64) -> WorkerRequest
    ) async throws(WorkerPoolError) -> WorkerFrame<WorkerReply> {
        let id = state.nextID()
        let request = request(id)
        let result: Conversation.Answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.submit(
                    Job(kind: kind, request: request, limits: limits, picture: picture, progress: progress) {
                        continuation.resume(returning: $0)
                    })
                // A cancellation before the job was in the queue has found nothing to take out.
                if Task.isCancelled { state.cancel(id) }
            }
        } onCancel: {
            state.cancel(id)
        }
        metrics.finished(kind, result)
        return try result.get()
    }

    private func preview(_ frame: WorkerFrame<WorkerReply>) throws(WorkerPoolError) -> [UInt8] {
        guard let preview = frame.attachment(WorkerAttachment.preview) else { throw Self.misfit }
        return preview
    }

    private static var misfit: WorkerPoolError {
        .workerDied(description: "The worker gave an answer that does not fit the request.")
    }
}

/// What an analysis gives.
public struct WorkerAnalysis: Sendable, Equatable {
    public var output: EngineOutput
    /// A JPEG.
    public var preview: [UInt8]
    /// PNG by head, to lay over the preview.
    public var heatMaps: [String: [UInt8]]

    public init(output: EngineOutput, preview: [UInt8], heatMaps: [String: [UInt8]]) {
        self.output = output
        self.preview = preview
        self.heatMaps = heatMaps
    }
}
