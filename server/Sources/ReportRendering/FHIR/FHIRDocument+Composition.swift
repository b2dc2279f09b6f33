import Domain
import Foundation
import Workflows

/// The document's head and its sections, in the order in which a radiology report has them.
extension FHIRDocument {
    var title: String { "Chest X-ray: model findings" }

    var composition: FHIRValue {
        var narrative = FHIRNarrative()
        narrative.strong(stamp)
        if let check = result.identity, !(check.differences.isEmpty && check.questions.isEmpty) {
            narrative.strong(ReportPhrases.rightPicture)
            narrative.list(identityLines)
        }
        narrative.terms([
            ("Title", title), ("Person", subject), ("Report", content.id.description), ("Made", editionTime),
        ])
        narrative.paragraph(
            "A computer program made this report. It is not a diagnosis, and it can't rule anything out. What is below a threshold may still be there. Decide nothing by this report alone."
        )
        return resource(
            "Composition", "composition", narrative, as: .additional,
            [
                "extension": withdrawalMark, "identifier": Self.identifier(content.id.uuid), "status": status,
                "type": FHIRTerms.Section.document.concept, "subject": reference("patient", subject),
                "date": .string(editionTime), "author": [reference("software", "Lightbox")],
                "title": .string(content.withdrawal == nil ? title : "Withdrawn: \(title)"), "confidentiality": "R",
                "custodian": FHIRValue.text(content.responsible).map { ["display": $0] },
                "relatesTo": content.withdrawal.map { _ in
                    [["code": "replaces", "targetIdentifier": bundleIdentifier(withdrawn: nil)]]
                },
                "section": .list(
                    [indication, history, technique, comparison, findingsSection, impression, recommendation, limits]
                        + conversations),
            ])
    }

    /// R4 calls `final` what "is complete and verified by an appropriate person", and nobody verified this: it is
    /// `preliminary`, which "may be incomplete or unverified". A stamped edition is `amended`, "modified subsequent to
    /// being released": what the person told in it still holds, so that the whole isn't entered in error.
    private var status: FHIRValue { content.withdrawal == nil ? "preliminary" : "amended" }

    /// - Parameter whyEmpty: a code of `list-empty-reason`, used where there is no entry.
    private func section(
        _ title: String, _ code: FHIRTerms.Section?, _ narrative: FHIRNarrative, entries: [String] = [],
        whyEmpty: String? = nil, sections: [FHIRValue] = []
    ) -> FHIRValue {
        [
            "title": .text(title), "code": code?.concept, "text": narrative.value(.additional),
            "entry": .list(entries.map { reference($0) }),
            "emptyReason": entries.isEmpty
                ? whyEmpty.map { FHIRTerms.concept(FHIRTerms.hl7("list-empty-reason", $0)) } : nil,
            "section": .list(sections),
        ]
    }

    // MARK: - What was told

    private var indication: FHIRValue {
        let visit = content.questionnaire.topics.filter { ["now", "visit"].contains($0.id) }
        let pairs = answeredTerms(visit.flatMap(\.questions))
        var narrative = FHIRNarrative(pairs.isEmpty ? "No reason was told." : nil)
        narrative.terms(pairs)
        return section(
            "Indication", .indication, narrative, entries: pairs.isEmpty ? [] : ["record"], whyEmpty: "unavailable")
    }

    private var history: FHIRValue {
        var pairs = answeredTerms(
            content.questionnaire.topics.filter { !["now", "visit"].contains($0.id) }.flatMap(\.questions))
        if let packYears = content.questionnaire.packYears(content.answers) {
            pairs.append(("Pack-years", String(format: "%.1f, computed", packYears)))
        }
        var narrative = FHIRNarrative(pairs.isEmpty ? "No history was given." : "As told. Nobody has checked it.")
        narrative.terms(pairs)
        return section(
            "Clinical history", .history, narrative,
            entries: pairs.isEmpty ? [] : ["record"] + toldQuestions.map { "told/\($0)" }, whyEmpty: "unavailable",
            sections: [
                list("Medication", .medication, medicationRoles, words("medication"), by: "medication-status"),
                list("Allergies", .allergies, allergyRoles, words("allergies"), by: "allergy-status"),
                list("Illnesses", .illnesses, conditionRoles, words("conditions"), by: nil),
            ])
    }

    /// - Parameter question: the one that says whether there is anything to list.
    private func list(
        _ title: String, _ code: FHIRTerms.Section, _ roles: [String], _ words: String?, by question: String?
    ) -> FHIRValue {
        let isNone = question.flatMap(told) == "none"
        let isDeclined = question.flatMap(told) == "declined"
        let empty = isNone ? "None, as told." : isDeclined ? "The person rather didn't say." : "Nothing was told of it."
        var narrative = FHIRNarrative()
        roles.isEmpty ? narrative.paragraph(empty) : narrative.list((words ?? "").components(separatedBy: "\n"))
        // `nilknown` says that somebody looked for it and there is none: only what was told as "none" comes near it.
        return section(
            title, code, narrative, entries: roles,
            whyEmpty: isNone ? "nilknown" : isDeclined ? "withheld" : "unavailable")
    }

    // MARK: - The picture

    private var technique: FHIRValue {
        var narrative = FHIRNarrative()
        narrative.list(pictureLines)
        if !identityLines.isEmpty {
            narrative.heading("Person and picture")
            narrative.list(identityLines)
        }
        let hasCheck = result.identity.map { !$0.rows.isEmpty } ?? false
        return section("Technique", .technique, narrative, entries: ["study"] + (hasCheck ? ["identity"] : []))
    }

    private var comparison: FHIRValue {
        var narrative = FHIRNarrative(earlier.isEmpty ? "None available." : nil)
        for study in earlier {
            narrative.heading(Self.when(study))
            guard study.result.model.sha256 == result.model.sha256,
                study.result.model.preprocessingSha256 == result.model.preprocessingSha256
            else {
                narrative.paragraph("Another version of the model read it, so that its numbers can't be compared.")
                continue
            }
            let rows = result.findings.compactMap { now in
                study.result.findings.first { $0.id == now.id }.map { before in
                    [
                        now.name, "\(Self.percent(before.probability))\(before.flagged ? ", marked" : "")",
                        "\(Self.percent(now.probability))\(now.flagged ? ", marked" : "")",
                    ]
                }
            }
            narrative.table(["Finding", "Then", "Now"], rows)
        }
        if !earlier.isEmpty {
            narrative.paragraph(
                "The numbers differ between pictures of the same person. They show no change by themselves.")
        }
        return section(
            "Comparison", .comparison, narrative, entries: earlier.map(earlierRole), whyEmpty: "unavailable")
    }

    // MARK: - What was found

    private var findingsSection: FHIRValue {
        var narrative = FHIRNarrative()
        narrative.strong(stamp)
        narrative.paragraph(result.scope.statement)
        narrative.table(
            ["Finding", "Probability", "Threshold", "Marked", "What the number was worth"],
            result.findings.map { finding in
                [
                    finding.name, Self.percent(finding.probability), Self.percent(finding.threshold),
                    finding.flagged ? "yes" : "no",
                    (finding.flagged
                        ? finding.frequency.map(NumberWords.frequency) : NumberWords.missed(finding.measured))
                        ?? "not known",
                ]
            })
        narrative.paragraph(NumberWords.meaning)
        if result.findings.contains(where: { $0.id == "any-finding" }) { narrative.paragraph(ReportPhrases.listed) }
        if result.findings.contains(where: { !$0.flagged }) { narrative.paragraph(Self.notMarkedMeans) }
        narrative.list(result.scope.notes)
        if !result.withheld.isEmpty {
            narrative.heading("Not shown for this person")
            narrative.list(result.withheld.map { "\($0.name): \($0.why)" })
        }
        return section(
            "Findings", .findings, narrative, entries: resultRoles,
            whyEmpty: "unavailable")
    }

    private var impression: FHIRValue {
        // What a person read comes before what the model marked.
        var narrative = FHIRNarrative()
        if let reading = content.reading {
            narrative.heading("A person's own reading")
            narrative.paragraph(Self.words(of: reading))
            narrative.paragraph(reading.text)
            let disagreements = ReportFacts(content).disagreements.map(ReportPhrases.disagreement)
            if !disagreements.isEmpty {
                narrative.strong(ReportPhrases.disagree)
                narrative.list(disagreements)
            }
            narrative.heading("What the model found")
        }
        narrative.paragraph(conclusion)
        return section(
            "Impression", .impression, narrative, entries: (content.reading == nil ? [] : ["reading"]) + ["report"])
    }

    private var recommendation: FHIRValue {
        var narrative = FHIRNarrative()
        narrative.strong(advice.title)
        narrative.list(advice.steps)
        narrative.paragraph(
            "A radiologist, or another clinician trained to read chest X-rays, must read the picture itself.")
        if !content.acuity.standing.isEmpty {
            narrative.heading("Why")
            narrative.list(content.acuity.standing.map(words))
        }
        narrative.paragraph(lowering)
        return section("Recommendation", .recommendation, narrative, entries: ["urgency"])
    }

    // MARK: - What else is to be said

    private var limits: FHIRValue {
        var narrative = FHIRNarrative(
            "A mark can be a false alarm. What is not marked may still be there.",
            "A heat map shows which parts of the picture had influence on the model's number. It does not show the location of disease.",
            result.model.intendedUse)
        narrative.heading("What was not checked")
        narrative.list(result.notChecked)
        narrative.heading("Who is responsible")
        narrative.paragraph(
            FHIRText.cleaned(content.responsible).isEmpty
                ? "Nobody was named by the operator of this installation." : content.responsible)
        narrative.heading("Model and versions")
        narrative.terms(
            [
                ("Model", "\(result.model.title) (\(result.model.id) \(result.model.version))"),
                ("Software", "Lightbox \(content.sources.softwareVersion), engine \(result.engineVersion)"),
                ("Report", content.id.description),
            ] + sources.map { ("\($0.name), SHA-256", $0.sha256) })
        return section(
            "Limitations, responsibility and versions", nil, narrative, entries: ["model", "software"])
    }

    /// Conversations are text of the document and no `Communication`: nobody is told anything by them, they are printed
    /// because the person wants them read.
    private var conversations: [FHIRValue] {
        content.conversations.map { conversation in
            var narrative = FHIRNarrative("Questions to the assistant, and what it answered. It is a program.")
            narrative.terms(
                conversation.exchanges.flatMap { exchange in
                    [
                        ("Asked, \(Self.time(exchange.askedAt))", exchange.question),
                        (Self.speaker(of: exchange.answer), Self.words(of: exchange.answer)),
                    ]
                })
            return section("Conversation: \(conversation.title)", nil, narrative)
        }
    }

    private static func speaker(of answer: ChatAnswer) -> String {
        switch answer.speaker {
        case .library: "Answered by the library of prepared texts"
        case .model(let name): "Answered by the language model “\(name)”, checked"
        }
    }

    private static func words(of answer: ChatAnswer) -> String {
        let text = answer.text.replacing("**", with: "")
        switch answer.state {
        case .complete: return text
        case .writing, .interrupted: return text + "\n(The answer broke off.)"
        case .stopped: return text + "\n(The answer was stopped.)"
        }
    }
}
