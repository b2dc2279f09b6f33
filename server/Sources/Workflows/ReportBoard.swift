public import Domain

/// What a person who watches a report sees at one moment.
public struct ReportStatus: LiveStatus {
    public var id: ReportID
    public var state: Report.State
    /// Nil while it waits for its turn, and at the end.
    public var step: Report.Step?
    public var revision: Int

    public init(id: ReportID, state: Report.State, step: Report.Step? = nil, revision: Int) {
        self.id = id
        self.state = state
        self.step = step
        self.revision = revision
    }

    public init(_ report: Report) {
        self.init(id: report.id, state: report.state, revision: report.revision)
    }

    /// 0...1.
    public var progress: Double { state.isFinal ? 1 : step?.progress ?? 0 }

    /// A sentence for people.
    public var detail: String {
        switch state {
        case .making: step?.sentence ?? "Waiting for its turn."
        case .ready: "Done."
        case .failed: "The report could not be made."
        case .cancelled: "Cancelled."
        }
    }
}

/// The live state of the reports that are being made, and those who watch them. After a restart a report begins again,
/// with a revision that is larger than any that was shown before.
public final class ReportBoard: Sendable {
    private let board = Board<ReportStatus>()

    public init() {}

    /// The live state, if the report is being made.
    public func current(_ id: ReportID) -> ReportStatus? { board.current(id) }

    func enter(_ report: Report) {
        board.enter(report.id) { last in last ?? ReportStatus(report) }
    }

    /// A step begins. Too late, or for a step that lies behind, it does nothing.
    func note(_ step: Report.Step, of id: ReportID) {
        board.update(id) { last in
            guard !last.state.isFinal, step.progress > last.progress else { return nil }
            var next = last
            next.step = step
            next.revision += 1
            return next
        }
    }

    /// Shows the end and closes all event streams.
    func finish(_ report: Report) { board.end(report.id, with: ReportStatus(report)) }

    /// The report is gone.
    func drop(_ id: ReportID) { board.end(id, with: nil) }

    /// See ``Board/watch(_:after:by:)``.
    public func watch(_ report: Report, after revision: Int?, by watcher: Watcher<ReportStatus>) -> Watch {
        board.watch(ReportStatus(report), after: revision, by: watcher)
    }

    /// See ``Board/changes(from:after:)``.
    func changes(of report: Report, after revision: Int?) -> Changes<ReportStatus> {
        board.changes(from: ReportStatus(report), after: revision)
    }

    /// Closes all event streams, because the server stops.
    public func close() { board.close() }

    /// Memory is short.
    public func shrink() { board.shrink() }
}
