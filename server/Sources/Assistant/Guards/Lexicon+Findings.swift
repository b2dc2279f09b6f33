extension Lexicon {
    /// The ids are those of the model's heads where it has one.
    static let findings: [(String, String)] = [
        ("atelectasis", "atelectasis,atelectases,atelectatic,collapsed lung tissue,lung collapse"),
        (
            "cardiomegaly",
            "cardiomegaly,enlarged heart,enlarged heart shadow,heart enlargement,enlargement of the heart"
        ),
        ("consolidation", "consolidation,consolidated,airspace disease"),
        ("edema", "pulmonary edema,lung edema,edema"),
        ("effusion", "pleural effusion,effusion,pleural fluid"),
        ("emphysema", "emphysema,emphysematous"),
        ("fibrosis", "lung scarring,pulmonary fibrosis,lung fibrosis,fibrosis,fibrotic,scarring of the lung"),
        ("hernia", "hiatus hernia,hiatal hernia,hernia"),
        ("infiltration", "infiltration,infiltrate"),
        ("mass", "mass,lung mass"),
        ("nodule", "nodule,lung nodule,pulmonary nodule"),
        ("pleural-thickening", "pleural thickening,thickened pleura"),
        ("pneumonia", "pneumonia,bronchopneumonia,chest infection,lung infection,infection of the lung"),
        ("pneumothorax", "pneumothorax,pneumothoraces,collapsed lung"),
        ("any-finding", "any of the 14 listed findings"),
    ]

    static let descriptions: [(String, String)] = [
        (
            "effusion",
            "fluid around the lung,fluid around your lung,water on the lung,fluid between the lung,fluid on the lung"
        ),
        ("edema", "fluid in the lung,fluid in your lung,water in the lung,extra fluid"),
        ("pneumothorax", "air between the lung,air around the lung,air outside the lung"),
        (
            "cardiomegaly",
            "heart looks wide,wide heart,large heart,big heart,heart shadow,heart too big,heart too large,heart enlarged"
        ),
        ("mass", "rounded area"),
        ("nodule", "rounded spot,small spot,coin lesion"),
        ("infiltration", "hazy area,haziness"),
        ("fibrosis", "scar,lung scar"),
        ("consolidation", "filled with fluid,filled air spaces"),
        ("opacity", "opacity,opacities,shadowing,lesion,abnormality,abnormalities"),
    ]

    static let diseases: [(String, String)] = [
        (
            "cancer",
            "cancer,lung cancer,tumor,malignancy,malignant,carcinoma,adenocarcinoma,neoplasm,cancerous,metastasis,metastases,metastatic,mesothelioma"
        ),
        ("lymphoma", "lymphoma"), ("leukemia", "leukemia"), ("tuberculosis", "tuberculosis,tb"),
        ("covid", "covid,coronavirus"), ("influenza", "flu,influenza"), ("bronchitis", "bronchitis"),
        ("bronchiectasis", "bronchiectasis"), ("bronchiolitis", "bronchiolitis"), ("asthma", "asthma,asthmatic"),
        ("copd", "copd,chronic obstructive pulmonary disease,chronic bronchitis"),
        ("heart-failure", "heart failure,cardiac failure,congestive heart failure,weak heart"),
        ("heart-attack", "heart attack,myocardial infarction"),
        ("heart-disease", "heart disease,coronary artery disease,angina,cardiomyopathy,heart condition"),
        ("valve", "valve disease,aortic stenosis"), ("arrhythmia", "atrial fibrillation,arrhythmia"),
        ("pericardial", "pericardial effusion,pericarditis,myocarditis,endocarditis"),
        ("pulmonary-embolism", "pulmonary embolism,blood clot,clot,thrombosis,embolism,embolus"),
        ("aneurysm", "aneurysm,aortic dissection"), ("hypertension", "high blood pressure,hypertension"),
        ("pulmonary-hypertension", "pulmonary hypertension"), ("stroke", "stroke"),
        ("diabetes", "diabetes,diabetic"), ("kidney", "kidney disease,kidney failure,renal failure"),
        ("liver", "liver disease,cirrhosis,hepatitis"), ("sarcoidosis", "sarcoidosis,sarcoid"),
        ("silicosis", "silicosis,pneumoconiosis,asbestosis,black lung"),
        ("interstitial", "interstitial lung disease,interstitial disease,alveolitis,pneumonitis"),
        ("cystic-fibrosis", "cystic fibrosis"), ("pleurisy", "pleurisy,pleuritis,empyema"),
        ("abscess", "abscess,lung abscess"), ("sepsis", "sepsis,septic,blood poisoning"), ("ards", "ards"),
        ("hiv", "hiv,aids"), ("whooping-cough", "whooping cough,pertussis"), ("croup", "croup"),
        ("fracture", "broken rib,rib fracture,fracture,broken bone,fractured"), ("scoliosis", "scoliosis"),
        ("osteoporosis", "osteoporosis"), ("anemia", "anemia"), ("allergy-illness", "anaphylaxis"),
        ("reflux", "reflux,gerd"), ("depression", "depression"), ("lung-disease", "lung disease,disease,illness"),
        ("infection", "infection,viral infection,bacterial infection,virus,fungus,fungal infection"),
        ("granuloma", "granuloma"), ("lymph-nodes", "enlarged lymph node,swollen lymph node,lymphadenopathy"),
        ("calcification", "calcification,calcified"), ("pneumomediastinum", "pneumomediastinum,free air"),
        ("bleeding", "pulmonary hemorrhage,internal bleeding,hemothorax"), ("rheumatoid", "rheumatoid arthritis,lupus"),
        ("arthritis", "arthritis"), ("thyroid", "goitre,goiter,thyroid disease"),
    ]

    static let symptoms: [(String, String)] = [
        ("cough", "cough,coughing"), ("fever", "fever,high temperature"), ("chest-pain", "chest pain,chest ache"),
        (
            "breathless",
            "short of breath,shortness of breath,breathless,breathlessness,trouble breathing,difficulty breathing"
        ),
        ("wheeze", "wheeze,wheezing"), ("blood", "coughing up blood,blood in sputum"), ("sputum", "sputum,phlegm"),
        ("weight-loss", "weight loss,losing weight"), ("night-sweats", "night sweat"), ("hoarse", "hoarse,hoarseness"),
        ("palpitations", "palpitation"), ("leg-swelling", "swollen leg,leg swelling,swollen ankle"),
        ("headache", "headache"), ("dizzy", "dizzy,dizziness"), ("vomiting", "vomiting"), ("rash", "rash"),
        ("tired", "tiredness,fatigue"), ("back-pain", "back pain"), ("sore-throat", "sore throat"),
    ]

    static let harmless = [
        "body mass", "rule out nothing", "infection control", "no mass market", "heart disease specialist",
        "cancer specialist",
    ]
}
