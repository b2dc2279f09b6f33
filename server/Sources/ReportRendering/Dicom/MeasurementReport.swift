import DicomDocuments
import Domain
import Foundation
import Workflows

/// The content tree of a structured report: TID 1500 "Measurement Report", which may be extended. What the template has
/// no row for stands behind its rows; only what must be read first stands before its findings.
///
/// Source: DICOM PS3.16, TID 1500, 1501, 1600, 1001, 1204 and 4019.
struct MeasurementReport {
    let content: ReportContent
    let subject: DicomSubject

    init(_ content: ReportContent, _ subject: DicomSubject) {
        self.content = content
        self.subject = subject
    }

    private var result: AnalysisResult { content.result }

    var root: ContentItem {
        ContentItem(
            .contains, .measurementReport, .container(template: "1500"),
            children: context + first + imageLibrary + measurements + evaluations + limits + history + previous
                + reading + conversations + sources)
    }

    // MARK: - Rows of the template

    private var context: [ContentItem] {
        let device = subject.context.equipment
        return [
            ContentItem(.modifies, .language, .code(.english)),
            ContentItem(.observed, .observerType, .code(.device)),
            ContentItem(.observed, .deviceUID, .uid(device.uid)),
            ContentItem(.observed, .deviceName, .text(result.model.title)),
            ContentItem(.observed, .deviceManufacturer, .text(device.manufacturer)),
            ContentItem(.observed, .deviceModel, .text(device.versions.joined(separator: ", "))),
            ContentItem(.observed, .deviceSerial, .text(result.model.sha256)),
            ContentItem(.modifies, .procedureReported, .code(.chestFilm)),
        ]
    }

    /// What everything after it depends on.
    private var first: [ContentItem] {
        var items: [ContentItem] = []
        if let withdrawal = content.withdrawal {
            items.append(text(.withdrawn, Self.sentence(withdrawal)))
        }
        items.append(
            text(
                .notice,
                "For research and education only. A computer program made this; nobody has verified it. It is not a diagnosis, and it can't rule anything out."
            ))
        if let identity = result.identity, !(identity.differences.isEmpty && identity.questions.isEmpty) {
            let rows = identity.rows.filter { $0.agreement == .differs }.map { row in
                "\(row.field.rawValue): \(row.field == .studyDate ? "today is" : "told") \(row.told ?? "nothing"), in the file \(row.file ?? "nothing")"
            }
            let confirmed =
                identity.differences.isEmpty
                ? nil
                : identity.open.isEmpty
                    ? "Somebody confirmed that it is the right picture all the same."
                    : "Nobody confirmed that it is the right picture."
            items.append(
                text(
                    .mismatch,
                    (rows + [confirmed].compactMap(\.self) + identity.questions.map(ReportPhrases.question)).joined(
                        separator: "\n")))
        }
        return items
    }

    static func sentence(_ withdrawal: ModelWithdrawal) -> String {
        "Don't rely on this report. Version \(withdrawal.version) of the model \(withdrawal.model) was withdrawn on \(withdrawal.at.formatted(.iso8601)) by \(withdrawal.by): \(withdrawal.reason)"
    }

    private var imageLibrary: [ContentItem] {
        guard let source = subject.context.source else { return [] }
        let modality = content.upload.inspection.dicom?.modality.flatMap { Code.modalities[$0] }
        let group = ContentItem(
            .contains, .imageLibraryGroup, .container(),
            children: (modality.map { [ContentItem(.acquired, .modality, .code($0))] } ?? [])
                + [ContentItem(.contains, .sourceOfMeasurement, .image(source))])
        return [ContentItem(.contains, .imageLibrary, .container(), children: [group])]
    }

    private var measurements: [ContentItem] {
        guard !result.findings.isEmpty else { return [] }
        return [
            ContentItem(.contains, .imagingMeasurements, .container(), children: result.findings.map(group))
        ]
    }

    /// A finding: what was looked for, by what, and what came out.
    private func group(_ finding: AnalysisResult.Finding) -> ContentItem {
        let measured = finding.measured
        var items = [
            ContentItem(.observed, .trackingIdentifier, .text(finding.id)),
            ContentItem(
                .observed, .trackingUID,
                .uid(DerivedUID.make("finding", content.analysis.id.description, finding.id))),
            ContentItem(.contains, .finding, .code(.own(finding.id, finding.name))),
        ]
        items += algorithm
        if let source = subject.context.source {
            items.append(ContentItem(.contains, .sourceOfMeasurement, .image(source)))
        }
        items += [
            number(.probability, finding.probability), number(.threshold, finding.threshold),
            measured.auc.map { number(.auc, $0) }, measured.sensitivity.map { number(.sensitivity, $0) },
            measured.specificity.map { number(.specificity, $0) },
            number(.validated, Double(measured.images), .pictures),
            ContentItem(.contains, .marked, .code(finding.flagged ? .yes : .no)),
            text(.thresholdRule, finding.thresholdRule),
            text(.meaning, [finding.plain, finding.means].filter { !$0.isEmpty }.joined(separator: ". ")),
            finding.frequency.map { frequency in
                text(
                    .frequency,
                    "\(frequency.positives) of \(frequency.images) validation pictures with such a number had it")
            },
            finding.activation == nil
                ? nil
                : text(
                    .heatMap,
                    "There is a heat map. It shows what influenced the number, not where a disease is."),
        ].compactMap { $0 }
        return ContentItem(.contains, .measurementGroup, .container(template: "1501"), children: items)
    }

    /// TID 4019.
    private var algorithm: [ContentItem] {
        var parameters = [
            "weights SHA-256 \(content.sources.model)", "preprocessing SHA-256 \(content.sources.preprocessing)",
            "thresholds SHA-256 \(content.sources.thresholds)", "picture \(content.analysis.frame + 1) of the file",
        ]
        if let words = content.analysis.adjustment.words {
            parameters.append("before the analysis, at a person's request: \(words)")
        }
        return [
            ContentItem(.modifies, .algorithmName, .text(result.model.id)),
            ContentItem(.modifies, .algorithmVersion, .text(result.model.version)),
        ] + parameters.map { ContentItem(.modifies, .algorithmParameters, .text($0)) }
    }

    private var evaluations: [ContentItem] {
        let acuity = content.acuity
        let advice = AcuityAdvice(for: acuity.level, emergencyNumber: content.emergencyNumber)
        var items = [
            text(.urgency, "\(acuity.level.rawValue): \(advice.title) \(advice.steps.joined(separator: " "))")
        ]
        items += acuity.standing.map { reason in
            text(
                .urgencyReason,
                "\(reason.text) (\(reason.level.rawValue), \(reason.origin.rawValue); \(reason.source.title))")
        }
        if let lowering = acuity.lowering {
            items.append(
                text(
                    .lowering,
                    "\(lowering.clinician) lowered it to \(lowering.level.rawValue) on \(lowering.at.formatted(.iso8601)): \(lowering.reason)"
                ))
        }
        if let projection = result.projection {
            let source = projection.source == .header ? "as the file says" : "as the model estimates"
            items.append(text(.projection, "\(projection.value), \(source)"))
        }
        items += result.quality.notes.map { text(.quality, $0.text) }
        items.append(text(.scope, result.scope.statement))
        items += result.scope.notes.map { text(.scope, $0) }
        return [ContentItem(.contains, .qualitativeEvaluations, .container(), children: items)]
    }

    // MARK: - What the template has no row for

    private var limits: [ContentItem] {
        let marked = result.findings.contains(where: \.flagged)
        return result.withheld.map { text(.notShown, "\($0.name): \($0.why)") }
            + result.notChecked.map { text(.notChecked, $0) }
            + [
                text(
                    .limitation,
                    marked
                        ? "A number at or over its threshold is no proof. What is below a threshold may still be there."
                        : "No finding reached its threshold. That doesn't mean that there is nothing."),
                text(.limitation, "Findings that this report doesn't name were not looked for."),
                text(.intendedUse, result.model.intendedUse), text(.responsible, content.responsible),
            ]
    }

    private var history: [ContentItem] {
        let questions = content.questionnaire.questions
        let answers = questions.compactMap { question in
            content.answers[question.id].map { text(.own(question.id, question.label), question.words(for: $0)) }
        }
        let withheld = content.withheld.compactMap { content.questionnaire.question($0)?.label }
        let items = answers + withheld.map { text(.withheld, $0) }
        guard !items.isEmpty else { return [text(.history, "No history was given.")] }
        return [ContentItem(.contains, .history, .container(), children: items)]
    }

    private var previous: [ContentItem] {
        guard !content.earlier.isEmpty else { return [text(.previousFindings, "None available for comparison.")] }
        return content.earlier.map { study in
            let marked = study.result.findings.filter(\.flagged).map(\.name)
            let date =
                study.studyDate.map { "taken on \($0)" } ?? "received on \(study.receivedAt.formatted(.iso8601))"
            let found = marked.isEmpty ? "no finding reached its threshold" : marked.joined(separator: ", ")
            return text(
                .previousFindings,
                "Picture \(date), by \(study.result.model.id) \(study.result.model.version): at or over the threshold: \(found)"
            )
        }
    }

    /// A person's reading, in a container of its own: who observed it holds for what is in it, and not for the model's.
    private var reading: [ContentItem] {
        guard let reading = content.reading else { return [] }
        let items = [
            ContentItem(.observed, .observerType, .code(.person)),
            ContentItem(.observed, .personName, .personName(PersonName(reading.clinician))),
            text(.readingText, reading.text),
            ContentItem(.contains, .readingTime, .dateTime(reading.recordedAt)),
            ContentItem(.contains, .blind, .code(reading.isBlind ? .yes : .no)),
        ]
        return [ContentItem(.contains, .reading, .container(), children: items)]
    }

    private var conversations: [ContentItem] {
        content.conversations.map { conversation in
            ContentItem(
                .contains, .conversation, .container(),
                children: conversation.exchanges.flatMap { exchange in
                    [text(.question, exchange.question), text(.answer, exchange.answer.text)]
                })
        }
    }

    private var sources: [ContentItem] {
        let sources = content.sources
        return [
            ContentItem(
                .contains, .sources, .container(),
                children: [
                    text(.pictureHash, sources.picture), text(.modelHash, sources.model),
                    text(.preprocessingHash, sources.preprocessing), text(.thresholdsHash, sources.thresholds),
                    text(.contextHash, sources.context), text(.softwareVersion, sources.softwareVersion),
                    text(.analysis, content.analysis.id.description), text(.report, content.id.description),
                ])
        ]
    }

    // MARK: - Items

    private func text(_ concept: Code, _ text: String) -> ContentItem {
        ContentItem(.contains, concept, .text(text))
    }

    private func number(_ concept: Code, _ value: Double, _ unit: Code = .unity) -> ContentItem {
        ContentItem(.contains, concept, .number(value, unit: unit))
    }
}
