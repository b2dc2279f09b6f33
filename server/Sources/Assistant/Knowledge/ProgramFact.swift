import Domain

/// What is known about Lightbox itself, by where it is written down. The raw value is the id of the evidence.
enum ProgramFact: String, CaseIterable {
    /// `models/chest-xray/card.md`.
    case modelCard = "model-card"
    /// What it is for, and what it isn't.
    case intendedUse = "intended-use"
    /// What happens with what a person enters.
    case privacy
    /// How a session goes, from the history to the report.
    case use
    /// How numbers become words, and how a picture is refused.
    case reading
    /// How urgency is kept.
    case urgency
    /// What the assistant is and what it is told.
    case assistant

    var label: String {
        switch self {
        case .modelCard: "The model's card"
        case .intendedUse: "What Lightbox is for"
        case .privacy: "What Lightbox does with data"
        case .use: "How to use Lightbox"
        case .reading: "How Lightbox reads a picture"
        case .urgency: "How Lightbox keeps the urgency"
        case .assistant: "How the assistant works"
        }
    }

    var evidence: Evidence { Evidence(.program, rawValue, label: label) }
}
