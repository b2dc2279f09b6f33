import CSandbox
import Domain
import Glibc
import ImageDecoding
import Inference
import TextReading
import WorkerProtocol

/// The process that reads pictures of unknown origin and runs the model. It loads everything, gives up what it does not
/// need any more, and serves the server over descriptor 3.
///
/// It ends with status 0 when the server closes the connection, 64 for a wrong command line, 1 when it cannot start or go
/// on.
@main
struct Worker {
    static let socket: Int32 = 3

    static func main() {
        let started = ContinuousClock.now
        lb_sandbox_prepare()
        let arguments: Arguments
        do throws(Arguments.Mistake) {
            arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        } catch {
            end(64, "\(error.message)\n\(Arguments.usage)")
        }
        guard FrameChannel.isSocket(socket) else {
            end(64, "This program is started by lightbox, with a socket on descriptor 3.\n\(Arguments.usage)")
        }
        let channel = FrameChannel(taking: socket)
        do {
            let package = try ModelPackage(directory: arguments.model)
            let model = try OpenVINOModel(
                package, libraries: arguments.libraries, threads: arguments.threads, batch: arguments.batch)
            let sentences =
                arguments.sentences.isEmpty
                ? nil
                : try SentenceEncoder(
                    model: arguments.sentences, tokenizer: arguments.tokenizer, libraries: arguments.libraries,
                    threads: arguments.threads)
            let jobs = JobLoop(
                channel: channel, analyser: Analyser(model: model), sentences: sentences,
                texts: TextReader(dataFolder: arguments.textData), cpuSeconds: arguments.cpuLimit)
            try WarmUp(jobs: jobs).run()
            var readiness = WorkerReadiness(
                modelID: model.manifest.id, modelVersion: model.manifest.version, modelSHA256: model.manifest.sha256,
                preprocessingSHA256: model.manifest.preprocessingSha256, library: model.libraryVersion,
                startMilliseconds: started.duration(to: .now) / .milliseconds(1), readsText: jobs.texts != nil)
            readiness.sandbox = try enterSandbox(arguments)
            serve(jobs, after: readiness)
        } catch {
            refuseToStart(channel, "\(error)")
        }
    }

    /// Never returns: taking the model down would need more than the sandbox allows.
    private static func serve(_ jobs: JobLoop, after readiness: WorkerReadiness) -> Never {
        do throws(WorkerProtocolFault) {
            try jobs.channel.send(WorkerFrame(WorkerReply.ready(readiness)))
            try jobs.run()
        } catch {
            if error.code != .closed { end(1, error.message) }
        }
        _exit(0)
    }

    /// - Returns: the layers in force, as in ``WorkerReadiness/sandbox``.
    private static func enterSandbox(_ arguments: Arguments) throws(WarmUp.Fault) -> [String] {
        var message = [CChar](repeating: 0, count: 256)
        var layers = LBSandboxLayers()
        let status = lb_sandbox_enter(
            socket, UInt64(arguments.memoryLimit) << 20, arguments.cpuLimit > 0, &layers, &message, message.count)
        guard status == 0 else {
            throw WarmUp.Fault(
                description: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        var names: [String] = []
        if layers.seccomp { names.append("seccomp") }
        if layers.landlock > 0 { names.append("landlock-\(layers.landlock)") }
        if layers.limits { names.append("rlimits") }
        if layers.cpu { names.append("cpu-limit") }
        return names
    }

    private static func refuseToStart(_ channel: FrameChannel, _ message: String) -> Never {
        let reply = WorkerReply.failed(id: 0, code: WorkerFailure.cannotStart.rawValue, message: message)
        // Where nobody listens the line below still says it.
        try? channel.send(WorkerFrame(reply))
        end(1, message)
    }

    /// Ends without the exit handlers of libraries, which would run into the sandbox.
    private static func end(_ status: Int32, _ message: String) -> Never {
        let line = Array((message + "\n").utf8)
        _ = write(2, line, line.count)
        _exit(status)
    }
}
