import Domain

/// Says how urgent it is, and what to do.
struct UrgencySpeech {
    let record: Record
    private var speech: RecordSpeech { RecordSpeech(record: record) }
    private var isChild: Bool { record.isChild }
    private var advice: AcuityAdvice {
        AcuityAdvice(for: record.acuity.level, emergencyNumber: record.emergencyNumber, isChild: isChild)
    }

    func level() -> [AnswerSentence] {
        let name =
            switch record.acuity.level {
            case .emergency: "an emergency"
            case .urgent: "urgent: today"
            case .soon: "soon: in the next days"
            case .routine: "routine: nothing that was told asks for more than the planned visit"
            }
        var sentences = [AnswerSentence("The level now is \(name).", evidence: [speech.urgency])]
        let reasons = record.acuity.standing.prefix(4)
        if !reasons.isEmpty {
            sentences.append(AnswerSentence("This is why:", evidence: [speech.urgency]))
            for (index, reason) in reasons.enumerated() {
                sentences.append(
                    AnswerSentence(
                        reason.text, layout: .item,
                        evidence: [speech.line("acuity.\(index + 1)", "Reason for the urgency")]))
            }
        }
        return sentences
    }

    func whatToDo() -> [AnswerSentence] {
        [AnswerSentence(advice.title, layout: .paragraph, evidence: [speech.urgency])]
            + advice.steps.map { AnswerSentence($0, layout: .item, evidence: [speech.urgency]) }
    }

    /// In one sentence what the record asks for, where an answer says what is done as a rule.
    func asOfNow() -> [AnswerSentence] {
        guard record.acuity.level == .urgent else { return [] }
        return [
            AnswerSentence(
                "**\(advice.title)** \(isChild ? "That is what this child's record asks for now." : "That is what this record asks for now.")",
                layout: .paragraph, evidence: [speech.urgency])
        ] + (isChild ? signsOfAChild() : [])
    }

    /// What to watch for in a child.
    func signsOfAChild() -> [AnswerSentence] {
        [
            AnswerSentence(
                "Call \(record.emergencyNumber) at once for any of these in the child: \(AcuityAdvice.signsInAChild).",
                layout: .paragraph, evidence: [Publication.nhsIllChild.evidence, Publication.whoPneumonia.evidence])
        ]
    }

    /// The fixed words of an emergency.
    func emergency() -> [AnswerSentence] {
        let advice = AcuityAdvice(for: .emergency, emergencyNumber: record.emergencyNumber)
        return [AnswerSentence("**\(advice.title)**", evidence: [speech.urgency])]
            + advice.steps.map { AnswerSentence($0, layout: .item, evidence: [speech.urgency]) }
            + [
                AnswerSentence(
                    "I can't help with other questions before that. What was told sounds like danger.",
                    layout: .paragraph, evidence: [speech.urgency])
            ]
    }

    /// What comes before every other answer in an emergency.
    func reminder() -> [AnswerSentence] {
        guard record.acuity.level == .emergency else { return [] }
        return [
            AnswerSentence(
                "**This may be an emergency. If nobody has called \(record.emergencyNumber) yet, call now.**",
                evidence: [speech.urgency])
        ]
    }

    static let firstQuestion = "First a question:"

    /// The warning signs, where nobody has been asked for them yet.
    func askForWarningSigns() -> [AnswerSentence] {
        guard record.answers["red-flags"] == nil, record.acuity.level < .emergency else { return [] }
        let ground = [ProgramFact.urgency.evidence]
        return [
            AnswerSentence(
                isChild
                    ? "\(Self.firstQuestion) is there one of these in the child now: \(AcuityAdvice.signsInAChild)?"
                    : "\(Self.firstQuestion) is there bad trouble breathing, strong chest pain, blue lips, fainting, or sudden confusion now?",
                evidence: ground),
            AnswerSentence("If so, call \(record.emergencyNumber) first.", evidence: ground),
        ]
    }
}
