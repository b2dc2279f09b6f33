public import Domain

/// Answers from the record and the library of prepared answers, without a language model.
public struct GroundedAnswerer: Sendable {
    public init() {}

    /// - Parameters:
    ///   - routing: what the question is taken for.
    ///   - heard: the level that the question's own words ask for.
    ///   - hasAsked: whether the warning signs were asked for in this conversation. They are again where the question
    ///     tells of something new.
    public func answer(
        _ question: String, as routing: Routing, heard: AcuityLevel, record: Record, hasAsked: Bool = false
    ) -> GroundedAnswer {
        // Words of danger are answered as such, whatever else was asked.
        let intent = heard == .emergency && routing.intent != .selfHarm ? .emergency : routing.intent
        var composer = Composer(question: question, intent: intent, subject: routing.subject, record: record)
        composer.hasAsked = hasAsked && heard < .soon
        // What was asked in another language is understood by rules only; the rest would be a guess.
        if let language = ForeignLanguage(question) {
            let isSure = routing.isByRule || [.emergency, .selfHarm].contains(intent)
            if !isSure { composer.intent = .language }
            return GroundedAnswer(
                intent: composer.intent,
                sentences: Composer.asParagraph([language.reply(record.emergencyNumber)], composer.sentences()),
                suggestions: composer.suggestions())
        }
        return GroundedAnswer(
            intent: intent, sentences: composer.sentences(), suggestions: composer.suggestions())
    }

    /// Whether an answer asked for the warning signs.
    public static func asksForSigns(_ sentences: [AnswerSentence]) -> Bool {
        sentences.contains { $0.text.hasPrefix(UrgencySpeech.firstQuestion) }
    }
}

/// Composes one answer.
private struct Composer {
    let question: String
    var intent: Intent
    let subject: Subject
    let record: Record
    /// Whether the warning signs were asked for before.
    var hasAsked = false

    private var history: RecordSpeech { RecordSpeech(record: record) }
    private var findings: FindingSpeech { FindingSpeech(record: record) }
    private var urgency: UrgencySpeech { UrgencySpeech(record: record) }
    private var medicines: MedicationSpeech { MedicationSpeech(record: record) }

    func sentences() -> [AnswerSentence] {
        switch intent {
        case .emergency: return urgency.emergency() + (tellsOfBleeding ? medicines.bleeding() : [])
        case .selfHarm: return Self.asParagraph(selfHarm(), Knowledge.general(.selfHarm))
        default: break
        }
        let before = urgency.reminder() + (asksFirst && !hasAsked ? urgency.askForWarningSigns() : [])
        let presupposed = asksOfPicture ? findings.presupposed(in: question, subject) : []
        let thinners = asksOfMedicine ? medicines.keepTaking() : []
        let bleeding = tellsOfBleeding && !asksOfMedicine ? medicines.bleeding() : []
        let own = Self.asParagraph(presupposed, warned(own()).filter { !presupposed.contains($0) })
        let after = saysWhatIsDone ? urgency.asOfNow() : []
        return Self.asParagraph(
            before,
            Self.asParagraph(
                thinners, Self.asParagraph(bleeding, Self.asParagraph(own, Self.asParagraph(general(), after)))))
    }

    private var asksOfMedicine: Bool {
        [
            .medicationMayTake, .medicationStop, .medicationDose, .medicationInteraction, .medicationSideEffect,
            .medicationNeed, .medicationWhatIs,
        ].contains(intent)
    }

    /// Whether the question is about the picture, so that it may take for there what isn't marked.
    private var asksOfPicture: Bool {
        switch intent {
        case .findingsSummary, .reassurance, .prognosis, .notChecked, .furtherTests, .unclear, .pictureQuality,
            .compareEarlier, .howModelWorks, .recordSummary, .pictureScope, .xrayHow, .doctorQuestions, .offTopic:
            true
        // These say themselves first what isn't marked, where the question names it.
        case .findingMeaning, .findingCause, .findingNext, .findingSerious, .findingProbability, .findingNotMarked,
            .diagnosis, .threshold, .heatMap, .term:
            subject.findings.isEmpty
        default: false
        }
    }

    private static let bleeding: [WordPattern] = [
        "cough|coughs|coughing|coughed|spit|spitting|bring|bringing ~6 blood|bloody",
        "blood ~5 cough|coughed|coughing|spit|phlegm|sputum",
    ]

    private var tellsOfBleeding: Bool {
        let wording = Wording(question)
        let isAsked = wording.hasAny(Self.bleeding)
        let isTold =
            [.nextSteps, .howSoon, .urgency, .selfCare, .warningSigns].contains(intent)
            && (isTicked("blood", in: "symptoms") || isTicked("coughing-blood-much", in: "red-flags"))
        return isAsked || isTold
    }

    private func isTicked(_ code: String, in question: String) -> Bool {
        if case .codes(let codes)? = record.answers[question] { codes.contains(code) } else { false }
    }

    /// Answers that say what is done as a rule, and so have to say what this record asks for.
    private var saysWhatIsDone: Bool {
        switch intent {
        case .findingNext, .findingSerious, .whichDoctor, .selfCare, .dailyLife, .diagnosis, .reassurance, .prognosis,
            .furtherTests, .findingsSummary, .medicationNeed, .secondOpinion, .doctorQuestions:
            true
        // These tell the level themselves.
        case .nextSteps, .howSoon, .urgency, .warningSigns: false
        default: false
        }
    }

    /// What rests on a withdrawn version of the model says so first.
    private func warned(_ sentences: [AnswerSentence]) -> [AnswerSentence] {
        let isOfPicture = { (ground: Evidence) in
            ground.kind == .record && (ground.id == "picture" || ground.id.hasPrefix("finding."))
        }
        guard record.withdrawal != nil, sentences.contains(where: { $0.evidence.contains(where: isOfPicture) }) else {
            return sentences
        }
        let warning = AnswerSentence(
            "**The model that read this picture was withdrawn.** Don't rely on what it found, and ask a doctor to look "
                + "at the picture.",
            evidence: [history.line("withdrawn", "The withdrawn model")])
        return Self.asParagraph([warning], sentences)
    }

    func suggestions() -> [String] {
        var questions = Knowledge.suggestions[intent] ?? []
        if [.findingsSummary, .findingProbability].contains(intent),
            let marked = record.result?.findings.first(where: { $0.flagged && $0.id != "any-finding" })
        {
            questions.insert("What does “\(marked.name)” mean?", at: 0)
        }
        return Array(questions.prefix(4))
    }

    /// Whether the warning signs must be known before this is explained.
    private var asksFirst: Bool {
        switch intent {
        case .findingsSummary, .findingSerious, .findingNext, .diagnosis, .reassurance, .nextSteps, .howSoon, .selfCare,
            .prognosis:
            true
        default: false
        }
    }

    private func general() -> [AnswerSentence] {
        switch intent {
        // The explanation of one finding stands for itself.
        case .term: subject.term == nil ? Knowledge.general(.term) : []
        case .findingSerious where record.isChild:
            Array(Knowledge.general(.findingSerious).prefix(1))
                + (record.acuity.level == .urgent ? [] : urgency.signsOfAChild())
        case .warningSigns: record.isChild ? Knowledge.childWarningSigns : Knowledge.general(.warningSigns)
        // The level has told what to do when it gets worse.
        case .nextSteps where record.acuity.level >= .urgent:
            [
                AnswerSentence(
                    "Take the report along, together with the picture itself.", layout: .paragraph,
                    evidence: [ProgramFact.use.evidence])
            ]
        case .howSoon where record.isChild || record.acuity.level >= .urgent:
            record.isChild ? urgency.signsOfAChild() : Array(Knowledge.general(.howSoon).prefix(1))
        default: Knowledge.general(intent)
        }
    }

    /// What comes from the record.
    private func own() -> [AnswerSentence] {
        switch intent {
        case .findingsSummary: findings.summary()
        case .findingMeaning: findings.explain(subject) { $0.what + $0.notMeaning }
        case .findingProbability: findings.probability(subject)
        case .findingCause: findings.explain(subject) { $0.causes }
        case .findingNext: findings.explain(subject) { $0.next }
        case .findingSerious: findings.explain(subject) { $0.seriousness }
        case .findingNotMarked: subject.findings.isEmpty ? [] : findings.state(subject.findings)
        case .notChecked: findings.notLookedFor(in: question) + findings.notChecked()
        case .heatMap:
            subject.findings.isEmpty
                || record.result?.findings.contains { subject.findings.contains($0.id) && $0.flagged } == true
                ? [] : findings.state(subject.findings)
        case .threshold: findings.threshold(subject)
        case .pictureQuality: findings.quality()
        case .pictureScope: findings.scope()
        case .projection: findings.projection()
        case .compareEarlier: findings.earlier()
        case .pictureRefused: findings.refusal()

        case .diagnosis, .reassurance: verdict()
        case .prognosis, .contagious, .hereditary: []

        case .recordSummary: history.summary()
        case .recordAllergies: history.topic("allergies", ["allergy-status", "allergies"])
        case .recordMedication:
            (subject.drugs.isEmpty ? [] : medicines.named(subject.drugs))
                + history.topic("medicines", ["medication-status", "medication", "blood-thinners", "supplements"])
        case .recordConditions:
            history.topic("illnesses and operations", ["conditions", "operations", "hospital-stays"])
        case .recordSmoking: history.smoking()
        case .recordMeasurements:
            history.topic("measurements", history.asked(question, among: RecordSpeech.measurements))
        case .recordSymptoms:
            history.topic(
                "the reason and the complaints",
                [
                    "reason", "symptoms", "onset", "beginning", "course", "severity", "worse-with", "better-with",
                    "red-flags", "systems", "systems-detail",
                ])
        case .recordFamily: history.topic("illnesses in the family", ["family", "family-detail"])
        case .recordImplants: history.topic("implants", ["implants", "implants-detail"])
        case .recordPregnancy: history.topic("a pregnancy", ["pregnancy", "last-period", "breastfeeding"])
        case .recordPerson: history.topic("the person", history.asked(question, among: RecordSpeech.person))
        case .recordOther: history.topic("this", history.asked(question, among: RecordSpeech.other))
        case .urgency: urgency.level() + urgency.whatToDo()
        case .recordWithheld: history.withheld()
        case .recordChange: []
        case .recordMissing: history.missing()

        case .medicationMayTake, .medicationInteraction, .medicationNeed: medicines.mayTake(subject.drugs)
        case .medicationStop, .medicationDose, .medicationSideEffect, .medicationWhatIs: medicines.named(subject.drugs)

        case .nextSteps:
            urgency.level() + urgency.whatToDo() + (record.isChild ? urgency.signsOfAChild() : [])
        case .howSoon: urgency.level() + urgency.whatToDo()
        case .privacy: privacy()
        case .doctorQuestions: doctorQuestions()
        case .term: subject.term.flatMap { Knowledge.glossary[$0]?.sentences } ?? []

        case .whichDoctor, .furtherTests, .selfCare, .dailyLife, .stopSmoking, .warningSigns, .vaccines,
            .secondOpinion, .radiation, .xrayPregnancy, .xrayHow, .howModelWorks, .modelAccuracy, .modelTraining,
            .whoAreYou, .approval, .deleteData, .report, .howToUse, .language, .whatCanYouDo, .greeting,
            .thanks, .goodbye, .afraid, .simpler, .complaint, .someoneElse, .offTopic, .injection, .unclear:
            []
        case .emergency, .selfHarm: []
        }
    }

    /// What the picture says to a question that wants a verdict.
    private func verdict() -> [AnswerSentence] {
        let absent = findings.notLookedFor(in: question)
        let ids = findings.subject(subject)
        guard record.result != nil else { return (findings.absence() ?? []) + absent }
        if let absence = findings.absence() { return absence + absent }
        if ids.isEmpty {
            return [
                AnswerSentence(
                    "The model marked nothing in this picture, and that rules nothing out.",
                    evidence: [history.picture])
            ] + absent
        }
        return findings.state(ids) + absent
    }

    /// Nobody else is given anything: who asks whether they are is told so in the first word.
    private func privacy() -> [AnswerSentence] {
        let ground = [ProgramFact.privacy.evidence]
        let wording = Wording(question)
        if wording.hasAny(IntentRouter.thirdParties), !wording.hasAny(Self.isToldOthers) {
            return [
                AnswerSentence(
                    "No: I don't give out what is in this record for an employer, an insurer or anyone of that kind.",
                    evidence: ground),
                AnswerSentence(
                    "It belongs to the person alone, and only they decide who sees it. Whoever needs a statement can ask a doctor, with the person's consent.",
                    evidence: ground),
            ]
        }
        guard wording.hasAny(Self.isToldOthers) else { return [] }
        return [
            AnswerSentence(
                "No. This program tells nobody: no doctor, no employer, no insurer, no family.", evidence: ground),
            AnswerSentence(
                "A doctor knows of it only if someone shows them the report.", evidence: ground),
        ]
    }

    /// Asked so that "no" is the answer: whether somebody else is told, sees it, or gets it.
    static let isToldOthers: [WordPattern] = IntentRouter.toldOthers

    private func doctorQuestions() -> [AnswerSentence] {
        let ids = findings.subject(subject)
        let questions = ids.prefix(2).flatMap { Knowledge.finding($0)?.questions ?? [] }
        guard !questions.isEmpty, let finding = ids.first else { return [] }
        let ground = [history.line("finding.\(finding)", Knowledge.finding(finding)?.name ?? finding)]
        let known =
            record.file.lines.contains { $0.id == "finding.\(finding)" } ? ground : [ProgramFact.assistant.evidence]
        return [AnswerSentence("These questions fit what was asked or marked:", evidence: known)]
            + questions.map { AnswerSentence($0, layout: .item, evidence: known) }
    }

    private func selfHarm() -> [AnswerSentence] {
        [
            AnswerSentence(
                "**Please call \(record.emergencyNumber) or a crisis line now, or let someone call with you.**",
                evidence: [history.urgency])
        ]
    }

    /// Two parts, the second of them in a paragraph of its own.
    static func asParagraph(_ first: [AnswerSentence], _ second: [AnswerSentence]) -> [AnswerSentence] {
        guard !first.isEmpty, !second.isEmpty else { return first + second }
        var second = second
        if second[0].layout == .same { second[0].layout = .paragraph }
        return first + second
    }
}
