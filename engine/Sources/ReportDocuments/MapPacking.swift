internal import Dispatch
internal import Synchronization

/// The heat maps of a plan, packed on another thread where one is free.
final class MapPacking: Sendable {
    private let grids: [Int: ReportDocument.HeatGrid]
    private let isTaken = Atomic(false)
    private let packed = Mutex<[Int: PackedMap]>([:])
    private let end = DispatchSemaphore(value: 0)

    init(of plan: PagePlan) {
        var grids: [Int: ReportDocument.HeatGrid] = [:]
        for (index, picture) in plan.pictures.enumerated() {
            if case .map(let grid) = picture { grids[index] = grid }
        }
        self.grids = grids
        if !grids.isEmpty { DispatchQueue.global().async { self.pack() } }
    }

    /// By the indexes of the pictures. Whoever asks before anybody has begun does it, and so never waits for a thread that
    /// there isn't.
    var maps: [Int: PackedMap] {
        if !pack() { end.wait() }
        return packed.withLock { $0 }
    }

    /// - Returns: false where another thread has begun.
    @discardableResult
    private func pack() -> Bool {
        guard !isTaken.exchange(true, ordering: .relaxed) else { return false }
        let maps = grids.mapValues(PackedMap.init)
        packed.withLock { $0 = maps }
        end.signal()
        return true
    }
}
