import Domain

/// Says what the model found in the picture, and what that is worth.
struct FindingSpeech {
    let record: Record
    private var speech: RecordSpeech { RecordSpeech(record: record) }

    /// Most findings that one answer explains.
    private static let most = 3

    // MARK: - Without numbers

    /// Why there are no findings to speak of; nil where there are some.
    func absence() -> [AnswerSentence]? {
        guard let result = record.result else {
            if record.awaitsReading { return heldBack() }
            if record.refusal != nil { return refusal() }
            return [
                AnswerSentence(
                    "No picture has been read yet, so I can't say anything about it.", evidence: [speech.picture]),
                AnswerSentence("Choose one on the page “Picture”.", evidence: [ProgramFact.use.evidence]),
            ]
        }
        guard result.findings.isEmpty else { return nil }
        return scope()
    }

    /// As if there were no result yet: whether there is one would tell something too.
    private func heldBack() -> [AnswerSentence] {
        [
            AnswerSentence(
                "The findings in this picture are held back until the clinician's own reading is recorded, so I don't "
                    + "know them.",
                evidence: [speech.picture]),
            AnswerSentence(
                "They are shown on the page of the result as soon as the reading is recorded there.",
                evidence: [ProgramFact.use.evidence]),
        ]
    }

    func refusal() -> [AnswerSentence] {
        guard let refusal = record.refusal else {
            return [AnswerSentence("No picture was refused here.", evidence: [speech.picture])]
        }
        return [
            AnswerSentence("The newest picture could not be read.", evidence: [speech.picture]),
            AnswerSentence(refusal.reason, evidence: [ProgramFact.reading.evidence]),
            AnswerSentence(refusal.advice, evidence: [ProgramFact.reading.evidence]),
        ]
    }

    func scope() -> [AnswerSentence] {
        guard let result = record.result else { return absence() ?? [] }
        var sentences = [
            AnswerSentence(result.scope.statement, evidence: [speech.line("scope", "For whom the model speaks")])
        ]
        var said: Set<String> = []
        for head in result.withheld where said.insert(head.why).inserted {
            let others = result.withheld.filter { $0.why == head.why }
            let names = others.map(\.name).joined(separator: ", ")
            sentences.append(
                AnswerSentence(
                    "Not shown: \(names). \(head.why)", layout: .item,
                    evidence: [speech.line("finding.\(head.id)", head.name)]))
        }
        sentences += result.scope.notes.map {
            AnswerSentence($0, layout: .paragraph, evidence: [speech.line("scope", "For whom the model speaks")])
        }
        return sentences
    }

    // MARK: - What was found

    func summary() -> [AnswerSentence] {
        if let absence = absence() { return absence }
        guard let result = record.result else { return [] }
        let marked = result.findings.filter(\.flagged)
        let others = result.findings.filter { !$0.flagged }
        var sentences: [AnswerSentence] = []
        if marked.isEmpty {
            sentences.append(
                AnswerSentence("The model marked nothing in the picture.", evidence: [speech.picture]))
            sentences.append(
                AnswerSentence("That rules nothing out: it does not mean that all is well.", evidence: [speech.picture])
            )
        } else {
            sentences.append(
                AnswerSentence(
                    marked.count == 1 ? "The model marked one finding:" : "The model marked \(marked.count) findings:",
                    evidence: marked.prefix(6).map(speech.finding)))
            for finding in marked {
                sentences.append(
                    AnswerSentence(
                        "**\(finding.name)**: \(finding.plain.prefix(1).lowercased() + finding.plain.dropFirst()). \(numbers(finding))",
                        layout: .item, evidence: [speech.finding(finding)]))
            }
            sentences.append(
                AnswerSentence(
                    "A mark is not a diagnosis, and it can be a false alarm.", layout: .paragraph,
                    evidence: [ProgramFact.intendedUse.evidence]))
        }
        if !others.isEmpty {
            let names = others.map { $0.name.lowercased() }.joined(separator: ", ")
            sentences.append(
                AnswerSentence(
                    "Not marked: \(names).", layout: .paragraph, evidence: others.prefix(8).map(speech.finding)))
        }
        sentences.append(
            AnswerSentence(
                "Many other things were not checked: ask me for the list.", layout: .same,
                evidence: [speech.line("not-checked", "What was not checked")]))
        sentences += quality(onlyNotes: true)
        return sentences
    }

    /// The number of a finding, and what such a number was worth.
    func numbers(_ finding: AnalysisResult.Finding) -> String {
        var text =
            "Its number is \(Spoken.percent(finding.probability)), and its line is \(Spoken.percent(finding.threshold))."
        if !finding.flagged {
            text += NumberWords.missed(finding.measured).map { " \($0)" } ?? ""
        } else if let frequency = finding.frequency {
            text += " \(NumberWords.frequency(frequency))"
        }
        return text
    }

    /// What this picture says about findings that are asked for.
    func state(_ ids: [String]) -> [AnswerSentence] {
        guard let result = record.result else { return absence() ?? [] }
        return ids.map(ofThisPerson).prefix(Self.most).map { id in
            if let finding = result.findings.first(where: { $0.id == id }) {
                let text =
                    finding.flagged
                    ? "In this picture the model marked “\(finding.name)”. \(numbers(finding))"
                    : "In this picture the model did not mark “\(finding.name)”. \(numbers(finding)) That rules nothing out."
                return AnswerSentence(text, layout: .paragraph, evidence: [speech.finding(finding)])
            }
            if let head = result.withheld.first(where: { $0.id == id }) {
                return AnswerSentence(
                    "For this picture “\(head.name)” is not shown. \(head.why)", layout: .paragraph,
                    evidence: [speech.line("finding.\(id)", head.name)])
            }
            let name = Knowledge.finding(id)?.name ?? id
            return AnswerSentence(
                "The model did not look for “\(name)” in this picture.", layout: .paragraph,
                evidence: [speech.line("not-checked", "What was not checked")])
        }
    }

    /// A child's head where one stands for what is asked: people say "pneumonia" for both.
    private func ofThisPerson(_ id: String) -> String {
        let child = "\(id)-child"
        return record.result?.findings.contains { $0.id == child } == true ? child : id
    }

    /// The findings that a question is about: those it names, otherwise those that are marked.
    func subject(_ subject: Subject) -> [String] {
        if !subject.findings.isEmpty { return subject.findings.map(ofThisPerson) }
        return record.result?.findings.filter { $0.flagged && $0.id != "any-finding" }.map(\.id) ?? []
    }

    /// A part of what is known of the findings that are asked for, with what this picture says.
    func explain(
        _ subject: Subject, _ part: (FindingKnowledge) -> [AnswerSentence]
    ) -> [AnswerSentence] {
        let ids = self.subject(subject)
        var sentences: [AnswerSentence] = []
        if subject.findings.isEmpty, ids.isEmpty {
            return absence() ?? [
                AnswerSentence("The model marked nothing in this picture.", evidence: [speech.picture]),
                AnswerSentence("Name a finding, and I will explain it.", evidence: [ProgramFact.assistant.evidence]),
            ]
        }
        for id in ids.prefix(Self.most) {
            guard let knowledge = Knowledge.finding(id) else { continue }
            let isMarked = record.result?.findings.contains { $0.id == id && $0.flagged } ?? true
            // Whoever asks of it as if it were there is told first that it isn't marked.
            if !isMarked { sentences += state([id]) }
            var explained = part(knowledge)
            if !isMarked, ids.count == 1, !explained.isEmpty { explained[0].layout = .paragraph }
            if ids.count > 1, !explained.isEmpty {
                sentences.append(
                    AnswerSentence("**\(knowledge.name)**:", layout: .paragraph, evidence: explained[0].evidence))
                explained = Array(explained.prefix(4))
            }
            sentences += explained
            if record.result != nil, isMarked { sentences += state([id]) }
        }
        if ids.count > Self.most {
            sentences.append(
                AnswerSentence(
                    "\(ids.count - Self.most) more are marked: name one, and I will explain it.", layout: .paragraph,
                    evidence: [speech.picture]))
        }
        return sentences
    }

    func probability(_ subject: Subject) -> [AnswerSentence] {
        if let absence = absence() { return absence }
        let ids = self.subject(subject)
        if ids.isEmpty {
            return [AnswerSentence("The model marked nothing in this picture.", evidence: [speech.picture])]
        }
        return state(ids) + [
            AnswerSentence(
                NumberWords.meaning, layout: .paragraph, evidence: [ProgramFact.reading.evidence])
        ]
    }

    // MARK: - The picture

    func quality(onlyNotes: Bool = false) -> [AnswerSentence] {
        guard let result = record.result else { return onlyNotes ? [] : absence() ?? [] }
        let notes = result.quality.notes.map {
            AnswerSentence(
                $0.text, layout: .item, evidence: [speech.line("quality.\($0.code)", "Quality of the picture")])
        }
        guard !onlyNotes else { return notes }
        let size = "\(result.quality.width) × \(result.quality.height)"
        return [
            AnswerSentence(
                notes.isEmpty
                    ? "The picture has \(size) pixels, and nothing was noted against it."
                    : "The picture has \(size) pixels. This was noted:", evidence: [speech.picture])
        ] + notes
    }

    func notChecked() -> [AnswerSentence] {
        guard let result = record.result, !result.notChecked.isEmpty else { return absence() ?? [] }
        let ground = [speech.line("not-checked", "What was not checked")]
        return [AnswerSentence("This was not checked in the picture:", evidence: ground)]
            + result.notChecked.map { AnswerSentence("\($0).", layout: .item, evidence: ground) }
    }

    func projection() -> [AnswerSentence] {
        guard let projection = record.result?.projection else { return [] }
        let how = projection.source == .header ? "The file says" : "The model thinks"
        return [
            AnswerSentence(
                "\(how) that this picture is \(projection.value).", layout: .paragraph,
                evidence: [speech.line("projection", "Direction of the beam")])
        ]
    }

    func earlier() -> [AnswerSentence] {
        guard !record.hasEarlierPicture else { return [] }
        return [
            AnswerSentence(
                "There is no earlier picture in this session, so nothing can be compared.", evidence: [speech.picture])
        ]
    }

    /// What a question takes for there that isn't marked: "which mass", "how much fluid", "where is the tumour".
    func presupposed(in question: String, _ subject: Subject) -> [AnswerSentence] {
        guard let result = record.result, !result.findings.isEmpty else { return [] }
        let wording = Wording(question)
        guard wording.hasAny(Self.presupposing) else { return [] }
        // People call it a tumour or a growth; the nearest that the model looks for is a mass.
        let isGrowth = wording.hasAny(["tumor|tumors|growth|lump|cancer"])
        var ids = subject.findings.map(ofThisPerson)
        if isGrowth, !ids.contains("mass") { ids.append("mass") }
        // Fluid may be the one or the other.
        if ids.isEmpty, wording.hasAny(["fluid|water"]) { ids = ["effusion", "edema"] }
        if ids.isEmpty, wording.hasAny(["air"]) { ids = ["pneumothorax"] }
        guard !ids.isEmpty,
            !ids.contains(where: { id in result.findings.contains { $0.id == id && $0.flagged } })
        else { return [] }
        let looked = ids.compactMap { id in result.findings.first { $0.id == id } }
        guard !looked.isEmpty else { return state(ids) }
        let names = looked.map { "“\($0.name)”" }.joined(separator: " or ")
        return [
            AnswerSentence(
                "The model did not mark \(names) in this picture. That rules nothing out.",
                evidence: looked.map(speech.finding))
        ] + (isGrowth ? notLookedFor(in: "cancer") : [])
    }

    private static let presupposing: [WordPattern] = [
        "which|what|how|where ~6 @finding", "which|how ~6 tumor|tumors|growth|lump|cancer|fluid|water|air",
        "where is|are ~5 tumor|growth|lump|cancer|fluid|water|air",
        "what ~2 size|kind|type|sort|stage ~6 tumor|growth|lump|cancer|fluid",
        "the|this|my tumor|growth|lump",
    ]

    func threshold(_ subject: Subject) -> [AnswerSentence] {
        guard record.result != nil else { return [] }
        return state(self.subject(subject))
    }

    // MARK: - Illnesses that no finding stands for

    /// What the model doesn't look for, by words that people use.
    private static let notLookedFor: KeyValuePairs<String, [String]> = [
        "tuberculosis": ["tubercul", " tb", "consumption"],
        "broken ribs or other bones": ["rib", "fracture", "broken", "bone"],
        "blood clots": ["clot", "embol"], "swallowed objects": ["swallow"],
        "tubes and pacemakers": ["pacemaker", "tube", "wire"], "lymph nodes": ["lymph", "gland"],
        "the spine": ["spine", "scoliosis", "vertebra"], "cancer": ["cancer", "tumour", "tumor", "malign", "lymphoma"],
        "COVID": ["covid", "corona"], "asthma": ["asthma"], "COPD": ["copd"], "a heart attack": ["heart attack"],
    ]

    func notLookedFor(in question: String) -> [AnswerSentence] {
        let words = " " + question.lowercased()
        return Self.notLookedFor.filter { $0.value.contains { words.contains($0) } }.prefix(2).map { name, _ in
            AnswerSentence(
                "The model does not look for \(name), so it can't tell.", layout: .paragraph,
                evidence: [
                    record.result == nil
                        ? ProgramFact.modelCard.evidence : speech.line("not-checked", "What was not checked")
                ])
        }
    }
}
