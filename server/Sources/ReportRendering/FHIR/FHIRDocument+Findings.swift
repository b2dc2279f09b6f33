import Crypto
import Domain
import Foundation
import Workflows

/// What the model found, how urgent it is, and what a person read.
extension FHIRDocument {
    /// Nobody has reviewed what a model says, so that nothing of it is ever `final`.
    ///
    /// Where the version of the model was withdrawn it is `entered-in-error`: R4 calls a report so that "has been
    /// withdrawn following a previous final release", and an observation that "has been withdrawn". Neither `cancelled`
    /// (it wasn't made) nor `amended` (it was put right) would be true. Why, and by whom, is in an extension.
    private var status: FHIRValue { content.withdrawal == nil ? "preliminary" : "entered-in-error" }

    var withdrawalMark: FHIRValue? {
        // An extension must have a value (ext-1).
        func part(_ name: String, _ text: String) -> FHIRValue? {
            FHIRValue.text(text).map { ["url": .string(name), "valueString": $0] }
        }
        return content.withdrawal.map { withdrawal in
            [
                [
                    "url": .string(FHIRTerms.withdrawal),
                    "extension": .list([
                        part("model", withdrawal.model), part("version", withdrawal.version),
                        part("reason", withdrawal.reason), part("by", withdrawal.by),
                        ["url": "at", "valueDateTime": .string(Self.time(withdrawal.at))],
                    ]),
                ]
            ]
        }
    }

    var stamp: String? {
        content.withdrawal.map {
            "Withdrawn: version \($0.version) of the model “\($0.model)” was withdrawn on \(Self.time($0.at).prefix(10)). Do not rely on this report. \($0.reason)"
        }
    }

    private static let imaging = FHIRTerms.concept(FHIRTerms.hl7("observation-category", "imaging"))

    // MARK: - Findings

    func role(of finding: AnalysisResult.Finding) -> String { "finding/\(finding.id)" }

    var findings: [FHIRValue] {
        result.findings.map { finding in
            var narrative = FHIRNarrative()
            narrative.strong(stamp)
            narrative.paragraph("\(finding.name): \(Self.words(of: finding)).")
            narrative.paragraph(finding.means)
            return resource(
                "Observation", role(of: finding), narrative, as: .additional,
                [
                    "extension": withdrawalMark, "status": status, "category": [Self.imaging],
                    "code": FHIRTerms.concept(
                        FHIRTerms.coding(FHIRTerms.finding, finding.id, finding.name), FHIRTerms.coding(finding.code),
                        text: finding.name),
                    "subject": reference("patient"), "effectiveDateTime": .text(studyDate),
                    "issued": .string(Self.time(content.analysis.updatedAt)),
                    "valueQuantity": FHIRValue.number(finding.probability).map {
                        [
                            "value": $0, "unit": "probability", "system": .string(FHIRTerms.unitsOfMeasure),
                            "code": "1",
                        ]
                    },
                    "note": .list([
                        .note(stamp), .note(finding.means), finding.flagged ? nil : .note(Self.notMarkedMeans),
                    ]),
                    "method": FHIRTerms.concept(
                        text:
                            "\(result.model.title), \(result.model.id) \(result.model.version). Threshold: \(finding.thresholdRule.isEmpty ? "no rule told" : finding.thresholdRule)"
                    ),
                    "device": reference("model"), "derivedFrom": [reference("study")],
                    "component": .list(components(of: finding)),
                ])
        }
    }

    static let notMarkedMeans = "Not marked does not mean that nothing is there."

    /// The number, its threshold, and what it is worth.
    static func words(of finding: AnalysisResult.Finding) -> String {
        let worth =
            finding.flagged ? finding.frequency.map(NumberWords.frequency) : NumberWords.missed(finding.measured)
        return
            "\(finding.flagged ? "marked" : "not marked"), probability \(percent(finding.probability)), threshold \(percent(finding.threshold))"
            + (worth.map { ". \($0.dropLast())" } ?? "")
    }

    private func components(of finding: AnalysisResult.Finding) -> [FHIRValue?] {
        func component(_ code: String, _ text: String, _ type: String, _ value: FHIRValue?) -> FHIRValue? {
            value.map { value in
                .object([
                    .init(
                        name: "code",
                        value: FHIRTerms.concept(FHIRTerms.coding(FHIRTerms.measure, code), text: text)),
                    .init(name: type, value: value),
                ])
            }
        }
        let measured = finding.measured
        let frequency: FHIRValue? = finding.frequency.map {
            ["numerator": ["value": .integer($0.positives)], "denominator": ["value": .integer($0.images)]]
        }
        return [
            component("threshold", "Threshold", "valueQuantity", FHIRTerms.plain(finding.threshold)),
            component("marked", "At or over the threshold", "valueBoolean", .boolean(finding.flagged)),
            component(
                "frequency", "Of so many validation pictures with such a number, so many had it", "valueRatio",
                frequency),
            component("auc", "Area under the ROC curve", "valueQuantity", FHIRTerms.plain(measured.auc)),
            component(
                "sensitivity", "Sensitivity at the threshold", "valueQuantity", FHIRTerms.plain(measured.sensitivity)),
            component(
                "specificity", "Specificity at the threshold", "valueQuantity", FHIRTerms.plain(measured.specificity)),
            component("validated-on", "Pictures in the validation set", "valueInteger", .integer(measured.images)),
        ]
    }

    // MARK: - What the model doesn't speak of

    func role(of withheld: AnalysisResult.Withheld) -> String { "not-spoken-of/\(withheld.id)" }

    /// Observations without a value, and why there is none.
    var notSpokenOf: [FHIRValue] {
        result.withheld.map { withheld in
            resource(
                "Observation", role(of: withheld), FHIRNarrative("\(withheld.name): not shown. \(withheld.why)"),
                [
                    "extension": withdrawalMark, "status": status, "category": [Self.imaging],
                    "code": FHIRTerms.concept(
                        FHIRTerms.coding(FHIRTerms.finding, withheld.id, withheld.name), text: withheld.name),
                    "subject": reference("patient"), "effectiveDateTime": .text(studyDate),
                    "issued": .string(Self.time(content.analysis.updatedAt)),
                    "dataAbsentReason": FHIRTerms.concept(
                        FHIRTerms.hl7("data-absent-reason", "not-applicable", "Not Applicable"), text: withheld.why),
                    "device": reference("model"), "derivedFrom": [reference("study")],
                ])
        }
    }

    // MARK: - Urgency

    var advice: AcuityAdvice {
        AcuityAdvice(
            for: content.acuity.level, emergencyNumber: content.emergencyNumber,
            isChild: ReportFacts.isChild(content))
    }

    func words(of reason: AcuityReason) -> String {
        let origin =
            switch reason.origin {
            case .intake:
                "from “\(reason.field.flatMap { content.questionnaire.question($0)?.label } ?? "the history")”"
            case .finding: "from the picture"
            case .message: "from a question that was asked"
            }
        return "\(reason.text) (\(reason.level.rawValue), \(origin); \(reason.source.title))"
    }

    var lowering: String? {
        content.acuity.lowering.map {
            "\($0.clinician) lowered it to “\($0.level.rawValue)” on \(Self.time($0.at)): \($0.reason)"
        }
    }

    var urgency: FHIRValue? {
        let acuity = content.acuity
        var narrative = FHIRNarrative("How urgent: \(acuity.level.rawValue). \(advice.title)")
        narrative.list(acuity.standing.map(words))
        narrative.paragraph(lowering)
        let rests = acuity.standing.contains { $0.origin == .finding } && content.withdrawal != nil
        return resource(
            "Observation", "urgency", narrative, as: .additional,
            [
                "status": "preliminary",
                "code": FHIRTerms.concept(FHIRTerms.coding(FHIRTerms.observation, "urgency"), text: "How urgent"),
                "subject": reference("patient"), "issued": .string(Self.time(content.createdAt)),
                "valueCodeableConcept": FHIRTerms.concept(
                    FHIRTerms.coding(FHIRTerms.acuity, acuity.level.rawValue), text: advice.title),
                "note": .list(
                    acuity.standing.map { .note("\($0.source.title): \($0.source.url)") } + [
                        acuity.lowering.map {
                            .note("Lowered to “\($0.level.rawValue)”: \($0.reason)", author: $0.clinician, at: $0.at)
                        } ?? nil,
                        rests ? .note("A reason comes from a model that was withdrawn.") : nil,
                    ]),
                "device": reference("software"), "derivedFrom": [reference("record")],
                "component": .list(
                    acuity.standing.map { reason in
                        [
                            "code": FHIRTerms.concept(
                                FHIRTerms.coding(FHIRTerms.acuityRule, reason.rule), text: words(of: reason)),
                            "valueCodeableConcept": FHIRTerms.concept(
                                FHIRTerms.coding(FHIRTerms.acuity, reason.level.rawValue)),
                        ]
                    }),
            ])
    }

    // MARK: - A person's own reading

    var reading: FHIRValue? {
        content.reading.map { reading in
            var narrative = FHIRNarrative()
            narrative.paragraph(Self.words(of: reading))
            narrative.paragraph(reading.text)
            return resource(
                "Observation", "reading", narrative,
                [
                    // Who it was is known by the name that was typed, and nothing else.
                    "status": "preliminary", "category": [Self.imaging],
                    "code": FHIRTerms.concept(
                        FHIRTerms.Section.reading.coding, text: "A person's own reading"),
                    "subject": reference("patient"), "effectiveDateTime": .text(studyDate),
                    "issued": .string(Self.time(reading.recordedAt)),
                    "performer": .list([FHIRValue.text(reading.clinician).map { ["display": $0] }]),
                    "valueString": .text(reading.text),
                    "dataAbsentReason": FHIRValue.text(reading.text) == nil
                        ? FHIRTerms.concept(FHIRTerms.hl7("data-absent-reason", "unknown")) : nil,
                    "note": .list([
                        .note("The name was typed in and not checked.", author: nil, at: reading.recordedAt)
                    ]),
                    "method": FHIRTerms.concept(text: "Read by eye"), "derivedFrom": [reference("study")],
                    "component": [
                        [
                            "code": FHIRTerms.concept(
                                FHIRTerms.coding(FHIRTerms.measure, "blind"),
                                text: "Recorded before the model's findings were shown"),
                            "valueBoolean": .boolean(reading.isBlind),
                        ]
                    ],
                ])
        }
    }

    static func words(of reading: OwnReading) -> String {
        "Read by \(reading.clinician) on \(time(reading.recordedAt)), \(reading.isBlind ? "before" : "after") the model's findings were shown."
    }

    // MARK: - The report of them

    var resultRoles: [String] { result.findings.map(role) + result.withheld.map(role) }

    var conclusion: String {
        let marked = result.findings.filter(\.flagged).map(\.name)
        let sentence =
            if result.findings.isEmpty {
                "The model speaks of no finding for this person or picture."
            } else if marked.isEmpty {
                "The model marked nothing. This rules nothing out."
            } else {
                "The model marked: \(marked.joined(separator: ", ")). A mark is no diagnosis and can be a false alarm."
            }
        return [stamp, sentence].compactMap { $0 }.joined(separator: "\n")
    }

    var diagnosticReport: FHIRValue {
        resource(
            "DiagnosticReport", "report", FHIRNarrative(conclusion),
            [
                "extension": withdrawalMark, "identifier": [Self.identifier(content.id.uuid)], "status": status,
                "category": [FHIRTerms.concept(FHIRTerms.hl7("v2-0074", "RAD", "Radiology"))],
                "code": FHIRTerms.Section.document.concept, "subject": reference("patient"),
                "effectiveDateTime": .text(studyDate), "issued": .string(editionTime),
                "performer": .list([FHIRValue.text(content.responsible).map { ["display": $0] }]),
                "result": .list(resultRoles.map { reference($0) }), "imagingStudy": [reference("study")],
                "conclusion": .text(conclusion), "presentedForm": .list([presentedForm]),
            ])
    }

    private var presentedForm: FHIRValue? {
        pdf.map { pdf in
            [
                "contentType": "application/pdf", "language": "en",
                "data": .string(Data(pdf).base64EncodedString()), "size": .integer(pdf.count),
                // R4 asks for SHA-1; the seal doesn't rest on it.
                "hash": .string(Data(Insecure.SHA1.hash(data: pdf)).base64EncodedString()),
                "title": .text(title), "creation": .string(editionTime),
            ]
        }
    }
}
