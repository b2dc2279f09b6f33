internal import Domain
internal import WorkerProtocol

/// A request to a worker and its replies. What comes back is not trusted: a decoder may have been taken over.
struct Conversation {
    typealias Answer = Result<WorkerAnswer, WorkerPoolError>

    let channel: FrameChannel
    let readiness: WorkerReadiness

    /// - Returns: the result, and whether the worker may be given another job.
    func carryOut(_ job: Job, deadline: ContinuousClock.Instant) -> (Answer, survives: Bool) {
        let picture: PictureSource.Open
        do { picture = try job.picture.open() } catch {
            return (.failure(.unavailable(reason: "The picture cannot be opened: \(error)")), true)
        }
        guard var pieces = MemoryFileWriter(limit: job.piecesLimit) else {
            return (.failure(.unavailable(reason: "A memory file cannot be made.")), true)
        }
        do throws(WorkerProtocolFault) {
            try channel.send(WorkerFrame(job.request), passing: picture.descriptor, deadline: deadline)
            while true {
                let frame = try channel.receive(WorkerReply.self, deadline: deadline)
                switch frame.message {
                case .progress(job.id, let step) where job.kind == .analyse:
                    job.progress(step)
                case .piece(job.id) where job.kind.hasPieces:
                    guard frame.attachments.count == 1, pieces.append(frame.attachments[0].bytes) else {
                        return (Self.misfit, false)
                    }
                default:
                    let (result, survives) = judge(frame, job)
                    switch result {
                    case .failure(let error): return (.failure(error), survives)
                    case .success(let last):
                        let gathered = job.kind.hasPieces ? pieces.finish() : nil
                        return (.success(WorkerAnswer(frame: last, pieces: gathered)), survives)
                    }
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

    /// Has several analyses run through the model at once.
    ///
    /// - Returns: the answers that came, by job, and whether the worker may be given another one. A job without an answer
    ///   has lost its worker, perhaps to another's picture.
    func carryOut(
        together jobs: [Job], deadline: ContinuousClock.Instant
    ) -> (answers: [UInt64: Answer], survives: Bool, timedOut: Bool) {
        var answers: [UInt64: Answer] = [:]
        var pictures: [(job: Job, picture: PictureSource.Open)] = []
        for job in jobs {
            do {
                pictures.append((job, try job.picture.open()))
            } catch {
                answers[job.id] = .failure(.unavailable(reason: "The picture cannot be opened: \(error)"))
            }
        }
        guard let first = pictures.first else { return (answers, true, false) }
        do throws(WorkerProtocolFault) {
            let announcement = WorkerRequest.together(id: first.job.id, count: pictures.count)
            try channel.send(WorkerFrame(announcement), passing: first.picture.descriptor, deadline: deadline)
            for (job, picture) in pictures {
                try channel.send(WorkerFrame(job.request), passing: picture.descriptor, deadline: deadline)
            }
            while answers.count < jobs.count {
                let frame = try channel.receive(WorkerReply.self, deadline: deadline)
                guard let job = jobs.first(where: { $0.id == frame.message.id }), answers[job.id] == nil else {
                    return (answers, false, false)
                }
                if case .progress(_, let step) = frame.message {
                    job.progress(step)
                    continue
                }
                let (result, survives) = judge(frame, job)
                // An answer that fits nothing may come from any of their pictures.
                guard survives else { return (answers, false, false) }
                answers[job.id] = result.map { WorkerAnswer(frame: $0, pieces: nil) }
            }
            return (answers, true, false)
        } catch {
            return (answers, false, error.code == .timedOut)
        }
    }

    private static var misfit: Answer {
        .failure(.workerDied(description: "The worker gave an answer that does not fit the request."))
    }

    private func judge(
        _ frame: WorkerFrame<WorkerReply>, _ job: Job
    ) -> (Result<WorkerFrame<WorkerReply>, WorkerPoolError>, survives: Bool) {
        if case .failed(job.id, let code, let message) = frame.message {
            let sentence = Self.sentence(message)
            guard let code = PictureFault.Code(rawValue: code) else {
                if code == WorkerFailure.noTextReader.rawValue { return (.failure(.noTextReader), true) }
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
        switch (frame.message, job.kind) {
        case (.encoded(_, let vector), .encode):
            return frame.attachments.isEmpty && vector.values.count == Self.vectorLength
        case (.textRead(_, let text), .readText):
            return frame.attachments.isEmpty && (text.lines + text.sideMarkers).allSatisfy(Self.isPlausible)
        case (.listed(_, let entries), .list):
            return frame.attachments.isEmpty && entries.allSatisfy { $0.index >= 0 && $0.bytes >= 0 }
        case (.sampled, .samples), (.extracted, .extract), (.deidentified, .deidentify):
            return frame.attachments.isEmpty
        case (.inspected(_, let inspection), .inspect):
            guard case .inspect(_, _, let edges) = job.request else { return false }
            return isWithin(job.limits, inspection)
                && frame.attachments.map(\.name) == edges.map(WorkerAttachment.preview)
                && frame.attachments.allSatisfy { Self.isJPEG($0.bytes) }
        case (.rendered, .render):
            return frame.attachments.count == 1 && Self.isJPEG(frame.attachment(WorkerAttachment.preview))
        case (.drawn, .heatMap):
            return frame.attachments.count == 1 && Self.isPNG(frame.attachment(WorkerAttachment.heatMap))
        case (.analysed(_, let output), .analyse):
            return frame.attachments.isEmpty && isWithin(job.limits, output.inspection)
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

    private static func isPlausible(_ line: BurnedInText.Line) -> Bool {
        let place = 0.0...1.0
        return line.text.utf8.count <= 400
            && [line.confidence, line.x, line.y, line.width, line.height].allSatisfy(place.contains)
    }

    private static func isJPEG(_ bytes: [UInt8]?) -> Bool {
        bytes?.starts(with: [0xFF, 0xD8, 0xFF]) ?? false
    }

    private static func isPNG(_ bytes: [UInt8]?) -> Bool {
        bytes?.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ?? false
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
