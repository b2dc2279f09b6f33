/// Infection, babies.
extension SentenceRule {
    static let body: [SentenceRule] = [
        SentenceRule(
            .sepsis, .emergency,
            [
                "mottl*|marbl*|blotchy", "sepsis|septic ~4 now|again|think|signs|think|have|having|getting",
                "drows*|sleepy|lethargic|floppy ~12 shiver*|fever*|infection|cold|temperature|breath*|confus*|mottled|blotchy|hot",
                "shiver*|fever*|infection|temperature|hot|pneumonia ~12 drows*|sleepy|lethargic|confus*|hallucinat*|floppy|mottled|unresponsive|collapsed",
                "not|no ~5 peed|pee|urine|wee|urinated|urinating|peeing ~5 day|hours|since|morning|night",
                "shak*|shiver* ~3 uncontroll*|violent*", "uncontroll*|violently ~2 shak*|shiver*",
                "feel ~4 going to die", "impending doom", "sense of doom", "going to die", "death ~3 coming",
                "like ~3 i am dying", "teeth ~3 rattling|chattering", "rash ~4 bruis*",
                "hands|feet|skin|arms|legs ~4 cold ~6 mottled|blotchy|grey|blue|clammy",
                "neutropenic|neutropenia", "chemo* ~15 temperature|fever|shiver*|hot|unwell|infection|rigor*",
                "temperature|fever|shiver*|rigor* ~15 chemo*",
            ], unless: ["marble ~1 floor|top", "not been drowsy"]),
        SentenceRule(
            .infant, .emergency,
            [
                "baby|newborn|infant|toddler|weeks|week|months|month|daughter|son|child|kid|boy|girl ~8 floppy|limp|lifeless|unresponsive|grunting|blue*|dusky",
                "floppy",
                "will|does|is|has not ~3 feed|feeding|fed ~8 sleepy|limp|floppy|wake|hot|fever|breath*|drows*|wet",
                "baby|newborn|infant ~6 not ~2 breathing|moving|waking|responding|crying",
                "fontanelle|soft spot ~5 bulging|sunken|sunk", "bulging|sunken ~3 soft spot|fontanelle",
                "no wet nappies|nappy|diapers|diaper", "dry nappy|nappies|diaper*", "too tired to cry|feed", "weak cry",
                "pale ~4 stares|floppy|limp", "week|weeks old ~12 fever|temperature|hot|#",
                "stops|stopping|stopped breathing",
            ], unless: ["bump|pregnant", "floppy hat|disk|disc"]),
    ]
}
