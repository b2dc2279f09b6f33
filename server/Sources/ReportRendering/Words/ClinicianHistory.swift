import Domain
import Foundation
import ReportDocuments
import Workflows

/// Why the picture was taken, and what is known of the person: allergies, medication and illnesses first.
struct ClinicianHistory {
    let content: ReportContent
    let facts: ReportFacts

    private static let indication = "visit"
    /// The warning signs stand with the urgency.
    private static let elsewhere = "now"
    /// Topics that are always named, told or not.
    private static let first = ["reactions", "medicines", "past"]

    private var topics: [Questionnaire.Topic] { content.questionnaire.topics }

    var blocks: [ReportDocument.Block] {
        let indication = topics.first { $0.id == Self.indication }.map(pairs(of:)) ?? []
        return [ClinicianHeading.indication.block]
            + [indication.isEmpty ? .paragraph("Not told.") : .keyValues(indication)]
            + [ClinicianHeading.history.block] + history
    }

    private var history: [ReportDocument.Block] {
        let first = Self.first.compactMap { id in topics.first { $0.id == id } }
        let others = topics.filter {
            !Self.first.contains($0.id) && $0.id != Self.indication && $0.id != Self.elsewhere
        }
        var blocks: [ReportDocument.Block] = []
        if content.answers.isEmpty { blocks.append(.paragraph("No history was given.")) }
        for topic in first {
            blocks.append(.heading(level: 3, topic.title))
            let pairs = pairs(of: topic)
            blocks.append(pairs.isEmpty ? .paragraph("Not told.") : .keyValues(pairs))
        }
        var untold: [String] = []
        for topic in others {
            var pairs = pairs(of: topic)
            if topic.questions.contains(where: { $0.id == "smoking-years" }),
                let years = content.questionnaire.packYears(content.answers)
            {
                pairs.append(.init("Pack-years", String(format: "%.1f, computed", years)))
            }
            guard !pairs.isEmpty else {
                untold.append(topic.title)
                continue
            }
            blocks.append(.heading(level: 3, topic.title))
            blocks.append(.keyValues(pairs))
        }
        if !untold.isEmpty { blocks.append(.note("Not told: \(untold.joined(separator: "; ")).")) }
        return blocks
    }

    /// The answers of a topic; the mark of a withheld one stands in its key, because anything can stand in an answer.
    private func pairs(of topic: Questionnaire.Topic) -> [ReportDocument.KeyValue] {
        topic.questions.compactMap { question in
            let isWithheld = content.withheld.contains(question.id)
            let mark = isWithheld ? ReportPhrases.withheldMark : ""
            guard let answer = content.answers[question.id] else {
                return isWithheld ? .init(question.label + mark, "Not told") : nil
            }
            return .init(question.label + mark, question.words(for: answer))
        }
    }
}
