import Foundation
import Logging
import Metrics
import Observability
import ServiceLifecycle
import Synchronization
import Workflows

/// Watches how much memory the server holds, and lets caches go where it becomes short. Workers over `worker.recycle-above` are replaced by their pool, after their
/// job.
final class MemoryWatch: Sendable {
    /// Why caches are let go. The raw value is a label.
    enum Shortage: String, Sendable {
        /// This process holds more than `memory.soft-limit`.
        case softLimit = "soft-limit"
        /// The whole system waits for memory.
        case pressure
    }

    private struct State {
        var shrunkAt: Date?
        var trimmedAt = 0
    }

    /// Percent of the time that waits for memory, from which on it is short.
    private static let mostPressure = 10.0
    /// Seconds between two times: caches that are emptied all the time are none.
    private static let pause: TimeInterval = 30
    /// What the allocator may have gathered before it is asked to give back what nobody uses.
    private static let growth = 32 << 20

    private let softLimit: Int
    private let caches: @Sendable () async -> Void
    private let memory: @Sendable () -> ProcessMemory?
    private let pressure: @Sendable () -> Double?
    private let trim: @Sendable () -> Void
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    /// - Parameters:
    ///   - softLimit: in bytes; 0 for none.
    ///   - caches: lets go what can be had again.
    init(
        softLimit: Int, caches: @escaping @Sendable () async -> Void,
        memory: @escaping @Sendable () -> ProcessMemory? = { ProcessMemory.ofThisProcess() },
        pressure: @escaping @Sendable () -> Double? = { MemoryPressure.now() },
        trim: @escaping @Sendable () -> Void = { ProcessMemory.trim() }, now: @escaping @Sendable () -> Date
    ) {
        self.softLimit = softLimit
        self.caches = caches
        self.memory = memory
        self.pressure = pressure
        self.trim = trim
        self.now = now
    }

    /// Looks once.
    ///
    /// - Returns: why caches were let go, or nil.
    @discardableResult
    func look() async -> Shortage? {
        let share = pressure()
        if let share { Gauge(label: "lightbox_memory_pressure_percent").record(share) }
        guard let memory = memory() else { return nil }
        let shortage: Shortage? =
            softLimit > 0 && memory.resident > softLimit
            ? .softLimit : share ?? 0 >= Self.mostPressure ? .pressure : nil
        guard let shortage, mayShrink() else {
            // What many requests at once have left behind.
            if state.withLock({ memory.resident > $0.trimmedAt + Self.growth }) { trimAndNote() }
            return nil
        }
        await caches()
        trimAndNote()
        Counter(label: "lightbox_memory_shrinks_total", dimensions: [("reason", shortage.rawValue)]).increment()
        Logger(label: "lightbox.memory").warning(
            "memory is short: caches were let go",
            metadata: ["reason": "\(shortage.rawValue)", "resident_mib": "\(memory.resident >> 20)"])
        return shortage
    }

    private func mayShrink() -> Bool {
        let time = now()
        return state.withLock { state in
            if let last = state.shrunkAt, abs(time.timeIntervalSince(last)) < Self.pause { return false }
            state.shrunkAt = time
            return true
        }
    }

    private func trimAndNote() {
        trim()
        let resident = memory()?.resident ?? 0
        state.withLock { $0.trimmedAt = resident }
    }
}

/// Looks every few seconds.
struct MemoryService: Service {
    let watch: MemoryWatch

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await watch.look()
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }
}
