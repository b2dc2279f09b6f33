import Domain

/// Findings around the lung, of the heart and of the diaphragm.
enum PleuraAndHeartFindings: KnowledgeChapter {
    static let all = [cardiomegaly, effusion, pleuralThickening, pneumothorax, hernia]

    static let cardiomegaly = FindingKnowledge(
        id: "cardiomegaly", name: "Enlarged heart shadow",
        what: answer {
            from(
                .fleischnerGlossary,
                "The outline of the heart looks wide when compared with the chest.")
            from(.medlineHeart, "Doctors also call it cardiomegaly.", "It is a sign, not an illness by itself.")
        },
        notMeaning: answer {
            lightbox(
                .intendedUse,
                "A mark does not say that the heart is ill.",
                "A picture from the front, a shallow breath or lying down makes any heart look wide.")
            lightbox(.modelCard, "More than 40 of 100 pictures without it were marked too.")
        },
        causes: answer {
            from(
                .medlineHeart,
                "High blood pressure, weak heart muscle and leaky heart valves can make a heart large.",
                "Fluid around the heart can look the same.",
                "Sport and pregnancy can make it a little larger, too.")
        },
        next: answer {
            from(
                .nhsEchocardiogram,
                "Doctors often order an ultrasound of the heart.", "It shows its true size and how it pumps.")
            from(
                .nhsHeartFailure,
                "They may also measure the blood pressure, write an ECG, and order blood tests.")
        },
        seriousness: answer {
            from(
                .nhsHeartFailure,
                "It can be harmless, and it can be a sign of a weak heart.",
                "See a doctor soon about swollen legs, being very tired, or being short of breath.")
            from(
                .nhsChestPain,
                "Call the emergency number for strong chest pain, fainting or bad trouble breathing.")
        },
        questions: [
            "Is my heart really large, or does it only look so in this picture?",
            "Should I have an ultrasound of the heart?",
            "Is my blood pressure all right?",
        ])

    static let effusion = FindingKnowledge(
        id: "effusion", name: "Pleural effusion",
        what: answer {
            from(
                .medlineEffusion,
                "A pleural effusion is fluid around the lung.",
                "It lies between the lung and the wall of the chest.",
                "A thin film of fluid is usual there.", "An effusion is more than that.")
        },
        notMeaning: answer {
            lightbox(
                .intendedUse,
                "A mark does not say what kind of fluid it is, or where it comes from.",
                "Old scars or a raised diaphragm can look the same.")
            lightbox(.modelCard, "Nearly half of the pictures without it were marked too.")
        },
        causes: answer {
            from(
                .medlineEffusion,
                "It can come from a weak heart, or from an infection such as pneumonia.",
                "The liver, the kidneys, a blood clot in the lung, an injury or a cancer can cause it too.")
        },
        next: answer {
            from(
                .btsPleural,
                "Doctors often use ultrasound to see how much fluid there is.",
                "At times they draw some of it off with a thin needle, and test it.",
                "Then they look for the cause, because that is what needs care.")
        },
        seriousness: answer {
            from(
                .medlineEffusion,
                "A little fluid may need no more than a check.", "A lot can make breathing hard.",
                "A doctor should look at it soon, and today if there is fever or breathlessness.")
            from(
                .nhsBreathless,
                "Call the emergency number for bad trouble breathing, blue lips or strong chest pain.")
        },
        questions: [
            "Is there really fluid, and how much?",
            "Where could it come from?",
            "Does it need to be tested or drawn off?",
        ])

    static let pleuralThickening = FindingKnowledge(
        id: "pleural-thickening", name: "Pleural thickening",
        what: answer {
            from(
                .medlinePleural,
                "The pleura is the thin skin around the lung.",
                "Here it looks thicker than usual, often like an old scar.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "The model is not good enough at this, so it shows no number for it.",
                "A missing mark says nothing, either way.")
            from(.fleischnerGlossary, "Fat or a little fluid can look the same.")
        },
        causes: answer {
            from(
                .medlinePleural,
                "It can come from an old infection, an injury, an operation or old bleeding.")
            from(.nhsAsbestosis, "Asbestos, breathed in years before, can cause it as well.")
        },
        next: answer {
            from(
                .nhsAsbestosis,
                "Doctors often ask about past work with asbestos, and about old illnesses of the lung.",
                "They look at older pictures.", "If it is new, they may order a CT scan.")
        },
        seriousness: answer {
            from(
                .medlinePleural,
                "An old scar often does no harm.",
                "It needs a closer look if it is new, if it grows, or if it hurts.")
            from(.nhs111, "See a doctor soon about pain in the chest, weight loss or breathlessness.")
            from(.nhsEmergency, "Call the emergency number for strong chest pain or bad trouble breathing.")
        },
        questions: [
            "Is it old or new?",
            "Could asbestos or an old infection play a part?",
            "Does it need to be checked again?",
        ])

    static let pneumothorax = FindingKnowledge(
        id: "pneumothorax", name: "Pneumothorax",
        what: answer {
            from(
                .medlineCollapsed,
                "A pneumothorax is air between the lung and the wall of the chest.",
                "The air presses on the lung, so that a part of it folds up.",
                "People also call it a collapsed lung.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "A mark does not prove it.", "About two in three pictures without it were marked too.",
                "The model may have learnt to look for the tube that doctors use to treat it.",
                "And a missing mark does not rule it out: thin ones are easy to miss.")
        },
        causes: answer {
            from(
                .medlineCollapsed,
                "It can come by itself, often in tall and slim young people.",
                "It can come from an injury, from some treatments, or from a lung illness such as COPD.",
                "Smoking makes it more likely.")
        },
        next: answer {
            from(
                .btsPleural,
                "Doctors look at the picture at once, and at how the person breathes.",
                "A small one is often only watched.",
                "A larger one may need a needle or a thin tube to let the air out.",
                "Ask before flying or diving.")
        },
        seriousness: answer {
            from(
                .medlineCollapsed,
                "It can be small and heal by itself.", "It can also become dangerous within a short time.",
                "A real one needs a doctor the same day.")
            from(
                .nhsEmergency,
                "Call the emergency number for sudden chest pain, bad trouble breathing, fainting or blue lips.")
        },
        questions: [
            "Is there really air outside the lung, and how much?",
            "Does it need treatment, or can it be watched?",
            "What must I leave out for now, such as flying, diving or sport?",
        ])

    static let hernia = FindingKnowledge(
        id: "hernia", name: "Hiatus hernia",
        what: answer {
            from(
                .nhsHernia,
                "In a hiatus hernia a part of the stomach has moved up into the chest.",
                "It slips through the gap in the diaphragm where the food pipe goes.",
                "Many people have one and never notice it.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "The model shows no number for it.", "Only five validation pictures had it, too few to measure.",
                "So a missing mark says nothing, either way.")
        },
        causes: answer {
            from(
                .nhsHernia,
                "It is more common after the age of 50, in pregnancy, and with a high body weight.",
                "Why someone gets it is often not clear.")
        },
        next: answer {
            from(
                .nhsHernia,
                "If there are no symptoms, often nothing needs to be done.",
                "With heartburn, smaller meals and a raised head of the bed can help.",
                "A doctor can look with a thin camera, and can say what else would help.")
        },
        seriousness: answer {
            from(.nhsHernia, "It is mostly harmless.")
            from(
                .nhs111,
                "See a doctor soon about trouble with swallowing, weight loss, or being sick often.")
            from(
                .nhsEmergency,
                "Call the emergency number for strong pain in chest or belly, or for vomiting blood.")
        },
        questions: [
            "Do I really need to do anything about it?",
            "Could it be behind my heartburn or cough?",
            "Which signs should bring me back?",
        ])
}
