public import Domain
public import Foundation

/// Keeps the urgency of a session: from the history, the findings, and every message. It only goes up; a named clinician
/// may lower it.
public struct WatchAcuity: Sendable {
    let sessions: any SessionStore
    let studies: any StudyStore
    let urgency: ReadUrgency
    let questionnaire: Questionnaire
    let raised: @Sendable (SessionID, AcuityLevel) async -> Void
    let now: @Sendable () -> Date
    private let counted = CountedResults()

    /// - Parameter raised: called when the urgency of a session has gone up.
    public init(
        sessions: any SessionStore, studies: any StudyStore, encoder: (any SentenceEncoding)?,
        questionnaire: Questionnaire = .intake,
        raised: @escaping @Sendable (SessionID, AcuityLevel) async -> Void = { _, _ in },
        now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.studies = studies
        urgency = ReadUrgency(encoder: encoder)
        self.questionnaire = questionnaire
        self.raised = raised
        self.now = now
    }

    /// The urgency as of now. What the saved answers and results ask for is added first, so that nothing depends on who
    /// saved them, or whether the server ended in between.
    public func current(of session: SessionID) async throws(Fault) -> Acuity {
        let intake = try await sessions.intake(of: session)
        let answers = questionnaire.counting(intake?.answers ?? [:])
        let marks = try await studies.marks(in: session)
        // A session may hold many results. What each asks for is read once for each state of the history, because it is
        // kept beside the session then, and stays.
        let new = counted.new(marks, of: session, intake: intake?.revision ?? 0)
        var analyses: [Analysis] = []
        for mark in new {
            if let analysis = try await studies.analysis(mark.id, in: session) { analyses.append(analysis) }
        }
        try await hold(analyses, answers, waiting: marks.filter(\.awaitsReading).map(\.id), in: session)
        let results = analyses.compactMap(\.result)
        let reasons =
            IntakeAcuity().reasons(answers, of: questionnaire)
            + results.flatMap { FindingAcuity().reasons($0, told: answers) }
        let drafts = try await sessions.notes(of: session).drafts
        let isDraft = { (reason: AcuityReason) in reason.field.map(drafts.contains) ?? false }
        var acuity = try await raise(by: reasons.filter { !isDraft($0) }, in: session)
        acuity.raise(by: reasons.filter(isDraft), at: now())
        counted.note(new, of: session, intake: intake?.revision ?? 0)
        return acuity
    }

    /// Whether the warning signs to watch for are those of a child, as far as the history or the picture tells the age.
    public func isAboutChild(_ session: SessionID) async throws(Fault) -> Bool {
        let answers = questionnaire.counting(try await sessions.intake(of: session)?.answers ?? [:])
        if let age = PatientFacts(intake: answers).age { return PatientFacts(age: age).isChild }
        let newest = try await studies.analyses(in: session).lazy.compactMap(\.result).first
        return PatientFacts(age: newest?.scope.ageYears).isChild
    }

    /// Sets apart what findings ask for that are held back, so that the level doesn't tell them; and counts what isn't
    /// held back any more, also where its picture was removed meanwhile.
    ///
    /// - Parameters:
    ///   - analyses: those that weren't looked at yet.
    ///   - waiting: all that await a reading.
    private func hold(
        _ analyses: [Analysis], _ answers: Answers, waiting: [AnalysisID], in session: SessionID
    ) async throws(Fault) {
        let waiting = Set(waiting)
        var reasons: [AnalysisID: [AcuityReason]] = [:]
        for analysis in analyses where analysis.awaitsReading {
            let found = analysis.keptResult.map { FindingAcuity().reasons($0, told: answers) } ?? []
            if !found.isEmpty { reasons[analysis.id] = found }
        }
        let held = try await sessions.notes(of: session).held
        var released: Set<AnalysisID> = []
        for id in held.keys where !waiting.contains(id) {
            // The list may be from before the analysis was asked for; only what the store says now releases it.
            if try await studies.analysis(id, in: session)?.awaitsReading != true { released.insert(id) }
        }
        let new = reasons.filter { held[$0.key] != $0.value }
        guard !new.isEmpty || !released.isEmpty else { return }
        let time = now()
        _ = try await sessions.updateNotes(of: session) { [released] notes throws(ValidationFault) in
            notes.hold(new)
            notes.release(released, at: time)
        }
    }

    /// Notes questions whose text somebody begins to type.
    public func type(_ drafts: Set<String>, in session: SessionID) async throws(Fault) {
        if try await sessions.notes(of: session).drafts.isSuperset(of: drafts) { return }
        _ = try await sessions.updateNotes(of: session) { notes throws(ValidationFault) in
            notes.drafts.formUnion(drafts)
        }
    }

    /// Reads the meaning of free text that was changed and is finished, beside the rules that ``current(of:)`` applies.
    ///
    /// - Parameter drafts: what is still being typed.
    public func read(
        _ changed: Set<String>, of answers: Answers, drafts: Set<String>, in session: SessionID
    ) async throws(Fault) {
        let before = try await sessions.notes(of: session).drafts
        if before != drafts {
            _ = try await sessions.updateNotes(of: session) { notes throws(ValidationFault) in notes.drafts = drafts }
        }
        let finished = changed.union(before).subtracting(drafts)
        let texts = IntakeAcuity.texts(questionnaire.counting(answers), of: questionnaire)
            .filter { finished.contains($0.id) }
        var reasons: [AcuityReason] = []
        for (id, text) in texts { reasons += await urgency.meaning(of: text, field: id) }
        if !reasons.isEmpty { _ = try await raise(by: reasons, in: session) }
    }

    /// What a message said, and what follows.
    public struct Heard: Sendable {
        /// The urgency of the session since then.
        public var acuity: Acuity
        public var reading: ReadUrgency.Reading
    }

    /// Hears a message. Its words are not kept.
    public func hear(_ message: String, in session: SessionID) async throws(Fault) -> Heard {
        let reading = await urgency(message)
        _ = try await note(reading, in: session)
        return Heard(acuity: try await current(of: session), reading: reading)
    }

    /// Keeps what follows from a message.
    ///
    /// - Returns: whether it says anything about the urgency.
    func note(_ reading: ReadUrgency.Reading, in session: SessionID) async throws(Fault) -> Bool {
        if reading.reasons.isEmpty { return false }
        _ = try await raise(by: reading.reasons, in: session)
        return true
    }

    /// - Throws: ``Fault/notFound`` where there is no such session; ``Fault/validation(_:)``.
    public func lower(
        to level: AcuityLevel, by clinician: String, because reason: String, in session: SessionID
    ) async throws(Fault) -> Acuity {
        _ = try await current(of: session)
        let time = now()
        return try await sessions.updateNotes(of: session) { notes throws(ValidationFault) in
            try notes.acuity.lower(to: level, by: clinician, because: reason, at: time)
        }.acuity
    }

    private func raise(by reasons: [AcuityReason], in session: SessionID) async throws(Fault) -> Acuity {
        let time = now()
        var acuity = try await sessions.notes(of: session).acuity
        // Most requests find nothing new, and write nothing.
        guard acuity.raise(by: reasons, at: time) else { return acuity }
        let now = try await sessions.updateNotes(of: session) { notes throws(ValidationFault) in
            notes.acuity.raise(by: reasons, at: time)
        }.acuity
        await raised(session, now.level)
        return now
    }
}
