public import Domain
import Synchronization

/// What a person who watches a report sees at one moment: a full picture, so that a missed one does no harm.
public struct ReportStatus: Sendable, Equatable {
    public var id: ReportID
    public var state: Report.State
    /// Nil while it waits for its turn, and at the end.
    public var step: Report.Step?
    public var revision: Int

    public init(id: ReportID, state: Report.State, step: Report.Step? = nil, revision: Int) {
        self.id = id
        self.state = state
        self.step = step
        self.revision = revision
    }

    public init(_ report: Report) {
        self.init(id: report.id, state: report.state, revision: report.revision)
    }

    /// 0...1.
    public var progress: Double { state.isFinal ? 1 : step?.progress ?? 0 }

    /// A sentence for people.
    public var detail: String {
        switch state {
        case .making: step?.sentence ?? "Waiting for its turn."
        case .ready: "Done."
        case .failed: "The report could not be made."
        case .cancelled: "Cancelled."
        }
    }
}

/// The live state of the reports that are being made, and those who watch them. The steps in between are kept in memory
/// only: after a restart a report begins again, with a revision that is larger than any that was shown before.
public final class ReportBoard: Sendable {
    private struct Entry {
        /// All changes of this attempt, oldest first; there are few.
        var history: [ReportStatus]
        var watchers: [Int: AsyncStream<ReportStatus>.Continuation] = [:]
        /// Whether the press put it here; an entry that only has watchers goes when they go.
        var isLive = false
    }

    private struct State {
        var entries: [ReportID: Entry] = [:]
        var nextWatcher = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// The live state, if the report is being made.
    public func current(_ id: ReportID) -> ReportStatus? {
        state.withLock { $0.entries[id]?.history.last }
    }

    func enter(_ report: Report) {
        state.withLock { state in
            var entry = state.entries[report.id] ?? Entry(history: [ReportStatus(report)])
            entry.isLive = true
            state.entries[report.id] = entry
        }
    }

    /// A step begins. Too late, or for a step that lies behind, it does nothing.
    func note(_ step: Report.Step, of id: ReportID) {
        state.withLock { state in
            guard let entry = state.entries[id], entry.isLive, var next = entry.history.last, !next.state.isFinal,
                step.progress > next.progress
            else { return }
            next.step = step
            next.revision += 1
            state.entries[id]?.history.append(next)
            for watcher in entry.watchers.values { watcher.yield(next) }
        }
    }

    /// Shows the end and closes all event streams.
    func finish(_ report: Report) { end(report.id, with: ReportStatus(report)) }

    /// The report is gone.
    func drop(_ id: ReportID) { end(id, with: nil) }

    private func end(_ id: ReportID, with last: ReportStatus?) {
        let entry = state.withLock { $0.entries.removeValue(forKey: id) }
        for watcher in entry?.watchers.values ?? [:].values {
            if let last { watcher.yield(last) }
            watcher.finish()
        }
    }

    /// All changes from now on, after those that came since `revision`. Without a revision, or if it is too long ago,
    /// the present state comes first. The stream ends with the report.
    public func changes(of report: Report, after revision: Int?) -> AsyncStream<ReportStatus> {
        AsyncStream(bufferingPolicy: .bufferingNewest(32)) { continuation in
            state.withLock { state in
                var entry = state.entries[report.id] ?? Entry(history: [ReportStatus(report)])
                if let revision, let oldest = entry.history.first, oldest.revision <= revision + 1 {
                    for missed in entry.history where missed.revision > revision { continuation.yield(missed) }
                } else if let last = entry.history.last {
                    continuation.yield(last)
                }
                let watcher = state.nextWatcher
                state.nextWatcher += 1
                entry.watchers[watcher] = continuation
                state.entries[report.id] = entry
                continuation.onTermination = { [weak self] _ in self?.leave(report.id, watcher) }
            }
        }
    }

    /// Closes all event streams, because the server stops.
    public func close() {
        let watchers = state.withLock { state in
            defer { for id in state.entries.keys { state.entries[id]?.watchers = [:] } }
            return state.entries.values.flatMap(\.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }

    private func leave(_ id: ReportID, _ watcher: Int) {
        state.withLock { state in
            state.entries[id]?.watchers[watcher] = nil
            if let entry = state.entries[id], !entry.isLive, entry.watchers.isEmpty { state.entries[id] = nil }
        }
    }
}
