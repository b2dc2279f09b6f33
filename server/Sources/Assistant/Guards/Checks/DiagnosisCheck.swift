/// Says that somebody has or hasn't an illness, or that a picture shows one for certain.
struct DiagnosisCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        wording.claims(Self.claims) && !Self.isAsTold(wording, in: context) ? Judgement(.diagnosis) : nil
    }

    /// "You told that you have asthma": an illness of the history, said as such.
    private static func isAsTold(_ wording: Wording, in context: GuardContext) -> Bool {
        let told = (context.lines("intake").map(\.wording) + [context.question])
            .reduce(into: Set<String>()) { $0.formUnion($1.ids(.finding, .description, .disease)) }
        return HistoryCheck.isTold(wording) && wording.ids(.finding, .description, .disease).isSubset(of: told)
    }

    private static let claims: [WordPattern] = [
        "you|he|she ~2 have|has|got|had ~3 fluid|air|scarring|scars|water|growth|spot|shadow|opacity|lesion",
        "call|calls|called this|it|that|your ~2 @illness",
        "this|that|your condition|finding|problem|pattern ~2 @illness",
        "this|that|it would|will|should|has|seems be|been|to? ~2 @illness",
        "is|are ~1 mild|severe|advanced|early|classic ~1 case|form|stage",
        "it|this|that|you is|was|just|only|have ~2 a|an ~1 cold|flu|bug|virus|tumor|growth|infection|disease",
        "model|program|picture|xray|map proves|proved|shows|confirms that", "is|are # % ~1 sure|certain|sure|safe",
        "it is ~2 bit|little|lot of",
        "@illness|@finding is|are|was|were ~1 small|large|tiny|huge|mild|severe|minor|slight|big",
        "@illness is|are|was|were ~1 small|large|tiny|huge|mild|severe|minor|slight|big",
        "you|he|she|they|i do|does? not? have|has|had|get|got|get been? ~4 @illness",
        "you|he|she|they have|has|had not? ~4 @illness",
        "you|he|she|they may|might|could|must|probably|likely|certainly|definitely|clearly|also ~2 have|has ~4 @illness",
        "you are|were|is ~3 suffering|having|developing|diagnosed|affected|infected|ill|sick ~4 @illness",
        "you are not? ~2 cancer|asthmatic|diabetic|infected|contagious",
        "your @illness is|was|has", "your lung|lungs|heart|body|chest has|have|had ~3 @illness",
        "you are free of ~3 @illness",
        "^ this|that|it|these|those|which is|are|was|were|means not? ~3 a|an|the? @illness",
        "this|that|it|they could|may|might|must|can not? also? be a|an|the|your? ~2 @illness",
        "it|this|that|picture|image|xray|film|finding|result|spot|shadow|area|effusion|mass|opacity is|are|was not ~3 @illness",
        "picture|image|xray|film|scan|spot|shadow|area is|was ~3 @illness",
        "this|that|it|picture|image|xray|film|scan|result|results|map|model|finding|findings definitely|clearly|certainly|obviously|undoubtedly ~1 show|shows|showed|indicate|indicates|prove|proves|confirm|confirms|reveal|reveals|means|is",
        "confirm|confirms|confirmed|prove|proves|proved|reveal|reveals|revealed|demonstrate|demonstrates|diagnosed ~4 @illness",
        "picture|image|xray|film|scan|it|this|that|result|results|model|program shows|showed|show|indicates|indicate|suggests|suggest|points ~2 @illness",
        "sign|signs|case|symptom|symptoms|evidence of ~2 @illness is|are|was|were|in your|the lung|lungs",
        "diagnosis ~4 @illness", "consistent with ~3 @illness", "typical of|for ~3 @illness",
        "likely|probably|certainly|definitely|surely|clearly|most|undoubtedly ~1 a|an|the? ~2 @illness",
        "i think|believe|suspect|see|found|detect|am ~5 @illness", "we think|believe|suspect|see|found ~5 @illness",
        "looks|seems|appears like|to ~4 @illness", "because|since|as|that you have|has ~3 @illness",
        "@illness is|are|was|were ~1 the|your ~1 cause|reason|explanation|diagnosis",
        "your ~4 is|are|was|were caused|due ~2 ~2 @illness", "caused your",
        "you caught|contracted|developed ~3 @illness",
        "@illness is|are not? ~1 unlikely|likely|certain|excluded|confirmed|probable|improbable",
        "chance|chances|risk|likelihood of ~2 @illness is|are very|quite|extremely? low|small|high|zero|minimal|slim",
        "you|your are|is not? ~1 pregnant",
    ]
}

/// Says that all is well, or rules something out.
struct ReassuranceCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        wording.claims(Self.claims) ? Judgement(.reassurance) : nil
    }

    private static let claims: [WordPattern] = [
        "turn|turns|turned out ~3 nothing|fine|harmless|benign|normal|well|okay|false",
        "no|not|without ~1 treatment|therapy|surgery|operation",
        "no ~1 further|more|additional ~1 tests|test|steps|action|care",
        "chance|chances|odds|risk|likelihood ~6 is|are ~1 tiny|small|low|minimal|slim|remote|zero|negligible|little|high",
        "you|he|she are|is|will|look|seem|appear not? be? ~2 fine|healthy|ok|okay|safe|well|normal|perfectly|ill|sick",
        "you|he|she are|is|will be? ~1 all right", "you are in good|great|perfect|excellent health",
        "nothing ~2 worry|worried|alarmed|concerned|fear|afraid|serious|wrong|dangerous|bad|worrying|abnormal|suspicious",
        "no need|reason|cause|grounds ~3 worry|concern|panic|alarm|fear|be|see|visit|call|go|consult|contact|seek|doctor",
        "not need|have to ~1 worry|see|visit|call|go|be|consult|contact|seek|bother",
        "not need ~1 a|any|your|another|further|more ~1 doctor|treatment|test|tests|help|visit|follow|ct|scan",
        "need not", "do not ~1 worry|panic|fear", "not ~2 worried|concerned|alarmed", "no worries", "stop worrying",
        "rest assured", "good news", "relax", "you can rest|relax",
        "everything|all is|looks|look|seems|appears|was ~2 fine|healthy|ok|okay|well|normal|good|clear|great|right",
        "lung|lungs|heart|chest|xray|picture|image|film|scan|result|results|findings|test|tests is|are|was|were|look|looks|looked|seem|seems|appear|appears ~2 fine|healthy|ok|okay|normal|clear|great|perfect|unremarkable|clean|harmless|reassuring|negative",
        "no|not|never ~1 cause|reason for concern|alarm|worry", "rule|rules|ruled out", "ruling out",
        "excludes|excluded",
        "no|not|without ~1 sign|signs|evidence|indication|trace|hint ~1 of",
        "no|not ~2 abnormality|abnormalities|problem|problems|disease|illness|issues|issue|abnormal",
        "not|never|less|hardly ~2 serious|dangerous|harmful|severe|worrying|worrisome|threatening|alarming|malignant|bad",
        "harmless|benign|innocuous", "free of|from ~3 @illness", "no @illness", "no ~2 @finding",
        "without|neither|nor ~2 @illness", "completely|perfectly|totally|entirely safe|normal|healthy|fine",
        "is|are|was|were not ~1 cancerous|malignant|contagious|infectious",
        "unlikely to|that|you",
        "not|nothing ~1 show|look|suggest|suggests|indicate|indicates|point|points|seem|shows|hints ~3 @illness",
        "^ all clear", "probably|likely|just|only|really ~1 nothing", "normal|typical|usual|common for your",
        "result|results|news|outcome|picture is|are|was|were|look|looks ~1 good|great|positive|encouraging|reassuring|okay",
        "not ~1 worry|worried|bother|concern", "without ~1 worry|concern|concerns|worries|risk",
        "congratulations|thankfully|luckily|fortunately",
        "skip|cancel|postpone|delay|avoid|miss ~3 appointment|doctor|visit|hospital|ambulance|test|tests",
        "very|highly|extremely|quite unlikely|rare", "can be ignored|disregarded",
        "ignore it|this|that|the|your",
    ]
}

/// Says how an illness will end.
struct PrognosisCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        wording.claims(Self.claims) ? Judgement(.prognosis) : nil
    }

    private static let claims: [WordPattern] = [
        "survival|mortality|prognosis|curable|incurable|fatal|deadly|terminal|lethal", "life expectancy",
        "life threatening", "you|he|she will ~2 die|recover|survive|live|heal|improve|get|be|feel",
        "you ~2 going to|die ~1 die|recover|survive|live|heal|be|get", "# years|months|weeks to|left live?",
        "chance|chances|odds|likelihood|risk of ~2 survival|recovery|dying|death|surviving|survive|cure",
        "fluid|it|spot|shadow|cough has|have ~1 gone|cleared|dried|vanished",
        "it|this|that|they|@finding will|should|would ~2 go|heal|clear|disappear|resolve|get|improve|pass|spread|worsen|grow|kill",
        "on its|their own within|in|after|soon", "go|goes|went away",
        "most people|patients|cases ~2 recover|survive|die|get|heal|improve",
        "full|complete|quick|good recovery", "come|comes back", "will not|never ~1 come|return|get|spread|kill",
    ]
}

/// A bare yes or no to what must not be answered with either.
struct BareAnswerCheck: SentenceCheck {
    func judge(_ wording: Wording, in context: GuardContext) -> Judgement? {
        guard Self.asksForVerdict(context) else { return nil }
        return (wording.hasAny(Self.verdicts) || Self.isWhole(wording.words))
            && !context.groundedWordings.contains { $0.words == wording.words }
            ? Judgement(.bareAnswer) : nil
    }

    static func asksForVerdict(_ context: GuardContext) -> Bool {
        let question = context.question
        let isClosed = question.hasAny(Self.closedQuestions)
        let isOfIllness = !question.ids(.finding, .description, .disease, .drug, .medicine).isEmpty
        return isClosed && (isOfIllness || context.grounded.intent.isHighRisk)
    }

    private static let closedQuestions: [WordPattern] = [
        "do|have|am|can|may|should|could|must|will|shall|might|had|did i|we|he|she|my",
        "is|was|are|does|could|can|will|would|should|has it|this|that|there|these|they|my|the|everything",
        "right ?", "correct ?", "true ?", "or not ?",
    ]

    private static let verdicts: [WordPattern] = [
        "^ yes|no|yeah|yep|nope|sure|absolutely|definitely|certainly|correct|right|exactly|indeed|probably|possibly|likely|unlikely|true|false|affirmative|negative ,",
        "of course", "that is|sounds right|correct|true|fine|ok|okay", "you are right|correct",
        "it|they is|are|does|do not? definitely|probably|certainly?  ,",
    ]
    private static let whole: Set<[String]> = [
        ["yes"], ["no"], ["it", "is"], ["it", "is", "not"], ["you", "do"], ["you", "do", "not"], ["you", "can"],
        ["you", "may"], ["you", "should"], ["probably", "not"], ["probably"], ["definitely"], ["correct"], ["sure"],
        ["i", "do", "not", "think", "so"], ["i", "think", "so"], ["certainly"], ["absolutely"], ["definitely", "not"],
    ]

    /// Whether a sentence is nothing but a verdict.
    static func isWhole(_ words: [String]) -> Bool { whole.contains(words) || whole.contains(Array(words.dropFirst())) }
}
