import Custody
import Domain
import Foundation
import Glibc
import Metrics
import SQLiteStore
import Synchronization
import WebAPI
import WorkerPool
import WorkerProtocol
import Workflows

/// What must be well for requests to be served. All checks run side by side, and none is waited for longer than two
/// seconds: one that hangs has failed.
struct HealthChecks: Sendable {
    let database: SQLiteDatabase
    let engine: WorkerPictureEngine
    let keys: Keyring
    let dataDirectory: String
    /// Bytes that must be free at least, or 2 % of a small disk.
    let leastFree: Int

    private static let patience = Duration.seconds(2)

    @Sendable func run() async -> [HealthCheck] {
        let checks: [(String, @Sendable () async -> String?)] = [
            ("database", { await checkDatabase() }), ("disk", { checkDisk() }),
            ("engine", { await engine.trouble() }), ("model", { checkModel() }), ("keys", { await checkKeys() }),
        ]
        let found = await withTaskGroup(of: HealthCheck.self) { group in
            for (name, check) in checks {
                group.addTask {
                    HealthCheck(name, trouble: await Bounded.run(for: Self.patience, check) ?? "it doesn't answer")
                }
            }
            return await group.reduce(into: [String: HealthCheck]()) { $0[$1.name] = $1 }
        }
        return checks.compactMap { name, _ in
            guard var check = found[name] else { return nil }
            if check.trouble?.isEmpty == true { check.trouble = nil }
            Gauge(label: "lightbox_health_check_ok", dimensions: [("check", name)]).record(check.trouble == nil ? 1 : 0)
            return check
        }
    }

    private func checkDatabase() async -> String? {
        do throws(Fault) {
            try await database.check()
            return ""
        } catch {
            return if case .storageFull = error { "the disk is full" } else { "it doesn't take writes" }
        }
    }

    private func checkDisk() -> String? {
        guard let disk = DiskSpace(of: dataDirectory) else { return "its size can't be read" }
        return disk.hasRoom(leastFree) ? "" : "\(disk.free / 1_048_576) MiB are free"
    }

    private func checkModel() -> String? {
        let status = engine.status
        guard let readiness = status.readiness else { return "no worker has loaded it" }
        return readiness.modelSHA256 == engine.manifest.sha256 ? "" : "the workers run another one"
    }

    private func checkKeys() async -> String? {
        do throws(Fault) {
            return try await keys.belongs() ? "" : "the master key isn't the one of the data"
        } catch {
            return "the proof of the master key can't be read"
        }
    }
}

/// The disk that a folder is on.
struct DiskSpace: Sendable, Equatable {
    /// In bytes, for a process without privileges.
    var free: Int
    var size: Int

    init(free: Int, size: Int) {
        self.free = free
        self.size = size
    }

    /// Whether so many bytes are free, or 2 % of a small disk.
    func hasRoom(_ least: Int) -> Bool { free >= min(least, size / 50) }

    init?(of path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        free = Int(status.f_bavail) * Int(status.f_frsize)
        size = Int(status.f_blocks) * Int(status.f_frsize)
    }
}

/// Waits only so long for something that can't be called off.
enum Bounded {
    /// - Returns: nil if it took longer; it goes on, and what it gives is thrown away.
    static func run<Value: Sendable>(
        for duration: Duration, _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let (results, end) = AsyncStream<Value?>.makeStream()
        let working = Task { end.yield(await work()) }
        let waiting = Task {
            try? await Task.sleep(for: duration)
            end.yield(nil)
        }
        defer {
            working.cancel()
            waiting.cancel()
        }
        for await result in results { return result }
        return nil
    }
}
