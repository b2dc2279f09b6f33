import Domain
import Foundation
import ReportDocuments
import Testing

@testable import ReportRendering
@testable import Workflows

@Suite("Both pages state the same")
struct ReportConsistencyTests {
    /// Contents of every kind.
    static func contents() throws -> [(String, ReportContent)] {
        var withdrawn = try ReportFixtures.full()
        withdrawn.withdrawal = ModelWithdrawal(
            model: "chest-xray", version: "1.0.0", reason: "It marked “Name of mass” too often.", by: "Operator",
            at: ReportFixtures.start)
        var hostile = try ReportFixtures.full()
        let text = "The program marked “Name of edema”. (withheld from the assistant)\n\u{202E}Findings\u{0}\u{1B}[2J"
        hostile.answers["reason"] = .text(text)
        hostile.answers["pseudonym"] = .text(text)
        hostile.responsible = text
        hostile.reading = OwnReading(
            analysisID: hostile.analysis.id, clinician: text, text: text, recordedAt: ReportFixtures.start,
            isBlind: false)
        hostile.conversations[0].title = ClinicianHeading.findings.rawValue
        hostile.conversations[0].exchanges[0].question = text
        return [
            ("plain", try ReportFixtures.content()), ("full", try ReportFixtures.full()), ("withdrawn", withdrawn),
            ("hostile", hostile),
            (
                "nothing marked",
                try ReportFixtures.content(findings: [ReportFixtures.finding("mass", probability: 0.1)])
            ),
            ("no findings", try ReportFixtures.content(findings: [])),
            (
                "all marked",
                try ReportFixtures.content(findings: [ReportFixtures.finding("mass", probability: 0.9)])
            ),
            ("emergency", try ReportFixtures.content(acuity: ReportFixtures.emergency)),
            ("an old picture", try ReportFixtures.content(identity: ReportFixtures.old)),
            ("shipped", ReportFixtures.content(try ReportFixtures.shipped { _ in true })),
            ("shipped, a child", ReportFixtures.content(try ReportFixtures.shipped(marked: { _ in true }, age: 3))),
            (
                "odd names",
                try ReportFixtures.content(findings: [
                    ReportFixtures.finding("a", name: "“A”, “B” (not marked)", probability: 0.4),
                    ReportFixtures.finding("b", name: "“A”, “B”. This rules nothing out.", probability: 0.1),
                    ReportFixtures.finding("c", name: "C\\u202e\\nmarked", probability: 0.2),
                ])
            ),
        ]
    }

    @Test("Whatever a report says, both pages pass the check")
    func passes() throws {
        for (name, content) in try Self.contents() {
            #expect(throws: Never.self, "\(name)") { try ReportConsistency.check(content) }
        }
    }

    @Test("A document is only made when it passes", arguments: Report.Audience.allCases)
    func made(audience: Report.Audience) throws {
        let content = try ReportFixtures.full(audience: audience)
        let document = try ReportWords.document(for: content)
        let title = audience == .clinician ? ClinicianHeading.title.rawValue : PatientHeading.title.rawValue
        #expect(document.metadata.title == title)
    }

    // MARK: - Mutations

    struct Mutation: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var isPatients: Bool
        /// Under this heading of level 2; in the whole document where there is none.
        var heading: String?
        /// nil takes the block away.
        var change: @Sendable (ReportDocument.Block) -> [ReportDocument.Block]?
    }

    /// Replaces a text wherever it stands in a block.
    static func replacing(_ text: String, by other: String)
        -> @Sendable (ReportDocument.Block) -> [ReportDocument.Block]?
    {
        { block in
            func new(_ old: String) -> String { old.replacing(text, with: other) }
            let changed: ReportDocument.Block =
                switch block {
                case .heading(let level, let text): .heading(level: level, new(text))
                case .paragraph(let text): .paragraph(new(text))
                case .note(let text): .note(new(text))
                case .notice(let title, let text, let tone): .notice(title: new(title), text: new(text), tone: tone)
                case .keyValues(let pairs): .keyValues(pairs.map { .init(new($0.key), new($0.value)) })
                case .list(let items): .list(items.map(new))
                case .table(let table):
                    .table(.init(header: table.header, rows: table.rows.map { $0.map(new) }, weights: table.weights))
                case .figures, .code: block
                }
            return changed == block ? nil : [changed]
        }
    }

    /// Changes the first list or table with such an entry.
    static func entries(
        with text: String, _ change: @escaping @Sendable ([String]) -> [String]
    ) -> @Sendable (ReportDocument.Block) -> [ReportDocument.Block]? {
        { block in
            switch block {
            case .list(let items) where items.contains { $0.contains(text) }: return [.list(change(items))]
            default: return nil
            }
        }
    }

    static func rows(
        with text: String, _ change: @escaping @Sendable ([[String]]) -> [[String]]
    ) -> @Sendable (ReportDocument.Block) -> [ReportDocument.Block]? {
        { block in
            guard case .table(var table) = block, table.rows.contains(where: { $0[0].contains(text) }) else {
                return nil
            }
            table.rows = change(table.rows)
            return [.table(table)]
        }
    }

    static func clinician(
        _ name: String, _ heading: ClinicianHeading?,
        _ change: @escaping @Sendable (ReportDocument.Block) -> [ReportDocument.Block]?
    ) -> Mutation {
        Mutation(testDescription: "clinician: \(name)", isPatients: false, heading: heading?.rawValue, change: change)
    }

    static func patient(
        _ name: String, _ heading: PatientHeading?,
        _ change: @escaping @Sendable (ReportDocument.Block) -> [ReportDocument.Block]?
    ) -> Mutation {
        Mutation(testDescription: "patient: \(name)", isPatients: true, heading: heading?.rawValue, change: change)
    }

    static let urgent = AcuityAdvice(for: .urgent, emergencyNumber: "112")
    static let soon = AcuityAdvice(for: .soon, emergencyNumber: "112")
    static let routine = AcuityAdvice(for: .routine, emergencyNumber: "112")

    static let mutations: [Mutation] = [
        clinician("a finding dropped", .findings, rows(with: "Name of mass") { $0.filter { !$0[0].contains("mass") } }),
        clinician("a finding doubled", .findings, rows(with: "Name of mass") { $0 + [$0[1]] }),
        clinician("a finding renamed", .findings, replacing("Name of mass", by: "Name of nodule")),
        clinician(
            "a mark taken away", .findings,
            rows(with: "Name of mass") { rows in
                var rows = rows
                rows[0][3] = "not marked"
                return rows
            }),
        clinician(
            "a mark added", .findings,
            rows(with: "Name of mass") { rows in
                var rows = rows
                rows[3][3] = "marked"
                return rows
            }),
        clinician(
            "an unreadable reading", .findings,
            rows(with: "Name of mass") { rows in
                var rows = rows
                rows[0][3] = "perhaps"
                return rows
            }),
        clinician("another number", .findings, replacing("40 %", by: "4.0 %")),
        clinician("another frequency", .findings, replacing("34 had it", by: "3 had it")),
        clinician("a finding dropped from the impression", .impression, entries(with: "mass") { [$0[0]] }),
        clinician("a finding doubled in the impression", .impression, entries(with: "mass") { $0 + [$0[0]] }),
        clinician(
            "a negation in the impression", .impression, replacing("The model marked", by: "The model did not mark")),
        clinician("a finding no longer named as not marked", .impression, replacing("“Name of edema”, ", by: "")),
        clinician("the caution taken away", .impression, replacing("This rules nothing out.", by: "")),
        clinician(
            "a lower urgency in the impression", .impression,
            replacing(
                "The level is soon: in the next days. \(soon.title)",
                by: "The level is routine: the planned visit. \(routine.title)")),
        clinician(
            "another recommendation", .recommendation,
            replacing(
                ReportFacts.Urgency.recommendation(at: .soon), by: ReportFacts.Urgency.recommendation(at: .routine))),
        clinician(
            "no recommendation", .recommendation,
            replacing(ReportFacts.Urgency.recommendation(at: .soon), by: "Nothing.")),
        clinician("a lower urgency", .urgency, replacing("soon: in the next days", by: "routine: the planned visit")),
        clinician("a step taken away", .urgency, replacing(soon.steps[1], by: "")),
        clinician("lowered further", .urgency, replacing("Lowered to “soon”", by: "Lowered to “routine”")),
        clinician("a difference confirmed away", .identity, replacing("differs", by: "agrees")),
        clinician(
            "a difference dropped at the top", nil,
            replacing("These do not match: age.", by: "These do not match: sex.")),
        clinician("a withheld finding dropped", .findings, entries(with: "Pneumonia in children") { _ in [] }),
        clinician("something not checked dropped", .notChecked, entries(with: "Broken ribs") { [$0[1]] }),
        clinician("a note on quality dropped", .technique, entries(with: "contrast") { _ in [] }),
        clinician("an invented comparison", .comparison, replacing("2026-01-05", by: "2025-01-05")),
        clinician(
            "a comparison denied", .comparison,
            { block in
                if case .heading = block { [.paragraph(ReportPhrases.noEarlier)] } else { nil }
            }),
        clinician("a withheld answer unmarked", .history, replacing(ReportPhrases.withheldMark, by: "")),
        clinician("heat maps without the caution", .heatMaps, replacing(ReportPhrases.influence, by: "")),
        clinician(
            "a contradicting sentence", .limitations,
            { block in
                if case .list(let items) = block { [.list(items + ["“Name of mass” is not there."])] } else { nil }
            }),
        clinician(
            "a second table of findings", .limitations,
            { block in
                if case .list = block { [block, ClinicianHeading.findings.block] } else { nil }
            }),

        clinician(
            "a sentence added to the impression", .impression,
            { block in if case .list = block { [block, .paragraph("All is well.")] } else { nil } }),
        clinician(
            "no finding marked, beside those that are", .impression,
            { block in if case .list = block { [block, .paragraph(ReportPhrases.noMark)] } else { nil } }),
        clinician(
            "the clinician's reading behind the model's marks", .impression,
            { block in if case .table = block { [] } else { nil } }),
        clinician("an alert changed", .alerts, replacing("Not told", by: "None")),
        patient(
            "when to call dropped", nil,
            { block in if case .notice("Call 112 at once for any of these", _, _) = block { [] } else { nil } }),
        patient(
            "the clinician's reading dropped", .marked,
            { block in if case .notice = block { [] } else { nil } }),
        patient(
            "a sentence added to the marks", .marked,
            { block in
                if case .heading(3, _) = block { [.paragraph("“Name of mass” is not there."), block] } else { nil }
            }),
        patient(
            "a finding dropped", .marked,
            { block in
                if case .heading(3, "Name of mass") = block { [] } else { nil }
            }),
        patient(
            "a finding doubled", .marked,
            { block in
                guard case .paragraph(let text) = block, text.contains("“Name of mass”") else { return nil }
                return [
                    block, .paragraph("How often such a number is right was not measured."),
                    .heading(level: 3, "Name of mass"), block,
                ]
            }),
        patient("a finding renamed", .marked, replacing("Name of mass", by: "Name of nodule")),
        patient(
            "a negation", .marked,
            replacing("The program marked “Name of mass”", by: "The program did not mark “Name of mass”")),
        patient("another number", .marked, replacing("40 %", by: "4.0 %")),
        patient("another frequency", .marked, replacing("34 had it", by: "3 had it")),
        patient("those without it miscounted", .marked, replacing("83 did not", by: "3 did not")),
        patient(
            "a negation turned into a mark", .unmarked,
            replacing("Not marked: “Name of edema”", by: "Marked: “Name of edema”")),
        patient("something not marked dropped", .unmarked, entries(with: "edema") { [$0[1]] }),
        patient("something not marked doubled", .unmarked, entries(with: "edema") { $0 + [$0[1]] }),
        patient("the caution taken away", .unmarked, replacing(ReportPhrases.notMarkedMeans, by: "All is well.")),
        patient(
            "a lower urgency", .now,
            { block in
                guard case .notice(soon.title, _, let tone) = block else { return nil }
                return [.notice(title: routine.title, text: routine.steps.joined(separator: " "), tone: tone)]
            }),
        patient(
            "a higher urgency", .now,
            { block in
                guard case .notice(soon.title, _, let tone) = block else { return nil }
                return [.notice(title: urgent.title, text: urgent.steps.joined(separator: " "), tone: tone)]
            }),
        patient("a step taken away", .now, replacing(soon.steps[1], by: "")),
        patient("another level in words", .now, replacing("soon: in the next days", by: "routine: the planned visit")),
        patient("lowered further", .now, replacing("Lowered to “soon”", by: "Lowered to “routine”")),
        patient("a difference dropped", .now, replacing("These do not match: age.", by: "These do not match: sex.")),
        patient("a withheld finding dropped", .unseen, entries(with: "Pneumonia in children") { _ in [] }),
        patient("something not checked dropped", .unseen, entries(with: "Broken ribs") { [$0[1]] }),
        patient("a note on quality dropped", .picture, entries(with: "contrast") { _ in [] }),
        patient("an invented comparison", .picture, replacing("2026-01-05", by: "2025-01-05")),
        patient("a withheld answer unmarked", .record, entries(with: "Alcohol") { _ in [] }),
        patient(
            "a contradicting sentence", .certainty,
            { block in
                if case .paragraph(let text) = block {
                    [.paragraph("\(text) “Name of mass” is not there.")]
                } else {
                    nil
                }
            }),
    ]

    @Test("A document that was changed is caught", arguments: mutations)
    func caught(mutation: Mutation) throws {
        let content = try ReportFixtures.full()
        var clinician = ClinicianReport(content).document
        var patient = PatientReport(content).document
        let path: WritableKeyPath<ReportDocument, [ReportDocument.Block]> = \.blocks
        let before = mutation.isPatients ? patient.blocks : clinician.blocks
        var section: String?
        var isDone = false
        let after = before.flatMap { block -> [ReportDocument.Block] in
            if case .heading(2, let text) = block { section = text }
            guard !isDone, mutation.heading == nil || section == mutation.heading, let changed = mutation.change(block)
            else { return [block] }
            if case .heading(2, _) = block { return [block] }
            isDone = true
            return changed
        }
        try #require(isDone && after != before, "the mutation changed nothing")
        if mutation.isPatients { patient[keyPath: path] = after } else { clinician[keyPath: path] = after }
        #expect(throws: ReportConsistencyFault.self) {
            try ReportConsistency.check(clinician: clinician, patient: patient, against: content)
        }
    }

    @Test("Two pages that are wrong in the same way are caught as well")
    func sameMistake() throws {
        let content = try ReportFixtures.content()
        var other = content
        other.result.findings.removeFirst()
        #expect(throws: ReportConsistencyFault.self) {
            try ReportConsistency.check(
                clinician: ClinicianReport(other).document, patient: PatientReport(other).document, against: content)
        }
    }

    @Test("A lost stamp of a withdrawn model is caught", arguments: [true, false])
    func stamp(isPatients: Bool) throws {
        var content = try ReportFixtures.content()
        content.withdrawal = ModelWithdrawal(
            model: "chest-xray", version: "1.0.0", reason: "Wrong", by: "Operator", at: ReportFixtures.start)
        var clinician = ClinicianReport(content).document
        var patient = PatientReport(content).document
        if isPatients { patient.stamp = nil } else { clinician.stamp = nil }
        #expect(throws: ReportConsistencyFault.self) {
            try ReportConsistency.check(clinician: clinician, patient: patient, against: content)
        }
    }

    @Test("The fault names what differs")
    func named() throws {
        let content = try ReportFixtures.full()
        var other = content
        other.result.findings.removeLast()
        let patient = PatientReport(other).document
        let fault = #expect(throws: ReportConsistencyFault.self) {
            try ReportConsistency.check(
                clinician: ClinicianReport(content).document, patient: patient, against: content)
        }
        let last = try #require(content.result.findings.last?.name)
        #expect(fault?.differences == ["the patient's page, findings not marked: lacks \(last)"])
    }
}
