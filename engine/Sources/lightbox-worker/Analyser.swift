import Domain
import ImageDecoding
import Inference
import WorkerProtocol

/// The way from a file's bytes to raw numbers and heat maps.
struct Analyser {
    /// The longest edge of a heat map in pixels; the page enlarges it smoothly.
    static let heatMapEdge = 384

    let model: OpenVINOModel

    struct Analysis {
        let output: EngineOutput
        let attachments: [WorkerAttachment]
    }

    enum Fault: Error {
        case picture(PictureFault)
        case model(ModelFault)
        case connection(WorkerProtocolFault)
    }

    /// - Parameters:
    ///   - bytes: the file.
    ///   - order: the frame, how it is adjusted, and the edge of the preview.
    ///   - progress: called before each step.
    func analyse(
        _ bytes: UnsafeRawBufferPointer, decoder: PictureDecoder, _ order: PictureOrder,
        progress: (AnalysisStep) throws(WorkerProtocolFault) -> Void
    ) throws(Fault) -> Analysis {
        var stopwatch = Stopwatch()
        func begin(_ step: AnalysisStep) throws(Fault) {
            stopwatch.begin(step)
            do throws(WorkerProtocolFault) { try progress(step) } catch { throw .connection(error) }
        }
        var order = order
        order.input = model.manifest.input
        order.measures = true

        try begin(.decoding)
        let picture = try pictureFault { () throws(PictureFault) in try decoder.read(bytes, order) }

        try begin(.checking)
        guard let measurements = picture.measurements else {
            throw .picture(PictureFault(.damagedPicture, "The picture could not be measured."))
        }

        try begin(.inferring)
        let run: OpenVINOModel.Output
        do throws(ModelFault) { run = try model.infer(pixels: picture.input) } catch { throw .model(error) }

        try begin(.explaining)
        var activations: [HeadActivation] = []
        let attachments = try pictureFault { () throws(PictureFault) in
            var made = picture.previews.map { WorkerAttachment(name: WorkerAttachment.preview, bytes: $0.jpeg) }
            for (head, channel) in explained {
                let activation = run.activation(channel, of: head.id)
                let png = try HeatMap.png(
                    activation, pictureWidth: picture.width, pictureHeight: picture.height,
                    longestEdge: Self.heatMapEdge)
                activations.append(activation)
                made.append(WorkerAttachment(name: WorkerAttachment.heatMap(head.id), bytes: png))
            }
            return made
        }
        stopwatch.end()
        let manifest = model.manifest
        return Analysis(
            output: EngineOutput(
                inspection: picture.inspection, measurements: measurements, logits: run.logits,
                activations: activations, modelID: manifest.id, modelVersion: manifest.version,
                modelSHA256: manifest.sha256, preprocessingSHA256: manifest.preprocessingSha256,
                milliseconds: stopwatch.milliseconds),
            attachments: attachments)
    }

    /// The heads that get a heat map, with their channels. A map over a padded or cropped square would lie beside the
    /// picture's parts, so there are none then.
    private var explained: [(ModelManifest.Head, Int)] {
        guard model.manifest.input.resize.fit == .stretch else { return [] }
        return model.manifest.heads.compactMap { head in
            guard head.shown, head.purpose == .finding, let channel = head.activationIndex else { return nil }
            return (head, channel)
        }
    }

    private func pictureFault<Result>(_ work: () throws(PictureFault) -> Result) throws(Fault) -> Result {
        do throws(PictureFault) { return try work() } catch { throw .picture(error) }
    }
}

/// Wall time of each step.
private struct Stopwatch {
    private(set) var milliseconds: [String: Double] = [:]
    private var current: (step: AnalysisStep, since: ContinuousClock.Instant)?

    mutating func begin(_ step: AnalysisStep) {
        end()
        current = (step, .now)
    }

    mutating func end() {
        guard let (step, since) = current else { return }
        milliseconds[step.rawValue] = since.duration(to: .now) / .milliseconds(1)
        current = nil
    }
}
