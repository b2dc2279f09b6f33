extension Spelling {
    /// Words one slip away from a key word that are no slip: found by mending every word of an English word list.
    static let neighbours: Set<String> = [
        "ambiance", "attach", "batter", "battered", "batters", "beach", "beaching", "berthing", "bitterly",
        "bleating", "blending", "blessing", "blond", "bloom", "boating", "breach", "breached", "breaches",
        "breaching", "breading", "breadth", "breadths", "breaking", "breast", "breasts", "breathed", "breeding",
        "breezing", "brest", "broaching", "brood", "buttery", "censused", "chalking", "cheat", "checking", "chess",
        "chinking", "choosing", "chopping", "chowing", "chroming", "chucking", "chugging", "clashing", "cloaking",
        "clocking", "coaching", "coking", "collared", "collated", "confessed", "confided", "confined", "conjured",
        "consulting", "consumed", "conversing", "cooking", "couch", "couched", "couching", "counted", "counting",
        "coupling", "coursing", "courting", "crashed", "crashing", "crest", "cresting", "crisping", "crooking",
        "crossing", "crouched", "crouching", "cruising", "crumbing", "crunching", "crusading", "crusting",
        "emergence", "feinted", "fewer", "fiver", "flaunted", "flopping", "gaping", "gashing", "gassing",
        "gnashing", "grasping", "grassing", "hart", "hear", "heard", "hears", "hearth", "heavenly", "heaviest",
        "inaction", "inception", "induction", "infecting", "infectious", "inflation", "inflection", "inflections",
        "infraction", "insertion", "inspection", "intention", "invention", "odometer", "overbore", "overcome",
        "overdoes", "overdone", "overrode", "overtone", "overused", "pleasure", "poignant", "prisoner", "purse",
        "sallow", "sallower", "scabbed", "scalloped", "scenting", "scurried", "seating", "sedating", "seedling",
        "selling", "sheathing", "sheering", "shelling", "shelving", "shimmering", "shoveling", "shriveling",
        "shrugging", "silvering", "slabbed", "sleeting", "slivering", "smearing", "smelling", "smelting",
        "smoulder", "smoulders", "smuggling", "sneaking", "sneezing", "snuggling", "spearing", "spelling",
        "spellings", "spilling", "splurged", "spurred", "squeaking", "squealing", "stabled", "stalling", "stealing",
        "steaming", "steeling", "sterling", "stoke", "straggling", "strangling", "strike", "strikes", "strode",
        "stroked", "strove", "stubbed", "swabbed", "swathing", "swatting", "swearing", "sweeping", "swerving",
        "swilling", "swirling", "swiveling", "swivelling", "tables", "temperate", "threat", "visiting", "weigh",
        "weighs", "weighted", "wheedling", "whetting", "whizzing", "wright",
    ]
}
