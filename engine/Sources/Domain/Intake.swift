public import Foundation

/// The history of one session: the answers that were saved, valid each by itself.
public struct Intake: Sendable, Equatable {
    public var answers: Answers
    /// Counts the changes; 0 before the first.
    public var revision: Int
    public var updatedAt: Date

    public init(answers: Answers = [:], revision: Int = 0, updatedAt: Date) {
        self.answers = answers
        self.revision = revision
        self.updatedAt = updatedAt
    }
}

extension Questionnaire {
    /// Whether a question is asked, given the answers so far. A condition on a question without an answer doesn't hold
    /// (FHIR R4, Questionnaire.item.enableWhen).
    public func isAsked(_ question: Question, given answers: Answers) -> Bool {
        question.askedWhen.allSatisfy { condition in
            switch condition {
            case .equals(let id, let code): answers[id].map { $0.contains(code) } ?? false
            case .differs(let id, let code): answers[id].map { !$0.contains(code) } ?? false
            case .atLeast(let id, let limit): answers[id]?.asNumber.map { $0 >= Double(limit) } ?? false
            case .atMost(let id, let limit): answers[id]?.asNumber.map { $0 <= Double(limit) } ?? false
            }
        }
    }

    /// The answers that count: those to questions that are asked.
    public func counting(_ answers: Answers) -> Answers {
        answers.filter { id, _ in question(id).map { isAsked($0, given: answers) } ?? false }
    }

    /// Required questions that are asked and have no answer, in order.
    public func missing(_ answers: Answers) -> [String] {
        questions.filter { $0.isRequired && isAsked($0, given: answers) && answers[$0.id] == nil }.map(\.id)
    }

    /// Applies a merge patch (RFC 7396): a value replaces, `nil` removes. All or nothing.
    ///
    /// - Returns: the new answers, in their canonical form (text trimmed, an empty text removed).
    /// - Throws: ``ValidationFault`` with one entry for each bad field.
    public func merging(_ patch: [String: Answer?], into answers: Answers) throws(ValidationFault) -> Answers {
        var merged = answers
        var faults: [FieldFault] = []
        for (id, answer) in patch.sorted(by: { $0.key < $1.key }) {
            guard let question = question(id) else {
                let pointer = FieldFault.pointer("answers", String(id.prefix(64)))
                faults.append(
                    FieldFault(pointer: pointer, code: .unknownField, detail: "There is no question with this name."))
                continue
            }
            guard let answer else {
                merged[id] = nil
                continue
            }
            do throws(FieldFault) {
                merged[id] = try question.canonical(answer)
            } catch {
                faults.append(error)
            }
        }
        guard faults.isEmpty else { throw ValidationFault(faults) }
        return merged
    }
}

/// All the bad fields of one request.
public struct ValidationFault: Error, Sendable, Equatable {
    public var faults: [FieldFault]

    public init(_ faults: [FieldFault]) {
        self.faults = faults
    }
}

extension Answer {
    var asNumber: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    func contains(_ code: String) -> Bool {
        switch self {
        case .text(let value): value == code
        case .codes(let values): values.contains(code)
        case .boolean(let value): String(value) == code
        case .number: false
        }
    }
}

extension Questionnaire.Question {
    /// The answer in its canonical form, or nil if it says nothing.
    func canonical(_ answer: Answer) throws(FieldFault) -> Answer? {
        switch (kind, answer) {
        case (.integer(let range, _), .number(let value)):
            guard let whole = Int(exactly: value) else { throw fault(.wrongType, "Enter a whole number.") }
            guard range.contains(whole) else {
                throw fault(.outOfRange, "Enter a number from \(range.lowerBound) to \(range.upperBound).")
            }
            return .number(value)
        case (.string(let longest), .text(let value)):
            return try text(value, longest: longest, lines: false)
        case (.text(let longest), .text(let value)):
            return try text(value, longest: longest, lines: true)
        case (.boolean, .boolean):
            return answer
        case (.date, .text(let value)):
            guard CalendarDate(value) != nil else {
                throw fault(.notADate, "Enter a date as year, month and day: for example 2026-03-31.")
            }
            return answer
        case (.choice(let options), .text(let value)):
            guard options.contains(where: { $0.code == value }) else {
                throw fault(.notAnOption, "Choose one of: \(options.map(\.display).joined(separator: ", ")).")
            }
            return answer
        case (.choices(let options), .codes(let values)):
            guard values.allSatisfy({ value in options.contains { $0.code == value } }) else {
                throw fault(.notAnOption, "Choose from: \(options.map(\.display).joined(separator: ", ")).")
            }
            let chosen = options.map(\.code).filter(values.contains)
            return chosen.isEmpty ? nil : .codes(chosen)
        default:
            throw fault(.wrongType, expectation)
        }
    }

    private var expectation: String {
        switch kind {
        case .integer: "Enter a number."
        case .string, .text: "Enter text."
        case .boolean: "Choose yes or no."
        case .date: "Enter a date as year, month and day: for example 2026-03-31."
        case .choice: "Choose one of the options."
        case .choices: "Choose any of the options."
        }
    }

    private func fault(_ code: FieldFault.Code, _ detail: String) -> FieldFault {
        FieldFault(pointer: FieldFault.pointer("answers", id), code: code, detail: detail)
    }

    private func text(_ value: String, longest: Int, lines: Bool) throws(FieldFault) -> Answer? {
        let canonical = value.replacing("\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
        guard canonical.count <= longest else {
            throw fault(.tooLong, "Enter at most \(longest) characters; this has \(canonical.count).")
        }
        let forbidden = canonical.unicodeScalars.contains { scalar in
            scalar.properties.generalCategory == .control && !(lines && (scalar == "\n" || scalar == "\t"))
        }
        guard !forbidden else {
            throw fault(
                .forbiddenCharacter,
                lines ? "Remove the control characters." : "Remove the line breaks and control characters.")
        }
        return canonical.isEmpty ? nil : .text(canonical)
    }
}

/// A day of the Gregorian calendar, written `YYYY-MM-DD` (ISO 8601).
public struct CalendarDate: Sendable, Equatable, Comparable {
    public let year: Int
    public let month: Int
    public let day: Int

    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            year >= 1, (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
