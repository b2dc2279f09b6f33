internal import COpenVINO
public import Domain
internal import Foundation

/// A model package, compiled by OpenVINO for the CPU in 32-bit floats, for one picture at a time and, where it is
/// asked for, for several.
///
/// Everything is compiled and run once in the initialiser; ``infer(pixels:)`` neither opens files nor makes memory
/// executable, so it works inside the worker's sandbox. Not safe for use by two threads at once.
public final class OpenVINOModel {
    public let manifest: ModelManifest
    /// OpenVINO's own version text.
    public let libraryVersion: String
    /// Most pictures of one run: 1, 2, 4 or 8.
    public let batch: Int
    private let model: OpaquePointer

    /// What one run gives.
    public struct Output: Sendable, Equatable {
        /// All heads side by side.
        public let logits: [Float]
        /// Size of one activation map.
        public let columns: Int
        public let rows: Int
        /// Channel after channel, each row by row from the top left.
        public let activations: [Float]

        /// One channel, named for its head.
        /// - Precondition: the channel is within range, as the model's initialiser has checked for every head.
        public func activation(_ channel: Int, of headID: String) -> HeadActivation {
            let size = columns * rows
            return HeadActivation(
                headID: headID, columns: columns, rows: rows,
                values: Array(activations[channel * size..<(channel + 1) * size]))
        }
    }

    /// - Parameters:
    ///   - libraries: the folder that holds `libopenvino_c.so` and its companions.
    ///   - threads: how many threads one run uses, at least 1.
    ///   - batch: most pictures of one run; the next lower power of two is taken, up to 8. Each doubling takes the memory
    ///     of one more compiled network.
    /// - Throws: ``ModelFault`` with `runtimeUnusable`, `outputsDiffer` or `runFailed`.
    public init(_ package: ModelPackage, libraries: String, threads: Int, batch: Int = 1) throws(ModelFault) {
        let manifest = package.manifest
        let input = manifest.input
        let batch = [8, 4, 2].first { $0 <= batch } ?? 1
        var message = [CChar](repeating: 0, count: 2048)
        let opened = package.graph.withUnsafeBytes { graph in
            input.name.withCString { name in
                manifest.outputs.logits.withCString { logits in
                    manifest.outputs.activation.withCString { activation in
                        var layout = lb_model_layout(
                            input: name, logits: logits, activation: activation, height: Int64(input.height),
                            width: Int64(input.width), threads: Int32(clamping: max(1, threads)),
                            batch: Int32(batch))
                        return lb_model_open(
                            libraries, graph.baseAddress, graph.count, &layout, &message, message.count)
                    }
                }
            }
        }
        guard let opened else { throw ModelFault(.runtimeUnusable, Self.text(message)) }
        self.manifest = manifest
        self.batch = batch
        model = opened
        libraryVersion = String(cString: lb_model_library_version(opened))
        try checkOutputs()
    }

    deinit {
        lb_model_close(model)
    }

    /// Runs the model on one picture.
    ///
    /// - Parameter pixels: grey 0 (black) ... 255 (white), bone white, `input.width * input.height` values row by row.
    /// - Throws: ``ModelFault`` with `runFailed`, also where a pixel or a score is not a finite number.
    public func infer(pixels: [Float]) throws(ModelFault) -> Output {
        try run(pixels, pictures: 1)[0]
    }

    /// Runs the model on several pictures at once, as many in one run as it was made for. Each gets the numbers that it
    /// would get alone.
    ///
    /// - Throws: as ``infer(pixels:)``, for the first picture that can't be used.
    public func infer(together pictures: [[Float]]) throws(ModelFault) -> [Output] {
        var rest = pictures[...]
        var outputs: [Output] = []
        while !rest.isEmpty {
            var count = 1
            while count * 2 <= min(batch, rest.count) { count *= 2 }
            outputs += try run(rest.prefix(count).flatMap(\.self), pictures: count)
            rest = rest.dropFirst(count)
        }
        return outputs
    }

    private func run(_ pixels: [Float], pictures: Int) throws(ModelFault) -> [Output] {
        // The graph's clipped activations would turn them into plausible scores.
        guard pixels.allSatisfy(\.isFinite) else {
            throw ModelFault(.runFailed, "The picture has pixels that are not finite numbers.")
        }
        var message = [CChar](repeating: 0, count: 2048)
        guard lb_model_infer(model, pixels, pixels.count, Int32(pictures), &message, message.count) == 0 else {
            throw ModelFault(.runFailed, Self.text(message))
        }
        var outputs: [Output] = []
        for picture in 0..<Int32(pictures) {
            var count = 0
            let logits = Array(UnsafeBufferPointer(start: lb_model_logits(model, picture, &count), count: count))
            var shape: [Int64] = [0, 0, 0]
            let values = lb_model_activation(model, picture, &shape)
            let activations = Array(UnsafeBufferPointer(start: values, count: Int(shape[0] * shape[1] * shape[2])))
            guard logits.allSatisfy(\.isFinite), activations.allSatisfy(\.isFinite) else {
                throw ModelFault(.runFailed, "The model gave numbers that are not finite.")
            }
            outputs.append(
                Output(logits: logits, columns: Int(shape[2]), rows: Int(shape[1]), activations: activations))
        }
        return outputs
    }

    /// Runs the model on mid-grey, which also makes it start its threads, and holds the outputs against the manifest.
    private func checkOutputs() throws(ModelFault) {
        let output = try infer(pixels: [Float](repeating: 127.5, count: manifest.input.width * manifest.input.height))
        // Each number of pictures once: nothing may be started later.
        let grey = [Float](repeating: 127.5, count: manifest.input.width * manifest.input.height)
        var pictures = 2
        while pictures <= batch {
            _ = try infer(together: Array(repeating: grey, count: pictures))
            pictures *= 2
        }
        let channels = output.activations.count / (output.columns * output.rows)
        for head in manifest.heads {
            guard head.indices.allSatisfy({ $0 < output.logits.count }), head.activationIndex ?? 0 < channels else {
                throw ModelFault(
                    .outputsDiffer,
                    "The head \(head.id) points outside of the model's \(output.logits.count) scores and "
                        + "\(channels) activation maps.")
            }
        }
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
