import Domain

/// Findings of the lung tissue: less air, filled, wet, overfilled, scarred.
enum LungFindings: KnowledgeChapter {
    static let all = [atelectasis, consolidation, oedema, emphysema, fibrosis]

    static let atelectasis = FindingKnowledge(
        id: "atelectasis", name: "Atelectasis",
        what: answer {
            from(
                .medlineAtelectasis,
                "Atelectasis means that a part of a lung holds less air than usual.",
                "It has not opened fully, or it has closed.",
                "It can be a thin strip, or a larger part.")
        },
        notMeaning: answer {
            lightbox(
                .intendedUse,
                "A mark does not say that anything is ill.",
                "A shallow breath or lying in bed can look the same, and so can an infection.")
            lightbox(.modelCard, "More than half of the pictures without it were marked too.")
        },
        causes: answer {
            from(
                .medlineAtelectasis,
                "It can come from shallow breathing, from lying for a long time, or from an operation.",
                "Mucus, fluid around the lung, or something that blocks an airway can cause it as well.")
        },
        next: answer {
            from(
                .nhlbiAtelectasis,
                "Doctors often ask about breathing, cough and operations, and listen to the chest.",
                "They may look at older pictures, or order a CT scan.",
                "Deep breathing and getting up often help a lung to open.", "Ask what fits.")
        },
        seriousness: answer {
            from(
                .medlineAtelectasis,
                "A small strip often does no harm, and it can go away by itself.",
                "A large part can make breathing hard.", "It needs a doctor soon.")
            from(
                .nhsBreathless,
                "Call the emergency number for bad trouble breathing, blue lips or strong chest pain.")
        },
        questions: [
            "Can you see this too, and where is it?",
            "Could it be from a shallow breath or an operation?",
            "Does it need another picture, and when?",
        ])

    static let consolidation = FindingKnowledge(
        id: "consolidation", name: "Consolidation",
        what: answer {
            from(
                .fleischnerGlossary,
                "Consolidation means that a part of the lung looks filled, not airy.",
                "Where there is usually air, there is something else, such as fluid.",
                "In the picture that part looks white.")
        },
        notMeaning: answer {
            lightbox(
                .intendedUse,
                "A mark does not say what fills the lung, and it is no proof of pneumonia.")
            lightbox(.modelCard, "Nearly half of the pictures without it were marked too.")
        },
        causes: answer {
            from(
                .nhsPneumonia,
                "An infection of the lung is a common cause.")
            from(
                .fleischnerGlossary,
                "It can also come from fluid, from bleeding, from a closed part of the lung, or from a growth.")
        },
        next: answer {
            from(
                .nicePneumonia,
                "Doctors often ask about cough and fever, listen to the chest, and measure the oxygen.",
                "A blood test can help to tell an infection from other causes.",
                "Some people get a second picture some weeks later, to see that the lung has cleared.")
        },
        seriousness: answer {
            from(
                .nhsPneumonia,
                "It can be mild, and it can be serious.", "Babies, older people and ill people need care sooner.",
                "A doctor should look at it the same day if there is fever, cough or breathlessness.")
            from(
                .nhsEmergency,
                "Call the emergency number for bad trouble breathing, blue lips or sudden confusion.")
        },
        questions: [
            "Could this be an infection, or something else?",
            "Which tests would tell them apart?",
            "When should the lung be looked at again?",
        ])

    static let oedema = FindingKnowledge(
        id: "edema", name: "Pulmonary oedema",
        what: answer {
            from(
                .medlineOedema,
                "Pulmonary oedema means that there is extra fluid in the lungs.",
                "The fluid sits in the lung itself, not around it.",
                "It makes it harder to breathe.")
        },
        notMeaning: answer {
            lightbox(
                .intendedUse,
                "A mark does not say that the heart is ill.",
                "A shallow breath, an infection or a faint picture can look like it.")
            lightbox(.modelCard, "About 30 of 100 pictures without it were marked too.")
        },
        causes: answer {
            from(
                .medlineOedema,
                "Often the heart does not pump well enough, so that fluid stays in the lungs.",
                "It can also come from the kidneys, from an infection, from drugs, or from being high up in the mountains."
            )
        },
        next: answer {
            from(
                .nhsHeartFailure,
                "Doctors often listen to heart and lungs, and look for swollen legs.",
                "Blood tests, an ECG and an ultrasound of the heart can help to find the cause.")
            from(.nhsAskDoctor, "Ask what they found, and what can be done about it.")
        },
        seriousness: answer {
            from(
                .medlineOedema,
                "It can be serious, and it can get worse fast.",
                "Real fluid in the lungs needs a doctor the same day.")
            from(
                .nhsBreathless,
                "Call the emergency number for sudden trouble breathing, worse breathing when lying flat, blue lips, or pink froth."
            )
        },
        questions: [
            "Is there fluid in my lungs, and why?",
            "Should my heart be tested?",
            "Which signs mean that I must call for help?",
        ])

    static let emphysema = FindingKnowledge(
        id: "emphysema", name: "Emphysema",
        what: answer {
            from(
                .nhsCopd,
                "In emphysema the tiny air sacs of the lung are damaged.",
                "They grow wide, so that air stays in the lung.",
                "It is one form of COPD, a lung illness that lasts.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "The model is not good enough at this, so it shows no number for it.",
                "A missing mark says nothing, either way.")
            from(.niceCopd, "A chest X-ray alone is a weak test for it.", "A breathing test is better.")
        },
        causes: answer {
            from(
                .nhsCopd,
                "Smoking is the most common cause.",
                "Dust, fumes and smoke at work or at home can cause it too.",
                "A few people have it from birth, by a gene.")
        },
        next: answer {
            from(
                .nhsSpirometry,
                "Doctors often order a breathing test called spirometry.")
            from(
                .nhsCopd,
                "They ask about smoking, work, cough and breath.",
                "Quitting smoking helps most.", "There is good help for it.")
        },
        seriousness: answer {
            from(
                .nhsCopd,
                "The damage stays, but much can be done to breathe better and to slow it down.")
            from(
                .nhsEmergency,
                "Call the emergency number for bad trouble breathing, blue lips or sudden confusion.")
            from(.nhs111, "See a doctor today if breathing gets clearly worse than usual.")
        },
        questions: [
            "Should I have a breathing test?",
            "What could have caused this?",
            "What can I do to keep my lungs as they are?",
        ])

    static let fibrosis = FindingKnowledge(
        id: "fibrosis", name: "Lung scarring",
        what: answer {
            from(
                .medlineFibrosis,
                "Lung scarring means that a part of the lung has turned into scars.",
                "Doctors call it fibrosis.",
                "In the picture it shows as fine lines or bands.")
        },
        notMeaning: answer {
            lightbox(
                .intendedUse,
                "A mark does not say that it is new, or that it grows.",
                "An old infection that has healed can leave the same lines.")
            lightbox(.modelCard, "About two in three pictures without it were marked too, so a false alarm is likely.")
        },
        causes: answer {
            from(
                .medlineFibrosis,
                "It can come from an old infection, or from dusts such as asbestos.",
                "Some medicines, radiation to the chest and illnesses of the joints can cause it.",
                "Often no cause is found.")
        },
        next: answer {
            from(
                .nhsFibrosis,
                "Doctors often ask about work, dust, pets and medicines, and listen to the chest.",
                "They may order breathing tests and a CT scan.",
                "Older pictures show whether it is new.")
        },
        seriousness: answer {
            from(
                .nhsFibrosis,
                "Small old scars often do no harm.",
                "Scars that spread can make breathing harder with time.", "Then a lung doctor should help.")
            from(.nhs111, "See a doctor soon about a dry cough or breathlessness that grows.")
            from(.nhsEmergency, "Call the emergency number for bad trouble breathing or blue lips.")
        },
        questions: [
            "Is it an old scar, or something that grows?",
            "Could my work, a pet or a medicine play a part?",
            "Should I have a breathing test or a CT scan?",
        ])
}
