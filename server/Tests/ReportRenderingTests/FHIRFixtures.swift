import Domain
import Foundation
import Workflows

/// Reports to be said in FHIR: those of ``ReportFixtures``, with a history and findings that have codes.
enum FHIRFixtures {
    static let start = ReportFixtures.start

    static let answers: Answers = [
        "pseudonym": .text("J. D."), "age": .number(54), "birth-date": .text("1972-03"), "sex": .text("female"),
        "gender": .text("woman"), "reason": .text("Cough for two weeks."), "symptoms": .codes(["cough", "fever"]),
        "severity": .number(4), "temperature": .number(38.4),
        "conditions": .rows([
            ["name": .text("Asthma"), "since": .text("1990"), "status": .text("active")],
            ["name": .text("Tuberculosis"), "status": .text("resolved")], ["name": .text("Something")],
        ]), "medication-status": .text("yes"),
        "medication": .rows([
            [
                "name": .text("Salbutamol"), "dose": .text("100 µg"), "route": .text("inhaled"),
                "frequency": .text("when needed"), "started": .text("2001-05-02"), "last-taken": .text("today"),
            ], ["name": .text("Amoxicillin"), "started": .text("2020-02"), "stopped": .text("2020-01")],
        ]), "allergy-status": .text("yes"),
        "allergies": .rows([
            ["substance": .text("Penicillin"), "reaction": .text("Rash"), "severity": .text("moderate")],
            ["substance": .text("Latex"), "severity": .text("unknown")],
            ["substance": .text("Nuts"), "severity": .text("severe")],
        ]), "smoking": .text("former"), "cigarettes": .number(10), "smoking-years": .number(15),
        "alcohol": .text("daily"),
    ]

    /// Everything that can be in a report is in it.
    static func full(answers: Answers = answers) throws -> ReportContent {
        var content = try plain(answers: answers)
        content.withheld = ["alcohol", "medication", "smoking"].filter { answers[$0] != nil }
        content.result.identity = IdentityCheck(
            rows: [
                .init(field: .age, told: "54", file: "80", agreement: .differs),
                .init(field: .studyDate, told: "2027-01-15", file: "2026-12-30", agreement: .agrees),
            ], confirmed: [.age])
        content.result.projection = .init(value: "PA", probability: 0.912345678, source: .model)
        return try ReportFixtures.filled(content)
    }

    static let withdrawal = ModelWithdrawal(
        model: "chest-xray", version: "1.0.0", reason: "Its thresholds are wrong.", by: "Operator",
        at: start.addingTimeInterval(86_400))

    /// Without answers, and with no more than a report always has.
    static func plain(answers: Answers = [:]) throws -> ReportContent {
        try ReportFixtures.content(
            findings: findings, notes: #"[{"code": "low-contrast", "text": "Little contrast."}]"#, answers: answers,
            format: .dicom,
            dicom: answers.isEmpty
                ? nil : DicomSummary(modality: "DX", studyDate: "20261230", studyDescription: "THORAX PA"))
    }

    /// Numbers that a double doesn't hold exactly, one code that may be said and one that mustn't.
    private static let findings = [
        """
        {"id": "effusion", "name": "Fluid around the lung", "plain": "plain", "means": "What it means.",
         "thresholdRule": "rule", "probability": 0.30000000000000004, "threshold": 0.3, "flagged": true,
         "code": {"system": "http://radlex.org", "code": "RID34539", "display": "pleural effusion"},
         "frequency": {"images": 200, "positives": 31},
         "measured": {"dataset": "d", "images": 200, "positives": 20, "auc": 0.81, "aucLow": 0.7, "aucHigh": 0.9,
                      "sensitivity": 0.9, "specificity": 0.412}}
        """,
        """
        {"id": "mass", "name": "Mass", "plain": "plain", "means": "What a mass is.",
         "thresholdRule": "rule", "probability": 0.00001, "threshold": 0.2, "flagged": false,
         "code": {"system": "http://snomed.info/sct", "code": "1", "display": "x"},
         "measured": {"dataset": "d", "images": 200}}
        """,
    ]

    /// What people have typed into forms to break them.
    static let hostile = [
        "<script>alert(1)</script>", "]]></div><img src=x onerror=alert(1)>", "&lt;b&gt; &#x202E; &nbsp;",
        "\u{202E}gnorw\u{202C}", "a\u{0}b\u{1B}[31mc\u{7}\u{85}d\u{2028}e\u{B}f", "\u{FFFE}\u{FFFF}\u{1FFFF}",
        "\"quoted\" \\ back/slash", "\u{A0}\u{3000} wide \u{3000}", " \n\t ", "👩‍👩‍👧‍👦🫁 e\u{301}\u{301}\u{301}",
        "مرحبا שלום 肺",
        String(repeating: "long ", count: 2000),
    ]
}
