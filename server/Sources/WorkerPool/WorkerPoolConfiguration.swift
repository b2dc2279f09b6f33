public import Logging
internal import WorkerProtocol

/// How workers are started, fed and replaced.
public struct WorkerPoolConfiguration: Sendable {
    /// The program `lightbox-worker`.
    public var workerPath: String
    /// The folder that holds `libopenvino_c.so`.
    public var openVINODirectory: String
    /// The folder of one model package.
    public var modelDirectory: String
    /// The sentence model and its tokenizer; nil where there is none.
    public var sentenceModel: String?
    public var tokenizer: String?
    /// How many workers run side by side, at least 1.
    public var count: Int
    /// Threads of one inference.
    public var threadsPerWorker: Int
    /// Most analyses that a worker takes through the model in one run, 1...8.
    public var batch: Int
    /// Address space of one worker in MiB; 0 for no limit. Loading takes about 600, with a sentence model 950.
    public var memoryLimitMiB: Int
    /// From the moment a worker gets a job; a worker that takes longer is ended.
    public var jobTimeout: Duration
    /// From the start of a worker until it says that it is ready.
    public var startTimeout: Duration
    /// Most jobs that wait for a worker.
    public var queueLimit: Int
    /// A worker is replaced after this many jobs, or when it holds more memory than this after a job.
    public var recycleAfterJobs: Int
    public var recycleAboveMiB: Int
    /// Seconds of processor time that one job may take; 0 for no limit.
    public var processorLimit: Int
    /// Called when a worker had to be stopped or replaced; on any thread.
    public var report: @Sendable (WorkerIncident) -> Void
    public var logger: Logger

    public init(
        workerPath: String, openVINODirectory: String, modelDirectory: String, sentenceModel: String? = nil,
        tokenizer: String? = nil, count: Int = 2,
        threadsPerWorker: Int = 1, batch: Int = 1, memoryLimitMiB: Int = 3072, jobTimeout: Duration = .seconds(60),
        startTimeout: Duration = .seconds(60), queueLimit: Int = 64, recycleAfterJobs: Int = 1000,
        recycleAboveMiB: Int = 768, processorLimit: Int = 0,
        report: @escaping @Sendable (WorkerIncident) -> Void = { _ in }, logger: Logger
    ) {
        self.workerPath = workerPath
        self.openVINODirectory = openVINODirectory
        self.modelDirectory = modelDirectory
        self.sentenceModel = sentenceModel
        self.tokenizer = tokenizer
        self.count = max(1, count)
        self.threadsPerWorker = max(1, threadsPerWorker)
        self.batch = min(max(1, batch), WorkerRequest.mostTogether)
        self.memoryLimitMiB = max(0, memoryLimitMiB)
        self.jobTimeout = jobTimeout
        self.startTimeout = startTimeout
        self.queueLimit = max(1, queueLimit)
        self.recycleAfterJobs = max(1, recycleAfterJobs)
        self.recycleAboveMiB = max(1, recycleAboveMiB)
        self.processorLimit = max(0, processorLimit)
        self.report = report
        self.logger = logger
    }

    /// How long to wait before a worker is started again.
    ///
    /// A worker that ended in the middle of a job is replaced at once, unless it happens again and again; one that cannot
    /// start is given more and more time.
    ///
    /// - Parameters:
    ///   - failures: ends in a row without a finished job between them, at least 1.
    ///   - wasReady: whether the last one had started.
    static func pause(afterFailures failures: Int, wasReady: Bool) -> Duration {
        let counted = wasReady ? failures - 3 : failures
        guard counted > 0 else { return .zero }
        let longest = wasReady ? Duration.seconds(2) : .seconds(30)
        return min(.milliseconds(250) * (1 << min(counted - 1, 10)), longest)
    }
}
