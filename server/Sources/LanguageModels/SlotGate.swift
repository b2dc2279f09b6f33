internal import Synchronization

/// So many answers at a time that an endpoint writes at once; whoever comes next waits, in order, for a bounded time.
final class SlotGate: Sendable {
    private enum Phase {
        case coming
        case waiting(CheckedContinuation<Bool, Never>)
        /// Gave up before it had begun to wait.
        case left
    }

    private struct State {
        var free: Int
        var waiters: [(number: Int, phase: Phase)] = []
        var next = 0
    }

    private let state: Mutex<State>
    private let slots: Int

    init(slots: Int) {
        self.slots = slots
        state = Mutex(State(free: slots))
    }

    /// How many hold a slot.
    var taken: Int { state.withLock { slots - $0.free } }
    /// How many wait for one.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Takes a slot, which ``give()`` gives back.
    ///
    /// - Returns: false when none came free in `patience`, or the task was cancelled.
    func take(within patience: Duration) async -> Bool {
        let number: Int? = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.next += 1
            state.waiters.append((state.next, .coming))
            return state.next
        }
        guard let number else { return true }
        // Not a child task: nobody waits for it, and it ends as soon as the waiting does.
        let alarm = Task {
            do { try await Task.sleep(for: patience) } catch { return }
            giveUp(number)
        }
        defer { alarm.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait(number, $0) }
        } onCancel: {
            giveUp(number)
        }
    }

    /// Gives a slot to the one who has waited longest.
    func give() {
        let first: CheckedContinuation<Bool, Never>? = state.withLock { state in
            let index = state.waiters.firstIndex { if case .waiting = $0.phase { true } else { false } }
            guard let index, case .waiting(let continuation) = state.waiters.remove(at: index).phase else {
                state.free += 1
                return nil
            }
            return continuation
        }
        first?.resume(returning: true)
    }

    private func wait(_ number: Int, _ continuation: CheckedContinuation<Bool, Never>) {
        let answer: Bool? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return false }
            if case .left = state.waiters[index].phase {
                state.waiters.remove(at: index)
                return false
            }
            if state.free > 0 {
                state.free -= 1
                state.waiters.remove(at: index)
                return true
            }
            state.waiters[index].phase = .waiting(continuation)
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func giveUp(_ number: Int) {
        let waiting: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            guard case .waiting(let continuation) = state.waiters[index].phase else {
                state.waiters[index].phase = .left
                return nil
            }
            state.waiters.remove(at: index)
            return continuation
        }
        waiting?.resume(returning: false)
    }
}
