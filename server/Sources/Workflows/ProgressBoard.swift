public import Domain

/// Why no analysis is begun for now. It goes on by itself.
public enum Hold: String, Sendable, Codable, CaseIterable {
    /// An operator has paused the queue.
    case byOperator = "operator"
    /// The model has not passed its own check.
    case byModelCheck = "model-check"
}

/// What a person who watches an analysis sees at one moment.
public struct AnalysisProgress: LiveStatus {
    public var id: AnalysisID
    public var state: Analysis.State
    /// 1 is next; nil unless it waits.
    public var position: Int?
    /// Seconds until it will probably begin; nil if not known.
    public var etaSeconds: Int?
    /// Why nothing is begun while it waits; nil where it only waits for its turn.
    public var hold: Hold?
    public var attempt: Int
    public var revision: Int

    public init(
        id: AnalysisID, state: Analysis.State, position: Int? = nil, etaSeconds: Int? = nil, hold: Hold? = nil,
        attempt: Int, revision: Int
    ) {
        self.id = id
        self.state = state
        self.position = position
        self.etaSeconds = etaSeconds
        self.hold = hold
        self.attempt = attempt
        self.revision = revision
    }

    public init(_ analysis: Analysis) {
        self.init(id: analysis.id, state: analysis.state, attempt: analysis.attempt, revision: analysis.revision)
    }
}

/// The live state of the analyses that wait or run, and those who watch them.
///
/// After a restart an analysis begins again, with a revision that is larger than any that was shown before.
public final class ProgressBoard: Sendable {
    private let board = Board<AnalysisProgress>()

    public init() {}

    /// The live state, if the analysis is on the board.
    public func current(_ id: AnalysisID) -> AnalysisProgress? { board.current(id) }

    /// A revision that no watcher has seen yet.
    public func nextRevision(of analysis: Analysis) -> Int {
        max(analysis.revision, current(analysis.id)?.revision ?? 0) + 1
    }

    func enter(_ state: Analysis.State, of analysis: Analysis) {
        board.enter(analysis.id) { last in
            if let last, last.state == state, last.attempt == analysis.attempt { return last }
            return AnalysisProgress(
                id: analysis.id, state: state, attempt: analysis.attempt,
                revision: max(analysis.revision, (last?.revision ?? 0) + 1))
        }
    }

    /// At the start of the process: what waits is on the board before anybody is served.
    func wait(_ analysis: WaitingAnalysis) {
        board.enter(analysis.id) { last in
            last
                ?? AnalysisProgress(
                    id: analysis.id, state: .queued, attempt: analysis.attempt, revision: analysis.revision)
        }
    }

    /// Like ``enter(_:of:)``, for a step of the attempt that runs now; too late it does nothing.
    func note(_ step: Analysis.State, of analysis: Analysis) {
        guard current(analysis.id)?.attempt == analysis.attempt else { return }
        enter(step, of: analysis)
    }

    /// Shows the end and closes all event streams.
    func finish(_ analysis: Analysis) { board.end(analysis.id, with: AnalysisProgress(analysis)) }

    /// The analysis is gone.
    func drop(_ id: AnalysisID) { board.end(id, with: nil) }

    /// Where in the queue an analysis is, and how long it will probably wait. A wait that is nearly what was said before
    /// is not said again.
    func place(_ id: AnalysisID, position: Int, etaSeconds: Int?, hold: Hold? = nil) {
        board.update(id) { last in
            guard last.state == .queued else { return nil }
            let isSame = last.position == position && last.hold == hold
            if isSame, Self.isNear(last.etaSeconds, etaSeconds) { return nil }
            var next = last
            next.position = position
            next.etaSeconds = etaSeconds
            next.hold = hold
            next.revision += 1
            return next
        }
    }

    private static func isNear(_ told: Int?, _ seconds: Int?) -> Bool {
        guard let told, let seconds else { return told == seconds }
        return abs(told - seconds) <= max(1, told / 4)
    }

    /// See ``Board/watch(_:after:by:)``.
    public func watch(
        _ analysis: Analysis, after revision: Int?, by watcher: Watcher<AnalysisProgress>
    ) -> Watch {
        board.watch(AnalysisProgress(analysis), after: revision, by: watcher)
    }

    /// See ``Board/changes(from:after:)``.
    func changes(of analysis: Analysis, after revision: Int?) -> Changes<AnalysisProgress> {
        board.changes(from: AnalysisProgress(analysis), after: revision)
    }

    /// Closes all event streams, because the server stops.
    public func close() { board.close() }

    /// Memory is short.
    public func shrink() { board.shrink() }

    /// How many analyses are on the board, and how many watch them.
    public var counts: (entries: Int, watchers: Int) { board.counts }
}
