import Domain

/// Spots and hazy areas.
enum SpotFindings: KnowledgeChapter {
    static let all = [infiltration, mass, nodule]

    static let infiltration = FindingKnowledge(
        id: "infiltration", name: "Infiltration",
        what: answer {
            from(
                .fleischnerGlossary,
                "Infiltration is an old word for a hazy area in the lung.",
                "It is not clear-cut, so many doctors no longer use it.",
                "They say “opacity” now.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "The model is not good enough at this, so it shows no number for it.",
                "A missing mark says nothing, either way.")
            from(.fleischnerGlossary, "The word does not say what makes the lung hazy.")
        },
        causes: answer {
            from(
                .medlineLung,
                "It can come from an infection, from fluid, from a shallow breath or from a scar.",
                "Many other things can look hazy as well.")
        },
        next: answer {
            from(
                .nicePneumonia,
                "Doctors often ask about cough and fever, and listen to the chest.",
                "They look at older pictures.",
                "They may order blood tests or another picture.")
        },
        seriousness: answer {
            from(.medlineLung, "It can be harmless or serious.", "The cause makes the difference.")
            from(.nhs111, "See a doctor today about fever with a cough, or new breathlessness.")
            from(
                .nhsEmergency,
                "Call the emergency number for bad trouble breathing, blue lips or sudden confusion.")
        },
        questions: [
            "Which part of the lung looks hazy, if any?",
            "What could be the cause?",
            "Do I need another picture later?",
        ])

    static let mass = FindingKnowledge(
        id: "mass", name: "Mass",
        what: answer {
            from(
                .fleischnerGlossary,
                "A mass is a dense area in the lung that is more than three centimetres wide.",
                "It says how large a shadow is, and no more.",
                "It does not say what it is made of.")
        },
        notMeaning: answer {
            lightbox(
                .intendedUse,
                "A mark does not say that there is a growth.",
                "A round infection, a blood vessel or a fold of skin can look the same.")
            lightbox(.modelCard, "More than 60 of 100 pictures without it were marked too, so a false alarm is likely.")
        },
        causes: answer {
            from(
                .medlineLung,
                "It can come from an infection, an old scar, a cyst or a growth.")
            from(.nhsLungCancer, "Some growths do no harm, and some are cancers.")
            lightbox(.intendedUse, "A picture alone can't tell which.")
        },
        next: answer {
            from(
                .niceCancer,
                "Doctors compare older pictures, and they often order a CT scan soon.",
                "If the CT scan shows something, a small sample may be needed to know what it is.",
                "Ask when the next step will be, and call if no date comes.")
        },
        seriousness: answer {
            lightbox(.intendedUse, "It may turn out to be harmless, but it must be looked at.")
            from(
                .niceCancer,
                "See a doctor in the next days.",
                "Tell them about weight loss, a cough that stays, or blood when coughing.")
            from(
                .nhsCoughingBlood, "Call the emergency number for coughing up much blood, or for bad trouble breathing."
            )
        },
        questions: [
            "Can you see this too, and how large is it?",
            "Is there an older picture to compare it with?",
            "Do I need a CT scan, and how soon?",
        ])

    static let nodule = FindingKnowledge(
        id: "nodule", name: "Nodule",
        what: answer {
            from(
                .medlineNodule,
                "A nodule is a small round spot in the lung.",
                "It is up to three centimetres wide.",
                "Such spots are common, and most of them do no harm.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "The model is not good enough at this, so it shows no number for it.",
                "A missing mark says nothing, either way.", "Small spots are easy to miss.")
            from(.medlineNodule, "A nipple, a vessel or a healed infection can look like one.")
        },
        causes: answer {
            from(
                .medlineNodule,
                "It can come from an old infection that has healed.",
                "It can also come from swelling, from a harmless growth or from a cancer.")
        },
        next: answer {
            from(
                .fleischnerNodules,
                "What comes next depends on its size, its shape and on risks such as smoking.",
                "Often a CT scan is done, and done again some months later.",
                "A spot that stays the same for a long time is a good sign.")
        },
        seriousness: answer {
            from(.medlineNodule, "Most do no harm, but a doctor should know of each one.")
            from(
                .niceCancer,
                "See a doctor soon about weight loss, a cough that stays, or blood when coughing.")
            from(
                .nhsCoughingBlood, "Call the emergency number for coughing up much blood, or for bad trouble breathing."
            )
        },
        questions: [
            "Is there a spot, and how large is it?",
            "Was it there in an older picture?",
            "Do I need a CT scan, now or later?",
        ])
}
