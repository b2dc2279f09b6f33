import Domain

/// Findings that name a pattern rather than a thing: pneumonia of adults and children, and "any of them".
enum PatternFindings: KnowledgeChapter {
    static let all = [pneumonia, anyFinding, childPneumonia, bacterialPneumonia]

    static let pneumonia = FindingKnowledge(
        id: "pneumonia", name: "Pneumonia (adult)",
        what: answer {
            from(
                .nhsPneumonia,
                "Pneumonia is swelling deep in the lung, mostly from an infection.",
                "Cough, fever and breathlessness are common signs.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "The model is not good enough at this in adults, so it shows no number for it.",
                "A missing mark says nothing, either way.")
            from(.nicePneumonia, "Doctors need the signs and an examination as well as a picture.")
        },
        causes: answer {
            from(
                .nhsPneumonia,
                "Bacteria are a common cause, and viruses such as flu can cause it too.",
                "At times food or drink goes down the wrong way into the lung.")
        },
        next: answer {
            from(
                .nicePneumonia,
                "Doctors ask about the signs, listen to the chest and measure the oxygen.",
                "They may order a blood test and an X-ray.",
                "If it comes from bacteria, they often treat it with antibiotics.", "Only a doctor can decide that.")
        },
        seriousness: answer {
            from(
                .nhsPneumonia,
                "Many people get well at home, but it can be serious.",
                "Babies, people over 65 and ill people need care sooner.")
            from(.nhs111, "Ask a doctor today about fever with cough or breathlessness.")
            from(
                .nhsEmergency,
                "Call the emergency number for bad trouble breathing, blue lips or sudden confusion.")
        },
        questions: [
            "Do the signs and the picture fit an infection of the lung?",
            "Which tests would help to be sure?",
            "When should I feel better, and when should I come back?",
        ])

    static let anyFinding = FindingKnowledge(
        id: "any-finding", name: "Any of the 14 listed findings",
        what: answer {
            lightbox(
                .modelCard,
                "This number says that the picture is unlike those that were called free of findings.",
                "It stands for any one of 14 findings, and it does not say which.",
                "Of the lung: a part with less air, a filled part, fluid in it, too much air, or scars.",
                "Also haze, a mass, a small spot, or pneumonia.",
                "Around it: fluid, air, or a thick lining.", "The others are a wide heart and a hernia.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "A mark does not say that something is wrong.",
                "About two in three pictures without a finding were marked too.",
                "A missing mark does not say that all is well.", "About one in ten with a finding was missed.")
        },
        causes: answer {
            lightbox(
                .modelCard,
                "The number can go up for many reasons, from a scar to fluid.",
                "A picture that was taken in bed or from the front can raise it as well.")
        },
        next: answer {
            from(
                .radiologyInfoChest,
                "A radiologist looks at the whole picture and writes what can be seen.",
                "Older pictures help to tell what is new.")
            from(.nhsAskDoctor, "Show the report to a doctor, and ask what the picture shows.")
        },
        seriousness: answer {
            lightbox(.modelCard, "By itself this number says nothing about how serious it is.")
            from(
                .nhs111, "How the person feels matters more.", "See a doctor about anything that is new or gets worse.")
            from(
                .nhsEmergency,
                "Call the emergency number for bad trouble breathing, strong chest pain or blue lips.")
        },
        questions: [
            "What do you see in this picture?",
            "Is anything new, compared with older pictures?",
            "Do I need more tests?",
        ])

    static let childPneumonia = FindingKnowledge(
        id: "pneumonia-child", name: "Pneumonia (child of 1 to 5 years)",
        what: answer {
            from(.whoPneumonia, "Pneumonia is an infection deep in the lung.")
            lightbox(
                .modelCard,
                "The picture looks like those of young children who were treated for it.",
                "The number counts for children of 1 to 5 years only.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "A mark is no proof.", "The model learnt from children of one hospital, and it may do worse elsewhere.",
                "A shallow breath, crying or a cold with mucus can look the same.",
                "A missing mark does not rule it out.")
        },
        causes: answer {
            from(
                .whoPneumonia,
                "It can come from viruses or from bacteria.",
                "Smoke in the home and a poor diet make it more likely.", "Vaccines make it less likely.")
        },
        next: answer {
            from(
                .nicePneumonia,
                "A doctor looks at the child, counts the breaths, listens to the chest and measures the oxygen.",
                "From that they decide whether the child needs medicine or the hospital.")
            from(.nhsAskDoctor, "Ask what to watch for at home, and when to come back.")
        },
        seriousness: answer {
            from(.whoPneumonia, "In small children it can become serious fast.", "A doctor should see the child today.")
            from(
                .nhsIllChild,
                "Call the emergency number if the child fights for breath, grunts, has blue lips, is limp, or is hard to wake."
            )
            from(.nhsIllChild, "Get help the same day if the child does not drink, or has few wet nappies.")
        },
        questions: [
            "Do the signs and the picture fit pneumonia?",
            "What should we watch for tonight?",
            "When should my child be seen again?",
        ])

    static let bacterialPneumonia = FindingKnowledge(
        id: "pneumonia-bacterial", name: "More like bacterial than viral pneumonia",
        what: answer {
            lightbox(
                .modelCard,
                "This number compares two kinds of pictures of young children.",
                "In one kind, bacteria were named as the cause.", "In the other kind it was a virus.",
                "It counts only if there is pneumonia at all.")
        },
        notMeaning: answer {
            lightbox(
                .modelCard,
                "A picture can't prove which germ it is.", "No lab test stood behind the names that it learnt from.",
                "About one in three pictures named viral was marked too.")
            lightbox(.intendedUse, "It must not decide which treatment a child gets.")
        },
        causes: answer {
            from(
                .whoPneumonia,
                "Children can get it from a virus or from bacteria.",
                "At times a virus comes first, and bacteria come after it.")
        },
        next: answer {
            from(
                .nicePneumonia,
                "A doctor decides from how ill the child is, from an examination and from tests.")
            from(
                .whoResistance,
                "Antibiotics help against bacteria only.",
                "Ask the doctor which one they think of, and why.")
        },
        seriousness: answer {
            from(.whoPneumonia, "Both kinds can be mild or serious.", "A doctor should see the child today.")
            from(
                .nhsIllChild,
                "Call the emergency number if the child fights for breath, has blue lips, is limp, or is hard to wake.")
        },
        questions: [
            "Is it more likely a virus or bacteria?",
            "Would a test help to tell them apart?",
            "What should we watch for at home?",
        ])
}
