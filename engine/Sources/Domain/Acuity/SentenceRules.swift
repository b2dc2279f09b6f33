/// One row of the table: these words mean this sign at this level.
struct SentenceRule: Sendable {
    let sign: DangerSign
    let level: AcuityLevel
    let phrases: [Phrase]
    /// One of these must be told of, as something of now, somewhere in the whole text.
    let along: [Phrase]
    /// One of these must occur somewhere, also as something of the past.
    let background: [Phrase]
    /// None of these may occur in the same clause.
    let unless: [Phrase]
    /// Counts also behind "if" and in a question: "if it is cancer I will end my life".
    let evenIfConditional: Bool

    init(
        _ sign: DangerSign, _ level: AcuityLevel, _ phrases: [String], along: [String] = [], background: [String] = [],
        unless: [String] = [],
        evenIfConditional: Bool = false
    ) {
        self.sign = sign
        self.level = level
        self.phrases = phrases.map(Phrase.init)
        self.along = along.map(Phrase.init)
        self.background = background.map(Phrase.init)
        self.unless = unless.map(Phrase.init)
        self.evenIfConditional = evenIfConditional
    }
}

extension SentenceRule {
    /// The words that the rules know, for mending the spelling.
    static let vocabulary: Set<String> = Set(
        all.flatMap { rule in (rule.phrases + rule.along + rule.background).flatMap(\.vocabulary) })

    static let all: [SentenceRule] =
        lungs + froth + heart + carriedOn + brain + allergy + amounts + harm + water + poisoning + despair + body
        + today
        + thisWeek + german

    // Words that several rules share.
    static let breath = "breath|breathe|breathing|breaths|air"
    static let cannot =
        "cannot|hardly|barely|struggling|struggle|struggles|fighting|difficulty|trouble|straining"
    static let person =
        "i|he|she|they|we|him|her|dad|mum|father|mother|husband|wife|partner|son|daughter|baby|brother|sister|friend|mate|grandad|granddad|grandpa|grandma|gran|granny|nan|uncle|aunt|boy|girl|child|kid|toddler|man|woman|someone|somebody|patient|flatmate|boyfriend|girlfriend|fiance|neighbour|colleague"
}
