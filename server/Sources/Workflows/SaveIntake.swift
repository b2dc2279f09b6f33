public import Domain
public import Foundation

/// Reads and saves the history. Each answer is checked by itself when it is saved, so that a half-filled form is kept;
/// what is still missing is told with it.
public struct SaveIntake: Sendable {
    let sessions: any SessionStore
    let now: @Sendable () -> Date
    public let questionnaire: Questionnaire

    public init(
        sessions: any SessionStore, questionnaire: Questionnaire = .shortHistory, now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.questionnaire = questionnaire
        self.now = now
    }

    public func current(of session: Session) async throws(Fault) -> Intake {
        try await sessions.intake(of: session.id) ?? Intake(updatedAt: session.createdAt)
    }

    /// Changes the given answers; nil removes one. All or nothing.
    public func merge(_ patch: [String: Answer?], of session: SessionID) async throws(Fault) -> Intake {
        let questionnaire = questionnaire
        return try await sessions.updateIntake(of: session, at: now()) { answers throws(ValidationFault) in
            try questionnaire.merging(patch, into: answers)
        }
    }

    /// Replaces all answers.
    public func replace(_ answers: Answers, of session: SessionID) async throws(Fault) -> Intake {
        let questionnaire = questionnaire
        return try await sessions.updateIntake(of: session, at: now()) { _ throws(ValidationFault) in
            try questionnaire.merging(answers.mapValues(Optional.some), into: [:])
        }
    }

    public func missing(in intake: Intake) -> [String] {
        questionnaire.missing(intake.answers)
    }
}
