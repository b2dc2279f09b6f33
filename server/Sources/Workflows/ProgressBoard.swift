public import Domain
import Foundation
import Synchronization

/// What a person who watches an analysis sees at one moment: a full picture, so that a missed one does no harm.
public struct AnalysisProgress: Sendable, Equatable {
    public var id: AnalysisID
    public var state: Analysis.State
    /// 1 is next; nil unless it waits.
    public var position: Int?
    /// Seconds until it will probably begin; nil if not known.
    public var etaSeconds: Int?
    public var attempt: Int
    public var revision: Int

    public init(
        id: AnalysisID, state: Analysis.State, position: Int? = nil, etaSeconds: Int? = nil, attempt: Int, revision: Int
    ) {
        self.id = id
        self.state = state
        self.position = position
        self.etaSeconds = etaSeconds
        self.attempt = attempt
        self.revision = revision
    }

    public init(_ analysis: Analysis) {
        self.init(id: analysis.id, state: analysis.state, attempt: analysis.attempt, revision: analysis.revision)
    }
}

/// The live state of the analyses that wait or run, and those who watch them.
///
/// The steps in between are kept in memory only: after a restart an analysis begins again, with a revision that is
/// larger than any that was shown before.
public final class ProgressBoard: Sendable {
    fileprivate struct Entry {
        /// The last changes, oldest first, so that a reader who comes back misses nothing.
        var history: [AnalysisProgress] = []
        var watchers: [Int: AsyncStream<AnalysisProgress>.Continuation] = [:]
        /// Whether the queue put it here; an entry that only has watchers goes when they go.
        var isLive = false
    }

    private struct State {
        var entries: [AnalysisID: Entry] = [:]
        var nextWatcher = 0
    }

    private static let historyLength = 64
    private let state = Mutex(State())

    public init() {}

    /// The live state, if the analysis is on the board.
    public func current(_ id: AnalysisID) -> AnalysisProgress? {
        state.withLock { $0.entries[id]?.history.last }
    }

    /// A revision that no watcher has seen yet.
    public func nextRevision(of analysis: Analysis) -> Int {
        max(analysis.revision, current(analysis.id)?.revision ?? 0) + 1
    }

    func enter(_ newState: Analysis.State, of analysis: Analysis, position: Int? = nil, etaSeconds: Int? = nil) {
        state.withLock { state in
            var entry = state.entries[analysis.id] ?? Entry()
            let last = entry.history.last
            guard
                last?.state != newState || last?.position != position || last?.attempt != analysis.attempt
            else { return }
            entry.isLive = true
            entry.show(
                AnalysisProgress(
                    id: analysis.id, state: newState, position: position, etaSeconds: etaSeconds,
                    attempt: analysis.attempt, revision: max(analysis.revision, (last?.revision ?? 0) + 1)),
                keeping: Self.historyLength)
            state.entries[analysis.id] = entry
        }
    }

    /// Like ``enter(_:of:position:etaSeconds:)``, for a step of the attempt that runs now; too late it does nothing.
    func note(_ step: Analysis.State, of analysis: Analysis) {
        guard current(analysis.id)?.attempt == analysis.attempt else { return }
        enter(step, of: analysis)
    }

    /// Shows the end and closes all event streams.
    func finish(_ analysis: Analysis) {
        let entry = state.withLock { $0.entries.removeValue(forKey: analysis.id) }
        for watcher in entry?.watchers.values ?? [:].values {
            watcher.yield(AnalysisProgress(analysis))
            watcher.finish()
        }
    }

    /// Where in the queue an analysis is.
    func place(_ id: AnalysisID, position: Int, etaSeconds: Int?) {
        state.withLock { state in
            guard var entry = state.entries[id], var next = entry.history.last, next.state == .queued,
                next.position != position
            else { return }
            next.position = position
            next.etaSeconds = etaSeconds
            next.revision += 1
            entry.show(next, keeping: Self.historyLength)
            state.entries[id] = entry
        }
    }

    /// All changes from now on, after those that came since `revision`. Without a revision, or if it is too long ago,
    /// the present state comes first. The stream ends with the analysis; a slow reader misses what lies between, never
    /// the end.
    public func changes(of analysis: Analysis, after revision: Int?) -> AsyncStream<AnalysisProgress> {
        AsyncStream(bufferingPolicy: .bufferingNewest(32)) { continuation in
            state.withLock { state in
                var entry = state.entries[analysis.id] ?? Entry(history: [AnalysisProgress(analysis)])
                if let revision, let oldest = entry.history.first, oldest.revision <= revision + 1 {
                    for missed in entry.history where missed.revision > revision { continuation.yield(missed) }
                } else if let last = entry.history.last {
                    continuation.yield(last)
                }
                let watcher = state.nextWatcher
                state.nextWatcher += 1
                entry.watchers[watcher] = continuation
                state.entries[analysis.id] = entry
                continuation.onTermination = { [weak self] _ in self?.leave(analysis.id, watcher) }
            }
        }
    }

    /// Closes all event streams, because the server stops.
    public func close() {
        let entries = state.withLock { state in
            defer { state.entries = [:] }
            return state.entries
        }
        for entry in entries.values {
            for watcher in entry.watchers.values { watcher.finish() }
        }
    }

    private func leave(_ id: AnalysisID, _ watcher: Int) {
        state.withLock { state in
            state.entries[id]?.watchers[watcher] = nil
            if let entry = state.entries[id], !entry.isLive, entry.watchers.isEmpty { state.entries[id] = nil }
        }
    }
}

extension ProgressBoard.Entry {
    mutating func show(_ progress: AnalysisProgress, keeping length: Int) {
        history.append(progress)
        if history.count > length { history.removeFirst(history.count - length) }
        for watcher in watchers.values { watcher.yield(progress) }
    }
}
