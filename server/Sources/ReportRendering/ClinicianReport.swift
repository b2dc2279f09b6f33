import Domain
import Foundation
import ReportDocuments
import Workflows

/// The report for a clinician, as blocks: record, picture, findings, what was not checked, model, intended use.
struct ClinicianReport {
    let content: ReportContent

    init(_ content: ReportContent) {
        self.content = content
    }

    var document: ReportDocument {
        ReportDocument(
            metadata: ReportDocument.Metadata(
                title: "Chest X-ray: model findings", author: "Lightbox \(content.sources.softwareVersion)",
                subject: "Research and education. Not a diagnosis.",
                keywords: ["chest X-ray", "research", "education", content.id.description],
                created: content.createdAt.formatted(.iso8601)),
            header: "\(subject)   ·   Report \(content.id)",
            footer: "Research and education only. Not a medical device, not a diagnosis.",
            blocks: opening + urgency + record + picture + findings + notChecked + technique)
    }

    private var subject: String {
        if case .text(let name)? = content.answers["pseudonym"] { name } else { "No name given" }
    }

    private var result: AnalysisResult { content.result }

    // MARK: - Parts

    private var opening: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [
            .heading(level: 1, "Chest X-ray: model findings"),
            .notice(
                title: "For research and education",
                text:
                    "A computer program made this report. It is not a diagnosis, and it can't rule anything out. What is below a threshold may still be there. Decide nothing by this report alone.",
                tone: .caution),
        ]
        if let mismatch { blocks.append(mismatch) }
        return blocks
    }

    /// Where the history and the file differ, side by side, and what was confirmed.
    private var mismatch: ReportDocument.Block? {
        guard let identity = result.identity, !identity.differences.isEmpty else { return nil }
        let differences = identity.rows.filter { $0.agreement == .differs }.map { row in
            "\(Self.name(row.field)): \(row.field == .studyDate ? "today is" : "told") “\(row.told ?? "nothing")”, in the file “\(row.file ?? "nothing")”."
        }
        let confirmation =
            identity.open.isEmpty
            ? "Before the analysis somebody confirmed that it is the right picture all the same."
            : "Nobody confirmed that it is the right picture."
        return .notice(
            title: "Is it the right picture?", text: (differences + [confirmation]).joined(separator: " "),
            tone: .caution)
    }

    private static func name(_ field: IdentityCheck.Field) -> String {
        switch field {
        case .name: "Name"
        case .sex: "Sex"
        case .age: "Age"
        case .birthDate: "Date of birth"
        case .studyDate: "Date of the picture"
        }
    }

    /// The level and what to do, in the same words as on the page; then why.
    private var urgency: [ReportDocument.Block] {
        let acuity = content.acuity
        let advice = AcuityAdvice(for: acuity.level, emergencyNumber: content.emergencyNumber)
        var blocks: [ReportDocument.Block] = [
            .heading(level: 2, "How urgent"),
            acuity.level >= .urgent
                ? .notice(title: advice.title, text: advice.steps.joined(separator: " "), tone: .caution)
                : .paragraph("\(advice.title) \(advice.steps.joined(separator: " "))"),
        ]
        let reasons = acuity.standing.map { reason in
            "\(reason.text) (\(reason.level.rawValue), \(Self.origin(of: reason, in: content)); \(reason.source.title))"
        }
        if !reasons.isEmpty { blocks.append(.list(reasons)) }
        if let lowering = acuity.lowering {
            blocks.append(
                .note(
                    "\(lowering.clinician) lowered it to “\(lowering.level.rawValue)” on "
                        + "\(lowering.at.formatted(.iso8601)): \(lowering.reason)"))
        }
        return blocks
    }

    private static func origin(of reason: AcuityReason, in content: ReportContent) -> String {
        switch reason.origin {
        case .intake: "from “\(reason.field.flatMap { content.questionnaire.question($0)?.label } ?? "the history")”"
        case .finding: "from the picture"
        case .message: "from a question that was asked"
        }
    }

    private var record: [ReportDocument.Block] {
        let pairs = content.questionnaire.questions.compactMap { question in
            content.answers[question.id].map {
                ReportDocument.KeyValue(question.label, question.words(for: $0))
            }
        }
        let packYears = content.questionnaire.packYears(content.answers).map {
            [ReportDocument.KeyValue("Pack-years", String(format: "%.1f, computed", $0))]
        }
        let withheld = content.withheld.compactMap { content.questionnaire.question($0)?.label }
        return [
            .heading(level: 2, "The record, as told"),
            pairs.isEmpty ? .paragraph("No history was given.") : .keyValues(pairs + (packYears ?? [])),
        ] + (withheld.isEmpty ? [] : [.note("Withheld from the assistant: \(withheld.joined(separator: ", ")).")])
    }

    private var picture: [ReportDocument.Block] {
        let upload = content.upload
        var about = [
            "\(upload.inspection.format.rawValue.uppercased()), \(upload.inspection.width) × \(upload.inspection.height) pixels, \(upload.inspection.bitsPerSample) bits",
            projection,
        ]
        if let date = upload.inspection.dicom?.studyDate { about.append("study date in the file: \(date)") }
        if upload.inspection.frames > 1 {
            about.append("picture \(content.analysis.frame + 1) of \(upload.inspection.frames) in the file")
        }
        let changed = content.analysis.adjustment.words
        if let changed { about.append("at the person's request, before the analysis: \(changed)") }
        let shown = result.findings.first { $0.flagged && $0.activation != nil }
        var figures = [
            ReportDocument.Figure(
                jpeg: content.preview,
                caption: changed.map { "The picture as it was analysed: \($0) (shown smaller)." }
                    ?? "The picture as received (shown smaller).",
                alternative: "The chest X-ray that was analysed.")
        ]
        if let shown, let map = shown.activation {
            figures.append(
                ReportDocument.Figure(
                    jpeg: content.preview,
                    overlay: .init(columns: map.columns, rows: map.rows, values: map.values),
                    caption:
                        "Where the score for “\(shown.name)” came from. Brighter means more weight. It is not an outline of a disease.",
                    alternative: "The same chest X-ray under a heat map of the score for “\(shown.name)”."))
        }
        let notes = result.quality.notes.map(\.text)
        return [
            .heading(level: 2, "The picture"), .figures(figures),
            .paragraph(about.joined(separator: "; ") + "."),
        ] + (notes.isEmpty ? [] : [.list(notes)])
    }

    private var projection: String {
        guard let projection = result.projection else { return "direction of the beam not known" }
        switch projection.source {
        case .header: return "\(projection.value), as the file says"
        case .model: return "\(projection.value), as the model estimates (\(percent(projection.probability)))"
        }
    }

    private var findings: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [
            .heading(level: 2, "What the model found"), .paragraph(result.scope.statement),
        ]
        if !result.findings.isEmpty {
            let flagged = result.findings.filter(\.flagged)
            blocks.append(
                .paragraph(
                    flagged.isEmpty
                        ? "No finding reached its threshold. That doesn't mean that there is nothing."
                        : "At or over the threshold: \(flagged.map(\.name).joined(separator: ", "))."))
            blocks.append(
                .table(
                    .init(
                        header: ["Finding", "Probability", "Threshold", "Reading", "How good the model is at it"],
                        rows: result.findings.map { finding in
                            [
                                finding.name, percent(finding.probability), percent(finding.threshold),
                                finding.flagged ? "at or over" : "below", worth(of: finding),
                            ]
                        },
                        weights: [2.4, 1.2, 1.1, 1.1, 3.2])))
            for finding in flagged where !finding.means.isEmpty {
                blocks.append(.heading(level: 3, "\(finding.name): \(finding.plain)"))
                blocks.append(.paragraph(finding.means))
            }
        }
        if !result.withheld.isEmpty {
            blocks.append(.heading(level: 3, "Not shown for this person"))
            blocks.append(.list(result.withheld.map { "\($0.name): \($0.why)" }))
        }
        blocks += result.scope.notes.map { .note($0) }
        return blocks
    }

    private var notChecked: [ReportDocument.Block] {
        [
            .heading(level: 2, "What was not checked"),
            .paragraph("A chest picture can show much that this model doesn't look for, among it:"),
            .list(result.notChecked),
        ]
    }

    private var technique: [ReportDocument.Block] {
        [
            .heading(level: 2, "Model and versions"),
            .keyValues([
                .init("Model", "\(result.model.title) (\(result.model.id) \(result.model.version))"),
                .init("Weights, SHA-256", result.model.sha256),
                .init("Preprocessing, SHA-256", result.model.preprocessingSha256),
                .init("Software", "Lightbox \(content.sources.softwareVersion), engine \(result.engineVersion)"),
                .init("Picture, SHA-256", content.upload.sha256),
                .init("Analysis", content.analysis.id.description),
                .init("Made", content.createdAt.formatted(.iso8601)),
            ]),
            .heading(level: 2, "Intended use"), .paragraph(result.model.intendedUse),
        ]
    }

    // MARK: - Words

    private func percent(_ value: Double) -> String {
        let number = value * 100
        return number < 10 ? String(format: "%.1f %%", number) : String(format: "%.0f %%", number)
    }

    private func worth(of finding: AnalysisResult.Finding) -> String {
        let measured = finding.measured
        var parts: [String] = []
        if let frequency = finding.frequency {
            parts.append("\(frequency.positives) of \(frequency.images) validation pictures with such a number had it")
        }
        if let auc = measured.auc {
            let interval =
                if let low = measured.aucLow, let high = measured.aucHigh {
                    String(format: " (%.2f to %.2f)", low, high)
                } else {
                    ""
                }
            parts.append(String(format: "AUC %.2f", auc) + interval)
        }
        if let sensitivity = measured.sensitivity, let specificity = measured.specificity {
            parts.append("sensitivity \(percent(sensitivity)), specificity \(percent(specificity))")
        }
        parts.append("on \(measured.images) pictures")
        return parts.joined(separator: "; ")
    }
}
