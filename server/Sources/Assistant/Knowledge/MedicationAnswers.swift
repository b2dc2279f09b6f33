import Domain

/// Medicines. Nothing here advises for or against one: whom to ask is the answer.
enum MedicationAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var mayTake: [AnswerSentence] {
        lightbox(.intendedUse, "I can't say whether a medicine is right or safe for one person.")
        from(
            .medlineMedicines,
            "It depends on other medicines, allergies, the kidneys, the liver and more.",
            "Please ask a doctor or a pharmacist first, also about herbs and what a shop sells.",
            "Tell them about each allergy, about all other medicines, and about a pregnancy.")
        from(
            .nhsAnaphylaxis,
            "Call the emergency number if the face or throat swells, or if breathing gets hard, after a medicine.")
    }

    @KnowledgeBuilder static var stop: [AnswerSentence] {
        lightbox(.intendedUse, "I can't advise that, because it can do harm either way.")
        from(
            .medlineMedicines,
            "It can be dangerous to leave out some medicines at once.",
            "Please change nothing before a doctor or a pharmacist has been asked.",
            "A pharmacist can often be asked the same day, and without a visit to the doctor.")
        from(
            .medlineReactions,
            "If a medicine seems to make things worse, call the doctor or pharmacist today.")
        from(
            .nhsAnaphylaxis,
            "Call the emergency number for swelling of the face or throat, trouble breathing, or fainting.")
    }

    @KnowledgeBuilder static var dose: [AnswerSentence] {
        lightbox(.intendedUse, "I never name an amount.", "A wrong one could do harm.")
        from(
            .nhsMedicines,
            "The label and the leaflet in the box say how much and how often.",
            "If they leave a doubt, a pharmacist or the doctor can say.",
            "For a child, ask each time.", "The amount depends on the weight.")
        from(
            .nhs111,
            "If too much was taken, call the poison centre or the emergency number now, even without any symptoms.")
    }

    @KnowledgeBuilder static var interaction: [AnswerSentence] {
        lightbox(.intendedUse, "I can't check whether medicines go together.", "My list would not be complete.")
        from(
            .medlineDrugs,
            "A pharmacist has programs for just this, and can check the whole list.",
            "Count everything: tablets, sprays, herbs, vitamins, and what was bought without a prescription.",
            "Some foods and alcohol matter too.")
        from(.nhsMedicines, "Ask before something new is added, and change nothing until then.")
    }

    @KnowledgeBuilder static var sideEffect: [AnswerSentence] {
        lightbox(.intendedUse, "I can't tell whether a medicine is the cause.")
        from(
            .medlineReactions,
            "Many medicines can cause unwanted effects, such as a cough, a rash or feeling sick.",
            "The leaflet in the box lists them.",
            "Note when it began, and call the doctor or a pharmacist before anything is changed.")
        from(
            .nhsAnaphylaxis,
            "Call the emergency number for swelling of the face or throat, trouble breathing, or fainting.")
    }

    @KnowledgeBuilder static var whatIs: [AnswerSentence] {
        lightbox(.intendedUse, "I have no list that says what each medicine is for.")
        from(
            .nhsMedicines, "The leaflet in the box says it.",
            "The NHS page “Medicines A to Z” explains many in plain words.")
        from(
            .medlineDrugs,
            "A pharmacist can say what it is for, and how long it is meant to be used.",
            "The doctor who ordered it knows why this person was given it.")
    }

    @KnowledgeBuilder static var need: [AnswerSentence] {
        lightbox(.intendedUse, "A picture and this program can't decide that.")
        from(
            .whoResistance,
            "Antibiotics work against bacteria.", "They do nothing against a cold, flu or another virus.",
            "When they are used without need, germs learn to resist them.")
        from(.nicePneumonia, "A doctor decides from the examination and tests, and from how ill the person is.")
        from(
            .nhsAskDoctor,
            "Ask the doctor: what would it help, what could it harm, and what if we wait?")
        from(.nhs111, "If a fever stays, or breathing gets harder, ask for help today.")
    }
}
