public import Domain

/// A report, or one of its documents, that could not be made.
public struct ReportFault: Error, Sendable {
    public var part: Report.Part
    /// Formats that can be had all the same.
    public var available: [Report.Format]
    /// Set where the report itself was kept.
    public var report: ReportID?
    /// For the log only.
    public var cause: PrivateCause?

    public init(
        _ part: Report.Part, available: [Report.Format] = [], report: ReportID? = nil, cause: (any Error)? = nil
    ) {
        self.part = part
        self.available = available
        self.report = report
        self.cause = cause.map { PrivateCause($0) }
    }

    /// A document came out larger than documents may be.
    struct TooLarge: Error, CustomStringConvertible {
        let bytes: Int
        var description: String { "a document of \(bytes) bytes" }
    }
}

/// Tells how far the report that is being made here is.
///
/// A structure around the function, because a task-local value whose type is the function itself crashes a program that is
/// compiled for speed (Swift 6.3, `swift_task_localValuePush`).
public struct ReportProgress: Sendable {
    @TaskLocal public static var current = ReportProgress { _ in }

    private let note: @Sendable (Report.Step) -> Void

    public init(_ note: @escaping @Sendable (Report.Step) -> Void) {
        self.note = note
    }

    public func enter(_ step: Report.Step) { note(step) }
}
