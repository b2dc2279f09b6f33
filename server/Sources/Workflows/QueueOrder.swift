import Domain
public import Foundation

/// Who is next: the most urgent first; among those, every session in its turn; and now and then whoever has waited
/// longest, so that nobody waits for ever.
///
/// The store picks one row by it, and the queue lays out all that wait to say where each is; both ask here.
public struct QueueOrder: Sendable, Equatable {
    /// One place in so many is for whoever has waited longest.
    public static let share = 4

    /// Seconds after which a place is owed to whoever waited so long.
    public var patience: TimeInterval

    public init(patience: TimeInterval = 120) {
        self.patience = patience
    }

    /// Whether this turn belongs to whoever has waited longest, should it be long enough.
    public static func isForTheOldest(_ turn: Int) -> Bool { turn % share == share - 1 }

    /// - Parameters:
    ///   - first: the next of the highest priority that waits.
    ///   - oldest: who has waited longest; asked for only where the turn may be theirs.
    public func choose<Waiting>(
        first: () throws -> Waiting?, oldest: () throws -> (Waiting, queuedAt: Date)?, turn: Int, now: Date
    ) rethrows -> Waiting? {
        if Self.isForTheOldest(turn), let (oldest, since) = try oldest(), now.timeIntervalSince(since) >= patience {
            return oldest
        }
        return try first()
    }

    /// All that wait in the order in which they will be taken if nothing changes; what is put off comes last.
    public func sorted(_ waiting: [WaitingAnalysis], turn: Int, now: Date) -> [WaitingAnalysis] {
        let due = waiting.filter { $0.notBefore <= now }
        let putOff = waiting.filter { $0.notBefore > now }.sorted { $0.notBefore < $1.notBefore }
        var byTurn = due.sorted(by: Self.isBefore)[...]
        // Most of the time nobody has waited so long that a place is owed.
        guard due.contains(where: { now.timeIntervalSince($0.queuedAt) >= patience }) else { return byTurn + putOff }
        var byAge = due.sorted(by: Self.isOlder)[...]
        var taken: Set<AnalysisID> = []
        var order: [WaitingAnalysis] = []
        order.reserveCapacity(waiting.count)
        while order.count < due.count {
            byTurn = byTurn.drop { taken.contains($0.id) }
            byAge = byAge.drop { taken.contains($0.id) }
            let next = choose(
                first: { byTurn.first }, oldest: { byAge.first.map { ($0, $0.queuedAt) } }, turn: turn + order.count,
                now: now)
            guard let next else { break }
            taken.insert(next.id)
            order.append(next)
        }
        return order + putOff
    }

    private static func isBefore(_ one: WaitingAnalysis, _ other: WaitingAnalysis) -> Bool {
        if one.priority != other.priority { return one.priority > other.priority }
        if one.round != other.round { return one.round < other.round }
        return isOlder(one, other)
    }

    private static func isOlder(_ one: WaitingAnalysis, _ other: WaitingAnalysis) -> Bool {
        if one.queuedAt != other.queuedAt { return one.queuedAt < other.queuedAt }
        // As in the store, which compares the written form.
        return one.id.uuid < other.id.uuid
    }
}

/// When something that failed is tried again: later and later, and not all at the same moment.
public struct RetryPolicy: Sendable, Equatable {
    /// How often an analysis is tried where no worker could take it.
    public var tries: Int
    /// It is given up when its picture has ended so many workers.
    public var lostWorkers: Int
    /// Seconds before the second try, and at most.
    public var first: TimeInterval
    public var longest: TimeInterval

    public init(tries: Int = 8, lostWorkers: Int = 2, first: TimeInterval = 0.5, longest: TimeInterval = 60) {
        self.tries = tries
        self.lostWorkers = lostWorkers
        self.first = first
        self.longest = longest
    }

    /// Seconds until it is tried again; nil where this was its last try.
    ///
    /// - Parameters:
    ///   - tries: how many have failed before.
    ///   - lostWorkers: how many workers its picture has ended, with the one now.
    ///   - chance: 0..<1. Half of the time is left to it.
    public func pause(after trouble: QueueTrouble, tries: Int, lostWorkers: Int, chance: Double) -> TimeInterval? {
        guard tries + 1 < self.tries else { return nil }
        if trouble == .lostWorker, lostWorkers >= self.lostWorkers { return nil }
        return min(longest, first * pow(2, Double(min(tries, 30)))) * (0.5 + chance / 2)
    }
}

/// How long the last analyses took a worker.
struct RecentDurations: Sendable {
    private static let most = 32
    private var seconds: [Double] = []
    private var next = 0

    /// - Parameters:
    ///   - working: how many were in work together at its end, itself among them.
    ///   - workers: so many of them really were, at any moment; what goes through the model together shares one.
    mutating func note(_ taken: Double, working: Int = 1, workers: Int = 1) {
        let working = max(1, working)
        let duration = taken * Double(min(working, workers)) / Double(working)
        if seconds.count < Self.most {
            seconds.append(duration)
        } else {
            seconds[next] = duration
            next = (next + 1) % Self.most
        }
    }

    /// Before anything was measured: what a small machine takes.
    var mean: Double { seconds.isEmpty ? 0.5 : seconds.reduce(0, +) / Double(seconds.count) }

    /// Whole seconds until the analysis in this position (1 is next) begins.
    func wait(position: Int, workers: Int) -> Int {
        Int((Double(position) * mean / Double(max(1, workers))).rounded(.up))
    }
}

extension EngineFault {
    /// What may pass by itself; nil where a second try would give the same.
    var trouble: QueueTrouble? {
        switch self {
        case .workerDied, .timedOut: .lostWorker
        case .unavailable: .noWorker
        case .picture, .cancelled, .failed: nil
        }
    }
}
