import Assistant
import Domain
import Foundation
import ReportDocuments
import Testing

@testable import ReportRendering
@testable import Workflows

@Suite("The report that the person keeps")
struct PatientReportTests {
    static func lines(_ content: ReportContent) -> [String] { ReportFixtures.text(PatientReport(content).document) }

    @Test("What to do comes first, how to check it last")
    func order() throws {
        let headings = PatientReport(try ReportFixtures.full()).document.blocks.compactMap { block in
            if case .heading(1...2, let text) = block { text } else { nil }
        }
        #expect(headings == PatientHeading.allCases.map(\.rawValue))
    }

    @Test("A mark is told with its natural frequency, and with what it does not mean")
    func marked() throws {
        let text = Self.lines(try ReportFixtures.content())
        #expect(text.contains("The program marked “Name of effusion”. Its number is 40 %, and its line is 30 %."))
        #expect(
            text.contains(
                "Of 117 validation pictures with such a number, 34 had it and 83 did not."))
        #expect(text.contains { $0.hasPrefix("What a mark does not mean: A mark does not say what kind of fluid") })
        #expect(
            text.contains(
                "Not marked: “Name of edema”. plain. Of 20 validation pictures of people who had it, the model missed 2."
            ))
        #expect(text.contains { $0.hasPrefix("Not marked does not mean that nothing is there.") })
        #expect(
            text.contains(
                "Name of effusion: of 100 validation pictures with it, about 90 were marked. Of 100 without it, about 59 were marked too."
            ))
    }

    @Test("What the library says of the shipped model is not said of another one")
    func otherModel() throws {
        var content = try ReportFixtures.content()
        let claim = "Nearly half of the pictures without it were marked too."
        #expect(Self.lines(content).contains { $0.contains(claim) })
        content.result.model.id = "other"
        #expect(!Self.lines(content).contains { $0.contains(claim) })
    }

    @Test("A clinician's reading is told to count more than the model's, and isn't quoted")
    func reading() throws {
        let marked = ReportFixtures.lines(
            PatientHeading.marked.rawValue, of: PatientReport(try ReportFixtures.full()).document)
        #expect(marked.first == "A clinician has looked at this picture")
        #expect(marked.dropFirst().first?.hasPrefix("What a clinician reads in it counts more than") == true)
        #expect(!Self.lines(try ReportFixtures.full()).joined().contains("Blunted"))
        #expect(!Self.lines(try ReportFixtures.content()).contains("A clinician has looked at this picture"))
    }

    @Test("An emergency is the first thing that is read")
    func emergency() throws {
        let document = PatientReport(try ReportFixtures.content(acuity: ReportFixtures.emergency)).document
        let advice = AcuityAdvice(for: .emergency, emergencyNumber: "112")
        #expect(
            document.blocks.prefix(4).contains(
                .notice(title: advice.title, text: advice.steps.joined(separator: " "), tone: .caution)))
    }

    @Test("Withheld answers are marked, those that aren't printed too")
    func withheld() throws {
        let content = try ReportFixtures.content(
            answers: ["alcohol": .text("daily"), "smoking": .text("never")], withheld: ["smoking", "alcohol"])
        let record = ReportFixtures.lines(PatientHeading.record.rawValue, of: PatientReport(content).document)
        #expect(record.contains { $0.hasPrefix("Smoking (withheld from the assistant): ") })
        #expect(record.contains("Smoking") && record.contains("Alcohol"))
    }

    @Test("Questions of the marked findings and the general ones are there to take along")
    func questions() throws {
        let lines = ReportFixtures.lines(
            PatientHeading.questions.rawValue, of: PatientReport(try ReportFixtures.content()).document)
        #expect(lines.contains("Name of effusion: Is there really fluid, and how much?"))
        #expect(lines.contains("What do you see in the picture, and what could it be?"))
    }

    @Test("When to call is read first, with a child's signs for a child; at most six questions are to be asked")
    func first() throws {
        for (age, sign) in [(3.0, "pulling in under the ribs"), (54, "strong chest pain")] {
            let child = try ReportFixtures.shipped(marked: { _ in true }, age: Int(age))
            let document = PatientReport(ReportFixtures.content(child, answers: ["age": .number(age)])).document
            guard
                case .notice("Call 112 at once for any of these", let text, .caution)? = document.blocks.dropFirst()
                    .first
            else {
                Issue.record("It isn't first.")
                continue
            }
            #expect(text.contains(sign))
            let questions = ReportFixtures.section(PatientHeading.questions.rawValue, of: document).flatMap { block in
                if case .list(let items) = block { items } else { [] }
            }
            #expect((1...6).contains(questions.count))
        }
    }

    @Test("The number to call stands with the warning signs")
    func signs() throws {
        var content = try ReportFixtures.content()
        content.emergencyNumber = "999"
        let lines = ReportFixtures.lines(PatientHeading.signs.rawValue, of: PatientReport(content).document)
        #expect(lines.first == "The emergency number here is 999.")
        #expect(lines.contains("Blue, grey or very pale lips or skin."))
    }

    /// What Lightbox itself writes: no answers, no conversation, no own words of operator or clinician.
    static func own(_ blocks: [ReportDocument.Block]) -> String {
        blocks.flatMap { block in
            if case .keyValues = block { [String]() } else { ReportFixtures.text(block) }
        }.joined(separator: "\n")
    }

    static func shipped() throws -> [(String, ReportContent)] {
        let one = try ReportFixtures.shipped { $0.id == "effusion" }
        let all = try ReportFixtures.shipped { _ in true }
        let none = try ReportFixtures.shipped { _ in false }
        let child = try ReportFixtures.shipped(marked: { _ in true }, age: 3)
        var emergency = ReportFixtures.content(all, acuity: ReportFixtures.emergency)
        emergency.earlier = [ReportFixtures.earlier(of: all)]
        emergency.result.identity = ReportFixtures.differing
        var soon = Acuity()
        soon.raise(by: FindingAcuity().reasons(one, told: [:]), at: ReportFixtures.start)
        return [
            ("one", ReportFixtures.content(one, acuity: soon)), ("all", ReportFixtures.content(all)),
            ("none", ReportFixtures.content(none)), ("child", ReportFixtures.content(child)),
            ("emergency", emergency),
            ("turned", ReportFixtures.content(one, frames: 3, adjustment: .init(turn: 90, mirror: true))),
        ]
    }

    @Test("It can be read after eight years of school, as a whole and part by part")
    func grade() throws {
        for (name, content) in try Self.shipped() {
            let document = PatientReport(content).document
            let whole = ReadingGrade.fleschKincaid(Self.own(document.blocks))
            #expect(whole <= 8, "\(name): \(whole)")
            for heading in PatientHeading.allCases where heading != .title && heading != .conversation {
                let text = Self.own(ReportFixtures.section(heading.rawValue, of: document))
                let grade = ReadingGrade.fleschKincaid(text)
                #expect(!text.isEmpty && grade <= 8, "\(name), \(heading.rawValue): \(grade): \(text)")
            }
        }
    }

    @Test("Nobody is told to have or not to have something, and nothing is called normal")
    func neverReassures() throws {
        let forbidden = [
            "you have", "you don't have", "you do not have", "normal", "all clear", "all-clear", "healthy",
            "nothing is wrong", "you are fine", "no sign of",
        ]
        for (name, content) in try Self.shipped() + ReportConsistencyTests.contents() where name != "hostile" {
            let text = Self.own(PatientReport(content).document.blocks).lowercased()
            for phrase in forbidden { #expect(!text.contains(phrase), "\(name): \(phrase)") }
        }
    }
}
