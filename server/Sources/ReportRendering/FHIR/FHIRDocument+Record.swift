import Domain
import Foundation
import Workflows

/// What the person told of themselves. Nobody has checked it, which each resource says in its own way.
extension FHIRDocument {
    /// The text or code that was given to a question.
    func told(_ id: String) -> String? { Self.text(content.answers[id]) }

    static func text(_ answer: Answer?) -> String? {
        if case .text(let text)? = answer { text } else { nil }
    }

    /// An answer as a person reads it.
    func words(_ id: String) -> String? {
        guard let question = content.questionnaire.question(id), let answer = content.answers[id] else { return nil }
        return question.words(for: answer)
    }

    private func rows(_ id: String) -> [Answers] {
        if case .rows(let rows)? = content.answers[id] { rows } else { [] }
    }

    /// An answer is in the report though it was kept from the assistant, and says so.
    func withheldMark(_ question: String) -> FHIRValue? {
        content.withheld.contains(question) ? [["url": .string(FHIRTerms.withheld), "valueBoolean": true]] : nil
    }

    /// What a column of a list says, in words.
    private func cell(_ column: String, of list: String, in row: Answers) -> String? {
        guard case .rows(let columns, _)? = content.questionnaire.question(list)?.kind,
            let question = columns.first(where: { $0.id == column }), let answer = row[column]
        else { return nil }
        return question.words(for: answer)
    }

    // MARK: - Resources

    var subject: String { told("pseudonym").map(FHIRText.cleaned).flatMap { $0.isEmpty ? nil : $0 } ?? "No name given" }

    var patient: FHIRValue {
        // The administrative gender is what the person goes by; the sex at birth is among the answers.
        let gender = ["woman": "female", "man": "male", "non-binary": "other", "other": "other"]
        let sex = ["female": "female", "male": "male", "other": "other", "unknown": "unknown"]
        return resource(
            "Patient", "patient", FHIRNarrative(subject),
            [
                "name": FHIRValue.text(told("pseudonym")).map { [["use": "anonymous", "text": $0]] },
                "gender": .text(told("gender").flatMap { gender[$0] } ?? told("sex").flatMap { sex[$0] }),
                "birthDate": Self.date(content.answers["birth-date"]),
            ])
    }

    private static func named(_ answer: Answer?) -> FHIRValue { ["text": FHIRValue.text(text(answer)) ?? "Not told"] }

    private static func date(_ answer: Answer?) -> FHIRValue? {
        text(answer).flatMap(PartialDate.init).map { .string($0.description) }
    }

    var questionnaireResponse: FHIRValue {
        get throws {
            let isComplete = content.questionnaire.missing(content.answers).isEmpty
            let response = FHIRQuestionnaireResponse(
                content.questionnaire, answers: content.answers, isComplete: isComplete,
                authored: Self.time(content.createdAt))
            let encoded = try JSONDecoder().decode(FHIRValue.self, from: JSONEncoder().encode(response))
            var narrative = FHIRNarrative()
            narrative.terms(answeredTerms(content.questionnaire.questions))
            return resource(
                "QuestionnaireResponse", "record", narrative,
                [
                    "questionnaire": encoded["questionnaire"], "status": encoded["status"],
                    "subject": reference("patient"), "authored": encoded["authored"],
                    "source": reference("patient"), "item": encoded["item"].map(marked),
                ])
        }
    }

    func answeredTerms(_ questions: [Questionnaire.Question]) -> [(String, String)] {
        questions.compactMap { question in
            words(question.id).map { words in
                let isWithheld = content.withheld.contains(question.id)
                return (question.label + (isWithheld ? " (withheld from the assistant)" : ""), words)
            }
        }
    }

    /// The same items; those that were kept from the assistant say so.
    private func marked(_ value: FHIRValue) -> FHIRValue {
        switch value {
        case .array(let values): return .array(values.map(marked))
        case .object(let members):
            var members = members.map { FHIRValue.Member(name: $0.name, value: marked($0.value)) }
            if case .string(let id)? = value["linkId"], let mark = withheldMark(id) {
                members.insert(.init(name: "extension", value: mark), at: 0)
            }
            return .object(members)
        default: return value
        }
    }

    /// Answers that matter to whoever reads a chest picture, as observations; LOINC codes as the questionnaire has them.
    var told: [FHIRValue] { toldQuestions.map(observation) }

    var toldQuestions: [String] { ["age", "smoking", "pregnancy"].filter { content.answers[$0] != nil } }

    private func observation(of id: String) -> FHIRValue {
        let label = content.questionnaire.question(id)?.label
        let code = told(id)
        let absent = code.flatMap { ["unknown": "asked-unknown", "declined": "asked-declined"][$0] }
        var number: FHIRValue?
        if case .number(let value)? = content.answers[id] {
            number = FHIRValue.number(value).map {
                ["value": $0, "unit": "years", "system": .string(FHIRTerms.unitsOfMeasure), "code": "a"]
            }
        }
        let packYears = id == "smoking" ? content.questionnaire.packYears(content.answers) : nil
        let value: FHIRValue? =
            absent != nil
            ? nil
            : code.map {
                FHIRTerms.concept(
                    FHIRTerms.coding(
                        "urn:lightbox:questionnaire:\(content.questionnaire.id):\(id)", $0, words(id)),
                    text: words(id))
            }
        return resource(
            "Observation", "told/\(id)", FHIRNarrative("\(label ?? id), as told: \(words(id) ?? "")"),
            [
                "extension": withheldMark(id), "status": "preliminary",
                "category": id == "age"
                    ? nil : [FHIRTerms.concept(FHIRTerms.hl7("observation-category", "social-history"))],
                "code": FHIRTerms.concept(
                    FHIRTerms.coding(content.questionnaire.question(id)?.code), text: label),
                "subject": reference("patient"), "issued": .string(Self.time(content.createdAt)),
                "performer": [reference("patient")], "valueQuantity": number, "valueCodeableConcept": value,
                "dataAbsentReason": absent.map { FHIRTerms.concept(FHIRTerms.hl7("data-absent-reason", $0)) },
                "derivedFrom": [reference("record")],
                "component": packYears.map {
                    [
                        [
                            "code": FHIRTerms.concept(text: "Pack-years, computed"),
                            "valueQuantity": FHIRTerms.plain($0),
                        ]
                    ]
                },
            ])
    }

    // MARK: - Lists

    var allergyRoles: [String] { rows("allergies").indices.map { "allergy/\($0)" } }
    var medicationRoles: [String] { rows("medication").indices.map { "medication/\($0)" } }
    var conditionRoles: [String] { rows("conditions").indices.map { "condition/\($0)" } }

    var allergies: [FHIRValue] {
        zip(rows("allergies"), allergyRoles).map { row, role in
            let told =
                ["mild", "moderate", "severe"].contains(Self.text(row["severity"])) ? Self.text(row["severity"]) : nil
            let reaction = FHIRValue.text(Self.text(row["reaction"]))
            return resource(
                "AllergyIntolerance", role, FHIRNarrative(words(of: row, in: "allergies")),
                [
                    "extension": withheldMark("allergies"),
                    "clinicalStatus": FHIRTerms.concept(FHIRTerms.hl7("allergyintolerance-clinical", "active")),
                    "verificationStatus": FHIRTerms.concept(
                        FHIRTerms.hl7("allergyintolerance-verification", "unconfirmed")),
                    "code": Self.named(row["substance"]),
                    "patient": reference("patient"), "recordedDate": .string(Self.time(content.createdAt)),
                    "asserter": reference("patient"),
                    "reaction": reaction == nil && told == nil
                        ? nil
                        : [["manifestation": [["text": reaction ?? "Not told"]], "severity": .text(told)]],
                ])
        }
    }

    var medications: [FHIRValue] {
        let today = PartialDate(latestAt: content.createdAt)
        return zip(rows("medication"), medicationRoles).map { row, role in
            let started = Self.text(row["started"]).flatMap(PartialDate.init)
            let stopped = Self.text(row["stopped"]).flatMap(PartialDate.init)
            // A period that ends before it begins is no period (per-1). Both dates stand in the narrative all the same.
            let isPeriod = !(started.flatMap { start in stopped.map { start.isSurely(after: $0) } } ?? false)
            func column(_ name: String) -> String? { cell(name, of: "medication", in: row) }
            let dosage = [column("dose"), column("frequency")].compactMap { $0 }.joined(separator: ", ")
            let isOver = stopped.map { today.isSurely(after: $0) } ?? false
            return resource(
                "MedicationStatement", role, FHIRNarrative(words(of: row, in: "medication")),
                [
                    "extension": withheldMark("medication"), "status": isOver ? "completed" : "active",
                    "medicationCodeableConcept": Self.named(row["name"]),
                    "subject": reference("patient"),
                    "effectivePeriod": isPeriod
                        ? ["start": .text(started?.description), "end": .text(stopped?.description)] : nil,
                    "dateAsserted": .string(Self.time(content.createdAt)), "informationSource": reference("patient"),
                    "derivedFrom": [reference("record")],
                    "note": .list([
                        column("last-taken").flatMap { FHIRValue.note("Last taken: \($0)") }
                    ]),
                    "dosage": [["text": .text(dosage), "route": ["text": .text(column("route"))]]],
                ])
        }
    }

    var conditions: [FHIRValue] {
        zip(rows("conditions"), conditionRoles).map { row, role in
            let status = Self.text(row["status"]).flatMap { ["active": "active", "resolved": "resolved"][$0] }
            return resource(
                "Condition", role, FHIRNarrative(words(of: row, in: "conditions")),
                [
                    "extension": withheldMark("conditions"),
                    "clinicalStatus": status.map { FHIRTerms.concept(FHIRTerms.hl7("condition-clinical", $0)) },
                    "verificationStatus": FHIRTerms.concept(FHIRTerms.hl7("condition-ver-status", "unconfirmed")),
                    // An item of a problem list must have a clinical status (con-3).
                    "category": [
                        FHIRTerms.concept(
                            status == nil ? nil : FHIRTerms.hl7("condition-category", "problem-list-item"),
                            text: "Illness, as told")
                    ],
                    "code": Self.named(row["name"]),
                    "subject": reference("patient"), "onsetDateTime": Self.date(row["since"]),
                    "recordedDate": .string(Self.time(content.createdAt)), "asserter": reference("patient"),
                ])
        }
    }

    private func words(of row: Answers, in list: String) -> String? {
        content.questionnaire.question(list)?.words(for: .rows([row]))
    }
}

extension FHIRValue {
    /// An annotation.
    static func note(_ text: String?, author: String? = nil, at time: Date? = nil) -> FHIRValue? {
        FHIRValue.text(text).map {
            ["authorString": .text(author), "time": time.map { .string(FHIRDocument.time($0)) }, "text": $0]
        }
    }

}
