import Assistant
import Domain
import Foundation
import ReportDocuments
import Workflows

/// The report that the person keeps: plain words, what to do first.
///
/// It never says that somebody has or doesn't have something, and never that all is well. Sentences about findings come
/// from the prepared library of the assistant, so that chat and report say the same.
struct PatientReport {
    let content: ReportContent
    let facts: ReportFacts
    private let shared: SharedParts

    /// Most findings that are explained; all are named.
    private static let mostExplained = 4
    /// To be asked in one visit.
    private static let mostQuestions = 6
    private static let mostOwnQuestions = 3

    init(_ content: ReportContent, code: ReportDocument.CodeBlock? = nil) {
        self.content = content
        facts = ReportFacts(content)
        shared = SharedParts(content: content, code: code)
    }

    var document: ReportDocument {
        shared.document(
            title: PatientHeading.title.rawValue,
            footer: "For research and learning only. This is not a diagnosis.",
            blocks: opening + now + picture + marked + unmarked + unseen + record + questions + certainty + signs
                + makers + check + shared.conversation(PatientHeading.conversation.block))
    }

    // MARK: - What to do

    private var opening: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [
            PatientHeading.title.block,
            .notice(
                title: ReportPhrases.callTitle(content.emergencyNumber),
                text: ReportPhrases.callText(isChild: facts.isChild), tone: .caution),
        ]
        if let withdrawal = facts.withdrawal {
            blocks.append(
                .notice(
                    title: "Do not rely on this page",
                    text: "The program that read the picture was withdrawn. Ask a doctor to look at the picture. "
                        + "This is why it was withdrawn: \(SafeText.line(withdrawal.reason))", tone: .caution))
        }
        return blocks
    }

    private var now: [ReportDocument.Block] {
        let urgency = facts.urgency
        var blocks: [ReportDocument.Block] = [
            PatientHeading.now.block,
            .notice(
                title: urgency.advice.title, text: urgency.advice.steps.joined(separator: " "),
                tone: urgency.level >= .urgent ? .caution : .information),
        ]
        if let identity = facts.identity {
            let words =
                identity.differences.isEmpty
                ? [] : [ReportPhrases.differences(identity), ReportPhrases.confirmation(identity)]
            blocks.append(
                .notice(
                    title: ReportPhrases.rightPicture,
                    text: (words + identity.questions.map(ReportPhrases.question) + [
                        "Ask a doctor or the staff to check this first."
                    ]).joined(separator: " "), tone: .caution))
        }
        blocks.append(.paragraph("\(ReportPhrases.level(urgency.level)) \(look)"))
        if let lowering = urgency.lowering { blocks.append(.note(ReportPhrases.lowered(lowering))) }
        if !urgency.reasons.isEmpty {
            blocks.append(.heading(level: 3, ReportPhrases.reasons))
            blocks.append(.list(urgency.reasons.map { SafeText.line($0.text) }))
        }
        return blocks
    }

    /// Who must look, in plain words.
    private var look: String {
        let soon =
            switch facts.urgency.level {
            case .emergency: "Get help first. After that, a doctor must look at the picture itself."
            case .urgent: "A doctor must look at the picture itself, today."
            case .soon: "A doctor must look at the picture itself, within two weeks at the latest."
            case .routine: "A doctor must look at the picture itself, at the next visit."
            }
        return "\(soon) This page can't take the place of that."
    }

    // MARK: - The picture

    private var picture: [ReportDocument.Block] {
        var sentences = ["A computer program looked at one chest X-ray.", direction]
        if let date = content.upload.inspection.dicom?.studyDate.flatMap(ReportFacts.day) {
            sentences.append("The file says that it is from \(date).")
        }
        let frames = content.upload.inspection.frames
        if frames > 1 {
            sentences.append("The file holds \(frames) pictures, and this is number \(content.analysis.frame + 1).")
        }
        if let changed = content.analysis.adjustment.words {
            sentences.append("Before that, it was changed as asked: \(changed).")
        }
        var blocks: [ReportDocument.Block] = [
            PatientHeading.picture.block, .figures([shared.picture]),
            .paragraph(sentences.joined(separator: " ")),
        ]
        if !facts.quality.isEmpty {
            blocks.append(.heading(level: 3, ReportPhrases.quality))
            blocks.append(.list(facts.quality.map(\.text)))
        }
        if facts.comparison.isEmpty {
            blocks.append(.paragraph(ReportPhrases.noEarlierPicture))
        } else {
            blocks.append(.heading(level: 3, "Earlier pictures"))
            blocks.append(.list(facts.comparison.map { "Earlier picture: \($0.when)" }))
            blocks.append(
                .paragraph(
                    "The program looks at each picture by itself. A change in a number does not show that something in the chest changed. A doctor can compare the pictures."
                ))
        }
        return blocks
    }

    private var direction: String {
        guard let projection = facts.projection else { return "From which side it was taken is not known." }
        let side = projection.value == "AP" ? "the front" : projection.value == "PA" ? "the back" : projection.value
        switch projection.source {
        case .header: return "The file says that it was taken from \(side)."
        case .model: return "The program thinks that it was taken from \(side)."
        }
    }

    // MARK: - Findings

    private var marked: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [PatientHeading.marked.block]
        if let reading = facts.reading {
            blocks.append(
                .notice(
                    title: ReportPhrases.looked,
                    text:
                        "\(ReportPhrases.countsMore) Ask about it. It stands in the page for clinicians. Name: \(SafeText.line(reading.clinician, atMost: 120)).",
                    tone: .information))
        }
        if facts.findings.isEmpty {
            blocks.append(.paragraph(facts.scope.statement))
            blocks.append(.paragraph("So it gave no number for this picture. \(ReportPhrases.rulesNothingOut)"))
        } else if facts.marked.isEmpty {
            blocks.append(.paragraph("The program marked no finding. \(ReportPhrases.rulesNothingOut)"))
        } else {
            blocks.append(
                .paragraph(
                    "A mark says that a number reached a set line. It is not a diagnosis, and it is often a false alarm. Only a doctor can tell."
                ))
            for (index, finding) in facts.marked.enumerated() {
                blocks += explained(finding, isLong: index < Self.mostExplained)
            }
        }
        return blocks + facts.scope.notes.map { .note($0) }
    }

    private func explained(_ finding: ReportFacts.Finding, isLong: Bool) -> [ReportDocument.Block] {
        let plain = SafeText.line(finding.plain)
        let numbers =
            "Its number is \(ReportNumbers.percent(finding.probability)), and its line is \(ReportNumbers.percent(finding.threshold))."
        var blocks: [ReportDocument.Block] = [
            .heading(level: 3, ReportPhrases.name(finding.name)),
            .paragraph("The program marked \(ReportPhrases.quoted(finding.name)). \(numbers)"),
            .paragraph(Self.frequency(finding.frequency)),
        ]
        guard isLong else { return blocks + (plain.isEmpty ? [] : [.paragraph(ReportPhrases.sentence(plain))]) }
        if let known = Knowledge.finding(finding.id) {
            blocks.append(.paragraph(ReportPhrases.wordMeans + prepared(known.what)))
            blocks.append(.paragraph(ReportPhrases.markMeansNot + prepared(known.notMeaning)))
        } else {
            let meaning = [plain, SafeText.line(finding.means)].filter { !$0.isEmpty }.map(ReportPhrases.sentence)
            if !meaning.isEmpty {
                blocks.append(.paragraph(ReportPhrases.wordMeans + meaning.joined(separator: " ")))
            }
            blocks.append(.paragraph(ReportPhrases.markMeansNot + "it does not say that anything is ill."))
        }
        return blocks
    }

    private static func frequency(_ frequency: Frequency?) -> String {
        guard let frequency else { return "How often such a number is right was not measured." }
        return NumberWords.frequency(frequency)
    }

    /// Sentences of the library. What it says of the model that comes with Lightbox is left out for any other.
    private func prepared(_ sentences: [AnswerSentence]) -> String {
        kept(sentences).map { SafeText.withoutBold($0.text) }.joined(separator: " ")
    }

    private func kept(_ sentences: [AnswerSentence]) -> [AnswerSentence] {
        content.result.model.id == "chest-xray"
            ? sentences : sentences.filter { !$0.evidence.contains { $0.kind == .program && $0.id == "model-card" } }
    }

    private var unmarked: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [PatientHeading.unmarked.block]
        if facts.unmarked.isEmpty {
            blocks.append(
                .paragraph(
                    facts.findings.isEmpty
                        ? "The program gave no numbers here." : "It marked all that it looks for."))
        } else {
            blocks.append(.paragraph("These numbers stayed below their line:"))
            blocks.append(
                .list(
                    facts.unmarked.map { finding in
                        let plain = SafeText.line(finding.plain)
                        let missed = NumberWords.missed(finding.measured).map { " \($0)" } ?? ""
                        return "Not marked: \(ReportPhrases.quoted(finding.name))"
                            + (plain.isEmpty ? "." : ". \(ReportPhrases.sentence(plain))") + missed
                    }))
        }
        blocks.append(
            .paragraph(
                "\(ReportPhrases.notMarkedMeans) The program misses things. If something feels wrong, ask a doctor, whatever stands here."
            ))
        return blocks
    }

    private var unseen: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [PatientHeading.unseen.block]
        if !facts.withheldFindings.isEmpty {
            blocks.append(.heading(level: 3, ReportPhrases.withheldFindings))
            blocks.append(
                .list(facts.withheldFindings.map { "\(ReportPhrases.quoted($0.name)): \(SafeText.line($0.why))" }))
        }
        blocks.append(.heading(level: 3, ReportPhrases.notLookedFor))
        if !facts.notChecked.isEmpty { blocks.append(.list(facts.notChecked.map(ReportPhrases.sentence))) }
        blocks.append(
            .paragraph(
                "This list is not complete. Some illnesses of the chest don't show in an X-ray at all. Ask a doctor to look at the whole picture."
            ))
        return blocks
    }

    // MARK: - The record

    /// What matters most of the history; the rest stands in the page for clinicians.
    private static let recordQuestions = [
        "age", "sex", "reason", "symptoms", "red-flags", "conditions", "medication-status", "medication",
        "allergy-status", "allergies", "smoking", "pregnancy",
    ]
    /// Most characters of one answer.
    private static let longestAnswer = 400

    private var record: [ReportDocument.Block] {
        let pairs = Self.recordQuestions.compactMap { id -> ReportDocument.KeyValue? in
            guard let question = content.questionnaire.question(id), let answer = content.answers[id] else {
                return nil
            }
            let mark = content.withheld.contains(id) ? ReportPhrases.withheldMark : ""
            let words = SafeText.cleaned(question.words(for: answer))
            return .init(
                question.label + mark,
                words.count > Self.longestAnswer ? words.prefix(Self.longestAnswer) + "…" : words)
        }
        var blocks: [ReportDocument.Block] = [PatientHeading.record.block]
        blocks.append(
            .paragraph(
                pairs.isEmpty
                    ? "No history was given." : "This is the most of what was told. Nobody has checked it."))
        if !pairs.isEmpty { blocks.append(.keyValues(pairs)) }
        if !facts.withheldAnswers.isEmpty {
            blocks.append(.heading(level: 3, ReportPhrases.withheldAnswers))
            blocks.append(.list(facts.withheldAnswers.map(\.label)))
        }
        blocks.append(.paragraph("Is something wrong or missing? Tell the doctor, and make a new report."))
        return blocks
    }

    private var questions: [ReportDocument.Block] {
        // The number for any of them asks nothing that the general questions don't.
        let findings = facts.marked.filter { $0.id != "any-finding" }.prefix(Self.mostOwnQuestions)
        let each = Self.mostOwnQuestions / max(1, findings.count)
        let own = findings.flatMap { finding in
            (Knowledge.finding(finding.id)?.questions ?? []).prefix(each).map {
                "\(ReportPhrases.name(finding.name)): \($0)"
            }
        }
        let general = Knowledge.general(.doctorQuestions).filter { $0.layout == .item }.map(\.text)
        return [PatientHeading.questions.block, .paragraph("These questions may help. Take this page along.")]
            + [.list(Array((own.prefix(Self.mostOwnQuestions) + general).prefix(Self.mostQuestions)))]
    }

    // MARK: - How far to trust it

    private var certainty: [ReportDocument.Block] {
        let measured = facts.marked.compactMap { finding -> String? in
            guard let sensitivity = finding.measured.sensitivity, let specificity = finding.measured.specificity else {
                return nil
            }
            return
                "\(ReportPhrases.name(finding.name)): of 100 validation pictures with it, about \(Self.hundred(sensitivity)) were marked. Of 100 without it, about \(Self.hundred(1 - specificity)) were marked too."
        }
        return [
            PatientHeading.certainty.block,
            .paragraph(
                "Not very sure. The program misses things, and it raises false alarms. A number close to its line, on either side, says little. On other machines and in other people it can be worse."
            ), .paragraph(NumberWords.meaning), .paragraph(NumberWords.validation),
        ] + (measured.isEmpty ? [] : [.list(measured)])
    }

    private static func hundred(_ share: Double) -> Int { Int((share * 100).rounded()) }

    private var signs: [ReportDocument.Block] {
        [PatientHeading.signs.block, .paragraph("The emergency number here is \(content.emergencyNumber).")]
            + SharedParts.blocks(
                of: facts.isChild ? Knowledge.childWarningSigns : Knowledge.general(.warningSigns))
    }

    private var makers: [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = [
            PatientHeading.makers.block,
            .paragraph(
                "A computer program made this page. It is for research and for learning. It is not an approved medical device. It gives no diagnosis and rules nothing out. Nobody should be treated, or left without care, because of it."
            ),
        ]
        blocks.append(
            .keyValues([
                .init("Who is responsible", shared.responsible),
                .init("Model", "\(content.result.model.title), version \(content.result.model.version)"),
                .init("Software", "Lightbox \(content.sources.softwareVersion)"),
                .init("Made", ReportNumbers.time(content.createdAt)),
            ]))
        return blocks
    }

    private var check: [ReportDocument.Block] {
        [
            PatientHeading.check.block,
            .paragraph(
                "This file has a seal. If a part of it is changed, the seal no longer fits. Whoever has Lightbox can check it without the internet. The command is “lightbox report verify”, and then the name of the file."
            ),
        ] + (shared.code.map { [.code($0)] } ?? [])
            + [.keyValues([.init("Report", "\(content.id)"), .init("Picture, SHA-256", content.sources.picture)])]
    }
}
