import Foundation

/// Brings answers into their canonical form, and collects what is wrong with them.
struct AnswerCheck {
    let today: PartialDate
    private(set) var faults: [FieldFault] = []

    init(today: PartialDate) {
        self.today = today
    }

    /// - Parameter path: where the answer stands in the request.
    /// - Returns: the answer in its canonical form; nil if it says nothing or is wrong.
    mutating func canonical(_ answer: Answer, to question: Questionnaire.Question, at path: [String]) -> Answer? {
        do throws(Mistake) {
            switch (question.kind, answer) {
            case (.rows(let questions, let most), .rows(let rows)):
                guard rows.count <= most else {
                    throw Mistake(.tooMany, "Enter at most \(most); these are \(rows.count).")
                }
                return self.rows(rows, of: questions, at: path)
            case (.rows, .codes(let none)) where none.isEmpty:
                return nil
            default:
                return try single(answer, to: question.kind)
            }
        } catch {
            faults.append(FieldFault(pointer: FieldFault.pointer(path), code: error.code, detail: error.detail))
            return nil
        }
    }

    /// Rows that say nothing are dropped.
    private mutating func rows(
        _ rows: [Answers], of questions: [Questionnaire.Question], at path: [String]
    ) -> Answer? {
        var kept: [Answers] = []
        for (number, row) in rows.enumerated() {
            var canonical: Answers = [:]
            for (id, answer) in row.sorted(by: { $0.key < $1.key }) {
                let place = path + [String(number), String(id.prefix(64))]
                guard let question = questions.first(where: { $0.id == id }) else {
                    let pointer = FieldFault.pointer(place)
                    faults.append(
                        FieldFault(
                            pointer: pointer, code: .unknownField, detail: "There is no question with this name."))
                    continue
                }
                canonical[id] = self.canonical(answer, to: question, at: place)
            }
            if !canonical.isEmpty { kept.append(canonical) }
        }
        return kept.isEmpty ? nil : .rows(kept)
    }

    // MARK: - One answer

    private struct Mistake: Error {
        var code: FieldFault.Code
        var detail: String

        init(_ code: FieldFault.Code, _ detail: String) {
            self.code = code
            self.detail = detail
        }
    }

    private func single(_ answer: Answer, to kind: Questionnaire.Kind) throws(Mistake) -> Answer? {
        switch (kind, answer) {
        case (.integer(let range, _), .number(let value)):
            guard let whole = Int(exactly: value) else { throw Mistake(.wrongType, "Enter a whole number.") }
            guard range.contains(whole) else {
                throw Mistake(.outOfRange, "Enter a number from \(range.lowerBound) to \(range.upperBound).")
            }
            return answer
        case (.decimal(let range, _), .number(let value)):
            guard value.isFinite else { throw Mistake(.wrongType, "Enter a number.") }
            let rounded = (value * 10).rounded() / 10
            guard range.contains(rounded) else {
                let (low, high) = (Answer.plain(range.lowerBound), Answer.plain(range.upperBound))
                throw Mistake(.outOfRange, "Enter a number from \(low) to \(high).")
            }
            return .number(rounded)
        case (.string(let longest, _), .text(let value)):
            return try text(value, longest: longest, lines: false)
        case (.text(let longest), .text(let value)):
            return try text(value, longest: longest, lines: true)
        case (.boolean, .boolean):
            return answer
        case (.date(let mayLieAhead), .text(let value)):
            guard let date = PartialDate(value) else { throw Mistake(.notADate, Self.dateHint) }
            guard date.year >= 1850 else { throw Mistake(.outOfRange, "Enter a year from 1850 on.") }
            guard mayLieAhead || !date.isSurely(after: today) else {
                throw Mistake(.inTheFuture, "Enter a date that is not in the future.")
            }
            return answer
        case (.choice(let options), .text(let value)):
            guard options.contains(where: { $0.code == value }) else {
                throw Mistake(.notAnOption, "Choose one of: \(options.map(\.display).joined(separator: ", ")).")
            }
            return answer
        case (.choices(let options), .codes(let values)):
            return try choices(values, of: options)
        default:
            throw Mistake(.wrongType, Self.expectation(of: kind))
        }
    }

    private func choices(_ values: [String], of options: [Questionnaire.Option]) throws(Mistake) -> Answer? {
        guard values.allSatisfy({ value in options.contains { $0.code == value } }) else {
            throw Mistake(.notAnOption, "Choose from: \(options.map(\.display).joined(separator: ", ")).")
        }
        let chosen = options.filter { values.contains($0.code) }
        if chosen.count > 1, let alone = chosen.first(where: \.isExclusive) {
            throw Mistake(.contradiction, "“\(alone.display)” can't be chosen together with others.")
        }
        return chosen.isEmpty ? nil : .codes(chosen.map(\.code))
    }

    private func text(_ value: String, longest: Int, lines: Bool) throws(Mistake) -> Answer? {
        let canonical = value.replacing("\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
        guard canonical.count <= longest else {
            throw Mistake(.tooLong, "Enter at most \(longest) characters; this has \(canonical.count).")
        }
        // One character can be a letter under thousands of accents.
        guard canonical.unicodeScalars.count <= 4 * longest else {
            throw Mistake(.tooLong, "Enter less: the text has too many combined signs.")
        }
        let forbidden = canonical.unicodeScalars.contains { scalar in
            Self.isForbidden(scalar) && !(lines && (scalar == "\n" || scalar == "\t"))
        }
        guard !forbidden else {
            throw Mistake(
                .forbiddenCharacter,
                lines ? "Remove the control characters." : "Remove the line breaks and control characters.")
        }
        return canonical.isEmpty ? nil : .text(canonical)
    }

    /// Control characters, and those that turn the direction of what follows, which can make a text read as another.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: scalar.properties.generalCategory == .control
        }
    }

    private static let dateHint =
        "Enter a year, a month or a day that exists: for example 2026, 2026-03 or 2026-03-31."

    private static func expectation(of kind: Questionnaire.Kind) -> String {
        switch kind {
        case .integer, .decimal: "Enter a number."
        case .string, .text: "Enter text."
        case .boolean: "Choose yes or no."
        case .date: dateHint
        case .choice: "Choose one of the options."
        case .choices: "Choose any of the options."
        case .rows: "Enter a list of rows."
        }
    }
}
