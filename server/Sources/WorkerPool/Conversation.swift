internal import Domain
internal import WorkerProtocol

/// A request to a worker and its replies. What comes back is not trusted: a decoder may have been taken over.
struct Conversation {
    typealias Answer = Result<WorkerFrame<WorkerReply>, WorkerPoolError>

    let channel: FrameChannel
    let readiness: WorkerReadiness

    /// - Returns: the result, and whether the worker may be given another job.
    func carryOut(_ job: Job, deadline: ContinuousClock.Instant) -> (Answer, survives: Bool) {
        do throws(WorkerProtocolFault) {
            try channel.send(WorkerFrame(job.request), passing: job.picture.descriptor, deadline: deadline)
            while true {
                let frame = try channel.receive(WorkerReply.self, deadline: deadline)
                if case .progress(job.id, let step) = frame.message, job.kind == .analyse {
                    job.progress(step)
                } else {
                    return judge(frame, job)
                }
            }
        } catch {
            switch error.code {
            case .closed: return (.failure(.workerDied(description: "")), false)
            case .timedOut: return (.failure(.timedOut), false)
            case .malformed, .tooLong, .system:
                return (
                    .failure(.workerDied(description: "The worker's answer cannot be read: \(error.message)")), false
                )
            }
        }
    }

    private func judge(_ frame: WorkerFrame<WorkerReply>, _ job: Job) -> (Answer, survives: Bool) {
        if case .failed(job.id, let code, let message) = frame.message {
            let sentence = Self.sentence(message)
            guard let code = PictureFault.Code(rawValue: code) else {
                return (.failure(.modelFailed(message: sentence)), true)
            }
            return (.failure(.picture(PictureFault(code, sentence))), true)
        }
        guard isAnswer(frame, to: job) else {
            return (
                .failure(.workerDied(description: "The worker gave an answer that does not fit the request.")), false
            )
        }
        return (.success(frame), true)
    }

    /// Numbers in the embedding of a text.
    private static let vectorLength = 384

    private func isAnswer(_ frame: WorkerFrame<WorkerReply>, to job: Job) -> Bool {
        guard frame.message.id == job.id else { return false }
        if case (.encoded(_, let vector), .encode) = (frame.message, job.kind) {
            return frame.attachments.isEmpty && vector.count == Self.vectorLength && vector.allSatisfy(\.isFinite)
        }
        guard Self.isJPEG(frame.attachment(WorkerAttachment.preview)) else { return false }
        switch (frame.message, job.kind) {
        case (.inspected(_, let inspection), .inspect):
            return isWithin(job.limits, inspection) && frame.attachments.count == 1
        case (.previewed, .preview):
            return frame.attachments.count == 1
        case (.analysed(_, let output), .analyse):
            let heads = frame.attachments.dropFirst().map(\.headID)
            return isWithin(job.limits, output.inspection) && heads == output.activations.map(\.headID)
                && frame.attachments.dropFirst().allSatisfy { Self.isPNG($0.bytes) }
                && output.activations.allSatisfy { $0.columns > 0 && $0.values.count == $0.columns * $0.rows }
                && output.modelID == readiness.modelID && output.modelVersion == readiness.modelVersion
                && output.modelSHA256 == readiness.modelSHA256
                && output.preprocessingSHA256 == readiness.preprocessingSHA256
        default:
            return false
        }
    }

    private func isWithin(_ limits: PictureLimits, _ inspection: PictureInspection) -> Bool {
        let edges = 1...max(1, limits.maxEdge)
        return edges.contains(inspection.width) && edges.contains(inspection.height)
            && inspection.width.multipliedReportingOverflow(by: inspection.height).partialValue <= limits.maxPixels
            && (1...32).contains(inspection.bitsPerSample) && inspection.frames >= 1
    }

    private static func isJPEG(_ bytes: [UInt8]?) -> Bool {
        bytes?.starts(with: [0xFF, 0xD8, 0xFF]) ?? false
    }

    private static func isPNG(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    }

    /// At most 400 characters of a text, without control characters.
    static func sentence(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }).prefix(
                400))
    }
}

extension Conversation.Answer {
    /// Whether the worker ended without a word, so that how it ended has to explain it.
    var isUnexplainedEnd: Bool {
        if case .failure(.workerDied("")) = self { true } else { false }
    }
}
