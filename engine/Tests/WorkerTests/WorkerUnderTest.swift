import Domain
import Foundation
import Glibc
import Testing
import WorkerProtocol

/// What SwiftPM built beside these tests.
enum Built {
    static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let openVINO: String = {
        if let path = ProcessInfo.processInfo.environment["LIGHTBOX_OPENVINO_DIRECTORY"] { return path }
        let folder = root.appending(path: ".venv/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return folder.appending(path: "\(versions.first ?? "")/site-packages/openvino/libs").path()
    }()
}

/// A real `lightbox-worker`, started as the server starts it, and ended when this goes.
final class WorkerUnderTest {
    let process: pid_t
    let channel: FrameChannel
    private var lastID: UInt64 = 0
    private var isReaped = false

    struct CannotStart: Error {
        let status: Int32
    }

    init(
        memoryLimitMiB: Int = 3072, model: String = Built.root.appending(path: "models/chest-xray").path(),
        openVINO: String = Built.openVINO
    ) throws {
        let (here, there) = try FrameChannel.pair()
        channel = FrameChannel(taking: here)
        defer { close(there) }
        let program = Built.folder.appending(path: "lightbox-worker").path()
        let words = [
            program, "--openvino", openVINO, "--model", model, "--memory-limit", "\(memoryLimitMiB)",
        ]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, there, 3)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("SWIFT_BACKTRACE=enable=no"), nil]
        defer { for variable in environment { free(variable) } }
        var child: pid_t = 0
        let status = posix_spawn(&child, program, &actions, nil, &arguments, &environment)
        guard status == 0 else { throw CannotStart(status: status) }
        process = child
    }

    deinit {
        channel.close()
        if !isReaped {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    static var soon: ContinuousClock.Instant { .now + .seconds(60) }

    func receive() throws -> WorkerFrame<WorkerReply> {
        try channel.receive(WorkerReply.self, deadline: Self.soon)
    }

    @discardableResult
    func ready() throws -> WorkerReadiness {
        let frame = try receive()
        guard case .ready(let readiness) = frame.message else {
            throw Unexpected(message: "\(frame.message)")
        }
        return readiness
    }

    struct Unexpected: Error {
        let message: String
    }

    /// Asks with a picture in memory, and returns the answer and the steps that came before it.
    func ask(
        _ picture: [UInt8], _ request: (UInt64) -> WorkerRequest
    ) throws -> (answer: WorkerFrame<WorkerReply>, steps: [AnalysisStep]) {
        lastID += 1
        let file = try PictureBytes.sealedFile(picture)
        defer { close(file) }
        try channel.send(WorkerFrame(request(lastID)), passing: file, deadline: Self.soon)
        var steps: [AnalysisStep] = []
        while true {
            let frame = try receive()
            #expect(frame.message.id == lastID)
            if case .progress(_, let step) = frame.message { steps.append(step) } else { return (frame, steps) }
        }
    }

    func inspect(_ picture: [UInt8]) throws -> WorkerFrame<WorkerReply> {
        try ask(picture) { .inspect(id: $0, limits: .standard, previewEdge: 256) }.answer
    }

    /// The code with which a picture is refused; nil where it is read.
    func refusal(_ picture: [UInt8]) throws -> String? {
        if case .failed(_, let code, _) = try inspect(picture).message { code } else { nil }
    }

    /// Closes the connection and returns how the process ended.
    func end() -> Int32 {
        channel.close()
        var status: Int32 = 0
        waitpid(process, &status, 0)
        isReaped = true
        return status
    }

    /// A line of `/proc/PID/status`, without its name.
    func status(_ name: String) throws -> String {
        let lines = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name + ":") })
        return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }

    /// In bytes.
    var peakMemory: Int {
        get throws { try #require(Int(try status("VmHWM").prefix { $0 != " " })) << 10 }
    }

    func limit(_ name: String) throws -> String {
        let lines = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name) })
        return String(line.dropFirst(26).split(separator: " ").first ?? "")
    }
}
