/// To be seen today.
extension SentenceRule {
    static let today: [SentenceRule] = [
        SentenceRule(
            .leg, .urgent,
            [
                "calf|leg|thigh ~6 swollen|swelling|swelled|swell|hot|tender|red|painful|hard|bigger|sore|hurts|pain",
                "swollen|swelling|tender|painful|red|hot ~5 calf|leg|thigh", "blood clot|dvt|thrombosis|embolism|clot",
            ], unless: ["both legs|ankles", "worried|fly|flight ~2 next", "legs", "years|broken|broke|plaster"]),
        SentenceRule(
            .leg, .emergency,
            [
                "calf|leg ~8 swollen|swelling|swelled|hot|tender|red|painful|sore", "swollen|painful|sore ~5 calf|leg",
                "blood clot|dvt|embolism|clots|clot", "long|hour flight", "flight ~6 ago|yesterday|last",
                "knee|hip|surgery|operation ~6 ago|last|yesterday",
            ],
            along: [
                "cannot ~3 breath*", "short ~1 breath", "breathless*", "chest ~4 pain*|hurt*|tight*|stab*",
                "pain ~4 chest", "cough* ~4 blood", "faint*|pass* out",
            ], unless: ["no|not ~2 breath*", "breathing problems"]),
        SentenceRule(
            .fever, .urgent,
            [
                "fever|temperature|fevers|feverish ~8 high|days|day|week|back|yellow|green|shaking|still|antibiotic*|phlegm|chesty|hot",
                "high|hot|raging|spiking|burning ~3 fever|temperature|up", "rigor*",
                "shaking|shivering|cold chills|shivers", "chills ~6 chest|twice|fever|cough*|shaking",
                "antibiotic* ~10 still|worse|not",
                "green|yellow|brown ~4 phlegm|sputum|mucus|stuff ~10 fever|temperature|breath*|worse|days",
                "burning up",
            ],
            unless: [
                "low|slight|mild", "no fever|temperature", "37|37.0|37.1|37.2|37.3|37.4|37.5|37.6|37.7|37.8|37.9",
                "hay fever", "went|gone|normal", "colour|room",
            ]),
        SentenceRule(
            .fever, .urgent,
            [
                "38.5|38.6|38.7|38.8|38.9|39|39.0|39.1|39.2|39.3|39.4|39.5|39.6|39.7|39.8|39.9|40|40.0|40.1|40.2|40.3|40.4|40.5|41|102|103|104|105"
            ],
            along: ["fever*|temperature|thermometer|degrees|hot|c|celsius"]),
        SentenceRule(
            .wheeze, .urgent,
            [
                "wheez*", "asthma ~8 worse|acting|bad|playing|flare|flaring|up|off|night|woke",
                "copd|emphysema|bronchitis ~8 worse|bad|flare*|green",
                "reliever|inhaler ~6 times|hours|lost|run|ran|every|more|keeps|barely|hourly", "flare up",
            ], unless: ["not wheezing", "as needed", "once", "puffs twice", "brown"]),
        SentenceRule(
            .dehydration, .urgent,
            [
                "cannot|not ~3 keep ~5 down", "throw*|vomit* ~5 since|days|everything|all|constantly",
                "hardly|barely|not ~2 pee*|weeing|urinat*|drinking", "dehydrat*",
            ], unless: ["not ~1 vomiting"]),
        SentenceRule(
            .pregnancy, .urgent,
            [
                "pregnant|pregnancy|weeks pregnant ~14 breathless*|breath|chest|pain|bleed*|dizzy|faint*|headache|swollen|swelling|vision|moving|movements|kicks|kicking",
                "breathless*|bleeding|headache|pain ~10 pregnant", "baby ~4 not|less|reduced|stopped ~4 mov*|kick*",
                "reduced ~2 movements",
            ], unless: ["not pregnant", "possible"]),
        SentenceRule(
            .pregnancy, .emergency,
            [
                "waters|water broke|broken|gone ~14 rope|cord|hanging|green|brown|blood*|bleed*",
                "cord ~4 hanging|out|prolapse*", "baby ~2 coming ~2 now", "head ~2 out", "in labour ~6 now|blood|push*",
                "pregnant|pregnancy ~14 fit|seizure|collapsed|unconscious",
            ]),
        SentenceRule(
            .stroke, .emergency, ["legs ~6 weak|numb|dead|gone|paraly*", "numb ~4 between ~3 legs"],
            along: ["cannot|not ~3 pee|wee|urinate|walk|stand|move|feel", "back|spine|cancer"],
            unless: ["pins and needles", "slowly|gradually"]),
        SentenceRule(
            .other, .urgent,
            [
                "red|hot|swollen|swelled|throbbing|weeping|oozing ~8 pus|spreading|wound|bite|bit|hot|line|past",
                "wound|stitches|scar|cut|ulcer ~6 weeping|pus|red|redder|smelly|oozing|infected|open",
                "cellulitis|sepsis", "dog|cat|rat|bat|monkey|human bite|bit|bitten",
                "testicle|testicles|scrotum|balls ~6 pain*|ach*|swollen|hurt*",
                "floaters|flashes ~6 eye|vision|sudden*|shower",
                "eye ~6 red|painful|hazy|blurr*|pain ~6 light|vision|hazy|painful|lens",
                "jaundice|yellow ~6 eyes|skin|baby|tummy|stomach", "eyes|skin|whites ~4 yellow",
                "blood pressure ~6 #|high ~8 pregnant|weeks", "sugar|glucose ~6 high|#|low ~8 thirsty|days|shaky",
                "rusty nail|wire|metal",
                "tetanus", "missed|forgot|run|ran ~3 warfarin|insulin|anticoagulant|steroids|apixaban|prednisolone",
                "cannot|not ~5 weight ~3 it|on|all", "twisted|sprained|broke|broken ~3 ankle|wrist|arm|leg|foot",
                "burn*|scald* ~8 blister*", "tube|catheter|drain|line ~5 out|blocked|stopped|leaking|pulled",
                "shingles ~8 eye|forehead|face", "stomach|belly|abdomen|side ~6 pain ~8 fever|worse|vomit*|since",
                "pain ~4 lower right|left", "not ~3 eaten|eating|drinking|drunk ~3 days|since",
                "ulcers|throat ~8 cannot|hardly ~2 drink|eat|swallow",
                "thoughts ~5 not ~3 here|alive|live", "ear ~8 pus|red|fever",
                "not taking|drinking ~3 bottles|feeds|milk", "baby ~4 moving ~2 less", "yellow ~3 whites",
                "site|wound|line ~3 red|sore",
            ], unless: ["years ago", "cup", "as a child|kid"]),
        SentenceRule(
            .immune, .urgent, ["fever*|temperature|chills|shiver*|infection|rigor*|unwell|breathless*|ulcers"],
            background: [
                "immunosupp*|methotrexate|transplant|chemo*|cd4|spleen|steroids|biologic|rituximab|tacrolimus|leukaemia|leukemia|hiv|lymphoma|myeloma|cystic"
            ], unless: ["no fever"]),
        SentenceRule(
            .collapse, .urgent,
            [
                "light|lightheaded|headed ~2 headed|dizzy|faint", "dizzy|dizziness|woozy|lightheaded|giddy",
                "nearly|almost|about ~3 faint*|pass*|black*",
            ], unless: ["not dizzy"]),
        SentenceRule(
            .infant, .urgent,
            [
                "baby|newborn|infant|toddler ~10 feeding|feeds|fever|temperature|hot|cough*|breath*|wheez*|sick|vomit*|rash"
            ], unless: ["born", "as a baby", "bump|shower|pregnant", "visit|appointment"]),
    ]
}
