/// Pulled out of the water: trouble may come hours later.
extension SentenceRule {
    static let water: [SentenceRule] = [
        SentenceRule(
            .injury, .emergency,
            [
                "went|go|goes|gone|slipped|slid|slips|sank under ~4 \(pool)|bath|bathtub|tub|surface",
                "found ~3 floating", "face down ~4 \(pool)|bath|bathtub|tub",
            ], unless: ["boat|phone|ball|duck|toy", "sailing|diving|dive"]),
        SentenceRule(
            .injury, .emergency,
            [
                "\(rescued) ~2 \(person)|me|them|lifeguard ~4 out|from ~4 \(pool)", "\(rescued) ~1 from|out ~4 \(pool)",
                "got|get|lifted|carried|took \(person)|them|the|a|my|our ~2 out|from ~4 \(pool)",
                "fell|fallen|falling|slipped|slid|tumbled ~2 in|into ~4 \(pool)",
                "inhaled|breathed|swallowed ~5 water", "mouthful|mouthfuls|lungful ~3 water",
            ],
            along: weak + ["sleepy|tired|sleep|nap|weak|exhausted", "cough* ~3 nonstop|constantly|lots|keeps|water"],
            unless: ["boat|phone|ball|duck|toy|keys|bike|car|net|fish", "glass|tablet|tablets|pill|sip|puddle"]),
        SentenceRule(
            .injury, .emergency, ["\(rescued)|got|get|lifted|took ~3 out|from ~4 bath|bathtub|tub"],
            along: ["face down", "under water", "drows*|limp|blue|floppy", "not ~2 breathing"]),
    ]

    private static let pool =
        "pool|pond|lake|sea|river|canal|stream|ditch|reservoir|water|harbour|ocean|creek|moat|well"
    private static let rescued = "pulled|fished|dragged|hauled|rescued|saved|pulling|save|rescue"
    private static let weak = [
        "drows*", "not ~2 moving|respond*|breathing|waking", "hard|cannot|not ~5 awake|wake",
        "blue|grey|pale|limp|floppy",
        "breathing ~3 fast|hard|noisy|funny|quick|rattl*", "brought up ~5 water", "cough* ~3 water", "vomit*|sick",
        "confus*|muddled|shiver*", "face down", "not ~3 eyes",
    ]
}
