import Domain

/// The entries of the glossary, by what they are about.
enum Glossary {
    /// An entry that rests on a publication.
    private static func entry(
        _ term: String, _ synonyms: [String], _ publication: Publication, _ sentences: String...
    ) -> GlossaryEntry {
        GlossaryEntry(term: term, synonyms: synonyms, sentences: said(sentences, publication.evidence))
    }

    /// An entry that says how Lightbox uses the word.
    private static func entry(
        _ term: String, _ synonyms: [String], _ fact: ProgramFact, _ sentences: String...
    ) -> GlossaryEntry {
        GlossaryEntry(term: term, synonyms: synonyms, sentences: said(sentences, fact.evidence))
    }

    private static func said(_ sentences: [String], _ evidence: Evidence) -> [AnswerSentence] {
        sentences.map { AnswerSentence($0, evidence: [evidence]) }
    }

    // MARK: - The body

    static let body: [GlossaryEntry] = [
        entry(
            "lobe", ["lobes", "lung lobe", "upper lobe", "middle lobe", "lower lobe"], .medlineLung,
            "A lobe is one of the large parts of a lung.", "The right lung has three lobes, and the left lung has two."),
        entry(
            "pleura", ["lining of the lung", "pleural", "pleural space"], .medlinePleural,
            "The pleura is the thin skin around the lungs.",
            "One layer lies on the lung, and one lines the wall of the chest.",
            "A thin film of fluid lets them slide."),
        entry(
            "diaphragm", ["midriff"], .medlineChestXray,
            "The diaphragm is the large muscle under the lungs.", "It moves down when we breathe in.",
            "In the picture it forms two smooth curves, one under each lung."),
        entry(
            "mediastinum", ["middle of the chest", "mediastinal"], .fleischnerGlossary,
            "The mediastinum is the space between the two lungs.",
            "The heart, the windpipe, the food pipe and large blood vessels lie there."),
        entry(
            "hilum", ["hila", "hilar"], .fleischnerGlossary,
            "The hilum is the place where the airways and blood vessels go into a lung.", "There is one on each side.",
            "More than one is called hila."),
        entry(
            "costophrenic angle", ["costophrenic angles", "costophrenic", "blunted angle"], .fleischnerGlossary,
            "The costophrenic angle is the sharp corner at the bottom of each lung, seen in the picture.",
            "It lies where the ribs and the diaphragm meet.", "Fluid can make this corner look round or blunt."),
        entry(
            "alveoli", ["alveolus", "air sacs", "air sac"], .medlineLung,
            "Alveoli are the tiny air sacs at the ends of the airways.", "Here oxygen passes into the blood."),
        entry(
            "bronchi", ["bronchus", "airways", "airway", "bronchial"], .medlineLung,
            "Bronchi are the large tubes that bring air into the lungs.", "They branch into smaller and smaller tubes."),
        entry(
            "trachea", ["windpipe"], .medlineLung, "The trachea is the windpipe.",
            "It brings air from the throat to the lungs."),
        entry(
            "aorta", ["aortic", "aortic arch"], .medlineHeart,
            "The aorta is the largest blood vessel of the body.", "It carries blood from the heart to all other parts."),
        entry(
            "thorax", ["thoracic", "chest cavity"], .medlineChestXray,
            "Thorax is another word for the chest.", "It is the part of the body from the neck down to the diaphragm."),
        entry(
            "lymph node", ["lymph nodes", "lymph gland", "glands"], .nciDictionary,
            "Lymph nodes are small, bean-shaped parts of the body that help to fight germs.",
            "They can swell with an infection, and for other reasons.", "Lightbox does not look for them."),
        entry(
            "collarbone", ["clavicle", "clavicles"], .medlineChestXray,
            "The collarbone is the bone between the breastbone and the shoulder.", "Doctors also call it the clavicle."),
        entry(
            "bilateral", ["both sides", "unilateral", "laterality"], .nciDictionary,
            "Bilateral means that both sides show it.", "Unilateral means that only one side does."),
    ]

    // MARK: - What is seen in pictures

    static let pictures: [GlossaryEntry] = [
        entry(
            "opacity", ["opacities", "density", "shadow", "shadowing", "white area"], .fleischnerGlossary,
            "An opacity is an area that looks whiter than what is around it.",
            "Something there lets fewer X-rays through.", "The word does not say what it is."),
        entry(
            "consolidation", ["consolidated"], .fleischnerGlossary,
            "Consolidation means that a part of the lung looks filled, not airy.",
            "Infection is one cause of many."),
        entry(
            "infiltrate", ["infiltrates", "infiltration"], .fleischnerGlossary,
            "Infiltrate is an old word for a hazy area in the lung.", "It does not say what the cause is."),
        entry(
            "atelectasis", ["collapsed part of lung", "partial collapse"], .medlineAtelectasis,
            "Atelectasis means that a part of a lung holds less air than usual.", "It has not opened fully."),
        entry(
            "effusion", ["pleural effusion", "fluid around the lung", "water on the lung"], .medlineEffusion,
            "An effusion is fluid where there should be little or none.",
            "A pleural effusion is fluid around the lung."),
        entry(
            "oedema", ["edema", "pulmonary oedema", "pulmonary edema", "fluid in the lungs"], .medlineOedema,
            "Oedema means that there is extra fluid in a part of the body.",
            "In pulmonary oedema the fluid is in the lungs."),
        entry(
            "pneumothorax", ["collapsed lung"], .medlineCollapsed,
            "A pneumothorax is air between the lung and the wall of the chest.", "It can press the lung together."),
        entry(
            "cardiomegaly", ["enlarged heart", "large heart", "big heart"], .medlineHeart,
            "Cardiomegaly means that the heart looks larger than usual.", "It is a sign, not an illness by itself."),
        entry(
            "nodule", ["nodules", "lung nodule", "spot", "spot on the lung"], .medlineNodule,
            "A nodule is a small round spot, up to three centimetres wide.", "Most of them do no harm."),
        entry(
            "mass", ["masses", "lung mass"], .fleischnerGlossary,
            "A mass is a dense area of more than three centimetres.", "The word does not say what it is made of."),
        entry(
            "lesion", ["lesions"], .nciDictionary, "A lesion is any place that looks different from the rest.",
            "It can be harmless, or it can need care."),
        entry(
            "fibrosis", ["scarring", "scar", "scars", "fibrotic"], .medlineFibrosis,
            "Fibrosis means that tissue has turned into scars.",
            "A scar in the lung can be old and harmless, or it can grow."),
        entry(
            "calcification", ["calcified", "calcium"], .fleischnerGlossary,
            "A calcification is a spot with chalk in it.", "It looks very white.",
            "It is often a trace of something old that has healed."),
        entry(
            "cavity", ["cavitation"], .fleischnerGlossary,
            "A cavity is a hollow place inside a dense part of the lung.",
            "Doctors look for its cause, such as an infection."),
        entry(
            "pleural thickening", ["thickened pleura"], .medlinePleural,
            "Pleural thickening means that the skin around the lung is thicker than usual.", "It is often an old scar."),
        entry(
            "hiatus hernia", ["hiatal hernia", "hernia"], .nhsHernia,
            "In a hiatus hernia a part of the stomach has moved up into the chest.", "It is common and mostly harmless."
        ),
        entry(
            "PA", ["posteroanterior", "pa view", "from the back"], .radiologyInfoChest,
            "PA means that the X-rays went from the back to the front.", "The person often stands for it.",
            "The heart looks close to its true size."),
        entry(
            "AP", ["anteroposterior", "ap view", "from the front"], .medlineChestXray,
            "AP means that the X-rays went from the front to the back.",
            "It is often done when someone lies in bed.", "It makes the heart look larger."),
        entry(
            "lateral", ["side view", "lateral view"], .radiologyInfoChest,
            "A lateral picture is taken from the side.", "Lightbox does not read such pictures."),
        entry(
            "projection", ["view position", "direction of the beam"], .radiologyInfoChest,
            "The projection says which way the X-rays went through the body.", "The usual ones are PA, AP and lateral."),
        entry(
            "exposure", ["overexposed", "underexposed"], .medlineChestXray,
            "Exposure says how much X-ray reached the plate.", "Too much or too little of it hides things."),
        entry(
            "artefact", ["artifact", "artefacts", "artifacts"], .medlineChestXray,
            "An artefact is something in the picture that is not in the body.",
            "A button, a necklace or a scratch can make one."),
        entry(
            "contrast", ["contrast agent", "contrast medium", "contrast dye"], .nhsCT,
            "In a grey picture, contrast is how far light and dark lie apart.",
            "A contrast agent is a fluid that makes blood vessels or the gut show up in a scan.",
            "Tell the staff about allergies and kidney trouble before it is used."),
        entry(
            "finding", ["findings", "flagged"], .reading,
            "A finding is a pattern that was looked for in the picture.",
            "It is marked when its number reaches the threshold.", "It is not a diagnosis."),
        entry(
            "impression", ["conclusion"], .radiologyInfoChest,
            "The impression is the short last part of a radiologist's report.",
            "It says what the doctor thinks matters most."),
        entry(
            "unremarkable", ["no finding"], .nciDictionary,
            "Unremarkable is a doctor's word for: nothing unusual was seen.",
            "It speaks only of what was looked at, not of the whole person."),
    ]

    // MARK: - Illnesses and what goes with them

    static let illnesses: [GlossaryEntry] = [
        entry(
            "pneumonia", ["lung infection", "chest infection"], .nhsPneumonia,
            "Pneumonia is swelling deep in the lung, mostly from an infection.",
            "A doctor finds it from the signs, an examination and often a picture."),
        entry(
            "COPD", ["chronic obstructive pulmonary disease"], .nhsCopd,
            "COPD is a lung illness that lasts and makes it hard to breathe out.",
            "Smoking is the most common cause.", "Much can be done to breathe better."),
        entry(
            "emphysema", ["damaged air sacs"], .nhsCopd,
            "In emphysema the tiny air sacs of the lung are damaged and too wide.", "It is a form of COPD."),
        entry(
            "bronchitis", ["chronic bronchitis"], .nhsBronchitis,
            "Bronchitis means that the large airways are sore and swollen.", "It brings a cough, often with mucus."),
        entry(
            "asthma", ["asthma attack"], .nhsAsthma,
            "In asthma the airways react to things such as dust, and become narrow.",
            "Breathing whistles or feels tight.", "A bad attack is an emergency."),
        entry(
            "tuberculosis", ["tb"], .whoTuberculosis,
            "Tuberculosis is an infection, most often of the lungs.", "It spreads through the air and can be treated.",
            "It needs tests of what is coughed up.", "Lightbox does not look for it."),
        entry(
            "pulmonary embolism", ["embolism", "blood clot in the lung", "lung clot"], .nhsEmbolism,
            "In a pulmonary embolism a blood clot blocks a vessel in the lung.",
            "Signs are sudden breathlessness, chest pain, or coughing up blood.", "It is an emergency.",
            "An X-ray can look the same as before, and Lightbox does not look for it."),
        entry(
            "sepsis", ["blood poisoning"], .nhsSepsis,
            "In sepsis the body reacts to an infection so strongly that it harms itself.",
            "Signs are confusion, fast breathing, and blue, grey or blotchy skin.",
            "It is an emergency: call the emergency number."),
        entry(
            "heart failure", ["weak heart"], .nhsHeartFailure,
            "In heart failure the heart does not pump as well as it should.", "It has not come to a stop.",
            "Signs are swollen legs, being very tired, and being short of breath."),
        entry(
            "pleurisy", ["pleuritis"], .nhsPleurisy,
            "Pleurisy means that the skin around the lung is sore.", "It hurts most with a deep breath or a cough."),
        entry(
            "interstitial lung disease", ["ild", "interstitial"], .medlineFibrosis,
            "This name stands for many illnesses of the tissue between the air sacs.",
            "They can leave scars in the lung."),
        entry(
            "asbestosis", ["asbestos"], .nhsAsbestosis,
            "Asbestosis is scarring of the lungs by asbestos dust.",
            "It shows only many years after the work with it."),
        entry(
            "benign", ["harmless growth"], .nciDictionary, "Benign means: not a cancer.",
            "A benign growth can still need care if it is in the way."),
        entry(
            "malignant", ["malignancy", "cancerous"], .nciDictionary,
            "Malignant means that something can grow into its surroundings and spread.", "It is a word for cancer.",
            "An X-ray alone can't show it.", "Most often a sample is needed."),
        entry(
            "metastasis", ["metastases", "metastatic"], .nciDictionary,
            "A metastasis is a growth that has spread from another place in the body."),
        entry(
            "acute", [], .nciDictionary, "Acute means that something began a short time ago.",
            "It does not say how bad it is."),
        entry(
            "chronic", ["long-term", "long term"], .nciDictionary,
            "Chronic means that something lasts for a long time, or comes back.", "It does not say how bad it is."),
        entry(
            "inflammation", ["inflamed"], .nciDictionary,
            "Inflammation is how the body reacts to a germ or to harm.",
            "The place can be red, swollen, warm and sore."),
        entry(
            "dyspnoea", ["dyspnea", "breathlessness", "shortness of breath"], .nhsBreathless,
            "Dyspnoea is the doctor's word for being short of breath.",
            "Call the emergency number if it is sudden and bad."),
        entry(
            "haemoptysis", ["hemoptysis", "coughing up blood"], .nhsCoughingBlood,
            "Haemoptysis is the doctor's word for coughing up blood.",
            "See a doctor the same day, even for a little.", "Call the emergency number if it is much."),
        entry(
            "sputum", ["phlegm", "mucus"], .nhsChestInfection, "Sputum is what comes up with a cough.",
            "A lab can test it for germs."),
        entry(
            "pack-years", ["pack years", "pack-year", "pack year"], .nciDictionary,
            "Pack-years say how much someone has smoked in all.",
            "Count the packs of 20 smoked each day, times the years.",
            "One pack a day for ten years makes ten pack-years."),
    ]

    // MARK: - Tests and people

    static let tests: [GlossaryEntry] = [
        entry(
            "X-ray", ["xray", "x ray", "radiograph", "chest x-ray", "cxr"], .nhsXray,
            "X-rays are rays that pass through the body.",
            "A chest X-ray is a flat grey picture of all that lies in the chest."),
        entry(
            "CT", ["ct scan", "cat scan", "computed tomography"], .nhsCT,
            "A CT scan takes X-ray pictures from many sides.", "A computer makes thin slices of them.",
            "It shows far more than one X-ray, and uses more radiation."),
        entry(
            "MRI", ["mri scan", "magnetic resonance imaging"], .nhsMRI,
            "An MRI scan makes pictures with a strong magnet and no X-rays.",
            "Tell the staff about every implant before it."),
        entry(
            "ultrasound", ["sonography", "ultrasound scan", "sonogram"], .nhsUltrasound,
            "Ultrasound makes pictures with sound that we can't hear.", "It uses no X-rays, and it shows fluid well."),
        entry(
            "echocardiogram", ["ultrasound of the heart"], .nhsEchocardiogram,
            "An echocardiogram is an ultrasound of the heart.", "It shows how large the heart is and how it pumps."),
        entry(
            "PET scan", ["pet-ct"], .nhsPET,
            "A PET scan shows which parts of the body use much sugar.",
            "It uses a small amount of a radioactive fluid."),
        entry(
            "biopsy", ["tissue sample"], .nhsBiopsy,
            "In a biopsy a doctor removes a tiny piece of tissue.", "A lab then looks at it closely."),
        entry(
            "bronchoscopy", ["bronchoscope"], .lungTests,
            "In a bronchoscopy a doctor looks into the airways with a thin camera.",
            "They can also collect small samples."),
        entry(
            "spirometry", ["breathing test", "lung function test"], .nhsSpirometry,
            "Spirometry is a breathing test.", "It shows how much air someone can breathe out, and how fast."),
        entry(
            "ECG", ["ekg", "electrocardiogram"], .medlineHeart,
            "An ECG writes down the electric signals of the heart.", "It takes a few minutes and does not hurt."),
        entry(
            "oxygen saturation", ["oxygen level", "spo2", "saturation", "pulse oximeter"], .medlineVitalSigns,
            "Oxygen saturation says how much oxygen the blood carries.",
            "A clip on the finger can measure it.",
            "Cold hands, nail polish and dark skin can make it less exact."),
        entry(
            "vital signs", ["vitals"], .medlineVitalSigns,
            "Vital signs show how the body is working.",
            "They are pulse, breaths, temperature and blood pressure."),
        entry(
            "thoracentesis", ["pleural tap", "pleural puncture"], .medlineEffusion,
            "Here a doctor draws off fluid from around the lung with a thin needle.",
            "It can help someone breathe, and a lab can test the fluid."),
        entry(
            "chest drain", ["chest tube"], .btsPleural,
            "A chest drain is a thin tube between the ribs.", "It lets air or fluid out of the chest."),
        entry(
            "pacemaker", ["icd"], .medlineHeart,
            "A pacemaker is a small device under the skin that helps the heart to keep its beat.",
            "It can be seen in a chest X-ray."),
        entry(
            "radiologist", ["radiology"], .radiologyInfoChest,
            "A radiologist is a doctor who is trained to read X-rays and scans.",
            "They write a report for the doctor who asked for the picture."),
        entry(
            "radiographer", ["radiologic technologist", "x-ray technician"], .nhsXray,
            "A radiographer is the person who takes the X-ray."),
        entry(
            "pulmonologist", ["lung doctor", "respiratory physician", "chest physician"], .medlineLung,
            "A pulmonologist is a doctor for the lungs.", "Such a doctor treats illnesses that make it hard to breathe."
        ),
        entry(
            "cardiologist", ["heart doctor"], .medlineHeart, "A cardiologist is a doctor for the heart.",
            "Such a doctor also treats high blood pressure."),
        entry(
            "radiation", ["radiation dose", "millisievert", "msv"], .radiologyInfoDose,
            "X-rays are a kind of radiation.", "A chest X-ray uses very little.",
            "It is about as much as everyone gets from nature in ten days."),
        entry(
            "antibiotic", ["antibiotics"], .whoResistance,
            "An antibiotic is a medicine against bacteria.",
            "It does nothing against a virus such as a cold.", "A doctor decides when it is needed."),
        entry(
            "diagnosis", ["diagnoses"], .medlineTalking,
            "A diagnosis is the name of an illness that a doctor has found.",
            "It rests on the story, an examination and tests."),
        entry(
            "prognosis", ["outlook"], .nciDictionary,
            "A prognosis is what a doctor expects to happen with an illness.", "Nobody can know it for sure."),
        entry(
            "screening", ["screening test"], .nciDictionary,
            "Screening means to test people who feel well.", "It is meant to find an illness early."),
    ]

    // MARK: - Numbers and the program

    static let numbers: [GlossaryEntry] = [
        entry(
            "threshold", ["cut-off", "cutoff"], .reading,
            "The threshold is the line from which on a finding is marked.", "Each finding has its own."),
        entry(
            "probability", ["likelihood", "chance", "score"], .reading,
            "The probability says how often pictures with such a number had the finding.",
            "Ten percent means that about 10 of 100 such pictures had it.", "It is no proof for one person."),
        entry(
            "sensitivity", ["hit rate"], .altmanSensitivity,
            "Sensitivity says how much a test finds of what is there.",
            "With 90 percent, it marks 90 of 100 pictures that have the finding, and misses ten."),
        entry(
            "specificity", ["true negative rate"], .altmanSensitivity,
            "Specificity says how often a test stays silent where nothing is.",
            "With 60 percent, it marks 40 of 100 pictures that do not have the finding."),
        entry(
            "false alarm", ["false positive", "false positives", "false alarms"], .altmanSensitivity,
            "A false alarm is a mark where there is nothing.", "The lower the line, the more there are of them."),
        entry(
            "miss", ["false negative", "false negatives", "missed finding"], .altmanSensitivity,
            "A miss is a finding that is there but was not marked.", "Every test has some."),
        entry(
            "predictive value", ["positive predictive value", "ppv", "negative predictive value"], .altmanPredictive,
            "This says how often a mark is right.", "If a finding is rare, even a good test gives many false alarms."),
        entry(
            "calibration", ["calibrated", "calibration error"], .guoCalibration,
            "A number is well set, or calibrated, if it comes true as often as it says.",
            "Of 100 pictures with ten percent, about ten should then have the finding."),
        entry(
            "AUC", ["area under the curve", "roc", "roc curve"], .altmanCurves,
            "AUC is a score for how well a model tells two kinds of pictures apart.",
            "One is perfect, and 0.5 is like a coin."),
        entry(
            "confidence interval", ["95 % interval", "margin of error"], .altmanCurves,
            "It is the range in which the true value is likely to lie.",
            "The more pictures were tested, the smaller it is."),
        entry(
            "validation", ["validation set", "test set"], .modelCard,
            "To validate a model is to test it on pictures that it has not learnt from.",
            "Here they came from the same hospitals, so elsewhere it may do worse."),
        entry(
            "heat map", ["heatmap", "coloured map", "colour map", "activation"], .classActivation,
            "A heat map shows which parts of the picture raised the number.",
            "Warm colours mean more weight.", "It does not draw the edge of anything."),
        entry(
            "model", ["neural network", "ai", "artificial intelligence"], .modelCard,
            "The model is the computer program that learnt from many X-rays.",
            "It gives numbers for a few findings.", "It does not know the person, and it makes mistakes."),
        entry(
            "language model", ["llm", "chatbot"], .assistant,
            "A language model is a program that writes text.", "It can be wrong and still sound sure.",
            "If one is used here, its name stands above the chat, and its sentences are checked."),
        entry(
            "DICOM", ["dcm", "dicom file"], .dicom,
            "DICOM is the kind of file in which hospitals keep X-rays and scans.",
            "It can hold the name of the person and the date."),
        entry(
            "pseudonym", ["alias", "made-up name"], .privacy,
            "A pseudonym is a made-up name.", "Here it can be used in place of the real one."),
        entry(
            "encrypted", ["encryption"], .privacy,
            "Encrypted means that data is scrambled and can be read only with a key.",
            "Lightbox stores pictures in this way."),
        entry(
            "session", ["sessions"], .privacy,
            "A session is the time from the start to the end of one visit to this page.",
            "When it ends, all that belongs to it is erased."),
        entry(
            "SHA-256", ["checksum", "hash"], .use,
            "This is a long number that is made from a file.",
            "If the file changes by one bit, the number changes too.", "So it shows whether two files are the same."),
        entry(
            "scope", ["out of scope"], .modelCard,
            "The scope says for whom and for which pictures a number counts.",
            "Outside of it, Lightbox shows no number."),
        entry(
            "urgency", ["urgency level", "acuity"], .urgency,
            "Urgency says how soon a doctor should look.", "It has four levels: routine, soon, urgent and emergency.",
            "Only a clinician can lower it."),
        entry(
            "clinician", ["health professional"], .medlineTalking,
            "A clinician is someone who cares for ill people, such as a doctor or a nurse."),
    ]
}
