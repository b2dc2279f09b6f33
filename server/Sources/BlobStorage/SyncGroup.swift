import CMemoryFile
import Dispatch
import Glibc
import Metrics
import Synchronization
import Workflows

/// Lets files that become durable at the same time share one sync.
///
/// While one sync runs, those that come wait together. Then a single one is synced by itself with its folder, and several
/// by one `syncfs`, which waits for the disk once for all of them.
final class SyncGroup: Sendable {
    private struct Waiter {
        let files: [Int32]
        let folder: String
        let continuation: CheckedContinuation<Fault?, Never>
    }

    private struct State {
        var waiting: [Waiter] = []
        var isRunning = false
    }

    /// The two ways in which files become durable. Both block.
    struct Ways: Sendable {
        /// These, and the names in their folder.
        var few: @Sendable (_ files: [Int32], _ folder: String) throws(Fault) -> Void = { files, folder throws(Fault) in
            for file in files { try Disk.sync(file) }
            try Disk.syncFolder(folder)
        }
        /// All that there is on the file system of this folder.
        var all: @Sendable (_ root: Int32) throws(Fault) -> Void = { root throws(Fault) in
            let status = lb_sync_file_system(root)
            guard status == 0 else { throw Fault(errno: -status, "syncfs") }
        }
    }

    /// Of the folder for all sessions.
    private let root: Int32
    private let ways: Ways
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "lightbox.sync")
    private let filesPerSync = Recorder(label: "lightbox_files_per_sync", aggregate: true)

    /// - Parameter root: a folder of the file system that all files are on.
    init(root: String, ways: Ways = Ways()) throws(Fault) {
        self.ways = ways
        self.root = try Disk.open(root, O_RDONLY | O_DIRECTORY)
    }

    deinit {
        close(root)
    }

    /// How many wait for the next sync.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Returns when the content of these files and the names in their folder are on the disk.
    func sync(_ files: [Int32], in folder: String) async throws(Fault) {
        let failure: Fault? = await withCheckedContinuation { continuation in
            let mustStart = state.withLock { state in
                state.waiting.append(Waiter(files: files, folder: folder, continuation: continuation))
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { queue.async { self.run() } }
        }
        if let failure { throw failure }
    }

    private func run() {
        while true {
            let waiters = state.withLock { state in
                defer { state.waiting = [] }
                state.isRunning = !state.waiting.isEmpty
                return state.waiting
            }
            guard !waiters.isEmpty else { return }
            let failure = sync(waiters)
            filesPerSync.record(waiters.reduce(0) { $0 + $1.files.count })
            for waiter in waiters { waiter.continuation.resume(returning: failure) }
        }
    }

    private func sync(_ waiters: [Waiter]) -> Fault? {
        do throws(Fault) {
            if waiters.count == 1 {
                try ways.few(waiters[0].files, waiters[0].folder)
            } else {
                try ways.all(root)
            }
            return nil
        } catch {
            return error
        }
    }
}
