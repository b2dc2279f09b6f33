public import Domain

/// Reads pictures and runs the model, outside of this process.
public protocol PictureEngine: Sendable {
    /// The package that the engine runs.
    var manifest: ModelManifest { get }

    /// Reads the picture to its end, which finds a damaged one, and makes previews.
    ///
    /// - Parameter previewEdges: the longest edge of each preview in pixels; none is enlarged.
    func inspect(
        _ picture: any StoredFile, limits: PictureLimits, previewEdges: [Int]
    ) async throws(EngineFault) -> InspectedPicture

    /// One frame as a JPEG.
    func render(
        _ picture: any StoredFile, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment, edge: Int
    ) async throws(EngineFault) -> [UInt8]

    /// The samples of one frame, packed with gzip; their form is that of `GET /uploads/{id}/samples`.
    func samples(
        of picture: any StoredFile, limits: PictureLimits, frame: Int
    ) async throws(EngineFault) -> any StoredFile

    /// - Parameters:
    ///   - isAlone: whether it must not go through the model together with others.
    ///   - progress: called before each step.
    func analyse(
        _ picture: any StoredFile, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment, isAlone: Bool,
        progress: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(EngineFault) -> EngineOutput

    /// Where a score came from, as a PNG to lay over a picture of this width and height; sizes in pixels.
    func heatMap(
        _ activation: HeadActivation, width: Int, height: Int, longestEdge: Int
    ) async throws(EngineFault) -> [UInt8]

    /// Looks for letters in the pixels of the first frame.
    ///
    /// - Returns: nil where this installation can't.
    func readText(in picture: any StoredFile, limits: PictureLimits) async throws(EngineFault) -> BurnedInText?

    /// The DICOM file without what tells whose it is.
    func deidentify(
        _ picture: any StoredFile, limits: PictureLimits
    ) async throws(EngineFault) -> (file: any StoredFile, removed: [DeidentifiedElement])

    func list(
        _ file: any StoredFile, limits: PictureLimits, archive: ArchiveLimits
    ) async throws(EngineFault) -> [ArchiveEntry]

    func extract(
        _ entry: ArchiveEntry, of file: any StoredFile, limits: PictureLimits, archive: ArchiveLimits
    ) async throws(EngineFault) -> any StoredFile

    /// Why the engine can't work now, or nil.
    func trouble() async -> String?
    /// The processes that work, and how many jobs wait for one.
    func workers() async -> (waiting: Int, workers: [EngineWorker])
}

extension PictureEngine {
    /// An engine without processes of its own has none to show.
    public func workers() async -> (waiting: Int, workers: [EngineWorker]) { (0, []) }
}

/// A process that reads pictures and runs the model.
public struct EngineWorker: Sendable, Codable, Equatable {
    /// `starting`, `idle`, `busy`, `pausing` or `stopped`.
    public var state: String
    public var processId: Int?
    /// Jobs that were answered, and how often the process was replaced.
    public var jobs: Int
    public var restarts: Int
    public var residentBytes: Int?
    /// Why the last start failed.
    public var trouble: String?

    public init(
        state: String, processId: Int?, jobs: Int, restarts: Int, residentBytes: Int?, trouble: String? = nil
    ) {
        self.state = state
        self.processId = processId
        self.jobs = jobs
        self.restarts = restarts
        self.residentBytes = residentBytes
        self.trouble = trouble
    }
}

public struct InspectedPicture: Sendable {
    public let inspection: PictureInspection
    /// JPEG, by longest edge.
    public let previews: [Int: [UInt8]]

    public init(inspection: PictureInspection, previews: [Int: [UInt8]]) {
        self.inspection = inspection
        self.previews = previews
    }
}

public enum EngineFault: Error, Sendable {
    case picture(PictureFault)
    /// The worker ended in the middle of the job. It was replaced.
    case workerDied(String)
    /// The worker took too long and was ended and replaced.
    case timedOut
    /// No worker runs, or too many jobs wait for one.
    case unavailable(String)
    /// The job was called off.
    case cancelled
    /// The model gave an error.
    case failed(String)
}
