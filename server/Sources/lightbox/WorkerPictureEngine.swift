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
        _ configuration: Configuration, model: String? = nil, workers: Int? = nil, logger: Logger
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
                    memoryLimitMiB: configuration.workerMemoryLimit, jobTimeout: configuration.workerTimeout,
                    logger: logger))
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
        _ picture: OpenFile, limits: PictureLimits, previewEdge: Int
    ) async throws(EngineFault) -> InspectedPicture {
        do throws(WorkerPoolError) {
            let (inspection, preview) = try await pool.inspect(
                picture: PictureSource(descriptor: picture.descriptor, owner: picture), limits: limits,
                previewEdge: previewEdge)
            return InspectedPicture(inspection: inspection, preview: preview)
        } catch {
            throw EngineFault(error)
        }
    }

    func analyse(
        _ picture: OpenFile, limits: PictureLimits, progress: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(EngineFault) -> EngineReading {
        do throws(WorkerPoolError) {
            let analysis = try await pool.analyse(
                picture: PictureSource(descriptor: picture.descriptor, owner: picture), limits: limits, invert: false,
                previewEdge: 512, progress: progress)
            return EngineReading(output: analysis.output, heatMaps: analysis.heatMaps)
        } catch {
            throw EngineFault(error)
        }
    }

    func trouble() async -> String? {
        pool.status.trouble
    }
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
        case .cancelled: self = .cancelled
        case .shuttingDown: self = .unavailable("the workers are stopping")
        }
    }
}
