public import Domain
public import Foundation

/// Takes down what a clinician reads in a picture, and shows what was held back until then.
public struct RecordReading: Sendable {
    let studies: any StudyStore
    let watch: WatchAcuity
    let audit: any Audit
    let now: @Sendable () -> Date

    public init(
        studies: any StudyStore, watch: WatchAcuity, audit: any Audit, now: @escaping @Sendable () -> Date
    ) {
        self.studies = studies
        self.watch = watch
        self.audit = audit
        self.now = now
    }

    /// - Throws: ``Fault/notFound``, ``Fault/readingRecorded``, ``Fault/validation(_:)``.
    public func callAsFunction(
        _ text: String, by clinician: String, of id: AnalysisID, in session: SessionID
    ) async throws(Fault) -> (reading: OwnReading, isFirst: Bool) {
        let recorded = try await studies.recordReading(text, by: clinician, of: id, in: session, at: now())
        audit.record(.readingRecorded, on: "analysis:\(id)")
        // What the findings ask for counts from this moment.
        _ = try await watch.current(of: session)
        return recorded
    }

    /// Shows the findings without a reading.
    ///
    /// - Throws: ``Fault/notFound``.
    public func reveal(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis {
        let (analysis, isNew) = try await studies.reveal(id, in: session, at: now())
        if isNew {
            audit.record(.findingsRevealed, on: "analysis:\(id)")
            _ = try await watch.current(of: session)
        }
        return analysis
    }

    /// Notes those whose longest time is over.
    ///
    /// - Returns: how many.
    public func sweep() async throws(Fault) -> Int {
        let shown = try await studies.noteOverdue(at: now())
        for (analysis, session) in shown {
            audit.add(
                AuditRecord(
                    at: now(), actor: AuditActor(.system, session: session), event: .findingsShownByTime,
                    subject: "analysis:\(analysis)"))
        }
        return shown.count
    }
}
