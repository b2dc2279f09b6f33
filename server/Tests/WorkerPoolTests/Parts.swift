import Domain
import Foundation
import Logging
import Synchronization
import Testing

@testable import WorkerPool

/// The real programs and files that these tests run: the worker, OpenVINO and the model package.
enum Parts {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path()

    /// From LIGHTBOX_WORKER_PATH, or the youngest debug build in the repository.
    static func worker() throws -> String {
        if let path = ProcessInfo.processInfo.environment["LIGHTBOX_WORKER_PATH"] { return path }
        let files = FileManager.default
        let builds = try files.contentsOfDirectory(atPath: root).filter { $0.hasPrefix(".build") }
        let found = (builds + ["engine/.build"]).flatMap {
            [root + $0 + "/debug/lightbox-worker", root + $0 + "/engine/debug/lightbox-worker"]
        }.filter { files.isExecutableFile(atPath: $0) }
        func age(_ path: String) -> Date {
            (try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date) ?? .distantPast
        }
        guard let youngest = found.max(by: { age($0) < age($1) }) else {
            throw Missing(
                description: "There is no lightbox-worker. Build it (swift build --package-path engine) or set "
                    + "LIGHTBOX_WORKER_PATH.")
        }
        return youngest
    }

    /// From LIGHTBOX_OPENVINO_DIRECTORY, or the virtual environment in the repository.
    static func openVINO() throws -> String {
        if let path = ProcessInfo.processInfo.environment["LIGHTBOX_OPENVINO_DIRECTORY"] { return path }
        let libraries = root + ".venv/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
        for version in versions {
            let path = "\(libraries)/\(version)/site-packages/openvino/libs"
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        throw Missing(description: "There is no OpenVINO. Run make setup or set LIGHTBOX_OPENVINO_DIRECTORY.")
    }

    /// From LIGHTBOX_MODELS_DIRECTORY, or the repository.
    static var model: String {
        (ProcessInfo.processInfo.environment["LIGHTBOX_MODELS_DIRECTORY"] ?? root + "models") + "/chest-xray"
    }

    static func configuration(count: Int = 1) throws -> WorkerPoolConfiguration {
        WorkerPoolConfiguration(
            workerPath: try worker(), openVINODirectory: try openVINO(), modelDirectory: model, count: count,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Starts a pool, lets `body` use it, and shuts it down; then none of its processes may be left.
    static func withPool<Result>(
        _ configuration: WorkerPoolConfiguration, _ body: (WorkerPool) async throws -> Result
    ) async throws -> Result {
        let pool = try WorkerPool(configuration: configuration)
        let result: Swift.Result<Result, any Error>
        do {
            try await pool.start()
            result = .success(try await body(pool))
        } catch {
            result = .failure(error)
        }
        let processes = pool.status.workers.compactMap(\.processID)
        await pool.shutdown(grace: .zero)
        for process in processes { #expect(kill(process, 0) == -1 && errno == ESRCH) }
        return try result.get()
    }

    /// A program in a folder of its own that speaks for a worker: it writes `words` to descriptor 3 and then runs `then`.
    static func withImpostor<Result>(
        saying words: [UInt8], then script: String, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "impostor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let words = (try? Data(words).write(to: folder.appending(path: "words"))) != nil
        #expect(words)
        let program = folder.appending(path: "worker").path()
        try "#!/bin/sh\ncat \(folder.path())/words >&3\n\(script)\n".write(
            toFile: program, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        return try await body(program)
    }
}

/// What a pool reported.
final class Incidents: Sendable {
    private let happened = Mutex<[WorkerIncident]>([])

    var all: [WorkerIncident] { happened.withLock { $0 } }

    @Sendable func add(_ incident: WorkerIncident) { happened.withLock { $0.append(incident) } }
}

extension WorkerPool {
    /// The process in the only place.
    var process: Int32? { status.workers.first?.processID }

    func analyse(
        _ picture: [UInt8], progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in }
    ) async throws -> EngineOutput {
        try await analyse(
            picture: PictureSource(bytes: picture), limits: .standard, progress: progress)
    }

    func inspect(_ picture: [UInt8], limits: PictureLimits = .standard) async throws -> PictureInspection {
        try await inspect(picture: PictureSource(bytes: picture), limits: limits, previewEdges: [512]).0
    }
}
