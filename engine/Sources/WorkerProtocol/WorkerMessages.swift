public import Domain

/// What the server asks of a worker. Each request travels with one read-only descriptor of the picture.
public enum WorkerRequest: Codable, Sendable, Equatable {
    /// Read the picture to its end and make a preview for each edge: the longest one, in pixels.
    case inspect(id: UInt64, limits: PictureLimits, previewEdges: [Int])
    /// Draw one frame, counted from 0, as a person wants to see it.
    case rendition(id: UInt64, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment, edge: Int)
    /// Give one frame with all its bits.
    case samples(id: UInt64, limits: PictureLimits, frame: Int)
    /// Decode, measure and run the model; all of the adjusted picture.
    case analyse(id: UInt64, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment)
    /// Draw where a score came from, to be laid over a picture of this width and height. The descriptor is not read.
    case heatMap(id: UInt64, activation: HeadActivation, width: Int, height: Int, longestEdge: Int)
    /// The next `count` requests are analyses, each with its descriptor, to be run through the model together. Each is
    /// answered for itself, in any order; this one is not. Its own descriptor is not read.
    case together(id: UInt64, count: Int)
    /// Turn a text into a vector. The text, UTF-8 of at most ``longestText`` bytes, is what the descriptor holds.
    case encode(id: UInt64)

    /// Find letters in the pixels of a frame, counted from 0.
    case readText(id: UInt64, limits: PictureLimits, frame: Int)
    /// Name the files in a ZIP archive, which is what the descriptor holds.
    case list(id: UInt64, limits: PictureLimits, archive: ArchiveLimits)
    /// Unpack the file with this ``ArchiveEntry/index``.
    case extract(id: UInt64, limits: PictureLimits, archive: ArchiveLimits, index: Int)
    /// Write a DICOM file anew without what says who it shows.
    case deidentify(id: UInt64, limits: PictureLimits)

    public static let longestText = 16 << 10
    /// Most analyses that are run together.
    public static let mostTogether = 8

    /// The number that every reply to this request repeats.
    public var id: UInt64 {
        switch self {
        case .inspect(let id, _, _), .rendition(let id, _, _, _, _), .samples(let id, _, _),
            .analyse(let id, _, _, _), .heatMap(let id, _, _, _, _), .together(let id, _), .encode(let id):
            id
        case .readText(let id, _, _), .list(let id, _, _), .extract(let id, _, _, _), .deidentify(let id, _): id
        }
    }
}

/// What a worker answers. A request is answered by any number of `progress` and `piece`, and then exactly one other
/// reply.
public enum WorkerReply: Codable, Sendable, Equatable {
    /// Sent once, when the model is loaded and the sandbox is entered.
    case ready(WorkerReadiness)
    /// Sent before each step of an analysis.
    case progress(id: UInt64, step: AnalysisStep)
    /// With an attachment ``WorkerAttachment/preview(_:)`` for each edge of the request.
    case inspected(id: UInt64, inspection: PictureInspection)
    /// With the attachment ``WorkerAttachment/preview``.
    case rendered(id: UInt64)
    /// After pieces that are, one behind the other, the gzip of a header and the samples.
    case sampled(id: UInt64)
    case analysed(id: UInt64, output: EngineOutput)
    /// With the attachment ``WorkerAttachment/heatMap``.
    case drawn(id: UInt64)
    /// The embedding of a text.
    case encoded(id: UInt64, vector: PackedFloats)
    /// A part of a long answer, in order, with the attachment ``WorkerAttachment/piece`` of at most
    /// ``WorkerAttachment/longestPiece`` bytes. It is whole once another reply than `failed` has come.
    case piece(id: UInt64)
    case textRead(id: UInt64, text: BurnedInText)
    case listed(id: UInt64, entries: [ArchiveEntry])
    /// After the pieces of the file.
    case extracted(id: UInt64)
    /// After the pieces of the file, with what was taken out of it.
    case deidentified(id: UInt64, removed: [DeidentifiedElement])
    /// `code` is a ``PictureFault/Code``, or one of ``WorkerFailure``. A worker that cannot start sends it with id 0
    /// and ends.
    case failed(id: UInt64, code: String, message: String)

    /// The request that is answered; nil for ``ready(_:)``.
    public var id: UInt64? {
        switch self {
        case .ready: nil
        case .progress(let id, _), .piece(let id), .inspected(let id, _), .rendered(let id), .sampled(let id),
            .analysed(let id, _), .drawn(let id), .encoded(let id, _), .failed(let id, _, _):
            id
        case .textRead(let id, _), .listed(let id, _), .extracted(let id), .deidentified(let id, _): id
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
    /// The worker was started without the data that reading letters takes.
    case noTextReader = "no-text-reader"
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
    /// The layers of the sandbox that are in force: `seccomp`, `landlock-N` (N is the version of the kernel's
    /// interface; missing where the kernel has none), `rlimits`, `cpu-limit`.
    public var sandbox: [String]
    /// Whether it can find letters in pictures.
    public var readsText: Bool

    public init(
        modelID: String, modelVersion: String, modelSHA256: String, preprocessingSHA256: String, library: String,
        startMilliseconds: Double, sandbox: [String] = [], readsText: Bool = false
    ) {
        self.modelID = modelID
        self.modelVersion = modelVersion
        self.modelSHA256 = modelSHA256
        self.preprocessingSHA256 = preprocessingSHA256
        self.library = library
        self.startMilliseconds = startMilliseconds
        self.sandbox = sandbox
        self.readsText = readsText
    }
}

/// Bytes that travel beside a message, under a name.
public struct WorkerAttachment: Sendable, Equatable {
    /// A JPEG.
    public static let preview = "preview"
    /// A part of a long answer.
    public static let piece = "bytes"
    /// Most bytes of a piece.
    public static let longestPiece = 1 << 20
    /// A PNG to lay over a picture.
    public static let heatMap = "heatmap"

    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The name of the JPEG whose longest edge has so many pixels, or fewer where the picture is smaller.
    public static func preview(_ edge: Int) -> String {
        "\(preview)/\(edge)"
    }
}
