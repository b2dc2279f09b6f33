import Domain

/// What sentences rest on: published, public pages and papers. The raw value is the key.
enum Publication: String, CaseIterable {
    // MARK: What to do, and when

    case nhsEmergency = "nhs-emergency"
    case nhs111 = "nhs-111"
    case nhsBreathless = "nhs-breathless"
    case nhsChestPain = "nhs-chest-pain"
    case nhsCoughingBlood = "nhs-coughing-blood"
    case nhsChestInfection = "nhs-chest-infection"
    case nhsIllChild = "nhs-ill-child"
    case nhsSuicidal = "nhs-suicidal"
    case nhsMentalHealth = "nhs-mental-health"
    case samaritans
    case lifeline988 = "988-lifeline"
    case nhsAskDoctor = "nhs-ask-doctor"
    case ahrqQuestions = "ahrq-questions"
    case medlineTalking = "medline-talking"
    case nhsMedicines = "nhs-medicines"
    case medlineDrugs = "medline-drugs"
    case medlineMedicines = "medline-medicines"
    case medlineReactions = "medline-reactions"
    case nhsAllergies = "nhs-allergies"
    case nhsAnaphylaxis = "nhs-anaphylaxis"
    case whoResistance = "who-resistance"
    case nhsQuitSmoking = "nhs-quit-smoking"
    case whoTobacco = "who-tobacco"
    case nhsVaccinations = "nhs-vaccinations"
    case cdcVaccines = "cdc-vaccines"
    case caaFitToFly = "caa-fit-to-fly"
    case nhsExercise = "nhs-exercise"

    // MARK: Illnesses and findings

    case medlineLung = "medline-lung-diseases"
    case medlineAtelectasis = "medline-atelectasis"
    case nhlbiAtelectasis = "nhlbi-atelectasis"
    case nhsHeartFailure = "nhs-heart-failure"
    case nhsCardiomyopathy = "nhs-cardiomyopathy"
    case medlineHeart = "medline-heart-diseases"
    case medlineOedema = "medline-pulmonary-oedema"
    case medlinePleural = "medline-pleural-disorders"
    case medlineEffusion = "medline-pleural-effusion"
    case medlineCollapsed = "medline-collapsed-lung"
    case btsPleural = "bts-pleural"
    case nhsCopd = "nhs-copd"
    case niceCopd = "nice-copd"
    case nhsFibrosis = "nhs-pulmonary-fibrosis"
    case medlineFibrosis = "medline-pulmonary-fibrosis"
    case nhsHernia = "nhs-hiatus-hernia"
    case nhsLungCancer = "nhs-lung-cancer"
    case niceCancer = "nice-suspected-cancer"
    case medlineNodule = "medline-lung-nodule"
    case fleischnerNodules = "fleischner-nodules"
    case nhsPneumonia = "nhs-pneumonia"
    case nicePneumonia = "nice-pneumonia"
    case whoPneumonia = "who-child-pneumonia"
    case whoTuberculosis = "who-tuberculosis"
    case nhsAsthma = "nhs-asthma"
    case nhsEmbolism = "nhs-pulmonary-embolism"
    case nhsSepsis = "nhs-sepsis"
    case nhsPleurisy = "nhs-pleurisy"
    case nhsBronchitis = "nhs-bronchitis"
    case nhsAsbestosis = "nhs-asbestosis"
    case medlineVitalSigns = "medline-vital-signs"
    case medlineGenetics = "medline-genetics"
    case nciDictionary = "nci-dictionary"
    case fleischnerGlossary = "fleischner-glossary"

    // MARK: Pictures and tests

    case nhsXray = "nhs-x-ray"
    case radiologyInfoChest = "radiologyinfo-chest-x-ray"
    case radiologyInfoDose = "radiologyinfo-dose"
    case medlineChestXray = "medline-chest-x-ray"
    case whoRadiation = "who-radiation"
    case iaeaPatients = "iaea-patients"
    case icrpPregnancy = "icrp-pregnancy"
    case fdaXray = "fda-x-ray"
    case fdaChildren = "fda-children-x-ray"
    case imageGently = "image-gently"
    case nhsCT = "nhs-ct"
    case radiologyInfoCT = "radiologyinfo-chest-ct"
    case nhsMRI = "nhs-mri"
    case nhsUltrasound = "nhs-ultrasound"
    case nhsPET = "nhs-pet"
    case nhsBiopsy = "nhs-biopsy"
    case nhsSpirometry = "nhs-spirometry"
    case nhsEchocardiogram = "nhs-echocardiogram"
    case nhsBloodTests = "nhs-blood-tests"
    case lungTests = "lung-association-tests"
    case dicom

    // MARK: Models

    case chestXray14 = "chestx-ray14"
    case kermany = "kermany-children"
    case cheXNet = "chexnet"
    case altmanSensitivity = "altman-sensitivity"
    case altmanPredictive = "altman-predictive"
    case altmanCurves = "altman-curves"
    case classActivation = "class-activation"
    case guoCalibration = "guo-calibration"
    case whoArtificial = "who-artificial-intelligence"
    case fdaSoftware = "fda-software"

    /// Publisher and title.
    var title: String { words.title }
    var address: String { words.address }

    var evidence: Evidence { Evidence(.source, rawValue, label: title) }

    private static func nhs(_ title: String, _ path: String) -> (title: String, address: String) {
        ("NHS: \(title)", "https://www.nhs.uk/\(path)/")
    }

    private static func medlinePlus(_ title: String, _ path: String) -> (title: String, address: String) {
        ("MedlinePlus: \(title)", "https://medlineplus.gov/\(path)")
    }

    private static func radiologyInfo(_ title: String, _ path: String) -> (title: String, address: String) {
        ("RadiologyInfo.org: \(title)", "https://www.radiologyinfo.org/en/info/\(path)")
    }

    private static func who(_ title: String, _ path: String) -> (title: String, address: String) {
        ("WHO: \(title)", "https://www.who.int/\(path)")
    }

    private static func nice(_ title: String, _ number: String) -> (title: String, address: String) {
        ("NICE \(number.uppercased()): \(title)", "https://www.nice.org.uk/guidance/\(number)")
    }

    private static func paper(_ title: String, _ path: String) -> (title: String, address: String) {
        (title, "https://doi.org/\(path)")
    }

    private var words: (title: String, address: String) {
        switch self {
        case .nhsEmergency:
            Self.nhs("When to call 999", "nhs-services/urgent-and-emergency-care-services/when-to-call-999")
        case .nhs111: Self.nhs("When to use 111", "nhs-services/urgent-and-emergency-care-services/when-to-use-111")
        case .nhsBreathless: Self.nhs("Shortness of breath", "conditions/shortness-of-breath")
        case .nhsChestPain: Self.nhs("Chest pain", "conditions/chest-pain")
        case .nhsCoughingBlood: Self.nhs("Coughing up blood", "conditions/coughing-up-blood")
        case .nhsChestInfection: Self.nhs("Chest infection", "conditions/chest-infection")
        case .nhsIllChild:
            Self.nhs(
                "Is your baby or toddler seriously ill?",
                "conditions/baby/health/is-your-baby-or-toddler-seriously-ill")
        case .nhsSuicidal:
            Self.nhs(
                "Help for suicidal thoughts",
                "mental-health/feelings-symptoms-behaviours/behaviours/help-for-suicidal-thoughts")
        case .nhsMentalHealth: Self.nhs("Mental health", "mental-health")
        case .samaritans:
            ("Samaritans: Contact us", "https://www.samaritans.org/how-we-can-help/contact-samaritan/")
        case .lifeline988: ("988 Suicide and Crisis Lifeline", "https://988lifeline.org/")
        case .nhsAskDoctor: Self.nhs("What to ask your doctor", "nhs-services/gps/what-to-ask-your-doctor")
        case .ahrqQuestions: ("AHRQ: Questions are the answer", "https://www.ahrq.gov/questions/index.html")
        case .medlineTalking: Self.medlinePlus("Talking with your doctor", "talkingwithyourdoctor.html")
        case .nhsMedicines: Self.nhs("Medicines A to Z", "medicines")
        case .medlineDrugs: Self.medlinePlus("Drugs, herbs and supplements", "druginformation.html")
        case .medlineMedicines: Self.medlinePlus("Medicines", "medicines.html")
        case .medlineReactions: Self.medlinePlus("Drug reactions", "drugreactions.html")
        case .nhsAllergies: Self.nhs("Allergies", "conditions/allergies")
        case .nhsAnaphylaxis: Self.nhs("Anaphylaxis", "conditions/anaphylaxis")
        case .whoResistance:
            Self.who("Antimicrobial resistance", "news-room/fact-sheets/detail/antimicrobial-resistance")
        case .nhsQuitSmoking: Self.nhs("Quit smoking", "better-health/quit-smoking")
        case .whoTobacco: Self.who("Tobacco", "news-room/fact-sheets/detail/tobacco")
        case .nhsVaccinations: Self.nhs("Vaccinations", "vaccinations")
        case .cdcVaccines: ("CDC: Vaccines and immunizations", "https://www.cdc.gov/vaccines/")
        case .caaFitToFly:
            (
                "UK Civil Aviation Authority: Am I fit to fly?",
                "https://www.caa.co.uk/passengers-and-public/before-you-fly/am-i-fit-to-fly/"
            )
        case .nhsExercise: Self.nhs("Exercise", "live-well/exercise")
        case .medlineLung: Self.medlinePlus("Lung diseases", "lungdiseases.html")
        case .medlineAtelectasis: Self.medlinePlus("Atelectasis", "ency/article/000065.htm")
        case .nhlbiAtelectasis: ("NHLBI: Atelectasis", "https://www.nhlbi.nih.gov/health/atelectasis")
        case .nhsHeartFailure: Self.nhs("Heart failure", "conditions/heart-failure")
        case .nhsCardiomyopathy: Self.nhs("Cardiomyopathy", "conditions/cardiomyopathy")
        case .medlineHeart: Self.medlinePlus("Heart diseases", "heartdiseases.html")
        case .medlineOedema: Self.medlinePlus("Pulmonary edema", "ency/article/000140.htm")
        case .medlinePleural: Self.medlinePlus("Pleural disorders", "pleuraldisorders.html")
        case .medlineEffusion: Self.medlinePlus("Pleural effusion", "ency/article/000086.htm")
        case .medlineCollapsed: Self.medlinePlus("Collapsed lung", "collapsedlung.html")
        case .btsPleural:
            (
                "British Thoracic Society: Guideline for pleural disease",
                "https://www.brit-thoracic.org.uk/quality-improvement/guidelines/pleural-disease/"
            )
        case .nhsCopd:
            Self.nhs(
                "Chronic obstructive pulmonary disease", "conditions/chronic-obstructive-pulmonary-disease-copd")
        case .niceCopd: Self.nice("Chronic obstructive pulmonary disease in over 16s", "ng115")
        case .nhsFibrosis: Self.nhs("Idiopathic pulmonary fibrosis", "conditions/idiopathic-pulmonary-fibrosis")
        case .medlineFibrosis: Self.medlinePlus("Pulmonary fibrosis", "pulmonaryfibrosis.html")
        case .nhsHernia: Self.nhs("Hiatus hernia", "conditions/hiatus-hernia")
        case .nhsLungCancer: Self.nhs("Lung cancer", "conditions/lung-cancer")
        case .niceCancer: Self.nice("Suspected cancer, recognition and referral", "ng12")
        case .medlineNodule: Self.medlinePlus("Solitary pulmonary nodule", "ency/article/000071.htm")
        case .fleischnerNodules:
            Self.paper(
                "Fleischner Society: Guidelines for incidental pulmonary nodules (2017)", "10.1148/radiol.2017161659")
        case .nhsPneumonia: Self.nhs("Pneumonia", "conditions/pneumonia")
        case .nicePneumonia: Self.nice("Pneumonia, diagnosis and management", "ng250")
        case .whoPneumonia: Self.who("Pneumonia in children", "news-room/fact-sheets/detail/pneumonia")
        case .whoTuberculosis: Self.who("Tuberculosis", "news-room/fact-sheets/detail/tuberculosis")
        case .nhsAsthma: Self.nhs("Asthma", "conditions/asthma")
        case .nhsEmbolism: Self.nhs("Pulmonary embolism", "conditions/pulmonary-embolism")
        case .nhsSepsis: Self.nhs("Sepsis", "conditions/sepsis")
        case .nhsPleurisy: Self.nhs("Pleurisy", "conditions/pleurisy")
        case .nhsBronchitis: Self.nhs("Bronchitis", "conditions/bronchitis")
        case .nhsAsbestosis: Self.nhs("Asbestosis", "conditions/asbestosis")
        case .medlineVitalSigns: Self.medlinePlus("Vital signs", "vitalsigns.html")
        case .medlineGenetics: Self.medlinePlus("Genetics", "genetics/")
        case .nciDictionary:
            (
                "US National Cancer Institute: Dictionary of cancer terms",
                "https://www.cancer.gov/publications/dictionaries/cancer-terms"
            )
        case .fleischnerGlossary:
            Self.paper("Fleischner Society: Glossary of terms for thoracic imaging (2008)", "10.1148/radiol.2462070712")
        case .nhsXray: Self.nhs("X-ray", "conditions/x-ray")
        case .radiologyInfoChest: Self.radiologyInfo("Chest X-ray", "chestrad")
        case .radiologyInfoDose: Self.radiologyInfo("Radiation dose", "safety-xray")
        case .medlineChestXray: Self.medlinePlus("Chest x-ray", "ency/article/003804.htm")
        case .whoRadiation:
            Self.who(
                "Ionizing radiation and health effects",
                "news-room/fact-sheets/detail/ionizing-radiation-and-health-effects")
        case .iaeaPatients: ("IAEA: Radiation protection of patients", "https://www.iaea.org/resources/rpop")
        case .icrpPregnancy:
            (
                "ICRP Publication 84: Pregnancy and medical radiation",
                "https://www.icrp.org/publication.asp?id=ICRP%20Publication%2084"
            )
        case .fdaXray:
            (
                "FDA: Medical X-ray imaging",
                "https://www.fda.gov/radiation-emitting-products/medical-imaging/medical-x-ray-imaging"
            )
        case .fdaChildren:
            (
                "FDA: Pediatric X-ray imaging",
                "https://www.fda.gov/radiation-emitting-products/medical-imaging/pediatric-x-ray-imaging"
            )
        case .imageGently: ("Image Gently Alliance", "https://www.imagegently.org/")
        case .nhsCT: Self.nhs("CT scan", "conditions/ct-scan")
        case .radiologyInfoCT: Self.radiologyInfo("Chest CT", "chestct")
        case .nhsMRI: Self.nhs("MRI scan", "conditions/mri-scan")
        case .nhsUltrasound: Self.nhs("Ultrasound scan", "conditions/ultrasound-scan")
        case .nhsPET: Self.nhs("PET scan", "conditions/pet-scan")
        case .nhsBiopsy: Self.nhs("Biopsy", "conditions/biopsy")
        case .nhsSpirometry: Self.nhs("Spirometry", "conditions/spirometry")
        case .nhsEchocardiogram: Self.nhs("Echocardiogram", "conditions/echocardiogram")
        case .nhsBloodTests: Self.nhs("Blood tests", "conditions/blood-tests")
        case .lungTests:
            (
                "American Lung Association: Lung procedures and tests",
                "https://www.lung.org/lung-health-diseases/lung-procedures-and-tests"
            )
        case .dicom: ("DICOM: The standard for medical pictures", "https://www.dicomstandard.org/")
        case .chestXray14:
            ("Wang and others: ChestX-ray8 (NIH ChestX-ray14), 2017", "https://arxiv.org/abs/1705.02315")
        case .kermany: Self.paper("Kermany and others: Chest X-ray pictures of children, 2018", "10.17632/rscbjbr9sj")
        case .cheXNet: ("Rajpurkar and others: CheXNet, 2017", "https://arxiv.org/abs/1711.05225")
        case .altmanSensitivity:
            Self.paper(
                "Altman and Bland: Diagnostic tests 1, sensitivity and specificity (1994)", "10.1136/bmj.308.6943.1552")
        case .altmanPredictive:
            Self.paper("Altman and Bland: Diagnostic tests 2, predictive values (1994)", "10.1136/bmj.309.6947.102")
        case .altmanCurves:
            Self.paper(
                "Altman and Bland: Diagnostic tests 3, receiver operating characteristic plots (1994)",
                "10.1136/bmj.309.6948.188")
        case .classActivation:
            (
                "Zhou and others: Learning deep features for discriminative localization (2015)",
                "https://arxiv.org/abs/1512.04150"
            )
        case .guoCalibration:
            ("Guo and others: On calibration of modern neural networks (2017)", "https://arxiv.org/abs/1706.04599")
        case .whoArtificial:
            Self.who(
                "Ethics and governance of artificial intelligence for health (2021)",
                "publications/i/item/9789240029200")
        case .fdaSoftware:
            (
                "FDA: Software as a medical device",
                "https://www.fda.gov/medical-devices/digital-health-center-excellence/software-medical-device-samd"
            )
        }
    }
}
