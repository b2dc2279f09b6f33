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

    static let all: [SentenceRule] = lungs + heart + brain + allergy + harm + body + today + thisWeek

    private static let breath = "breath|breathe|breathing|breaths|air"
    private static let cannot =
        "cannot|hardly|barely|struggling|struggle|struggles|fighting|difficulty|trouble|straining"
    private static let person =
        "i|he|she|they|we|him|her|dad|mum|father|mother|husband|wife|partner|son|daughter|baby|brother|sister|friend|mate|grandad|granddad|grandpa|grandma|gran|granny|nan|uncle|aunt|boy|girl|child|kid|toddler|man|woman|someone|somebody|patient|flatmate|boyfriend|girlfriend|fiance|neighbour|colleague"

    // MARK: - Breathing, colour, oxygen

    private static let lungs: [SentenceRule] = [
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
                "view ~8 breath", "scan|report|model|english",
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

    // MARK: - Chest and heart

    private static let chest = "chest|breastbone|sternum|ribcage|heart"
    private static let pain =
        "pain*|pressure|pressing|tight|tightness|tightening|heavy|heaviness|crush*|squeez*|hurt*|agony|agonising|burning|weight|elephant|vice|vise|clamp|belt|band|stabbing|stab|gripping|grip|stone|brick|bricks|standing|sitting|killing|ache|aching|sore|cramp*|discomfort|pounding|exploding|constrict*|knot|fist|twinge"
    private static let mild = [
        "mild|slight|slightly|little|twinge|twinges|bit ~3 pain|ache|discomfort|sore|tight|tightness",
        "only ~6 breathe|breath|breathing|cough|coughing|press|touch|move|twist|deep", "breathing|breathe|breath in",
        "gone|stopped|settled|disappeared ~2 now|completely|again", "went off|away",
        "when|if ~2 cough|coughing|press|touch|poke|twist", "feeling|feel in my chest like|of phlegm", "chesty",
    ]

    private static let heart: [SentenceRule] = [
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

    // MARK: - Consciousness, brain

    private static let brain: [SentenceRule] = [
        SentenceRule(
            .collapse, .emergency,
            [
                "collapsed|collapse|collapsing|collapses", "unconscious", "unresponsive",
                "not responding|respond|responsive|conscious|reacting|moving|waking", "nonresponsive",
                "passed|passing|pass|blacked|blacking|black|knocked out", "faint|fainted|fainting|faints",
                "keeled|keeling over", "droped|dropped ~1 down|floor|like",
                "cannot|not|hard|barely|impossible|hardly ~4 wake|rouse|waking|awake|woken|arouse|rouseable|stir",
                "not ~1 answer|answering|respond|responding",
                "will not|not|has not ~2 come|came|coming round|around|to",
                "no|not wake|waking",
                "shake|shook|shaking|shout|shouting|slap|pinch|pinching ~8 nothing|response|not|answer*",
                "cannot|not|no ~3 find|feel ~2 pulse|heartbeat", "found ~6 on ~3 floor|ground|bathroom",
                "no pulse|response|heartbeat", "lifeless", "out cold", "eyes ~3 glazed|rolled|rolling|open ~3 not|back",
                "slipping|drifting ~3 sleep|away|consciousness|unconsciousness",
                "limp", "on the floor ~5 not|cannot", "found ~6 on the floor|unconscious|unresponsive",
            ],
            unless: [
                "lung|lungs|lobe|report|says|bits|website|app|page|wifi|server|building|tent|bridge|market|model|picture|phone|limping",
                "wake ~6 wheezing|coughing|sweating|drenched|sweat", "vein|cup|handed", "faint line|shadow|smell|mark",
                "hope|chance|idea",
                "to sleep with", "moving house", "black out curtains|blind",
            ]),
        SentenceRule(
            .confusion, .emergency,
            [
                "confused|confusion|disoriented|delirious|delirium|incoherent|disorientated",
                "talking|speaking|saying|talks|makes|making ~3 nonsense|gibberish|rubbish|sense",
                "not|does not ~2 know|recognise|recognize|remember ~4 name|me|us|where|who|family|wife|husband|day",
                "not making|make ~2 sense", "rambling", "seeing|hearing things", "thinks it is #", "hallucinat*",
                "slurring", "acting|behaving drunk",
            ],
            unless: [
                "confused about|by|how|what|with|which|why|is",
                "report|result|website|form|button|picture|model|instructions|wording", "bit deaf",
                "not know what|how|why|if|when|which", "not know the reason", "what ~4 means|mean",
            ]),
        SentenceRule(
            .stroke, .emergency,
            [
                "having|have|haveing|had|has|think|like|possible|mini|just|signs|another|be ~4 stroke|strok|tia",
                "stroke ~3 now|happening|symptoms",
                "face|mouth|smile|cheek|eyelid|eye ~6 drop|dropped|dropping|droop|drooped|drooping|droops|droopy|lopsided|numb|sag|sagging|sagged|crooked|slipped|twisted|fallen|uneven|wonky",
                "face|mouth|smile ~3 one side",
                "drooping|droopy|lopsided|wonky|crooked|numb ~4 face|mouth|smile",
                "one|only|left|right|half|other ~6 face|body|mouth ~6 numb|weak|drop*|droop*|gone|dead|tingl*|went|up|paraly*|move|working|feel",
                "only one side", "side ~3 goes up",
                "face|body|arm|leg|side|hand|foot ~5 gone|went|is|has|feels|becoming|suddenly|completely|all ~3 numb|weak|limp|paralysed|paralyzed|dead|useless|floppy",
                "half ~2 body ~3 weak|numb|paraly*",
                "weak|weakness|numb|numbness|paralysed|paralyzed ~6 one|left|right|whole ~2 side|arm|leg|hand|half",
                "numb ~6 side",
                "slur*",
                "speech|words|talking|voice|sentences|talk ~5 slurred|jumbled|garbled|wrong|mumbled|muddled|gibberish|funny|mixed|drunk|thick|weird",
                "cannot|not|hard ~4 find|get|say|form ~3 words|word",
                "words ~3 coming|come|came|comin out wrong|funny|jumbled|muddled|strange",
                "cannot ~4 move|lift|raise|feel|use|smile|grip|hold ~5 arm|leg|legs|arms|side|hand|face|properly|foot|mouth|cup",
                "arm|leg|arms|legs|side ~4 cannot|not ~3 lift|move|work|raise|hold|stay|respond", "cannot ~2 smile",
                "worst ~3 headache", "thunderclap", "headache ~8 worst|sudden|suddenly|explosion|explod*|bat|thunder*",
                "sudden|suddenly|exploding|explosive|severe|blinding ~3 headache",
                "cannot|lost|losing|lose|blind|blurred|gone ~4 see|vision|sight|eyesight|eye",
                "blind ~4 suddenly|sudden", "dizzy ~4 cannot ~2 stand|walk|balance",
            ],
            unless: [
                "stroke unit|ward|nurse|association|survivors|team|charity|clinic|consultant", "difference|means|mean",
                "signs of a", "bill|price", "at the dentist|dentist",
                "cannot see ~3 result|results|picture|report|button|page|image|text|file|heat|map|doctor|anything|why|how|where|what|it|my",
                "lost ~4 weight", "about strokes|heart",
            ]),
        SentenceRule(
            .seizure, .emergency,
            [
                "seizure|seizures|seizing", "fitting", "getting|gets fits", "fits ~2 continuously|after",
                "teeth|jaw|body ~3 locked|clenched|stiff", "convuls*",
                "having|has|had|have|having|another|three|two ~3 fit|fits", "epileptic",
                "shak*|jerk*|twitch* ~8 eyes|uncontroll*|foam*|unresponsive|cannot|bit", "foaming ~3 mouth",
                "eyes ~4 rolled|rolling ~2 back|up", "jerking ~4 arms|legs|all|uncontroll*",
            ],
            unless: [
                "fit and well|healthy", "seizure free", "fit of", "giggles|coughing|laughter",
                "fitting room|fitted|properly|the form", "fit in|into|for|the|on", "fits in|the|my|with|into|perfectly",
                "used to", "fits and starts", "medication|tablets|keppra",
            ]),
        SentenceRule(
            .meningitis, .emergency,
            [
                "stiff ~2 neck", "neck ~6 stiff|rigid|hard|wood|bend|chin", "chin ~4 chest",
                "rash|spots|bruise|bruises|bruising ~10 not ~3 fade|go|disappear|blanch|vanish|fading|away",
                "not ~2 fade|blanch|disappear ~6 glass|tumbler|press*",
                "purple|bruise|dark|blood|pinprick ~4 rash|spots|blotches", "meningitis", "bruise like rash",
            ],
            along: [
                "fever*|temperature|hot|burning", "rash|spots|blotches", "headache|light|bright*", "vomit*|sick",
                "drows*|sleepy|wake|limp|floppy", "meningitis",
            ],
            unless: ["had meningitis as", "vaccin*|jab", "slept ~2 funny|wrong"]),
    ]

    // MARK: - Allergy, bleeding

    private static let allergy: [SentenceRule] = [
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

    // MARK: - Harm

    private static let harm: [SentenceRule] = [
        SentenceRule(
            .injury, .emergency,
            [
                "stab|stabbed|knifed|gunshot|impaled|shot ~4 chest|in|by|leg|back|stomach|side|neck",
                "got|been|was|is|just ~1 shot|stabbed|knifed|impaled", "knife ~4 wound|in", "bullet",
                "hit|knocked|struck|run ~4 by|over ~4 car|bus|truck|lorry|van|train|tram|motorbike|bike|bicycle|cyclist|scooter|taxi",
                "car|motorbike|road|bike|bus|motorcycle|traffic|moped|scooter ~2 crash|accident|collision|wreck",
                "crashed ~3 car|motorbike|bike|motorcycle|scooter|moped", "chest ~4 steering|dashboard|airbag",
                "steering wheel",
                "fell|fallen|fall|falls|falling|jumped|came ~8 ladder|roof|window|stairs|scaffold*|floor|balcony|height|tree|metres|meters|feet|foot|horse|bike|storeys|steps|wall|bridge|cliff|staircase|escalator|loft",
                "kicked|trampled|headbutted|gored|thrown ~5 chest|head|stomach|horse|bull|cow",
                "crushed|trapped|pinned|buried ~3 under|by|beneath|between|against",
                "hit|banged|bumped|smashed|cracked|whacked|head|skull ~4 head|skull|injury ~10 vomit*|drows*|sleepy|confus*|sick|unconscious|blood|knocked|blurr*|memory|fluid|dizzy|fit|seizure",
                "head|skull injury|fracture|wound", "electrocut*", "electric shock", "struck by lightning",
                "house|in|kitchen|building|flat fire", "smoke ~3 inhal*|breath*|lungs|lot",
                "inhaled|breathed|breathing|swallowed ~3 smoke|fumes|chlorine|gas|ammonia", "soot",
                "explosion|exploded",
                "burn|burns|burnt|burned|scald* ~8 face|over|body|badly|chest|skin|large|third",
                "chest|face|neck|body|arms|legs ~5 burnt|burned|burns|scalded",
                "boiling|hot|scalding ~2 oil|water|tea|coffee|fat|soup ~8 over|face|chest|himself|herself",
                "caught|on ~1 fire", "came|come|thrown|flew off ~3 motorbike|bike|horse|scooter|bicycle",
                "chest ~4 wrong way",
                "nearly|almost|pulled|fished ~3 drown*|drowned|water|pool|lake|sea|river|bath|canal|pond", "drowned",
                "under ~2 water", "heat stroke|heatstroke", "skin ~3 hot ~2 dry", "talk|talking|talks crazy",
                "hypotherm*", "air ~3 bubbling|sucking", "bone ~5 sticking|through|poking|out",
                "cannot feel ~3 legs|arms|feet|hands", "neck ~3 broken|broke|snapped",
                "amputat*|cut off ~3 finger|hand|arm|toe", "severed",
                "beaten up|attacked|assaulted ~6 breath*|chest|ribs|head|unconscious|blood",
            ],
            unless: [
                "film|movie|game|paper|flu|covid shot|vaccine|vaccin*|jab|booster|photo", "scar|years",
                "heart ~3 failure", "fall asleep|off|ill|out|apart|behind|in love",
                "fell asleep|ill|out|apart|pregnant", "fell in love", "fireworks", "fire ~1 drill|extinguisher|alarm",
                "firefighter", "visit*|clinic|appointment", "long shot|moon", "on the floor and",
            ]),
        SentenceRule(
            .injury, .urgent,
            [
                "fell|fallen|fall|tripped|slipped|knocked|landed|bashed ~6 ribs|rib|chest|back|head|hip|side",
                "ribs ~4 broken|cracked|bruised", "kicked|punched|elbowed ~4 ribs|chest|stomach",
                "hit|banged|bumped ~3 head",
            ], unless: ["asleep", "years|rugby|school"]),
        SentenceRule(
            .injury, .emergency,
            [
                "hit|hits|banged|bumped|bang|hitting|knocked|smacked|cracked|lump ~4 head", "head injury",
                "landed ~3 head", "rolled|fell ~3 off|down",
            ],
            along: [
                "vomit*|sick|throw*", "drows*|sleepy|wake|drifting", "confus*", "seeing ~2 two|double", "pupil|pupils",
                "unconscious|blacked", "thinners|warfarin|apixaban|rivaroxaban|clopidogrel|xarelto|eliquis",
                "seizure|fit", "memory|remember",
            ]),
        SentenceRule(
            .poisoning, .emergency,
            [
                "got into|in ~6 tablets|pills|medicine|medication|cleaner|bleach|cabinet",
                "bottle|packet|box|strip|blister ~4 empty|gone",
            ], along: ["tablet*|pill*|medicine|medication|paracetamol|ibuprofen|iron"],
            unless: ["prescription|refill|pharmacy|run out"]),
        SentenceRule(
            .poisoning, .emergency,
            [
                "swallowed|swallow|ate|eaten|eating|inhaled ~6 battery|batteries|magnet|magnets|bleach|pills|tablets|poison|acid|detergent|pod|capsule|capsules|medication|medicine|needle|pin|glass|razor|cleaner|berries|mushrooms|mushroom|plant|nicotine|vape|mothball*|coin",
                "drank|drunk|drink|drinking|sipped ~6 bleach|antifreeze|cleaner|acid|petrol|detergent|spirit|weedkiller|poison|perfume|sanitiser|sanitizer|methanol|ammonia|turps|paint|descaler|pesticide",
                "overdos*",
                "taken|took|take|had|swallowed|downed|necked ~6 whole|all|too|bottle|packet|pack|packets|handful|box|bunch|lots|loads|strip|extra|entire|double|twenty|thirty|forty|fifty ~6 pills|tablets|paracetamol|ibuprofen|painkillers|insulin|tylenol|aspirin|capsules|medication|meds|codeine|antidepressants|sertraline|heroin|dose|opioids|morphine|methadone|sleeping|warfarin|beta|metoprolol",
                "carbon monoxide", "co alarm", "gas leak|leaking", "poisoned|poisoning",
                "too much ~3 heroin|insulin|cocaine|morphine|methadone|fentanyl|mdma|ketamine|ghb|alcohol|medicine|paracetamol",
                "snake|adder bite|bit|bitten", "bitten ~4 snake|adder|cobra|viper", "mixed ~3 bleach",
            ], unless: ["food poisoning", "homework|course|essay|student", "poisoning the", "too ~3 picture"]),
        SentenceRule(
            .selfHarm, .emergency,
            [
                "suicid*", "kill|killing myself|himself|herself|themselves", "kill me now|please",
                "end|ending|ended|take|taking|took ~2 own|my|his|her|it|all ~2 life|all|tonight",
                "end|ending it|things ~2 tonight|all|now|today|soon|here", "ending|end it",
                "hang|hanging|shoot|shooting|drown|drowning|stab|stabbing|cut|cutting|hurt|hurting|harm|harming|burn|burning|starve myself|himself|herself|themselves",
                "want|wants|wanting|wish|wished|ready|going|rather ~5 die|dead|disappear|dying",
                "do|does|did not|dont ~3 want ~3 live|alive|here|exist|wake|carry", "better off dead|gone|without",
                "without me", "everyone|world|family|they|kids ~3 better off",
                "written|wrote|writing ~3 letters|note|goodbyes", "tonight is ~1 the night",
                "pills|tablets ~5 in front|lined|ready|saved", "reason not to",
                "i am|stood|standing ~2 on ~2 bridge|roof|ledge|edge|tracks",
                "cut|slit|slashed|cutting ~3 wrist|wrists|veins",
                "will|going|wants|threatening|threatens|have ~2 jump|jumped", "goodbye to everyone|all|us|me",
                "texted|text goodbye", "has|got|holding ~2 knife|gun|rope|noose|razor|blade",
                "no reason|point ~3 live|living|going|on|anymore|in|carrying",
                "no point ~8 off|how|without|anymore|any", "nothing ~2 live for",
                "cannot|not ~3 go on|live|carry ~3 anymore|like|on|more", "tired of living|life|being alive",
                "self harm*", "jump* ~4 off|from|bridge|front ~4 bridge|roof|building|train|cliff|balcony",
                "goodbye note|forever|everyone",
                "say|said|saying|texted|wrote ~3 goodbye ~8 hang|kill|die|pills|end|forever", "suicide note",
                "stop existing",
                "planned ~4 how|end|it",
            ],
            unless: [
                "helpline|prevention|hotline|volunteer", "died by suicide", "laugh*|laughing|tea|coffee|haha|lol",
                "dying to", "end it ~2 with", "how many", "my ex",
                "cut myself ~4 shaving|cooking|chopping|by|knife while",
                "burn|burnt myself ~4 cooking|iron|oven|stove|kettle",
                "hurt myself ~6 gym|lifting|falling|fell|running|football|playing|knee|ankle|back",
                "end it ~2 session|chat|call", "take it all", "want to die of laugh*",
                "chat|session|conversation|subscription",
            ],
            evenIfConditional: true),
    ]

    // MARK: - Infection, babies

    private static let body: [SentenceRule] = [
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

    // MARK: - To be seen today

    private static let today: [SentenceRule] = [
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

    // MARK: - To be seen in days

    private static let long =
        "three|four|five|six|seven|eight|nine|ten|eleven|twelve|3|4|5|6|7|8|9|10|11|12|several|many|few ~1 weeks|week"
    private static let months =
        "month|months|year|years|winter|summer|christmas|xmas|spring|autumn|january|february|march|april|june|july|august|september|october|november|december"

    private static let thisWeek: [SentenceRule] = [
        SentenceRule(
            .cough, .soon,
            [
                "cough* ~10 \(long)", "cough* ~10 \(months)", "\(long) ~6 cough*", "\(months) ~6 cough*",
                "cough* ~6 weeks", "weeks ~4 cough*", "cough ~6 not|never ~2 go|gone|away|clear|shift|stop",
            ],
            unless: [
                "blood", "as a child", "went away", "no cough", "never since", "# days",
                "since monday|tuesday|wednesday|thursday|friday|saturday|sunday",
            ]),
        SentenceRule(
            .weight, .soon,
            [
                "losing|lose|lost|loosing ~4 weight",
                "lost|losing|lose|dropped ~4 kilo|kilos|kg|stone|pounds|lbs|lb|pound",
                "weight ~3 loss|dropping|falling|off", "clothes|trousers|jeans|belt ~4 loose|hanging|falling|off|big",
                "gone off ~2 food", "no appetite|hunger", "lost ~2 appetite", "wasting away", "getting thinner|skinny",
            ], unless: ["on a diet|purpose|slimming", "trying to lose", "no weight", "weight off"]),
        SentenceRule(
            .sweats, .soon,
            [
                "night|nights|sleep|bed ~6 sweat*|drenched|soaked",
                "sweat* ~8 night|nights|sleep|bed|pjs|pyjamas|sheets", "drench* ~4 sweat*|night*|sheets",
            ], unless: ["cold sweat*", "hot flush*"]),
        SentenceRule(
            .hoarse, .soon,
            [
                "hoarse|hoarseness|croaky|husky|raspy|croak* ~10 \(long)|\(months)",
                "\(long)|\(months) ~5 hoarse|croaky|husky|raspy", "hoarse|croaky|husky ~8 weeks|months|month",
                "voice ~5 hoarse|croaky|husky|gone|raspy|changed|weak ~10 weeks|months|month",
                "lost my voice ~4 weeks|months",
            ]),
        SentenceRule(
            .clubbing, .soon,
            ["clubb*", "fingertips|fingers|nails|nail|finger ~8 round*|bulbous|drumstick*|curv*|clubbed|swollen"],
            unless: ["blue|numb|purple", "night club"]),
        SentenceRule(
            .tuberculosis, .soon,
            [
                "tb|tuberculosis ~8 contact|diagnosed|lives|share|office|home|test|flatmate|colleague|housemate|exposed|work|has|family|close",
                "contact|exposed|diagnosed|has|lives|share* ~8 tb|tuberculosis",
            ], unless: ["tb treated", "had tb", "vaccin*|bcg|jab"]),
        SentenceRule(
            .recurrent, .soon,
            [
                "third|fourth|fifth|second|another|more|repeated|recurrent|3|4|5 ~3 chest|lung infection*|pneumonia",
                "keep|keeps getting|having ~3 infection*|pneumonia|bronchitis",
                "infection*|pneumonia ~5 again|times|twice|every|year|since|couple", "pneumonia twice|again",
            ], unless: ["got over it"]),
        SentenceRule(
            .lump, .soon,
            [
                "lump|lumps|swelling|mass|bump ~6 neck|collarbone|armpit|breast|chest|throat",
                "swollen|enlarged ~2 gland*|node*", "gland*|node* ~4 swollen|up|enlarged",
                "shoulder ~6 aching|pain* ~8 months|weeks", "lump",
            ], unless: ["report|picture|map", "lump ~2 sum|sugar"]),
        SentenceRule(
            .gradual, .soon,
            [
                "breathless*|puffed|breath ~10 slowly|gradually|year|months|gradual",
                "slowly|gradually|gradual ~6 breathless*|breath|puffed", "puffed ~6 walks|hills|stairs",
                "breathless ~3 hills|exertion",
            ]),
        SentenceRule(
            .other, .soon,
            [
                "swallow* ~10 months|weeks|sticks|sticking|stuck|stickier|harder",
                "mole|freckle ~8 bigger|darker|bleeding|changed|changing|itchy",
                "breast|nipple ~8 dimple|lump|discharge|change|inverted",
                "bowel|toilet|poo|stool* ~6 habit|change|changed|loose|weeks|blood", "loose motions ~8 weeks",
                "nodule ~14 not|no ~4 appointment|date|follow|heard",
                "repeat|follow ~3 xray|x|scan|appointment ~8 not|nobody|no|never|missed",
                "ulcer|sore ~6 not ~2 healed|heal|weeks",
                "ankle|ankles|feet ~4 swell*|swollen ~8 weeks|evening|month|both",
                "heartburn|reflux|indigestion ~8 weeks|months",
                "palpitation* ~8 month|week|weeks|months",
                "feeling|felt|been low|down|flat|depressed ~8 weeks|months|month|years",
                "haemoglobin|hemoglobin|anaemi* ~8 low|back|tired", "tired* ~8 weeks|months|month",
                "pins|tingling ~8 months|weeks|slowly|worse", "blood ~6 wipe|toilet paper|paper",
                "snor* ~10 breathing|tired|asleep", "droopy eyelid ~8 gradually",
                "asbestos ~12 cough*|breath*|winded|puffed", "coughs|cough ~4 every time|night ~6 month|weeks|run*",
                "inhaler ~8 week ~8 used|more",
            ], unless: ["years ago"]),
        SentenceRule(
            .fever, .soon,
            [
                "low|slight|mild ~2 fever|temperature ~8 week|weeks|days|evening*",
                "temperature|fever ~10 week|evening|evenings|days",
                "fever|temperature ~8 37.5|37.6|37.7|37.8|37.9|38|38.1|38.2",
            ], unless: ["no fever", "high", "hay fever"]),
    ]
}
