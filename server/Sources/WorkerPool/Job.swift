internal import Domain
internal import WorkerProtocol

/// One request on its way through the pool.
struct Job: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case inspect, render, samples, analyse, encode, list, extract, deidentify
        case heatMap = "heat-map"
        case readText = "read-text"

        /// What somebody waits for at this moment goes first, then analyses, then what nobody waits for.
        var rank: Int {
            switch self {
            case .inspect, .render, .samples, .encode, .list, .extract, .deidentify, .heatMap: 0
            case .analyse: 1
            case .readText: 2
            }
        }

        /// Short jobs are not ended when their caller loses interest.
        var isShort: Bool { rank == 0 }

        /// Whether the answer comes in pieces before the last reply.
        var hasPieces: Bool { [.samples, .extract, .deidentify].contains(self) }
    }

    let kind: Kind
    let request: WorkerRequest
    /// Whether it goes to a worker with no other: it, or those that it was together with, have lost theirs.
    var isAlone = false
    let limits: PictureLimits
    let picture: PictureSource
    /// Most bytes of all pieces together.
    let piecesLimit: Int
    /// Called on the worker's thread before each step.
    let progress: @Sendable (AnalysisStep) -> Void
    /// Called exactly once, on any thread.
    let finish: @Sendable (Result<WorkerAnswer, WorkerPoolError>) -> Void

    var id: UInt64 { request.id }
}

/// The last reply to a request, and what came in pieces before it.
struct WorkerAnswer: Sendable {
    let frame: WorkerFrame<WorkerReply>
    let pieces: MemoryFile?
}

/// Jobs that wait: by rank, each rank in the order of arrival.
struct JobQueue {
    private var waiting: [[Job]] = [[], [], []]
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { waiting.reduce(0) { $0 + $1.count } }

    /// Whether there was room.
    mutating func append(_ job: Job) -> Bool {
        guard count < limit else { return false }
        waiting[job.kind.rank].append(job)
        return true
    }

    /// Puts back what a worker has lost; there is always room for it.
    mutating func putBack(_ jobs: [Job]) {
        for job in jobs.reversed() { waiting[job.kind.rank].insert(job, at: 0) }
    }

    /// Further analyses that can go with the one that was taken, in their order.
    mutating func companions(of job: Job, most: Int) -> [Job] {
        guard job.kind == .analyse, !job.isAlone, most > 0 else { return [] }
        let rank = Job.Kind.analyse.rank
        let count = min(most, waiting[rank].prefix { !$0.isAlone }.count)
        defer { waiting[rank].removeFirst(count) }
        return Array(waiting[rank].prefix(count))
    }

    var waitingAnalyses: Int { waiting[Job.Kind.analyse.rank].count }

    mutating func next() -> Job? {
        for rank in waiting.indices where !waiting[rank].isEmpty { return waiting[rank].removeFirst() }
        return nil
    }

    mutating func remove(id: UInt64) -> Job? {
        for rank in waiting.indices {
            if let index = waiting[rank].firstIndex(where: { $0.id == id }) { return waiting[rank].remove(at: index) }
        }
        return nil
    }

    mutating func removeAll() -> [Job] {
        defer { waiting = [[], [], []] }
        return waiting.flatMap(\.self)
    }
}
