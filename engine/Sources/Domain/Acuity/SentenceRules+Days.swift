/// To be seen in days.
extension SentenceRule {
    static let long =
        "three|four|five|six|seven|eight|nine|ten|eleven|twelve|3|4|5|6|7|8|9|10|11|12|several|many|few ~1 weeks|week"
    static let months =
        "month|months|year|years|winter|summer|christmas|xmas|spring|autumn|january|february|march|april|june|july|august|september|october|november|december"

    static let thisWeek: [SentenceRule] = [
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
