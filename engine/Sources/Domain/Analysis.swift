public import Foundation

/// One attempt of the model on one upload, from the queue to its end.
public struct Analysis: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable, CaseIterable {
        case queued, decoding, checking, inferring, explaining, completed, refused, failed, cancelled

        public init(_ step: AnalysisStep) {
            switch step {
            case .decoding: self = .decoding
            case .checking: self = .checking
            case .inferring: self = .inferring
            case .explaining: self = .explaining
            }
        }

        /// Nothing follows by itself; a retry starts again from the queue.
        public var isFinal: Bool {
            switch self {
            case .completed, .refused, .failed, .cancelled: true
            case .queued, .decoding, .checking, .inferring, .explaining: false
            }
        }

        public var isRunning: Bool { !isFinal && self != .queued }

        /// How far along, 0...1.
        public var progress: Double {
            switch self {
            case .queued: 0
            case .decoding: 0.1
            case .checking: 0.35
            case .inferring: 0.5
            case .explaining: 0.8
            case .completed, .refused, .failed, .cancelled: 1
            }
        }

        /// Whether `next` may follow. A running analysis falls back to `queued` when its worker or the server died.
        public func mayBecome(_ next: State) -> Bool {
            switch (self, next) {
            case (.queued, .decoding), (.decoding, .checking), (.checking, .inferring), (.inferring, .explaining): true
            case (.queued, .cancelled), (.queued, .failed): true
            case (_, .queued): isRunning || self == .failed || self == .cancelled
            case (_, .refused), (_, .failed), (_, .cancelled): isRunning
            case (_, .completed): self == .explaining
            default: false
            }
        }

        /// A sentence for people.
        public var sentence: String {
            switch self {
            case .queued: "Waiting for its turn."
            case .decoding: "Reading the picture."
            case .checking: "Measuring the picture and preparing it for the model."
            case .inferring: "The model is looking at the picture."
            case .explaining: "Noting where the model looked."
            case .completed: "Done."
            case .refused: "This picture can't be analysed."
            case .failed: "The analysis didn't work."
            case .cancelled: "Cancelled."
            }
        }
    }

    /// Why an analysis ended without an outcome about the picture.
    public struct Failure: Codable, Sendable, Equatable {
        public var code: String
        /// A sentence for people, without data from the picture.
        public var message: String
        public var isRetryable: Bool

        public init(code: String, message: String, isRetryable: Bool) {
            self.code = code
            self.message = message
            self.isRetryable = isRetryable
        }
    }

    /// How it ended, if it did.
    public enum Outcome: Codable, Sendable, Equatable {
        case completed(AnalysisResult)
        case refused(Refusal)
        case failed(Failure)
        case cancelled

        public var state: State {
            switch self {
            case .completed: .completed
            case .refused: .refused
            case .failed: .failed
            case .cancelled: .cancelled
            }
        }
    }

    public let id: AnalysisID
    public let sessionID: SessionID
    public let uploadID: UploadID
    /// Which picture of the file, counted from 0.
    public let frame: Int
    /// What was done to the picture first, at a person's request.
    public let adjustment: PictureAdjustment
    public let createdAt: Date
    public var updatedAt: Date
    public var state: State
    /// How many times it was taken from the queue.
    public var attempt: Int
    /// Grows with every change, also across restarts: the id of its server-sent events.
    public var revision: Int
    public var outcome: Outcome?
    /// Where the history and the file differ, and somebody confirmed that it is the right picture all the same.
    public var confirmedDifferences: [IdentityCheck.Field]
    /// Where the picture is read before the findings are shown; as of the moment when this value was read.
    public var blindFirst: BlindFirst?

    public init(
        id: AnalysisID, sessionID: SessionID, uploadID: UploadID, frame: Int = 0,
        adjustment: PictureAdjustment = .none, createdAt: Date, updatedAt: Date,
        state: State = .queued, attempt: Int = 0, revision: Int = 1, outcome: Outcome? = nil,
        confirmedDifferences: [IdentityCheck.Field] = [], blindFirst: BlindFirst? = nil
    ) {
        self.id = id
        self.sessionID = sessionID
        self.uploadID = uploadID
        self.frame = frame
        self.adjustment = adjustment
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.state = state
        self.attempt = attempt
        self.revision = revision
        self.outcome = outcome
        self.confirmedDifferences = confirmedDifferences
        self.blindFirst = blindFirst
    }

    /// Whether its person may send it back to the queue.
    public var isRetryable: Bool {
        switch outcome {
        case .failed(let failure): failure.isRetryable
        case .cancelled: true
        case .completed, .refused, nil: false
        }
    }

    /// What may be shown of a completed analysis: nil while it awaits a reading.
    public var result: AnalysisResult? { awaitsReading ? nil : keptResult }
}
