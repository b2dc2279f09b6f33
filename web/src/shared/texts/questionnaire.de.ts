import type { QuestionnaireTexts } from "./questionnaire";

const yesOrNo = { yes: "Ja", no: "Nein" };

/** The words of the questionnaire (`engine/Sources/Domain/ClinicIntake.swift`) in German. */
export const questionnaire: QuestionnaireTexts = {
  version: "2.0.0",
  options: { unknown: "Weiß nicht", declined: "Keine Angabe" },
  units: { a: "Jahre", "/d": "am Tag", "/min": "pro Minute" },
  items: {
    // What must be known at once

    now: {
      text: "Jetzt gerade",
      help: "Diese Zeichen können bedeuten, dass sofort Hilfe nötig ist, noch vor jedem Bild.",
    },
    "red-flags": {
      text: "Geschieht gerade etwas davon?",
      prefix: "Warnzeichen",
      help: "Wählen Sie alles, was zutrifft. Wenn etwas davon zutrifft, rufen Sie zuerst die Notrufnummer an.",
      options: {
        "severe-breathless": "Ringt nach Luft oder bekommt zu wenig Luft, um ganze Sätze zu sprechen",
        "chest-pressure": "Druck, Enge oder starke Schmerzen in der Brust",
        "blue-lips": "Blaue oder graue Lippen oder blaues oder graues Gesicht",
        collapse: "Ohnmächtig geworden oder nicht aufzuwecken",
        confusion: "Plötzlich verwirrt",
        "coughing-blood-much": "Hustet viel Blut",
        "stroke-signs": "Hängendes Gesicht, schwacher Arm oder schwaches Bein, oder verwaschene Sprache",
        "throat-swelling": "Schwellung von Hals, Zunge oder Gesicht",
        "severe-bleeding": "Blutung, die nicht aufhört",
        choking: "Droht zu ersticken, oder hat einen Gegenstand verschluckt oder eingeatmet",
        fit: "Krampfanfall",
        "stiff-neck-fever": "Fieber mit steifem Nacken",
        "severe-injury": "Schwerer Sturz, Unfall oder schwere Wunde",
        "self-harm": "Gedanken, sich selbst etwas anzutun",
        none: "Nichts davon",
      },
    },

    // Who and why

    person: { text: "Die Person auf dem Bild" },
    pseudonym: {
      text: "Name oder Deckname",
      help: "Er wird auf den Bericht gedruckt. Sie brauchen keinen echten Namen anzugeben.",
    },
    age: { text: "Alter in Jahren", prefix: "Alter", help: "Bei einem Baby unter einem Jahr geben Sie 0 ein." },
    "birth-date": { text: "Geburtsdatum", help: "Das Jahr allein genügt." },
    sex: {
      text: "Geschlecht bei der Geburt",
      options: { female: "Weiblich", male: "Männlich", other: "Intergeschlechtlich oder anders" },
    },
    gender: {
      text: "Geschlechtsidentität",
      options: { woman: "Frau", man: "Mann", "non-binary": "Nichtbinär", other: "Anders" },
    },
    language: {
      text: "Sprache, die am besten gesprochen wird",
      prefix: "Sprache",
      help: "Und ob jemand zum Dolmetschen gebraucht wird.",
    },
    guardian: {
      text: "Eltern oder Sorgeberechtigte",
      help: "Wer dies für das Kind ausfüllt, und in welchem Verhältnis zum Kind.",
    },
    contact: {
      text: "Wie kann die Praxis oder Klinik die Person erreichen?",
      prefix: "Kontakt",
      help: "Eine Telefonnummer oder eine Adresse. Sie können es weglassen.",
    },
    "emergency-contact": { text: "Wer soll im Notfall angerufen werden?", prefix: "Kontakt im Notfall" },

    visit: { text: "Der Grund für den Besuch" },
    reason: {
      text: "Warum wurde das Bild aufgenommen?",
      prefix: "Grund für den Besuch",
      help: "In Ihren eigenen Worten: was nicht stimmt und seit wann. Zum Beispiel: Husten seit zwei Wochen.",
    },
    symptoms: {
      text: "Was davon ist jetzt da?",
      prefix: "Beschwerden jetzt",
      help: "Wählen Sie alles, was zutrifft.",
      options: {
        cough: "Husten",
        sputum: "Husten mit Schleim",
        fever: "Fieber",
        breathless: "Atemnot",
        wheeze: "Pfeifende Atmung",
        "chest-pain": "Schmerzen in der Brust",
        blood: "Husten mit Blut",
        "weight-loss": "Ungewollter Gewichtsverlust",
        "night-sweats": "Nachtschweiß",
        hoarse: "Heisere Stimme",
        palpitations: "Schneller oder unregelmäßiger Herzschlag",
        "leg-swelling": "Geschwollenes oder schmerzendes Bein",
        none: "Nichts davon",
      },
    },
    onset: {
      text: "Wann hat es begonnen?",
      prefix: "Beginn",
      options: {
        today: "Heute",
        days: "Vor einigen Tagen",
        weeks: "Vor einigen Wochen",
        months: "Vor einigen Monaten",
        longer: "Vor mehr als einem Jahr",
      },
    },
    beginning: {
      text: "Wie hat es begonnen?",
      prefix: "Art des Beginns",
      options: { suddenly: "Plötzlich", slowly: "Langsam" },
    },
    course: {
      text: "Wie entwickelt es sich?",
      prefix: "Verlauf",
      options: { better: "Es wird besser", same: "Es bleibt gleich", worse: "Es wird schlimmer", changing: "Es kommt und geht" },
    },
    severity: {
      text: "Wie schlimm ist es jetzt, von 0 bis 10?",
      prefix: "Wie schlimm",
      help: "0 ist gar nicht, 10 ist das Schlimmste, das Sie sich vorstellen können.",
    },
    "worse-with": { text: "Was macht es schlimmer?", prefix: "Schlimmer durch" },
    "better-with": { text: "Was macht es besser?", prefix: "Besser durch" },

    // What was before

    past: { text: "Krankheiten und Operationen" },
    conditions: {
      text: "Krankheiten, jetzt oder früher",
      prefix: "Krankheiten",
      help: "Zum Beispiel Asthma, Bluthochdruck, Krebs, Tuberkulose.",
    },
    "conditions.name": { text: "Krankheit" },
    "conditions.since": { text: "Seit wann", prefix: "Seit" },
    "conditions.status": {
      text: "Besteht sie noch?",
      prefix: "Jetzt",
      options: { active: "Ja", resolved: "Nein, sie ist vorbei" },
    },
    operations: { text: "Operationen" },
    "operations.name": { text: "Operation" },
    "operations.date": { text: "Wann" },
    "hospital-stays": { text: "Aufenthalte im Krankenhaus in den letzten fünf Jahren", prefix: "Krankenhausaufenthalte" },
    "hospital-stays.name": { text: "Grund" },
    "hospital-stays.date": { text: "Wann" },

    devices: {
      text: "Implantate und Geräte",
      help: "Man kann sie auf einem Bild sehen und mit etwas anderem verwechseln.",
    },
    implants: {
      text: "Ist etwas in oder an der Brust?",
      prefix: "Implantate",
      options: {
        pacemaker: "Herzschrittmacher",
        defibrillator: "Defibrillator (ICD)",
        "heart-valve": "Künstliche Herzklappe",
        stent: "Stent",
        port: "Port oder zentraler Venenkatheter",
        drain: "Thoraxdrainage (Schlauch im Brustkorb)",
        tube: "Ernährungssonde oder Beatmungsschlauch",
        "breast-implant": "Brustimplantat",
        metal: "Platten, Schrauben, Drähte oder Klammern",
        fragment: "Geschoss oder Metallsplitter",
        piercing: "Piercing",
        other: "Etwas anderes",
        none: "Nichts",
      },
    },
    "implants-detail": { text: "Was, und seit wann?", prefix: "Implantate im Einzelnen" },

    // Medication and allergies

    medicines: { text: "Medikamente" },
    "medication-status": {
      text: "Werden Medikamente genommen?",
      prefix: "Nimmt Medikamente",
      help: "Mit oder ohne Rezept.",
      options: { yes: "Ja", none: "Nein" },
    },
    medication: { text: "Welche?", prefix: "Medikamente" },
    "medication.name": { text: "Medikament" },
    "medication.dose": { text: "Dosis", help: "Zum Beispiel 5 mg." },
    "medication.route": {
      text: "Wie wird es genommen?",
      prefix: "Wie",
      options: {
        mouth: "Durch den Mund",
        inhaled: "Eingeatmet (inhaliert)",
        injected: "Gespritzt",
        skin: "Auf die Haut",
        other: "Auf andere Weise",
      },
    },
    "medication.frequency": { text: "Wie oft?", help: "Zum Beispiel zweimal am Tag." },
    "medication.started": { text: "Seit wann?", prefix: "Seit" },
    "medication.stopped": { text: "Bis wann?", prefix: "Bis", help: "Wenn es beendet ist oder beendet werden soll." },
    "medication.last-taken": { text: "Zuletzt genommen", help: "Zum Beispiel heute Morgen." },
    "blood-thinners": {
      text: "Wird etwas genommen, das das Blut verdünnt?",
      prefix: "Blutverdünner",
      help: "Zum Beispiel Warfarin, Phenprocoumon, Apixaban, Rivaroxaban, Heparin, Clopidogrel, ASS (Aspirin).",
      options: yesOrNo,
    },
    supplements: {
      text: "Kräuter, Vitamine oder andere Mittel",
      prefix: "Pflanzliches und Rezeptfreies",
    },

    reactions: { text: "Allergien" },
    "allergy-status": {
      text: "Gibt es Allergien?",
      prefix: "Allergien",
      help: "Gegen Medikamente, Kontrastmittel, Nahrungsmittel, Latex, Pflaster, Insekten …",
      options: { none: "Keine bekannt", yes: "Ja" },
    },
    allergies: { text: "Welche, und was ist passiert?", prefix: "Allergien im Einzelnen" },
    "allergies.substance": { text: "Stoff" },
    "allergies.reaction": { text: "Was ist passiert?", prefix: "Reaktion", help: "Zum Beispiel ein Hautausschlag." },
    "allergies.severity": {
      text: "Wie schlimm war es?",
      prefix: "Schwere",
      options: { mild: "Leicht", moderate: "Musste behandelt werden", severe: "Gefährlich" },
    },

    // Family and habits

    relatives: { text: "Familie" },
    family: {
      text: "Hatten Eltern, Geschwister oder Kinder etwas davon?",
      prefix: "In der Familie",
      options: {
        "lung-cancer": "Lungenkrebs",
        "other-cancer": "Eine andere Krebserkrankung",
        "early-heart-disease": "Herzkrankheit vor dem 60. Lebensjahr",
        "blood-clots": "Blutgerinnsel (Thrombose, Embolie)",
        asthma: "Asthma",
        "cystic-fibrosis": "Mukoviszidose",
        "lung-scarring": "Vernarbung der Lunge (Lungenfibrose)",
        tuberculosis: "Tuberkulose",
        none: "Nichts davon",
      },
    },
    "family-detail": { text: "Wer hatte was?", prefix: "In der Familie, im Einzelnen" },

    habits: { text: "Rauchen, Alkohol und Drogen" },
    smoking: {
      text: "Rauchen",
      options: { never: "Nie geraucht", former: "Früher geraucht", current: "Raucht jetzt" },
    },
    "smoking-type": {
      text: "Was?",
      prefix: "Was geraucht wird",
      options: {
        cigarettes: "Zigaretten",
        rolled: "Selbstgedrehtes",
        cigars: "Zigarren",
        pipe: "Pfeife",
        waterpipe: "Wasserpfeife",
        cannabis: "Cannabis",
        other: "Etwas anderes",
      },
    },
    cigarettes: { text: "Wie viele Zigaretten am Tag, im Durchschnitt?", prefix: "Zigaretten am Tag" },
    "smoking-years": { text: "Wie viele Jahre insgesamt?", prefix: "Jahre des Rauchens" },
    "smoking-stopped": { text: "Wann hat es aufgehört?", prefix: "Rauchen aufgehört" },
    vaping: {
      text: "E-Zigaretten (Vapen)",
      options: { never: "Nie", former: "Früher", current: "Jetzt" },
    },
    alcohol: {
      text: "Wie oft wird Alkohol getrunken?",
      prefix: "Alkohol",
      options: {
        never: "Nie",
        monthly: "Einmal im Monat oder seltener",
        weekly: "An einigen Tagen der Woche",
        daily: "Jeden Tag",
      },
    },
    drugs: {
      text: "Werden Drogen genommen?",
      prefix: "Drogen",
      help: "Die Frage wird gestellt, weil manche der Lunge oder dem Herzen schaden.",
      options: {
        smoked: "Geraucht",
        snorted: "Durch die Nase",
        injected: "Gespritzt",
        swallowed: "Geschluckt",
        none: "Keine",
      },
    },

    surroundings: { text: "Arbeit, Zuhause und Reisen" },
    occupation: { text: "Arbeit, jetzt und früher", prefix: "Arbeit" },
    dusts: {
      text: "Wurde etwas davon lange Zeit eingeatmet?",
      prefix: "Eingeatmet",
      options: {
        asbestos: "Asbest",
        silica: "Stein- oder Kohlenstaub",
        wood: "Holz- oder Mehlstaub",
        mould: "Schimmel von Heu, Kompost oder feuchten Räumen",
        birds: "Vögel oder Federn",
        chemicals: "Dämpfe oder Chemikalien",
        smoke: "Rauch von offenem Feuer in Räumen",
        none: "Nichts davon",
      },
    },
    "asbestos-years": { text: "Wie viele Jahre mit Asbest?", prefix: "Jahre mit Asbest" },
    "tuberculosis-contact": {
      text: "Enger Kontakt mit jemandem, der Tuberkulose hatte?",
      prefix: "Kontakt mit Tuberkulose",
      options: yesOrNo,
    },
    travel: { text: "Reisen im letzten Jahr", prefix: "Reisen", help: "Wohin und wann." },
    housing: {
      text: "Wo lebt die Person?",
      prefix: "Zuhause",
      options: {
        own: "Zu Hause, allein",
        shared: "Zu Hause, mit anderen",
        care: "In einem Pflegeheim",
        shelter: "In einer Unterkunft oder einem Lager",
        prison: "Im Gefängnis",
        none: "Ohne festen Wohnsitz",
      },
    },

    // The body

    vaccines: { text: "Impfungen" },
    immunisations: {
      text: "Wogegen wurde geimpft?",
      prefix: "Geimpft gegen",
      options: {
        tuberculosis: "Tuberkulose (BCG)",
        pneumococci: "Pneumokokken",
        influenza: "Grippe (Influenza), in dieser Saison",
        covid: "COVID-19",
        "whooping-cough": "Keuchhusten",
        measles: "Masern",
        rsv: "RSV",
        none: "Nichts davon",
      },
    },

    body: { text: "Was sonst noch war", help: "Von Kopf bis Fuß, in den letzten vier Wochen." },
    systems: {
      text: "Was davon?",
      prefix: "Andere Beschwerden",
      options: {
        tired: "Sehr müde",
        appetite: "Kein Appetit",
        lumps: "Knoten",
        headache: "Kopfschmerzen",
        dizzy: "Schwindel",
        "sore-throat": "Halsschmerzen",
        "runny-nose": "Laufende oder verstopfte Nase",
        swallowing: "Mühe beim Schlucken",
        heartburn: "Sodbrennen",
        vomiting: "Erbrechen",
        "belly-pain": "Bauchschmerzen",
        diarrhoea: "Durchfall",
        "lying-flat": "Kann zum Atmen nicht flach liegen",
        ankles: "Geschwollene Knöchel",
        joints: "Schmerzende Gelenke oder Muskeln",
        "bone-pain": "Knochenschmerzen",
        rash: "Hautausschlag",
        bruises: "Bekommt leicht blaue Flecken",
        urine: "Beschwerden beim Wasserlassen",
        "low-mood": "Niedergeschlagen oder in Sorge",
        none: "Nichts davon",
      },
    },
    "systems-detail": { text: "Gibt es noch mehr zu sagen?", prefix: "Andere Beschwerden im Einzelnen" },

    childbearing: {
      text: "Schwangerschaft",
      help: "Röntgenaufnahmen werden in der Schwangerschaft anders geplant. Deshalb sollte es wissen, wer das Bild ansieht.",
    },
    pregnancy: {
      text: "Könnte jetzt eine Schwangerschaft bestehen?",
      prefix: "Schwangerschaft",
      options: { no: "Nein", yes: "Ja", possible: "Es ist möglich" },
    },
    "last-period": { text: "Wann hat die letzte Monatsblutung begonnen?", prefix: "Letzte Monatsblutung" },
    breastfeeding: { text: "Wird gestillt?", prefix: "Stillen", options: yesOrNo },

    earlier: {
      text: "Frühere Bilder des Brustkorbs",
      help: "Was neu ist, erkennt man oft nur durch Vergleichen.",
    },
    "earlier-pictures-status": {
      text: "Gab es frühere Bilder des Brustkorbs?",
      prefix: "Frühere Bilder des Brustkorbs",
      options: yesOrNo,
    },
    "earlier-pictures": { text: "Welche?" },
    "earlier-pictures.kind": {
      text: "Art",
      options: { "x-ray": "Röntgen", ct: "CT", mri: "MRT", ultrasound: "Ultraschall" },
    },
    "earlier-pictures.date": { text: "Wann" },
    "earlier-pictures.place": { text: "Wo" },
    "earlier-pictures.result": { text: "Was wurde dazu gesagt?", prefix: "Ergebnis" },

    measurements: { text: "Messwerte", help: "Nur was bekannt ist. Den Rest lassen Sie leer." },
    height: { text: "Körpergröße" },
    weight: { text: "Gewicht" },
    temperature: { text: "Temperatur" },
    "heart-rate": { text: "Puls" },
    "respiratory-rate": { text: "Atemzüge" },
    "oxygen-saturation": { text: "Sauerstoffsättigung", help: "Von einem Clip am Finger." },
    systolic: { text: "Blutdruck, erste Zahl" },
    diastolic: { text: "Blutdruck, zweite Zahl" },
  },
};
