public import Domain
internal import Logging
public import WorkerProtocol

/// Starts, feeds, watches and replaces the sandboxed processes that read pictures and run the model.
///
/// Jobs wait in one queue: what somebody waits for at this moment before analyses, and these before what nobody waits for. A worker that ends, takes too long or answers
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

    /// Reads a picture to its end and makes previews, JPEGs by their longest edge.
    ///
    /// - Parameter previewEdges: the longest edge of each preview in pixels; a smaller picture is not enlarged.
    /// - Throws: ``WorkerPoolError``. Cancelling the task takes a waiting job out of the queue; one that runs is finished.
    public func inspect(
        picture: PictureSource, limits: PictureLimits, previewEdges: [Int]
    ) async throws(WorkerPoolError) -> (PictureInspection, previews: [Int: [UInt8]]) {
        let frame = try await perform(.inspect, picture, limits) {
            .inspect(id: $0, limits: limits, previewEdges: previewEdges)
        }.frame
        guard case .inspected(_, let inspection) = frame.message else { throw Self.misfit }
        var previews: [Int: [UInt8]] = [:]
        for edge in previewEdges {
            guard let preview = frame.attachment(WorkerAttachment.preview(edge)) else { throw Self.misfit }
            previews[edge] = preview
        }
        return (inspection, previews)
    }

    /// One frame as a JPEG.
    ///
    /// - Parameter edge: the longest edge in pixels; a smaller picture is not enlarged.
    /// - Throws: as ``inspect(picture:limits:previewEdges:)``.
    public func render(
        picture: PictureSource, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment, edge: Int
    ) async throws(WorkerPoolError) -> [UInt8] {
        try preview(
            await perform(.render, picture, limits) {
                .rendition(id: $0, limits: limits, frame: frame, adjustment: adjustment, edge: edge)
            }.frame)
    }

    /// The samples of one frame, packed with gzip.
    ///
    /// - Throws: as ``inspect(picture:limits:previewEdges:)``.
    public func samples(
        picture: PictureSource, limits: PictureLimits, frame: Int
    ) async throws(WorkerPoolError) -> MemoryFile {
        // Two bytes a sample that don't become smaller, and what surrounds them.
        try await pieces(.samples, picture, limits, upTo: limits.maxPixels * 2 + (1 << 20)) {
            .samples(id: $0, limits: limits, frame: frame)
        }
    }

    /// Looks for letters in the pixels of the first frame.
    ///
    /// - Throws: as ``inspect(picture:limits:previewEdges:)``; ``WorkerPoolError/noTextReader``.
    public func readText(
        picture: PictureSource, limits: PictureLimits
    ) async throws(WorkerPoolError) -> BurnedInText {
        let answer = try await perform(.readText, picture, limits) { .readText(id: $0, limits: limits, frame: 0) }
        guard case .textRead(_, let text) = answer.frame.message else { throw Self.misfit }
        return text
    }

    /// What is in an archive.
    ///
    /// - Throws: as ``inspect(picture:limits:previewEdges:)``.
    public func list(
        archive: PictureSource, limits: PictureLimits, archiveLimits: ArchiveLimits
    ) async throws(WorkerPoolError) -> [ArchiveEntry] {
        let answer = try await perform(.list, archive, limits) {
            .list(id: $0, limits: limits, archive: archiveLimits)
        }
        guard case .listed(_, let entries) = answer.frame.message, entries.count <= archiveLimits.maxEntries else {
            throw Self.misfit
        }
        return entries
    }

    /// One file of an archive.
    ///
    /// - Throws: as ``inspect(picture:limits:previewEdges:)``.
    public func extract(
        _ index: Int, archive: PictureSource, limits: PictureLimits, archiveLimits: ArchiveLimits
    ) async throws(WorkerPoolError) -> MemoryFile {
        try await pieces(.extract, archive, limits, upTo: archiveLimits.maxEntryBytes) {
            .extract(id: $0, limits: limits, archive: archiveLimits, index: index)
        }
    }

    /// A DICOM file without what tells whose it is.
    ///
    /// - Throws: as ``inspect(picture:limits:previewEdges:)``.
    public func deidentify(
        picture: PictureSource, limits: PictureLimits
    ) async throws(WorkerPoolError) -> (MemoryFile, removed: [DeidentifiedElement]) {
        let answer = try await perform(.deidentify, picture, limits, piecesLimit: limits.maxBytes + (1 << 20)) {
            .deidentify(id: $0, limits: limits)
        }
        guard case .deidentified(_, let removed) = answer.frame.message, let file = answer.pieces else {
            throw Self.misfit
        }
        return (file, removed)
    }

    private func pieces(
        _ kind: Job.Kind, _ source: PictureSource, _ limits: PictureLimits, upTo limit: Int,
        _ request: (UInt64) -> WorkerRequest
    ) async throws(WorkerPoolError) -> MemoryFile {
        guard let file = try await perform(kind, source, limits, piecesLimit: limit, request).pieces else {
            throw Self.misfit
        }
        return file
    }

    /// Measures a picture and runs the model.
    ///
    /// - Parameters:
    ///   - frame: counted from 0.
    ///   - adjustment: done before anything else.
    ///   - isAlone: whether it must not go through the model together with others.
    ///   - progress: called before each step, on a thread that the worker waits for: it must not block.
    /// - Throws: ``WorkerPoolError``. Cancelling the task takes a waiting job out of the queue, or ends the worker that
    ///   has it; another is started in its place.
    public func analyse(
        picture: PictureSource, limits: PictureLimits, frame: Int = 0, adjustment: PictureAdjustment = .none,
        isAlone: Bool = false, progress: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(WorkerPoolError) -> EngineOutput {
        let answer = try await perform(.analyse, picture, limits, isAlone: isAlone, progress: progress) {
            .analyse(id: $0, limits: limits, frame: frame, adjustment: adjustment)
        }.frame
        guard case .analysed(_, let output) = answer.message else { throw Self.misfit }
        return output
    }

    /// Where a score came from, as a PNG to lay over a picture.
    ///
    /// - Parameters:
    ///   - width, height: of the picture, in pixels.
    ///   - longestEdge: of the PNG, in pixels.
    /// - Throws: as ``inspect(picture:limits:previewEdges:)``.
    public func heatMap(
        _ activation: HeadActivation, width: Int, height: Int, longestEdge: Int
    ) async throws(WorkerPoolError) -> [UInt8] {
        // The numbers are in the request; no file goes with them.
        let answer = try await perform(.heatMap, PictureSource(bytes: [0]), .standard) {
            .heatMap(id: $0, activation: activation, width: width, height: height, longestEdge: longestEdge)
        }.frame
        guard let png = answer.attachment(WorkerAttachment.heatMap) else { throw Self.misfit }
        return png
    }

    /// Turns a text into a vector.
    ///
    /// - Parameter text: at most ``WorkerProtocol/WorkerRequest/longestText`` bytes of UTF-8; what comes after is cut off.
    /// - Throws: ``WorkerPoolError``, `modelFailed` where the workers have no sentence model.
    public func encode(_ text: String) async throws(WorkerPoolError) -> [Float] {
        let source = try PictureSource(bytes: Array(text.utf8.prefix(WorkerRequest.longestText)))
        let answer = try await perform(.encode, source, .standard) { .encode(id: $0) }.frame
        guard case .encoded(_, let vector) = answer.message else { throw Self.misfit }
        return vector.values
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
        _ kind: Job.Kind, _ picture: PictureSource, _ limits: PictureLimits, isAlone: Bool = false,
        piecesLimit: Int = 0, progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in },
        _ request: (UInt64) -> WorkerRequest
    ) async throws(WorkerPoolError) -> WorkerAnswer {
        let id = state.nextID()
        let request = request(id)
        let result: Conversation.Answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.submit(
                    Job(
                        kind: kind, request: request, isAlone: isAlone, limits: limits, picture: picture,
                        piecesLimit: piecesLimit, progress: progress
                    ) {
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
