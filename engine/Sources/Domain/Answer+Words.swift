extension Questionnaire.Question {
    /// An answer in words; a list of rows has one line each.
    public func words(for answer: Answer) -> String {
        func display(_ code: String, among options: [Questionnaire.Option]) -> String {
            options.first { $0.code == code }?.display ?? code
        }
        switch (kind, answer) {
        case (.choice(let options), .text(let code)): return display(code, among: options)
        case (.choices(let options), .codes(let codes)):
            return codes.map { display($0, among: options) }.joined(separator: ", ")
        case (.integer(_, let unit), .number(let value)):
            return Answer.plain(value) + (unit.map { " " + $0.display } ?? "")
        case (.decimal(_, let unit), .number(let value)): return "\(Answer.plain(value)) \(unit.display)"
        case (.rows(let columns, _), .rows(let rows)):
            return rows.map { row in
                let cells = columns.enumerated().compactMap { number, column in
                    row[column.id].map {
                        number == 0 ? column.words(for: $0) : "\(column.label.lowercased()): \(column.words(for: $0))"
                    }
                }
                return cells.joined(separator: "; ")
            }.joined(separator: "\n")
        case (_, .text(let text)): return text
        case (_, .number(let value)): return Answer.plain(value)
        case (_, .boolean(let value)): return value ? "Yes" : "No"
        case (_, .codes(let codes)): return codes.joined(separator: ", ")
        case (_, .rows): return ""
        }
    }
}

extension Questionnaire {
    /// Packs of twenty cigarettes a day, times years; nil where one of the two isn't known.
    ///
    /// Source: NCI Dictionary of Cancer Terms, "pack year".
    public func packYears(_ answers: Answers) -> Double? {
        let counting = counting(answers)
        guard let cigarettes = counting["cigarettes"]?.asNumber, let years = counting["smoking-years"]?.asNumber
        else { return nil }
        return (cigarettes / 20 * years * 10).rounded() / 10
    }
}
