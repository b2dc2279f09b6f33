public import Foundation

/// A file that comes in parts, over any number of connections, until it is whole and was judged.
public struct Reception: Sendable, Equatable {
    public enum State: String, Codable, Sendable, CaseIterable {
        /// It isn't whole yet.
        case receiving
        /// It is whole, and being read.
        case checking
        /// It was kept; of an archive, at least one of its files.
        case kept
        /// Nothing of it was kept.
        case refused

        public var isOver: Bool { self == .kept || self == .refused }
    }

    /// How it ended.
    public struct Outcome: Codable, Sendable, Equatable {
        public var uploads: [UploadID]
        /// Files of an archive that weren't kept; for a single picture that wasn't, that one.
        public var refused: [RefusedFile]

        public init(uploads: [UploadID], refused: [RefusedFile]) {
            self.uploads = uploads
            self.refused = refused
        }
    }

    public let id: ReceptionID
    public let sessionID: SessionID
    /// Safe to show; data, never a path.
    public let fileName: String
    /// In bytes, as announced.
    public let length: Int
    public let createdAt: Date
    /// What isn't whole by then is removed.
    public var expiresAt: Date
    public var state: State
    public var outcome: Outcome?

    public init(
        id: ReceptionID, sessionID: SessionID, fileName: String, length: Int, createdAt: Date, expiresAt: Date,
        state: State = .receiving, outcome: Outcome? = nil
    ) {
        self.id = id
        self.sessionID = sessionID
        self.fileName = fileName
        self.length = length
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.state = state
        self.outcome = outcome
    }
}

public typealias ReceptionID = Identifier<Reception>

/// A file that wasn't kept, and why.
public struct RefusedFile: Codable, Sendable, Equatable {
    /// Safe to show.
    public var fileName: String
    /// The problem's code, as in `docs/errors.md`.
    public var code: String
    /// A sentence for people.
    public var detail: String

    public init(fileName: String, code: String, detail: String) {
        self.fileName = fileName
        self.code = code
        self.detail = detail
    }
}
