public import Domain
public import Foundation

/// Keeps the order of the queue, what is put off, and what was given up. See ``StudyStore`` for its way in and out.
public protocol QueueStore: Sendable {
    /// Takes the next analysis, as ``QueueOrder`` says: it becomes `decoding`, and its attempt counts one more. Nil also
    /// while the queue is paused.
    func claimNext(at now: Date, by order: QueueOrder) async throws(Fault) -> ClaimedAnalysis?
    /// Puts a running analysis back, not to be taken before `until`.
    ///
    /// - Parameters:
    ///   - trouble: whether it counts as a try, and as one that ended a worker; nil for none of them.
    /// - Returns: the analysis as it is now, or nil if this attempt isn't the running one any more.
    func putOff(
        _ id: AnalysisID, attempt: Int, until: Date, after trouble: QueueTrouble?, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis?
    /// At the start of the process: what was running when the last one ended waits again, ahead of what waited.
    func requeueInterrupted(at now: Date) async throws(Fault) -> Int
    /// All that wait, in no order.
    func waiting() async throws(Fault) -> [WaitingAnalysis]
    func running() async throws(Fault) -> [WaitingAnalysis]
    /// What was given up after its last try, the latest first.
    func dead(limit: Int) async throws(Fault) -> [DeadAnalysis]
    /// Puts what was given up back into the queue, with all its tries.
    ///
    /// - Throws: ``Fault/notFound`` if it wasn't given up.
    func requeueDead(_ id: AnalysisID, revision: Int, at now: Date) async throws(Fault) -> Analysis
    /// What waits of a session gets at least this priority.
    ///
    /// - Returns: how many were raised.
    func raise(_ session: SessionID, to priority: AcuityLevel, at now: Date) async throws(Fault) -> Int
    func queueControl() async throws(Fault) -> QueueControl
    func setQueueState(_ state: QueueControl.State) async throws(Fault)
}

/// How many analyses may wait.
public struct QueueLimits: Sendable, Equatable {
    public var all: Int
    public var perSession: Int
    /// A picture that has ended so many workers while it was analysed is not analysed again, until an operator puts it back.
    public static let lostWorkersPerPicture = 3

    public init(all: Int, perSession: Int) {
        self.all = all
        self.perSession = perSession
    }
}

/// Why an analysis is put off.
public enum QueueTrouble: Sendable, Equatable {
    /// No worker could take it.
    case noWorker
    /// It ended its worker, which may be the picture's doing.
    case lostWorker
}

/// What an operator has told the queue. It holds over restarts.
public struct QueueControl: Sendable, Equatable {
    public enum State: String, Sendable, Codable, CaseIterable {
        case running
        /// Nothing is begun; what comes waits.
        case paused
        /// Nothing new is taken; what waits is worked off.
        case draining
    }

    public var state: State
    /// Counts what was taken from the queue.
    public var turn: Int

    public init(state: State = .running, turn: Int = 0) {
        self.state = state
        self.turn = turn
    }
}

/// A place in the queue.
public struct WaitingAnalysis: Sendable, Equatable {
    public var id: AnalysisID
    public var session: SessionID
    public var priority: AcuityLevel
    /// In which round it is taken: in each, every session has one place.
    public var round: Int
    public var queuedAt: Date
    /// It isn't taken before; long ago unless it was put off.
    public var notBefore: Date
    public var attempt: Int
    public var revision: Int

    public init(
        id: AnalysisID, session: SessionID, priority: AcuityLevel, round: Int, queuedAt: Date,
        notBefore: Date = Date(timeIntervalSince1970: 0), attempt: Int = 0, revision: Int = 1
    ) {
        self.id = id
        self.session = session
        self.priority = priority
        self.round = round
        self.queuedAt = queuedAt
        self.notBefore = notBefore
        self.attempt = attempt
        self.revision = revision
    }
}

/// An analysis that was given up after its last try.
public struct DeadAnalysis: Sendable, Equatable {
    public var id: AnalysisID
    public var session: SessionID
    /// How many times it was taken from the queue.
    public var attempts: Int
    /// Of ``Analysis/Failure``.
    public var code: String
    public var diedAt: Date

    public init(id: AnalysisID, session: SessionID, attempts: Int, code: String, diedAt: Date) {
        self.id = id
        self.session = session
        self.attempts = attempts
        self.code = code
        self.diedAt = diedAt
    }
}
