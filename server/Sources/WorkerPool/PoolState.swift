internal import CProcess
internal import Glibc
internal import Synchronization
internal import WorkerProtocol

/// What the callers and the workers' threads share. Every method may be called on any thread and none blocks.
final class PoolState: Sendable {
    typealias Readiness = Result<WorkerReadiness, WorkerPoolError>

    /// Rings once for each waiting job.
    let jobBell: Int32
    /// Rings for good when the pool is shut down.
    let stopBell: Int32
    private let inner: Mutex<Inner>

    private struct Inner {
        var queue: JobQueue
        var workers: [WorkerPoolStatus.Worker]
        /// By worker: the jobs that it works on, several only where they go together, and whether each was called off.
        var current: [[(id: UInt64, isShort: Bool, isCalledOff: Bool)]]
        var readiness: WorkerReadiness?
        var startWaiters: [CheckedContinuation<Readiness, Never>] = []
        var endWaiters: [CheckedContinuation<Void, Never>] = []
        var lastID: UInt64 = 0
        var liveThreads = 0
        var isStarted = false
        var isStopping = false

        /// Why nothing can be done, as of now.
        var trouble: String? {
            WorkerPoolStatus(workers: workers, waiting: 0, readiness: nil).trouble
        }
    }

    init(count: Int, queueLimit: Int) throws(WorkerPoolError) {
        jobBell = lb_bell_make()
        stopBell = lb_bell_make()
        inner = Mutex(
            Inner(
                queue: JobQueue(limit: queueLimit),
                workers: Array(repeating: .init(state: .stopped, jobs: 0, restarts: 0), count: count),
                current: Array(repeating: [], count: count)))
        guard jobBell >= 0, stopBell >= 0 else { throw .unavailable(reason: "An event descriptor cannot be made.") }
    }

    deinit {
        for bell in [jobBell, stopBell] where bell >= 0 { close(bell) }
    }

    // MARK: - Callers

    func nextID() -> UInt64 {
        inner.withLock { inner in
            inner.lastID += 1
            return inner.lastID
        }
    }

    /// Puts a job into the queue, or finishes it with the reason why not.
    func submit(_ job: Job) {
        let refusal: WorkerPoolError? = inner.withLock { inner in
            if inner.isStopping { return .shuttingDown }
            if !inner.isStarted { return .unavailable(reason: "The workers are not started.") }
            if let trouble = inner.trouble { return .unavailable(reason: trouble) }
            return inner.queue.append(job) ? nil : .queueFull
        }
        if let refusal { job.finish(.failure(refusal)) } else { lb_bell_ring(jobBell, 1) }
    }

    /// Takes a job that waits out of the queue. An analysis that runs is ended with its worker.
    func cancel(_ id: UInt64) {
        let waiting: Job? = inner.withLock { inner in
            if let job = inner.queue.remove(id: id) { return job }
            for place in inner.current.indices {
                guard let index = inner.current[place].firstIndex(where: { $0.id == id && !$0.isShort }) else {
                    continue
                }
                inner.current[place][index].isCalledOff = true
                Self.kill(inner.workers[place])
            }
            return nil
        }
        waiting?.finish(.failure(.cancelled))
    }

    /// Whether a job that a worker has was called off, so that its worker is ended for it.
    func isCalledOff(at place: Int) -> Bool {
        inner.withLock { $0.current[place].contains { $0.isCalledOff } }
    }

    /// Marks the pool as started; false when it was before. The caller starts one thread for each worker then.
    func beginStart() -> Bool {
        inner.withLock { inner in
            guard !inner.isStarted, !inner.isStopping else { return false }
            inner.isStarted = true
            inner.liveThreads = inner.workers.count
            for place in inner.workers.indices { inner.workers[place].state = .starting }
            return true
        }
    }

    /// Calls back when the first worker is ready, or when each has failed to start once.
    func awaitStart(_ waiter: CheckedContinuation<Readiness, Never>) {
        let known: Readiness? = inner.withLock { inner in
            if inner.isStopping { return .failure(.shuttingDown) }
            if let trouble = inner.trouble { return .failure(.unavailable(reason: trouble)) }
            if let readiness = inner.readiness { return .success(readiness) }
            inner.startWaiters.append(waiter)
            return nil
        }
        if let known { waiter.resume(returning: known) }
    }

    /// Refuses all that wait and ends every worker that has no job.
    func beginStop() {
        let (jobs, waiters) = inner.withLock { inner in
            inner.isStopping = true
            for place in inner.workers.indices where inner.current[place].isEmpty { Self.kill(inner.workers[place]) }
            defer { inner.startWaiters = [] }
            return (inner.queue.removeAll(), inner.startWaiters)
        }
        for job in jobs { job.finish(.failure(.shuttingDown)) }
        for waiter in waiters { waiter.resume(returning: .failure(.shuttingDown)) }
        lb_bell_ring(stopBell, 1)
    }

    func killAll() {
        inner.withLock { inner in
            for worker in inner.workers { Self.kill(worker) }
        }
    }

    func awaitStop(_ waiter: CheckedContinuation<Void, Never>) {
        let isOver = inner.withLock { inner in
            if inner.liveThreads > 0 { inner.endWaiters.append(waiter) }
            return inner.liveThreads == 0
        }
        if isOver { waiter.resume() }
    }

    func status() -> WorkerPoolStatus {
        inner.withLock { inner in
            WorkerPoolStatus(workers: inner.workers, waiting: inner.queue.count, readiness: inner.readiness)
        }
    }

    // MARK: - Workers' threads

    var isStopping: Bool { inner.withLock(\.isStopping) }

    /// Notes the process in a place, so that it can be killed. False when the pool is being shut down.
    func began(_ process: Int32, at place: Int) -> Bool {
        inner.withLock { inner in
            inner.workers[place].processID = process
            inner.workers[place].state = .starting
            return !inner.isStopping
        }
    }

    func becameReady(_ readiness: WorkerReadiness, at place: Int) {
        let waiters = inner.withLock { inner in
            inner.workers[place].state = .idle
            inner.workers[place].startError = nil
            inner.readiness = readiness
            defer { inner.startWaiters = [] }
            return inner.startWaiters
        }
        for waiter in waiters { waiter.resume(returning: .success(readiness)) }
    }

    func failedToStart(_ reason: String, at place: Int) {
        let (jobs, waiters): ([Job], [CheckedContinuation<Readiness, Never>]) = inner.withLock { inner in
            inner.workers[place].startError = reason
            guard inner.trouble != nil else { return ([], []) }
            defer { inner.startWaiters = [] }
            return (inner.queue.removeAll(), inner.startWaiters)
        }
        for job in jobs { job.finish(.failure(.unavailable(reason: reason))) }
        for waiter in waiters { waiter.resume(returning: .failure(.unavailable(reason: reason))) }
    }

    /// Forgets the process in a place, which has ended, and lets `reap` free its number: nobody can kill it any more.
    func ended<End>(at place: Int, reap: () -> End) -> End {
        inner.withLock { inner in
            inner.workers[place].processID = nil
            inner.workers[place].state = .pausing
            return reap()
        }
    }

    func willRestart(at place: Int) {
        inner.withLock { inner in
            inner.workers[place].restarts += 1
            inner.workers[place].state = .starting
        }
    }

    /// The next job; with it, where they wait and other workers have nothing to do, further analyses.
    ///
    /// - Parameter together: most analyses at once. Nobody waits for a second one: what isn't there now goes alone.
    func takeJobs(at place: Int, together: Int) -> [Job] {
        inner.withLock { inner in
            guard !inner.isStopping, let first = inner.queue.next() else { return [] }
            // What others can do at the same moment is theirs.
            let idle = inner.workers.indices.count { $0 != place && inner.workers[$0].state == .idle }
            let share = (inner.queue.waitingAnalyses + 1 + idle) / (idle + 1)
            let jobs = [first] + inner.queue.companions(of: first, most: min(together, share) - 1)
            inner.current[place] = jobs.map { ($0.id, $0.kind.isShort, false) }
            inner.workers[place].state = .busy
            return jobs
        }
    }

    /// Those of the jobs in a place that were called off.
    func finishedJobs(at place: Int, answered: Int) -> Set<UInt64> {
        inner.withLock { inner in
            let calledOff = inner.current[place].filter(\.isCalledOff).map(\.id)
            inner.current[place] = []
            inner.workers[place].jobs += answered
            if inner.workers[place].processID != nil { inner.workers[place].state = .idle }
            return Set(calledOff)
        }
    }

    /// Puts jobs back that lost their worker to another one, to be done alone.
    func putBack(_ jobs: [Job]) {
        let alone = jobs.map { job in
            var job = job
            job.isAlone = true
            return job
        }
        let isStopping = inner.withLock { inner in
            if !inner.isStopping { inner.queue.putBack(alone) }
            return inner.isStopping
        }
        if isStopping {
            for job in jobs { job.finish(.failure(.shuttingDown)) }
        } else {
            lb_bell_ring(jobBell, UInt64(jobs.count))
        }
    }

    func threadEnded(at place: Int) {
        let waiters = inner.withLock { inner in
            inner.workers[place].state = .stopped
            inner.liveThreads -= 1
            guard inner.liveThreads == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { inner.endWaiters = [] }
            return inner.endWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private static func kill(_ worker: WorkerPoolStatus.Worker) {
        if let process = worker.processID { WorkerProcess.kill(process) }
    }
}
