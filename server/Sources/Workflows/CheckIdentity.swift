public import Domain
public import Foundation

/// Holds a picture against the person of the history, before it is analysed.
public struct CheckIdentity: Sendable {
    let sessions: any SessionStore
    let questionnaire: Questionnaire
    let now: @Sendable () -> Date

    public init(
        sessions: any SessionStore, questionnaire: Questionnaire = .intake, now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.questionnaire = questionnaire
        self.now = now
    }

    public func callAsFunction(_ upload: Upload) async throws(Fault) -> IdentityCheck {
        // A file that names nobody is held against nothing.
        guard upload.inspection.dicom != nil else { return IdentityCheck(rows: []) }
        let answers = questionnaire.counting(try await sessions.intake(of: upload.sessionID)?.answers ?? [:])
        return IdentityCheck(answers, with: upload.inspection.dicom, at: now())
    }

    /// - Throws: ``Fault/pictureMismatch(_:)`` for differences that are not among those confirmed.
    public func require(_ confirmed: [IdentityCheck.Field], of upload: Upload) async throws(Fault) {
        var check = try await self(upload)
        check.confirmed = confirmed
        guard check.open.isEmpty else { throw .pictureMismatch(check.open) }
    }
}
