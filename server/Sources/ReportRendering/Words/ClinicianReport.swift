import Domain
import Foundation
import ReportDocuments
import Workflows

/// The report for a clinician: whose picture it is and what must not be overlooked, what to think of it, and then what it
/// rests on.
struct ClinicianReport {
    let content: ReportContent
    let facts: ReportFacts
    private let shared: SharedParts

    /// Most heat maps that are shown.
    private static let mostMaps = 4

    init(_ content: ReportContent, code: ReportDocument.CodeBlock? = nil) {
        self.content = content
        facts = ReportFacts(content)
        shared = SharedParts(content: content, code: code)
    }

    var document: ReportDocument {
        shared.document(
            title: ClinicianHeading.title.rawValue,
            footer: "Research and education only. Not a medical device, not a diagnosis.",
            blocks: opening + identity + alerts + impression + recommendation + urgency + findings + heatMaps
                + ClinicianHistory(content: content, facts: facts).blocks + technique + comparison + numbers
                + notChecked + closing)
    }

    private var result: AnalysisResult { content.result }

    // MARK: - Before the report

    private var opening: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [ClinicianHeading.title.block]
        if let withdrawal = facts.withdrawal {
            blocks.append(
                .notice(
                    title: "The model was withdrawn", text: ReportPhrases.stamp(withdrawal), tone: .caution))
        }
        blocks.append(
            .keyValues([
                .init("Person", ReportPhrases.subject(of: content)),
                .init("Age, sex", "\(told("age")), \(told("sex").lowercased())"),
                .init("Report", "\(content.id), made \(ReportNumbers.time(content.createdAt))"),
            ]))
        if let identity = facts.identity {
            let rows = identity.differences.map { row in
                "\(ReportPhrases.name(row.field).capitalizedFirst): \(row.field == .studyDate ? "today is" : "told") “\(row.told ?? "nothing")”, in the file “\(row.file ?? "nothing")”."
            }
            blocks.append(
                .notice(
                    title: ReportPhrases.rightPicture,
                    text: ((identity.differences.isEmpty
                        ? [] : [ReportPhrases.differences(identity)] + rows + [ReportPhrases.confirmation(identity)])
                        + identity.questions.map(ReportPhrases.question)).joined(separator: " "),
                    tone: .caution))
        }
        if facts.urgency.level >= .urgent {
            let advice = facts.urgency.advice
            blocks.append(
                .notice(title: advice.title, text: advice.steps.joined(separator: " "), tone: .caution))
        }
        blocks.append(
            .notice(
                title: "For research and education",
                text:
                    "A computer program made this report. It is not a diagnosis, and it can't rule anything out. What is below a threshold may still be there. Decide nothing by this report alone.",
                tone: .information))
        return blocks
    }

    private func told(_ id: String) -> String {
        guard let question = content.questionnaire.question(id), let answer = content.answers[id] else {
            return "\(id) not told"
        }
        return SafeText.line(question.words(for: answer), atMost: 60)
    }

    /// Told or not, these are named.
    private var alerts: [ReportDocument.Block] {
        [ClinicianHeading.alerts.block, .keyValues(facts.alerts.map { .init($0.name, $0.words) })]
    }

    // MARK: - Technique and comparison

    private var technique: [ReportDocument.Block] {
        let inspection = content.upload.inspection
        let dicom = inspection.dicom
        let pairs: [(String, String?)] = [
            ("Projection", projection),
            ("File", "\(inspection.format.rawValue.uppercased()), \(content.upload.bytes) bytes"),
            (
                "Pixels",
                "\(inspection.width) × \(inspection.height), \(inspection.bitsPerSample) bits, \(inspection.channels == 1 ? "grey" : "colour")"
            ),
            ("Date in the file", dicom.map { $0.studyDate.map { ReportFacts.day($0) ?? $0 } ?? "none" }),
            ("Modality in the file", dicom.map { $0.modality ?? "none" }),
            (
                "Adjustments",
                content.analysis.adjustment.words.map { "at the person's request, before the analysis: \($0)" }
                    ?? "none"
            ),
            (
                "Frame",
                inspection.frames > 1
                    ? "picture \(content.analysis.frame + 1) of \(inspection.frames) in the file" : nil
            ),
            ("Read by", "\(result.model.title), version \(result.model.version). No person took part in it."),
        ]
        return [ClinicianHeading.technique.block]
            + [.keyValues(pairs.compactMap { key, value in value.map { .init(key, $0) } })]
            + (facts.quality.isEmpty
                ? [] : [.heading(level: 3, ReportPhrases.quality), .list(facts.quality.map(\.text))])
    }

    private var projection: String {
        guard let projection = facts.projection else { return "not known" }
        switch projection.source {
        case .header: return "\(projection.value), as the file says"
        case .model:
            return "\(projection.value), as the model estimates (\(ReportNumbers.percent(projection.probability)))"
        }
    }

    private var comparison: [ReportDocument.Block] {
        guard !facts.comparison.isEmpty else {
            return [ClinicianHeading.comparison.block, .paragraph(ReportPhrases.noEarlier)]
        }
        return [ClinicianHeading.comparison.block]
            + facts.comparison.flatMap { earlier -> [ReportDocument.Block] in
                [.heading(level: 3, "Earlier study: \(earlier.when)")]
                    + (earlier.isSameModel
                        ? [
                            .table(
                                .init(
                                    header: ["Finding", "Earlier", "Now", "Points"],
                                    rows: earlier.changes.map(Self.row), weights: [2.4, 1.6, 1.6, 1.6],
                                    rowHeaders: true))
                        ] : [.paragraph("Another model or version read it, so the numbers can't be compared.")])
            }
            + [
                .note(
                    "Numbers of the model, side by side; points are the difference in percentage points. Each picture was read by itself, and a difference of numbers does not show that something in the chest changed."
                )
            ]
    }

    private static func row(_ change: ReportFacts.Comparison.Change) -> [String] {
        func cell(_ value: Double, _ isMarked: Bool) -> String {
            "\(ReportNumbers.percent(value)), \(isMarked ? "marked" : "not marked")"
        }
        return [
            ReportPhrases.name(change.name), cell(change.earlier, change.wasMarked), cell(change.now, change.isMarked),
            String(format: "%+.1f", (change.now - change.earlier) * 100),
        ]
    }

    // MARK: - Findings

    private var findings: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [
            ClinicianHeading.findings.block, .paragraph(facts.scope.statement),
        ]
        if !facts.findings.isEmpty {
            blocks.append(
                .table(
                    .init(
                        header: [
                            "Finding", "Probability", "Threshold", "Reading", "What the number was worth",
                        ],
                        rows: facts.findings.map { finding in
                            [
                                ReportPhrases.name(finding.name), ReportNumbers.percent(finding.probability),
                                ReportNumbers.percent(finding.threshold), finding.isMarked ? "marked" : "not marked",
                                Self.worth(of: finding),
                            ]
                        },
                        weights: [2.2, 1.3, 1.2, 1.3, 3.4], rowHeaders: true)))
            blocks.append(.note(NumberWords.meaning))
            for finding in facts.marked where !finding.means.isEmpty {
                blocks.append(.heading(level: 3, "\(ReportPhrases.name(finding.name)): \(finding.plain)"))
                blocks.append(.paragraph(finding.means))
            }
        }
        if !facts.withheldFindings.isEmpty {
            blocks.append(.heading(level: 3, ReportPhrases.withheldFindings))
            blocks.append(
                .list(facts.withheldFindings.map { "\(ReportPhrases.quoted($0.name)): \($0.why)" }))
        }
        return blocks + facts.scope.notes.map { .note($0) }
    }

    /// For a mark its natural frequency; for the others what the model missed, because a count of the few with a low
    /// number would read like an all-clear.
    private static func worth(of finding: ReportFacts.Finding) -> String {
        finding.isMarked
            ? finding.frequency.map(NumberWords.frequency) ?? "not known"
            : NumberWords.missed(finding.measured) ?? "what it missed is not known"
    }

    private var numbers: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [
            ClinicianHeading.numbers.block, .paragraph(NumberWords.meaning), .paragraph(NumberWords.validation),
        ]
        if !facts.findings.isEmpty {
            blocks.append(
                .table(
                    .init(
                        header: ["Finding", "Measured quality (95 % interval)", "Missed"],
                        rows: facts.findings.map { finding in
                            [
                                ReportPhrases.name(finding.name),
                                ReportNumbers.quality(of: finding.measured).replacing("\n", with: ", "),
                                NumberWords.missed(finding.measured) ?? "not known",
                            ]
                        }, weights: [2, 3, 3], rowHeaders: true)))
        }
        if facts.findings.contains(where: { $0.id == "any-finding" }) {
            blocks.append(.note(ReportPhrases.listed))
        }
        return blocks
    }

    /// What a person read comes before what the model marked: beside it, where both fit beside each other.
    private var reading: [ReportDocument.Block] {
        guard let reading = facts.reading else { return [.note(ReportPhrases.noReading)] }
        let marked = facts.marked.map { ReportPhrases.name($0.name) }
        let model = marked.isEmpty ? "marked no finding" : "marked: \(marked.joined(separator: "; "))"
        let when =
            reading.isBlind
            ? "recorded before the model's findings were shown" : "recorded after the model's findings were shown"
        let about =
            "Own reading of the clinician \(SafeText.line(reading.clinician)), \(ReportNumbers.time(reading.recordedAt)); \(when). This program doesn't check it, and compares it by its words only."
        // A cell of a table doesn't break across pages.
        let fits = reading.text.count <= 900 && reading.text.filter(\.isNewline).count <= 15
        let beside: [ReportDocument.Block] =
            fits
            ? [
                .table(
                    .init(
                        header: ["The clinician read", "The model"], rows: [[reading.text, model]], weights: [2, 1]))
            ] : [.keyValues([.init("The clinician read", reading.text), .init("The model", model)])]
        let disagreements: [ReportDocument.Block] =
            facts.disagreements.isEmpty
            ? []
            : [
                .notice(
                    title: ReportPhrases.disagree,
                    text: facts.disagreements.map(ReportPhrases.disagreement).joined(separator: " "), tone: .caution)
            ]
        return beside + disagreements + [.note(about)]
    }

    private var impression: [ReportDocument.Block] {
        var blocks = [ClinicianHeading.impression.block] + reading
        if facts.findings.isEmpty {
            blocks.append(.paragraph(ReportPhrases.noNumber))
        } else if facts.marked.isEmpty {
            blocks.append(.paragraph(ReportPhrases.noMark))
        } else {
            blocks.append(
                .list(
                    facts.marked.map {
                        "The model marked \(ReportPhrases.quoted($0.name)) (\(ReportNumbers.percent($0.probability)), threshold \(ReportNumbers.percent($0.threshold)))."
                    }))
            blocks.append(.paragraph(ReportPhrases.modelOutput))
        }
        if !facts.unmarked.isEmpty {
            let names = facts.unmarked.map { ReportPhrases.quoted($0.name) }.joined(separator: ", ")
            blocks.append(.paragraph("Not marked: \(names). \(ReportPhrases.rulesNothingOut)"))
        }
        blocks.append(.paragraph("\(ReportPhrases.level(facts.urgency.level)) \(facts.urgency.advice.title)"))
        return blocks
    }

    private var recommendation: [ReportDocument.Block] {
        [
            ClinicianHeading.recommendation.block, .paragraph(facts.urgency.recommendation),
            .note("By the level of urgency, not by a diagnosis. Nothing is to be started or stopped by this report."),
        ]
    }

    // MARK: - Urgency

    /// The level and what to do, in the same words as on the page; then why.
    private var urgency: [ReportDocument.Block] {
        let urgency = facts.urgency
        var blocks: [ReportDocument.Block] = [ClinicianHeading.urgency.block]
        if let question = content.questionnaire.question("red-flags") {
            let words = content.answers["red-flags"].map(question.words) ?? "Not told"
            let mark = content.withheld.contains(question.id) ? ReportPhrases.withheldMark : ""
            blocks.append(.keyValues([.init(question.label + mark, words)]))
        }
        blocks.append(
            .paragraph(
                "\(ReportPhrases.level(urgency.level)) \(urgency.advice.title) \(urgency.advice.steps.joined(separator: " "))"
            ))
        if let lowering = urgency.lowering { blocks.append(.note(ReportPhrases.lowered(lowering))) }
        if !urgency.reasons.isEmpty {
            blocks.append(.heading(level: 3, ReportPhrases.reasons))
            blocks.append(
                .list(
                    urgency.reasons.map { reason in
                        "\(SafeText.line(reason.text)) [\(reason.level.rawValue), \(origin(of: reason))] Source: \(reason.source.title), \(reason.source.url)"
                    }))
        }
        return blocks
    }

    private func origin(of reason: AcuityReason) -> String {
        switch reason.origin {
        case .intake:
            "from the history: \(reason.field.flatMap { content.questionnaire.question($0)?.label } ?? "told")"
        case .finding: "from the picture"
        case .message: "from a question that was asked"
        }
    }

    private var identity: [ReportDocument.Block] {
        guard let check = result.identity, !check.rows.isEmpty else {
            return [
                ClinicianHeading.identity.block,
                .paragraph("The file says nothing about the person, so nothing could be compared."),
            ]
        }
        let rows = check.rows.map { row in
            let agreement =
                switch row.agreement {
                case .agrees: row.field == .studyDate ? "not in the future" : "agrees"
                case .differs: check.open.contains(row.field) ? "differs" : "differs, confirmed"
                case .questioned: "not new: ask"
                case .unknown: "can't be compared"
                }
            return [
                ReportPhrases.name(row.field).capitalizedFirst,
                row.field == .studyDate ? "not asked" : row.told ?? "not told", row.file ?? "nothing",
                agreement,
            ]
        }
        return [
            ClinicianHeading.identity.block,
            .table(
                .init(
                    header: ["What", "As told", "In the file", "Result"], rows: rows, weights: [1.6, 2, 2, 1.6],
                    rowHeaders: true)),
        ]
            + (facts.identity.flatMap { $0.differences.isEmpty ? nil : [.paragraph(ReportPhrases.confirmation($0))] }
                ?? [])
    }

    // MARK: - Limits

    private var notChecked: [ReportDocument.Block] {
        [ClinicianHeading.notChecked.block]
            + (facts.notChecked.isEmpty
                ? [.paragraph("The model doesn't say what it leaves out. It looks for nothing but the findings above.")]
                : [
                    .paragraph("A chest picture can show much that this model doesn't look for, among it:"),
                    .list(facts.notChecked),
                ])
    }

    /// All marked findings that have a map, two in a row.
    private var heatMaps: [ReportDocument.Block] {
        let mapped = result.findings.filter { $0.flagged && $0.activation != nil }
        var figures = [shared.picture]
        for finding in mapped.prefix(Self.mostMaps) {
            guard let map = finding.activation else { continue }
            let name = ReportPhrases.name(finding.name)
            figures.append(
                ReportDocument.Figure(
                    jpeg: content.preview,
                    overlay: .init(columns: map.columns, rows: map.rows, values: map.values),
                    caption: "Heat map for \(name). Brighter means more influence on the number.",
                    alternative: "The same chest X-ray under a heat map of the model's number for \(name)."))
        }
        let rows = stride(from: 0, to: figures.count, by: 2).map {
            ReportDocument.Block.figures(Array(figures[$0..<min($0 + 2, figures.count)]))
        }
        let left = mapped.count - Self.mostMaps
        return [ClinicianHeading.heatMaps.block] + rows
            + [
                .paragraph(
                    mapped.isEmpty ? "There is no heat map of a marked finding." : ReportPhrases.influence)
            ] + (left > 0 ? [.note("\(left) more marked findings have a heat map that is not printed.")] : [])
    }

    private var closing: [ReportDocument.Block] {
        [ClinicianHeading.limitations.block, .list(ReportFacts.limitations)]
            + [ClinicianHeading.responsible.block, .paragraph(shared.responsible)]
            + [ClinicianHeading.intendedUse.block, .paragraph(result.model.intendedUse)]
            + model + check + shared.conversation(ClinicianHeading.conversation.block)
    }

    private var model: [ReportDocument.Block] {
        let sources = content.sources
        return [
            ClinicianHeading.model.block,
            .keyValues([
                .init("Model", "\(result.model.title) (\(result.model.id) \(result.model.version))"),
                .init("Software", "Lightbox \(sources.softwareVersion), engine \(result.engineVersion)"),
                .init("Picture, SHA-256", sources.picture),
                .init("Weights, SHA-256", sources.model),
                .init("Preprocessing, SHA-256", sources.preprocessing),
                .init("Thresholds, SHA-256", sources.thresholds),
                .init("Context of the assistant, SHA-256", sources.context),
                .init("Analysis", content.analysis.id.description),
            ]),
        ]
    }

    private var check: [ReportDocument.Block] {
        [
            ClinicianHeading.check.block,
            .paragraph(
                "This file is sealed with the key of the installation that made it. “lightbox report verify FILE” checks the seal without a network, and names what was changed."
            ),
        ] + (shared.code.map { [.code($0)] } ?? [])
    }
}

extension String {
    /// With a capital first letter.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
