internal import CProcess
internal import Glibc
internal import Logging
internal import WorkerProtocol

/// One running worker: its process, its connection and what it writes to standard error. Used by one thread.
final class WorkerProcess {
    let id: Int32
    let channel: FrameChannel
    private let log: WorkerLog

    /// How a process ended.
    enum End: Equatable {
        case status(Int32)
        case signal(Int32)

        /// Completes the sentence "The worker …".
        var description: String {
            switch self {
            case .status(let status): "ended with status \(status)"
            case .signal(SIGSYS): "tried something that its sandbox forbids (SIGSYS)"
            case .signal(let number): "was ended by \(Self.name(number))"
            }
        }

        private static func name(_ signal: Int32) -> String {
            guard let name = lb_signal_name(signal) else { return "signal \(signal)" }
            return "SIG" + String(cString: name)
        }
    }

    /// Starts the program. It dies with the calling thread.
    /// - Throws: ``WorkerPoolError/unavailable(reason:)``.
    init(_ configuration: WorkerPoolConfiguration) throws(WorkerPoolError) {
        let sockets: (Int32, Int32)
        do throws(WorkerProtocolFault) { sockets = try FrameChannel.pair() } catch {
            throw .unavailable(reason: error.message)
        }
        channel = FrameChannel(taking: sockets.0)
        defer { close(sockets.1) }
        var ends: [Int32] = [-1, -1]
        guard lb_pipe(&ends) == 0 else { throw .unavailable(reason: "A pipe cannot be made.") }
        defer { close(ends[1]) }
        log = WorkerLog(reading: ends[0], logger: configuration.logger)

        var words = [
            configuration.workerPath, "--openvino", configuration.openVINODirectory, "--model",
            configuration.modelDirectory, "--threads", "\(configuration.threadsPerWorker)", "--batch",
            "\(configuration.batch)", "--memory-limit",
            "\(configuration.memoryLimitMiB)", "--cpu-limit", "\(configuration.processorLimit)",
        ]
        if let model = configuration.sentenceModel, let tokenizer = configuration.tokenizer {
            words += ["--sentences", model, "--tokenizer", tokenizer]
        }
        // Nothing of the server's environment, which may hold secrets; no backtrace program in a sandbox.
        let environment = ["SWIFT_BACKTRACE=enable=no", "LC_ALL=C"]
        id = Self.withCStrings(words) { words in
            Self.withCStrings(environment) { environment in
                lb_process_start(configuration.workerPath, words, environment, sockets.1, ends[1])
            }
        }
        guard id > 0 else {
            throw .unavailable(
                reason: "The worker \(configuration.workerPath) cannot be started: \(String(cString: strerror(-id))).")
        }
        log.start(process: id)
    }

    /// What the worker wrote last.
    var lastWords: String? { log.lastLine }

    /// In bytes, or nil.
    var residentMemory: Int? { Self.residentMemory(of: id) }

    static func residentMemory(of process: Int32) -> Int? {
        let bytes = lb_process_resident_bytes(process)
        return bytes < 0 ? nil : Int(bytes)
    }

    func kill() {
        Self.kill(id)
    }

    /// Ends a process and whatever it has started: it leads a group of its own.
    static func kill(_ process: Int32) {
        _ = Glibc.kill(-process, SIGKILL)
    }

    /// Waits for its end; its number stays taken until ``reap()``.
    func awaitEnd() {
        _ = lb_process_await_end(id)
        log.awaitEnd()
    }

    func reap() -> End {
        var status: Int32 = 0
        var signal: Int32 = 0
        guard lb_process_reap(id, &status, &signal) == 0 else { return .status(-1) }
        return signal != 0 ? .signal(signal) : .status(status)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { UnsafePointer($0) } + [nil])
    }
}
