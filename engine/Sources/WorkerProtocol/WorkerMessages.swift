public import Domain

/// What the server asks of a worker. Each request travels with one read-only descriptor of the picture.
public enum WorkerRequest: Codable, Sendable, Equatable {
    /// Read the picture to its end and make a preview.
    case inspect(id: UInt64, limits: PictureLimits, previewEdge: Int)
    /// Make a preview only.
    case preview(id: UInt64, limits: PictureLimits, edge: Int)
    /// Decode, measure, run the model and draw heat maps.
    ///
    /// - `frame`: counted from 0. `invert`: swap black and white before anything else is done.
    case analyse(id: UInt64, limits: PictureLimits, frame: Int, invert: Bool, previewEdge: Int)
    /// Turn a text into a vector. The text, UTF-8 of at most ``longestText`` bytes, is what the descriptor holds.
    case encode(id: UInt64)

    public static let longestText = 16 << 10

    /// The number that every reply to this request repeats.
    public var id: UInt64 {
        switch self {
        case .inspect(let id, _, _), .preview(let id, _, _), .analyse(let id, _, _, _, _), .encode(let id): id
        }
    }
}

/// What a worker answers. A request is answered by any number of `progress` and then exactly one other reply.
public enum WorkerReply: Codable, Sendable, Equatable {
    /// Sent once, when the model is loaded and the sandbox is entered.
    case ready(WorkerReadiness)
    /// Sent before each step of an analysis.
    case progress(id: UInt64, step: AnalysisStep)
    /// With the attachment ``WorkerAttachment/preview``.
    case inspected(id: UInt64, inspection: PictureInspection)
    /// With the attachment ``WorkerAttachment/preview``.
    case previewed(id: UInt64)
    /// With the attachment ``WorkerAttachment/preview`` and one ``WorkerAttachment/heatMap(_:)`` for each shown finding
    /// that has one.
    case analysed(id: UInt64, output: EngineOutput)
    /// The embedding of a text.
    case encoded(id: UInt64, vector: [Float])
    /// `code` is a ``PictureFault/Code``, or one of ``WorkerFailure``. A worker that cannot start sends it with id 0
    /// and ends.
    case failed(id: UInt64, code: String, message: String)

    /// The request that is answered; nil for ``ready(_:)``.
    public var id: UInt64? {
        switch self {
        case .ready: nil
        case .progress(let id, _), .inspected(let id, _), .previewed(let id), .analysed(let id, _),
            .encoded(let id, _), .failed(let id, _, _):
            id
        }
    }
}

/// Codes of ``WorkerReply/failed(id:code:message:)`` that do not speak of the picture.
public enum WorkerFailure: String, Sendable, CaseIterable {
    /// The model gave an error or numbers that are not finite.
    case modelFailed = "model-failed"
    /// The request could not be carried out for a reason that is the program's own.
    case `internal` = "internal"
    /// The worker was started without a sentence model.
    case noSentenceModel = "no-sentence-model"
    /// The worker cannot start: the model package or OpenVINO is missing or broken.
    case cannotStart = "cannot-start"
}

/// What a worker runs.
public struct WorkerReadiness: Codable, Sendable, Equatable {
    public var modelID: String
    public var modelVersion: String
    /// SHA-256 of the model file and of the preprocessing description, lower-case hexadecimal.
    public var modelSHA256: String
    public var preprocessingSHA256: String
    /// The version text of the inference library.
    public var library: String
    /// From the start of the process to this message.
    public var startMilliseconds: Double

    public init(
        modelID: String, modelVersion: String, modelSHA256: String, preprocessingSHA256: String, library: String,
        startMilliseconds: Double
    ) {
        self.modelID = modelID
        self.modelVersion = modelVersion
        self.modelSHA256 = modelSHA256
        self.preprocessingSHA256 = preprocessingSHA256
        self.library = library
        self.startMilliseconds = startMilliseconds
    }
}

/// Bytes that travel beside a message, under a name.
public struct WorkerAttachment: Sendable, Equatable {
    /// A JPEG.
    public static let preview = "preview"
    private static let heatMapPrefix = "heatmap/"

    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The name of a head's heat map, a PNG.
    public static func heatMap(_ headID: String) -> String {
        heatMapPrefix + headID
    }

    /// The head whose heat map this is, or nil.
    public var headID: String? {
        name.hasPrefix(Self.heatMapPrefix) ? String(name.dropFirst(Self.heatMapPrefix.count)) : nil
    }
}
