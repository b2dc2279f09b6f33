import Domain
import Foundation
import Testing

@Suite("The history")
struct QuestionnaireTests {
    let form = Questionnaire.intake
    static let today = PartialDate("2026-11-23")!

    static func row(_ id: String, _ columns: Answers...) -> [String: Answer?] { [id: .rows(columns)] }

    @Test("One bad answer keeps all others out, and each bad one is named")
    func allOrNothing() {
        let patch: [String: Answer?] = ["age": .number(200), "sex": .text("?"), "reason": .text("cough")]
        let error = #expect(throws: ValidationFault.self) { try form.merging(patch, into: [:], today: Self.today) }
        #expect(error?.faults.map(\.pointer) == ["/answers/age", "/answers/sex"])
    }

    @Test("Null and an empty text remove an answer")
    func removal() throws {
        let before: Answers = ["age": .number(5), "reason": .text("x")]
        #expect(try form.merging(["age": Answer?.none, "reason": .text("  ")], into: before, today: Self.today) == [:])
    }

    @Test(
        "A question is asked when its conditions hold, and only then is it required",
        arguments: [
            (["allergy-status": Answer.text("yes")], "allergies", true),
            (["age": .number(17)], "guardian", true), (["age": .number(18)], "guardian", false),
            (["implants": .codes(["pacemaker"])], "implants-detail", true),
            (["implants": .codes(["none"])], "implants-detail", false),
            (["dusts": .codes(["wood", "asbestos"])], "asbestos-years", true),
            (["dusts": .codes(["wood"])], "asbestos-years", false),
            (["medication-status": .text("none")], "medication", false),
            (["earlier-pictures-status": .text("yes")], "earlier-pictures", true),
            (["allergy-status": .text("none")], "allergies", false),
            ([:], "allergies", false),
            (["sex": .text("female"), "age": .number(30)], "pregnancy", true),
            (["sex": .text("male"), "age": .number(30)], "pregnancy", false),
            (["sex": .text("female"), "age": .number(70)], "pregnancy", false),
            (["age": .number(30)], "pregnancy", false),
            (["smoking": .text("former")], "smoking-years", true),
            (["smoking": .text("never")], "smoking-years", false),
            ([:], "smoking-years", false),
        ] as [(Answers, String, Bool)])
    func conditions(answers: Answers, id: String, isAsked: Bool) throws {
        let question = try #require(form.question(id))
        #expect(form.isAsked(question, given: answers) == isAsked)
        #expect(form.missing(answers).contains(id) == (isAsked && question.isRequired))
    }

    @Test("Answers to questions that aren't asked don't count")
    func counting() {
        let answers: Answers = ["sex": .text("male"), "age": .number(30), "pregnancy": .text("yes")]
        #expect(form.counting(answers) == ["sex": .text("male"), "age": .number(30)])
    }

    @Test("Only age and reason are required at the beginning")
    func required() {
        #expect(form.missing([:]) == ["age", "reason"])
        #expect(form.missing(["age": .number(1), "reason": .text("x")]).isEmpty)
    }

    @Test("A row without what it is about is missing it, and is kept")
    func incompleteRow() throws {
        let answers = try form.merging(
            [
                "medication-status": .text("yes"),
                "medication": .rows([["dose": .text("5 mg")], ["name": .text("aspirin")]]),
            ],
            into: ["age": .number(1), "reason": .text("x")], today: Self.today)
        #expect(form.missing(answers) == ["medication/0/name"])
    }

    @Test("Every id comes once, and every condition names a question and an option that exist")
    func consistent() {
        let ids = form.topics.map(\.id) + form.questions.map(\.id)
        #expect(Set(ids).count == ids.count)
        for condition in form.questions.flatMap(\.askedWhen) {
            switch condition {
            case .equals(let id, let code), .differs(let id, let code):
                switch form.question(id)?.kind {
                case .choice(let options), .choices(let options): #expect(options.contains { $0.code == code })
                default: Issue.record("\(id) is no choice")
                }
            case .atLeast(let id, _), .atMost(let id, _):
                guard case .integer? = form.question(id)?.kind else {
                    Issue.record("\(id) is no number")
                    continue
                }
            }
        }
        for question in form.questions {
            switch question.kind {
            case .choice(let options), .choices(let options):
                #expect(Set(options.map(\.code)).count == options.count, "\(question.id)")
            case .rows(let columns, _):
                #expect(Set(columns.map(\.id)).count == columns.count, "\(question.id)")
                #expect(columns.allSatisfy { $0.askedWhen.isEmpty }, "\(question.id)")
            default: continue
            }
        }
    }

    @Test("As a FHIR resource it has its groups, options, limits and conditions")
    func fhir() throws {
        let data = try JSONEncoder().encode(FHIRQuestionnaire(form))
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["resourceType"] as? String == "Questionnaire")
        #expect(json["status"] as? String == "active")
        let groups = try #require(json["item"] as? [[String: Any]])
        #expect(groups.compactMap { $0["linkId"] as? String } == form.topics.map(\.id))
        let items = groups.flatMap { $0["item"] as? [[String: Any]] ?? [] }
        let questions = items.filter { $0["type"] as? String != "display" }
        #expect(questions.compactMap { $0["linkId"] as? String } == form.questions.map(\.id))
        let medication = try #require(items.first { $0["linkId"] as? String == "medication" })
        #expect(medication["type"] as? String == "group" && medication["repeats"] as? Bool == true)
        let columns = try #require(medication["item"] as? [[String: Any]])
        #expect(columns.first?["linkId"] as? String == "medication.name")
        #expect(columns.first?["type"] as? String == "open-choice")
        let age = try #require(items.first { $0["linkId"] as? String == "age" })
        #expect(age["type"] as? String == "integer" && age["required"] as? Bool == true)
        let pregnancy = try #require(items.first { $0["linkId"] as? String == "pregnancy" })
        #expect((pregnancy["enableWhen"] as? [Any])?.count == 3)
        #expect((pregnancy["answerOption"] as? [Any])?.count == 5)
    }
}
