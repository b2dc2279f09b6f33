/// Whether what a clause names is there: now, in a person, and not only asked or joked about.
struct ClauseContext {
    private let words: [String]
    private let isInformational: Bool
    private let isConditional: Bool
    private let isPast: Bool
    private let isNow: Bool
    private let isOthersPast: Bool
    private let isHabitual: Bool
    private let isJoke: Bool
    private let isNoPerson: Bool
    private let continuesNegation: Bool
    private let reachesDenial: Bool
    private let isDenial: Bool

    /// - Parameter before: the context of the clause before.
    init(_ clause: Utterance.Clause, before: ClauseContext?) {
        words = clause.words
        func has(_ phrases: [Phrase]) -> Bool { phrases.contains { $0.occurs(in: clause.words) } }
        isNow = has(Self.now) && !has(Self.fineNow)
        isPast = has(Self.past) && !isNow && !has(Self.sinceThen)
        isConditional = has(Self.conditional) && !has(Self.noCondition)
        let isAsked =
            (Self.questionWords.contains(clause.words.first ?? "") && clause.words.dropFirst().first != "not")
            || clause.isQuestion
        let isPersonal = clause.words.dropFirst(Self.leads(clause.words)).contains(where: Self.persons.contains)
        isInformational =
            has(Self.studying) || has(Self.askedAbout)
            || (isAsked && has(Self.aboutForm) && !has(Self.happening))
            || (isAsked && (has(Self.general) || !isPersonal) && !has(Self.happening))
        isOthersPast = has(Self.othersPast) && !isNow && !has(Self.presentPerfect)
        isHabitual = has(Self.habit) && !isNow
        isJoke = has(Self.jokes)
        isNoPerson = has(Self.things)
        // "no cough, fever or pain"
        continuesNegation =
            before.map { before in
                before.reachesDenial && ["or", "nor"].contains(clause.words.first)
                    || before.isDenial && clause.words.count <= 4
            } ?? false
        reachesDenial =
            clause.words.contains(where: Self.negators.contains)
            || (before?.reachesDenial ?? false) && clause.words.count <= 3
        // "denies cough, fever, pain"
        isDenial =
            clause.words.contains { $0.hasPrefix("den") && Self.negators.contains($0) }
            || (before?.isDenial ?? false) && clause.words.count <= 4
    }

    /// Not asked, not past, not imagined.
    var isAboutNow: Bool { !isInformational && !isConditional && !isPast && !isOthersPast && !isNoPerson && !isJoke }

    /// Whether a phrase occurs here as something that is there now.
    func tells(_ phrase: Phrase) -> Bool {
        isAboutNow && phrase.matches(in: words).contains { !isNegated($0, of: phrase) }
    }

    private func isAboutAnimal(_ match: Range<Int>) -> Bool {
        let before = words[max(0, match.lowerBound - 6)..<match.lowerBound]
        guard let animal = before.lastIndex(where: Self.animals.contains) else { return false }
        return !before[animal...].contains(where: Self.persons.contains)
    }

    private static let animals: Set<String> = [
        "cat", "dog", "puppy", "kitten", "hamster", "rabbit", "parrot", "budgie", "pet", "cats", "dogs",
    ]

    /// The level that a rule has here: its own, a lower one, or `routine` where it doesn't count.
    func level(of rule: SentenceRule, for phrase: Phrase, at match: Range<Int>) -> AcuityLevel {
        if isJoke || isNegated(match, of: phrase) || isAboutAnimal(match) { return .routine }
        if rule.evenIfConditional {
            return isPast || isOthersPast || isStudied ? .routine : rule.level
        }
        if isNoPerson || isInformational || isConditional || isPast || isOthersPast { return .routine }
        if isOver(match) { return min(rule.level, .urgent) }
        if isHabitual { return min(rule.level, .soon) }
        return rule.level
    }

    private var isStudied: Bool { Self.studying.contains { $0.occurs(in: words) } }

    // MARK: - Negation

    private static let negators: Set<String> = [
        "no", "not", "never", "without", "denies", "deny", "denied", "neither", "none", "nobody", "nor", "zero",
        "negative", "kein", "keine", "keinen", "keiner", "nicht", "nie", "niemals", "ohne", "weder",
    ]
    /// "no longer", "no idea": not a denial of what follows.
    private static let falseNegations: [Phrase] = [
        "no matter|idea|way|use|point|one|wonder|doubt", "not only|just|sure|know|sleep|able|help|helping|working",
        "not feeling|well|good|great|right|ok|okay|myself|looking|joking|kidding|lying|exaggerating|long|fine",
        "not ~1 better|improving|improved",
        "no|without ~1 warning|reason|cause|trigger|sleep|energy|appetite|change|luck",
        "nicht mehr|nur|sicher|gut|wohl|was|wie|wissen|besser|weiter|schlafen", "weiß nicht",
        "ohne ~1 grund|vorwarnung|anlass|ursache",
        "no good", "never felt|had|been ~2 like|this|so|such",
        "never ~3 heart|epilepsy|asthma ~2 trouble|problem|before",
    ].map(Phrase.init)

    private func isNegated(_ match: Range<Int>, of phrase: Phrase) -> Bool {
        if continuesNegation { return true }
        // "have never had a stroke"
        let inside = words[match].contains {
            ["never", "no", "not", "without", "kein", "keine", "nicht"].contains($0) && !phrase.vocabulary.contains($0)
        }
        if inside { return true }
        let skipped = Self.falseNegations.flatMap { $0.matches(in: words).flatMap { Array($0) } }
        for index in stride(from: match.lowerBound - 1, through: max(0, match.lowerBound - 7), by: -1) {
            let word = words[index]
            if Self.barriers.contains(word) { return false }
            if word == "now" || word == "just" { return false }
            if Self.negators.contains(word), !skipped.contains(index) { return true }
        }
        return false
    }

    /// Words behind which a denial doesn't reach.
    private static let barriers: Set<String> = [
        "and", "because", "so", "then", "while", "since", "until", "instead", "only",
    ]

    // MARK: - Over

    private static let over: [Phrase] = [
        "has|have|it|pain|is stopped|settled|cleared|disappeared|resolved|vanished|eased", "is gone",
        "gone now|completely|again|away", "went|goes away|off",
        "stopped|cleared|resolved|settled", "got over", "grew out", "recovered", "recovery", "fine now|since|again",
        "better now", "is over",
    ].map(Phrase.init)

    private func isOver(_ match: Range<Int>) -> Bool {
        guard match.upperBound < words.count else { return false }
        let rest = Array(words[match.upperBound...])
        let isDenied = rest.contains { Self.negators.contains($0) } || words.contains("cannot")
        return !isDenied && Self.over.contains { $0.occurs(in: rest) }
    }

    // MARK: - Tables

    private static let now: [Phrase] = [
        "now", "right now", "again", "today", "tonight", "currently", "at the moment",
        "this morning|afternoon|evening|minute", "same", "just", "is back", "came|come back",
        "jetzt|gerade|heute|plötzlich|wieder", "minutes|minute|mins|min|hour|seconds ago",
        "still ~4 hurting|there|bleeding|happening",
    ].map(Phrase.init)
    private static let fineNow: [Phrase] = [
        "fine|better|ok|okay|well|good|happy|healthy|recovered|gone now|today|again",
        "now ~2 fine|better|ok|okay|well|good|happy|healthy|normal",
    ].map(Phrase.init)
    private static let past: [Phrase] = [
        "years|year|months|weeks|decades ago|back",
        "as a child|kid|baby|toddler|teenager|boy|girl|teen|student|youngster", "when i|he|she|we|they was|were",
        "used to",
        "last year|summer|winter|autumn|spring|month|christmas", "back in",
        "in my|his|her ~1 twenties|thirties|teens|youth|forties|20s|30s|childhood", "history of",
        "in the past|1950s|1960s|1970s|1980s|1990s",
        "was|were|had|did|got|took|fainted|collapsed|broke|happened|once|back ~8 at school|uni|university", "long ago",
        "previous|previously",
        "in ~1 1950s|60s|70s|80s|90s",
        "1950|1955|1960|1965|1970|1975|1978|1980|1981|1982|1983|1984|1985|1986|1987|1988|1989|1990|1991|1992|1993|1994|1995|1996|1997|1998|1999|2000|2001|2002|2003|2004|2005|2006|2007|2008|2009|2010|2011|2012|2013|2014|2015|2016|2017|2018|2019|2020|2021|2022|2023|2024|2025",
        "ruled out", "grew out", "got over", "never since", "last month ~6 fine|great", "childhood",
        "in january|february|march|april|june|july|august|september|october|november|december", "was in hospital",
        "vor ~2 jahren|monaten", "als kind", "früher", "damals", "once had", "at my wedding",
    ].map(Phrase.init)
    /// Of something that began then and goes on.
    private static let sinceThen: [Phrase] = [
        "than", "since ~3 weeks|months", "found|noticed|started|began ~12 weeks|months|days ago",
    ].map(Phrase.init)
    private static let conditional: [Phrase] = [
        "falls", "wenn ich|man|jemand", "if", "unless", "in case", "one day",
        "worried|scared|afraid|nervous|anxious ~2 could|might|may|about|of|will",
        "imagine", "suppose", "could|might|would ~3 happen|get|cause", "what would", "risk|chance|likely|chances of",
        "would you", "prevent*|avoid*",
    ].map(Phrase.init)
    private static let noCondition: [Phrase] = [
        "as|even|wonder|wondering|ask|know|see|sure|not if", "as if", "even if",
        "if ~3 this|it|that is normal|ok|okay|serious|bad|anything",
    ].map(Phrase.init)
    private static let questionWords: Set<String> = [
        "what", "how", "why", "does", "do", "did", "can", "could", "would", "is", "are", "should", "will", "when",
        "which",
        "where", "was", "who", "whats", "am", "has", "have",
    ]
    private static let persons: Set<String> = [
        "i", "my", "me", "he", "she", "his", "her", "him", "we", "our", "they", "their", "dad", "mum", "baby",
        "husband",
        "wife", "son", "daughter",
    ]
    /// How many words of a question belong to the question itself: "can I", "should I".
    private static func leads(_ words: [String]) -> Int {
        words.count > 1 && questionWords.contains(words[0]) && words[1] == "i" ? 2 : 1
    }
    private static let general: [Phrase] = [
        "someone|somebody|people|persons|anyone|patient|patients", "sign|signs|symptom|symptoms of",
        "mean|means|called|definition|difference|common|always|ever|cause|causes|caused|usually|often",
        "show|shows|visible|look|looks|seen ~3 like|on|x", "feel like", "tell me|you",
        "asked|asks|wondered|wondering|wonders what|how|why|whether", "how low|many|much|long|often|sure|accurate|does",
        "what is|are|does|means", "should i call|worry|go ~3 if", "should i ring", "work|works", "happens|happen",
    ].map(Phrase.init)
    private static let askedAbout = [Phrase("asked|asks|wondered|wonders what|how|why|whether|if")]
    /// Asked about the words of the questionnaire or of an answer of this program.
    private static let aboutForm: [Phrase] = [
        "one|any|some of|among ~3 boxes|answers|options|choices|questions|fields",
        "symptoms|signs|things ~3 tick|ticked|chose|selected|marked",
        "did|have|had i|we|he|she tick|ticked|choose|chosen|select|selected|mark|marked|enter|entered|answer|answered",
        "where|which|what ~3 box|option|checkbox|entry|field|question|tick",
        "on|in|among ~2 my|the ~1 list|answers|questionnaire|form|entries",
        "you|it|form|questionnaire|program ~1 ask|asks",
        "question|box|entry|word|term ~2 called|named|about|for",
    ].map(Phrase.init)
    private static let studying: [Phrase] = [
        "drama|telly|tv|netflix|programme", "soap ~1 opera|episode|last|on|tonight",
        "homework|essay|exam|exams|coursework|dissertation|thesis|novel|film|movie|documentary|episode|quiz|lecture|textbook|article",
        "student|studying|studies|course", "i work|teach|volunteer|train ~4 in|at|on|with|as|first",
        "i am ~2 paramedic|nurse|firefighter|doctor|teacher|radiographer",
        "test|testing this|the ~2 program|app|software", "first aid", "i am paramedic|nurse",
        "is an emergency|what is emergency",
    ].map(Phrase.init)
    private static let elder =
        "father|dad|mother|mum|aunt|auntie|uncle|gran|granny|grandma|grandmother|grandad|granddad|grandfather|grandpa|nan|nana|cousin|parents|family|ancestors|great|stepdad|stepmum|both"
    private static let others = elder + "|brother|sister|friend|neighbour|neighbor|colleague|mate"
    private static let presentPerfect: [Phrase] = [
        "has|have ~1 had|been|taken|got|gone|become", "is having|going|getting",
    ].map(Phrase.init)
    private static let happening: [Phrase] = [
        "just collapsed|fainted|fell|passed|now|happened|started|had|swallowed|stopped|took|drank|ate|hit|been",
        "right now", "minutes|mins ago", "help me", "at the moment", "come round", "not breathing",
    ].map(Phrase.init)
    private static let othersPast: [Phrase] = [
        "\(others) ~4 died|passed", "\(elder) ~4 had|was|were|suffered|lost|used|got|choked|ended|killed",
        "\(elder) ~6 before he|she died",
        "vater|mutter|opa|oma|großvater|großmutter|onkel|tante ~4 hatte|starb|gestorben|war", "died of|from|in|by|when",
        "runs in", "family history", "passed in|away",
        "gran|grandma|\(elder) ~1 once",
    ].map(Phrase.init)
    private static let habit: [Phrase] = [
        "sometimes|usually|normally|occasionally|generally|rarely|always", "every now and",
        "when i|he|she run|exercise|jog|climb|walk|lift", "whenever", "sorts it", "season", "every time|day ~3 always",
        "after ~2 run|exercise|gym|running|jog", "back to normal", "well controlled", "now and then", "on and off for",
        "helps when", "for years",
    ].map(Phrase.init)
    private static let jokes: [Phrase] = [
        "dying|dead to|of know|see|find|hear|get|curiosity|laughing|embarrassment|boredom", "is|was|are killing me",
        "laugh*", "giggl*", "haha|lol|lmao|rofl|hahaha", "death of me", "took|takes|taken my breath away",
        "holding|hold ~2 breath for|until", "off my chest", "blue in the face", "heart sank",
        "in paperwork|emails|work|homework|debt|admin", "bleeding money",
        "bored|scared|worried|sick|frightened to death", "nearly|almost ~3 heart attack|stroke ~4 when|saw|bill",
        "gave ~3 heart attack|stroke", "murder|kill for|a ~2 cup|tea|coffee|pint|biscuit|cigarette", "die for",
        "die without ~2 coffee|tea|chocolate|wifi|internet|phone|it|him|her|you|them",
        "hilarious", "ha", "band|album|song|team|dog|cat|boat|horse ~2 called|named",
        "insurer|insurance|landlord|bank|boss", "figure of speech", "bill|parking|price ~8 heart attack|stroke",
        "out of the blue",
    ].map(Phrase.init)
    /// About a program, a picture or an animal.
    private static let things: [Phrase] = [
        "report|reports|letter|paper ~3 says|said|shows|mentions|states|reads", "it says|mentions", "heat map|maps",
        "heatmap*",
        "wifi|website|app|phone|computer|browser|laptop|upload|page|server|printer|screen ~6 \("crash*|frozen|froze|died|chok*|collapsed|stopped|dead|stuck|killed|down")",
        "picture|image|film|scan|xray ~3 shows|showed|is|looks|says|has", "the model|program|software|ai",
        "lower|upper|middle lobe", "report no", "remove|delete|correct ~8 record|form|chart|list",
        "drawing|diagram|cartoon|icon|emoji|help page",
        "picked|clicked|ticked|chose|selected|pressed ~8 mistake|accident|wrong", "was in a game|film|movie|dream|book",
        "costophrenic|consolidation|atelectasis|pneumothorax ~4 mean|means", "is ~2 on the|my paper",
    ].map(Phrase.init)
}
