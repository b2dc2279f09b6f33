/// Chest and heart.
extension SentenceRule {
    static let chest = "chest|breastbone|sternum|ribcage|heart"
    static let pain =
        "pain*|pressure|pressing|tight|tightness|tightening|heavy|heaviness|crush*|squeez*|hurt*|agony|agonising|burning|weight|elephant|vice|vise|clamp|belt|band|stabbing|stab|gripping|grip|stone|brick|bricks|standing|sitting|killing|ache|aching|sore|cramp*|discomfort|pounding|exploding|constrict*|knot|fist|twinge"
    static let mild = [
        "mild|slight|slightly|little|twinge|twinges|bit ~3 pain|ache|discomfort|sore|tight|tightness",
        "only ~6 breathe|breath|breathing|cough|coughing|press|touch|move|twist|deep", "breathing|breathe|breath in",
        "gone|stopped|settled|disappeared ~2 now|completely|again", "went off|away",
        "when|if ~2 cough|coughing|press|touch|poke|twist", "feeling|feel in my chest like|of phlegm", "chesty",
    ]

    static let heart: [SentenceRule] = [
        SentenceRule(
            .chestPain, .emergency,
            [
                "\(pain) ~6 \(chest)", "\(chest) ~7 \(pain)",
                "elephant|weight|someone|brick|stone|boulder|rock|truck|car ~6 on ~2 chest",
                "like ~4 vice|vise|clamp|belt|band|elephant ~5 chest",
                "clutching|holding|grabbing|rubbing ~3 chest|heart",
                "on|across|round|around|behind ~1 my|his|her|the chest|breastbone", "angina",
                "left arm ~5 heavy|numb|pain*|hurt*|ach*|tingl*|dead|weird|funny|killing",
                "numb|pain*|ach*|heavy|tingl*|hurting ~5 left arm",
                "pain|pressure|ache ~6 jaw|arm|arms ~6 sweat*|sick|nausea|clammy|vomit*|breath*",
            ],
            unless: mild + [
                "rash|spots|hair|tattoo|lie|lying|stickers|electrodes|plaster|patch|cream|mole|scar|rub|vicks",
                "operation on", "weight off", "off my chest", "broke my heart|broken heart", "by heart",
                "heart ~1 failure|sank|murmur|surgery|operation|valve|skips|skipping|flutter*",
                "xray|film|picture|heatmap|drain", "chest x|ct|infection|infections", "heat map",
                "heart ~2 size|shadow|over|map", "red over",
            ]),
        SentenceRule(
            .chestPain, .urgent,
            [
                "\(pain) ~6 \(chest)|ribs|side", "\(chest)|ribs|side ~6 \(pain)",
                "hurts|hurt|pain|stabbing ~8 breathe|breath|breathing ~1 in|deep", "hurts ~10 deep breath",
                "under my ribs",
            ],
            unless: [
                "weight off", "off my chest", "heart ~1 failure|sank|murmur|surgery|operation|valve",
                "heart ~2 size|shadow|map", "x ray|film|picture|heat|map|scan|report|side effects",
            ]),
        SentenceRule(
            .heartAttack, .emergency,
            [
                "heart attack", "cardiac arrest", "defibrillator|icd|pacemaker ~4 off|shocked|firing|shocking|shocks",
                "indigestion|heartburn|trapped wind ~12 arm|jaw|sweat*|breath*|pressure|shoulder", "heart stopped",
                "no pulse",
                "angina ~6 not|worse|spray|rest", "coronary",
            ],
            unless: [
                "difference|show|raise|risk|mean|bill|parking|price|film|movie|game|signs", "ruled out",
                "about heart attacks",
            ]),
        SentenceRule(
            .heartAttack, .emergency,
            [
                "jaw|jaws ~4 ache|aches|aching|pain|painful|hurts|hurting|tight|throbbing", "ache|aching|pain ~4 jaw",
                "both|left arms|arm ~4 ache|aching|heavy|pain*|numb",
            ],
            along: [
                "sweat*", "sick|nausea*|vomit*", "chest|breastbone", "clammy", "breathless*|breath",
                "arm|arms ~4 heavy|numb|pain",
            ], unless: ["tooth|toothache|dentist|gum"]),
        SentenceRule(
            .heartAttack, .emergency,
            ["same ~2 pain|feeling|pressure|thing ~6 had|last|before|then", "pain ~6 like ~6 last time|heart"],
            background: ["stent*|bypass|heart|angina|infarct*"], unless: ["tooth|knee|hip|back"]),
        SentenceRule(
            .tearing, .emergency, ["between ~3 shoulder blades"],
            along: ["sudden*", "breathless*", "vomit*|throw*", "sweat*", "awful|worst|tear*|ripping|agony"]),
        SentenceRule(
            .tearing, .emergency,
            [
                "tear|tearing|ripping|ripped|tore|torn|rip|shearing ~8 chest|back|shoulder|shoulders|stomach|inside",
                "chest|back|shoulder|stomach|inside ~6 tear|tearing|ripping|ripped|tore|torn|rip",
                "sudden* ~2 agony|pain ~5 belly|stomach|back|abdomen", "aneurysm",
                "between ~3 shoulder blades ~6 sudden*|worst|severe|awful|agony|unbearable",
                "sudden|severe|worst ~6 between ~3 shoulder blades",
                "worst pain ~6 life|ever", "knife ~4 between ~3 shoulder",
            ], unless: ["muscle|ligament|tendon"]),
        SentenceRule(
            .palpitations, .emergency,
            ["heart|pulse ~5 racing|pounding|crazy|mad|beating|fluttering|jumping|hammering|thumping|going"],
            along: [
                "pass|passing|passed|black|blacking out", "faint*", "chest ~3 hurt*|pain*|tight*", "cannot ~2 breath*",
                "collaps*", "electrocuted",
            ], unless: ["light headed|dizzy|woozy|dizziness", "no chest pain"]),
        SentenceRule(
            .palpitations, .urgent,
            [
                "palpitation*",
                "heart|pulse ~5 racing|pounding|crazy|mad|fluttering|flutters|jumping|hammering|thumping|skipping|skips|missing|irregular|uneven|fast",
            ],
            unless: ["heart ~2 sank"]),
    ]

    /// A pain that was named a sentence ago, or in an earlier message.
    static let carriedOn: [SentenceRule] = [
        SentenceRule(
            .chestPain, .emergency, ["still|is ~1 crushing|squeezing", "the crushing|squeezing"],
            unless: [
                "garlic|tablets|tablet|pills|cans|dreams|lemon|lemons|orange|oranges|hand|hands|foot|toe|knee|head|rock|boredom|sound|noise",
                "crushing ~1 news|defeat|blow|report|result|debt|weight",
            ]),
        SentenceRule(
            .heartAttack, .emergency,
            [
                "it|pain|pressure|ache|tightness|that|this ~4 spread*|moving|moved|gone|going|goes|radiat*|shooting|creeping|travel* ~3 arm|arms|jaw",
                "is|still ~1 in ~4 arm|arms|jaw ~1 too|now|also|as", "now ~3 in ~4 arm|arms|jaw",
            ],
            background: ["pain|pressure|tight|tightness|crush*|squeez*|ache|chest|heaviness"],
            unless: [
                "knee|foot|ankle|elbow|wrist|finger|hand|neck|tooth|teeth|dentist|splinter",
                "vaccin*|jab|fracture|plaster|bone|rash|itch*",
            ]),
        SentenceRule(
            .chestPain, .emergency,
            [
                "it hurts|hurting|aches ~1 so|very|really|badly|much|terribly",
                "pain|pressure|tightness ~2 worse|unbearable|terrible|stronger|awful",
                "like ~2 vice|vise|clamp|elephant",
            ],
            along: ["my chest", "chest again", "breastbone"],
            unless: mild + ["knee|back|foot|leg|hip|ankle|shoulder|tooth|head|stomach|throat|elbow"]),
    ]
}
