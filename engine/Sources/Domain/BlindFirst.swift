public import Foundation

/// That somebody reads a picture with their own eyes before they are shown what the model found, and how that stands.
///
/// Who sees the answer of a program first tends to find it in the picture: Dratsch et al., "Automation Bias in
/// Mammography", Radiology 2023.
public struct BlindFirst: Codable, Sendable, Equatable {
    /// Why the findings aren't held back any more.
    public enum Ending: String, Codable, Sendable, CaseIterable {
        /// A reading was recorded.
        case read
        /// Somebody chose to see them without one.
        case revealed
        /// The longest time was over.
        case timedOut = "timed-out"
    }

    /// Seconds from the end of the analysis, after which the findings are shown by themselves.
    public let longest: TimeInterval
    /// nil while findings are held back, or would be.
    public let ending: Ending?
    /// When the findings are shown by themselves; nil while there are none, and when they aren't held back.
    public let revealsAt: Date?

    /// - Parameters:
    ///   - completedAt: when the result was there; nil while there is none.
    ///   - ending: as it was recorded. That the time is over needs no record.
    public init(longest: TimeInterval, completedAt: Date? = nil, ending: Ending? = nil, at now: Date) {
        self.longest = longest
        let end = completedAt.map { $0.addingTimeInterval(longest) }
        let isOver = end.map { $0 <= now } ?? false
        self.ending = ending ?? (isOver ? .timedOut : nil)
        revealsAt = self.ending == nil ? end : nil
    }

    public var isOpen: Bool { ending == nil }

    /// Whether the findings were shown though nobody had recorded a reading.
    public var isRevealedWithoutReading: Bool { ending == .revealed || ending == .timedOut }

    /// What stands beside the form of the reading.
    public var warning: String {
        let minutes = Int((longest / 60).rounded(.up))
        return
            "The model's findings are held back until your reading is recorded, and the urgency that is shown leaves "
            + "them out. If this person may be seriously ill, don't wait: act on what you see, or show the findings now. "
            + "They are shown by themselves \(minutes == 1 ? "a minute" : "\(minutes) minutes") after the analysis has "
            + "ended."
    }
}

extension Analysis {
    /// Whether what the model finds is held back until a reading is recorded. A refusal or a failure is told at once.
    public var awaitsReading: Bool { Self.awaitsReading(state, blindFirst) }

    public static func awaitsReading(_ state: State, _ blindFirst: BlindFirst?) -> Bool {
        guard blindFirst?.isOpen == true else { return false }
        switch state {
        case .refused, .failed, .cancelled: return false
        case .queued, .decoding, .checking, .inferring, .explaining, .completed: return true
        }
    }

    /// What is kept as the result, whether it may be shown or not. ``result`` is what may.
    public var keptResult: AnalysisResult? {
        if case .completed(let result) = outcome { result } else { nil }
    }
}
