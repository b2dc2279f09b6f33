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

/// How much a session holds.
public struct SessionContents: Sendable, Equatable {
    public var uploads = 0
    public var analyses = 0
    public var reports = 0
    public var conversations = 0
    /// Questions and answers.
    public var messages = 0
    /// Clinicians' own readings.
    public var readings = 0
    /// Uploads in parts, also those that ended.
    public var receptions = 0

    public init(
        uploads: Int = 0, analyses: Int = 0, reports: Int = 0, conversations: Int = 0, messages: Int = 0,
        readings: Int = 0, receptions: Int = 0
    ) {
        self.uploads = uploads
        self.analyses = analyses
        self.reports = reports
        self.conversations = conversations
        self.messages = messages
        self.readings = readings
        self.receptions = receptions
    }
}

/// What remains after a session was erased: no patient data.
public struct ErasureReceipt: Sendable, Equatable {
    public let id: Identifier<ErasureReceipt>
    public let erasedAt: Date
    /// What there was.
    public let contents: SessionContents

    public init(id: Identifier<ErasureReceipt>, erasedAt: Date, contents: SessionContents) {
        self.id = id
        self.erasedAt = erasedAt
        self.contents = contents
    }
}
