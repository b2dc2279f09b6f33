/// Families of medicines, as far as they matter for an allergy, or beside another medicine or an illness. It is no complete
/// list: what isn't in it isn't safe for that.
///
/// Sources: MedlinePlus "Drugs, herbs and supplements"; NHS "Medicines A to Z".
struct DrugClass: Sendable {
    let name: String
    /// Lower case, as people write them; part of a word will do.
    let members: [String]
    /// Words under which an allergy to it is noted, besides its members.
    var allergyWords: [String] = []

    func holds(_ drug: String) -> Bool { members.contains { drug.contains($0) } }

    func isAllergyTo(_ substance: String) -> Bool { (members + allergyWords).contains { substance.contains($0) } }
}

/// What other modules ask of medicines.
public enum Medicines {
    /// Whether a medicine thins the blood: an anticoagulant, or a medicine against clots of platelets.
    public static func isBloodThinner(_ name: String) -> Bool { DrugClass.bloodThinners.holds(name.lowercased()) }
}

extension DrugClass {
    static let penicillins = DrugClass(
        name: "penicillins",
        members: [
            "penicillin", "amoxi", "augmentin", "clav", "flucloxacillin", "ampicillin", "piperacillin", "tazobactam",
            "pivmecillinam", "dicloxacillin",
        ], allergyWords: ["antibiotic"])
    static let cephalosporins = DrugClass(
        name: "cephalosporins", members: ["cef", "ceph", "keflex"], allergyWords: ["antibiotic"])
    static let macrolides = DrugClass(
        name: "macrolides", members: ["thromycin", "zithromax", "z-pack", "z pack", "biaxin"],
        allergyWords: ["macrolide", "antibiotic"])
    static let sulfonamides = DrugClass(
        name: "sulfonamides",
        members: ["sulfa", "sulpha", "trimethoprim", "trimoxazole", "bactrim", "septra", "sulfamethoxazole"],
        allergyWords: ["antibiotic"])
    static let quinolones = DrugClass(
        name: "quinolones", members: ["floxacin", "cipro", "avelox", "levaquin"],
        allergyWords: ["quinolone", "antibiotic"])
    static let tetracyclines = DrugClass(
        name: "tetracyclines", members: ["cycline", "vibramycin"], allergyWords: ["antibiotic"])
    static let antiInflammatories = DrugClass(
        name: "anti-inflammatory painkillers",
        members: [
            "ibuprofen", "ibuprofin", "brufen", "nurofen", "advil", "motrin", "naproxen", "aleve", "diclofenac",
            "voltar",
            "celecoxib", "celebrex", "aspirin", "acetylsalicyl", "ketoprofen", "indomet", "meloxicam", "etoricoxib",
        ], allergyWords: ["nsaid", "anti-inflammator", "painkiller", "salicyl"])
    static let opioids = DrugClass(
        name: "opioids",
        members: ["codeine", "morphine", "tramadol", "oxycod", "fentanyl", "tilidin", "hydrocodone", "co-codamol"],
        allergyWords: ["opioid", "opiate"])
    static let azoles = DrugClass(name: "medicines against fungi", members: ["conazole"])
    static let nitroimidazoles = DrugClass(name: "metronidazole", members: ["metronidazole", "flagyl", "tinidazole"])
    static let contrast = DrugClass(
        name: "contrast media", members: ["contrast", "iodin", "gadolin"], allergyWords: ["dye"])
    static let paracetamol = DrugClass(
        name: "paracetamol", members: ["paracetamol", "acetaminophen", "tylenol", "panadol", "calpol", "co-codamol"])
    static let bloodThinners = DrugClass(
        name: "blood thinners",
        members: [
            "warfarin", "coumadin", "marcumar", "phenprocoumon", "apixaban", "eliquis", "rivaroxaban", "xarelto",
            "dabigatran", "pradaxa", "edoxaban", "lixiana", "heparin", "enoxaparin", "clexane", "dalteparin",
            "tinzaparin", "fondaparinux", "acenocoumarol", "clopidogrel", "plavix", "ticagrelor", "prasugrel",
            "blood thinner",
        ])
    static let pressure = DrugClass(
        name: "medicines for blood pressure",
        members: [
            "pril", "sartan", "spironolactone", "eplerenone", "furosemide", "torasemide", "thiazide", "indapamide",
        ])
    static let potassium = DrugClass(name: "potassium", members: ["potassium", "salt substitute", "lo salt"])
    static let betaBlockers = DrugClass(name: "beta blockers", members: ["olol"])
    static let nitrates = DrugClass(name: "nitrates", members: ["nitro", "gtn", "isosorbide"])
    static let erection = DrugClass(
        name: "medicines for erections", members: ["sildenafil", "viagra", "tadalafil", "cialis", "vardenafil"])
    static let serotonin = DrugClass(
        name: "medicines for depression",
        members: [
            "sertraline", "fluoxetine", "prozac", "citalopram", "paroxetine", "venlafaxine", "duloxetine",
            "mirtazapine", "st john", "ssri",
        ])
    static let sedatives = DrugClass(
        name: "medicines that make sleepy",
        members: [
            "diazepam", "valium", "lorazepam", "zopiclone", "zolpidem", "pregabalin", "gabapentin", "azepam",
            "sleeping",
        ])
    static let methotrexate = DrugClass(name: "methotrexate", members: ["methotrexate"])
    static let metformin = DrugClass(name: "metformin", members: ["metformin"])
    static let lithium = DrugClass(name: "lithium", members: ["lithium"])
    static let decongestants = DrugClass(
        name: "medicines for a blocked nose", members: ["pseudoephedrine", "sudafed", "decongest", "phenylephrine"])
    static let antibiotics = DrugClass(name: "antibiotics", members: ["antibiotic"])

    /// Those that an allergy can be to.
    static let allergenic = [
        penicillins, cephalosporins, macrolides, sulfonamides, quinolones, tetracyclines, antiInflammatories, opioids,
        contrast, antibiotics, paracetamol,
    ]

    /// Families that can do harm together.
    static let pairs: [(DrugClass, DrugClass, harm: String)] = [
        (antiInflammatories, bloodThinners, "Together they can cause bad bleeding."),
        (antiInflammatories, pressure, "Together they can harm the kidneys."),
        (antiInflammatories, lithium, "Together the lithium can rise too high."),
        (antiInflammatories, methotrexate, "Together the methotrexate can rise too high."),
        (antiInflammatories, serotonin, "Together they can cause bleeding in the stomach."),
        (antiInflammatories, antiInflammatories, "Two of this kind harm the stomach and the kidneys more than one."),
        (macrolides, bloodThinners, "Together the blood can become too thin."),
        (quinolones, bloodThinners, "Together the blood can become too thin."),
        (sulfonamides, bloodThinners, "Together the blood can become too thin."),
        (penicillins, bloodThinners, "Together the blood can become too thin."),
        (cephalosporins, bloodThinners, "Together the blood can become too thin."),
        (tetracyclines, bloodThinners, "Together the blood can become too thin."),
        (azoles, bloodThinners, "Together the blood can become too thin."),
        (nitroimidazoles, bloodThinners, "Together the blood can become too thin."),
        (antibiotics, bloodThinners, "Some antibiotics make the blood too thin together with them."),
        (sulfonamides, methotrexate, "Together they can harm the blood cells."),
        (sulfonamides, pressure, "Together the potassium can rise too high."),
        (potassium, pressure, "Together the potassium can rise too high."),
        (nitrates, erection, "Together the blood pressure can fall very low."),
        (opioids, sedatives, "Together they can slow the breathing."),
        (opioids, serotonin, "Some of them are dangerous together."),
        (contrast, metformin, "Together they can matter for the kidneys."),
        (paracetamol, paracetamol, "The same substance may then be taken twice."),
        (decongestants, pressure, "It can raise the blood pressure."),
        (decongestants, betaBlockers, "It can raise the blood pressure."),
        (bloodThinners, bloodThinners, "Two of this kind can cause bad bleeding."),
        (serotonin, bloodThinners, "Together they can cause bleeding."),
    ]

    /// Families that can do harm with an illness, by words of its name.
    static let illnesses: [(DrugClass, words: [String], harm: String)] = [
        (antiInflammatories, ["ulcer", "gastritis", "bleed"], "Such painkillers can make the stomach bleed."),
        (antiInflammatories, ["kidney", "renal"], "Such painkillers can harm the kidneys."),
        (contrast, ["kidney", "renal"], "Contrast can harm sick kidneys."),
        (metformin, ["kidney", "renal"], "It can be dangerous with sick kidneys."),
        (antiInflammatories, ["heart failure", "weak heart"], "Such painkillers can make a weak heart worse."),
        (antiInflammatories, ["asthma"], "Such painkillers can set off asthma."),
        (betaBlockers, ["asthma"], "Such medicines can make asthma worse."),
        (paracetamol, ["liver", "hepat", "cirrhosis"], "It can be too much for a sick liver."),
        (opioids, ["copd", "apnoea", "apnea"], "Such medicines can slow the breathing."),
        (decongestants, ["high blood pressure", "hypertension", "heart"], "It can raise the blood pressure."),
    ]
}
