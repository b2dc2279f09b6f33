import CSandbox
import Domain
import Glibc
import ImageDecoding
import Inference
import TextReading
import WorkerProtocol

/// Serves one request after another until the server closes the connection.
struct JobLoop {
    let channel: FrameChannel
    let analyser: Analyser
    /// nil where no sentence model was given.
    let sentences: SentenceEncoder?
    /// nil where Tesseract's data is missing.
    let texts: TextReader?
    /// Most processor time of one job in seconds; 0 for no limit, or before the sandbox is entered.
    var cpuSeconds = 0

    /// - Throws: ``WorkerProtocolFault``: `closed` is the ordinary end.
    func run() throws(WorkerProtocolFault) {
        while true { try serveOne() }
    }

    /// Waits for one request and answers it.
    func serveOne() throws(WorkerProtocolFault) {
        let (frame, descriptor) = try channel.receiveWithDescriptor(WorkerRequest.self)
        defer { close(descriptor) }
        if case .together(_, let count) = frame.message { return try serveTogether(count) }
        guard cpuSeconds == 0 || lb_cpu_limit_begin(UInt32(cpuSeconds)) == 0 else {
            throw WorkerProtocolFault(.system, "The limit of processor time cannot be set.")
        }
        let reply = try answer(frame.message, picture: descriptor)
        try send(reply, to: frame.message)
        lb_return_free_memory(reply.message.mostLeft)
    }

    /// Sends a reply, or `internal` if it has no form on the wire.
    func send(_ reply: WorkerFrame<WorkerReply>, to request: WorkerRequest) throws(WorkerProtocolFault) {
        do throws(WorkerProtocolFault) {
            try channel.send(reply)
        } catch {
            guard error.code == .malformed || error.code == .tooLong else { throw error }
            try channel.send(Self.failure(request.id, .internal, error.message))
        }
    }

    /// - Throws: ``WorkerProtocolFault`` only: everything else becomes a reply.
    func answer(
        _ request: WorkerRequest, picture descriptor: Int32
    ) throws(WorkerProtocolFault) -> WorkerFrame<WorkerReply> {
        do throws(Analyser.Fault) {
            return try carryOut(request, picture: descriptor)
        } catch {
            return try reply(to: request, error)
        }
    }

    /// - Throws: what happened to the connection; everything else becomes a reply.
    func reply(
        to request: WorkerRequest, _ fault: Analyser.Fault
    ) throws(WorkerProtocolFault) -> WorkerFrame<WorkerReply> {
        switch fault {
        case .picture(let fault):
            return WorkerFrame(.failed(id: request.id, code: fault.code.rawValue, message: fault.message))
        case .model(let fault): return Self.failure(request.id, .modelFailed, fault.message)
        case .connection(let fault): throw fault
        }
    }

    private func carryOut(
        _ request: WorkerRequest, picture descriptor: Int32
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        switch request {
        case .inspect(let id, let limits, let edges):
            return try inspect(id, try open(descriptor, limits), limits, edges)
        case .rendition(let id, let limits, let frame, let adjustment, let edge):
            let order = PictureOrder(frame: frame, adjustment: adjustment, previewEdges: [max(1, edge)])
            return try render(id, try open(descriptor, limits), limits, order)
        case .samples(let id, let limits, let frame):
            return try sample(id, try open(descriptor, limits), limits, frame)
        case .analyse(let id, let limits, let frame, let adjustment):
            let order = PictureOrder(frame: frame, adjustment: adjustment)
            let file = try open(descriptor, limits)
            let output = try file.withBytes { (bytes) throws(Analyser.Fault) in
                try analyser.analyse(bytes, decoder: decoder(of: file, limits), order) {
                    step throws(WorkerProtocolFault) in
                    try channel.send(WorkerFrame(WorkerReply.progress(id: id, step: step)))
                }
            }
            return WorkerFrame(.analysed(id: id, output: output))
        case .heatMap(let id, let activation, let width, let height, let edge):
            return try draw(id, activation, width: width, height: height, longestEdge: edge)
        case .readText(let id, let limits, let frame): return try readText(id, descriptor, limits, frame: frame)
        case .list(let id, let limits, let archive): return try list(id, descriptor, limits, archive)
        case .extract(let id, let limits, let archive, let index):
            return try extract(id, descriptor, limits, archive, index)
        case .deidentify(let id, let limits): return try deidentify(id, descriptor, limits)
        case .together(let id, _):
            return Self.failure(id, .internal, "Analyses are announced before they come.")
        case .encode(let id):
            guard let sentences else {
                return Self.failure(id, .noSentenceModel, "This worker has no sentence model.")
            }
            do throws(ModelFault) {
                return WorkerFrame(
                    .encoded(id: id, vector: PackedFloats(try sentences.encode(try text(descriptor)))))
            } catch {
                throw .model(error)
            }
        }
    }

    private func text(_ descriptor: Int32) throws(ModelFault) -> String {
        var bytes = [UInt8](repeating: 0, count: WorkerRequest.longestText + 1)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0, count <= WorkerRequest.longestText else {
            throw ModelFault(.runFailed, "The text cannot be read, or is too long.")
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    func open(_ descriptor: Int32, _ limits: PictureLimits) throws(Analyser.Fault) -> PictureBytes {
        do throws(PictureFault) {
            return try PictureBytes(descriptor: descriptor, limits: limits)
        } catch {
            throw .picture(error)
        }
    }

    static func failure(_ id: UInt64, _ code: WorkerFailure, _ message: String) -> WorkerFrame<WorkerReply> {
        WorkerFrame(.failed(id: id, code: code.rawValue, message: message))
    }
}

extension WorkerReply {
    /// About how many bytes the job has left free in the heap: rows of eight bytes a pixel are rare. Plenty where the reply
    /// doesn't tell.
    fileprivate var mostLeft: Int {
        switch self {
        case .encoded: 1 << 20
        case .analysed(_, let output): 1 << 20 + 8 * output.inspection.width * output.inspection.height
        default: JobLoop.muchLeft
        }
    }
}

extension JobLoop {
    /// Enough to look whether memory can be given back.
    static let muchLeft = 1 << 30
}
