import Domain

/// What is said about the record beside what stands in it.
enum RecordAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var recordSummary: [AnswerSentence] {
        paragraph {
            lightbox(
                .assistant,
                "I know only what was entered here, and I may be told less than that.",
                "The page “What the assistant is told” shows all of it.")
        }
    }

    @KnowledgeBuilder static var recordAllergies: [AnswerSentence] {
        paragraph {
            from(
                .nhsAllergies,
                "Name each allergy to every doctor and pharmacist.", "Do it before each new medicine.")
        }
        lightbox(.assistant, "I can't know what nobody entered here.")
    }

    @KnowledgeBuilder static var recordMedication: [AnswerSentence] {
        paragraph {
            from(
                .medlineMedicines,
                "Keep a list of all medicines, with herbal ones, and show it at every visit.")
        }
        from(.nhsMedicines, "A pharmacist can check whether the list is complete.")
    }

    @KnowledgeBuilder static var recordConditions: [AnswerSentence] {
        paragraph { lightbox(.assistant, "This is what was told, and nobody has checked it.") }
    }

    @KnowledgeBuilder static var recordSmoking: [AnswerSentence] {
        paragraph {
            from(
                .nhsQuitSmoking, "Quitting helps the lungs and the heart at any age, and there is good help for it.")
        }
    }

    @KnowledgeBuilder static var recordMeasurements: [AnswerSentence] {
        paragraph {
            from(
                .medlineVitalSigns,
                "Numbers that were measured at home can be off, and they change during the day.",
                "A doctor or nurse can measure again, and say what is usual for this person.")
        }
    }

    @KnowledgeBuilder static var recordSymptoms: [AnswerSentence] {
        paragraph {
            from(.nhs111, "If something new comes, or it gets worse, don't wait for a program: talk to a doctor.")
        }
    }

    @KnowledgeBuilder static var recordFamily: [AnswerSentence] {
        paragraph {
            from(.medlineGenetics, "A doctor can say whether an illness in the family matters here.")
        }
    }

    @KnowledgeBuilder static var recordImplants: [AnswerSentence] {
        paragraph {
            from(
                .nhsMRI,
                "Name each implant to the staff before a scan.", "It matters most before an MRI scan.")
        }
    }

    @KnowledgeBuilder static var recordPregnancy: [AnswerSentence] {
        paragraph {
            from(.radiologyInfoDose, "Tell the staff before an X-ray or a scan if there could be a pregnancy.")
        }
        lightbox(.assistant, "I know only what was entered.", "A pregnancy test or a doctor can tell for sure.")
    }

    static let recordPerson: [AnswerSentence] = []

    @KnowledgeBuilder static var recordOther: [AnswerSentence] {
        paragraph { lightbox(.assistant, "This is what was told, and nobody has checked it.") }
    }

    @KnowledgeBuilder static var urgency: [AnswerSentence] {
        paragraph {
            lightbox(
                .urgency,
                "The program knows only what it was told, and it can miss things.",
                "It can raise the level by itself, but only a clinician can lower it.")
        }
        from(.nhsEmergency, "Whoever feels in danger should call the emergency number, whatever stands here.")
    }

    @KnowledgeBuilder static var recordWithheld: [AnswerSentence] {
        paragraph {
            lightbox(
                .assistant,
                "The page “What the assistant is told” has a switch for each answer.",
                "I am not told what is switched off there.", "The report still has it.")
        }
    }

    @KnowledgeBuilder static var recordChange: [AnswerSentence] {
        lightbox(
            .use,
            "I can't change the record myself.",
            "Open “History”, go to the topic, and change the answer there.", "It is saved at once.",
            "If the age was wrong, analyse the picture again, because the model uses the age.",
            "A report that was made before keeps the old answer, so make a new one.")
        lightbox(.urgency, "A changed answer does not lower the urgency.", "Only a clinician can do that.")
    }

    @KnowledgeBuilder static var recordMissing: [AnswerSentence] {
        paragraph {
            lightbox(
                .use,
                "Only the age and the reason for the visit need an answer.",
                "Each further answer helps the doctor who reads the report.")
        }
    }
}
