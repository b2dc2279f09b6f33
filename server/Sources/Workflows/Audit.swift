public import Domain
public import Foundation

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
    /// A clinician's own reading was recorded.
    case readingRecorded = "reading-recorded"
    /// Somebody chose to see findings without recording a reading first.
    case findingsRevealed = "findings-revealed"
    /// Findings were shown because nobody recorded a reading in the longest time.
    case findingsShownByTime = "findings-shown-by-time"
    /// An operator withdrew a version of a model.
    case modelWithdrawn = "model-withdrawn"
    /// An operator wrote a backup of everything.
    case dataSaved = "data-saved"
    /// A person deleted a picture whose findings were held back: what these ask for counts from then on.
    case heldFindingsDeleted = "held-findings-deleted"
    case reportCancelled = "report-cancelled"
    case reportDeleted = "report-deleted"
    /// Something was asked for that isn't part of the session: another one's, or nobody's.
    case accessDenied = "access-denied"

    // MARK: What a person did with the record

    case sessionOpened = "session-opened"
    case sessionExtended = "session-extended"
    /// Its person left; nobody can come back to it.
    case sessionLoggedOff = "session-logged-off"
    case sessionErased = "session-erased"
    /// Its time was over.
    case sessionExpired = "session-expired"
    case historyChanged = "history-changed"
    case answersWithheld = "answers-withheld"
    case pictureReceived = "picture-received"
    case pictureDeleted = "picture-deleted"
    case analysisAsked = "analysis-asked"
    case analysisCancelled = "analysis-cancelled"

    // MARK: What others did with it

    case urgencyLowered = "urgency-lowered"
    /// A clinician opened a record in need, with a reason.
    case recordOpened = "record-opened"
    /// A record that was opened was read.
    case recordRead = "record-read"

    // MARK: What operators did

    /// Somebody came with a token that lets in; once an hour and name.
    case operatorAdmitted = "operator-admitted"
    /// Somebody came without a token that lets in, or without the right for what they asked.
    case operatorRefused = "operator-refused"
    /// The trail was searched.
    case trailSearched = "trail-searched"
    case maintenanceBegun = "maintenance-begun"
    case maintenanceEnded = "maintenance-ended"
    case queuePaused = "queue-paused"
    case queueResumed = "queue-resumed"
    /// The queue was told to run empty.
    case queueDrained = "queue-drained"
    /// An analysis that was given up was put back.
    case analysisRequeued = "analysis-requeued"
    /// Something else was changed through the operators' addresses; the subject says which.
    case operatorActed = "operator-acted"

    /// So many lines of this kind, with this outcome, are written a minute for one session or operator; the others are
    /// counted in one. That a session began or ended is never left out: a restored backup is held against it.
    public func mostPerMinute(_ outcome: AuditOutcome) -> Int? {
        switch self {
        case .trailSearched: 1
        case .recordRead where outcome == .done: 60
        // People type, and each change is kept at once.
        case .historyChanged where outcome == .done: 30
        case .answersWithheld where outcome == .done: 30
        case .accessDenied, .operatorRefused, .sessionExtended: 10
        default: outcome == .done ? nil : 10
        }
    }
}

/// Who did something.
public struct AuditActor: Sendable, Equatable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The person whose session it is.
        case person
        /// Somebody with the operators' token.
        case `operator`
        /// The program by itself.
        case system
    }

    public var kind: Kind
    /// The session that it was done in, or to.
    public var session: SessionID?
    /// The id of the request.
    public var request: String?
    /// Of an operator: who it is, and as what they did it.
    public var name: String?
    public var role: Operator.Role?

    public init(
        _ kind: Kind, session: SessionID? = nil, request: String? = nil, name: String? = nil,
        role: Operator.Role? = nil
    ) {
        self.kind = kind
        self.session = session
        self.request = request
        self.name = name
        self.role = role
    }

    /// Whoever takes a request says here for whom it is, so that nothing on its way has to be told.
    @TaskLocal public static var current = AuditActor(.system)
}

public enum AuditOutcome: String, Sendable, Codable, CaseIterable {
    case done
    /// It wasn't allowed, or didn't make sense.
    case refused
    /// It should have worked.
    case failed
}

/// That something was done, when, by whom, and how it ended.
public struct AuditRecord: Sendable, Equatable {
    public var at: Date
    public var actor: AuditActor
    public var event: AuditEvent
    /// What it was done to, for example `analysis:01a2…`.
    public var subject: String?
    public var outcome: AuditOutcome
    /// The size of the file, where there is one.
    public var bytes: Int?

    public init(
        at: Date, actor: AuditActor, event: AuditEvent, subject: String? = nil, outcome: AuditOutcome = .done,
        bytes: Int? = nil
    ) {
        self.at = at
        self.actor = actor
        self.event = event
        self.subject = subject
        self.outcome = outcome
        self.bytes = bytes
    }
}

/// Takes what is audited. It never holds anybody up.
public protocol Audit: Sendable {
    func add(_ record: AuditRecord)
}

/// Takes also what must not happen without a trace.
public protocol DurableAudit: Audit {
    /// Returns when the record is on the disk, or was counted with others of its kind.
    ///
    /// - Throws: where it can't be written now. It isn't kept then, and what it tells of must not be done.
    func keep(_ record: AuditRecord) async throws
}

extension DurableAudit {
    /// Records what the current actor does, before it is done.
    ///
    /// - Throws: ``Fault/storageBusy`` where it can't be recorded.
    public func recordDurably(_ event: AuditEvent, on subject: String? = nil) async throws(Fault) {
        do {
            try await keep(AuditRecord(at: Date(), actor: .current, event: event, subject: subject))
        } catch {
            throw .storageBusy
        }
    }
}

extension Audit {
    /// Records what the current actor did, now.
    public func record(
        _ event: AuditEvent, on subject: String? = nil, outcome: AuditOutcome = .done, bytes: Int? = nil
    ) {
        add(
            AuditRecord(
                at: Date(), actor: .current, event: event, subject: subject, outcome: outcome, bytes: bytes))
    }
}
