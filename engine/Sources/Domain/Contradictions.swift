extension Questionnaire {
    /// Answers that can't be true together, each by itself a good one. They are kept, and shown to be mended.
    ///
    /// - Parameter answers: in their canonical form.
    public func contradictions(in answers: Answers, today: PartialDate) -> [FieldFault] {
        var check = ContradictionCheck(answers: answers, today: today)
        check.run()
        return check.faults
    }
}

private struct ContradictionCheck {
    let answers: Answers
    let today: PartialDate
    var faults: [FieldFault] = []

    mutating func run() {
        person()
        yearsWithinLife()
        datesWithinLife()
        medication()
        statedAndListed()
        measurements()
    }

    private mutating func add(_ path: [String], _ detail: String) {
        faults.append(
            FieldFault(pointer: FieldFault.pointer(["answers"] + path), code: .contradiction, detail: detail))
    }

    private func number(_ id: String) -> Double? { answers[id]?.asNumber }
    private func date(_ id: String) -> PartialDate? { answers[id]?.asText.flatMap(PartialDate.init) }
    private func rows(_ id: String) -> [Answers] {
        if case .rows(let rows)? = answers[id] { rows } else { [] }
    }

    private mutating func person() {
        if let age = number("age"), let birth = date("birth-date"), let ages = birth.age(on: today),
            !ages.contains(Int(age))
        {
            let fitting =
                ages.lowerBound == ages.upperBound ? "\(ages.lowerBound)" : "\(ages.lowerBound) or \(ages.upperBound)"
            add(["age"], "The date of birth makes it \(fitting) years.")
        }
        if answers["sex"] == .text("male"),
            let pregnancy = answers["pregnancy"], pregnancy == .text("yes") || pregnancy == .text("possible")
        {
            add(["pregnancy"], "The sex at birth is given as male.")
        }
    }

    private mutating func yearsWithinLife() {
        guard let age = number("age") else { return }
        for id in ["smoking-years", "asbestos-years"] {
            if let years = number(id), years > age { add([id], "That is longer than the age of \(Int(age)) years.") }
        }
    }

    private mutating func datesWithinLife() {
        guard let birth = date("birth-date") else { return }
        func isBeforeBirth(_ answer: Answer?) -> Bool {
            answer?.asText.flatMap(PartialDate.init).map { birth.isSurely(after: $0) } ?? false
        }
        let detail = "That is before the date of birth, \(birth)."
        for id in ["smoking-stopped", "last-period"] where isBeforeBirth(answers[id]) { add([id], detail) }
        let listed = [
            ("conditions", "since"), ("operations", "date"), ("medication", "started"), ("medication", "stopped"),
            ("earlier-pictures", "date"), ("hospital-stays", "date"),
        ]
        for (list, column) in listed {
            for (index, row) in rows(list).enumerated() where isBeforeBirth(row[column]) {
                add([list, String(index), column], detail)
            }
        }
    }

    private mutating func medication() {
        for (index, row) in rows("medication").enumerated() {
            guard let started = row["started"]?.asText.flatMap(PartialDate.init),
                let stopped = row["stopped"]?.asText.flatMap(PartialDate.init), started.isSurely(after: stopped)
            else { continue }
            add(["medication", String(index), "stopped"], "That is before the start, \(started).")
        }
    }

    /// A list that is filled in beside "none".
    private mutating func statedAndListed() {
        for (status, list) in [
            ("allergy-status", "allergies"), ("medication-status", "medication"),
            ("earlier-pictures-status", "earlier-pictures"),
        ] {
            let stated = answers[status]
            if stated == .text("none") || stated == .text("no"), !rows(list).isEmpty {
                add([list], "There are entries here, but the question before was answered with none.")
            }
        }
        if answers["smoking"] == .text("never"), let years = number("smoking-years"), years > 0 {
            add(["smoking-years"], "The question before was answered with never.")
        }
    }

    private mutating func measurements() {
        if let systolic = number("systolic"), let diastolic = number("diastolic"), diastolic >= systolic {
            add(["diastolic"], "The second number of a blood pressure is lower than the first.")
        }
        if let height = number("height"), let weight = number("weight"), number("age").map({ $0 >= 2 }) ?? true {
            let index = weight / (height * height / 10_000)
            if !(8...90).contains(index) {
                add(["weight"], "Height and weight don't fit together. Check the units of both.")
            }
        }
    }
}
