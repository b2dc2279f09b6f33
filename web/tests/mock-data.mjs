// Made-up answers of the API, in the shape of the real ones.
const measured = (auc, positives) => ({
  dataset: "NIH ChestX-ray14 subset, patient-grouped validation split, adults",
  images: 2430, positives, auc, aucLow: auc - 0.04, aucHigh: auc + 0.04, sensitivity: 0.903, specificity: 0.385, ece: 0.0219,
});

const finding = (id, name, plain, means, probability, threshold, auc) => ({
  id, name, plain, means, probability, threshold, thresholdRule: "sensitivity 0.90 on validation",
  flagged: probability >= threshold, measured: measured(auc, 248),
  frequency: { images: 243, positives: Math.round(probability * 243) },
  code: { system: "http://radlex.org", code: "RID28493", display: name.toLowerCase() },
  heatmap: id === "any-finding" ? undefined : `/api/v1/analyses/{id}/heatmaps/${id}`,
});

export const result = {
  model: {
    id: "chest-xray", version: "0.1.0", title: "Lightbox chest X-ray",
    intendedUse: "Research and education. Not a medical device; not for diagnosis, treatment or deciding how urgent something is.",
    sha256: "6c027b8a0f13c3063913156427c475dd037ce6b5d4747afce18f9cb3fc32b727",
    preprocessingSha256: "e7d9040c8212cb42711b27f1608638f59a1c301295f81ea10d08ba7c33235971",
  },
  engineVersion: "0.1.0",
  quality: { usable: true, width: 1955, height: 1841, notes: [{ code: "low-contrast", text: "The picture has little contrast." }] },
  scope: { statement: "The model looked for the findings below and for nothing else.", ageYears: 54, notes: [] },
  projection: { value: "PA", probability: 0.97, source: "model" },
  findings: [
    finding("effusion", "Pleural effusion", "Fluid between the lung and the chest wall", "The picture has features that radiologists often call a pleural effusion. A fold of skin or an older scar can look like this too.", 0.31, 0.045, 0.833),
    finding("atelectasis", "Atelectasis", "Part of a lung that holds less air than usual", "The picture has features that radiologists often call atelectasis: a part of a lung that is not fully open. A shallow breath can look like this.", 0.092, 0.0576, 0.722),
    finding("any-finding", "Any of the 14 listed findings", "Something that a report would mention", "The picture looks unlike those that were reported as having none of the listed findings.", 0.21, 0.262, 0.741),
    finding("consolidation", "Consolidation", "Part of a lung filled with something other than air", "Features that are often called consolidation.", 0.012, 0.021, 0.74),
    finding("pneumothorax", "Pneumothorax", "Air between the lung and the chest wall", "Features that are often called pneumothorax.", 0.0061, 0.0246, 0.79),
  ],
  withheld: [
    { id: "pneumonia-child", name: "Pneumonia (child of 1 to 5 years)", why: "It was made for children of 1 to 5 years." },
    { id: "pneumonia-bacterial", name: "More like bacterial than viral pneumonia", why: "It only means something where “Pneumonia (child of 1 to 5 years)” was flagged." },
  ],
  notChecked: [
    "Whether the picture is mirrored left to right", "Pneumonia (adult) (this program was not good enough at it)",
    "Nodule (this program was not good enough at it)", "Mass (this program was not good enough at it)",
    "Enlarged heart shadow (this program was not good enough at it)", "Broken ribs, collarbones, vertebrae and other injuries of bones",
    "Tuberculosis", "Tubes, lines, pacemakers and whether they lie correctly", "Swallowed or breathed-in objects",
    "Air under the diaphragm and anything else in the belly", "The large vessels, for example a widened or torn aorta",
    "Blood clots in the lungs (a plain chest picture doesn't show them)", "Scoliosis and the shape of the chest", "Changes compared with an earlier picture",
  ],
  milliseconds: { queued: 12, decoding: 118.4, checking: 31.2, inferring: 64.9, explaining: 40.3 },
};

export const limits = {
  maxUploadBytes: 104857600, maxPixels: 100000000, maxEdge: 20000, minEdge: 64,
  formats: [
    { format: "png", mediaTypes: ["image/png"], extensions: [".png"] },
    { format: "jpeg", mediaTypes: ["image/jpeg"], extensions: [".jpg", ".jpeg"] },
    { format: "webp", mediaTypes: ["image/webp"], extensions: [".webp"] },
    { format: "tiff", mediaTypes: ["image/tiff"], extensions: [".tif", ".tiff"] },
    { format: "dicom", mediaTypes: ["application/dicom"], extensions: [".dcm"] },
  ],
  archives: [{ format: "zip", mediaTypes: ["application/zip"], extensions: [".zip"] }],
  maxFilesPerArchive: 100, previewWidths: [320, 800, 1600],
  resumable: { version: "1.0.0", maxSize: 524288000, expirationSeconds: 86400, extensions: ["creation", "creation-with-upload", "expiration", "checksum", "termination"] },
  advice: [
    { name: "HEIC", extensions: [".heic", ".heif"], text: "HEIC photographs can't be read here. Save the photograph as JPEG and choose that." },
    { name: "PDF", extensions: [".pdf"], text: "A PDF is a document, not a picture. Choose the picture itself." },
    { name: "GIF", extensions: [".gif"], text: "GIF pictures can't be read here. Save the picture as PNG." },
  ],
  maxUploadsPerSession: 20, idleTimeoutSeconds: 1800, absoluteTimeoutSeconds: 86400, consentVersion: "1", emergencyNumber: "112", version: "0.1.0",
};

const source = { title: "NHS: Shortness of breath", url: "https://www.nhs.uk/conditions/shortness-of-breath/" };
const reason = (rule, level, text, field) => ({ rule, level, text, origin: "intake", field, source });
const advice = {
  emergency: { title: "This may be an emergency. Call 112 now.", steps: ["Call 112, or let someone call for you. Say what is happening and where you are.", "Don't wait for this program, for a picture or for a report. Don't drive yourself."] },
  urgent: { title: "Talk to a doctor today.", steps: ["Call your doctor, an urgent care line or an urgent care centre today, also at night or at a weekend.", "Call 112 if it gets worse: trouble breathing, chest pain, fainting, blue lips, confusion, much blood."] },
  soon: { title: "See a doctor in the next days.", steps: ["Make an appointment within days, at the latest within two weeks, and take the report with you."] },
  routine: { title: "Nothing told here asks for more than a normal visit.", steps: ["This program knows only what it was told, and it can miss things."] },
};

/** How urgent answers are: a warning sign and a reason with "can't breathe" are emergencies, chest pain is for today, a cough for soon. */
export function acuityOf(answers) {
  const told = (symptom) => (answers.symptoms ?? []).includes(symptom);
  const reasons = [
    (answers["red-flags"] ?? []).some((sign) => sign !== "none") && reason("colour", "emergency", "A warning sign is there now.", "red-flags"),
    /can.?t (breathe|get air)/i.test(answers.reason ?? "") && reason("breathing", "emergency", "Someone who can't breathe needs help now.", "reason"),
    told("chest-pain") && reason("chest-pain", "urgent", "Chest pain has to be looked at today.", "symptoms"),
    told("cough") && reason("long-cough", "soon", "A cough of three weeks or more.", "symptoms"),
  ].filter(Boolean);
  const level = reasons[0]?.level ?? "routine";
  return { level, reasons, advice: advice[level], emergencyNumber: "112", raisedAt: undefined };
}

const coding = (...pairs) => pairs.map(([code, display]) => ({ valueCoding: { code, display } }));
const display = (id, text) => [{ linkId: `${id}.help`, text, type: "display" }];
const range = (low, high) => [
  { url: "http://hl7.org/fhir/StructureDefinition/minValue", valueInteger: low },
  { url: "http://hl7.org/fhir/StructureDefinition/maxValue", valueInteger: high },
  { url: "http://hl7.org/fhir/StructureDefinition/questionnaire-unit", valueCoding: { code: "a", display: "years" } },
];

export const questionnaire = {
  resourceType: "Questionnaire", id: "short-history", version: "1.0.0", status: "active", title: "A short history", subjectType: ["Patient"],
  item: [
    { linkId: "person", text: "About the person in the picture", type: "group", item: [
      { linkId: "pseudonym", text: "Name or pseudonym", type: "string", required: false, maxLength: 80, item: display("pseudonym", "It is printed on the report. You don't need to give a real name.") },
      { linkId: "age", text: "Age in years", type: "integer", required: true, extension: range(0, 120), item: display("age", "For a baby under one year, enter 0.") },
      { linkId: "sex", text: "Sex at birth", type: "choice", required: false, answerOption: coding(["female", "Female"], ["male", "Male"], ["other", "Intersex or other"], ["unknown", "Don't know"], ["declined", "Rather not say"]) },
      { linkId: "pregnancy", text: "Could there be a pregnancy now?", type: "choice", required: false, enableBehavior: "all",
        enableWhen: [{ question: "sex", operator: "!=", answerCoding: { code: "male" } }, { question: "age", operator: ">=", answerInteger: 10 }, { question: "age", operator: "<=", answerInteger: 60 }],
        answerOption: coding(["no", "No"], ["yes", "Yes"], ["possible", "It is possible"], ["unknown", "Don't know"]) },
    ] },
    { linkId: "visit", text: "The reason for the visit", type: "group", item: [
      { linkId: "reason", text: "Why was the picture taken?", type: "text", required: true, maxLength: 2000, item: display("reason", "In your own words: what is wrong, and since when.") },
      { linkId: "symptoms", text: "Which of these are there now?", type: "choice", repeats: true, required: false, answerOption: coding(["cough", "Cough"], ["fever", "Fever"], ["breathless", "Short of breath"], ["chest-pain", "Chest pain"], ["none", "None of these"]) },
    ] },
    { linkId: "safety", text: "Allergies and medication", type: "group", item: [
      { linkId: "allergy-status", text: "Any allergies?", type: "choice", required: false, answerOption: coding(["none", "None known"], ["yes", "Yes"], ["unknown", "Don't know"]) },
      { linkId: "allergies", text: "Which, and what happened?", type: "text", required: true, maxLength: 2000, enableBehavior: "all", enableWhen: [{ question: "allergy-status", operator: "=", answerCoding: { code: "yes" } }] },
      { linkId: "medication", prefix: "Medication", text: "Medication taken now", type: "group", repeats: true, required: false,
        extension: [{ url: "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", valueInteger: 3 }],
        item: [
          ...display("medication", "Also what is taken without a prescription."),
          { linkId: "medication.name", prefix: "Medicine", text: "Medicine", type: "open-choice", required: true, maxLength: 120, answerValueSet: "urn:lightbox:vocabulary:medication" },
          { linkId: "medication.dose", prefix: "Dose", text: "Dose", type: "string", required: false, maxLength: 60 },
          { linkId: "medication.started", prefix: "Since", text: "Since when?", type: "date", required: false, extension: [{ url: "urn:lightbox:not-in-the-future", valueBoolean: true }] },
        ] },
    ] },
  ],
};

export const samples = [
  { id: "film", title: "A chest film", description: "An adult, from the back. DICOM, JPEG 2000.", credit: "pydicom-data", licence: "MIT", format: "dicom" },
  { id: "slice", title: "A slice from a CT scan", description: "Not a plain X-ray: see how it is refused.", credit: "pydicom-data", licence: "MIT", format: "dicom" },
];
