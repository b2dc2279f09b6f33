import Synchronization

/// What a person who watches something sees at one moment: a full picture, so that a missed one does no harm.
public protocol LiveStatus: Sendable, Equatable {
    associatedtype ID: Hashable & Sendable

    var id: ID { get }
    /// Grows with every change: the id of its server-sent event.
    var revision: Int { get }
}

/// The live state of what waits or runs, and those who watch it. The steps in between are kept in memory only.
final class Board<Status: LiveStatus>: Sendable {
    private struct Entry {
        /// The last changes, oldest first, so that a reader who comes back misses nothing.
        var history: [Status]
        var watchers: [Int: Watcher<Status>] = [:]
        /// Whether somebody works on it; an entry that only has watchers goes when they go.
        var isLive = false
    }

    private struct State {
        var entries: [Status.ID: Entry] = [:]
        var nextWatcher = 0
    }

    private static var historyLength: Int { 64 }
    private let state = Mutex(State())

    /// The live state, if it is on the board.
    func current(_ id: Status.ID) -> Status? {
        state.withLock { $0.entries[id]?.history.last }
    }

    /// Puts something on the board, or shows how it is now.
    ///
    /// - Parameter change: gives the next state from the last one; nil where there is nothing to show.
    func enter(_ id: Status.ID, _ change: (Status?) -> Status?) {
        state.withLock { state in
            var entry = state.entries[id] ?? Entry(history: [])
            guard let next = change(entry.history.last) else { return }
            entry.isLive = true
            Self.show(next, on: &entry)
            state.entries[id] = entry
        }
    }

    /// Shows how something is now that is on the board; too late it does nothing.
    func update(_ id: Status.ID, _ change: (Status) -> Status?) {
        state.withLock { state in
            guard let index = state.entries.index(forKey: id), state.entries.values[index].isLive,
                let last = state.entries.values[index].history.last, let next = change(last)
            else { return }
            // In its place: a copy of an entry takes its history and its watchers with it, and thousands may wait.
            Self.show(next, on: &state.entries.values[index])
        }
    }

    /// Takes something off the board and closes its event streams.
    ///
    /// - Parameter last: shown before; nil where it is gone.
    func end(_ id: Status.ID, with last: Status?) {
        let entry = state.withLock { $0.entries.removeValue(forKey: id) }
        for watcher in entry?.watchers.values ?? [:].values {
            if let last { watcher.show(last) }
            watcher.finish()
        }
    }

    /// Tells somebody of all changes from now on, after those that came since `revision`. Without a revision, or if it is too
    /// long ago, the present state comes first; the end comes with that of what is watched.
    ///
    /// - Parameter stored: how it is where it isn't on the board.
    /// - Returns: ends it when it is gone.
    func watch(_ stored: Status, after revision: Int?, by watcher: Watcher<Status>) -> Watch {
        let id = stored.id
        let number = state.withLock { state in
            var entry = state.entries[id] ?? Entry(history: [stored])
            if let revision, let oldest = entry.history.first, oldest.revision <= revision + 1 {
                for missed in entry.history where missed.revision > revision { watcher.show(missed) }
            } else if let last = entry.history.last {
                watcher.show(last)
            }
            let number = state.nextWatcher
            state.nextWatcher += 1
            entry.watchers[number] = watcher
            state.entries[id] = entry
            return number
        }
        return Watch { [weak self] in self?.leave(id, number) }
    }

    /// The same as a sequence. A slow reader misses what lies between, never the end.
    func changes(from stored: Status, after revision: Int?) -> Changes<Status> {
        Changes(most: 32) { watch(stored, after: revision, by: $0) }
    }

    /// Closes all event streams, because the server stops. What runs still shows how it goes on.
    func close() {
        let watchers = state.withLock { state in
            defer { for id in state.entries.keys { state.entries[id]?.watchers = [:] } }
            return state.entries.values.flatMap(\.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }

    /// Forgets all but the last state of each: memory is short. A reader who comes back is given the present state.
    func shrink() {
        state.withLock { state in
            for id in state.entries.keys {
                guard let last = state.entries[id]?.history.last else { continue }
                state.entries[id]?.history = [last]
            }
        }
    }

    /// How many things are on the board, and how many watch them.
    var counts: (entries: Int, watchers: Int) {
        state.withLock { ($0.entries.count, $0.entries.values.reduce(0) { $0 + $1.watchers.count }) }
    }

    private static func show(_ next: Status, on entry: inout Entry) {
        guard entry.history.last != next else { return }
        entry.history.append(next)
        if entry.history.count > historyLength { entry.history.removeFirst(entry.history.count - historyLength) }
        for watcher in entry.watchers.values { watcher.show(next) }
    }

    private func leave(_ id: Status.ID, _ watcher: Int) {
        state.withLock { state in
            state.entries[id]?.watchers[watcher] = nil
            if let entry = state.entries[id], !entry.isLive, entry.watchers.isEmpty { state.entries[id] = nil }
        }
    }
}
