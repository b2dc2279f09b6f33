import Domain

/// What is said between questions, and when someone is afraid or in need.
enum TalkAnswers: KnowledgeChapter {
    @KnowledgeBuilder static var greeting: [AnswerSentence] {
        lightbox(
            .assistant,
            "Hello.", "I am a program that can explain the picture, the findings and the history.",
            "I am not a doctor.",
            "What would you like to know?")
    }

    @KnowledgeBuilder static var thanks: [AnswerSentence] {
        lightbox(.assistant, "You are welcome.", "Ask me more at any time.")
        lightbox(.intendedUse, "Please show the report to a doctor, too.")
    }

    @KnowledgeBuilder static var goodbye: [AnswerSentence] {
        lightbox(.assistant, "Goodbye, and all the best.")
        lightbox(.use, "Download the report before leaving, because all is erased after a time without use.")
        from(.nhs111, "If it gets worse, please ask a doctor for help.")
    }

    @KnowledgeBuilder static var afraid: [AnswerSentence] {
        from(
            .nhsMentalHealth,
            "I am sorry that this is so hard right now.", "Many people are afraid before and after a test.")
        lightbox(
            .intendedUse,
            "A mark by this program is not a diagnosis, and it can be a false alarm.",
            "It is still right to let a doctor look, because only that can bring an answer.")
        from(
            .nhsMentalHealth,
            "It can help to breathe slowly, to tell someone close, and to write the questions down.",
            "If fear keeps coming back, or sleep does not come, tell the doctor about that as well.")
        from(
            .samaritans,
            "Crisis lines listen at any hour.",
            "If it ever feels too heavy to go on, call one, or the emergency number.")
    }

    @KnowledgeBuilder static var simpler: [AnswerSentence] {
        lightbox(
            .assistant,
            "Tell me which part is not clear, and I will try to explain it.",
            "You can also ask about one word, such as “What is a threshold?”")
        from(.medlineTalking, "A doctor or nurse can explain it in person, too.")
    }

    @KnowledgeBuilder static var complaint: [AnswerSentence] {
        lightbox(
            .assistant,
            "I am sorry that this did not help.",
            "I can be wrong, and there is much that I don't know.",
            "It can help to ask in other words, or to ask one thing at a time.",
            "Each sentence shows what it rests on, so that it can be checked.")
        lightbox(.intendedUse, "If my words and a doctor's words differ, go by the doctor's.")
    }

    @KnowledgeBuilder static var someoneElse: [AnswerSentence] {
        lightbox(
            .assistant,
            "This record is about one person only, so I can't say anything about someone else.",
            "To look at another person's picture, start a new session for them.")
        from(
            .nhs111,
            "If someone else is ill, they can call their doctor or an urgent care line, or you can call with them.")
        from(.nhsEmergency, "If someone is in danger, call the emergency number now.")
    }

    @KnowledgeBuilder static var offTopic: [AnswerSentence] {
        lightbox(
            .assistant,
            "That is outside what I can help with.",
            "I can explain the picture, the findings, the history, and how this program works.")
        from(.nhs111, "For other questions about health, ask a doctor, a nurse or a pharmacist.")
    }

    @KnowledgeBuilder static var injection: [AnswerSentence] {
        lightbox(
            .assistant,
            "I can't do that.", "I stay a program that explains this record, and I can't be turned into a doctor.",
            "My rules are no secret: I answer from the record and from a library of prepared texts.",
            "I can't see other sessions, and I have no tools and no special rights.",
            "Is there something about the picture or the history that I can explain?")
    }

    @KnowledgeBuilder static var unclear: [AnswerSentence] {
        lightbox(
            .assistant,
            "I am not sure what is meant, and I don't want to guess.",
            "Could you ask it in other words, or choose one of the questions below?")
        from(.nhs111, "If this is about feeling unwell, please talk to a doctor or an urgent care line.")
        from(.nhsEmergency, "In an emergency, call the emergency number.")
    }

    @KnowledgeBuilder static var selfHarm: [AnswerSentence] {
        from(
            .nhsSuicidal,
            "I am very glad that this was said.", "Such thoughts are heavy, and help is there right now.",
            "Please talk to someone now: a friend, someone in the family, a doctor, or a crisis line.")
        from(.samaritans, "In the UK and Ireland, Samaritans answer at any hour, free of charge, on 116 123.")
        from(
            .lifeline988,
            "In the USA, call or text 988; in other places a crisis line or the emergency number can help.")
        from(
            .nhsSuicidal,
            "If there is danger now, call the emergency number, and try not to stay alone.",
            "If there is something near that could do harm, move away from it.",
            "Many people have felt this way, and with help it can get better.")
    }
}
