public import Domain
public import Foundation

/// Keeps reports, and which documents were made of them. A write is durable when it returns.
public protocol ReportStore: Sendable {
    /// - Parameter limit: of reports of the session.
    /// - Throws: ``Fault/tooManyReports(limit:)``; ``Fault/notFound`` if the analysis is gone.
    func insert(_ report: Report, limit: Int) async throws(Fault)
    func report(_ id: ReportID, in session: SessionID) async throws(Fault) -> Report?
    /// Newest first.
    func reports(in session: SessionID) async throws(Fault) -> [Report]
    /// Notes a document that was kept, in the place of an earlier one of its format and edition.
    ///
    /// - Throws: ``Fault/notFound`` if the report is gone or was cancelled.
    func keep(_ document: Report.Document, of id: ReportID, in session: SessionID) async throws(Fault)
    /// Writes the end of an attempt, once.
    ///
    /// - Parameter failure: nil if it is ready.
    /// - Returns: the report as it is now, or nil if this attempt isn't the running one any more: it was cancelled or
    ///   erased.
    func finish(
        _ id: ReportID, attempt: Int, failure: Report.Failure?, revision: Int, at now: Date
    ) async throws(Fault) -> Report?
    /// Cancels a report that is being made.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/reportFinished``.
    func cancel(_ id: ReportID, in session: SessionID, revision: Int, at now: Date) async throws(Fault) -> Report
    /// - Returns: the names of all files that belonged to it; nil if there was no such report.
    func delete(_ id: ReportID, in session: SessionID) async throws(Fault) -> [BlobName]?
    /// At the start of the process: counts one more attempt of what was being made when the last one ended; what was
    /// tried `attempts` times has failed.
    ///
    /// - Returns: those to be made again, the oldest first.
    func restoreInterrupted(attempts: Int, at now: Date) async throws(Fault) -> [Report]
}
