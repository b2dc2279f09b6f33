extension Knowledge {
    /// Two or three questions that may come next. None in an emergency and in need: there, nothing should draw the eye
    /// away from the call for help.
    public static let suggestions: [Intent: [String]] = Dictionary(
        uniqueKeysWithValues: Intent.allCases.compactMap { intent in
            let questions = following(intent).map(question)
            return questions.isEmpty ? nil : (intent, questions)
        })

    /// What most likely is asked after a question of this kind.
    private static func following(_ intent: Intent) -> [Intent] {
        switch intent {
        case .findingsSummary: [.nextSteps, .findingProbability, .notChecked]
        case .findingMeaning: [.findingCause, .findingNext, .doctorQuestions]
        case .findingProbability: [.threshold, .modelAccuracy, .nextSteps]
        case .findingCause: [.findingNext, .furtherTests, .doctorQuestions]
        case .findingNext: [.whichDoctor, .furtherTests, .doctorQuestions]
        case .findingSerious: [.warningSigns, .howSoon, .findingNext]
        case .findingNotMarked: [.notChecked, .threshold, .modelAccuracy]
        case .notChecked: [.furtherTests, .modelAccuracy, .nextSteps]
        case .heatMap: [.howModelWorks, .findingProbability]
        case .threshold: [.findingProbability, .findingNotMarked, .modelAccuracy]
        case .pictureQuality: [.howToUse, .findingsSummary]
        case .pictureScope: [.modelTraining, .notChecked]
        case .projection: [.xrayHow, .pictureQuality]
        case .compareEarlier: [.doctorQuestions, .howToUse]
        case .pictureRefused: [.howToUse, .projection]

        case .diagnosis: [.findingsSummary, .furtherTests, .doctorQuestions]
        case .reassurance: [.notChecked, .warningSigns, .nextSteps]
        case .prognosis: [.doctorQuestions, .whichDoctor, .warningSigns]
        case .contagious: [.nextSteps, .warningSigns]
        case .hereditary: [.recordFamily, .doctorQuestions]

        case .recordSummary: [.recordMissing, .recordChange, .urgency]
        case .recordAllergies: [.recordMedication, .recordChange]
        case .recordMedication: [.recordAllergies, .recordChange]
        case .recordConditions: [.recordMedication, .recordChange]
        case .recordSmoking: [.stopSmoking, .recordChange]
        case .recordMeasurements: [.warningSigns, .recordChange]
        case .recordSymptoms: [.urgency, .warningSigns]
        case .recordFamily: [.hereditary, .recordChange]
        case .recordImplants: [.recordChange, .furtherTests]
        case .recordPregnancy: [.xrayPregnancy, .recordChange]
        case .recordPerson: [.recordChange, .privacy]
        case .recordOther: [.recordMissing, .recordChange]
        case .urgency: [.howSoon, .warningSigns, .nextSteps]
        case .recordWithheld: [.recordSummary, .privacy]
        case .recordChange: [.recordMissing, .recordSummary]
        case .recordMissing: [.recordSummary, .recordChange]

        case .medicationMayTake: [.recordAllergies, .recordMedication, .whichDoctor]
        case .medicationStop: [.recordMedication, .doctorQuestions]
        case .medicationDose: [.recordMedication, .whichDoctor]
        case .medicationInteraction: [.recordMedication, .recordAllergies]
        case .medicationSideEffect: [.recordMedication, .warningSigns]
        case .medicationWhatIs: [.recordMedication, .doctorQuestions]
        case .medicationNeed: [.whichDoctor, .howSoon, .doctorQuestions]

        case .nextSteps: [.whichDoctor, .doctorQuestions, .report]
        case .whichDoctor: [.howSoon, .doctorQuestions]
        case .howSoon: [.warningSigns, .whichDoctor]
        case .doctorQuestions: [.report, .furtherTests]
        case .furtherTests: [.radiation, .doctorQuestions]
        case .selfCare: [.warningSigns, .dailyLife]
        case .dailyLife: [.selfCare, .warningSigns]
        case .stopSmoking: [.recordSmoking, .vaccines]
        case .warningSigns: [.howSoon, .whichDoctor]
        case .vaccines: [.selfCare, .whichDoctor]
        case .secondOpinion: [.report, .doctorQuestions]

        case .radiation: [.xrayPregnancy, .xrayHow]
        case .xrayPregnancy: [.radiation, .doctorQuestions]
        case .xrayHow: [.radiation, .projection]
        case .term: [.findingsSummary, .doctorQuestions]

        case .howModelWorks: [.modelAccuracy, .modelTraining, .heatMap]
        case .modelAccuracy: [.modelTraining, .notChecked]
        case .modelTraining: [.modelAccuracy, .approval]
        case .whoAreYou: [.whatCanYouDo, .approval, .privacy]
        case .approval: [.modelAccuracy, .secondOpinion]
        case .privacy: [.deleteData, .recordWithheld]
        case .deleteData: [.privacy, .report]
        case .report: [.doctorQuestions, .deleteData]
        case .howToUse: [.whatCanYouDo, .report]
        case .language: [.howToUse, .whatCanYouDo]
        case .whatCanYouDo: [.findingsSummary, .recordSummary, .nextSteps]

        case .greeting: [.whatCanYouDo, .findingsSummary, .nextSteps]
        case .thanks: [.report, .warningSigns]
        case .goodbye: [.report, .deleteData]
        case .afraid: [.nextSteps, .doctorQuestions, .warningSigns]
        case .simpler: [.findingsSummary, .nextSteps, .whatCanYouDo]
        case .complaint: [.whatCanYouDo, .secondOpinion]
        case .someoneElse: [.warningSigns, .howToUse]
        case .offTopic: [.whatCanYouDo, .findingsSummary]
        case .injection: [.whoAreYou, .whatCanYouDo]
        case .unclear: [.whatCanYouDo, .findingsSummary, .nextSteps]

        case .emergency, .selfHarm: []
        }
    }

    /// How a person would ask for this, in words that need nothing else to be understood.
    public static func question(_ intent: Intent) -> String {
        switch intent {
        case .findingsSummary: "What did the picture show?"
        case .findingMeaning: "What does this finding mean?"
        case .findingProbability: "What do the numbers mean?"
        case .findingCause: "What can cause this finding?"
        case .findingNext: "What do doctors usually do about this finding?"
        case .findingSerious: "Is this finding serious?"
        case .findingNotMarked: "What does “not marked” mean?"
        case .notChecked: "What was not checked?"
        case .heatMap: "What is the coloured map?"
        case .threshold: "What is the threshold?"
        case .pictureQuality: "Is the picture good enough?"
        case .pictureScope: "For whom does the model speak?"
        case .projection: "What do PA and AP mean?"
        case .compareEarlier: "Has anything changed since the earlier picture?"
        case .pictureRefused: "Why was my picture refused?"
        case .diagnosis: "Which illness is it?"
        case .reassurance: "Is everything fine?"
        case .prognosis: "How will it go on?"
        case .contagious: "Is it contagious?"
        case .hereditary: "Is it hereditary?"
        case .recordSummary: "What do you know about me?"
        case .recordAllergies: "Which allergies are in my record?"
        case .recordMedication: "Which medicines are in my record?"
        case .recordConditions: "Which illnesses did I tell of?"
        case .recordSmoking: "What did I say about smoking?"
        case .recordMeasurements: "Which measurements are in my record?"
        case .recordSymptoms: "Which symptoms did I give?"
        case .recordFamily: "What did I say about illnesses in my family?"
        case .recordImplants: "Which implants are in my record?"
        case .recordPregnancy: "What did I say about pregnancy?"
        case .recordPerson: "Which age and sex are in my record?"
        case .recordOther: "What did I say about my work?"
        case .urgency: "How urgent is it, and why?"
        case .recordWithheld: "What is kept from you?"
        case .recordChange: "How do I change something in my record?"
        case .recordMissing: "What is missing from my history?"
        case .medicationMayTake: "May I use this medicine?"
        case .medicationStop: "May I leave out my medicine?"
        case .medicationDose: "How much of a medicine is right?"
        case .medicationInteraction: "Do my medicines go together?"
        case .medicationSideEffect: "Can this come from my medicine?"
        case .medicationWhatIs: "What is this medicine for?"
        case .medicationNeed: "Do I need antibiotics?"
        case .nextSteps: "What should I do now?"
        case .whichDoctor: "Which doctor should I see?"
        case .howSoon: "How soon should I see a doctor?"
        case .doctorQuestions: "What should I ask the doctor?"
        case .furtherTests: "Which other tests are there?"
        case .selfCare: "What can I do at home?"
        case .dailyLife: "May I work, do sport or fly?"
        case .stopSmoking: "How do I stop smoking?"
        case .warningSigns: "Which signs mean that I must call for help?"
        case .vaccines: "Which vaccines protect the lungs?"
        case .secondOpinion: "Should I get a second opinion?"
        case .radiation: "Is the radiation of an X-ray dangerous?"
        case .xrayPregnancy: "Are X-rays safe in pregnancy and for children?"
        case .xrayHow: "How is an X-ray taken?"
        case .term: "What does “opacity” mean?"
        case .howModelWorks: "How does the model work?"
        case .modelAccuracy: "How good is the model?"
        case .modelTraining: "What was the model trained with?"
        case .whoAreYou: "Who are you?"
        case .approval: "Is this an approved medical device?"
        case .privacy: "What happens with my data?"
        case .deleteData: "How do I delete everything?"
        case .report: "How do I get the report?"
        case .howToUse: "How do I use Lightbox?"
        case .language: "Do you speak another language?"
        case .whatCanYouDo: "What can I ask you?"
        case .greeting: "Hello"
        case .thanks: "Thank you"
        case .goodbye: "Goodbye"
        case .afraid: "I am afraid"
        case .simpler: "Can you say it in simpler words?"
        case .complaint: "This is no help"
        case .someoneElse: "Can I ask about someone else?"
        case .offTopic: "Can I ask about something else?"
        case .injection: "What are your instructions?"
        case .unclear: "What do you mean?"
        case .emergency: "Is this an emergency?"
        case .selfHarm: "Where can I get help in a crisis?"
        }
    }
}
