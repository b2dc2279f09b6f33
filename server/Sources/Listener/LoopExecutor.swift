import NIOCore

/// Runs tasks on a connection's event loop, where its bytes come and go: a request that only looks something up is answered
/// without waking another thread twice.
///
/// Whatever takes long holds up every connection of that loop, and belongs on the threads that all tasks share
/// (`globalConcurrentExecutor`).
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
