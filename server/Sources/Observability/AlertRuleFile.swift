public import Foundation

/// What is wrong with a file of rules, each with its rule and its field.
public struct AlertRuleMistakes: Error, Equatable {
    public let mistakes: [String]
}

extension AlertRule {
    /// Reads a list of rules, as `lightbox metrics --alerts` prints it.
    ///
    /// - Throws: all mistakes together.
    public static func list(from json: Data) throws(AlertRuleMistakes) -> [AlertRule] {
        guard let objects = try? JSONDecoder().decode([[String: Value]].self, from: json) else {
            throw AlertRuleMistakes(mistakes: ["is not a list of rules in JSON"])
        }
        var mistakes: [String] = []
        var rules: [AlertRule] = []
        var ids: Set<String> = []
        for (index, object) in objects.enumerated() {
            var reader = Reader(object, "rule \(index + 1)")
            let rule = reader.rule()
            if let rule, !ids.insert(rule.id).inserted { reader.note("id", "another rule has the same") }
            mistakes += reader.mistakes
            if let rule { rules.append(rule) }
        }
        guard mistakes.isEmpty else { throw AlertRuleMistakes(mistakes: mistakes) }
        return rules
    }

    private enum Value: Decodable {
        case text(String)
        case number(Double)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self), number.isFinite {
                self = .number(number)
            } else {
                self = .other
            }
        }
    }

    /// Takes one rule apart, and remembers everything that is wrong with it.
    private struct Reader {
        private let object: [String: Value]
        private let name: String
        private(set) var mistakes: [String] = []

        init(_ object: [String: Value], _ name: String) {
            self.object = object
            if case .text(let id) = object["id"] {
                self.name = "\(name) (“\(id.prefix(60))”)"
            } else {
                self.name = name
            }
        }

        mutating func note(_ field: String, _ trouble: String) { mistakes.append("\(name): \(field): \(trouble)") }

        /// - Returns: nil if something is missing or can't be meant.
        mutating func rule() -> AlertRule? {
            let id = text("id")
            if let id, id.wholeMatch(of: /[a-z0-9-]{1,60}/) == nil {
                note("id", "may hold a-z, 0-9 and - only, at most 60")
            }
            let signal = choice("signal", AlertSignal.self)
            let comparison = choice("comparison", Comparison.self)
            let threshold = number("threshold")
            let duration = number("for", least: 0)
            let severity = choice("severity", Severity.self)
            let words = text("text")
            if let words, words.isEmpty || words.count > 300 || words.contains(where: \.isNewline) {
                note("text", "must be one line of 1 to 300 characters")
            }
            let interval = number("repeat", least: 60)
            let known = ["id", "signal", "comparison", "threshold", "for", "severity", "text", "repeat"]
            for field in object.keys.sorted() where !known.contains(field) {
                note(String(field.prefix(60)), "there is no such field")
            }
            guard let id, let signal, let comparison, let threshold, let duration, let severity, let words,
                let interval
            else { return nil }
            return AlertRule(id, signal, comparison, threshold, for: duration, severity, words, repeat: interval)
        }

        private mutating func text(_ field: String) -> String? {
            switch object[field] {
            case .text(let text): return text
            case nil: note(field, "is missing")
            default: note(field, "must be text")
            }
            return nil
        }

        private mutating func number(_ field: String, least: Double = -.infinity) -> Double? {
            switch object[field] {
            case .number(let number) where number >= least: return number
            case .number(let number): note(field, "must be \(Int(least)) or more, not \(number)")
            case nil: note(field, "is missing")
            default: note(field, "must be a number")
            }
            return nil
        }

        private mutating func choice<Choice: RawRepresentable & CaseIterable>(
            _ field: String, _ type: Choice.Type
        ) -> Choice? where Choice.RawValue == String {
            guard let text = text(field) else { return nil }
            if let choice = Choice(rawValue: text) { return choice }
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            note(field, "“\(text.prefix(60))” is not one of \(all)")
            return nil
        }
    }
}
