/// Harm to oneself, asked about or hinted at. What is asked, imagined or tied to an "if" counts in full here.
extension SentenceRule {
    static let despair: [SentenceRule] = [
        // An amount, so as not to wake.
        SentenceRule(
            .selfHarm, .emergency,
            [
                "how many|much ~12 not|never ~2 wake", "enough ~4 not|never ~2 wake",
                "sleep|asleep ~3 never|not ~2 wake",
                "asleep|sleep forever", "enough|takes ~3 kill me|myself|yourself|someone|somebody|person|adult",
                "would|will|could|can|might|to kill me|myself|yourself|oneself", "enough ~3 to die", "dead by|before",
                "until ~2 heart stops|stopped", "how many|much ~6 lethal|deadly|fatal|die|dead",
                "lethal|deadly|fatal ~1 dose|overdose|amount|quantity", "finish me off",
                "amount|dose|much|many ~6 kill|kills",
                "how many|much ~4 finish me|myself",
                "saving|saved|collecting|collected|stockpil*|hoard* ~3 tablets|pills|medication|medicines|meds|insulin",
            ],
            unless: [
                "radiation|xray|xrays|ray|rays", "is|this|it|that going to kill me",
                "kill|kills ~3 bacteria|germs|germ|virus|viruses|cell|cells|cancer|infection|pain|bug|bugs",
                "helpline|prevention|hotline", "people|patients",
                "wake ~3 night|coughing|husband|wife|baby|early",
            ],
            evenIfConditional: true),
        // A way to go.
        SentenceRule(
            .selfHarm, .emergency,
            [
                "way|ways|method|methods ~2 die|dying", "painless|painlessly|peaceful|peacefully ~2 die|death|suicide",
                "way to go without|quietly|painlessly|peacefully|quickly|gently|that",
                "painful|painless|easy|easiest|quick|quickest|only|gentle|peaceful way out",
                "way ~3 gone|dead", "leave|leaving this|the|my life|world|earth", "kill yourself|oneself",
                "end|ending everything", "end|ending my|your|his|her|their|ones life",
                "make|want|need ~1 it all ~1 stop",
                "want|wants|wish|like|rather|prefer ~3 be gone|dead",
            ],
            unless: [
                "laugh*", "helpline|prevention|hotline", "out of the|a|my|your|hospital|ward",
                "insurance", "page|website", "dead sure|certain|right|easy|tired|keen",
            ],
            evenIfConditional: true),
        // A bridge, a train, the wheel.
        SentenceRule(
            .selfHarm, .emergency,
            [
                "\(wish) ~8 \(movement) ~6 off|into|under|against|front|before ~4 \(edge)",
                "\(wish) ~8 going|falling|fall|go ~2 over|off ~3 cliff|edge",
                "bridge|rope|tracks|knife|river ~4 keeps calling",
                "stands|standing|stood|sitting|sits ~2 on|at ~3 ledge|edge|parapet|railing|tracks",
                "\(movement) ~6 on purpose|deliberately",
                "jump*|leap* ~2 from|off|out ~3 floor|window|bridge|roof|balcony|cliff|storey",
                "throw*|threw myself|himself|herself|themselves ~3 under|off|front|before|out|from ~4 \(edge)",
                "let|letting go ~3 wheel", "climb* ~2 over|onto ~3 railing|railings|ledge|parapet|barrier",
                "look*|stare|staring ~2 at ~2 bridge|tracks|rails|rope|pills|tablets ~5 easy|over|end|jump",
            ],
            unless: [
                "bed|chair|sofa|table|bath|seat", "bungee|parachute|trampoline|diving|pool|video|game|swimming",
                "not on purpose",
                "insurance|gate|queue",
            ],
            evenIfConditional: true),
        SentenceRule(
            .selfHarm, .emergency, ["want|wants|wanted|urge|tempted|need|going ~1 jump"],
            along: ["station|bridge|platform|roof|balcony|ledge|window|rails|tracks|floor|railing|cliff"],
            unless: ["queue|joy|rope|ahead|bungee"], evenIfConditional: true),
        // Wounds of one's own.
        SentenceRule(
            .selfHarm, .emergency,
            [
                "cuts|slits|slashes|burns|harms|scratches|carves myself|himself|herself|themselves",
                "scratch*|carv* ~6 razor|blade|knife|scissors", "carv* ~3 arm|arms|skin|leg|legs|wrist|thigh",
                "cut|cuts|cutting|burn|burning|scratch* ~1 my|his|her ~2 \(limb) ~4 on purpose|deliberately",
                "blade|razor|cutting|pain ~2 helps|calms|relieves ~1 me|him|her", "hiding|hides|hid ~3 cuts",
            ],
            unless: [
                "shaving|cooking|chopping|accident", "pumpkin|wood|turkey|meat|chicken|roast",
                "cat|rose|bush|bramble*|thorn*|fence",
            ],
            evenIfConditional: true),
        SentenceRule(
            .selfHarm, .emergency, ["cut|cuts|cutting|scars ~6 \(limb)", "\(limb) ~5 cut|cuts|scars"],
            along: ["want* ~3 die|dead", "not ~3 live", "blade|razor", "helps me", "on purpose", "wish ~4 dead"],
            evenIfConditional: true),
        // No strength to go on.
        SentenceRule(
            .selfHarm, .emergency,
            [
                "cannot ~1 do|take|bear|stand|face|endure it|this|life any|anymore|longer",
                "not ~1 bear|stand|face|endure it|this|life any|anymore|longer",
                "cannot|not ~1 go on ~1 any|anymore|longer", "cannot|not keep going", "reason|point ~5 alive",
                "point ~2 living|live",
                "done|finished|tired|sick|fed|through ~2 of|with ~1 life|living",
                "enough of ~2 life|living", "life ~1 not ~1 worth", "not worth living", "being alive",
                "nobody|noone|one ~1 miss me", "nobody|noone|one ~3 notice|care ~3 gone|dead|died|disappeared",
                "no way out", "not see ~1 way forward|out", "not see ~2 future", "it all to stop|end",
            ],
            unless: [
                "going to|back|up", "insurance", "page|menu|session|form|website", "building|car park",
                "living ~1 room", "happy|glad|grateful|lucky|thankful ~3 alive",
            ],
            evenIfConditional: true),
        SentenceRule(
            .selfHarm, .emergency, ["goodbye ~3 children|kids|family|wife|husband|friends|mum|dad"],
            along: ["i am done", "enough", "over", "tonight", "ready", "cannot", "pills|tablets"],
            unless: ["airport|train|holiday"], evenIfConditional: true),
    ]

    private static let wish =
        "picture|picturing|imagine|imagining|think|thinking|thoughts|thought|planning|plan|want|wants|wanted|tempted|urge|dream|dreaming|feel|could|going"
    private static let movement =
        "jump*|throw*|step|stepping|stepped|walk|walking|walked|driv*|drove|steer*|crash*|swerv*|run|running|leap*"
    private static let edge =
        "bridge|cliff|balcony|roof|train|trains|tram|tree|wall|traffic|lorry|truck|bus|car|cars|tracks|platform|floor|railing|window|river|pier|pillar"
    private static let limb = "arm|arms|wrist|wrists|thigh|thighs|leg|legs|skin"
}
