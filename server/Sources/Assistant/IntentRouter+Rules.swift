/// Rules that are sure, those where a wrong guess could harm first. What no rule is sure of is told by meaning.
extension IntentRouter {
    /// Those that hold, whatever the words seem to mean.
    static let rules: [(Intent, [WordPattern])] =
        injection + [(.privacy, toldOthers)] + medicines + verdicts
    /// Those that are asked where meaning isn't sure.
    static let hints: [(Intent, [WordPattern])] = record + picture + actions + program

    /// A question about what was told, not about what is so.
    static let aboutRecord: [WordPattern] = [
        "did|have i ~3 say|said|tell|told|mention|mentioned|enter|entered|give|gave|report|put|note",
        "in|on my|the record|file|history|form", "is|are|was ~5 noted|recorded|listed|entered", "what did i",
        "i told|gave you", "do you know ~3 my",
    ]

    private static let injection: [(Intent, [WordPattern])] = [
        (
            .injection,
            [
                "ignore|disregard|forget|override|bypass ~4 instruction|instructions|rules|prompt|guidelines|guardrails|restrictions|safety",
                "system prompt|message", "developer|debug|god|admin|jailbreak mode", "jailbreak",
                "^ you are now", "from now on you",
                "pretend|act|roleplay ~3 doctor|radiologist|physician|without|unrestricted",
                "you are ~2 doctor now",
                "repeat|print|show|reveal|output|display ~3 instructions|prompt|everything above",
                "your|hidden|secret|initial instructions|prompt",
                "other|another patient|patients|person|session|user|users ~3 record|records|data|result|results|history",
                "records|data|results|history of ~2 other|another|all patient|patients|people|users|session|sessions",
                "all ~2 patients|users|sessions", "ignoriere|vergiss ~4 anweisungen|regeln", "base64", "dan mode",
                "no restrictions|rules|filters", "end of|system instructions",
            ]
        )
    ]

    /// Whoever asks for an employer, an insurer or the like; what they pay for is another question.
    static let thirdParties: [WordPattern] = [
        "for|from ~2 employer|insurer|underwriter|landlord|recruiter",
        "for|from my|the|her|his|their|an|our ~1 insurance|boss",
        "i am ~4 employer|insurer|boss|manager|hr|underwriter|recruiter|landlord|lawyer|journalist",
        "we are ~4 employer|employers|insurer|insurers|hr|underwriters|recruiters|lawyers|journalists|police",
        "employer|insurer|boss|hr|landlord|recruiter|police|journalist ~6 know|knows|see|sees|find|told|informed|report|record|summary|results|wants|asks|needs",
        "tell|show|give|send ~3 employer|insurer|insurance|boss|hr|landlord|recruiter|police|journalist",
        "insurance ~4 know|knows|see|sees|find|told|informed|report|record|summary|results", "insurable|hire|hiring",
    ]

    /// Whether somebody else is told, sees it or gets it.
    static let toldOthers: [WordPattern] = [
        "^ is|are|was|will|has|have ~2 gp|doctor|doctors|hospital|employer|boss|insurer|insurance|family|husband|wife|partner|parents|police|government|school|company|anyone|anybody|others ~3 told|informed|notified|alerted|see|get|receive|access|know",
        "^ does|do|can|could ~2 employer|boss|insurer|insurance|police|government|company|anyone|anybody|others ~3 know|see|access|read|get|receive",
        "^ does|do|can|could ~1 gp|family|husband|wife|partner|parents ~3 know|see|access|read|get|receive ~2 this|it|data|record|results|report",
        "^ do|does|will|did you|it|this|lightbox ~4 tell|inform|notify|contact|alert|share|sell|send|report|forward ~6 gp|doctor|hospital|employer|boss|insurer|insurance|family|anyone|anybody|police|else|others|cloud|google|openai|data|information|picture",
        "^ is|are|will|was ~3 data|picture|information|record|this|it|answers ~2 sold|shared|sent|passed|forwarded|uploaded",
    ]

    private static let medicines: [(Intent, [WordPattern])] = [
        (.recordAllergies, ["what happened ~4 @medicine"]),
        (
            .medicationInteraction,
            [
                "@medicine ~8 go ~1 with", "@medicine ~6 the rest", "@medicine ~2 and|with|plus ~3 @medicine",
                "@medicine ~4 interact|interacts|interaction|interactions|clash|mix",
                "interact|interacts|interaction|mix|combine|together ~4 @medicine",
                "my medicines|medications|tablets|pills|drugs ~3 together",
            ]
        ),
        (
            .medicationStop,
            [
                "stop|quit|skip|pause|halt ~1 taking|using ~3 @medicine", "stop|skip|pause|quit|halve ~2 @medicine",
                "come|get|coming|go off ~2 @medicine", "leave out ~2 @medicine", "without my @medicine",
                "stop taking it|them",
            ]
        ),
        (
            .medicationDose,
            [
                "how much|many ~2 @medicine", "dose|dosage|mg|milligrams ~5 @medicine", "@medicine ~3 dose|dosage",
                "right|correct|maximum|max|normal dose|dosage", "double ~3 dose|@medicine",
                "how often|long|late ~4 @medicine", "when ~4 @medicine", "what time ~4 @medicine", "half ~2 @medicine",
                "how many ~1 tablets|pills|puffs", "missed ~2 dose", "less|fewer|more|extra|another @medicine",
            ]
        ),
        (
            .medicationMayTake,
            [
                "can|may i ~3 have ~2 contrast|dye", "contrast|dye ~5 can|may i",
                "can|may|could|should|shall|is i|it|he|she|we|you|okay|ok|safe ~5 take|use|have|give|try|get|swallow|be ~3 @medicine",
                "@medicine ~3 safe|ok|okay|allowed|alright|fine", "ok|okay|safe|alright|allowed|fine ~3 @medicine",
                "is @medicine ~3 for me",
                "go ahead ~3 @medicine", "@medicine ~2 right ?", "@medicine if|although|even ~3 allergic",
                "give|giving ~3 @medicine", "prescribed|prescribes|wants|gave ~4 @drug",
                "want|like to take ~2 @medicine", "i can take ~2 @medicine", "i can take ~2 @medicine",
            ]
        ),
        (
            .medicationNeed,
            [
                "need|needs|require|want|get ~2 @medicine", "@medicine ~1 help|helps|work|cure|clear",
                "prescribe|prescription ~2 me",
            ]
        ),
        (
            .medicationSideEffect,
            [
                "side effect|effects", "@medicine ~2 cause|causes|causing|give|gives|making|making",
                "because|from ~3 @drug",
            ]
        ),
        (.medicationWhatIs, ["what is|are|does ~1 @drug", "what ~2 @drug for|do", "why ~3 take|taking ~1 @drug"]),
    ]

    private static let verdicts: [(Intent, [WordPattern])] = [
        (
            .contagious,
            [
                "contagious|infectious|catching", "catch it ~2 from me", "infect ~3 family|others|people|kids|children",
                "pass ~2 on ~1 to", "give it to ~2",
            ]
        ),
        (
            .hereditary,
            [
                "hereditary|inherited|genetic|genes", "run|runs in the|my|our family|families",
                "pass ~2 to my children|kids",
            ]
        ),
        (
            .prognosis,
            [
                "will|am|going i|to ~2 die", "going to die", "how long ~3 live|left|got", "life expectancy",
                "chances|chance ~2 survival|surviving|recovery",
                "will it|this|that ~1 come back|return|heal|kill", "how long ~3 heal|recover|last|get better",
                "survive|survival", "fatal|terminal|incurable",
            ]
        ),
        (
            .reassurance,
            [
                "rule ~2 out", "that means|mean ~4 healthy|fine|good|ok|okay|well", "good news",
                "can ~2 forget ~3 whole|thing|it|about", "so no @illness", "no mark ~6 so", "nothing ~2 worry",
                "^ so? i am|is ~3 fine|ok|okay|healthy|clear|safe|good|alright",
                "am i|is|are ~2 healthy|ok|okay|fine|alright|normal",
                "everything|all ~2 fine|ok|okay|good|normal|clear|well|alright",
                "tell|say|promise ~3 fine|ok|okay|nothing|healthy|alright",
                "all clear", "do not need ~3 doctor", "no need to see|worry", "nothing wrong", "is ~3 nothing",
                "not serious right|then",
                "can i relax", "rule|rules|ruled out", "put my mind at",
            ]
        ),
        (
            .diagnosis,
            [
                "malignant|benign", "@illness or no", "so that|this|it ~3 is ~2 @illness",
                "^ that|this|it is ~1 @illness", "has to be ~1 @illness",
                "must be ~1 @illness", "chance of @illness",
                "do|does|have|has|did i|he|she|we|my ~2 have|got|has ~3 @illness", "have i got ~3 @illness",
                "is|was|are it|this|that|these ~4 @illness",
                "could|can|might|may it|this|that|i ~3 be|have ~3 @illness",
                "what is|s wrong with me", "what do i have ?", "what ~1 disease|illness|condition ~1 do|have|is",
                "yes or no",
                "am i ~1 ill|sick", "@illness or not", "is there ~3 cancer|tumor", "say|tell ~5 not ~2 @illness",
                "sign|signs of ~1 @illness",
                "tell me ~3 wrong with", "think ~4 @illness",
            ]
        ),
    ]

    private static let record: [(Intent, [WordPattern])] = [
        (.recordWithheld, ["withheld|withhold|withholding|hidden|hide|kept|keep ~3 from you", "what can you not see"]),
        (
            .recordChange,
            [
                "change|correct|edit|update|fix|amend ~4 record|history|answer|answers|age|entry|details",
                "wrong ~4 record|history", "entered|typed|put ~4 wrong",
            ]
        ),
        (
            .recordMissing,
            ["missing|incomplete|unanswered|forgot|forget ~4 history|form|record|questions|answered|fill"]
        ),
        (
            .recordAllergies,
            [
                "am i allergic", "my allergies|allergy", "allergies|allergy ~5 record|noted|listed|told|file|know|down",
                "allergic to anything|something",
            ]
        ),
        (
            .recordMedication,
            [
                "what|which ~3 do i take|taking",
                "my ~2 medications|medicines|meds|tablets|pills|medication|drugs ~4 record|list|listed|told|file|noted",
                "what|which ~2 medicines|medications|meds|tablets|pills|drugs ~5 i|my|record|me|told|listed",
                "what am i ~2 on", "list|show ~3 medicines|medications|meds|tablets|pills",
            ]
        ),
        (
            .recordSmoking,
            [
                "how much|many ~3 smoke|smoked|smoking", "pack years|year ~3 i|my|have", "do i smoke", "my smoking",
                "smoking ~4 record|history|told|noted",
            ]
        ),
        (
            .recordMeasurements,
            [
                "^ oxygen|pulse|temperature|weight|height|bp|saturation ?",
                "my ~1 temperature|oxygen|weight|height|pulse|saturation|measurements|vitals|pressure|bp|spo2",
                "what ~3 blood pressure", "how much do i weigh", "how tall",
            ]
        ),
        (
            .recordPerson,
            [
                "emergency contact", "language ~3 down|noted|record|put|told", "how old am i",
                "my ~1 age|name|sex|gender|birthday", "what am i called", "who am i", "date of birth",
            ]
        ),
        (
            .recordImplants,
            [
                "do|have i ~3 pacemaker|implant|implants|stent|port", "my ~2 implants|pacemaker|implant|stent",
                "implants ~3 record|told|listed",
            ]
        ),
        (
            .recordFamily,
            ["illness|illnesses|diseases|disease|cancer ~3 my family ~3 told|record|say|noted", "family history"]
        ),
        (.recordPregnancy, ["am i pregnant", "pregnant|pregnancy ~4 record|told|noted|say"]),
        (
            .recordConditions,
            [
                "@illness i ~1 had", "operated|operation|operations|surgery", "which illnesses",
                "what|which ~2 illnesses|conditions|diseases|operations ~4 i|my|record|told",
                "my ~2 medical history|conditions|illnesses|operations|surgeries",
            ]
        ),
        (
            .recordSymptoms,
            [
                "why ~3 picture|xray ~1 taken",
                "symptoms|complaints ~4 told|tell|give|gave|record|entered|listed|noted|put",
                "my ~1 symptoms ~3 record",
            ]
        ),
        (
            .recordSummary,
            [
                "what ~2 know about me", "summarise|summarize|sum|show|read ~4 my record|history|file|data|up",
                "my ~1 record|file ~2 summary", "everything ~3 know about me", "what ~3 in my record|file",
            ]
        ),
        (.urgency, ["how urgent", "why ~3 urgent|urgency|emergency|level|soon", "is it ~1 urgent", "what ~2 level"]),
    ]

    private static let picture: [(Intent, [WordPattern])] = [
        (
            .compareEarlier,
            [
                "compare|compared|changed|change|difference|better|worse|grown ~5 last|earlier|previous|before|old|older|prior",
                "since the|my last|earlier|previous",
            ]
        ),
        (
            .heatMap,
            [
                "heat|coloured|colored|color|red map|spot|spots|area|areas|patch|patches|part|overlay",
                "heatmap|heatmaps", "colors|colours", "which|what side|lung ~4 @finding|fluid|mark|spot|it",
                "left or right", "right or left", "how big|large|wide|long is|are|was ~2 @finding",
                "where ~2 is|are ~2 @finding",
            ]
        ),
        (
            .pictureRefused,
            [
                "refuse|refused|reject|rejected|declined|accept|accepted ~4 picture|xray|image|photo|file",
                "picture|xray|image|photo|file|upload ~4 refused|rejected|accepted|declined",
            ]
        ),
        (
            .notChecked,
            [
                "what ~4 not ~3 check|checked|look|looked|see|examine|find|detect", "what ~3 unable|miss|overlook",
                "can it|you|the ~2 see|detect|find ~4 rib|ribs|fracture|spine|clot|clots",
            ]
        ),
        (
            .findingProbability,
            [
                "how sure|certain|confident|likely", "what ~3 percent|percentage|number|numbers|probability|% ~3 mean",
                "mean ~2 %", "# % ~4 mean",
            ]
        ),
        (.findingNotMarked, ["not marked|flagged", "why ~5 not ~2 marked|flagged|found", "below ~2 threshold|line"]),
        (.threshold, ["threshold|thresholds|cutoff"]),
        (
            .findingsSummary,
            [
                "what did|does|do the|my|this ~2 picture|xray|scan|image|film|model|analysis|ai|program ~2 show|find|found|say|see|mark",
                "what ~3 see|seen|found|find|show|shows ~3 picture|xray|image|scan|film",
                "what did|do|have|has|does you|it|they ~1 find|found|see|seen|spot|spotted|notice|noticed|detect|detected",
                "results|result|findings ~2 please|?", "what ~2 my result|results|findings", "which findings",
                "^ explain|show|tell ~3 result|results|findings", "what was found",
            ]
        ),
        (.findingMeaning, ["what is|are|does ~3 @finding", "@finding mean|means", "explain ~3 @finding"]),
        (
            .findingCause,
            [
                "cause|causes|caused|causing|reason ~4 @finding", "why do|would|have|is ~4 @finding",
                "where ~3 @finding ~2 come|from",
            ]
        ),
        (
            .findingSerious,
            [
                "@finding ~4 serious|dangerous|bad|worrying|severe|worry|harmful",
                "how serious|dangerous|bad|severe ~3 @finding",
            ]
        ),
        (
            .findingNext,
            [
                "treat|treated|treatment|done|cure|removed|remove|therapy|drained ~5 @finding",
                "@finding ~4 treated|treatment|cured|removed|drained|go away",
            ]
        ),
        (
            .pictureQuality,
            [
                "quality|blurry|blurred|sharp|resolution|dark|bright ~4 picture|xray|image|photo|film",
                "picture|xray|image|photo|film ~3 quality|good enough|blurry|blurred|sharp",
            ]
        ),
    ]

    private static let actions: [(Intent, [WordPattern])] = [
        (
            .stopSmoking,
            [
                "can|may|could|should i ~2 smoke|vape", "one|last|single ~1 cigarette|cigarettes|cigar",
                "stop|quit|give|quitting|stopping ~2 smoking|smokes|cigarettes|up",
            ]
        ),
        (.whichDoctor, ["which|what ~1 kind|type|sort? ~1 doctor|specialist", "who ~2 see|go|consult|talk about"]),
        (
            .howSoon,
            [
                "how soon|quickly|fast|urgently ~5 see|doctor|seen|go|appointment", "can ~3 wait",
                "when ~2 see ~2 doctor", "wait until|till",
            ]
        ),
        (
            .doctorQuestions,
            [
                "what ~3 ask ~3 doctor|specialist|gp|physician|radiologist",
                "questions ~4 doctor|specialist|gp|appointment|visit", "prepare ~4 appointment|visit|doctor",
            ]
        ),
        (
            .warningSigns,
            [
                "which|what ~3 signs|symptoms ~4 call|emergency|help|hospital|worry|watch|look",
                "when ~3 call ~3 ambulance|emergency|112|911|999", "red flag|flags",
            ]
        ),
        (
            .furtherTests,
            [
                "need|needs|have|want|get|another ~3 ct|mri|scan|biopsy|bronchoscopy|ultrasound|tests|test",
                "which|what ~2 tests",
            ]
        ),
        (.secondOpinion, ["second opinion", "doctor ~4 different|disagrees|something else|says otherwise"]),
        (.radiation, ["radiation|radioactive", "xray|xrays ~3 dangerous|harmful|safe|cancer"]),
        (
            .vaccines,
            ["vaccine|vaccines|vaccination|vaccinated|jab|jabs ~4 get|protect|lungs|need|should|pneumonia|flu"]
        ),
        (
            .dailyLife,
            ["can|may|could|should|allowed i|to ~3 work|fly|drive|exercise|run|swim|sport|sports|travel|gym|jog|dive"]
        ),
        (.nextSteps, ["what ~2 should|shall|do|must|can i do|we ~2 now|next", "what now|next", "next step|steps"]),
    ]

    private static let program: [(Intent, [WordPattern])] = [
        (
            .whoAreYou,
            [
                "are you ~3 doctor|human|person|robot|real|bot|machine|program|ai|nurse|clinician", "who|what are you",
                "who made|built|created|programmed you", "talking to ~2 human|person|doctor|machine|robot",
            ]
        ),
        (
            .approval,
            [
                "approved|approval|certified|licensed|fda|ce|regulated|legal ~4 device|software|program|tool|app|use|this|it",
                "is ~3 approved|certified|fda|regulated", "medical device",
            ]
        ),
        (
            .deleteData,
            [
                "delete|erase|remove|wipe|destroy ~5 data|everything|record|account|picture|all|information|history|session"
            ]
        ),
        (
            .privacy,
            [
                "who ~3 see|sees|read|reads|access ~4 data|record|picture|this|my|what|answers",
                "privacy|gdpr|confidential|hipaa", "what happens ~4 data|picture|information",
                "my data|information ~3 safe|stored|sold|shared|sent|go|kept",
                "share|sell|send|upload ~3 my data|information|picture",
            ]
        ),
        (
            .modelAccuracy,
            [
                "how accurate|good|reliable|often|trustworthy ~4 model|ai|program|wrong|it|this|you|tool|mistakes",
                "accuracy|auc|sensitivity|specificity|false alarm|alarms", "how often ~4 wrong|miss|mistake",
                "can i trust ~3 model|ai|program|it|this|result",
            ]
        ),
        (
            .modelTraining,
            [
                "trained|training|learn|learned|learnt ~4 on|with|from|data|pictures",
                "tested|tried|validated ~2 on|with",
                "fair|bias|biased|racist",
            ]
        ),
        (
            .howModelWorks,
            ["how ~3 model|ai|algorithm|analysis|program|software|it ~2 work|works|decide|decides|function"]
        ),
        (
            .report,
            [
                "report ~5 get|download|pdf|print|contain|contains|in|save|send|where|how",
                "get|download|print|save|make|send|where|how|what ~5 report|pdf",
            ]
        ),
        (
            .language,
            [
                "speak|understand|talk|answer|do ~3 german|french|spanish|arabic|turkish|english|hindi|chinese|russian|polish|italian|portuguese|language|languages|deutsch",
                "sprechen|sprichst ~2 deutsch", "other|another|different language|languages",
            ]
        ),
        (
            .whatCanYouDo,
            ["what can|could i|you ~2 ask|do|help|answer", "how can you help", "what ~2 you know|able ~1 about|do"]
        ),
        (
            .simpler,
            [
                "simpler|easier|plain|simple ~2 words|english|terms|way|language", "do not understand",
                "explain ~3 like i am", "say ~2 again", "repeat that|it|please",
            ]
        ),
        (.thanks, ["^ thank|thanks|thx|cheers|danke"]),
        (.goodbye, ["^ bye|goodbye|farewell|tschüss", "see you later"]),
        (
            .afraid,
            [
                "i am ~3 afraid|scared|frightened|terrified|worried|anxious|panicking|nervous",
                "so scared|afraid|frightened|worried",
            ]
        ),
    ]
}
