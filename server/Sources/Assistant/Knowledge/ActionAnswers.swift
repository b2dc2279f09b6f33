import Domain

/// What to do.
enum ActionAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var nextSteps: [AnswerSentence] {
        paragraph {
            lightbox(.use, "Make the report and show it to a doctor, together with the picture itself.")
        }
        from(.nhs111, "If things get worse before then, don't wait for the visit: ask for help the same day.")
    }

    @KnowledgeBuilder static var whichDoctor: [AnswerSentence] {
        from(
            .medlineTalking,
            "A family doctor is a good first step for most questions about the chest.",
            "If they see the need, they send people on.")
        list {
            from(.medlineLung, "For the lungs there are lung doctors.")
            from(.medlineHeart, "For the heart there are heart doctors.")
            from(.radiologyInfoChest, "Radiologists are the doctors who read X-rays.")
            from(.nhsIllChild, "For a child, go to a children's doctor or a family doctor.")
        }
        paragraph {
            from(.nhs111, "At night or at a weekend, an urgent care line can say where to go.")
        }
    }

    @KnowledgeBuilder static var howSoon: [AnswerSentence] {
        paragraph {
            lightbox(.urgency, "The level that the page shows says how soon, from what was told so far.")
        }
        from(.nhs111, "If it gets worse, or if it feels wrong to wait, ask for help today.")
        from(
            .nhsEmergency,
            "Call the emergency number at once for bad trouble breathing, strong chest pain, blue lips or fainting.")
    }

    @KnowledgeBuilder static var doctorQuestions: [AnswerSentence] {
        from(.nhsAskDoctor, "These questions help many people:")
        list {
            from(
                .nhsAskDoctor,
                "What do you see in the picture, and what could it be?",
                "Do I need more tests, and what would they change?",
                "What can we do, and what happens if we wait?",
                "Which signs mean that I should come back or call for help?",
                "When do we look at it again?")
        }
        paragraph {
            from(
                .ahrqQuestions, "Write down the three that matter most, and bring someone along if that helps.",
                "Bring a list of medicines and allergies, older pictures and the report.")
        }
    }

    @KnowledgeBuilder static var furtherTests: [AnswerSentence] {
        lightbox(.intendedUse, "I can't say which tests are needed.", "A doctor decides that with the person.")
        paragraph { from(.lungTests, "These are often used for the chest:") }
        list {
            from(.radiologyInfoCT, "A CT scan takes many X-ray pictures and shows the chest in thin slices.")
            from(.nhsUltrasound, "An ultrasound scan uses sound, and it shows fluid and the heart well.")
            from(.nhsSpirometry, "Spirometry is a breathing test: how much air, and how fast.")
            from(.nhsBloodTests, "Blood tests can point to an infection or to other causes.")
        }
        paragraph {
            from(
                .nhsAskDoctor,
                "Ask what a test can show, what risks it has, and what happens without it.")
        }
    }

    @KnowledgeBuilder static var selfCare: [AnswerSentence] {
        paragraph {
            lightbox(.intendedUse, "Nothing at home can take the place of a doctor's look at the picture.")
        }
        from(
            .nhsChestInfection,
            "With a chest infection it often helps to rest, to drink enough, and to keep away from smoke.")
        from(
            .nhsMedicines,
            "Ask a pharmacist before any medicine, also for a cough or a fever.")
        from(
            .nhs111,
            "Watch out for change: more breathlessness, more pain, or a fever that stays.",
            "Then ask a doctor the same day.")
    }

    @KnowledgeBuilder static var dailyLife: [AnswerSentence] {
        lightbox(.intendedUse, "I can't clear anyone for work, sport, a flight or driving, but a doctor can.")
        from(
            .nhsExercise,
            "As a rule, gentle movement does good when it brings on no pain and no trouble breathing.")
        from(
            .nhsChestPain,
            "Rest and ask for help at once if effort brings chest pain, faintness or much breathlessness.")
        from(
            .caaFitToFly,
            "Before a flight, ask a doctor.", "Air outside the lung or a new lung illness can make flying dangerous.")
        from(.btsPleural, "Air outside the lung also makes diving dangerous, so ask a lung doctor first.")
        from(.nhsMedicines, "Some medicines make driving unsafe; the leaflet or a pharmacist can say.")
    }

    @KnowledgeBuilder static var stopSmoking: [AnswerSentence] {
        from(
            .nhsQuitSmoking,
            "It is good to ask.", "Quitting helps at any age.",
            "Help makes it more likely to work: a stop smoking service, a group, a phone line or an app.",
            "A pharmacist or a doctor can say which aids suit, such as patches, gum or tablets.",
            "It helps to choose a day, to tell friends, and to plan for the hard moments.")
        from(.whoTobacco, "Most people need more than one try.", "Each try teaches something.")
        from(
            .nhs111,
            "See a doctor about a cough that stays for three weeks, also while quitting.")
    }

    @KnowledgeBuilder static var warningSigns: [AnswerSentence] {
        from(.nhsEmergency, "Any of these means: call the emergency number at once.")
        list {
            from(.nhsBreathless, "Bad trouble breathing, or not enough breath to speak.")
            from(.nhsChestPain, "Sudden or strong chest pain, or pain that spreads to an arm, the jaw or the back.")
            from(.nhsEmergency, "Blue, grey or very pale lips or skin.")
            from(.nhsSepsis, "Sudden confusion, fainting, or someone who can't be woken.")
            from(.nhsCoughingBlood, "Coughing up more than a little blood.")
            from(.nhsAnaphylaxis, "Sudden swelling of the lips, face or throat.")
            from(.nhsIllChild, "A baby or small child who is limp, hard to wake, or fights for breath.")
        }
        paragraph {
            from(
                .nhs111,
                "Ask for help the same day for a high fever, new breathlessness, or a little blood in what is coughed up."
            )
        }
        from(.nhs111, "This list is not complete.", "If it feels wrong, ask.")
    }

    @KnowledgeBuilder static var childWarningSigns: [AnswerSentence] {
        from(.nhsEmergency, "Any of these in a child means: call the emergency number at once.")
        list {
            from(.whoPneumonia, "Fast breathing, or a fight for breath.", "The skin pulls in under the ribs.")
            from(.nhsIllChild, "Grunting with each breath.", "Blue, grey or very pale lips, tongue or skin.")
            from(.nhsIllChild, "Not drinking, or no wet nappy for a long time.")
            from(.nhsIllChild, "Very sleepy, limp, or hard to wake.", "A fit.")
            from(.nhsAnaphylaxis, "Sudden swelling of the lips, face or throat.")
        }
        paragraph {
            from(.nhs111, "Ask for help the same day for a high fever, or if the child drinks much less.")
        }
        from(.nhs111, "This list is not complete.", "If it feels wrong, ask.")
    }

    @KnowledgeBuilder static var vaccines: [AnswerSentence] {
        from(
            .nhsVaccinations,
            "Vaccines train the body to fight a germ before it comes.",
            "Some protect the lungs: those against flu, COVID-19, RSV, whooping cough and pneumococcus.",
            "Which ones are offered depends on age, on other illnesses and on the country.")
        from(
            .cdcVaccines,
            "Older people, small children and people with a lung or heart illness often gain most.",
            "Side effects are mostly mild and short, such as a sore arm or a slight fever.")
        from(
            .nhsVaccinations,
            "Ask a doctor, a nurse or a pharmacist, and tell them about any allergy or pregnancy.")
    }

    @KnowledgeBuilder static var secondOpinion: [AnswerSentence] {
        lightbox(
            .intendedUse,
            "If this program and a doctor say different things, trust the doctor more.",
            "The doctor sees the whole person.", "The program sees one small picture, and it makes mistakes.")
        from(
            .nhsAskDoctor,
            "It is still fine to ask why, and to ask what the doctor thinks of the report.")
        from(
            .medlineTalking,
            "Anyone may ask for a second opinion.", "Most doctors don't mind.",
            "A family doctor can help to find someone.", "Bring the pictures and all reports along.")
    }
}

/// X-rays themselves.
enum XrayAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var radiation: [AnswerSentence] {
        from(
            .radiologyInfoDose,
            "A chest X-ray uses very little radiation.",
            "It is about as much as everyone gets from nature in ten days.")
        from(
            .whoRadiation,
            "At such a small amount the risk is thought to be very low, but it is not taken to be zero.")
        from(.fdaXray, "So doctors order a picture only when it helps more than it could harm.")
        from(.nhsCT, "A CT scan uses more than an X-ray.")
        from(
            .iaeaPatients,
            "Nobody stays radioactive after an X-ray.",
            "Ask whether an older picture can be used, and mention a pregnancy before any X-ray.")
    }

    @KnowledgeBuilder static var pregnancyAndChildren: [AnswerSentence] {
        from(
            .icrpPregnancy,
            "In a chest X-ray the beam does not point at the womb, so very little reaches an unborn child.",
            "The risk is thought to be very small.")
        from(
            .radiologyInfoDose,
            "Still, tell the staff before an X-ray if there is or could be a pregnancy.",
            "They can wait, use another test, or take more care.",
            "If a picture was taken before anyone knew, tell the doctor, who can say what it means.")
        from(
            .imageGently,
            "Children are more sensitive to radiation, so they get a smaller amount, set for their size.")
        from(.fdaChildren, "Parents may ask why a picture is needed, and whether another test would do.")
        lightbox(.modelCard, "The model was not measured in pregnancy.")
    }

    @KnowledgeBuilder static var how: [AnswerSentence] {
        from(
            .nhsXray,
            "X-rays pass through the body, and a plate on the other side catches them.",
            "It takes a moment, and it does not hurt.")
        from(
            .radiologyInfoChest,
            "For the chest, people stand at the plate, breathe in deeply, and hold still.",
            "Air lets most rays through, so lungs look dark.",
            "Bones and fluid hold rays back, so they look white.",
            "All that lies in front and behind falls into one flat picture.", "So some things hide others.")
        from(.radiologyInfoChest, "Metal, such as a necklace, is taken off first.")
    }

    @KnowledgeBuilder static var term: [AnswerSentence] {
        paragraph {
            from(
                .medlineTalking,
                "Words in a report can mean different things in different cases.",
                "Ask the doctor to say them in plain words.")
        }
    }
}
