/// Breathing, colour, oxygen.
extension SentenceRule {
    static let lungs: [SentenceRule] = [
        SentenceRule(
            .breathing, .emergency,
            [
                "\(cannot) ~3 \(breath)",
                "cannot|hardly|barely|not ~3 catch|get|draw|pull|take|taking ~4 breath|breaths|air",
                "not able|enough ~3 \(breath)", "no can breathe|breath", "no air|breath ~3 in|come|coming|going|comes",
                "hard|harder|hurts|tough|impossible ~2 to breathe|breath",
                "breathing|breath ~3 hard|harder|difficult|impossible|laboured|labored|bad|worse|shallow|fast|rapid|rapidly|quick",
                "breath|breathing ~2 strange|strangely|funny|weird|odd", "breathing ~2 stopped|stops",
                "stop|stops|stopped|stopping|not ~1 breathing", "gasp*", "suffocat*", "smother*",
                "breathing ~2 once ~2 every",
                "so|too|very|really|extremely|severely|suddenly|awfully|dead|proper ~2 breathless|puffed",
                "so|too|very|really|extremely|severely|suddenly ~3 short|out of breath",
                "so|too breathless", "breathless ~3 talk|speak|sitting|rest|move|stand|bed",
                "short|out|shortness of breath ~4 sitting|rest|resting|bed|talk|speak|stand|move|lips|suddenly|badly",
                "cannot|hardly|barely|not|too ~4 talk|speak|finish|complete|say ~3 sentence|sentences|word|words|breath|breathless|me|to",
                "cannot|hardly|barely ~1 talk|speak", "get|getting ~2 words|sentence out", "words before ~3 breath",
                "stop|stopping|pause|pausing ~4 mid|middle|between ~2 sentence|words|sentences",
                "mid sentence ~3 breath",
                "fighting|fight|struggling|battling|gulping|begging ~2 for ~2 air|breath|breaths", "like ~3 drowning",
                "drowning|drowned ~3 on land|inside|air|fluid",
                "pink|frothy|bloody froth|foam|foamy|frothy", "froth|foam ~4 mouth|up",
                "air in ~2 fight|struggle|battle", "labouring|laboring ~3 breath|breaths",
                "breath|breaths|breathing ~5 fight|battle|struggle|effort|wrestling|torture|war|marathon",
                "fight|fights|fought|battle|wrestling ~2 for ~3 breath|breaths|air",
                "work|works ~2 for ~3 breath|breaths", "takes everything|all ~4 breathe|breath",
                "fighting|battling|fight|battle ~1 breathe",
                "fight|battle|struggle|effort ~1 to ~1 get|draw|take ~3 air|breath|breaths",
                "drag|dragging|haul*|forc* ~2 breath|breaths|air",
                "breath ~1 costs|takes ~4 strength|effort|energy|everything",
                "ribs|rib|stomach|belly|neck|skin|chest|throat ~6 suck*|pull*|drawn|caving ~2 in|inwards|under",
                "nostrils|nose flar*", "flaring nostrils", "grunt*", "stridor",
                "high pitched ~2 noise|sound|wheeze|breath*",
                "noise|sound ~4 breathes|breathing ~1 in", "working|works ~2 hard to breathe", "asthma attack",
                "attack ~2 asthma", "no ~2 sound|noise ~3 coming|out", "air hunger", "need|needs|want air",
                "breath|breathing ~3 going|gone|giving out",
                "running out of breath|air", "chest ~4 will not|cannot ~2 expand|open|move|rise", "silent chest",
                "puffs ~8 nothing|not", "cannot|not ~3 make ~3 sound|noise",
                "inhaler|nebuliser|puffer|ventolin|salbutamol ~5 not ~3 anything|working|helping|work|help|touching|touch|touched",
                "inhaler|nebuliser|puffer|ventolin ~4 nothing|useless|empty",
            ],
            unless: [
                "breathe ~2 fine|ok|okay|normally|well|easily", "no difference", "breath ~3 result|results|news",
                "view ~8 breath", "toothpaste|shaving|bath|brushing", "air ~1 pollution|conditioning|quality",
                "clean air", "scan|report|model|english",
                "talking ~2 fine|ok|normally", "talk ~2 fine|ok|normally", "only small", "on the stairs|hills|hill",
                "playing", "weather|stuffy|humid", "fresh air",
            ]),
        SentenceRule(
            .breathing, .emergency,
            [
                "\(cannot) ~3 breathe|breath|breathing", "gasp*", "no can breathe", "not able to take breath",
                "small small breaths",
            ],
            unless: [
                "breathe|breathing ~2 fine|ok|okay|normally|well|easily", "cough*", "no|not ~2 trouble|difficulty",
                "trouble|difficulty sleeping",
            ]),
        SentenceRule(
            .breathing, .urgent,
            [
                "short|shortness|out|tired of breath", "breathless*", "puffed", "winded", "breath ~4 worse",
                "breathless ~2 lying",
                "extra pillows", "chest ~2 tight|tightness",
            ], unless: ["slowly|gradually", "past|last year", "long walks", "over ~3 year|years|months"]),
        SentenceRule(
            .colour, .emergency,
            [
                "blue|bluish|blueish|grey|greyish|purple|ashen|dusky|white|colourless ~3 lips|lip|face|mouth|tongue|fingertips|nails|skin|fingernails",
                "lips|lip|face|mouth|tongue|fingertips|nails|fingernails|skin|colour|color ~6 blue|bluish|blueish|grey|greyish|purple|ashen|dusky|blueberries|blueberry|smurf",
                "\(person) ~3 blue|bluish|blueish|grey|greyish|ashen|purple|dusky",
                "gone|going|turned|turning|went|goes|looks|looking|becoming ~4 blue|bluish|blueish|grey|greyish|ashen|purple|dusky",
                "blue baby", "pale ~3 clammy|sweaty|sweating|floppy|limp|lifeless", "grey ~2 clammy|sweating|sweaty",
            ],
            unless: [
                "eyes|hair|shirt|jumper|dress|inhaler|badge|screen|map|picture|hospital|film|box|button|line|skinned|brown",
                "not blue", "in the face explaining", "out of ~2 blue",
            ]),
        SentenceRule(
            .choking, .emergency,
            [
                "chok*", "stuck|lodged ~4 throat|windpipe|airway|gullet", "heimlich",
                "swallowed ~4 now ~4 cannot|no|not", "down|gone ~2 wrong way|hole|pipe ~8 cannot|blue|not",
            ],
            unless: ["hazards|hazard", "laugh*|laughing", "wifi|website|app|upload|computer|phone", "up|words|emotion"]),
        SentenceRule(
            .choking, .urgent,
            ["down the wrong way|hole|pipe", "inhaled|breathed ~3 peanut|nut|food|bead|coin|piece|tooth"]),
    ]

    /// Water on the lung.
    static let froth: [SentenceRule] = [
        SentenceRule(
            .breathing, .emergency,
            [
                "\(foam) ~3 sputum|phlegm|spit|mucus|saliva|fluid|liquid", "sputum|phlegm|spit|mucus ~4 \(foam)",
                "pink|pinkish|bloody|red ~3 \(bubbles)", "\(bubbles) ~4 pink|pinkish",
                "\(bubbles) ~6 mouth|lips|lungs|nose", "mouth|lips ~4 \(bubbles)",
                "bring|bringing|brings|brought|cough* ~5 \(foam)", "woke|wake|waking|wakes ~5 drown*",
                "drowning ~3 lungs|fluid|mucus|phlegm",
            ],
            unless: [
                "bath|shaving|lemonade|cola|beer|wine|drink|gum|toothpaste|shampoo|mattress", "urine|pee",
                "dream|nightmare|dreamt", "in ~1 work|emails|sweat|debt|paperwork",
            ])
    ]

    private static let foam = "froth*|foam*|suds"
    private static let bubbles = foam + "|bubbl*"
}
