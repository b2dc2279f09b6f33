import Domain

/// Lightbox itself: the model, the data, the report.
enum ProgramAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var howModelWorks: [AnswerSentence] {
        lightbox(
            .modelCard,
            "The model is a small computer program that learnt from many chest X-rays.",
            "With each picture came words that said what had been found in it.",
            "From these it learnt which patterns of light and dark go with which words.",
            "It sees each picture at a size of only 160 by 160 points.")
        lightbox(
            .reading,
            "First it checks that this is a chest X-ray and the right way up.",
            "Then it gives a number for each finding, and draws where the number came from.",
            "It does not think, and it does not know the person.", "Of the history it uses only the age.")
    }

    @KnowledgeBuilder static var modelAccuracy: [AnswerSentence] {
        lightbox(
            .modelCard,
            "It is often wrong.", "These figures are for the model that comes with Lightbox.",
            "It was measured on validation pictures, which it had not learnt from.",
            "AUC is a score: 0.5 is like a coin, 1 is perfect.", "For adults it reached 0.737 on average.",
            "At its lines it marks about 90 of 100 adult pictures that have a finding.",
            "But it also marks many without it: from about 30 to nearly 70 of 100, depending on the finding.")
        from(.cheXNet, "A larger model, tested on a larger set of such pictures, was reported at 0.84.")
        lightbox(
            .modelCard,
            "Elsewhere, on other machines and people, expect worse.",
            "The result page has the figures for each finding.")
    }

    @KnowledgeBuilder static var modelTraining: [AnswerSentence] {
        from(
            .chestXray14,
            "For adults it learnt from pictures of one hospital in the USA.",
            "A program read the words for them out of old reports, so some are wrong.")
        from(.kermany, "For children of 1 to 5 it learnt from pictures of one hospital in China.")
        lightbox(
            .modelCard,
            "In all it learnt from 12,188 pictures of the first kind and 4,376 of the second.",
            "It does not work equally well for all.",
            "Its card shows how well it did for women and men, and for pictures taken from the front.",
            "Such figures are missing for skin colour and for other countries, so we don't know.")
        lightbox(.privacy, "No picture that is sent to this server is used for training.")
    }

    @KnowledgeBuilder static var whoAreYou: [AnswerSentence] {
        lightbox(
            .assistant,
            "I am a computer program, a part of Lightbox.", "I am not a doctor and not a person.",
            "I answer from a library of texts that were written before, and from what was entered here.",
            "Whoever runs this server can add a language model.", "Above the chat it says who is speaking.",
            "Each sentence shows what it rests on.")
        lightbox(.intendedUse, "For advice about health, please ask a doctor or a nurse.")
    }

    @KnowledgeBuilder static var approval: [AnswerSentence] {
        lightbox(
            .intendedUse,
            "No, Lightbox is not an approved medical device.",
            "It is made for research and for learning.",
            "It gives no diagnosis and rules nothing out.",
            "Nobody should be treated, or left without care, because of it.")
        from(.fdaSoftware, "Programs that are used for diagnosis have to be tested and cleared by an authority first.")
        from(
            .whoArtificial,
            "The WHO also asks that people stay in charge when computers help in medicine.")
    }

    @KnowledgeBuilder static var privacy: [AnswerSentence] {
        lightbox(
            .privacy,
            "What is entered here stays on this server, and nothing is sent to a cloud.",
            "Pictures are stored encrypted.",
            "There is no account, and no real name is needed.",
            "All of it belongs to this browser alone, so other visitors can't see it.",
            "It is erased after 30 minutes without use, or after 24 hours, unless the operator chose other times.")
        lightbox(
            .assistant,
            "If a language model is named above the chat, it is told parts of the record.",
            "The operator of this server can say where that model runs.")
    }

    @KnowledgeBuilder static var deleteData: [AnswerSentence] {
        lightbox(
            .privacy,
            "Press “Erase everything” and say yes.",
            "The history, pictures, results, chats and reports of this session are then gone from this server.",
            "This can't be undone.", "A receipt shows what was erased and when.",
            "Files that were downloaded stay on the device until someone deletes them there.",
            "One chat or one picture can also be removed alone.",
            "Without use, all is erased by itself, as a rule after 30 minutes.")
    }

    @KnowledgeBuilder static var report: [AnswerSentence] {
        lightbox(
            .use,
            "The report is a PDF file for a doctor.",
            "It has the history, the picture, the findings with their numbers, and what was not checked.",
            "It also says how urgent things are and which version of the model was used.",
            "Open the result, go to “Report”, and press “Download the report (PDF)”.",
            "Do it before the session ends, because all is erased then.")
        lightbox(.intendedUse, "It is not a doctor's report.", "Please don't change any treatment because of it.")
    }

    @KnowledgeBuilder static var howToUse: [AnswerSentence] {
        lightbox(.use, "It goes in four steps:")
        list {
            lightbox(
                .use,
                "History: answer what is known; only the age and the reason are needed.",
                "Picture: choose a chest X-ray, as a PNG, JPEG, WebP, TIFF, DICOM or ZIP file.",
                "Result: see what the model found, and what it did not look for.",
                "Report: download it as a PDF and show it to a doctor.")
        }
        paragraph {
            lightbox(
                .use,
                "More pictures can be sent at any time; each one is looked at by itself.",
                "The file from the hospital works better than a photo of it.")
        }
    }

    @KnowledgeBuilder static var language: [AnswerSentence] {
        lightbox(
            .assistant,
            "I answer in English only.", "Short and simple English works best.",
            "The page itself can also be shown in German.", "The switch for it is called “Language”.")
        lightbox(.use, "The history has a place for the language that the person speaks best.")
        from(
            .medlineTalking,
            "Hospitals and doctors can often get an interpreter.", "Ask for one before the visit.")
    }

    @KnowledgeBuilder static var whatCanYouDo: [AnswerSentence] {
        lightbox(.assistant, "I can help with questions such as these:")
        list {
            lightbox(
                .assistant,
                "What the picture showed, what a finding means, and what was not checked.",
                "What the numbers and the coloured map mean.",
                "What was entered in the history.",
                "What to ask a doctor, and which signs need help at once.",
                "How the model works, and what happens to the data.")
        }
        paragraph {
            lightbox(
                .assistant,
                "I can't find a diagnosis, choose a medicine, or say that all is well.", "For that, ask a doctor.")
        }
    }
}
