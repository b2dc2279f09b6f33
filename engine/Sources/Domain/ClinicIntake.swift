extension Questionnaire {
    /// The history that an outpatient clinic takes before it reads a chest picture. Nothing but age and reason is
    /// required.
    public static let intake = Questionnaire(
        id: "intake", version: "2.0.0", title: "The history",
        topics: [
            now, person, visit, past, implants, medication, allergies, family, tobacco, surroundings, immunisations,
            systems, pregnancy, earlier, measurements,
        ])

    // MARK: - What must be known at once

    private static let now = Topic(
        id: "now", title: "Right now", lead: "These signs can mean that help is needed at once, before any picture.",
        questions: [
            Question(
                id: "red-flags", label: "Warning signs", text: "Is any of this happening now?",
                help: "Choose all that fit. If one of them fits, call the emergency number first.",
                kind: .choices([
                    Option("severe-breathless", "Struggling for breath, or too breathless to speak in sentences"),
                    Option("chest-pressure", "Pressure, tightness or heavy pain in the chest"),
                    Option("blue-lips", "Blue or grey lips or face"),
                    Option("collapse", "Fainted, or can't be woken"), Option("confusion", "Suddenly confused"),
                    Option("coughing-blood-much", "Coughing up a lot of blood"),
                    Option("stroke-signs", "Face drooping, weak arm or leg, or slurred speech"),
                    Option("throat-swelling", "Swelling of the throat, tongue or face"),
                    Option("severe-bleeding", "Bleeding that doesn't stop"),
                    Option("choking", "Choking, or something swallowed or breathed in"),
                    Option("fit", "A fit or seizure"), Option("stiff-neck-fever", "Fever with a stiff neck"),
                    Option("severe-injury", "A bad fall, accident or wound"),
                    Option("self-harm", "Thoughts of harming oneself"), Option("none", "None of these"),
                ]))
        ])

    // MARK: - Who and why

    private static let person = Topic(
        id: "person", title: "The person in the picture",
        questions: [
            Question(
                id: "pseudonym", label: "Name or pseudonym", text: "Name or pseudonym",
                help: "It is printed on the report. You don't need to give a real name.", kind: .string(maxLength: 80)),
            Question(
                id: "age", label: "Age", text: "Age in years", help: "For a baby under one year, enter 0.",
                kind: .integer(0...120, unit: .years), isRequired: true, code: loinc("30525-0", "Age")),
            Question(
                id: "birth-date", label: "Date of birth", text: "Date of birth",
                help: "The year alone will do.", kind: .date(), code: loinc("21112-8", "Birth date")),
            Question(
                id: "sex", label: "Sex at birth", text: "Sex at birth",
                kind: .choice([
                    Option("female", "Female"), Option("male", "Male"), Option("other", "Intersex or other"), .unknown,
                    .declined,
                ]), code: loinc("76689-9", "Sex assigned at birth")),
            Question(
                id: "gender", label: "Gender", text: "Gender",
                kind: .choice([
                    Option("woman", "Woman"), Option("man", "Man"), Option("non-binary", "Non-binary"),
                    Option("other", "Other"), .declined,
                ]), code: loinc("76691-5", "Gender identity")),
            Question(
                id: "language", label: "Language", text: "Language spoken best",
                help: "And whether an interpreter is needed.", kind: .string(maxLength: 80),
                code: loinc("54899-0", "Preferred language")),
            Question(
                id: "guardian", label: "Parent or guardian", text: "Parent or guardian",
                help: "Who fills this in for the child, and how they are related.", kind: .string(maxLength: 120),
                askedWhen: [.atMost(question: "age", 17)]),
            Question(
                id: "contact", label: "Contact", text: "How can the clinic reach the person?",
                help: "A telephone number or an address. You can leave it out.", kind: .string(maxLength: 200)),
            Question(
                id: "emergency-contact", label: "Emergency contact", text: "Who should be called in an emergency?",
                kind: .string(maxLength: 200)),
        ])

    private static let visit = Topic(
        id: "visit", title: "The reason for the visit",
        questions: [
            Question(
                id: "reason", label: "Reason for the visit", text: "Why was the picture taken?",
                help: "In your own words: what is wrong, and since when. For example: cough for two weeks.",
                kind: .text(maxLength: 2000), isRequired: true, code: loinc("29299-5", "Reason for visit")),
            Question(
                id: "symptoms", label: "Symptoms now", text: "Which of these are there now?",
                help: "Choose all that fit.",
                kind: .choices([
                    Option("cough", "Cough"), Option("sputum", "Coughing up slime"), Option("fever", "Fever"),
                    Option("breathless", "Short of breath"), Option("wheeze", "Wheezing"),
                    Option("chest-pain", "Chest pain"), Option("blood", "Coughing up blood"),
                    Option("weight-loss", "Losing weight without wanting to"), Option("night-sweats", "Night sweats"),
                    Option("hoarse", "Hoarse voice"), Option("palpitations", "Fast or uneven heartbeat"),
                    Option("leg-swelling", "Swollen or painful leg"), Option("none", "None of these"),
                ])),
            Question(
                id: "onset", label: "Began", text: "When did it begin?",
                kind: .choice([
                    Option("today", "Today"), Option("days", "Some days ago"), Option("weeks", "Some weeks ago"),
                    Option("months", "Some months ago"), Option("longer", "More than a year ago"), .unknown,
                ])),
            Question(
                id: "beginning", label: "How it began", text: "How did it begin?",
                kind: .choice([Option("suddenly", "Suddenly"), Option("slowly", "Slowly"), .unknown])),
            Question(
                id: "course", label: "Course", text: "How is it going?",
                kind: .choice([
                    Option("better", "Getting better"), Option("same", "Staying the same"),
                    Option("worse", "Getting worse"), Option("changing", "Coming and going"), .unknown,
                ])),
            Question(
                id: "severity", label: "How bad", text: "How bad is it now, from 0 to 10?",
                help: "0 is nothing, 10 is the worst you can think of.", kind: .integer(0...10, unit: nil),
                code: loinc("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")),
            Question(
                id: "worse-with", label: "Worse with", text: "What makes it worse?", kind: .string(maxLength: 400)),
            Question(
                id: "better-with", label: "Better with", text: "What makes it better?",
                kind: .string(maxLength: 400)),
        ])

    // MARK: - What was before

    private static let past = Topic(
        id: "past", title: "Illnesses and operations",
        questions: [
            Question(
                id: "conditions", label: "Illnesses", text: "Illnesses, now or in the past",
                help: "For example asthma, high blood pressure, cancer, tuberculosis.",
                kind: .rows(
                    [
                        Question(
                            id: "name", label: "Illness", text: "Illness",
                            kind: .string(maxLength: 120, suggestions: .condition), isRequired: true),
                        Question(id: "since", label: "Since", text: "Since when", kind: .date()),
                        Question(
                            id: "status", label: "Now", text: "Is it still there?",
                            kind: .choice([Option("active", "Yes"), Option("resolved", "No, it is over"), .unknown])),
                    ], atMost: 40), code: loinc("11348-0", "History of Past illness note")),
            Question(
                id: "operations", label: "Operations", text: "Operations",
                kind: .rows(
                    [
                        Question(
                            id: "name", label: "Operation", text: "Operation",
                            kind: .string(maxLength: 120, suggestions: .condition), isRequired: true),
                        Question(id: "date", label: "When", text: "When", kind: .date()),
                    ], atMost: 40), code: loinc("47519-4", "History of Procedures Document")),
            Question(
                id: "hospital-stays", label: "Hospital stays", text: "Stays in hospital in the last five years",
                kind: .rows(
                    [
                        Question(
                            id: "name", label: "Reason", text: "Reason", kind: .string(maxLength: 120), isRequired: true
                        ), Question(id: "date", label: "When", text: "When", kind: .date()),
                    ], atMost: 20)),
        ])

    private static let implants = Topic(
        id: "devices", title: "Implants and devices", lead: "They can be seen in a picture, and can be mistaken.",
        questions: [
            Question(
                id: "implants", label: "Implants", text: "Is there anything in or on the chest?",
                kind: .choices([
                    Option("pacemaker", "Pacemaker"), Option("defibrillator", "Defibrillator (ICD)"),
                    Option("heart-valve", "Artificial heart valve"), Option("stent", "Stent"),
                    Option("port", "Port or central line"), Option("drain", "Chest drain"),
                    Option("tube", "Feeding or breathing tube"), Option("breast-implant", "Breast implant"),
                    Option("metal", "Plates, screws, wires or clips"), Option("fragment", "Bullet or metal splinter"),
                    Option("piercing", "Piercing"), Option("other", "Something else"), Option("none", "None"), .unknown,
                ]), code: loinc("46264-8", "History of medical device use")),
            Question(
                id: "implants-detail", label: "Implants in detail", text: "Which, and since when?",
                kind: .text(maxLength: 1000),
                askedWhen: [
                    .differs(question: "implants", code: "none"), .differs(question: "implants", code: "unknown"),
                ]),
        ])

    // MARK: - Medication and allergies

    private static let medication = Topic(
        id: "medicines", title: "Medication",
        questions: [
            Question(
                id: "medication-status", label: "Takes medication", text: "Is any medication taken?",
                help: "With or without a prescription.",
                kind: .choice([Option("yes", "Yes"), Option("none", "No"), .unknown, .declined])),
            Question(
                id: "medication", label: "Medication", text: "Which?",
                kind: .rows(
                    [
                        Question(
                            id: "name", label: "Medicine", text: "Medicine",
                            kind: .string(maxLength: 120, suggestions: .medication), isRequired: true),
                        Question(
                            id: "dose", label: "Dose", text: "Dose", help: "For example 5 mg.",
                            kind: .string(maxLength: 60)),
                        Question(
                            id: "route", label: "How", text: "How is it taken?",
                            kind: .choice([
                                Option("mouth", "By mouth"), Option("inhaled", "Inhaled"),
                                Option("injected", "Injected"), Option("skin", "On the skin"),
                                Option("other", "Another way"), .unknown,
                            ])),
                        Question(
                            id: "frequency", label: "How often", text: "How often?", help: "For example twice a day.",
                            kind: .string(maxLength: 80)),
                        Question(id: "started", label: "Since", text: "Since when?", kind: .date()),
                        Question(
                            id: "stopped", label: "Until", text: "Until when?", help: "If it is stopped or will be.",
                            kind: .date(mayLieAhead: true)),
                        Question(
                            id: "last-taken", label: "Last taken", text: "Last taken",
                            help: "For example this morning.", kind: .string(maxLength: 80)),
                    ], atMost: 60),
                askedWhen: [.equals(question: "medication-status", code: "yes")],
                code: loinc("10160-0", "History of Medication use Narrative")),
            Question(
                id: "blood-thinners", label: "Blood thinners", text: "Anything that thins the blood?",
                help: "For example warfarin, apixaban, rivaroxaban, heparin, clopidogrel, aspirin.",
                kind: .choice([Option("yes", "Yes"), Option("no", "No"), .unknown, .declined])),
            Question(
                id: "supplements", label: "Herbal and over the counter",
                text: "Herbs, vitamins or other remedies", kind: .text(maxLength: 1000)),
        ])

    private static let allergies = Topic(
        id: "reactions", title: "Allergies",
        questions: [
            Question(
                id: "allergy-status", label: "Allergies", text: "Any allergies?",
                help: "To medicines, contrast liquid, food, latex, plasters, insects …",
                kind: .choice([Option("none", "None known"), Option("yes", "Yes"), .unknown, .declined])),
            Question(
                id: "allergies", label: "Allergies in detail", text: "Which, and what happened?",
                kind: .rows(
                    [
                        Question(
                            id: "substance", label: "Substance", text: "Substance",
                            kind: .string(maxLength: 120, suggestions: .allergen), isRequired: true),
                        Question(
                            id: "reaction", label: "Reaction", text: "What happened?", help: "For example a rash.",
                            kind: .string(maxLength: 200)),
                        Question(
                            id: "severity", label: "Severity", text: "How bad was it?",
                            kind: .choice([
                                Option("mild", "Mild"), Option("moderate", "Needed treatment"),
                                Option("severe", "Dangerous"), .unknown,
                            ])),
                    ], atMost: 40),
                isRequired: true, askedWhen: [.equals(question: "allergy-status", code: "yes")],
                code: loinc("48765-2", "Allergies and adverse reactions Document")),
        ])

    // MARK: - Family and habits

    private static let family = Topic(
        id: "relatives", title: "Family",
        questions: [
            Question(
                id: "family", label: "In the family",
                text: "Did parents, brothers, sisters or children have one of these?",
                kind: .choices([
                    Option("lung-cancer", "Lung cancer"), Option("other-cancer", "Another cancer"),
                    Option("early-heart-disease", "Heart disease before the age of 60"),
                    Option("blood-clots", "Blood clots"), Option("asthma", "Asthma"),
                    Option("cystic-fibrosis", "Cystic fibrosis"), Option("lung-scarring", "Lung scarring"),
                    Option("tuberculosis", "Tuberculosis"), Option("none", "None of these"), .unknown, .declined,
                ]), code: loinc("10157-6", "History of family member diseases Narrative")),
            Question(
                id: "family-detail", label: "In the family, in detail", text: "Who had what?",
                kind: .text(maxLength: 1000),
                askedWhen: [
                    .differs(question: "family", code: "none"), .differs(question: "family", code: "unknown"),
                    .differs(question: "family", code: "declined"),
                ]),
        ])

    /// Asked of whoever smokes or has smoked.
    private static let smoked: [Condition] = ["never", "unknown", "declined"].map {
        .differs(question: "smoking", code: $0)
    }

    private static let tobacco = Topic(
        id: "habits", title: "Smoking, alcohol and drugs",
        questions: [
            Question(
                id: "smoking", label: "Smoking", text: "Smoking",
                kind: .choice([
                    Option("never", "Never smoked"), Option("former", "Smoked in the past"),
                    Option("current", "Smokes now"), .unknown, .declined,
                ]), code: loinc("72166-2", "Tobacco smoking status")),
            Question(
                id: "smoking-type", label: "What is smoked", text: "What?",
                kind: .choices([
                    Option("cigarettes", "Cigarettes"), Option("rolled", "Rolled tobacco"), Option("cigars", "Cigars"),
                    Option("pipe", "Pipe"), Option("waterpipe", "Water pipe"), Option("cannabis", "Cannabis"),
                    Option("other", "Something else"),
                ]), askedWhen: smoked),
            Question(
                id: "cigarettes", label: "Cigarettes a day", text: "How many cigarettes a day, on average?",
                kind: .integer(0...150, unit: Unit("/d", "a day")), askedWhen: smoked),
            Question(
                id: "smoking-years", label: "Years of smoking", text: "For how many years altogether?",
                kind: .integer(0...100, unit: .years), askedWhen: smoked),
            Question(
                id: "smoking-stopped", label: "Stopped smoking", text: "When did it stop?", kind: .date(),
                askedWhen: [.equals(question: "smoking", code: "former")]),
            Question(
                id: "vaping", label: "Vaping", text: "Vaping",
                kind: .choice([
                    Option("never", "Never"), Option("former", "In the past"), Option("current", "Now"), .declined,
                ])),
            Question(
                id: "alcohol", label: "Alcohol", text: "How often is alcohol drunk?",
                kind: .choice([
                    Option("never", "Never"), Option("monthly", "Once a month or less"),
                    Option("weekly", "On some days of the week"), Option("daily", "Every day"), .declined,
                ]), code: loinc("11331-6", "History of Alcohol use")),
            Question(
                id: "drugs", label: "Drugs", text: "Are drugs used?",
                help: "It is asked because some harm the lungs or the heart.",
                kind: .choices([
                    Option("smoked", "Smoked"), Option("snorted", "Through the nose"), Option("injected", "Injected"),
                    Option("swallowed", "Swallowed"), Option("none", "None"), .declined,
                ]), code: loinc("11343-1", "History of Other nonmedical drug use")),
        ])

    private static let surroundings = Topic(
        id: "surroundings", title: "Work, home and travel",
        questions: [
            Question(
                id: "occupation", label: "Work", text: "Work, now and before", kind: .string(maxLength: 200),
                code: loinc("11341-5", "History of Occupation")),
            Question(
                id: "dusts", label: "Breathed in", text: "Has any of this been breathed in for a long time?",
                kind: .choices([
                    Option("asbestos", "Asbestos"), Option("silica", "Stone or coal dust"),
                    Option("wood", "Wood or flour dust"), Option("mould", "Mouldy hay, compost or damp rooms"),
                    Option("birds", "Birds or feathers"), Option("chemicals", "Fumes or chemicals"),
                    Option("smoke", "Smoke of fires indoors"), Option("none", "None of these"), .unknown,
                ])),
            Question(
                id: "asbestos-years", label: "Years with asbestos", text: "For how many years with asbestos?",
                kind: .integer(0...100, unit: .years), askedWhen: [.equals(question: "dusts", code: "asbestos")]),
            Question(
                id: "tuberculosis-contact", label: "Contact with tuberculosis",
                text: "Close contact with someone who had tuberculosis?",
                kind: .choice([Option("yes", "Yes"), Option("no", "No"), .unknown, .declined])),
            Question(
                id: "travel", label: "Travel", text: "Travel in the last year", help: "Where, and when.",
                kind: .string(maxLength: 400), code: loinc("10182-4", "History of Travel Narrative")),
            Question(
                id: "housing", label: "Home", text: "Where does the person live?",
                kind: .choice([
                    Option("own", "At home, alone"), Option("shared", "At home, with others"),
                    Option("care", "In a care home"), Option("shelter", "In a shelter or camp"),
                    Option("prison", "In prison"), Option("none", "No fixed home"), .declined,
                ])),
        ])

    // MARK: - The body

    private static let immunisations = Topic(
        id: "vaccines", title: "Immunisations",
        questions: [
            Question(
                id: "immunisations", label: "Immunised against", text: "Immunised against which of these?",
                kind: .choices([
                    Option("tuberculosis", "Tuberculosis (BCG)"), Option("pneumococci", "Pneumococci"),
                    Option("influenza", "Influenza, this season"), Option("covid", "COVID-19"),
                    Option("whooping-cough", "Whooping cough"), Option("measles", "Measles"), Option("rsv", "RSV"),
                    Option("none", "None of these"), .unknown, .declined,
                ]), code: loinc("11369-6", "History of Immunization note"))
        ])

    private static let systems = Topic(
        id: "body", title: "Anything else lately", lead: "From head to foot, in the last four weeks.",
        questions: [
            Question(
                id: "systems", label: "Other complaints", text: "Which of these?",
                kind: .choices([
                    Option("tired", "Very tired"), Option("appetite", "No appetite"), Option("lumps", "Lumps"),
                    Option("headache", "Headache"), Option("dizzy", "Dizzy"), Option("sore-throat", "Sore throat"),
                    Option("runny-nose", "Runny or blocked nose"), Option("swallowing", "Trouble swallowing"),
                    Option("heartburn", "Heartburn"), Option("vomiting", "Vomiting"),
                    Option("belly-pain", "Belly pain"), Option("diarrhoea", "Diarrhoea"),
                    Option("lying-flat", "Can't lie flat to breathe"), Option("ankles", "Swollen ankles"),
                    Option("joints", "Painful joints or muscles"), Option("bone-pain", "Pain in bones"),
                    Option("rash", "Rash"), Option("bruises", "Bruises easily"), Option("urine", "Trouble with urine"),
                    Option("low-mood", "Low mood or worry"), Option("none", "None of these"),
                ]), code: loinc("10187-3", "Review of systems Narrative - Reported")),
            Question(
                id: "systems-detail", label: "Other complaints in detail", text: "Is there more to say?",
                kind: .text(maxLength: 2000)),
        ])

    /// Asked of whoever may be pregnant: nobody who is male at birth, nobody under 10 or over 60 years.
    private static let mayBePregnant: [Condition] = [
        .differs(question: "sex", code: "male"), .atLeast(question: "age", 10), .atMost(question: "age", 60),
    ]

    private static let pregnancy = Topic(
        id: "childbearing", title: "Pregnancy",
        lead: "X-rays are planned differently in pregnancy, so whoever reads the picture should know.",
        questions: [
            Question(
                id: "pregnancy", label: "Pregnancy", text: "Could there be a pregnancy now?",
                kind: .choice([
                    Option("no", "No"), Option("yes", "Yes"), Option("possible", "It is possible"), .unknown, .declined,
                ]), askedWhen: mayBePregnant, code: loinc("82810-3", "Pregnancy status")),
            Question(
                id: "last-period", label: "Last period", text: "When did the last period begin?", kind: .date(),
                askedWhen: mayBePregnant, code: loinc("8665-2", "Last menstrual period start date")),
            Question(
                id: "breastfeeding", label: "Breastfeeding", text: "Breastfeeding?",
                kind: .choice([Option("yes", "Yes"), Option("no", "No"), .declined]), askedWhen: mayBePregnant),
        ])

    private static let earlier = Topic(
        id: "earlier", title: "Earlier chest pictures", lead: "What is new is often told only by comparing.",
        questions: [
            Question(
                id: "earlier-pictures-status", label: "Earlier chest pictures",
                text: "Were there earlier chest pictures?",
                kind: .choice([Option("yes", "Yes"), Option("no", "No"), .unknown])),
            Question(
                id: "earlier-pictures", label: "Which", text: "Which?",
                kind: .rows(
                    [
                        Question(
                            id: "kind", label: "Kind", text: "Kind",
                            kind: .choice([
                                Option("x-ray", "X-ray"), Option("ct", "CT"), Option("mri", "MRI"),
                                Option("ultrasound", "Ultrasound"), .unknown,
                            ])), Question(id: "date", label: "When", text: "When", kind: .date()),
                        Question(id: "place", label: "Where", text: "Where", kind: .string(maxLength: 120)),
                        Question(
                            id: "result", label: "Result", text: "What was said about it?",
                            kind: .string(maxLength: 400)),
                    ], atMost: 20), askedWhen: [.equals(question: "earlier-pictures-status", code: "yes")]),
        ])

    private static let measurements = Topic(
        id: "measurements", title: "Measurements", lead: "Only what is known. Leave the rest empty.",
        questions: [
            Question(
                id: "height", label: "Height", text: "Height", kind: .decimal(20...250, unit: Unit("cm", "cm")),
                code: loinc("8302-2", "Body height")),
            Question(
                id: "weight", label: "Weight", text: "Weight", kind: .decimal(0.4...400, unit: Unit("kg", "kg")),
                code: loinc("29463-7", "Body weight")),
            Question(
                id: "temperature", label: "Temperature", text: "Temperature",
                kind: .decimal(25...45, unit: Unit("Cel", "°C")), code: loinc("8310-5", "Body temperature")),
            Question(
                id: "heart-rate", label: "Pulse", text: "Pulse",
                kind: .integer(20...300, unit: Unit("/min", "a minute")), code: loinc("8867-4", "Heart rate")),
            Question(
                id: "respiratory-rate", label: "Breaths", text: "Breaths",
                kind: .integer(4...120, unit: Unit("/min", "a minute")), code: loinc("9279-1", "Respiratory rate")),
            Question(
                id: "oxygen-saturation", label: "Oxygen saturation", text: "Oxygen saturation",
                help: "From a clip on the finger.", kind: .integer(40...100, unit: Unit("%", "%")),
                code: loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry")),
            Question(
                id: "systolic", label: "Blood pressure, first number", text: "Blood pressure, first number",
                kind: .integer(40...300, unit: Unit("mm[Hg]", "mmHg")), code: loinc("8480-6", "Systolic blood pressure")
            ),
            Question(
                id: "diastolic", label: "Blood pressure, second number", text: "Blood pressure, second number",
                kind: .integer(20...200, unit: Unit("mm[Hg]", "mmHg")),
                code: loinc("8462-4", "Diastolic blood pressure")),
        ])

    private static func loinc(_ code: String, _ display: String) -> Coding {
        Coding(system: "http://loinc.org", code: code, display: display)
    }
}
