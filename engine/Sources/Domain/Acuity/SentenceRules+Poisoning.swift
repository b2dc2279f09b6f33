/// Medicine in amounts that harm, and carbon monoxide.
extension SentenceRule {
    static let poisoning: [SentenceRule] = [
        SentenceRule(
            .poisoning, .emergency,
            [
                "\(taken) ~2 \(dozens) \(drug)", "\(taken) ~2 \(dozens) of ~5 \(drug)",
                "took|taken|swallowed|downed|necked ~2 \(dozens) of them|these|those",
                "ate|eaten|drank|drunk|emptied|downed ~1 whole|entire|all ~3 \(drug)|syrup",
                "ate|eaten|drank|drunk|emptied|downed|swallowed ~2 strip|box|packet of ~5 \(drug)",
                "drank|drunk|emptied|downed ~2 bottle|bottles of ~3 \(drug)|syrup",
                "took|taken|swallowed|downed|necked|eaten|ate ~2 load|bunch|lot of ~4 \(drug)",
                "# ~2 insulin ~3 instead of #",
                "\(taken) ~3 too many", "took|taken|swallowed|had ~3 so many ~3 \(drug)",
                "injected|took|taken|had|given|gave ~2 five|ten|#3+ times ~3 dose|insulin|amount",
            ],
            unless: [
                "prescribed|told|instructed|usual|daily|normally", "a|each|every|per|one day",
                "over ~3 days|week|weeks",
                "weeks|months|years", "picture|pictures|photo|photos|questions|steps", "left|remaining|spare",
                "too many ~2 questions|pictures|photos",
            ]),
        SentenceRule(
            .poisoning, .emergency, ["took|taken|swallowed|downed the lot"],
            along: ["\(drug)"], unless: ["parking|car"]),
        // Three of what is taken once: the heart, blood thinners, sedatives.
        SentenceRule(
            .poisoning, .emergency,
            [
                "took|taken|swallowed|injected|had|used ~3 \(potent) ~3 \(times) times",
                "took|taken|swallowed|injected|had ~1 \(times) times ~4 \(potent)",
                "took|taken|had|swallowed ~1 \(times) ~3 digoxin|digitoxin|lanoxin",
            ],
            unless: [
                "prescribed|told|instructed|usual", "a|each|every|per day|week", "this|last week|month",
                "test|tests|prescription*|appointment*",
            ]),
        SentenceRule(
            .poisoning, .emergency,
            [
                "took|taken|injected|swallowed|given|had ~3 insulin|morphine|methadone|fentanyl|oxycodone|oramorph|lithium ~4 \(times)|twice|double"
            ], along: ["mistake|accident|accidentally|instead", "sleepy|drows*|shaky|sweat*|confus*|trembl*"],
            unless: ["prescribed|told", "a day"]),
        SentenceRule(
            .poisoning, .emergency,
            [
                "everything|world|room|see|seeing|sees|vision|sight|eyes|eyesight|lights ~5 yellow|yellowish|green",
                "yellow|yellowish|green ~3 tinge|ring|rings|halo|halos|vision|lights|haze",
                "pulse|heartbeat|rate ~2 slow|30|32|34|35|36|37|38|39|40|41|42|43|44|45",
            ], background: ["digoxin|digitoxin|digitalis|lanoxin"],
            unless: ["map|picture|heatmap", "tablets|pills are"]),
        // Something burns where it mustn't, and somebody is ill.
        SentenceRule(
            .poisoning, .emergency,
            [
                "\(ember) ~6 \(indoors)", "\(indoors) ~4 with|by|using ~3 \(ember)",
                "\(indoors) ~3 \(ember) ~2 lit|on|burning",
                "lit|burn*|lighted ~4 fire ~3 tent|caravan|bedroom|van|camper",
                "car|engine|motor|motorbike ~5 running|on|idling ~6 garage",
                "stove|fire|coal|chimney|fireplace ~2 smok* ~4 room|house|into|kitchen",
            ], along: ill + ["cannot|not|hard ~4 wake|woken|up", "asleep ~6 cannot"],
            unless: ["electric|outdoors|outside|balcony|garden"]),
        // The heating is on, and several are ill.
        SentenceRule(
            .poisoning, .emergency,
            [
                "heater|boiler|stove|fireplace|furnace|cooker|oven|heating|fire ~4 lit|on|came|running|burning|leak*|smok*",
                "gas ~1 heater|fire|stove|cooker|oven",
            ],
            along: [
                "all|both|everyone|everybody|family|house|household|kids|children|flatmates ~9 headache*|dizzy|sick|nausea|nauseous|vomit*|drows*|unconscious|head|heads"
            ], unless: ["electric"]),
    ]

    private static let taken = "took|taken|swallowed|had|downed|necked|ate|eaten|swallowing"
    private static let dozens =
        "#8+|eight|nine|ten|eleven|twelve|dozen|dozens|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|twenty|thirty|forty|fifty|sixty|hundred|hundreds|handful|handfuls|loads|most"
    private static let times = "three|four|five|six|seven|eight|nine|ten|#3+|several|many|multiple"
    private static let potent =
        "digoxin|digitoxin|lanoxin|warfarin|apixaban|rivaroxaban|edoxaban|dabigatran|eliquis|xarelto|bisoprolol|metoprolol|atenolol|propranolol|carvedilol|amlodipine|verapamil|diltiazem|flecainide|amiodarone|sotalol|ramipril|lisinopril|methotrexate|lithium|amitriptyline|diazepam|lorazepam|zopiclone|morphine|methadone|oxycodone|fentanyl|pressure|sleeping|thinner|thinners|gliclazide"
    private static let drug =
        potent
        + "|tablet|tablets|pill|pills|capsules|paracetamol|ibuprofen|aspirin|painkillers|codeine|tramadol|antidepressants|sertraline|fluoxetine|citalopram|insulin|medication|medicine|medicines|meds|metformin|simvastatin|atorvastatin|clopidogrel|furosemide|losartan|candesartan|antihistamines|naproxen|diclofenac|co|nytol|promethazine|quetiapine|olanzapine|doxepin|mirtazapine|iron|theophylline"
    private static let ember =
        "charcoal|barbecu*|barbequ*|bbq|barbie|grill|generator|coal|coals|briquettes|embers"
    private static let indoors =
        "indoors|inside|cellar|basement|tent|room|bedroom|kitchen|caravan|house|garage|flat|van|lounge|camper|hallway|hall|porch|office|attic|conservatory|shed"
    private static let ill = [
        "headache|headaches", "head ~3 hurts|pounding|aching|banging|throbbing|bad|splitting", "dizzy|giddy|woozy",
        "sick|nausea|nauseous|vomit*", "drows*|sleepy", "faint|fainted", "confus*|floppy|limp|unconscious",
    ]
}
