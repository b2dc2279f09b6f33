import Domain
import Foundation
import ReportDocuments
import Testing

@testable import ReportRendering
@testable import Workflows

@Suite("The report for a clinician")
struct ClinicianReportTests {
    static func lines(_ content: ReportContent) -> [String] { ReportFixtures.text(ClinicianReport(content).document) }

    static func lines(_ heading: ClinicianHeading, _ content: ReportContent) -> [String] {
        ReportFixtures.lines(heading.rawValue, of: ClinicianReport(content).document)
    }

    @Test("It has the parts of a radiologist's report, in order")
    func parts() throws {
        func headings(_ content: ReportContent) -> [String] {
            ClinicianReport(content).document.blocks.compactMap { block in
                if case .heading(1...2, let text) = block { text } else { nil }
            }
        }
        let all = ClinicianHeading.allCases
        #expect(headings(try ReportFixtures.full()) == all.map(\.rawValue))
        #expect(headings(try ReportFixtures.content()) == all.filter { $0 != .conversation }.map(\.rawValue))
    }

    @Test("What was done to the picture, and which one of a file it is, stands in the technique")
    func adjusted() throws {
        let content = try ReportFixtures.content(
            frame: 2, frames: 5, adjustment: PictureAdjustment(turn: 180, mirror: true, invert: true))
        let lines = Self.lines(.technique, content)
        #expect(lines.contains("Frame: picture 3 of 5 in the file"))
        #expect(lines.contains { $0.hasSuffix(": turned by 180°, mirrored, black and white swapped") })
        let plain = Self.lines(.technique, try ReportFixtures.content())
        #expect(plain.contains("Adjustments: none") && !plain.contains { $0.hasPrefix("Frame") })
    }

    @Test(
        "A finding stands there with its number, its threshold, its natural frequency and how good the model is at it")
    func findings() throws {
        let text = Self.lines(try ReportFixtures.content())
        #expect(
            text.contains(
                "Name of effusion | 40 % | 30 % | marked | Of 117 validation pictures with such a number, 34 had it and 83 did not."
            ))
        #expect(
            text.contains(
                "Name of effusion | AUC 0.81 (0.70 to 0.90), sensitivity 90 %, specificity 41 %, on 200 pictures | Of 20 validation pictures of people who had it, the model missed 2."
            ))
        // A count of the few with a low number would read like an all-clear.
        #expect(
            text.contains(
                "Name of edema | 5.0 % | 30 % | not marked | Of 20 validation pictures of people who had it, the model missed 2."
            ))
        #expect(text.contains("What effusion means"))
        #expect(!text.contains("What edema means"))
    }

    @Test("Allergies, blood thinners and a possible pregnancy stand among the alerts, told or not")
    func alerts() throws {
        let told = try ReportFixtures.content(answers: [
            "age": .number(31), "sex": .text("female"), "pregnancy": .text("possible"),
            "allergies": .rows([["substance": .text("Penicillin")]]),
            "medication": .rows([["name": .text("Apixaban")], ["name": .text("Ramipril")]]),
        ])
        let lines = Self.lines(.alerts, told)
        #expect(lines[0].contains("Penicillin") && lines[1].hasSuffix("antiplatelets): Apixaban"))
        #expect(lines[2].hasPrefix("Pregnancy: Told or possible"))
        let untold = Self.lines(.alerts, try ReportFixtures.content(answers: ["age": .number(31)]))
        #expect(untold[0] == "Allergies: Not told" && untold[1].hasSuffix("Not told") && untold.count == 3)
        #expect(Self.lines(.alerts, try ReportFixtures.content(answers: ["sex": .text("male")])).count == 2)
    }

    @Test("The impression tells marks as what the model did, and rules nothing out")
    func impression() throws {
        #expect(
            Self.lines(.impression, try ReportFixtures.content()) == [
                ReportPhrases.noReading,
                "The model marked “Name of effusion” (40 %, threshold 30 %).",
                "A mark is the output of a model, and it can be a false alarm.",
                "Not marked: “Name of edema”. This rules nothing out.",
                "The level is routine: the planned visit. Nothing that was told asks for more than the planned visit.",
            ])
        let none = try ReportFixtures.content(findings: [ReportFixtures.finding("effusion", probability: 0.1)])
        #expect(
            Self.lines(.impression, none).dropFirst().first == "The model marked no finding. This rules nothing out.")
        #expect(!Self.lines(none).joined().localizedCaseInsensitiveContains("normal"))
    }

    @Test("What was withheld and what was not checked is told")
    func limits() throws {
        let content = try ReportFixtures.content()
        #expect(Self.lines(.findings, content).contains("“Pneumonia in children”: Ages 1 to 5 only."))
        #expect(Self.lines(.notChecked, content).contains("Broken ribs"))
        #expect(Self.lines(.findings, content).contains("Adults only."))
    }

    @Test("The versions and hashes of all that took part are told")
    func versions() throws {
        let text = Self.lines(try ReportFixtures.content()).joined(separator: "\n")
        for part in [
            "chest-xray 1.0.0", "aa11", "bb22", "cc33", "dd44", "ee55", "Lightbox 9", "engine 1", "Not for care.",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("Answers are told in words, with their unit; why the picture was taken comes first")
    func answers() throws {
        let content = try ReportFixtures.content(answers: [
            "pseudonym": .text("J. D."), "age": .number(54), "sex": .text("female"), "reason": .text("Cough"),
        ])
        #expect(Self.lines(.indication, content) == ["Reason for the visit: Cough"])
        let history = Self.lines(.history, content)
        #expect(history.contains("Age: 54 years") && history.contains("Sex at birth: Female"))
        #expect(ClinicianReport(content).document.header.hasPrefix("J. D."))
    }

    @Test("Allergies, medication and illnesses come first, told or not")
    func history() throws {
        let content = try ReportFixtures.content(answers: [
            "age": .number(54), "allergy-status": .text("yes"),
            "allergies": .rows([["substance": .text("Penicillin"), "reaction": .text("rash")]]),
        ])
        let lines = Self.lines(.history, content)
        #expect(lines.first == "Allergies")
        #expect(lines.contains("Allergies in detail: Penicillin; reaction: rash"))
        let medication = try #require(lines.firstIndex(of: "Medication"))
        #expect(lines[medication + 1] == "Not told.")
        #expect(lines[medication + 2] == "Illnesses and operations" && lines[medication + 3] == "Not told.")
        #expect(lines.last { $0.hasPrefix("Not told: ") }?.contains("Family") == true)
    }

    @Test("Without answers it says so")
    func noAnswers() throws {
        let content = try ReportFixtures.content()
        #expect(Self.lines(.history, content).contains("No history was given."))
        #expect(Self.lines(.indication, content) == ["Not told."])
        #expect(ClinicianReport(content).document.header.hasPrefix("No name given"))
    }

    @Test("What was withheld from the assistant is marked, and still told")
    func withheld() throws {
        let content = try ReportFixtures.content(answers: ["alcohol": .text("daily")], withheld: ["alcohol"])
        #expect(Self.lines(.history, content).contains { $0.hasPrefix("Alcohol (withheld from the assistant): ") })
    }

    @Test("A record that doesn't fit the picture is told at the top, and row by row")
    func mismatch() throws {
        let content = try ReportFixtures.content(identity: ReportFixtures.differing)
        let text =
            "These do not match: age. Age: told “54”, in the file “80”. Before the analysis somebody confirmed that it is the right picture all the same."
        #expect(
            ClinicianReport(content).document.blocks.prefix(3).contains(
                .notice(title: "Is it the right picture?", text: text, tone: .caution)))
        #expect(
            Self.lines(.identity, content).prefix(2) == [
                "Age | 54 | 80 | differs, confirmed", "Sex | female | female | agrees",
            ])
    }

    @Test("A picture that isn't new is questioned at the top of both reports", arguments: [true, false])
    func oldPicture(isPatients: Bool) throws {
        let content = try ReportFixtures.content(identity: ReportFixtures.old)
        let blocks = (isPatients ? PatientReport(content).document : ClinicianReport(content).document).blocks
        let notice = blocks.prefix(5).first {
            if case .notice(ReportPhrases.rightPicture, _, .caution) = $0 { true } else { false }
        }
        let text = ReportFixtures.text(try #require(notice)).joined()
        #expect(
            text.contains(
                "by the file it was taken on 2019-03-02, more than 30 days before it was analysed. Is it the one that is meant?"
            ))
        #expect(!text.contains("confirmed"))
    }

    @Test("An emergency stands at the top, with what to do, why, and who lowered it")
    func emergency() throws {
        let content = try ReportFixtures.content(acuity: ReportFixtures.emergency)
        let advice = AcuityAdvice(for: .emergency, emergencyNumber: "112")
        #expect(
            ClinicianReport(content).document.blocks.prefix(3).contains(
                .notice(title: advice.title, text: advice.steps.joined(separator: " "), tone: .caution)))
        #expect(Self.lines(.recommendation, content).first?.hasPrefix("At once: emergency care") == true)
        #expect(
            Self.lines(.urgency, content).contains {
                $0.contains("[emergency, from the history: Warning signs] Source: ")
            })
        let lowered = Self.lines(try ReportFixtures.full())
        #expect(
            lowered.contains { $0.hasPrefix("Lowered to “soon” on ") && $0.hasSuffix(" by Dr. Lee: Seen in person") })
        #expect(!lowered.contains { $0.contains("Call 112 now") })
    }

    @Test("A comparison is numbers side by side, and is never made up")
    func comparison() throws {
        #expect(Self.lines(.comparison, try ReportFixtures.content()) == ["None available."])
        var content = try ReportFixtures.full()
        let lines = Self.lines(.comparison, content)
        #expect(lines.first == "Earlier study: 2026-01-05 (as the file says)")
        #expect(lines.contains("Name of effusion | 20 %, not marked | 40 %, marked | +20.0"))
        let all = lines.joined().lowercased()
        for word in ["improv", "progress", "worse", "better", "increas", "decreas"] { #expect(!all.contains(word)) }
        content.earlier[0].result.model.sha256 = "other"
        #expect(
            Self.lines(.comparison, content).contains(
                "Another model or version read it, so the numbers can't be compared."))
    }

    @Test("The clinician's own reading stands beside the model's, with when it was recorded", arguments: [true, false])
    func reading(isBlind: Bool) throws {
        var content = try ReportFixtures.full()
        content.reading = OwnReading(
            analysisID: content.analysis.id, clinician: "Dr. Lee", text: "Blunted left angle.",
            recordedAt: ReportFixtures.start, isBlind: isBlind)
        let lines = Self.lines(.impression, content)
        #expect(lines.first == "Blunted left angle. | marked: Name of effusion; Name of mass")
        #expect(
            lines.contains { $0.contains("recorded \(isBlind ? "before" : "after") the model's findings were shown") })
        content.reading = OwnReading(
            analysisID: .make(at: ReportFixtures.start.addingTimeInterval(-9)), clinician: "Dr. Lee",
            text: "Of another picture.", recordedAt: ReportFixtures.start, isBlind: isBlind)
        #expect(Self.lines(.impression, content).first == ReportPhrases.noReading)
    }

    @Test("A reading that is too long for a cell of a table is printed in full")
    func longReading() throws {
        var content = try ReportFixtures.content()
        let text = String(repeating: "line\n", count: 700)
        content.reading = OwnReading(
            analysisID: content.analysis.id, clinician: "Dr. Lee", text: text, recordedAt: ReportFixtures.start,
            isBlind: true)
        #expect(
            ReportFixtures.section(ClinicianHeading.impression.rawValue, of: ClinicianReport(content).document).first
                == .keyValues([
                    .init("The clinician read", SafeText.cleaned(text)), .init("The model", "marked: Name of effusion"),
                ]))
    }

    @Test("Where clinician and model disagree on what is there, the impression says so, and whose word counts more")
    func disagreement() throws {
        func said(_ text: String) throws -> [String] {
            var content = try ReportFixtures.full()
            content.reading = OwnReading(
                analysisID: content.analysis.id, clinician: "Dr. Lee", text: text, recordedAt: ReportFixtures.start,
                isBlind: true)
            try ReportConsistency.check(content)
            return Self.lines(.impression, content)
        }
        let differing = try said("No effusion. Small left pneumothorax.")
        #expect(differing.contains(ReportPhrases.disagree))
        #expect(
            differing.contains(
                "The clinician's reading says that “Name of effusion” is not there; the model marked it. The clinician's reading names “Name of pneumothorax”; the model did not mark it."
            ))
        #expect(try !said("Left pleural effusion and a mass.").contains(ReportPhrases.disagree))
        #expect(try said("Normal chest.").joined().contains("“Name of mass” is not there"))
    }

    @Test("Every marked finding that has a heat map is shown, four at most, with what a map does not show")
    func heatMaps() throws {
        func maps(_ count: Int, map: Bool = true) throws -> (shown: Int, lines: [String]) {
            let findings = (0..<count).map { ReportFixtures.finding("f\($0)", probability: 0.4, map: map) }
            let content = try ReportFixtures.content(findings: findings)
            let blocks = ReportFixtures.section(
                ClinicianHeading.heatMaps.rawValue, of: ClinicianReport(content).document)
            let figures = blocks.flatMap { block -> [ReportDocument.Figure] in
                if case .figures(let figures) = block { figures } else { [] }
            }
            #expect(figures.first?.overlay == nil && figures.allSatisfy { !$0.alternative.isEmpty })
            return (figures.filter { $0.overlay?.values == [0, 1] }.count, Self.lines(.heatMaps, content))
        }
        for (count, shown) in [(1, 1), (2, 2), (4, 4), (6, 4)] {
            let found = try maps(count)
            #expect(found.shown == shown && found.lines.contains(ReportPhrases.influence))
        }
        #expect(try maps(6).lines.contains("2 more marked findings have a heat map that is not printed."))
        #expect(try maps(2, map: false).lines.contains("There is no heat map of a marked finding."))
    }

    @Test("Who is responsible is told, or that nobody was named")
    func responsible() throws {
        #expect(Self.lines(.responsible, try ReportFixtures.full()) == ["The ward 5 study group"])
        #expect(
            Self.lines(.responsible, try ReportFixtures.content()) == [
                "Nobody was named by the operator of this installation."
            ])
    }

    @Test("A conversation is printed with who spoke and when")
    func conversation() throws {
        #expect(
            Self.lines(.conversation, try ReportFixtures.full()) == [
                "About the mark", "Asked, 2027-01-15 08:00 UTC: What is it?",
                "Answered by the library of prepared texts: Fluid around the lung.",
            ])
    }

    @Test("A withdrawn model is stamped on each page and told at the top")
    func withdrawn() throws {
        var content = try ReportFixtures.content()
        #expect(ClinicianReport(content).document.stamp == nil)
        content.withdrawal = ModelWithdrawal(
            model: "chest-xray", version: "1.0.0", reason: "Wrong weights.", by: "Operator", at: ReportFixtures.start)
        let document = ClinicianReport(content).document
        #expect(document.stamp?.contains("Do not rely on this report. Wrong weights.") == true)
        #expect(ReportFixtures.text(document).contains("The model was withdrawn"))
    }

    @Test("A code to check the seal stands at the end, where one is given")
    func code() throws {
        let code = ReportDocument.CodeBlock(modules: [[true]], caption: "Check")
        #expect(ClinicianReport(try ReportFixtures.content(), code: code).document.blocks.last == .code(code))
    }

    @Test("Paper, language and watermark are set")
    func page() throws {
        var content = try ReportFixtures.content()
        content.options.paper = .letter
        let document = ClinicianReport(content).document
        #expect(
            document.paper == .letter && document.language == "en" && document.watermark == "Research and education")
    }
}
