/// Consciousness, brain.
extension SentenceRule {
    static let brain: [SentenceRule] = [
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
                "to sleep with", "not ~1 answer my|the|a question|questions", "not an answer",
                "you do|did|have|are not answer|answering|answered", "i do|did not ~1 wake",
                "i do|did not want to wake", "moving house",
                "black out curtains|blind",
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
                "confused ~2 explain|say|repeat|tell", "confused about|by|how|what|with|which|why|is",
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
                "cannot you see", "you cannot see",
                "cannot see ~3 record|results|picture|report|button|page|image|text|file|heat|map|doctor|anything|why|how|where|what|it|my",
                "lost ~4 weight", "word of ~1 that|this|it|the", "about strokes|heart",
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
}
