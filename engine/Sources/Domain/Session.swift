public import Foundation

/// One person's stay: it owns one intake, and all uploads, analyses and reports.
public struct Session: Sendable, Equatable {
    public let id: SessionID
    public let createdAt: Date
    public var lastSeenAt: Date
    public let consent: Consent

    public init(id: SessionID, createdAt: Date, lastSeenAt: Date, consent: Consent) {
        self.id = id
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.consent = consent
    }
}

/// What a person agreed to, and when.
public struct Consent: Sendable, Equatable, Codable {
    /// The version of the text that is shown now. It changes whenever the text's meaning does.
    public static let currentVersion = "2026-11"

    public var version: String
    public var acceptedAt: Date

    public init(version: String, acceptedAt: Date) {
        self.version = version
        self.acceptedAt = acceptedAt
    }
}

/// How long a session lasts. Both limits end it; whichever comes first.
public struct SessionLifetime: Sendable, Equatable {
    /// Seconds without any request.
    public var idle: TimeInterval
    /// Seconds since the session began.
    public var absolute: TimeInterval

    public init(idle: TimeInterval, absolute: TimeInterval) {
        self.idle = idle
        self.absolute = absolute
    }

    public static let standard = SessionLifetime(idle: 30 * 60, absolute: 24 * 3600)

    public func idleExpiry(of session: Session) -> Date {
        min(session.lastSeenAt.addingTimeInterval(idle), absoluteExpiry(of: session))
    }

    public func absoluteExpiry(of session: Session) -> Date {
        session.createdAt.addingTimeInterval(absolute)
    }

    public func isOver(_ session: Session, at now: Date) -> Bool {
        now >= idleExpiry(of: session)
    }
}

/// What remains after a session was erased: no patient data.
public struct ErasureReceipt: Sendable, Equatable {
    public let id: Identifier<ErasureReceipt>
    public let erasedAt: Date
    public let uploads: Int
    public let analyses: Int
    public let reports: Int

    public init(id: Identifier<ErasureReceipt>, erasedAt: Date, uploads: Int, analyses: Int, reports: Int) {
        self.id = id
        self.erasedAt = erasedAt
        self.uploads = uploads
        self.analyses = analyses
        self.reports = reports
    }
}
