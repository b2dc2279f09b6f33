/// Allergy, bleeding.
extension SentenceRule {
    static let allergy: [SentenceRule] = [
        SentenceRule(
            .swelling, .emergency,
            [
                "throat|tongue|airway|lips|face|lip|eyes|mouth ~5 swell*|swollen|swole|swelled|swelling|puff*|closing|closed|closes|close|tight|tightening|tightens|tighter|blown|shut|shutting|balloon*|ballooned|huge|enormous|itchy|constrict*",
                "swollen|swelling|swelled|puffy|puffed|closing|tight|tightening ~4 throat|tongue|lips|face|mouth|airway|lip",
                "anaphyla*", "epipen|epi|adrenaline ~6 used|still|not|given|gave|pen|jabbed|injected",
                "used|gave|given|jabbed ~4 epipen|adrenaline",
                "allergic reaction ~12 breath*|throat|face|lips|faint|severe|bad|wheez*",
                "severe|bad|massive|serious allergic|allergy reaction",
                "cannot|not ~3 swallow ~4 spit|saliva|anything|own|water", "drool*", "cannot|hardly swallow|swallowing",
            ],
            unless: [
                "anaphylaxis to", "had to use", "never had to use", "glands", "sore throat", "carry|carries|prescribed",
                "eyes", "allergic to ~4 throat ~8 kid|child",
            ]),
        SentenceRule(
            .swelling, .emergency, ["hives|rash|itch*|welts|flushed|blotches"],
            along: [
                "wheez*", "faint*", "vomit*", "throat", "tongue|lips", "hoarse", "cannot ~3 breath*", "short ~1 breath",
                "dizzy|collaps*", "voice",
            ], unless: ["no rash|hives"]),
        SentenceRule(
            .swelling, .emergency,
            [
                "stung|sting|nut|nuts|peanut|peanuts|cashew|shellfish|prawn|prawns|wasp|bee|sesame|antibiotic|penicillin|amoxicillin|injection|contrast|dye|tablet"
            ],
            along: [
                "throat ~4 tight*|clos*|swell*|swollen|swelled", "wheez* ~6 face|lips|throat|hives|swell*",
                "face|lips|tongue ~6 swell*|swollen|puff*|blown", "cannot ~3 breath*",
            ]),
        SentenceRule(
            .blood, .emergency,
            [
                "cough*|spit*|bring*|brought|hack*|bark* ~8 lot|lots|loads|cup|cupful|cupfuls|mouthful*|full|bowl|sink|bright|nonstop|pint|pints|clots|gush*|handful|bucket*|heavily|everywhere|basin|spoon|tablespoon*|glass|pure|large|big|amounts|much|tons|tissues|towel ~6 blood|bloody|red|clots",
                "cough*|spit*|bring*|brought|hack* ~4 blood ~8 lot|lots|loads|cup|cupful|mouthful*|full|bowl|sink|nonstop|pint|pints|clots|gush*|bucket*|heavily|everywhere|stop|stops|every|constantly|basin|much|large|keeps|keep|glass|towel|handful*",
                "vomit*|throw*|threw|puk*|sick|retch*|heav* ~5 blood", "coffee ground*", "blood ~6 vomit*|sick|puk*",
                "full of blood", "filled ~3 sink|bowl|basin|bucket", "every time ~3 cough ~6 blood",
                "blood ~4 pour*|gush* ~6 mouth|nose|up", "black tar", "black|tarry|tar ~2 stool*|poo|poop|motion*",
                "poo|stool*|poop ~4 black|tar*|tarry|blood", "blood ~6 cough*",
            ],
            unless: [
                "streak*|speck*|spot|spots|tiny|fleck*|tinge*|tinged|bit|little|small|dot|dots|drop|drops|few|rusty|pinkish",
                "blood test|pressure|sugar|thinner*|group|count|bank|type",
            ]),
        SentenceRule(
            .blood, .emergency, ["cough*|spit* ~5 blood"],
            along: [
                "cannot ~3 breath*", "short of breath", "breathless*", "chest pain", "pain ~3 chest",
                "faint*|dizzy|collaps*", "cystic",
            ],
            unless: ["no|not|ok|fine ~3 breath*|trouble", "streak*|speck*|tiny"]),
        SentenceRule(
            .blood, .urgent,
            [
                "cough*|spit*|bring*|brought|phlegm|sputum|mucus|spat|hack* ~8 blood*|red",
                "blood* ~8 cough*|phlegm|sputum|mucus|spit*", "haemoptysis|hemoptysis",
                "red|bloody|pink ~2 streak*|speck*|spots ~5 phlegm|mucus|sputum|spit",
                "streak*|speck*|fleck* ~4 blood|red", "rusty|rust ~3 phlegm|sputum|mucus|brown|coloured",
                "phlegm|sputum|mucus ~4 rusty|rust",
            ], unless: ["blood test|pressure|sugar|thinner*", "colour|red face"]),
        SentenceRule(
            .bleeding, .emergency,
            [
                "bleed*|blood ~8 not|cannot|never ~3 stop|stopping|stopped", "is spurting", "spurting everywhere",
                "bleed* ~4 nonstop|continuously|hour|hours|profus*", "cannot|not ~3 stop ~4 bleed*|blood",
                "blood ~5 pump*|spurt*|gush*|pour*|spray*|everywhere|squirt*", "spurt*|gush*|squirt*|pumping ~2 blood",
                "bleed* ~4 heavily|badly|profusely|lot|loads|heavy|out|death|through|buckets|everywhere",
                "pool|puddle of ~2 blood|it", "soaked|soaking|soaks ~4 blood|towel*|through|pad*",
                "towel|pad|pads|sheets ~3 soaked|soaking|drenched|full", "haemorrhag*|hemorrhag*",
                "losing|lost ~3 blood", "heavy|heavily|massive bleed*|bleeding", "artery ~3 cut|sever*",
            ],
            unless: [
                "bleeding money|heart|edge", "page|screen|margin|ink|colour|colours", "sweat", "period",
                "blood ~1 pressure|test|thinner*|sugar", "could bleed", "lose ~2 money",
            ]),
        SentenceRule(
            .bleeding, .urgent, ["bleed*|nosebleed ~3 will not|cannot|keeps|hour|hours", "bleeding"],
            unless: ["bleeding money", "page|screen|margin|ink", "risk|nobody", "in case"]),
    ]

    /// Blood by the cup, and bleeding in pregnancy or after a birth.
    static let amounts: [SentenceRule] = [
        SentenceRule(
            .blood, .emergency, ["\(vessel) ~2 of ~3 blood", "blood ~6 by the \(vessel)", "blood ~3 \(vessel) full"],
            along: [
                "cough*", "spit*|spat", "vomit*|threw|throw*|puk*", "bring*|brought ~2 up",
                "came|come|coming ~3 up|out",
                "mouth|nose",
            ],
            unless: [
                "donor|donat*|transfus*|lab|sample|tube|tubes|test|bank", "blood ~1 cell|cells|pressure|sugar|thinner*",
                "report|picture", "less",
            ]),
        SentenceRule(
            .bleeding, .emergency,
            [
                "strong|much|severe|terrible|bad|big ~1 bleed*", "blood ~3 much|lot|lots|everywhere|strong",
                "bleed* ~3 much|lot|lots|strong|strongly|heavy|heavily|more|badly|loads",
                "much|many|lots|lot|big|heavy|loads ~2 blood",
                "blood ~3 run*|coming|comes|flow*|pour*|drip* ~4 down|out|legs|leg",
                "bleed* ~6 faint*|stand|dizzy|collaps*",
                "lose|losing|lost ~2 blood", "through ~2 pad|pads", "pad|pads ~3 every|an|each ~1 hour",
            ],
            background: [
                "pregnan*", "am|is expecting", "baby ~1 came|arrived|born", "baby ~2 inside|belly|stomach",
                "gave birth",
                "birth|delivery|miscarr*|caesarean|labour", "month|months|weeks ~2 with ~1 baby",
            ],
            unless: [
                "gums|nose|little|tiny|spot|spots|spotting|drop|drops",
                "blood ~1 test|tests|pressure|sugar|thinner*|group",
                "not ~1 pregnant",
            ]),
    ]

    private static let vessel =
        "cup|cups|cupful|cupfuls|mug|mugs|mugful|teacup|teacups|bowl|bowls|bowlful|handful|handfuls|glass|glassful|bucket|buckets|basin|sink|pint|pints|litre|litres|liter|liters|ml|millilitres|jug|tablespoon|tablespoons|spoonful|spoonfuls|spoons|beaker|pot|saucer"
}
