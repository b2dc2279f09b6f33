public import Foundation
public import Observability

/// How one part does.
public struct HealthCheck: Sendable, Equatable {
    /// A word, for example `database`.
    public var name: String
    /// What is wrong, for operators; nil if nothing is.
    public var trouble: String?

    public init(_ name: String, trouble: String? = nil) {
        self.name = name
        self.trouble = trouble
    }
}

/// What came of analysing the golden pictures.
public struct ClinicalReport: Sendable, Equatable, Encodable {
    public enum Status: String, Sendable, Encodable {
        /// Not yet.
        case unchecked
        case passed
        /// A picture gave something else than when the package was made.
        case drifted
        /// No worker could take them.
        case notPossible = "not-possible"
    }

    public enum Analyses: String, Sendable, Encodable {
        case running, paused
    }

    /// Whether nothing is analysed because a check was not passed: not just because there was none yet.
    public var isShut: Bool { analyses == .paused && status != .unchecked }

    public var status: Status
    public var analyses: Analyses
    public var model: String
    public var version: String
    public var checkedAt: Date?
    public var pictures: Int
    /// Of any score.
    public var largestDifference: Double?
    public var tolerance: Double?
    /// One sentence a picture that is not right.
    public var troubles: [String]

    public init(
        status: Status, analyses: Analyses, model: String, version: String, checkedAt: Date? = nil, pictures: Int = 0,
        largestDifference: Double? = nil, tolerance: Double? = nil, troubles: [String] = []
    ) {
        self.status = status
        self.analyses = analyses
        self.model = model
        self.version = version
        self.checkedAt = checkedAt
        self.pictures = pictures
        self.largestDifference = largestDifference
        self.tolerance = tolerance
        self.troubles = troubles
    }
}

/// Analyses the golden pictures.
public protocol ClinicalChecking: Sendable {
    /// Of the last check.
    var report: ClinicalReport { get }
    /// Checks now. Where a check is under way, its report is waited for.
    func check() async -> ClinicalReport
}

/// What watches the server: what requests report to, and what operators look at.
public struct Watching: Sendable {
    public var errors: ErrorGroups
    public var alerts: AlertDesk
    public var overview: Overview
    public var streams: OpenStreams
    /// All parts that must be well for requests to be served, in a bounded time.
    public var checks: @Sendable () async -> [HealthCheck]
    public var clinical: any ClinicalChecking
    public var now: @Sendable () -> Date

    public init(
        errors: ErrorGroups, alerts: AlertDesk, overview: Overview, streams: OpenStreams,
        checks: @escaping @Sendable () async -> [HealthCheck], clinical: any ClinicalChecking,
        now: @escaping @Sendable () -> Date
    ) {
        self.errors = errors
        self.alerts = alerts
        self.overview = overview
        self.streams = streams
        self.checks = checks
        self.clinical = clinical
        self.now = now
    }
}
