import Domain
import Foundation

@testable import Assistant

/// A man of 54 who takes warfarin and is allergic to penicillin; a pleural effusion is marked, nothing else.
enum GuardFixtures {
    static let answers: Answers = [
        "age": .number(54), "sex": .text("male"), "reason": .text("Cough for three weeks"),
        "symptoms": .codes(["cough", "breathless"]), "conditions": .rows([["name": .text("High blood pressure")]]),
        "medication-status": .text("yes"),
        "medication": .rows([
            ["name": .text("warfarin"), "dose": .text("5 mg"), "frequency": .text("once a day")]
        ]), "allergy-status": .text("yes"),
        "allergies": .rows([["substance": .text("penicillin"), "reaction": .text("rash")]]),
        "smoking": .text("former"), "cigarettes": .number(20), "smoking-years": .number(30),
    ]

    static let record: Record = {
        var acuity = Acuity()
        acuity.raise(
            by: [
                AcuityReason(
                    rule: "long-cough", level: .soon, text: "A cough of three weeks or more should be looked at.",
                    origin: .intake, field: "onset", source: GuidanceSource("NICE", "https://www.nice.org.uk"))
            ], at: Date(timeIntervalSince1970: 0))
        return Record(
            ContextSources(
                questionnaire: .intake, answers: answers, acuity: acuity, contradictions: [], result: result,
                withheld: []), emergencyNumber: "112")
    }()

    static let result: AnalysisResult? = {
        let findings = [
            ("effusion", "Pleural effusion", "Fluid around the lung", 0.23, 0.15),
            ("atelectasis", "Atelectasis", "Part of a lung that holds less air than usual", 0.08, 0.2),
            ("cardiomegaly", "Enlarged heart shadow", "The outline of the heart looks wide", 0.05, 0.2),
            ("consolidation", "Consolidation", "An area of lung that looks filled instead of airy", 0.04, 0.2),
            ("mass", "Mass", "A dense, rounded area of 3 cm or more", 0.02, 0.1),
            ("pneumothorax", "Pneumothorax", "Air between the lung and the chest wall", 0.01, 0.1),
        ].map { id, name, plain, probability, threshold in
            """
            {"id": "\(id)", "name": "\(name)", "plain": "\(plain)", "means": "", "probability": \(probability),
             "threshold": \(threshold), "thresholdRule": "", "flagged": \(probability >= threshold),
             "measured": {"dataset": "validation", "images": 1200}}
            """
        }
        let text = """
            {"model": {"id": "chest-xray", "version": "1.1.0", "title": "", "intendedUse": "", "sha256": "",
              "preprocessingSha256": ""}, "engineVersion": "1",
             "quality": {"width": 1024, "height": 1024, "notes": []},
             "scope": {"statement": "The model speaks for adults.", "ageYears": 54, "notes": []},
             "projection": {"value": "PA", "probability": 1, "source": "header"},
             "findings": [\(findings.joined(separator: ","))], "withheld": [],
             "notChecked": ["Small lung nodules (not accurate enough)", "Pneumonia in adults (not accurate enough)",
               "Broken ribs and other injuries of bones", "Tuberculosis", "Changes since an earlier picture"],
             "milliseconds": {}}
            """
        return try? JSONDecoder().decode(AnalysisResult.self, from: Data(text.utf8))
    }()

    static let questions: [String: String] = [
        "show": "What did the picture show?", "cancer": "Do I have cancer?",
        "amoxicillin": "Can I take amoxicillin?",
    ]

    static func grounded(_ key: String) -> GroundedAnswer {
        let finding = Evidence(.record, "finding.effusion", label: "Pleural effusion")
        let source = Evidence(.source, "nhs-chest-xray", label: "NHS")
        switch key {
        case "cancer":
            return GroundedAnswer(
                intent: .diagnosis,
                sentences: [
                    AnswerSentence("This program can't say whether somebody has cancer.", evidence: [source]),
                    AnswerSentence("A doctor can, with further tests.", evidence: [source]),
                ], suggestions: [])
        case "amoxicillin":
            return GroundedAnswer(
                intent: .medicationMayTake,
                sentences: [
                    AnswerSentence(
                        "Don't take amoxicillin before you have asked a doctor or pharmacist.", evidence: [source]),
                    AnswerSentence(
                        "You told that you are allergic to penicillin, and amoxicillin is a kind of penicillin.",
                        evidence: [Evidence(.record, "intake.allergies.1", label: "Allergies in detail")]),
                ], suggestions: [])
        default:
            return GroundedAnswer(
                intent: .findingsSummary,
                sentences: [
                    AnswerSentence(
                        "One finding is marked: pleural effusion, with a probability of 23 %.",
                        evidence: [finding]),
                    AnswerSentence("Fluid may lie around the lung; scarring can look similar.", evidence: [source]),
                    AnswerSentence("Show the report to a doctor.", evidence: [source]),
                ], suggestions: [])
        }
    }

    static func answerGuard(_ key: String = "show") -> AnswerGuard {
        AnswerGuard(record: record, question: questions[key] ?? "", grounded: grounded(key))
    }

    /// What becomes of a text that is taken as a whole.
    static func guarded(_ text: String, _ key: String = "show") -> (sentences: [GuardedSentence], whole: AnswerGuard) {
        var whole = answerGuard(key)
        let sentences = whole.take(text) + whole.finish()
        return (sentences, whole)
    }

    /// The fields of each line of a table.
    static func table(_ name: String) throws -> [[String]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/\(name)")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t").map(String.init)
        }
    }
}
