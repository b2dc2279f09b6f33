import Domain
import Foundation
import Logging
import WorkerPool
import WorkerProtocol
import Workflows

/// The picture engine of the product: a pool of sandboxed workers that all run one model package.
struct WorkerPictureEngine: PictureEngine, SentenceEncoding {
    let manifest: ModelManifest
    private let pool: WorkerPool
    private let hasSentences: Bool

    /// Reads the model package's description and starts the workers.
    ///
    /// - Parameters:
    ///   - model: the package's folder; nil for the one that is configured.
    ///   - workers: how many; nil for as many as are configured.
    /// - Throws: ``Exit`` that says what is missing.
    static func start(
        _ configuration: Configuration, model: String? = nil, workers: Int? = nil, audit: any Audit = NoAudit(),
        logger: Logger
    ) async throws -> WorkerPictureEngine {
        guard let worker = configuration.workerPath else { throw missing("the program lightbox-worker") }
        guard let openVINO = configuration.openVINODirectory else { throw missing("OpenVINO") }
        guard let model = model ?? configuration.modelDirectory,
            let text = FileManager.default.contents(atPath: model + "/manifest.json")
        else { throw missing("the model package") }
        let manifest: ModelManifest
        do {
            manifest = try JSONDecoder().decode(ModelManifest.self, from: text)
        } catch {
            throw Exit(.unavailable, "The description of the model package \(model) can't be read: \(error)")
        }
        let sentences = configuration.sentenceFiles
        do throws(WorkerPoolError) {
            let pool = try WorkerPool(
                configuration: WorkerPoolConfiguration(
                    workerPath: worker, openVINODirectory: openVINO, modelDirectory: model,
                    sentenceModel: sentences?.model, tokenizer: sentences?.tokenizer,
                    count: workers ?? configuration.workerCount, threadsPerWorker: configuration.workerThreads,
                    batch: configuration.workerBatch,
                    memoryLimitMiB: configuration.workerMemoryLimit, jobTimeout: configuration.workerTimeout,
                    recycleAboveMiB: configuration.workerRecycleAbove,
                    processorLimit: configuration.workerProcessorLimit,
                    report: { audit.record(AuditEvent($0), bytes: nil) }, logger: logger))
            let readiness = try await pool.start()
            guard readiness.modelID == manifest.id, readiness.modelSHA256 == manifest.sha256 else {
                await pool.shutdown()
                throw WorkerPoolError.unavailable(reason: "the worker loaded another model than \(manifest.id)")
            }
            return WorkerPictureEngine(manifest: manifest, pool: pool, hasSentences: sentences != nil)
        } catch {
            throw Exit(.unavailable, "No worker could be started: \(EngineFault(error)). “lightbox doctor” says more.")
        }
    }

    private static func missing(_ part: String) -> Exit {
        Exit(.unavailable, "Not found: \(part). “lightbox doctor” says how to get it.")
    }

    func shutdown() async {
        await pool.shutdown()
    }

    // MARK: - SentenceEncoding

    /// nil where no sentence model is installed, or no worker can take the text now: the rules stand alone then.
    func encode(_ text: String) async -> [Float]? {
        guard hasSentences else { return nil }
        return try? await pool.encode(text)
    }

    // MARK: - PictureEngine

    func inspect(
        _ picture: any StoredFile, limits: PictureLimits, previewEdges: [Int]
    ) async throws(EngineFault) -> InspectedPicture {
        try await work { () throws(WorkerPoolError) in
            let (inspection, previews) = try await pool.inspect(
                picture: PictureSource(picture), limits: limits, previewEdges: previewEdges)
            return InspectedPicture(inspection: inspection, previews: previews)
        }
    }

    func render(
        _ picture: any StoredFile, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment, edge: Int
    ) async throws(EngineFault) -> [UInt8] {
        try await work { () throws(WorkerPoolError) in
            try await pool.render(
                picture: PictureSource(picture), limits: limits, frame: frame, adjustment: adjustment, edge: edge)
        }
    }

    func samples(
        of picture: any StoredFile, limits: PictureLimits, frame: Int
    ) async throws(EngineFault) -> any StoredFile {
        try await work { () throws(WorkerPoolError) in
            GatheredFile(try await pool.samples(picture: PictureSource(picture), limits: limits, frame: frame))
        }
    }

    func analyse(
        _ picture: any StoredFile, limits: PictureLimits, frame: Int = 0, adjustment: PictureAdjustment = .none,
        isAlone: Bool = false, progress: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(EngineFault) -> EngineOutput {
        try await work { () throws(WorkerPoolError) in
            try await pool.analyse(
                picture: PictureSource(picture), limits: limits, frame: frame, adjustment: adjustment,
                isAlone: isAlone, progress: progress)
        }
    }

    func heatMap(
        _ activation: HeadActivation, width: Int, height: Int, longestEdge: Int
    ) async throws(EngineFault) -> [UInt8] {
        try await work { () throws(WorkerPoolError) in
            try await pool.heatMap(activation, width: width, height: height, longestEdge: longestEdge)
        }
    }

    func readText(in picture: any StoredFile, limits: PictureLimits) async throws(EngineFault) -> BurnedInText? {
        try await work { () throws(WorkerPoolError) -> BurnedInText? in
            do throws(WorkerPoolError) {
                return try await pool.readText(picture: PictureSource(picture), limits: limits)
            } catch .noTextReader {
                return nil
            }
        }
    }

    func deidentify(
        _ picture: any StoredFile, limits: PictureLimits
    ) async throws(EngineFault) -> (file: any StoredFile, removed: [DeidentifiedElement]) {
        try await work { () throws(WorkerPoolError) in
            let (file, removed) = try await pool.deidentify(picture: PictureSource(picture), limits: limits)
            return (GatheredFile(file), removed)
        }
    }

    func list(
        _ file: any StoredFile, limits: PictureLimits, archive: ArchiveLimits
    ) async throws(EngineFault) -> [ArchiveEntry] {
        try await work { () throws(WorkerPoolError) in
            try await pool.list(archive: PictureSource(file), limits: limits, archiveLimits: archive)
        }
    }

    func extract(
        _ entry: ArchiveEntry, of file: any StoredFile, limits: PictureLimits, archive: ArchiveLimits
    ) async throws(EngineFault) -> any StoredFile {
        try await work { () throws(WorkerPoolError) in
            GatheredFile(
                try await pool.extract(
                    entry.index, archive: PictureSource(file), limits: limits, archiveLimits: archive))
        }
    }

    private func work<Value>(
        _ work: () async throws(WorkerPoolError) -> Value
    ) async throws(EngineFault) -> Value {
        do throws(WorkerPoolError) { return try await work() } catch { throw EngineFault(error) }
    }

    var status: WorkerPoolStatus { pool.status }

    func trouble() async -> String? {
        pool.status.trouble
    }

    func workers() async -> (waiting: Int, workers: [EngineWorker]) {
        let status = pool.status
        let workers = status.workers.map {
            EngineWorker(
                state: $0.state.rawValue, processId: $0.processID.map(Int.init), jobs: $0.jobs, restarts: $0.restarts,
                residentBytes: $0.residentMemory, trouble: $0.startError)
        }
        return (status.waiting, workers)
    }
}

extension PictureSource {
    fileprivate init(_ file: any StoredFile) {
        self.init {
            let open = try file.exposed()
            return Open(descriptor: open.descriptor, owner: open)
        }
    }
}

/// What a worker gave in pieces.
private struct GatheredFile: StoredFile {
    private let open: OpenFile

    init(_ memory: MemoryFile) {
        open = OpenFile(descriptor: memory.take(), size: memory.size)
    }

    var size: Int { open.size }

    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] { try await open.read(range) }

    func exposed() throws(Fault) -> OpenFile { open }

    func inMemory() async throws(Fault) -> OpenFile { open }
}

extension EngineFault {
    init(_ error: WorkerPoolError) {
        switch error {
        case .picture(let fault): self = .picture(fault)
        case .workerDied(let description): self = .workerDied(description)
        case .timedOut: self = .timedOut
        case .queueFull: self = .unavailable("too many jobs wait for a worker")
        case .unavailable(let reason): self = .unavailable(reason)
        case .modelFailed(let message): self = .failed(message)
        case .noTextReader: self = .failed("letters can't be read here")
        case .cancelled: self = .cancelled
        case .shuttingDown: self = .unavailable("the workers are stopping")
        }
    }
}
