public import Domain

/// How much of everything there may be.
public struct Limits: Sendable, Equatable {
    public var picture: PictureLimits
    public var uploadsPerSession: Int
    /// Analyses that may wait, of all sessions together.
    public var queueLength: Int
    public var lifetime: SessionLifetime
    /// The longest edge of a preview, in pixels.
    public var previewEdge: Int

    public init(
        picture: PictureLimits = .standard, uploadsPerSession: Int = 50, queueLength: Int = 1000,
        lifetime: SessionLifetime = .standard, previewEdge: Int = 1600
    ) {
        self.picture = picture
        self.uploadsPerSession = uploadsPerSession
        self.queueLength = queueLength
        self.lifetime = lifetime
        self.previewEdge = previewEdge
    }
}

/// The version of the software, as it is printed on reports.
public enum Version {
    public static let current = "0.1.0"
}
