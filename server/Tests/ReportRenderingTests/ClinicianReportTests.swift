import Domain
import Foundation
import ReportDocuments
import Testing

@testable import ReportRendering
@testable import Workflows

@Suite("The report for a clinician")
struct ClinicianReportTests {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    static func finding(_ id: String, probability: Double, map: Bool = true) -> String {
        """
        {"id": "\(id)", "name": "Name of \(id)", "plain": "plain", "means": "What \(id) means", "thresholdRule": "rule",
         "probability": \(probability), "threshold": 0.3, "flagged": \(probability >= 0.3),
         \(map ? #""activation": {"headID": "\#(id)", "columns": 2, "rows": 1, "values": [0, 1]},"# : "")
         "measured": {"dataset": "d", "images": 200, "positives": 20, "auc": 0.81, "aucLow": 0.7, "aucHigh": 0.9,
                      "sensitivity": 0.9, "specificity": 0.412}}
        """
    }

    static func content(
        findings: [String] = [finding("effusion", probability: 0.4), finding("edema", probability: 0.05)],
        notes: String = "[]", answers: Answers = [:], acuity: Acuity = Acuity(), withheld: [String] = [],
        identity: IdentityCheck? = nil, frame: Int = 0, frames: Int = 1, adjustment: PictureAdjustment = .none
    ) throws -> ReportContent {
        var result = try JSONDecoder().decode(
            AnalysisResult.self,
            from: Data(
                """
                {"model": {"id": "chest-xray", "version": "1.0.0", "title": "Model", "intendedUse": "Not for care.",
                           "sha256": "aa11", "preprocessingSha256": "bb22"},
                 "engineVersion": "1", "quality": {"width": 10, "height": 10, "notes": \(notes)},
                 "scope": {"statement": "Adults only.", "notes": []}, "notChecked": ["Broken ribs"],
                 "findings": [\(findings.joined(separator: ","))], "milliseconds": {},
                 "withheld": [{"id": "pneumonia-child", "name": "Pneumonia in children", "why": "Ages 1 to 5 only."}]}
                """.utf8))
        result.identity = identity
        let session = SessionID.make(at: start)
        let upload = Upload(
            id: .make(at: start), sessionID: session, fileName: "a.png", bytes: 1, sha256: "cc33",
            inspection: .init(format: .png, width: 640, height: 480, bitsPerSample: 8, channels: 1, frames: frames),
            createdAt: start)
        let analysis = Analysis(
            id: .make(at: start), sessionID: session, uploadID: upload.id, frame: frame, adjustment: adjustment,
            createdAt: start, updatedAt: start)
        return ReportContent(
            id: .make(at: start), options: .init(audience: .clinician), createdAt: start, questionnaire: .intake,
            answers: answers, acuity: acuity, emergencyNumber: "112", withheld: withheld, upload: upload,
            analysis: analysis, result: result, preview: [],
            sources: ReportSources(
                picture: "cc33", model: result.model.sha256, preprocessing: result.model.preprocessingSha256,
                thresholds: "dd44", context: "ee55", softwareVersion: "9"))
    }

    /// Everything that is written in it, line by line.
    static func text(_ document: ReportDocument) -> [String] {
        document.blocks.flatMap { block in
            switch block {
            case .heading(_, let text), .paragraph(let text), .note(let text): [text]
            case .notice(let title, let text, _): [title, text]
            case .keyValues(let pairs): pairs.map { "\($0.key): \($0.value)" }
            case .list(let items): items
            case .table(let table): table.rows.map { $0.joined(separator: " | ") }
            case .figures(let figures): figures.map(\.caption)
            }
        }
    }

    @Test("What was done to the picture, and which one of a file it is, stands beside it")
    func adjusted() throws {
        let content = try Self.content(
            frame: 2, frames: 5, adjustment: PictureAdjustment(turn: 180, mirror: true, invert: true))
        let lines = Self.text(ClinicianReport(content).document)
        let words = "turned by 180°, mirrored, black and white swapped"
        #expect(lines.contains { $0.contains("picture 3 of 5 in the file") && $0.contains(words) })
        let plain = Self.text(ClinicianReport(try Self.content()).document)
        #expect(!plain.contains { $0.contains("at the person's request") || $0.contains("in the file;") })
    }

    @Test("It has its parts in order")
    func parts() throws {
        let headings = ClinicianReport(try Self.content()).document.blocks.compactMap { block in
            if case .heading(1...2, let text) = block { text } else { nil }
        }
        #expect(
            headings == [
                "Chest X-ray: model findings", "How urgent", "The record, as told", "The picture",
                "What the model found",
                "What was not checked", "Model and versions", "Intended use",
            ])
    }

    @Test("A finding stands there with its number, its threshold, and how good the model is at it")
    func findings() throws {
        let text = Self.text(ClinicianReport(try Self.content()).document)
        #expect(
            text.contains(
                "Name of effusion | 40 % | 30 % | at or over | AUC 0.81 (0.70 to 0.90); sensitivity 90 %, specificity 41 %; on 200 pictures"
            ))
        #expect(text.contains { $0.hasPrefix("Name of edema | 5.0 % | 30 % | below") })
        #expect(text.contains("What effusion means"))
        #expect(!text.contains("What edema means"))
    }

    @Test("Nothing over a threshold is never told as nothing there")
    func nothingFlagged() throws {
        let content = try Self.content(findings: [Self.finding("effusion", probability: 0.1)])
        let text = Self.text(ClinicianReport(content).document)
        #expect(text.contains("No finding reached its threshold. That doesn't mean that there is nothing."))
        #expect(!text.joined().localizedCaseInsensitiveContains("normal"))
    }

    @Test("What was withheld and what was not checked is told")
    func limits() throws {
        let text = Self.text(ClinicianReport(try Self.content()).document)
        #expect(text.contains("Pneumonia in children: Ages 1 to 5 only."))
        #expect(text.contains("Broken ribs"))
        #expect(text.contains("Adults only."))
    }

    @Test("The versions and hashes of all that took part are told")
    func versions() throws {
        let text = Self.text(ClinicianReport(try Self.content()).document).joined(separator: "\n")
        for part in ["chest-xray 1.0.0", "aa11", "bb22", "cc33", "Lightbox 9", "engine 1", "Not for care."] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("Answers are told in words, with their unit")
    func answers() throws {
        let content = try Self.content(answers: [
            "pseudonym": .text("J. D."), "age": .number(54), "sex": .text("female"),
        ])
        let document = ClinicianReport(content).document
        let text = Self.text(document)
        #expect(text.contains("Age: 54 years"))
        #expect(text.contains("Sex at birth: Female"))
        #expect(document.header.hasPrefix("J. D."))
    }

    @Test("Without answers it says so")
    func noAnswers() throws {
        let document = ClinicianReport(try Self.content()).document
        #expect(Self.text(document).contains("No history was given."))
        #expect(document.header.hasPrefix("No name given"))
    }

    @Test("A record that doesn't fit the picture is told at the top")
    func mismatch() throws {
        let identity = IdentityCheck(
            rows: [
                .init(field: .age, told: "54", file: "80", agreement: .differs),
                .init(field: .sex, told: "female", file: "female", agreement: .agrees),
            ], confirmed: [.age])
        let document = ClinicianReport(try Self.content(identity: identity)).document
        let text =
            "Age: told “54”, in the file “80”. Before the analysis somebody confirmed that it is the right picture all the same."
        #expect(
            document.blocks.prefix(3).contains(
                .notice(title: "Is it the right picture?", text: text, tone: .caution)))
    }

    @Test("An emergency stands at the top, with what to do, why, and who lowered it")
    func emergency() throws {
        var acuity = Acuity()
        acuity.raise(
            by: IntakeAcuity().reasons(["red-flags": .codes(["blue-lips"])], of: .intake), at: Self.start)
        let blocks = ClinicianReport(try Self.content(acuity: acuity)).document.blocks
        let advice = AcuityAdvice(for: .emergency, emergencyNumber: "112")
        #expect(
            blocks.prefix(4).contains(
                .notice(title: advice.title, text: advice.steps.joined(separator: " "), tone: .caution)))
        try acuity.lower(to: .soon, by: "Dr. Lee", because: "Seen", at: Self.start)
        let text = Self.text(ClinicianReport(try Self.content(acuity: acuity)).document)
        #expect(text.contains { $0.hasPrefix("Dr. Lee lowered it to “soon” on ") && $0.hasSuffix(": Seen") })
        #expect(!text.contains { $0.contains("Call 112 now") })
    }

    @Test("What was withheld from the assistant is named")
    func withheld() throws {
        let content = try Self.content(answers: ["alcohol": .text("daily")], withheld: ["alcohol"])
        #expect(Self.text(ClinicianReport(content).document).contains("Withheld from the assistant: Alcohol."))
    }

    @Test("The first flagged finding that has a heat map is shown on a second picture", arguments: [true, false])
    func heatMap(isThere: Bool) throws {
        let content = try Self.content(findings: [Self.finding("effusion", probability: 0.4, map: isThere)])
        let figures = ClinicianReport(content).document.blocks.compactMap { block in
            if case .figures(let figures) = block { figures } else { nil }
        }
        #expect(figures.first?.map { $0.overlay?.values } == (isThere ? [nil, [0, 1]] : [nil]))
    }
}
