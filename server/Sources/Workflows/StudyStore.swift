public import Domain
public import Foundation

/// Keeps uploads, analyses, and the queue of analyses. A write is durable when it returns. Whatever is asked by
/// id is asked together with the session that must own it.
public protocol StudyStore: ReadingStore, WithdrawalStore, QueueStore {
    /// - Parameter reception: what ended with this upload; it becomes `kept` in the same transaction.
    /// - Throws: ``Fault/tooManyUploads(limit:)`` if the session holds `limit` uploads.
    func insert(_ upload: Upload, limit: Int, ending reception: ReceptionID?) async throws(Fault)
    func upload(_ id: UploadID, in session: SessionID) async throws(Fault) -> Upload?
    func uploads(in session: SessionID) async throws(Fault) -> [Upload]
    /// Removes the upload with its analyses and their reports.
    ///
    /// - Returns: the names of all files that belonged to them; nil if there was no such upload.
    func deleteUpload(_ id: UploadID, in session: SessionID) async throws(Fault) -> [BlobName]?

    /// The picture that was kept first of those nobody has looked for letters in.
    func nextWithoutText() async throws(Fault) -> Upload?
    func setBurnedIn(_ burnedIn: Upload.BurnedIn, of id: UploadID) async throws(Fault)

    /// Puts a new analysis into the queue.
    ///
    /// - Throws: ``Fault/queueFull(retryAfter:)``, ``Fault/tooManyWaiting(limit:retryAfter:)``, both without a time;
    ///   ``Fault/notFound`` if the upload is gone;
    ///   ``Fault/readingAwaited`` while another analysis of the same picture awaits its reading; ``Fault/validation(_:)``
    ///   for a reading before findings that were shown already.
    func enqueue(_ analysis: Analysis, as priority: AcuityLevel, limits: QueueLimits) async throws(Fault)
    func analysis(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis?
    /// Newest first.
    func analyses(in session: SessionID) async throws(Fault) -> [Analysis]
    /// The same without what was found, which is most of the work.
    func marks(in session: SessionID) async throws(Fault) -> [AnalysisMark]
    /// Writes the end of an attempt, once.
    ///
    /// - Parameters:
    ///   - isDead: whether it was given up after its last try, which an operator should see.
    ///   - lostWorker: whether the attempt ended its worker.
    /// - Returns: the analysis as it is now, or nil if this attempt isn't the running one any more: it was cancelled,
    ///   erased, or finished before.
    func finish(
        _ id: AnalysisID, attempt: Int, outcome: Analysis.Outcome, isDead: Bool, lostWorker: Bool,
        revision: Int, at now: Date
    ) async throws(Fault) -> Analysis?
    /// Cancels an analysis that waits or runs.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/analysisFinished``.
    func cancel(_ id: AnalysisID, in session: SessionID, revision: Int, at now: Date) async throws(Fault) -> Analysis
    /// Puts a failed or cancelled analysis back into the queue.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/analysisNotRetryable``, ``Fault/analysisQuarantined``; and as ``enqueue(_:as:limits:)``.
    func retry(
        _ id: AnalysisID, in session: SessionID, as priority: AcuityLevel, revision: Int, limits: QueueLimits,
        at now: Date
    ) async throws(Fault) -> Analysis

    /// Whether a row refers to this file.
    func owns(_ name: BlobName, in session: SessionID) async throws(Fault) -> Bool
}

/// An analysis without what was found.
public struct AnalysisMark: Hashable, Sendable {
    public let id: AnalysisID
    /// The attempt that ended, or the one that runs; an attempt ends once.
    public let attempt: Int
    public let state: Analysis.State
    /// As of the moment when it was read.
    public let awaitsReading: Bool

    public init(id: AnalysisID, attempt: Int, state: Analysis.State, awaitsReading: Bool) {
        self.id = id
        self.attempt = attempt
        self.state = state
        self.awaitsReading = awaitsReading
    }

    /// Whether it has findings that may be shown.
    public var isShown: Bool { state == .completed && !awaitsReading }
}

/// An analysis that was taken from the queue, with the picture it is about.
public struct ClaimedAnalysis: Sendable {
    public let analysis: Analysis
    public let upload: Upload
    /// How many tries have failed since it was put into the queue.
    public let tries: Int
    /// How many workers its picture has ended, in all analyses that came to no end, since an operator put one of them back.
    public let lostWorkers: Int

    public init(analysis: Analysis, upload: Upload, tries: Int = 0, lostWorkers: Int = 0) {
        self.analysis = analysis
        self.upload = upload
        self.tries = tries
        self.lostWorkers = lostWorkers
    }
}
