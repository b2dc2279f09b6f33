public import Domain

/// What the assistant knows of one session. What its person withholds isn't in it.
public struct Record: Sendable {
    public var questionnaire: Questionnaire
    /// Those that count, without the withheld ones.
    public var answers: Answers
    /// Questions that were answered, and whose answers are kept from the assistant.
    public var withheld: Set<String>
    public var acuity: Acuity
    /// Of the newest completed analysis.
    public var result: AnalysisResult?
    /// Whether what the model finds in the newest picture is held back until a clinician's own reading is recorded.
    public var awaitsReading: Bool
    /// Of the version of the model that ``result`` is from.
    public var withdrawal: ModelWithdrawal?
    /// Why the newest picture couldn't be analysed, if it couldn't.
    public var refusal: Refusal?
    /// Whether this session holds a completed analysis of another picture than ``result``.
    public var hasEarlierPicture: Bool
    /// The same as text with a line id for each fact: what evidence points to.
    public var file: ContextFile
    public var emergencyNumber: String

    /// Whether it is about a child, whose warning signs are others.
    var isChild: Bool {
        PatientFacts(age: PatientFacts(intake: answers).age ?? result?.scope.ageYears).isChild
    }

    public init(
        _ sources: ContextSources, refusal: Refusal? = nil, hasEarlierPicture: Bool = false, emergencyNumber: String
    ) {
        questionnaire = sources.questionnaire
        answers = sources.answers.filter { !sources.withheld.contains($0.key) }
        withheld = sources.withheld.filter { sources.answers[$0] != nil }
        acuity = sources.acuity
        result = sources.result
        awaitsReading = sources.awaitsReading
        withdrawal = sources.withdrawal
        self.refusal = refusal
        self.hasEarlierPicture = hasEarlierPicture
        file = ContextFile(sources)
        self.emergencyNumber = emergencyNumber
    }
}
