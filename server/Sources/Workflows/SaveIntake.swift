public import Domain
public import Foundation

/// Reads and saves the history. Each answer is checked by itself when it is saved, so that a half-filled form is kept;
/// what is still missing is told with it.
public struct SaveIntake: Sendable {
    let sessions: any SessionStore
    let watch: WatchAcuity
    let now: @Sendable () -> Date
    public let questionnaire: Questionnaire

    public init(
        sessions: any SessionStore, watch: WatchAcuity, questionnaire: Questionnaire = .intake,
        now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.watch = watch
        self.questionnaire = questionnaire
        self.now = now
    }

    public func current(of session: Session) async throws(Fault) -> Intake {
        try await sessions.intake(of: session.id) ?? Intake(updatedAt: session.createdAt)
    }

    /// Changes the given answers; nil removes one. All or nothing.
    ///
    /// - Parameters:
    ///   - revision: if given, the intake must not have been changed since, or ``Fault/intakeChanged`` is thrown.
    ///   - drafts: questions whose text is still being typed, see ``SessionNotes/drafts``.
    public func merge(
        _ patch: [String: Answer?], of session: SessionID, revision: Int? = nil, drafts: Set<String> = []
    ) async throws(Fault) -> Intake {
        let questionnaire = questionnaire
        let today = PartialDate(latestAt: now())
        // Before the text is there, so that nobody takes it for finished in between.
        try await watch.type(drafts, in: session)
        let intake = try await sessions.updateIntake(of: session, revision: revision, at: now()) {
            answers throws(ValidationFault) in
            try questionnaire.merging(patch, into: answers, today: today)
        }
        try await watch.read(Set(patch.keys), of: intake.answers, drafts: drafts, in: session)
        return intake
    }

    /// Replaces all answers. They come all together, so that contradictions among them are refused too.
    public func replace(_ answers: Answers, of session: SessionID, revision: Int? = nil) async throws(Fault) -> Intake {
        let questionnaire = questionnaire
        let today = PartialDate(latestAt: now())
        let intake = try await sessions.updateIntake(of: session, revision: revision, at: now()) {
            _ throws(ValidationFault) in
            let canonical = try questionnaire.merging(answers.mapValues(Optional.some), into: [:], today: today)
            let contradictions = questionnaire.contradictions(in: canonical, today: today)
            guard contradictions.isEmpty else { throw ValidationFault(contradictions) }
            return canonical
        }
        try await watch.read(Set(answers.keys), of: intake.answers, drafts: [], in: session)
        return intake
    }

    /// What stands in the way of a whole history.
    public func review(_ intake: Intake) -> Review {
        let counting = questionnaire.counting(intake.answers)
        return Review(
            missing: questionnaire.missing(counting),
            contradictions: questionnaire.contradictions(in: counting, today: PartialDate(latestAt: now())),
            packYears: questionnaire.packYears(counting))
    }

    public struct Review: Sendable {
        /// Questions that need an answer and have none, as `age` or `medication/0/name`.
        public var missing: [String]
        /// Answers that can't be true together.
        public var contradictions: [FieldFault]
        /// Computed from the answers on smoking.
        public var packYears: Double?

        public var isComplete: Bool { missing.isEmpty && contradictions.isEmpty }
    }
}
