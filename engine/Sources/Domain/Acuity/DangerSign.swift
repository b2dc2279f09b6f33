/// The signs that texts are searched for, each with its words for people and the guidance that it follows.
enum DangerSign: String, CaseIterable, Sendable {
    case breathing
    case colour = "blue-lips"
    case oxygen = "low-oxygen"
    case chestPain = "chest-pain"
    case heartAttack = "heart-attack"
    case tearing = "tearing-pain"
    case collapse, confusion
    case blood = "coughing-blood"
    case stroke
    case swelling = "throat-swelling"
    case bleeding, seizure, meningitis, sepsis, injury, poisoning
    case selfHarm = "self-harm"
    case choking, infant
    case palpitations
    case leg = "swollen-leg"
    case fever, wheeze, dehydration, pregnancy
    case immune = "weak-defences"
    case cough = "long-cough"
    case weight = "weight-loss"
    case sweats = "night-sweats"
    case hoarse, clubbing
    case tuberculosis = "tb-contact"
    case recurrent = "repeated-infections"
    case lump
    case gradual = "slowly-breathless"
    case other = "needs-a-look"
    case meaning = "sounds-urgent"

    var text: String {
        switch self {
        case .breathing: "Trouble breathing can be an emergency."
        case .colour: "Blue or grey lips or face mean that the body lacks oxygen."
        case .oxygen: "The oxygen in the blood is low."
        case .chestPain: "Pain or pressure in the chest can come from the heart or the lungs."
        case .heartAttack: "This can be a heart attack."
        case .tearing: "Tearing pain in the chest or back can come from the large artery."
        case .collapse: "Someone fainted, collapsed or can't be woken."
        case .confusion: "Sudden confusion can come from too little oxygen, an infection or the brain."
        case .blood: "Coughing or vomiting blood has to be looked at."
        case .stroke: "These can be signs of a stroke, where minutes count."
        case .swelling: "Swelling of the throat, tongue or face can close the airway."
        case .bleeding: "Bleeding that is heavy or doesn't stop is an emergency."
        case .seizure: "A fit needs help at once."
        case .meningitis: "Fever with a stiff neck, or a rash that doesn't fade, can be meningitis."
        case .sepsis: "These can be signs of sepsis."
        case .injury: "An injury like this needs to be looked at."
        case .poisoning: "Something dangerous was swallowed, breathed in or taken in too large an amount."
        case .selfHarm: "Thoughts of harming oneself need help now, and there is help."
        case .choking: "Someone is choking, or has something in the airway."
        case .infant: "A baby with these signs needs help at once."
        case .palpitations: "A fast or uneven heartbeat with dizziness has to be looked at."
        case .leg: "A swollen, painful leg can be a blood clot."
        case .fever: "A high fever for days with a cough has to be looked at."
        case .wheeze: "Wheezing that doesn't settle has to be looked at."
        case .dehydration: "Someone who can't keep fluids down can dry out."
        case .pregnancy: "In pregnancy these signs have to be looked at soon."
        case .immune: "Fever is more serious when the body's defences are weak."
        case .cough: "A cough of three weeks or more has to be looked at."
        case .weight: "Losing weight without wanting to has to be looked at."
        case .sweats: "Night sweats for weeks have to be looked at."
        case .hoarse: "A hoarse voice for three weeks or more has to be looked at."
        case .clubbing: "Fingertips that become round and swollen have to be looked at."
        case .tuberculosis: "Someone who was close to tuberculosis should be tested."
        case .recurrent: "Chest infections that come again and again have to be looked at."
        case .lump: "A lump or swollen glands for weeks have to be looked at."
        case .gradual: "Breathlessness that grows slowly has to be looked at."
        case .other: "This should be looked at by a doctor or a nurse."
        case .meaning: "What was written reads like something that needs help soon."
        }
    }

    var source: GuidanceSource {
        switch self {
        case .breathing, .wheeze, .gradual: .nhsBreathless
        case .colour, .collapse, .confusion, .choking: .nhsEmergency
        case .oxygen: .news2
        case .chestPain, .tearing, .palpitations: .nhsChestPain
        case .heartAttack: .nhsHeartAttack
        case .blood: .nhsCoughingBlood
        case .stroke: .nhsStroke
        case .swelling: .nhsAnaphylaxis
        case .bleeding, .injury: .nhsEmergency
        case .seizure: .nhsSeizure
        case .meningitis: .nhsMeningitis
        case .sepsis, .immune, .dehydration: .nhsSepsis
        case .poisoning: .nhsPoisoning
        case .selfHarm: .nhsSuicidal
        case .infant: .nhsIllChild
        case .leg: .nhsClot
        case .fever, .recurrent: .nhsChestInfection
        case .pregnancy: .nhsBreathless
        case .cough, .weight, .hoarse, .clubbing, .lump: .niceCancer
        case .sweats, .tuberculosis: .nhsTuberculosis
        case .other: .nhsUrgent
        case .meaning: .nhsEmergency
        }
    }
}

extension GuidanceSource {
    private static func nhs(_ title: String, _ path: String) -> Self {
        Self("NHS: \(title)", "https://www.nhs.uk/\(path)")
    }

    static let nhsEmergency = nhs(
        "When to call 999", "nhs-services/urgent-and-emergency-care-services/when-to-call-999/")
    static let nhsUrgent = nhs(
        "Find the right service: 111", "nhs-services/urgent-and-emergency-care-services/when-to-use-111/")
    static let nhsBreathless = nhs("Shortness of breath", "conditions/shortness-of-breath/")
    static let nhsChestPain = nhs("Chest pain", "conditions/chest-pain/")
    static let nhsHeartAttack = nhs("Heart attack, symptoms", "conditions/heart-attack/symptoms/")
    static let nhsCoughingBlood = nhs("Coughing up blood", "conditions/coughing-up-blood/")
    static let nhsStroke = nhs("Stroke, symptoms", "conditions/stroke/symptoms/")
    static let nhsAnaphylaxis = nhs("Anaphylaxis", "conditions/anaphylaxis/")
    static let nhsSeizure = nhs(
        "What to do if someone has a seizure", "conditions/what-to-do-if-someone-has-a-seizure-fit/")
    static let nhsMeningitis = nhs("Meningitis, symptoms", "conditions/meningitis/symptoms/")
    static let nhsSepsis = nhs("Sepsis, symptoms", "conditions/sepsis/")
    static let nhsPoisoning = nhs("Poisoning", "conditions/poisoning/")
    static let nhsSuicidal = nhs(
        "Help for suicidal thoughts",
        "mental-health/feelings-symptoms-behaviours/behaviours/help-for-suicidal-thoughts/")
    static let nhsIllChild = nhs(
        "Is your baby or toddler seriously ill?", "conditions/baby/health/is-your-baby-or-toddler-seriously-ill/")
    static let nhsClot = nhs("Deep vein thrombosis", "conditions/deep-vein-thrombosis-dvt/")
    static let nhsChestInfection = nhs("Chest infection", "conditions/chest-infection/")
    static let nhsTuberculosis = nhs("Tuberculosis", "conditions/tuberculosis-tb/")
    static let nhsPneumothorax = Self(
        "British Thoracic Society: guideline for pleural disease (2023)",
        "https://www.brit-thoracic.org.uk/quality-improvement/guidelines/pleural-disease/")
    static let news2 = Self(
        "Royal College of Physicians: National Early Warning Score 2 (2017)",
        "https://www.rcp.ac.uk/resources/national-early-warning-score-news-2/")
    static let niceCancer = Self(
        "NICE NG12: Suspected cancer, recognition and referral", "https://www.nice.org.uk/guidance/ng12")
    static let nicePneumonia = Self(
        "NICE NG250: Pneumonia, diagnosis and management", "https://www.nice.org.uk/guidance/ng250")
}
