/// The class activation map of one head: where in the picture its score came from.
///
/// Source: Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016.
public struct HeadActivation: Codable, Sendable, Equatable {
    public var headID: String
    public var columns: Int
    public var rows: Int
    /// Row by row from the top left; contributions to the logit, not normalised.
    public var values: [Float]

    public init(headID: String, columns: Int, rows: Int, values: [Float]) {
        self.headID = headID
        self.columns = columns
        self.rows = rows
        self.values = values
    }
}

/// The steps of an analysis, in order.
public enum AnalysisStep: String, Codable, Sendable, CaseIterable {
    /// Reading the pixels.
    case decoding
    /// Measuring the picture and preparing it for the model.
    case checking
    /// Running the model.
    case inferring
    /// Handing on where the scores came from, which heat maps are drawn of later.
    case explaining
}

/// What the worker measured on one picture: raw numbers, before any interpretation.
public struct EngineOutput: Codable, Sendable, Equatable {
    public var inspection: PictureInspection
    public var measurements: PictureMeasurements
    /// All heads side by side, in the order of the model package.
    public var logits: [Float]
    @PackedActivations public var activations: [HeadActivation]
    public var modelID: String
    public var modelVersion: String
    /// SHA-256 of the model file and of the preprocessing description, lower-case hexadecimal.
    public var modelSHA256: String
    public var preprocessingSHA256: String
    /// Wall time of each step, by the name of the ``AnalysisStep``.
    public var milliseconds: [String: Double]

    public init(
        inspection: PictureInspection, measurements: PictureMeasurements, logits: [Float],
        activations: [HeadActivation], modelID: String, modelVersion: String, modelSHA256: String,
        preprocessingSHA256: String, milliseconds: [String: Double]
    ) {
        self.inspection = inspection
        self.measurements = measurements
        self.logits = logits
        self.activations = activations
        self.modelID = modelID
        self.modelVersion = modelVersion
        self.modelSHA256 = modelSHA256
        self.preprocessingSHA256 = preprocessingSHA256
        self.milliseconds = milliseconds
    }
}
