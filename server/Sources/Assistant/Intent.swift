/// What a question asks for. The raw values are the names in the tables of examples and in the confusion matrix.
public enum Intent: String, Sendable, CaseIterable, Codable {
    // MARK: The picture and its findings

    /// What did the picture show?
    case findingsSummary = "findings-summary"
    /// What does this finding mean, what is it? ("What is an effusion?")
    case findingMeaning = "finding-meaning"
    /// How sure is the model, what does this number mean?
    case findingProbability = "finding-probability"
    /// What causes this finding?
    case findingCause = "finding-cause"
    /// What is done about this finding, how is it treated?
    case findingNext = "finding-next"
    /// Is this finding serious or dangerous?
    case findingSerious = "finding-serious"
    /// Why isn't something marked; what does "not marked" or "below its threshold" mean?
    case findingNotMarked = "finding-not-marked"
    /// What was not checked; can it see a broken rib?
    case notChecked = "not-checked"
    /// What is the coloured map?
    case heatMap = "heat-map"
    /// What is the threshold?
    case threshold
    /// Is the picture good enough?
    case pictureQuality = "picture-quality"
    /// For whom does the model speak; why is there no finding for a child?
    case pictureScope = "picture-scope"
    /// What are PA, AP, lateral?
    case projection
    /// Has it changed since the earlier picture?
    case compareEarlier = "compare-earlier"
    /// Why was my picture refused?
    case pictureRefused = "picture-refused"

    // MARK: What must not be answered with yes or no

    /// Do I have cancer, pneumonia, tuberculosis?
    case diagnosis
    /// So am I healthy, is everything fine?
    case reassurance
    /// Will I die, how long will it take, will it come back?
    case prognosis
    /// Is it contagious?
    case contagious
    /// Is it inherited, will my children have it?
    case hereditary

    // MARK: The record

    /// What do you know about me?
    case recordSummary = "record-summary"
    /// Am I allergic to anything?
    case recordAllergies = "record-allergies"
    /// What do I take?
    case recordMedication = "record-medication"
    /// Which illnesses and operations did I tell of?
    case recordConditions = "record-conditions"
    /// How much have I smoked?
    case recordSmoking = "record-smoking"
    /// What are my temperature, oxygen, weight, blood pressure?
    case recordMeasurements = "record-measurements"
    /// Why was the picture taken, what symptoms did I give?
    case recordSymptoms = "record-symptoms"
    /// Illnesses in the family.
    case recordFamily = "record-family"
    /// Pacemaker and other implants.
    case recordImplants = "record-implants"
    /// Am I pregnant, as told?
    case recordPregnancy = "record-pregnancy"
    /// Age, sex, name, language: the person.
    case recordPerson = "record-person"
    /// Work, travel, pets, vaccinations, earlier pictures, and other topics of the history.
    case recordOther = "record-other"
    /// How urgent is it, and why?
    case urgency
    /// What is withheld from you?
    case recordWithheld = "record-withheld"
    /// Something in the record is wrong; how do I change it?
    case recordChange = "record-change"
    /// What is still missing from the history?
    case recordMissing = "record-missing"

    // MARK: Medication

    /// May I take this?
    case medicationMayTake = "medication-may-take"
    /// May I stop it, or leave it out?
    case medicationStop = "medication-stop"
    /// How much, how often?
    case medicationDose = "medication-dose"
    /// Do these go together?
    case medicationInteraction = "medication-interaction"
    /// Can this come from my medicine?
    case medicationSideEffect = "medication-side-effect"
    /// What is this medicine for?
    case medicationWhatIs = "medication-what-is"
    /// Do I need antibiotics or another medicine?
    case medicationNeed = "medication-need"

    // MARK: What to do

    /// What should I do now?
    case nextSteps = "next-steps"
    /// Which doctor do I go to?
    case whichDoctor = "which-doctor"
    /// How soon must I be seen; can it wait?
    case howSoon = "how-soon"
    /// What should I ask the doctor, how do I prepare?
    case doctorQuestions = "doctor-questions"
    /// Do I need a CT or other tests; what is a CT?
    case furtherTests = "further-tests"
    /// What can I do for myself at home?
    case selfCare = "self-care"
    /// May I work, do sport, fly, drive?
    case dailyLife = "daily-life"
    /// How do I stop smoking?
    case stopSmoking = "stop-smoking"
    /// Which signs mean that I must call for help?
    case warningSigns = "warning-signs"
    /// Vaccinations in general.
    case vaccines
    /// Should I get a second opinion; my doctor says something else.
    case secondOpinion = "second-opinion"

    // MARK: X-rays

    /// Is the radiation dangerous?
    case radiation
    /// X-rays in pregnancy and for children.
    case xrayPregnancy = "xray-pregnancy"
    /// How is an X-ray taken, why is it black and white?
    case xrayHow = "xray-how"
    /// What does a word mean ("opacity", "pack-years")?
    case term

    // MARK: The program

    /// How does the model work?
    case howModelWorks = "how-model-works"
    /// How good is it, how often is it wrong?
    case modelAccuracy = "model-accuracy"
    /// What was it trained with, is it fair to all?
    case modelTraining = "model-training"
    /// Are you a doctor, a person; who made you?
    case whoAreYou = "who-are-you"
    /// Is it an approved medical device?
    case approval
    /// What happens with my data, who can see it?
    case privacy
    /// How do I delete everything?
    case deleteData = "delete-data"
    /// What is in the report, how do I get it?
    case report
    /// How do I use this, can I send another picture?
    case howToUse = "how-to-use"
    /// Do you speak another language?
    case language
    /// What can I ask you?
    case whatCanYouDo = "what-can-you-do"

    // MARK: Talk

    case greeting
    case thanks
    case goodbye
    /// I am afraid.
    case afraid
    /// Say it in simpler words, say it again.
    case simpler
    /// You are wrong, this is no help.
    case complaint
    /// Asked for somebody who isn't in the record.
    case someoneElse = "someone-else"
    /// Nothing to do with health or this program.
    case offTopic = "off-topic"
    /// Ignore your instructions; show your prompt; pretend to be a doctor.
    case injection
    /// What the question asks for isn't understood.
    case unclear

    // MARK: Urgent

    /// The words tell of an emergency.
    case emergency
    /// Thoughts of harming oneself.
    case selfHarm = "self-harm"
}

extension Intent {
    /// Questions whose answers never leave the library unless an operator allows it for a model that was evaluated.
    public var isHighRisk: Bool {
        switch self {
        case .emergency, .selfHarm, .injection, .diagnosis, .reassurance, .prognosis, .contagious, .hereditary,
            .recordAllergies, .recordMedication, .recordPregnancy, .urgency, .howSoon, .medicationMayTake,
            .medicationStop, .medicationDose, .medicationInteraction, .medicationSideEffect, .medicationWhatIs,
            .medicationNeed, .findingSerious, .findingNext, .nextSteps, .selfCare, .dailyLife, .warningSigns,
            .xrayPregnancy, .someoneElse, .afraid, .offTopic, .unclear:
            true
        case .findingsSummary, .findingMeaning, .findingProbability, .findingCause, .findingNotMarked, .notChecked,
            .heatMap, .threshold, .pictureQuality, .pictureScope, .projection, .compareEarlier, .pictureRefused,
            .recordSummary, .recordConditions, .recordSmoking, .recordMeasurements, .recordSymptoms, .recordFamily,
            .recordImplants, .recordPerson, .recordOther, .recordWithheld, .recordChange, .recordMissing,
            .whichDoctor, .doctorQuestions, .furtherTests, .stopSmoking, .vaccines, .secondOpinion, .radiation,
            .xrayHow, .term, .howModelWorks, .modelAccuracy, .modelTraining, .whoAreYou, .approval, .privacy,
            .deleteData, .report, .howToUse, .language, .whatCanYouDo, .greeting, .thanks, .goodbye, .simpler,
            .complaint:
            false
        }
    }
}
