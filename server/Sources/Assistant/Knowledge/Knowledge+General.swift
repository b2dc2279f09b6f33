public import Domain

extension Knowledge {
    /// Those of a child, in the place of ``Intent/warningSigns``.
    public static var childWarningSigns: [AnswerSentence] { ActionAnswers.childWarningSigns }

    /// What is said in general to a question of this kind: the whole answer where it needs no record, otherwise what
    /// comes after the part from the record, and may be empty.
    public static func general(_ intent: Intent) -> [AnswerSentence] {
        switch intent {
        case .findingsSummary: PictureAnswers.findingsSummary
        case .findingMeaning: PictureAnswers.findingMeaning
        case .findingProbability: PictureAnswers.findingProbability
        case .findingCause: PictureAnswers.findingCause
        case .findingNext: PictureAnswers.findingNext
        case .findingSerious: PictureAnswers.findingSerious
        case .findingNotMarked: PictureAnswers.findingNotMarked
        case .notChecked: PictureAnswers.notChecked
        case .heatMap: PictureAnswers.heatMap
        case .threshold: PictureAnswers.threshold
        case .pictureQuality: PictureAnswers.pictureQuality
        case .pictureScope: PictureAnswers.pictureScope
        case .projection: PictureAnswers.projection
        case .compareEarlier: PictureAnswers.compareEarlier
        case .pictureRefused: PictureAnswers.pictureRefused

        case .diagnosis: VerdictAnswers.diagnosis
        case .reassurance: VerdictAnswers.reassurance
        case .prognosis: VerdictAnswers.prognosis
        case .contagious: VerdictAnswers.contagious
        case .hereditary: VerdictAnswers.hereditary

        case .recordSummary: RecordAnswers.recordSummary
        case .recordAllergies: RecordAnswers.recordAllergies
        case .recordMedication: RecordAnswers.recordMedication
        case .recordConditions: RecordAnswers.recordConditions
        case .recordSmoking: RecordAnswers.recordSmoking
        case .recordMeasurements: RecordAnswers.recordMeasurements
        case .recordSymptoms: RecordAnswers.recordSymptoms
        case .recordFamily: RecordAnswers.recordFamily
        case .recordImplants: RecordAnswers.recordImplants
        case .recordPregnancy: RecordAnswers.recordPregnancy
        case .recordPerson: RecordAnswers.recordPerson
        case .recordOther: RecordAnswers.recordOther
        case .urgency: RecordAnswers.urgency
        case .recordWithheld: RecordAnswers.recordWithheld
        case .recordChange: RecordAnswers.recordChange
        case .recordMissing: RecordAnswers.recordMissing

        case .medicationMayTake: MedicationAnswers.mayTake
        case .medicationStop: MedicationAnswers.stop
        case .medicationDose: MedicationAnswers.dose
        case .medicationInteraction: MedicationAnswers.interaction
        case .medicationSideEffect: MedicationAnswers.sideEffect
        case .medicationWhatIs: MedicationAnswers.whatIs
        case .medicationNeed: MedicationAnswers.need

        case .nextSteps: ActionAnswers.nextSteps
        case .whichDoctor: ActionAnswers.whichDoctor
        case .howSoon: ActionAnswers.howSoon
        case .doctorQuestions: ActionAnswers.doctorQuestions
        case .furtherTests: ActionAnswers.furtherTests
        case .selfCare: ActionAnswers.selfCare
        case .dailyLife: ActionAnswers.dailyLife
        case .stopSmoking: ActionAnswers.stopSmoking
        case .warningSigns: ActionAnswers.warningSigns
        case .vaccines: ActionAnswers.vaccines
        case .secondOpinion: ActionAnswers.secondOpinion

        case .radiation: XrayAnswers.radiation
        case .xrayPregnancy: XrayAnswers.pregnancyAndChildren
        case .xrayHow: XrayAnswers.how
        case .term: XrayAnswers.term

        case .howModelWorks: ProgramAnswers.howModelWorks
        case .modelAccuracy: ProgramAnswers.modelAccuracy
        case .modelTraining: ProgramAnswers.modelTraining
        case .whoAreYou: ProgramAnswers.whoAreYou
        case .approval: ProgramAnswers.approval
        case .privacy: ProgramAnswers.privacy
        case .deleteData: ProgramAnswers.deleteData
        case .report: ProgramAnswers.report
        case .howToUse: ProgramAnswers.howToUse
        case .language: ProgramAnswers.language
        case .whatCanYouDo: ProgramAnswers.whatCanYouDo

        case .greeting: TalkAnswers.greeting
        case .thanks: TalkAnswers.thanks
        case .goodbye: TalkAnswers.goodbye
        case .afraid: TalkAnswers.afraid
        case .simpler: TalkAnswers.simpler
        case .complaint: TalkAnswers.complaint
        case .someoneElse: TalkAnswers.someoneElse
        case .offTopic: TalkAnswers.offTopic
        case .injection: TalkAnswers.injection
        case .unclear: TalkAnswers.unclear

        // The fixed words of the emergency are composed with the number to call.
        case .emergency: []
        case .selfHarm: TalkAnswers.selfHarm
        }
    }
}
