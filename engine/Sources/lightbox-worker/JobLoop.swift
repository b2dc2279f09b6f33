import CSandbox
import Domain
import Glibc
import ImageDecoding
import Inference
import WorkerProtocol

/// Serves one request after another until the server closes the connection.
struct JobLoop {
    let channel: FrameChannel
    let analyser: Analyser
    /// nil where no sentence model was given.
    let sentences: SentenceEncoder?

    /// - Throws: ``WorkerProtocolFault``: `closed` is the ordinary end.
    func run() throws(WorkerProtocolFault) {
        while true { try serveOne() }
    }

    /// Waits for one request and answers it.
    func serveOne() throws(WorkerProtocolFault) {
        let (frame, descriptor) = try channel.receiveWithDescriptor(WorkerRequest.self)
        defer { close(descriptor) }
        try send(answer(frame.message, picture: descriptor), to: frame.message)
        lb_return_free_memory()
    }

    /// Sends a reply, or `internal` if it has no form on the wire.
    private func send(_ reply: WorkerFrame<WorkerReply>, to request: WorkerRequest) throws(WorkerProtocolFault) {
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
            switch error {
            case .picture(let fault):
                return WorkerFrame(.failed(id: request.id, code: fault.code.rawValue, message: fault.message))
            case .model(let fault): return Self.failure(request.id, .modelFailed, fault.message)
            case .connection(let fault): throw fault
            }
        }
    }

    private func carryOut(
        _ request: WorkerRequest, picture descriptor: Int32
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        switch request {
        case .inspect(let id, let limits, let previewEdge):
            let (inspection, preview) = try read(descriptor, limits, previewEdge)
            return WorkerFrame(.inspected(id: id, inspection: inspection), attachments: [preview])
        case .preview(let id, let limits, let edge):
            let (_, preview) = try read(descriptor, limits, edge)
            return WorkerFrame(.previewed(id: id), attachments: [preview])
        case .analyse(let id, let limits, let frame, let invert, let previewEdge):
            let file = try open(descriptor, limits)
            let analysis = try file.withBytes { (bytes) throws(Analyser.Fault) in
                try analyser.analyse(
                    bytes, decoder: PictureDecoder(limits: limits), frame: frame, invert: invert,
                    previewEdge: previewEdge
                ) { step throws(WorkerProtocolFault) in
                    try channel.send(WorkerFrame(WorkerReply.progress(id: id, step: step)))
                }
            }
            return WorkerFrame(.analysed(id: id, output: analysis.output), attachments: analysis.attachments)
        case .encode(let id):
            guard let sentences else {
                return Self.failure(id, .noSentenceModel, "This worker has no sentence model.")
            }
            do throws(ModelFault) {
                return WorkerFrame(.encoded(id: id, vector: try sentences.encode(try text(descriptor))))
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

    /// Decodes to the end, so that a damaged file is found now and not in the analysis.
    private func read(
        _ descriptor: Int32, _ limits: PictureLimits, _ edge: Int
    ) throws(Analyser.Fault) -> (PictureInspection, WorkerAttachment) {
        let file = try open(descriptor, limits)
        let decoder = PictureDecoder(limits: limits)
        do throws(PictureFault) {
            let picture = try file.withBytes { (bytes) throws(PictureFault) in try decoder.decode(bytes) }
            let preview = try decoder.preview(picture, longestEdge: edge)
            return (picture.inspection, WorkerAttachment(name: WorkerAttachment.preview, bytes: preview))
        } catch {
            throw .picture(error)
        }
    }

    private func open(_ descriptor: Int32, _ limits: PictureLimits) throws(Analyser.Fault) -> PictureBytes {
        do throws(PictureFault) {
            return try PictureBytes(descriptor: descriptor, limits: limits)
        } catch {
            throw .picture(error)
        }
    }

    private static func failure(_ id: UInt64, _ code: WorkerFailure, _ message: String) -> WorkerFrame<WorkerReply> {
        WorkerFrame(.failed(id: id, code: code.rawValue, message: message))
    }
}
