public import Domain

/// What operators must be able to find again: that it happened, and when. Never whose picture it was, nor what is in it.
public enum AuditEvent: String, Sendable, CaseIterable {
    /// A file stopped the reader twice and wasn't kept.
    case pictureQuarantined = "picture-quarantined"
    /// A worker did what its sandbox forbids, and was killed for it.
    case sandboxViolated = "sandbox-violated"
    /// A worker used more processor time than a job may have, and was killed.
    case processorLimitReached = "processor-limit-reached"
    /// A worker took longer than a job may take, and was killed.
    case jobTimedOut = "job-timed-out"
    /// A worker ended by itself in the middle of a job.
    case workerCrashed = "worker-crashed"
    /// A worker held more memory than it may keep between jobs, and was replaced.
    case workerRecycled = "worker-recycled"
    /// A picture was turned, mirrored or inverted at a person's request.
    case pictureAdjusted = "picture-adjusted"
    /// A question was answered.
    case questionAnswered = "question-answered"
    /// A question told of an emergency.
    case emergencyHeard = "emergency-heard"
    /// A person deleted a conversation.
    case conversationDeleted = "conversation-deleted"
    /// A report was made.
    case reportMade = "report-made"
    /// A document of a report was given out.
    case reportDownloaded = "report-downloaded"
    /// A report could not be made.
    case reportFailed = "report-failed"
}

/// Takes audit events. `bytes` is the size of the file, where there is one.
public protocol Audit: Sendable {
    func record(_ event: AuditEvent, bytes: Int?)
    /// - Parameter format: of the document that it is about.
    func record(_ event: AuditEvent, bytes: Int?, format: Report.Format)
}

extension Audit {
    public func record(_ event: AuditEvent, bytes: Int?, format: Report.Format) { record(event, bytes: bytes) }
}
