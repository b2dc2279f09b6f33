import Synchronization

/// Runs work in a number of places: whenever one is free and the bell has rung, it asks for more.
final class Workplaces<ID: Hashable & Sendable>: Sendable {
    private struct State {
        var running: [ID: Task<Void, Never>] = [:]
        var isStopping = false
    }

    let count: Int
    private let state = Mutex(State())
    private let bell: AsyncStream<Void>
    private let bellRope: AsyncStream<Void>.Continuation

    init(_ count: Int) {
        self.count = count
        (bell, bellRope) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// There may be something to do.
    func ring() { bellRope.yield() }

    /// Runs until ``stop()``; then waits for what runs and returns.
    ///
    /// - Parameters:
    ///   - next: takes something that waits; nil where nothing does.
    ///   - began: called after each that was taken.
    func run<Work: Sendable>(
        next: @Sendable () async -> (id: ID, work: Work)?, began: @Sendable () async -> Void = {},
        work: @escaping @Sendable (Work) async -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            for await _ in bell {
                while hasPlace, let taken = await next() {
                    let task = Task { await work(taken.work) }
                    state.withLock { $0.running[taken.id] = task }
                    group.addTask { [self] in
                        await task.value
                        state.withLock { $0.running[taken.id] = nil }
                        ring()
                    }
                    await began()
                }
            }
        }
    }

    /// Takes nothing new from now on.
    func stop() {
        state.withLock { $0.isStopping = true }
        bellRope.finish()
    }

    /// Calls off what runs under this name.
    func cancel(_ id: ID) { state.withLock { $0.running[id] }?.cancel() }

    func cancelAll() { for task in state.withLock({ $0.running.values.map(\.self) }) { task.cancel() } }

    var isStopping: Bool { state.withLock(\.isStopping) }

    var running: [ID] { state.withLock { Array($0.running.keys) } }

    private var hasPlace: Bool { state.withLock { !$0.isStopping && $0.running.count < count } }
}
