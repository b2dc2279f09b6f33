public import Domain
public import Foundation

/// Keeps what clinicians read with their own eyes, and which findings are held back for it. A write is durable when it
/// returns.
public protocol ReadingStore: Sendable {
    func reading(of id: AnalysisID, in session: SessionID) async throws(Fault) -> OwnReading?
    /// Keeps a reading. It is blind where findings were held back until now and those of the same picture weren't shown
    /// in another way, also before the picture was deleted and sent again; then it is final, and the findings are shown from now on. Another takes the place of an earlier one.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/readingRecorded``, ``Fault/validation(_:)``.
    func recordReading(
        _ text: String, by clinician: String, of id: AnalysisID, in session: SessionID, at now: Date
    ) async throws(Fault) -> (reading: OwnReading, isFirst: Bool)
    /// Shows findings that are held back.
    ///
    /// - Returns: the analysis as it is now, and whether anything was held back.
    /// - Throws: ``Fault/notFound``.
    func reveal(
        _ id: AnalysisID, in session: SessionID, at now: Date
    ) async throws(Fault) -> (analysis: Analysis, isNew: Bool)
    /// Notes that the longest time is over, for all whose it is. They are shown with or without this note.
    ///
    /// - Returns: which they are.
    func noteOverdue(at now: Date) async throws(Fault) -> [(analysis: AnalysisID, session: SessionID)]
}

/// Keeps which versions of models were withdrawn. Another process may do it at any time, so that it is read when needed.
public protocol WithdrawalStore: Sendable {
    /// Withdraws a version for good. The first to do it stays the one who did.
    func withdraw(_ withdrawal: ModelWithdrawal) async throws(Fault) -> (withdrawal: ModelWithdrawal, isNew: Bool)
    func withdrawal(of model: String, version: String) async throws(Fault) -> ModelWithdrawal?
    /// Newest first.
    func withdrawals() async throws(Fault) -> [ModelWithdrawal]
    /// The reports that were made from what the version said, newest first; of all sessions that aren't erased.
    func reports(of model: String, version: String) async throws(Fault) -> [AffectedReport]
    /// Whether any analysis has a result of the version.
    func hasResults(of model: String, version: String) async throws(Fault) -> Bool
}
