import Foundation
import Testing

@testable import Domain

@Suite("Answers")
struct AnswerTests {
    static let form = Questionnaire.intake
    static let today = PartialDate("2026-11-23")!

    static func long(_ count: Int) -> Answer { .text(String(repeating: "x", count: count)) }

    static let good: [(id: String, given: Answer, kept: Answer?)] = [
        ("age", .number(54), .number(54)), ("age", .number(0), .number(0)), ("age", .number(120), .number(120)),
        ("reason", .text("  cough\r\nsince May "), .text("cough\nsince May")), ("reason", .text(" \n "), nil),
        ("reason", long(2000), long(2000)), ("reason", .text("a\tb"), .text("a\tb")),
        ("sex", .text("female"), .text("female")), ("sex", .text("declined"), .text("declined")),
        ("symptoms", .codes(["fever", "cough"]), .codes(["cough", "fever"])),
        ("symptoms", .codes(["cough", "cough"]), .codes(["cough"])), ("symptoms", .codes([]), nil),
        ("symptoms", .codes(["none"]), .codes(["none"])),
        ("pseudonym", .text("Ωμέγα <b>"), .text("Ωμέγα <b>")), ("pseudonym", .text("עדי"), .text("עדי")),
        ("pseudonym", .text("👩‍⚕️"), .text("👩‍⚕️")),
        ("birth-date", .text("1972"), .text("1972")), ("birth-date", .text("1972-02"), .text("1972-02")),
        ("birth-date", .text("1972-02-29"), .text("1972-02-29")),
        ("birth-date", .text("2026-11-23"), .text("2026-11-23")), ("birth-date", .text("2026"), .text("2026")),
        ("height", .number(172.44), .number(172.4)), ("height", .number(20), .number(20)),
        ("weight", .number(0.4), .number(0.4)), ("weight", .number(400), .number(400)),
        ("temperature", .number(38.06), .number(38.1)), ("severity", .number(10), .number(10)),
        ("oxygen-saturation", .number(100), .number(100)), ("heart-rate", .number(20), .number(20)),
        ("medication", .rows([["name": .text(" aspirin ")]]), .rows([["name": .text("aspirin")]])),
        ("medication", .rows([[:], ["name": .text("  ")]]), nil), ("medication", .codes([]), nil),
        ("medication", .rows([["stopped": .text("2030")]]), .rows([["stopped": .text("2030")]])),
        (
            "allergies", .rows([["substance": .text("latex"), "severity": .text("mild")]]),
            .rows([["substance": .text("latex"), "severity": .text("mild")]])
        ),
        (
            "conditions", .rows([["name": .text("asthma"), "since": .text("1999-05")]]),
            .rows([["name": .text("asthma"), "since": .text("1999-05")]])
        ),
    ]

    @Test("A good answer is kept in its canonical form", arguments: good)
    func goodAnswers(id: String, given: Answer, kept: Answer?) throws {
        #expect(try Self.form.merging([id: given], into: [:], today: Self.today)[id] == kept)
    }

    static let bad: [(id: String, given: Answer, code: FieldFault.Code, place: String)] = [
        ("age", .number(-1), .outOfRange, "age"), ("age", .number(121), .outOfRange, "age"),
        ("age", .number(5.5), .wrongType, "age"), ("age", .text("54"), .wrongType, "age"),
        ("age", .number(.infinity), .wrongType, "age"), ("age", .number(.nan), .wrongType, "age"),
        ("age", .boolean(true), .wrongType, "age"), ("age", .codes(["5"]), .wrongType, "age"),
        ("age", .rows([[:]]), .wrongType, "age"),
        ("sex", .text("F"), .notAnOption, "sex"), ("sex", .text(""), .notAnOption, "sex"),
        ("sex", .codes(["female"]), .wrongType, "sex"), ("sex", .number(1), .wrongType, "sex"),
        ("symptoms", .codes(["cough", "x"]), .notAnOption, "symptoms"),
        ("symptoms", .text("cough"), .wrongType, "symptoms"),
        ("symptoms", .codes(["cough", "none"]), .contradiction, "symptoms"),
        ("immunisations", .codes(["unknown", "measles"]), .contradiction, "immunisations"),
        ("drugs", .codes(["declined", "smoked"]), .contradiction, "drugs"),
        ("red-flags", .codes(["none", "fit"]), .contradiction, "red-flags"),
        ("reason", long(2001), .tooLong, "reason"), ("reason", .number(1), .wrongType, "reason"),
        ("reason", .text("a\u{0}b"), .forbiddenCharacter, "reason"),
        ("reason", .text("a\u{1B}[2Jb"), .forbiddenCharacter, "reason"),
        ("reason", .text("a\u{202E}b"), .forbiddenCharacter, "reason"),
        ("reason", .text("a\u{2028}b"), .forbiddenCharacter, "reason"),
        ("reason", .text("a" + String(repeating: "\u{301}", count: 9000)), .tooLong, "reason"),
        ("pseudonym", .text("a\nb"), .forbiddenCharacter, "pseudonym"), ("pseudonym", long(81), .tooLong, "pseudonym"),
        ("nothing", .text("x"), .unknownField, "nothing"), ("a/b~c", .text("x"), .unknownField, "a~1b~0c"),
        ("birth-date", .text("2023-02-29"), .notADate, "birth-date"),
        ("birth-date", .text("29.02.1972"), .notADate, "birth-date"),
        ("birth-date", .text("72"), .notADate, "birth-date"), ("birth-date", .text(""), .notADate, "birth-date"),
        ("birth-date", .text("1849"), .outOfRange, "birth-date"),
        ("birth-date", .text("2026-11-24"), .inTheFuture, "birth-date"),
        ("birth-date", .text("2026-12"), .inTheFuture, "birth-date"),
        ("birth-date", .text("2027"), .inTheFuture, "birth-date"),
        ("birth-date", .number(1972), .wrongType, "birth-date"),
        ("last-period", .text("2026-11-24"), .inTheFuture, "last-period"),
        ("smoking-stopped", .text("2030"), .inTheFuture, "smoking-stopped"),
        ("height", .number(19.9), .outOfRange, "height"), ("height", .number(250.1), .outOfRange, "height"),
        ("height", .number(.nan), .wrongType, "height"), ("weight", .number(0), .outOfRange, "weight"),
        ("weight", .number(-70), .outOfRange, "weight"), ("weight", .text("70"), .wrongType, "weight"),
        ("temperature", .number(98.6), .outOfRange, "temperature"),
        ("severity", .number(11), .outOfRange, "severity"), ("heart-rate", .number(19), .outOfRange, "heart-rate"),
        ("respiratory-rate", .number(121), .outOfRange, "respiratory-rate"),
        ("oxygen-saturation", .number(101), .outOfRange, "oxygen-saturation"),
        ("systolic", .number(301), .outOfRange, "systolic"), ("diastolic", .number(19), .outOfRange, "diastolic"),
        ("cigarettes", .number(151), .outOfRange, "cigarettes"),
        ("smoking-years", .number(1.5), .wrongType, "smoking-years"),
        ("medication", .text("aspirin"), .wrongType, "medication"),
        ("medication", .codes(["aspirin"]), .wrongType, "medication"),
        ("medication", .rows(Array(repeating: ["name": .text("x")], count: 61)), .tooMany, "medication"),
        ("medication", .rows([["name": .text("x")], ["nme": .text("x")]]), .unknownField, "medication/1/nme"),
        ("medication", .rows([["name": long(121)]]), .tooLong, "medication/0/name"),
        ("medication", .rows([["name": .rows([[:]])]]), .wrongType, "medication/0/name"),
        ("medication", .rows([["route": .text("nose")]]), .notAnOption, "medication/0/route"),
        ("medication", .rows([["started": .text("2026-13")]]), .notADate, "medication/0/started"),
        ("medication", .rows([["started": .text("2030")]]), .inTheFuture, "medication/0/started"),
        ("allergies", .rows([["substance": .text("a\nb")]]), .forbiddenCharacter, "allergies/0/substance"),
        ("operations", .rows([["date": .text("2030")]]), .inTheFuture, "operations/0/date"),
        ("conditions", .rows([["status": .boolean(true)]]), .wrongType, "conditions/0/status"),
    ]

    @Test("A bad answer is named by its place and its mistake, and is not kept", arguments: bad)
    func badAnswers(id: String, given: Answer, code: FieldFault.Code, place: String) {
        do throws(ValidationFault) {
            _ = try Self.form.merging([id: given], into: [:], today: Self.today)
            Issue.record("\(id) was taken")
        } catch {
            #expect(error.faults.map(\.code) == [code])
            #expect(error.faults.map(\.pointer) == ["/answers/\(place)"])
            #expect(error.faults.allSatisfy { $0.detail.hasSuffix(".") })
        }
    }

    static let contradictory: [(answers: Answers, places: [String])] = [
        (["age": .number(54), "birth-date": .text("1972-06-01")], []),
        (["age": .number(54), "birth-date": .text("1972-12-01")], ["age"]),
        (["age": .number(53), "birth-date": .text("1972-12-01")], []),
        (["age": .number(53), "birth-date": .text("1972")], []),
        (["age": .number(54), "birth-date": .text("1972")], []),
        (["age": .number(52), "birth-date": .text("1972")], ["age"]),
        (["age": .number(55), "birth-date": .text("1972")], ["age"]),
        (["age": .number(0), "birth-date": .text("2026-11-23")], []),
        (["sex": .text("male"), "pregnancy": .text("yes")], ["pregnancy"]),
        (["sex": .text("male"), "pregnancy": .text("possible")], ["pregnancy"]),
        (["sex": .text("male"), "pregnancy": .text("no")], []),
        (["sex": .text("other"), "pregnancy": .text("yes")], []),
        (["age": .number(20), "smoking-years": .number(20)], []),
        (["age": .number(20), "smoking-years": .number(21)], ["smoking-years"]),
        (["age": .number(20), "asbestos-years": .number(30)], ["asbestos-years"]),
        (["smoking": .text("never"), "smoking-years": .number(3)], ["smoking-years"]),
        (
            ["medication": .rows([["started": .text("2026-05"), "stopped": .text("2026-04")]])],
            ["medication/0/stopped"]
        ),
        (["medication": .rows([["started": .text("2026-05"), "stopped": .text("2026")]])], []),
        (["medication": .rows([["started": .text("2026-05-02"), "stopped": .text("2026-05")]])], []),
        (["medication-status": .text("none"), "medication": .rows([["name": .text("x")]])], ["medication"]),
        (["allergy-status": .text("none"), "allergies": .rows([["substance": .text("x")]])], ["allergies"]),
        (["allergy-status": .text("yes"), "allergies": .rows([["substance": .text("x")]])], []),
        (
            ["earlier-pictures-status": .text("no"), "earlier-pictures": .rows([["kind": .text("ct")]])],
            ["earlier-pictures"]
        ),
        (["birth-date": .text("1990"), "smoking-stopped": .text("1989")], ["smoking-stopped"]),
        (
            ["birth-date": .text("1990"), "operations": .rows([["date": .text("1990")], ["date": .text("1985-01")]])],
            ["operations/1/date"]
        ),
        (["birth-date": .text("1990"), "conditions": .rows([["since": .text("1980")]])], ["conditions/0/since"]),
        (["systolic": .number(120), "diastolic": .number(80)], []),
        (["systolic": .number(80), "diastolic": .number(120)], ["diastolic"]),
        (["systolic": .number(90), "diastolic": .number(90)], ["diastolic"]),
        (["height": .number(172), "weight": .number(70)], []),
        (["height": .number(172), "weight": .number(400)], ["weight"]),
        (["height": .number(70), "weight": .number(172)], ["weight"]),
        (["age": .number(0), "height": .number(50), "weight": .number(1)], []),
    ]

    @Test("What can't be true together is named", arguments: contradictory)
    func contradictions(answers: Answers, places: [String]) {
        let faults = Self.form.contradictions(in: answers, today: Self.today)
        #expect(faults.map(\.pointer) == places.map { "/answers/" + $0 })
        #expect(faults.allSatisfy { $0.code == .contradiction })
    }

    @Test("Whatever comes, what is kept is kept again unchanged, and what is refused is named")
    func anyAnswer() {
        var generator = SystemRandomNumberGenerator()
        let texts = ["", " ", "x", "2026", "2026-02-30", "none", "female", "\u{0}", "\u{202E}", "é́́", "👩‍⚕️", "a\nb"]
        func answer(_ depth: Int = 0) -> Answer {
            switch Int.random(in: 0..<(depth > 1 ? 4 : 5), using: &generator) {
            case 0: .text(texts.randomElement(using: &generator) ?? "")
            case 1: .number([0, -1, 0.5, 54, 1e300, .nan].randomElement(using: &generator) ?? 0)
            case 2: .boolean(.random(using: &generator))
            case 3: .codes((0..<3).map { _ in texts.randomElement(using: &generator) ?? "" })
            default:
                .rows(
                    (0..<2).map { _ in
                        ["name": answer(depth + 1), "date": answer(depth + 1), "dose": answer(depth + 1)]
                    })
            }
        }
        for _ in 0..<3000 {
            let id = Self.form.questions.randomElement(using: &generator)?.id ?? "age"
            let given = answer()
            do throws(ValidationFault) {
                let kept = try Self.form.merging([id: given], into: [:], today: Self.today)
                let again = try Self.form.merging(kept.mapValues(Optional.some), into: [:], today: Self.today)
                #expect(again == kept)
                let data = try? JSONEncoder().encode(kept)
                #expect(data.flatMap { try? JSONDecoder().decode(Answers.self, from: $0) } == kept)
                _ = Self.form.contradictions(in: kept, today: Self.today)
            } catch {
                #expect(!error.faults.isEmpty && error.faults.allSatisfy { $0.pointer.hasPrefix("/answers/\(id)") })
            }
        }
    }

    @Test(
        "A date, a month or a year exists or it doesn't",
        arguments: [
            ("2024-02-29", true), ("2023-02-29", false), ("1900-02-29", false), ("2000-02-29", true),
            ("2026-13-01", false),
            ("2026-13", false), ("2026-00", false), ("2026", true), ("2026-12", true), ("2026-04-31", false),
            ("2026-1-01", false), ("0000-01-01", false), ("+026-01-01", false), ("", false), ("2026-", false),
            ("2026-01-01-01", false), ("２０２６", false),
        ])
    func dates(text: String, exists: Bool) {
        #expect((PartialDate(text) != nil) == exists)
        #expect(PartialDate(text).map(\.description) == (exists ? text : nil))
    }

    @Test("Today is no later than the latest place on earth has it")
    func latestToday() {
        #expect(PartialDate(latestAt: Date(timeIntervalSince1970: 0)).description == "1970-01-01")
        #expect(PartialDate(latestAt: Date(timeIntervalSince1970: 11 * 3600)).description == "1970-01-02")
    }

    @Test(
        "Pack-years are packs of twenty a day, times years",
        arguments: [
            (["smoking": .text("current"), "cigarettes": .number(20), "smoking-years": .number(30)], 30),
            (["smoking": .text("former"), "cigarettes": .number(5), "smoking-years": .number(7)], 1.8),
            (["smoking": .text("current"), "cigarettes": .number(20)], nil),
            (["smoking": .text("never"), "cigarettes": .number(20), "smoking-years": .number(30)], nil), ([:], nil),
        ] as [(Answers, Double?)])
    func packYears(answers: Answers, expected: Double?) {
        #expect(Self.form.packYears(answers) == expected)
    }

    @Test("In words an answer is what the person chose")
    func words() throws {
        func words(_ id: String, _ answer: Answer) throws -> String {
            try #require(Self.form.question(id)).words(for: answer)
        }
        #expect(try words("age", .number(54)) == "54 years")
        #expect(try words("temperature", .number(38.1)) == "38.1 °C")
        #expect(try words("symptoms", .codes(["cough", "blood"])) == "Cough, Coughing up blood")
        let rows = Answer.rows([
            ["name": .text("aspirin"), "dose": .text("100 mg"), "route": .text("mouth")], ["name": .text("insulin")],
        ])
        #expect(try words("medication", rows) == "aspirin; dose: 100 mg; how: By mouth\ninsulin")
    }

    @Test("As a FHIR response it has what counts, with codes, units and rows")
    func response() throws {
        let answers: Answers = [
            "age": .number(54), "sex": .text("male"), "pregnancy": .text("yes"), "temperature": .number(38.5),
            "symptoms": .codes(["cough", "fever"]), "medication-status": .text("yes"),
            "medication": .rows([["name": .text("aspirin")], ["name": .text("insulin")]]), "birth-date": .text("1972"),
        ]
        let data = try JSONEncoder().encode(
            FHIRQuestionnaireResponse(Self.form, answers: answers, isComplete: false, authored: "2026-11-23T10:00:00Z"))
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["status"] as? String == "in-progress")
        let groups = try #require(json["item"] as? [[String: Any]])
        let items = groups.flatMap { $0["item"] as? [[String: Any]] ?? [] }
        let ids = items.compactMap { $0["linkId"] as? String }
        #expect(Set(ids) == ["age", "sex", "temperature", "symptoms", "medication-status", "medication", "birth-date"])
        #expect(ids.filter { $0 == "medication" }.count == 2)
        let symptoms = try #require(
            items.first { $0["linkId"] as? String == "symptoms" }?["answer"] as? [[String: Any]])
        #expect(
            symptoms.compactMap { ($0["valueCoding"] as? [String: Any])?["code"] as? String } == ["cough", "fever"])
        #expect(!String(decoding: data, as: UTF8.self).contains("pregnancy"))
    }
}
