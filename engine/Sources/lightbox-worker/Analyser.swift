import Domain
import ImageDecoding
import Inference
import WorkerProtocol

/// The way from a file's bytes to raw numbers, and to where in the picture they came from.
struct Analyser {
    let model: OpenVINOModel

    enum Fault: Error {
        case picture(PictureFault)
        case model(ModelFault)
        case connection(WorkerProtocolFault)
    }

    /// A picture that the model can look at.
    struct Prepared {
        fileprivate let picture: ReadPicture
        fileprivate let measurements: PictureMeasurements
        fileprivate var stopwatch: Stopwatch
    }

    typealias Progress = (AnalysisStep) throws(WorkerProtocolFault) -> Void

    /// - Parameters:
    ///   - bytes: the file.
    ///   - order: the frame, and how it is adjusted.
    ///   - progress: called before each step.
    func analyse(
        _ bytes: UnsafeRawBufferPointer, decoder: PictureDecoder, _ order: PictureOrder, progress: Progress
    ) throws(Fault) -> EngineOutput {
        var prepared = try prepare(bytes, decoder: decoder, order, progress: progress)
        try Self.begin(.inferring, &prepared, progress)
        let run: OpenVINOModel.Output
        do throws(ModelFault) {
            run = try model.infer(pixels: prepared.picture.input)
        } catch {
            throw .model(error)
        }
        return try explain(prepared, run, progress: progress)
    }

    func prepare(
        _ bytes: UnsafeRawBufferPointer, decoder: PictureDecoder, _ order: PictureOrder, progress: Progress
    ) throws(Fault) -> Prepared {
        var stopwatch = Stopwatch()
        var order = order
        order.input = model.manifest.input
        order.measures = true

        stopwatch.begin(.decoding)
        try Self.tell(.decoding, progress)
        let picture = try pictureFault { () throws(PictureFault) in try decoder.read(bytes, order) }

        stopwatch.begin(.checking)
        try Self.tell(.checking, progress)
        guard let measurements = picture.measurements else {
            throw .picture(PictureFault(.damagedPicture, "The picture could not be measured."))
        }
        return Prepared(picture: picture, measurements: measurements, stopwatch: stopwatch)
    }

    /// Runs the model on all of them at once. Where that fails each is run alone, so that one costs no other.
    func infer(
        together prepared: inout [Prepared], progress: [Progress]
    ) throws(Fault) -> [Result<OpenVINOModel.Output, ModelFault>] {
        for index in prepared.indices { try Self.begin(.inferring, &prepared[index], progress[index]) }
        let model = model
        if let outputs = try? model.infer(together: prepared.map(\.picture.input)) {
            return outputs.map { .success($0) }
        }
        return prepared.map { one in
            do throws(ModelFault) {
                return .success(try model.infer(pixels: one.picture.input))
            } catch {
                return .failure(error)
            }
        }
    }

    func explain(
        _ prepared: Prepared, _ run: OpenVINOModel.Output, progress: Progress
    ) throws(Fault) -> EngineOutput {
        var prepared = prepared
        try Self.begin(.explaining, &prepared, progress)
        let activations = explained.map { head, channel in run.activation(channel, of: head.id) }
        prepared.stopwatch.end()
        let manifest = model.manifest
        return EngineOutput(
            inspection: prepared.picture.inspection, measurements: prepared.measurements, logits: run.logits,
            activations: activations, modelID: manifest.id, modelVersion: manifest.version,
            modelSHA256: manifest.sha256, preprocessingSHA256: manifest.preprocessingSha256,
            milliseconds: prepared.stopwatch.milliseconds)
    }

    private static func begin(_ step: AnalysisStep, _ prepared: inout Prepared, _ progress: Progress) throws(Fault) {
        prepared.stopwatch.begin(step)
        try tell(step, progress)
    }

    private static func tell(_ step: AnalysisStep, _ progress: Progress) throws(Fault) {
        do throws(WorkerProtocolFault) { try progress(step) } catch { throw .connection(error) }
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
