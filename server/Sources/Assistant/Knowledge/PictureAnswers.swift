import Domain

/// The picture and its findings, in general. What was found in a picture is said before these sentences.
enum PictureAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var findingsSummary: [AnswerSentence] {
        paragraph {
            lightbox(.intendedUse, "The model misses things, and it raises false alarms.")
        }
        lightbox(.intendedUse, "So a trained person must look at the picture, whatever stands here.")
    }

    @KnowledgeBuilder static var findingMeaning: [AnswerSentence] {
        paragraph {
            lightbox(.intendedUse, "A finding is a pattern in a picture.", "It is not a diagnosis.")
        }
        from(.radiologyInfoChest, "A doctor who is trained to read X-rays can say what lies behind it.")
    }

    @KnowledgeBuilder static var findingProbability: [AnswerSentence] {
        paragraph {
            lightbox(.reading, NumberWords.share, NumberWords.noChance, NumberWords.validation)
        }
        lightbox(.modelCard, "They came from one hospital, so elsewhere the same number can mean more or less.")
        from(.altmanPredictive, "A rare finding is often a false alarm, even when a test is good.")
    }

    @KnowledgeBuilder static var findingCause: [AnswerSentence] {
        paragraph {
            from(.radiologyInfoChest, "A picture alone can't tell the cause.")
        }
        from(
            .medlineTalking,
            "A doctor puts it together with how the person feels, an examination and other tests.")
    }

    @KnowledgeBuilder static var findingNext: [AnswerSentence] {
        paragraph {
            lightbox(.intendedUse, "Only a doctor who knows the person can say what is right for them.")
        }
        from(.nhsAskDoctor, "Show the doctor the report, and ask what the next step is and why.")
    }

    @KnowledgeBuilder static var findingSerious: [AnswerSentence] {
        paragraph {
            lightbox(.intendedUse, "I can't tell how serious it is for one person.")
        }
        from(
            .nhsEmergency,
            "Call the emergency number for bad trouble breathing, strong chest pain, blue lips, fainting or sudden confusion."
        )
    }

    @KnowledgeBuilder static var findingNotMarked: [AnswerSentence] {
        lightbox(
            .reading,
            "A finding is marked when its number reaches a set line, the threshold.",
            "Not marked means that the number stayed below that line.",
            "It does not mean that nothing is there.")
        lightbox(
            .modelCard,
            "At its lines the model misses about one in ten of the adult pictures that have a finding.",
            "Some things it does not look for at all.")
        from(.radiologyInfoChest, "A radiologist or another trained doctor should look at the whole picture.")
    }

    @KnowledgeBuilder static var notChecked: [AnswerSentence] {
        paragraph {
            lightbox(
                .modelCard, "The model looks only for the findings on its list.",
                "It learnt from small pictures, so fine detail such as a thin break in a rib can't be seen.")
        }
        from(.radiologyInfoChest, "A trained person looks at the whole picture: ask them about what was not checked.")
    }

    @KnowledgeBuilder static var heatMap: [AnswerSentence] {
        from(.classActivation, "The coloured map shows which parts of the picture raised the model's number most.")
        lightbox(
            .modelCard,
            "Warm colours mean more weight, cool colours less.",
            "The map is rough: five by five fields over the whole picture.",
            "It does not draw the edge of anything, and it was not checked against what doctors marked.",
            "A warm spot can lie beside the real place.")
        from(.radiologyInfoChest, "To learn where something is, ask the doctor to point at it in the picture.")
    }

    @KnowledgeBuilder static var threshold: [AnswerSentence] {
        lightbox(.reading, "The threshold is the line from which on a finding is marked.")
        lightbox(
            .modelCard,
            "Each finding has its own.",
            "For adults it was set so that about 90 of 100 pictures with the finding are marked.",
            "For that, the line has to lie low, so many pictures without the finding are marked too.")
        from(.altmanSensitivity, "No line is perfect: a lower one misses less, and gives more false alarms.")
        lightbox(
            .intendedUse, "A number close to the line, on either side, says little.",
            "A doctor should look at the picture.")
    }

    @KnowledgeBuilder static var pictureQuality: [AnswerSentence] {
        paragraph {
            from(.medlineChestXray, "A blurred, dark or cut picture can hide things, or show things that aren't there.")
        }
        lightbox(.use, "The file from the hospital is best; a photo of a film loses detail.")
    }

    @KnowledgeBuilder static var pictureScope: [AnswerSentence] {
        paragraph {
            lightbox(
                .modelCard,
                "The model that comes with Lightbox speaks for adults from 18, and about pneumonia for children of 1 to 5.",
                "It knows only pictures taken from the front or from the back.")
        }
        lightbox(.reading, "For everybody else it shows no number, because none was measured for them.")
        from(.radiologyInfoChest, "A doctor can read the picture at any age.")
    }

    @KnowledgeBuilder static var projection: [AnswerSentence] {
        from(
            .radiologyInfoChest,
            "PA, AP and lateral say which way the X-rays went.",
            "PA means from the back to the front.", "The person often stands.")
        from(
            .medlineChestXray,
            "AP means from the front to the back.", "It is often done in bed.",
            "Lateral means from the side.")
        lightbox(
            .modelCard,
            "In an AP picture the heart looks larger, and the model gives more false alarms.",
            "Lightbox does not read side views.")
    }

    @KnowledgeBuilder static var compareEarlier: [AnswerSentence] {
        lightbox(
            .use,
            "Lightbox can show two pictures beside each other.",
            "It does not compare them, and the model looks at each picture by itself.",
            "A change in a number does not show that something in the chest changed.")
        from(
            .radiologyInfoChest,
            "Comparing with an older picture helps a great deal, and a radiologist can do it.",
            "Bring older pictures along, or say where they were taken.")
    }

    @KnowledgeBuilder static var pictureRefused: [AnswerSentence] {
        paragraph {
            lightbox(
                .reading,
                "A picture is refused when the model could read it wrongly: if it is turned, cut off, too dark, or not a chest.",
                "A refusal says nothing about health.",
                "Where a click can mend the picture, the page offers it.")
        }
        lightbox(.use, "If it happens again, ask the hospital or practice for the original file.")
    }
}

/// What must not be answered with yes or no.
enum VerdictAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var diagnosis: [AnswerSentence] {
        lightbox(
            .intendedUse,
            "I can't answer that with yes or no, and I will not guess.",
            "The model compares a picture with other pictures.", "It does not name an illness.")
        from(.medlineLung, "Many illnesses look alike in a picture, and some can't be seen in it.")
        lightbox(
            .modelCard, "A mark can be a false alarm, and the model can miss something that is there.")
        from(
            .medlineTalking,
            "A doctor can find out, from the story, an examination, the picture and other tests.")
        from(.nhsAskDoctor, "A good question is: what could this be, and how do we find out?")
    }

    @KnowledgeBuilder static var reassurance: [AnswerSentence] {
        lightbox(
            .intendedUse,
            "I would like to give a clear answer, but I can't say that all is well.",
            "This program can say that something needs a doctor.", "It can't say that nothing does.",
            "A picture without a mark does not rule an illness out.")
        from(.radiologyInfoChest, "Some illnesses of the chest don't show in an X-ray at all.")
        from(.nhs111, "Anyone who feels unwell, or who feels that something is wrong, should ask a doctor.")
    }

    @KnowledgeBuilder static var prognosis: [AnswerSentence] {
        lightbox(
            .intendedUse,
            "I don't know how this will go on, and I will not guess.",
            "A picture can't tell how long something lasts, or how it ends.")
        from(.medlineLung, "It depends on the cause, on other illnesses, and on what can be done.")
        from(
            .nhsAskDoctor,
            "A doctor who knows the person can say what to expect.",
            "It is fine to ask: what is likely, what would be the best case, and when will we know more?")
        from(
            .nhsMentalHealth, "If the worry is heavy, tell someone close, or the doctor.",
            "Nobody has to carry it alone.")
    }

    @KnowledgeBuilder static var contagious: [AnswerSentence] {
        lightbox(.intendedUse, "A picture can't show whether something can be passed on.")
        from(.nhsChestInfection, "Coughs, colds and flu can pass to others, and so can some chest infections.")
        from(
            .whoTuberculosis,
            "Tuberculosis of the lungs can spread through the air, and needs tests and treatment.")
        from(.medlineLung, "Fluid, scars or a large heart can't be passed on, but an infection behind them may be.")
        from(
            .nhsPneumonia,
            "With a cough or fever it is kind to cover the mouth, to wash hands often, and to keep away from frail people."
        )
        from(
            .nhsAskDoctor, "Ask a doctor what is needed at home and at work.",
            "Ask soon if small or frail people live there.")
    }

    @KnowledgeBuilder static var hereditary: [AnswerSentence] {
        lightbox(.intendedUse, "A picture can't show whether something runs in a family.")
        from(
            .medlineGenetics,
            "Most things that show in a chest X-ray are not inherited.",
            "A few illnesses of the lungs and of the heart can be.",
            "It matters who in the family was ill, with what, and at what age.")
        from(.nhsCardiomyopathy, "For some heart illnesses, doctors also offer tests to close relatives.")
        from(.medlineTalking, "A family doctor can say whether advice on genes would help.")
    }
}
