import Domain
import Foundation
import Testing

@Suite("The history")
struct QuestionnaireTests {
    let form = Questionnaire.shortHistory

    @Test(
        "A good answer is kept in its canonical form",
        arguments: [
            ("age", Answer.number(54), Answer.number(54)), ("age", .number(0), .number(0)),
            ("reason", .text("  cough\r\nsince May "), .text("cough\nsince May")),
            ("sex", .text("female"), .text("female")),
            ("symptoms", .codes(["fever", "cough"]), .codes(["cough", "fever"])),
            ("pseudonym", .text("Ωμέγα <b>"), .text("Ωμέγα <b>")),
        ] as [(String, Answer, Answer)])
    func goodAnswers(id: String, answer: Answer, kept: Answer) throws {
        #expect(try form.merging([id: answer], into: [:]) == [id: kept])
    }

    @Test(
        "A bad answer is named by its field and its mistake",
        arguments: [
            ("age", Answer.number(-1), FieldFault.Code.outOfRange), ("age", .number(121), .outOfRange),
            ("age", .number(5.5), .wrongType), ("age", .text("54"), .wrongType),
            ("age", .number(.infinity), .wrongType),
            ("sex", .text("F"), .notAnOption), ("sex", .codes(["female"]), .wrongType),
            ("symptoms", .codes(["cough", "x"]), .notAnOption), ("symptoms", .text("cough"), .wrongType),
            ("reason", .text(String(repeating: "x", count: 2001)), .tooLong),
            ("reason", .text("a\u{0}b"), .forbiddenCharacter),
            ("pseudonym", .text("a\nb"), .forbiddenCharacter), ("nothing", .text("x"), .unknownField),
        ] as [(String, Answer, FieldFault.Code)])
    func badAnswers(id: String, answer: Answer, code: FieldFault.Code) {
        do throws(ValidationFault) {
            _ = try form.merging([id: answer], into: [:])
            Issue.record("\(id) was taken")
        } catch {
            #expect(error.faults.map(\.code) == [code])
            #expect(error.faults.map(\.pointer) == ["/answers/\(id)"])
        }
    }

    @Test("One bad answer keeps all others out, and each bad one is named")
    func allOrNothing() {
        let patch: [String: Answer?] = ["age": .number(200), "sex": .text("?"), "reason": .text("cough")]
        let error = #expect(throws: ValidationFault.self) { try form.merging(patch, into: [:]) }
        #expect(error?.faults.map(\.pointer) == ["/answers/age", "/answers/sex"])
    }

    @Test("Null and an empty text remove an answer")
    func removal() throws {
        let before: Answers = ["age": .number(5), "reason": .text("x")]
        #expect(try form.merging(["age": Answer?.none, "reason": .text("  ")], into: before) == [:])
    }

    @Test(
        "A question is asked when its conditions hold, and only then is it required",
        arguments: [
            (["allergy-status": Answer.text("yes")], "allergies", true),
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

    @Test("Every id comes once, and every condition names a question and an option that exist")
    func consistent() {
        #expect(Set(form.questions.map(\.id)).count == form.questions.count)
        for condition in form.questions.flatMap(\.askedWhen) {
            switch condition {
            case .equals(let id, let code), .differs(let id, let code):
                guard case .choice(let options)? = form.question(id)?.kind else {
                    Issue.record("\(id) is no choice")
                    continue
                }
                #expect(options.contains { $0.code == code })
            case .atLeast(let id, _), .atMost(let id, _):
                guard case .integer? = form.question(id)?.kind else {
                    Issue.record("\(id) is no number")
                    continue
                }
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
        #expect(items.compactMap { $0["linkId"] as? String } == form.questions.map(\.id))
        let age = try #require(items.first { $0["linkId"] as? String == "age" })
        #expect(age["type"] as? String == "integer" && age["required"] as? Bool == true)
        let pregnancy = try #require(items.first { $0["linkId"] as? String == "pregnancy" })
        #expect((pregnancy["enableWhen"] as? [Any])?.count == 3)
        #expect((pregnancy["answerOption"] as? [Any])?.count == 5)
    }

    @Test(
        "A calendar date exists or it doesn't",
        arguments: [
            ("2024-02-29", true), ("2023-02-29", false), ("1900-02-29", false), ("2000-02-29", true),
            ("2026-13-01", false),
            ("2026-04-31", false), ("2026-1-01", false), ("0000-01-01", false), ("+026-01-01", false), ("", false),
        ])
    func dates(text: String, exists: Bool) {
        #expect((CalendarDate(text) != nil) == exists)
    }
}
