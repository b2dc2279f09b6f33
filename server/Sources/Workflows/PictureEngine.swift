public import Domain

/// Reads pictures and runs the model, outside of this process.
public protocol PictureEngine: Sendable {
    /// The package that the engine runs.
    var manifest: ModelManifest { get }

    /// Reads the picture to its end, which finds a damaged one, and makes a preview.
    ///
    /// - Parameter previewEdge: the longest edge of the preview in pixels; it is never enlarged.
    func inspect(
        _ picture: OpenFile, limits: PictureLimits, previewEdge: Int
    ) async throws(EngineFault) -> InspectedPicture

    /// - Parameter progress: called before each step.
    func analyse(
        _ picture: OpenFile, limits: PictureLimits, progress: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(EngineFault) -> EngineReading

    /// Why the engine can't work now, or nil.
    func trouble() async -> String?
}

public struct InspectedPicture: Sendable {
    public let inspection: PictureInspection
    /// JPEG.
    public let preview: [UInt8]

    public init(inspection: PictureInspection, preview: [UInt8]) {
        self.inspection = inspection
        self.preview = preview
    }
}

public struct EngineReading: Sendable {
    public var output: EngineOutput
    /// PNG by finding, to lay over the preview.
    public let heatMaps: [String: [UInt8]]

    public init(output: EngineOutput, heatMaps: [String: [UInt8]]) {
        self.output = output
        self.heatMaps = heatMaps
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
