import Foundation
import Observability
import Testing

@Suite("A file of rules for alerts")
struct AlertRuleFileTests {
    private static let good =
        #"{"id":"a-1","signal":"memory","comparison":"above","threshold":1.5,"for":0,"severity":"warning","text":"T.","repeat":60}"#

    private static func mistakes(_ json: String) -> [String] {
        do throws(AlertRuleMistakes) {
            _ = try AlertRule.list(from: Data(json.utf8))
            return []
        } catch {
            return error.mistakes
        }
    }

    @Test("What the program prints can be read again")
    func printed() throws {
        let data = try JSONEncoder().encode(AlertRule.standard)
        #expect(try AlertRule.list(from: data) == AlertRule.standard)
        #expect(
            try AlertRule.list(from: Data("[\(Self.good)]".utf8)) == [
                AlertRule("a-1", .memory, .above, 1.5, for: 0, .warning, "T.", repeat: 60)
            ])
        #expect(try AlertRule.list(from: Data("[]".utf8)).isEmpty)
    }

    @Test(
        "A mistake is told with its rule and its field",
        arguments: [
            (#""memory""#, #""mood""#, "signal: “mood” is not one of error-ratio, queue-age"),
            (#""above""#, #"">""#, "comparison: “>” is not one of above, below"),
            (#""warning""#, #""loud""#, "severity: “loud” is not one of warning, critical"),
            ("1.5", #""1.5""#, "threshold: must be a number"), ("1.5", "true", "threshold: must be a number"),
            ("1.5", "null", "threshold: must be a number"),
            (#""threshold":1.5,"#, "", "threshold: is missing"),
            (#""for":0"#, #""for":-5"#, "for: must be 0 or more, not -5.0"),
            (#""repeat":60"#, #""repeat":59.5"#, "repeat: must be 60 or more, not 59.5"),
            (#""T.""#, #""""#, "text: must be one line of 1 to 300 characters"),
            (#""T.""#, #""a\nb""#, "text: must be one line"),
            (#""T.""#, #"["T."]"#, "text: must be text"),
            (#""for":0"#, #""for":0,"silence":3"#, "silence: there is no such field"),
        ])
    func one(field: String, replaced: String, told: String) throws {
        let mistakes = Self.mistakes("[\(Self.good.replacing(field, with: replaced))]")
        #expect(mistakes.count == 1)
        #expect(try #require(mistakes.first).hasPrefix("rule 1 (“a-1”): \(told)"))
    }

    @Test("All mistakes are told together; a rule without an id is told by its place")
    func all() {
        let second = Self.good.replacing(#""id":"a-1","#, with: "").replacing("60", with: "1")
        let third = Self.good.replacing("a-1", with: "A b")
        #expect(
            Self.mistakes("[\(Self.good),\(second),\(third),\(Self.good)]") == [
                "rule 2: id: is missing", "rule 2: repeat: must be 60 or more, not 1.0",
                "rule 3 (“A b”): id: may hold a-z, 0-9 and - only, at most 60",
                "rule 4 (“a-1”): id: another rule has the same",
            ])
    }

    @Test("What is no list of rules is told as that", arguments: ["", "{", "{}", "[1]", "[[]]", "null"])
    func nothing(json: String) {
        #expect(Self.mistakes(json) == ["is not a list of rules in JSON"])
    }
}
