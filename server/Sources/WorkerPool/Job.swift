internal import Domain
internal import WorkerProtocol

/// One request on its way through the pool.
struct Job: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case inspect, preview, analyse, encode

        /// Short jobs go first, and are not ended when their caller loses interest.
        var isShort: Bool { self != .analyse }
    }

    let kind: Kind
    let request: WorkerRequest
    let limits: PictureLimits
    let picture: PictureSource
    /// Called on the worker's thread before each step.
    let progress: @Sendable (AnalysisStep) -> Void
    /// Called exactly once, on any thread.
    let finish: @Sendable (Result<WorkerFrame<WorkerReply>, WorkerPoolError>) -> Void

    var id: UInt64 { request.id }
}

/// Jobs that wait: short ones first, each kind in the order of arrival.
struct JobQueue {
    private var short: [Job] = []
    private var long: [Job] = []
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { short.count + long.count }

    /// Whether there was room.
    mutating func append(_ job: Job) -> Bool {
        guard count < limit else { return false }
        if job.kind.isShort { short.append(job) } else { long.append(job) }
        return true
    }

    mutating func next() -> Job? {
        if !short.isEmpty { return short.removeFirst() }
        return long.isEmpty ? nil : long.removeFirst()
    }

    mutating func remove(id: UInt64) -> Job? {
        if let index = short.firstIndex(where: { $0.id == id }) { return short.remove(at: index) }
        if let index = long.firstIndex(where: { $0.id == id }) { return long.remove(at: index) }
        return nil
    }

    mutating func removeAll() -> [Job] {
        defer {
            short = []
            long = []
        }
        return short + long
    }
}
