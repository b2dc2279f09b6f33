/// Why a model package cannot be used, or why a run of the model failed. `message` is a sentence for operators.
public struct ModelFault: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The package or one of its files is not there or not readable.
        case packageMissing
        /// `manifest.json` is not a manifest of a schema that this engine knows, or contradicts itself.
        case manifestInvalid
        /// A file or description has another SHA-256 than the manifest states.
        case checksumDiffers
        /// OpenVINO is missing, too old, or cannot compile the graph.
        case runtimeUnusable
        /// The graph's outputs are not those that the manifest describes.
        case outputsDiffer
        /// One run failed or gave numbers that are not finite.
        case runFailed
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
