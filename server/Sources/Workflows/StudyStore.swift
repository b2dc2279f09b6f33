public import Domain
public import Foundation

/// Keeps uploads, analyses, and the queue of analyses. A write is durable when it returns. Whatever is asked by
/// id is asked together with the session that must own it.
public protocol StudyStore: ReadingStore, WithdrawalStore {
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

    /// Puts a new analysis at the end of the queue.
    ///
    /// - Throws: ``Fault/queueFull`` if `limit` analyses wait; ``Fault/notFound`` if the upload is gone;
    ///   ``Fault/readingAwaited`` while another analysis of the same picture awaits its reading; ``Fault/validation(_:)``
    ///   for a reading before findings that were shown already.
    func enqueue(_ analysis: Analysis, limit: Int) async throws(Fault)
    func analysis(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis?
    /// Newest first.
    func analyses(in session: SessionID) async throws(Fault) -> [Analysis]
    /// Takes the analysis that waits longest: it becomes `decoding`, and its attempt counts one more.
    func claimNext(at now: Date) async throws(Fault) -> ClaimedAnalysis?
    /// Writes the end of an attempt, once.
    ///
    /// - Returns: the analysis as it is now, or nil if this attempt isn't the running one any more: it was cancelled,
    ///   erased, or finished before.
    func finish(
        _ id: AnalysisID, attempt: Int, outcome: Analysis.Outcome, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis?
    /// Cancels an analysis that waits or runs.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/analysisFinished``.
    func cancel(_ id: AnalysisID, in session: SessionID, revision: Int, at now: Date) async throws(Fault) -> Analysis
    /// Puts a failed or cancelled analysis back into the queue.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/analysisNotRetryable``, ``Fault/queueFull``; and as ``enqueue(_:limit:)``.
    func retry(
        _ id: AnalysisID, in session: SessionID, revision: Int, limit: Int, at now: Date
    ) async throws(Fault) -> Analysis
    /// At the start of the process: what was running when the last one ended waits again, ahead of what waited.
    func requeueInterrupted(at now: Date) async throws(Fault) -> Int
    /// Waiting analyses, the next one first.
    func waiting() async throws(Fault) -> [AnalysisID]

    /// Whether a row refers to this file.
    func owns(_ name: BlobName, in session: SessionID) async throws(Fault) -> Bool
}

/// An analysis that was taken from the queue, with the picture it is about.
public struct ClaimedAnalysis: Sendable {
    public let analysis: Analysis
    public let upload: Upload

    public init(analysis: Analysis, upload: Upload) {
        self.analysis = analysis
        self.upload = upload
    }
}
