import Domain

/// Says what stands in the record, with the lines that it stands in.
struct RecordSpeech {
    let record: Record

    // MARK: - Evidence

    /// A line of the context file; where it had no room there, the line that says so.
    func line(_ id: String, _ label: String) -> Evidence {
        let lines = record.file.lines
        if lines.contains(where: { $0.id == id }) { return Evidence(.record, id, label: label) }
        if lines.contains(where: { $0.id == "left-out" }) { return Evidence(.record, "left-out", label: label) }
        return ProgramFact.assistant.evidence
    }

    func line(of question: Questionnaire.Question) -> Evidence { line("intake.\(question.id)", question.label) }

    var urgency: Evidence { line("acuity", "Urgency") }
    var picture: Evidence { line("picture", "The picture") }

    func finding(_ finding: AnalysisResult.Finding) -> Evidence { line("finding.\(finding.id)", finding.name) }

    // MARK: - Answers of the history

    /// What was answered to some questions, an item each; empty where none was.
    func told(_ ids: [String]) -> [AnswerSentence] {
        ids.flatMap { id -> [AnswerSentence] in
            guard let question = record.questionnaire.question(id), let answer = record.answers[id] else { return [] }
            guard case (.rows, .rows(let rows)) = (question.kind, answer) else {
                return [item(question, question.words(for: answer), line(of: question))]
            }
            let entries = question.words(for: answer).split(separator: "\n", omittingEmptySubsequences: false)
            return zip(1...max(1, rows.count), entries).map { number, words in
                item(question, String(words), line("intake.\(id).\(number)", question.label))
            }
        }
    }

    private func item(_ question: Questionnaire.Question, _ words: String, _ evidence: Evidence) -> AnswerSentence {
        let words = ContextFile.oneLine(words)
        let shown = words.count > Self.longest ? words.prefix(Self.longest) + "…" : words[...]
        let isTyped =
            switch question.kind {
            case .string, .text, .rows: true
            default: false
            }
        return AnswerSentence(
            "\(question.label): " + (isTyped ? "“\(shown)”." : "\(shown)."), layout: .item, evidence: [evidence])
    }

    /// Most characters that are said of one answer.
    private static let longest = 400

    /// What the history says about a topic, or that it says nothing.
    func topic(_ name: String, _ ids: [String]) -> [AnswerSentence] {
        let items = told(ids)
        let withheld = ids.filter(record.withheld.contains)
        var sentences: [AnswerSentence] = []
        if let first = items.first {
            sentences.append(AnswerSentence("This is what the history says about \(name):", evidence: first.evidence))
            sentences += items
        } else if withheld.isEmpty {
            sentences += nothing(about: name)
        }
        if !withheld.isEmpty {
            sentences.append(
                AnswerSentence(
                    "You chose to keep \(items.isEmpty ? "this" : "some of this") from me, so I don't know it.",
                    layout: .paragraph, evidence: [line("withheld", "What is withheld")]))
        }
        return sentences
    }

    func nothing(about name: String) -> [AnswerSentence] {
        let ground = [ProgramFact.assistant.evidence]
        return [
            AnswerSentence("Nothing is noted in the history about \(name), so I don't know.", evidence: ground),
            AnswerSentence("That doesn't mean that there is nothing.", evidence: ground),
            AnswerSentence("Please add it under “History”, or tell the doctor.", evidence: ground),
        ]
    }

    /// What was typed into a column of rows, with the number of each row.
    func rows(_ id: String, _ column: String) -> [(number: Int, text: String)] {
        guard case .rows(let rows)? = record.answers[id] else { return [] }
        return rows.enumerated().compactMap { index, row in
            guard case .text(let text)? = row[column] else { return nil }
            return (index + 1, ContextFile.oneLine(text))
        }
    }

    // MARK: - Topics

    func summary() -> [AnswerSentence] {
        let items = told([
            "pseudonym", "age", "sex", "reason", "symptoms", "red-flags", "conditions", "medication", "allergy-status",
            "allergies", "smoking", "pregnancy",
        ])
        var sentences: [AnswerSentence] = []
        if let first = items.first {
            sentences.append(AnswerSentence("This is the most of what I was told:", evidence: first.evidence))
            sentences += items
        } else {
            sentences.append(
                AnswerSentence(
                    "Nothing has been entered in the history yet.", evidence: [ProgramFact.assistant.evidence]))
        }
        if let result = record.result {
            let marked = result.findings.filter(\.flagged).map { $0.name.lowercased() }
            sentences.append(
                AnswerSentence(
                    marked.isEmpty
                        ? "A picture was read, and the model marked nothing in it."
                        : "A picture was read, and the model marked: \(marked.joined(separator: ", ")).",
                    layout: .paragraph, evidence: [picture]))
        } else {
            sentences.append(
                AnswerSentence(
                    record.awaitsReading
                        ? "The findings in the newest picture are held back until the clinician's own reading is recorded."
                        : "No picture has been read yet.", layout: .paragraph, evidence: [picture]))
        }
        if !record.withheld.isEmpty { sentences += withheld() }
        return sentences
    }

    func withheld() -> [AnswerSentence] {
        guard !record.withheld.isEmpty else {
            return [AnswerSentence("Nothing is withheld from me.", evidence: [ProgramFact.assistant.evidence])]
        }
        let names = record.questionnaire.questions.filter { record.withheld.contains($0.id) }.map {
            $0.label.lowercased()
        }
        return [
            AnswerSentence(
                "You chose to keep this from me: \(names.joined(separator: ", ")).", layout: .paragraph,
                evidence: [line("withheld", "What is withheld")])
        ]
    }

    func missing() -> [AnswerSentence] {
        let wanted = [
            "age", "reason", "red-flags", "symptoms", "conditions", "medication-status", "allergy-status", "smoking",
            "earlier-pictures-status",
        ]
        let open = wanted.filter { record.answers[$0] == nil && !record.withheld.contains($0) }
            .compactMap { record.questionnaire.question($0)?.label.lowercased() }
        guard !open.isEmpty else {
            return [
                AnswerSentence(
                    "The questions that matter most have an answer.", evidence: [ProgramFact.use.evidence])
            ]
        }
        return [
            AnswerSentence(
                "These still have no answer: \(open.joined(separator: ", ")).", evidence: [ProgramFact.use.evidence])
        ]
    }

    func smoking() -> [AnswerSentence] {
        var sentences = topic(
            "smoking",
            ["smoking", "smoking-type", "cigarettes", "smoking-years", "smoking-stopped", "vaping"])
        if record.file.lines.contains(where: { $0.id == "intake.pack-years" }),
            let years = record.questionnaire.packYears(record.answers)
        {
            sentences.append(
                AnswerSentence(
                    "Pack-years: \(Spoken.number(years)). That is packs a day, times years.", layout: .item,
                    evidence: [line("intake.pack-years", "Pack-years")]))
        }
        return sentences
    }

    /// Questions that the words ask for, by what people call them; all of them where no word fits.
    func asked(_ question: String, among names: KeyValuePairs<String, [String]>) -> [String] {
        let words = question.lowercased()
        let hit = names.filter { $0.value.contains { words.contains($0) } }.map(\.key)
        return hit.isEmpty ? names.map(\.key) : hit
    }

    static let measurements: KeyValuePairs<String, [String]> = [
        "height": ["tall", "height", "high am i"], "weight": ["weigh", "heavy"],
        "temperature": ["temperature", "fever"], "heart-rate": ["pulse", "heart rate", "heartbeat"],
        "respiratory-rate": ["breaths", "breathing rate", "respiratory"],
        "oxygen-saturation": ["oxygen", "saturation", "spo2", "sats"],
        "systolic": ["pressure", "systolic", " bp"], "diastolic": ["pressure", "diastolic", " bp"],
    ]

    static let person: KeyValuePairs<String, [String]> = [
        "pseudonym": ["name", "called", "who am i"], "age": ["old", "age"], "birth-date": ["born", "birth"],
        "sex": ["sex", "male", "man or"], "gender": ["gender"], "language": ["language", "interpreter"],
        "guardian": ["guardian", "parent"], "contact": ["contact", "phone", "address", "reach"],
        "emergency-contact": ["emergency contact", "called in an emergency"],
    ]

    static let other: KeyValuePairs<String, [String]> = [
        "occupation": ["work", "job", "occupation", "living"], "dusts": ["dust", "asbestos", "breathed", "work"],
        "asbestos-years": ["asbestos"], "tuberculosis-contact": ["tubercul", "tb"],
        "travel": ["travel", "trip", "abroad", "holiday"], "housing": ["home", "house", "live", "housing"],
        "immunisations": ["vaccin", "immunis", "immuniz", "jab", "shot"],
        "earlier-pictures-status": ["earlier", "previous", "before", "x-ray", "picture", "scan"],
        "earlier-pictures": ["earlier", "previous", "before", "x-ray", "picture", "scan"],
        "alcohol": ["alcohol", "drink", "beer", "wine"], "drugs": ["drugs", "cannabis"],
        "supplements": ["herb", "supplement", "vitamin"], "vaping": ["vap"],
        "hospital-stays": ["hospital"], "operations": ["operation", "surgery", "operated"],
    ]
}

/// Numbers in words for people.
enum Spoken {
    /// At most one digit after the point.
    static func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }

    static func percent(_ share: Double) -> String { number(share * 100) + " %" }
}
