/// The plainest danger signs in German, because the page is offered in it. What stands behind them is thinner than in
/// English, and the sentence model reads English only.
extension SentenceRule {
    static let german: [SentenceRule] = [
        SentenceRule(
            .breathing, .emergency,
            [
                "keine|kaum|wenig ~2 luft", "luft ~2 weg|knapp", "atemnot", "erstick*", "nicht|kaum|schwer ~2 atmen",
                "atme|atmet ~3 nicht|kaum|schwer|schnell", "schnappe|schnappt|ringt|ringe ~3 luft", "asthmaanfall",
            ], unless: ["luft ~1 ballon", "frische luft"]),
        SentenceRule(
            .chestPain, .emergency,
            [
                "brustschmerz*", "schmerz*|druck|enge|stechen|brennen|engegefühl ~4 brust|brustkorb|herz|brustbein",
                "brust|brustkorb|herz ~5 schmerz*|druck|eng|weh|sticht|drückt|zugeschnürt",
                "linke|linker arm ~3 taub|weh|schwer",
            ], unless: ["husten", "atmen", "leicht|leichte|leichter"]),
        SentenceRule(
            .chestPain, .urgent, ["schmerz*|stechen|weh ~6 brust|rippen|atmen", "brust|rippen ~6 weh|schmerz*|sticht"]),
        SentenceRule(.heartAttack, .emergency, ["herzinfarkt", "herzstillstand", "kein|keinen puls"]),
        SentenceRule(
            .colour, .emergency,
            ["lippen|gesicht|mund ~4 blau|grau|bläulich", "blaue|graue|bläuliche ~1 lippen|gesicht"]),
        SentenceRule(
            .collapse, .emergency,
            [
                "bewusstlos*", "ohnmächtig|ohnmacht", "zusammengebrochen|kollabiert|umgekippt",
                "nicht ~2 ansprechbar|wach|weckbar",
                "reagiert ~2 nicht|kaum", "wacht ~2 nicht",
            ]),
        SentenceRule(
            .confusion, .emergency, ["plötzlich|ganz|völlig ~2 verwirrt|desorientiert", "redet ~2 wirr|unsinn"]),
        SentenceRule(
            .blood, .emergency,
            [
                "erbricht|erbreche|erbrochen|bricht ~4 blut", "blut ~4 erbrochen|erbricht|gebrochen",
                "viel|literweise|schwallweise ~2 blut", "hustet|huste|spuckt|spucke ~4 viel ~2 blut",
            ], unless: ["blutdruck|blutbild|bluttest"]),
        SentenceRule(
            .blood, .urgent,
            ["hustet|huste|husten|spucke|spuckt|gehustet|auswurf ~4 blut*", "blut* ~4 husten|gehustet|auswurf"]),
        SentenceRule(
            .stroke, .emergency,
            [
                "schlaganfall", "mundwinkel ~3 hängt|hängen", "halbseitig*|gelähmt|lähmung",
                "gesicht ~3 hängt|taub|schief",
                "spricht|sprache|rede|redet ~3 verwaschen|undeutlich|lallt|lallend", "lallt",
                "arm|bein|seite ~4 taub|gelähmt|kraftlos",
            ]),
        SentenceRule(
            .swelling, .emergency,
            [
                "zunge|hals|rachen|gesicht|kehle|lippen ~4 geschwollen|schwillt|schwellen|zu|zugeschwollen",
                "anaphyla*",
                "allergischer|allergischen schock",
            ]),
        SentenceRule(
            .bleeding, .emergency,
            ["blutet|blutung|blute ~4 stark|heftig|nicht", "starke|heftige blutung", "blut ~4 spritzt|strömt|schießt"]),
        SentenceRule(
            .seizure, .emergency, ["krampfanfall|krampfanfälle|krampft|krampfen", "epileptischer|epileptischen anfall"]),
        SentenceRule(
            .meningitis, .emergency, ["nackensteif*|genickstarre", "steifer|steifen nacken", "nacken ~3 steif"],
            along: ["fieber", "kopfschmerz*", "licht*"]),
        SentenceRule(
            .sepsis, .emergency, ["blutvergiftung", "marmoriert*", "schüttelfrost ~8 verwirrt|schläfrig|benommen"]),
        SentenceRule(
            .injury, .emergency,
            [
                "stichwunde|schusswunde|messerstich*", "angeschossen|niedergestochen",
                "autounfall|verkehrsunfall|motorradunfall",
                "gestürzt|gefallen|sturz ~6 leiter|dach|fenster|treppe|gerüst", "stromschlag",
                "rauchvergiftung|rauchgasvergiftung",
            ]),
        SentenceRule(
            .poisoning, .emergency,
            [
                "überdosis", "vergiftet|vergiftung",
                "batterie|batterien|knopfzelle|bleiche|reiniger|gift ~5 verschluckt|getrunken|gegessen",
                "verschluckt ~5 batterie|knopfzelle|magnet*", "zu viele|packung ~4 tabletten",
                "tabletten ~3 geschluckt", "kohlenmonoxid",
            ], unless: ["lebensmittelvergiftung"]),
        SentenceRule(
            .selfHarm, .emergency,
            [
                "umbringen|umzubringen", "selbstmord*|suizid*", "will|möchte ~4 sterben", "nicht mehr leben",
                "leben ~3 beenden|nehmen",
                "mir ~3 antun", "sterben will|möchte",
            ], unless: ["prävention|hotline|beratungsstelle"], evenIfConditional: true),
        SentenceRule(
            .infant, .emergency,
            [
                "baby|säugling|neugeborenes|kind ~5 schlaff|blau|reglos|apathisch",
                "fontanelle ~3 eingesunken|vorgewölbt",
            ]),
        SentenceRule(
            .fever, .urgent, ["hohes|hoch fieber", "fieber ~6 tagen|tage|39*|40*", "schüttelfrost"],
            unless: ["kein fieber"]),
        SentenceRule(.leg, .urgent, ["bein|wade ~5 geschwollen|dick|schmerz*|rot|heiß", "thrombose|lungenembolie"]),
        SentenceRule(.cough, .soon, ["husten|huste ~6 wochen|monaten|monate", "wochen|monaten ~4 husten|huste"]),
        SentenceRule(
            .weight, .soon, ["abgenommen|gewichtsverlust", "verliere|verloren ~3 gewicht|kilo"], unless: ["diät"]),
        SentenceRule(.sweats, .soon, ["nachtschweiß", "nachts ~5 schwitze|schweiß*|nassgeschwitzt"]),
    ]
}
