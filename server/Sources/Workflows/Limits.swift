public import Domain

/// How much of everything there may be.
public struct Limits: Sendable, Equatable {
    public var picture: PictureLimits
    public var uploadsPerSession: Int
    /// Analyses that may wait, of all sessions together.
    public var queueLength: Int
    /// And of one session.
    public var waitingPerSession: Int
    public var lifetime: SessionLifetime
    public var queue: QueueLimits { QueueLimits(all: queueLength, perSession: waitingPerSession) }
    /// The longest edges of the previews that are made of every picture, in pixels, rising.
    public var previewEdges: [Int]
    public var archive: ArchiveLimits
    /// Seconds that an upload in parts may rest before it is removed.
    public var receptionLifetime: Double
    public var conversationsPerSession: Int
    /// Questions and answers of one conversation.
    public var messagesPerConversation: Int
    /// Seconds that findings are held back at most until a reading is recorded.
    public var longestBlind: Double
    public var reportsPerSession: Int
    /// The largest document of a report.
    public var documentBytes: Int

    public init(
        picture: PictureLimits = .standard, uploadsPerSession: Int = 50, queueLength: Int = 1000,
        waitingPerSession: Int = 50,
        lifetime: SessionLifetime = .standard, previewEdges: [Int] = [320, 800, 1600],
        archive: ArchiveLimits = .standard, receptionLifetime: Double = 6 * 3600, conversationsPerSession: Int = 50,
        messagesPerConversation: Int = 400, longestBlind: Double = 30 * 60, reportsPerSession: Int = 50,
        documentBytes: Int = 64 << 20
    ) {
        self.picture = picture
        self.uploadsPerSession = uploadsPerSession
        self.queueLength = queueLength
        self.waitingPerSession = waitingPerSession
        self.lifetime = lifetime
        self.previewEdges = previewEdges
        self.archive = archive
        self.receptionLifetime = receptionLifetime
        self.conversationsPerSession = conversationsPerSession
        self.messagesPerConversation = messagesPerConversation
        self.longestBlind = longestBlind
        self.reportsPerSession = reportsPerSession
        self.documentBytes = documentBytes
    }
}

/// The version of the software, as it is printed on reports.
public enum Version {
    public static let current = "0.1.0"
}
