public import Assistant
public import Domain
public import Foundation

/// Writes the context file of a session, and keeps what its person withholds from the assistant.
public struct DescribeRecord: Sendable {
    let sessions: any SessionStore
    let studies: any StudyStore
    let watch: WatchAcuity
    let emergencyNumber: String
    let questionnaire: Questionnaire
    let now: @Sendable () -> Date

    public init(
        sessions: any SessionStore, studies: any StudyStore, watch: WatchAcuity, emergencyNumber: String,
        questionnaire: Questionnaire = .intake, now: @escaping @Sendable () -> Date
    ) {
        self.sessions = sessions
        self.studies = studies
        self.watch = watch
        self.emergencyNumber = emergencyNumber
        self.questionnaire = questionnaire
        self.now = now
    }

    public func callAsFunction(of session: SessionID) async throws(Fault) -> ContextFile {
        ContextFile(try await sources(of: session, try await studies.analyses(in: session)))
    }

    /// The same as values, for the assistant.
    public func record(of session: SessionID) async throws(Fault) -> Record {
        let analyses = try await studies.analyses(in: session)
        let read = analyses.filter { $0.result != nil }
        var refusal: Refusal?
        if case .refused(let why)? = analyses.first?.outcome { refusal = why }
        return Record(
            try await sources(of: session, analyses), refusal: refusal,
            hasEarlierPicture: Set(read.map(\.uploadID)).count > 1, emergencyNumber: emergencyNumber)
    }

    /// - Parameter analyses: the newest first.
    private func sources(of session: SessionID, _ analyses: [Analysis]) async throws(Fault) -> ContextSources {
        let answers = questionnaire.counting(try await sessions.intake(of: session)?.answers ?? [:])
        let acuity = try await watch.current(of: session, analyses)
        let notes = try await sessions.notes(of: session)
        // An older picture's findings would pass for those that are held back.
        let newest = analyses.first { $0.awaitsReading || $0.result != nil }
        var withdrawal: ModelWithdrawal?
        if let model = newest?.result?.model {
            withdrawal = try await studies.withdrawal(of: model.id, version: model.version)
        }
        return ContextSources(
            questionnaire: questionnaire, answers: answers, acuity: acuity,
            contradictions: questionnaire.contradictions(in: answers, today: PartialDate(latestAt: now())),
            result: newest?.result, awaitsReading: newest?.awaitsReading ?? false, withdrawal: withdrawal,
            withheld: notes.withheld)
    }

    /// - Parameter changes: by question: whether its answer is withheld.
    /// - Throws: ``Fault/validation(_:)`` for what is no question.
    public func withhold(_ changes: [String: Bool], in session: SessionID) async throws(Fault) -> ContextFile {
        let unknown = changes.keys.filter { questionnaire.question($0) == nil }.sorted()
        guard unknown.isEmpty else {
            throw .validation(
                ValidationFault(
                    unknown.map {
                        FieldFault(
                            pointer: FieldFault.pointer("withheld", String($0.prefix(64))), code: .unknownField,
                            detail: "There is no question with this name.")
                    }))
        }
        _ = try await sessions.updateNotes(of: session) { notes throws(ValidationFault) in
            for (id, isWithheld) in changes {
                if isWithheld { notes.withheld.insert(id) } else { notes.withheld.remove(id) }
            }
        }
        return try await self(of: session)
    }
}
