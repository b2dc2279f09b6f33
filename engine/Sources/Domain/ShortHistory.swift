extension Questionnaire {
    /// The first questionnaire: what a reader of a chest picture needs to know at the least.
    public static let shortHistory = Questionnaire(
        id: "short-history", version: "1.0.0", title: "A short history",
        topics: [
            Topic(
                id: "person", title: "About the person in the picture",
                questions: [
                    Question(
                        id: "pseudonym", label: "Name or pseudonym", text: "Name or pseudonym",
                        help: "It is printed on the report. You don't need to give a real name.",
                        kind: .string(maxLength: 80)),
                    Question(
                        id: "age", label: "Age", text: "Age in years",
                        help: "For a baby under one year, enter 0.",
                        kind: .integer(0...120, unit: "years"), isRequired: true),
                    Question(
                        id: "sex", label: "Sex at birth", text: "Sex at birth",
                        kind: .choice([
                            Option("female", "Female"), Option("male", "Male"), Option("other", "Intersex or other"),
                            Option("unknown", "Don't know"), Option("declined", "Rather not say"),
                        ])),
                    Question(
                        id: "pregnancy", label: "Pregnancy", text: "Could there be a pregnancy now?",
                        help: "X-rays are planned differently in pregnancy, so whoever reads the picture should know.",
                        kind: .choice([
                            Option("no", "No"), Option("yes", "Yes"), Option("possible", "It is possible"),
                            Option("unknown", "Don't know"), Option("declined", "Rather not say"),
                        ]),
                        askedWhen: [
                            .differs(question: "sex", code: "male"), .atLeast(question: "age", 10),
                            .atMost(question: "age", 60),
                        ]),
                ]),
            Topic(
                id: "visit", title: "The reason for the visit",
                questions: [
                    Question(
                        id: "reason", label: "Reason for the visit", text: "Why was the picture taken?",
                        help: "In your own words: what is wrong, and since when. For example: cough for two weeks.",
                        kind: .text(maxLength: 2000), isRequired: true),
                    Question(
                        id: "symptoms", label: "Symptoms now", text: "Which of these are there now?",
                        help: "Choose all that fit.",
                        kind: .choices([
                            Option("cough", "Cough"), Option("fever", "Fever"),
                            Option("breathless", "Short of breath"), Option("chest-pain", "Chest pain"),
                            Option("blood", "Coughing up blood"), Option("weight-loss", "Losing weight"),
                            Option("none", "None of these"),
                        ])),
                ]),
            Topic(
                id: "habits", title: "Smoking",
                questions: [
                    Question(
                        id: "smoking", label: "Smoking", text: "Smoking",
                        kind: .choice([
                            Option("never", "Never smoked"), Option("former", "Smoked in the past"),
                            Option("current", "Smokes now"), Option("unknown", "Don't know"),
                            Option("declined", "Rather not say"),
                        ])),
                    Question(
                        id: "smoking-years", label: "Years of smoking", text: "For how many years altogether?",
                        kind: .integer(0...100, unit: "years"),
                        askedWhen: [
                            .differs(question: "smoking", code: "never"),
                            .differs(question: "smoking", code: "unknown"),
                            .differs(question: "smoking", code: "declined"),
                        ]),
                ]),
            Topic(
                id: "safety", title: "Allergies and medication",
                questions: [
                    Question(
                        id: "allergy-status", label: "Allergies", text: "Any allergies?",
                        kind: .choice([
                            Option("none", "None known"), Option("yes", "Yes"), Option("unknown", "Don't know"),
                        ])),
                    Question(
                        id: "allergies", label: "Allergies in detail", text: "Which, and what happened?",
                        help: "For example: penicillin, rash.",
                        kind: .text(maxLength: 2000), isRequired: true,
                        askedWhen: [.equals(question: "allergy-status", code: "yes")]),
                    Question(
                        id: "medication", label: "Medication", text: "Medication taken now",
                        help: "One a line: name, dose, how often. Include what is taken without a prescription.",
                        kind: .text(maxLength: 4000)),
                ]),
        ])
}
