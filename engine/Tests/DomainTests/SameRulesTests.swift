import Foundation
import Testing

@testable import Domain

/// Rules that the page knows too: both sides are held against one table, and the page against the questionnaire as it is
/// served.
@Suite("The same rules on both sides")
struct SameRulesTests {
    struct Table: Decodable {
        struct Answer: Decodable {
            var question: String
            var typed: String
            var kept: Double?
        }

        struct Day: Decodable {
            var date: String
            var ahead: Bool
            var taken: Bool
        }

        struct Asked: Decodable {
            var answers: Answers
            var asked: [String]
            var notAsked: [String]
        }

        var today: String
        var answers: [Answer]
        var dates: [Day]
        var asked: [Asked]
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data")

    static func table() throws -> Table {
        try JSONDecoder().decode(Table.self, from: Data(contentsOf: folder.appending(path: "same-rules.json")))
    }

    @Test("Numbers are kept or refused")
    func numbers() throws {
        let table = try Self.table()
        let today = try #require(PartialDate(table.today))
        for row in table.answers {
            let typed = try #require(Double(row.typed.trimmingCharacters(in: .whitespaces)))
            let answers = try? Questionnaire.intake.merging([row.question: .number(typed)], into: [:], today: today)
            #expect(answers?[row.question] == row.kept.map(Answer.number), "\(row)")
        }
    }

    @Test("Dates are taken or refused")
    func dates() throws {
        let table = try Self.table()
        let today = try #require(PartialDate(table.today))
        for row in table.dates {
            let patch: [String: Answer?] =
                row.ahead
                ? ["medication": .rows([["name": .text("x"), "stopped": .text(row.date)]])]
                : ["birth-date": .text(row.date)]
            let isTaken = (try? Questionnaire.intake.merging(patch, into: [:], today: today)) != nil
            #expect(isTaken == row.taken, "\(row)")
        }
    }

    @Test("Questions are asked or not")
    func asked() throws {
        let form = Questionnaire.intake
        for row in try Self.table().asked {
            for (ids, expected) in [(row.asked, true), (row.notAsked, false)] {
                for id in ids {
                    let question = try #require(form.question(id), "\(id)")
                    #expect(form.isAsked(question, given: row.answers) == expected, "\(id) \(row)")
                }
            }
        }
    }

    /// To write it anew: LIGHTBOX_WRITE_GOLDEN=1 swift test --filter SameRulesTests
    @Test("The questionnaire that the page is tested with is the one that is served")
    func golden() throws {
        let file = Self.folder.appending(path: "questionnaire.json")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let served = String(decoding: try encoder.encode(FHIRQuestionnaire(.intake)), as: UTF8.self) + "\n"
        if ProcessInfo.processInfo.environment["LIGHTBOX_WRITE_GOLDEN"] != nil {
            try Data(served.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == served)
    }
}
