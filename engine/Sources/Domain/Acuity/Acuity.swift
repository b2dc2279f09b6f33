public import Foundation

/// How soon someone should see a person: from what was told, what was found, and every message.
public enum AcuityLevel: String, Codable, Sendable, CaseIterable, Comparable {
    /// Nothing that was told or found asks for more than the next visit.
    case routine
    /// Within days to two weeks.
    case soon
    /// Today.
    case urgent
    /// Call the emergency number now.
    case emergency

    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .routine: 0
        case .soon: 1
        case .urgent: 2
        case .emergency: 3
        }
    }
}

/// Published guidance that a rule follows.
public struct GuidanceSource: Codable, Sendable, Equatable {
    public var title: String
    public var url: String

    public init(_ title: String, _ url: String) {
        self.title = title
        self.url = url
    }
}

/// One reason for a level: which rule, from where, in plain words.
public struct AcuityReason: Codable, Sendable, Equatable {
    /// Where the reason comes from.
    public enum Origin: String, Codable, Sendable, CaseIterable {
        /// An answer of the history; ``AcuityReason/field`` names it.
        case intake
        /// A finding of the model; ``AcuityReason/field`` names it.
        case finding
        /// Something that was written to the assistant. Its words are not kept here.
        case message
    }

    /// The rule's name, for example `chest-pain`.
    public var rule: String
    public var level: AcuityLevel
    /// A sentence for people, without anything from the record.
    public var text: String
    public var origin: Origin
    /// The question or finding; nil for a message, and for marks that are no urgent ones.
    public var field: String?
    public var source: GuidanceSource

    public init(
        rule: String, level: AcuityLevel, text: String, origin: Origin, field: String?, source: GuidanceSource
    ) {
        self.rule = rule
        self.level = level
        self.text = text
        self.origin = origin
        self.field = field
        self.source = source
    }

    /// What it is about: rules that say the same of another level or in other words share one.
    var matter: String {
        guard origin != .finding else { return "finding \(field ?? "")" }
        return Self.matters[rule] ?? rule
    }

    private static let matters = [
        "chest-pain-now": "chest-pain", "breathless-suddenly": "breathless", "breathless-severe": "breathless",
        "breathless-for-long": "breathless", "slowly-breathless": "breathless", "breathing": "breathless",
        "blood": "coughing-blood", "lowered-oxygen": "low-oxygen", "news2-medium": "news2-high",
        "palpitations-dizzy": "palpitations", "lumps": "lump",
    ]

    /// The same reason found again, however often, is one reason.
    fileprivate func isSame(as other: Self) -> Bool {
        (rule, level, origin, field) == (other.rule, other.level, other.origin, other.field)
    }
}

/// The urgency of one session: a ratchet. Reasons are added and never removed, so that the level only goes up; only a
/// named clinician may lower it, and whatever is added afterwards counts in full.
public struct Acuity: Codable, Sendable, Equatable {
    /// Why a clinician lowered the level.
    public struct Lowering: Codable, Sendable, Equatable {
        public var level: AcuityLevel
        public var clinician: String
        public var reason: String
        public var at: Date
        /// How many reasons were known then. Later ones are not covered by it.
        public var covers: Int

        public init(level: AcuityLevel, clinician: String, reason: String, at: Date, covers: Int) {
            self.level = level
            self.clinician = clinician
            self.reason = reason
            self.at = at
            self.covers = covers
        }
    }

    /// In the order in which they were found.
    public private(set) var reasons: [AcuityReason]
    public private(set) var lowering: Lowering?
    /// When the last reason was added; nil before the first.
    public private(set) var raisedAt: Date?

    public init() {
        reasons = []
    }

    public var level: AcuityLevel {
        let counting = reasons.dropFirst(lowering?.covers ?? 0).map(\.level)
        return max(lowering?.level ?? .routine, counting.max() ?? .routine)
    }

    /// Adds what isn't known yet.
    ///
    /// - Returns: whether anything was new.
    @discardableResult
    public mutating func raise(by found: [AcuityReason], at now: Date) -> Bool {
        let covered = lowering?.covers ?? 0
        var isNew = false
        for reason in found where !reasons.dropFirst(covered).contains(where: { $0.isSame(as: reason) }) {
            // A reason that a clinician has judged doesn't come back by being read again; by being told again it does.
            if reason.origin != .message, reasons.contains(where: { $0.isSame(as: reason) }) { continue }
            reasons.append(reason)
            raisedAt = now
            isNew = true
        }
        return isNew
    }

    /// - Throws: ``ValidationFault`` where the name or the reason is missing or too long, or the level isn't lower.
    public mutating func lower(
        to level: AcuityLevel, by clinician: String, because reason: String, at now: Date
    ) throws(ValidationFault) {
        var faults: [FieldFault] = []
        let clinician = TypedText.checked(clinician, "/clinician", longest: 120, &faults)
        let reason = TypedText.checked(reason, "/reason", longest: 1000, &faults)
        if level >= self.level {
            faults.append(
                FieldFault(
                    pointer: "/level", code: .outOfRange, detail: "The level is \(self.level.rawValue) already."))
        }
        guard faults.isEmpty else { throw ValidationFault(faults) }
        lowering = Lowering(level: level, clinician: clinician, reason: reason, at: now, covers: reasons.count)
    }

    /// The reasons that make the level what it is; the heaviest first, and each matter once: what was ticked and then
    /// written again, or asks for less of the same, adds nothing to read.
    public var standing: [AcuityReason] {
        let counting = Array(reasons.dropFirst(lowering?.covers ?? 0))
        var said: Set<String> = []
        return counting.enumerated().sorted { ($1.element.level, $0.offset) < ($0.element.level, $1.offset) }
            .map(\.element).filter { said.insert($0.matter).inserted }
    }
}

/// What to do at a level: fixed words, the same on the page, in the chat and in the report.
public struct AcuityAdvice: Codable, Sendable, Equatable {
    public var title: String
    public var steps: [String]

    /// What tells that a child is in danger. Sources: NHS, "Is your baby or toddler seriously ill?"; WHO, "Pneumonia in
    /// children".
    public static let signsInAChild =
        "fast breathing, pulling in under the ribs, grunting, blue lips, not drinking, or very sleepy"
    /// What tells that an adult is.
    public static let signsInAnAdult = "trouble breathing, chest pain, fainting, blue lips, confusion, much blood"

    /// - Parameters:
    ///   - emergencyNumber: the number to call where this server stands, for example 112.
    ///   - isChild: whether a child's warning signs are named.
    public init(for level: AcuityLevel, emergencyNumber: String, isChild: Bool = false) {
        switch level {
        case .emergency:
            title = "This may be an emergency. Call \(emergencyNumber) now."
            steps = [
                "Call \(emergencyNumber), or let someone call for you. Say what is happening and where you are.",
                "Don't wait for this program, for a picture or for a report. Don't drive yourself.",
                "Stay with the person. Sit them up if they are short of breath. If they don't breathe, follow what the person on the telephone says.",
            ]
        case .urgent:
            title = "Talk to a doctor today."
            steps = [
                "Call your doctor, an urgent care line or an urgent care centre today, also at night or at a weekend.",
                "Call \(emergencyNumber) if it gets worse: \(isChild ? Self.signsInAChild : Self.signsInAnAdult).",
            ]
        case .soon:
            title = "See a doctor in the next days."
            steps = [
                "Make an appointment within days, at the latest within two weeks, and take the report with you.",
                "Talk to a doctor the same day if it gets worse. Call \(emergencyNumber) in an emergency.",
            ]
        case .routine:
            title = "Nothing that was told asks for more than the planned visit."
            steps = [
                "This program knows only what it was told, and it can miss things. If you feel that something is wrong, ask a doctor.",
                "Call \(emergencyNumber) in an emergency.",
            ]
        }
    }
}
