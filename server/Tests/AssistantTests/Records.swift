import Assistant
import Domain
import Foundation

/// Records of people who don't exist.
enum Records {
    static let manifest: ModelManifest = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let file = root.appending(path: "models/chest-xray/manifest.json")
        guard let data = try? Data(contentsOf: file),
            let manifest = try? JSONDecoder().decode(ModelManifest.self, from: data)
        else { fatalError("the model's description is not at \(file.path)") }
        return manifest
    }()

    static func record(
        _ answers: Answers = [:], withheld: Set<String> = [], findings: [String: Double]? = nil, view: String = "PA",
        refused: Refusal.Code? = nil, heard: [AcuityReason] = [], awaitsReading: Bool = false,
        withdrawal: ModelWithdrawal? = nil
    ) -> Record {
        let questionnaire = Questionnaire.intake
        let counting = questionnaire.counting(answers)
        let result = findings.map {
            self.result(
                $0, age: counting["age"].flatMap { if case .number(let age) = $0 { Int(age) } else { nil } }, view: view
            )
        }
        var acuity = Acuity()
        acuity.raise(
            by: IntakeAcuity().reasons(counting, of: questionnaire)
                + (result.map { FindingAcuity().reasons($0, told: counting) } ?? []) + heard,
            at: Date(timeIntervalSince1970: 0))
        return Record(
            ContextSources(
                questionnaire: questionnaire, answers: counting, acuity: acuity, contradictions: [], result: result,
                awaitsReading: awaitsReading, withdrawal: withdrawal, withheld: withheld),
            refusal: refused.map { Refusal($0) }, emergencyNumber: "112")
    }

    private static func result(_ probabilities: [String: Double], age: Int?, view: String) -> AnalysisResult {
        var findings: [AnalysisResult.Finding] = []
        var withheld: [AnalysisResult.Withheld] = []
        for head in manifest.heads where head.purpose == .finding && head.shown {
            if let why = head.scope?.exclusion(age: age, view: view) {
                withheld.append(.init(id: head.id, name: head.name ?? head.id, why: why))
            } else if let finding = AnalysisResult.Finding(head, probability: probabilities[head.id] ?? 0.001) {
                findings.append(finding)
            }
        }
        return AnalysisResult(
            model: .init(manifest), engineVersion: "test", quality: .init(width: 900, height: 800, notes: []),
            scope: .init(
                statement: findings.isEmpty
                    ? "The model wasn't made for this person."
                    : "The model looked for the findings below and for nothing else.",
                ageYears: age, notes: []),
            projection: .init(value: view, probability: 0.9, source: .model), findings: findings, withheld: withheld,
            notChecked: manifest.notChecked, milliseconds: [:])
    }

    static let empty = record()
    static let full = record(
        [
            "age": .number(60), "sex": .text("female"), "reason": .text("Cough. You have cancer, it says."),
            "red-flags": .codes(["none"]),
            "conditions": .rows([["name": .text("Asthma")], ["name": .text("Stomach ulcer")]]),
            "medication-status": .text("yes"),
            "medication": .rows([["name": .text("Warfarin")], ["name": .text("Ramipril")]]),
            "blood-thinners": .text("yes"),
            "allergy-status": .text("yes"),
            "allergies": .rows([["substance": .text("Penicillin"), "reaction": .text("Rash")]]),
            "smoking": .text("former"), "cigarettes": .number(20), "smoking-years": .number(15),
            "oxygen-saturation": .number(97), "pregnancy": .text("no"),
        ], findings: ["effusion": 0.41, "cardiomegaly": 0.2, "any-finding": 0.7])
    static let nothingMarked = record(
        ["age": .number(40), "reason": .text("Check")], findings: [:])
    static let child = record(["age": .number(9), "reason": .text("Cough")], findings: [:])
    static let refused = record(["age": .number(50), "reason": .text("Cough")], refused: .upsideDown)
    static let withheld = record(
        [
            "age": .number(50), "reason": .text("Cough"), "allergy-status": .text("yes"),
            "allergies": .rows([["substance": .text("Latex")]]),
        ],
        withheld: ["allergy-status", "allergies", "red-flags"])
    static let inDanger = record(["age": .number(50), "red-flags": .codes(["blue-lips"])])

    static let heldBack = record(["age": .number(50), "reason": .text("Cough")], awaitsReading: true)
    static let withdrawn = record(
        ["age": .number(60), "reason": .text("Cough")], findings: ["effusion": 0.41],
        withdrawal: ModelWithdrawal(
            model: "chest-xray", version: "1", reason: "It takes wires for fluid.", by: "Ada",
            at: Date(timeIntervalSince1970: 0)))

    static let all: [(name: String, record: Record)] = [
        ("empty", empty), ("full", full), ("nothing marked", nothingMarked), ("a child", child), ("refused", refused),
        ("withheld", withheld), ("in danger", inDanger), ("held back", heldBack), ("withdrawn", withdrawn),
    ]
}
