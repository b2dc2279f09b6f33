import Domain

/// Holds a medicine that is asked for against allergies, current medicines and illnesses. It warns and never allows: the
/// last word has a doctor or a pharmacist.
struct MedicationSpeech {
    let record: Record
    private var speech: RecordSpeech { RecordSpeech(record: record) }

    /// - Parameter drugs: names as typed, lower case.
    func mayTake(_ drugs: [String]) -> [AnswerSentence] {
        var sentences: [AnswerSentence] = []
        let named = drugs.isEmpty ? [""] : drugs
        for drug in named where !drug.isEmpty {
            let warnings = allergies(against: drug) + interactions(of: drug) + illnesses(against: drug) + others(drug)
            sentences += warnings
            if warnings.contains(where: \.isWarning) {
                sentences.append(
                    AnswerSentence(
                        "So please don't start \(drug) before a doctor or pharmacist has said that it is safe.",
                        evidence: [ProgramFact.intendedUse.evidence]))
                sentences.append(
                    AnswerSentence(
                        "If a doctor ordered it, don't stop it alone either: ask today.",
                        evidence: [ProgramFact.intendedUse.evidence]))
            }
        }
        if !sentences.contains(where: { $0.evidence.contains { $0.id.hasPrefix("intake.allergies") } }) {
            sentences += known("allergies", ["allergy-status", "allergies"])
        }
        if !sentences.contains(where: { $0.evidence.contains { $0.id.hasPrefix("intake.medication") } }) {
            sentences += known("medicines", ["medication-status", "medication", "blood-thinners", "supplements"])
        }
        return sentences
    }

    // MARK: - Blood thinners

    /// Those in the history: the number of the row, and the name as typed.
    private var thinners: [(number: Int, text: String)] {
        speech.rows("medication", "name").filter { Medicines.isBloodThinner($0.text) }
    }

    private var isThinnerTold: Bool {
        record.answers["blood-thinners"] == .text("yes") || record.answers["blood-thinners"] == .boolean(true)
    }

    /// What the history holds of them, with where it stands; nil where it holds none.
    private var noted: (names: String, evidence: [Evidence])? {
        if let first = thinners.first {
            let names = thinners.prefix(3).map { "“\($0.text)”" }.joined(separator: " and ")
            return (names, [speech.line("intake.medication.\(first.number)", "Medication")])
        }
        return isThinnerTold
            ? ("a blood thinner", [speech.line("intake.blood-thinners", "Blood thinners")]) : nil
    }

    /// Comes first where blood thinners are taken: who stops them alone can get a clot or a stroke.
    func keepTaking() -> [AnswerSentence] {
        guard let noted else { return [] }
        return [
            AnswerSentence(
                "**Don't stop a medicine by yourself.** The history notes \(noted.names): a blood thinner. Without it a clot or a stroke can come, so ask a doctor first.",
                evidence: noted.evidence + [Publication.medlineMedicines.evidence])
        ]
    }

    /// Blood that is coughed up by someone who takes blood thinners.
    func bleeding() -> [AnswerSentence] {
        guard let noted else { return [] }
        return [
            AnswerSentence(
                "**Say at once that a blood thinner is taken:** the history notes \(noted.names). Such medicines (anticoagulants, such as warfarin, apixaban or rivaroxaban) make bleeding worse. Don't stop it by yourself: ask the doctor who sees to the bleeding.",
                layout: .paragraph, evidence: noted.evidence + [Publication.nhsCoughingBlood.evidence])
        ]
    }

    /// What the history says of the medicines that are named. An allergy matters whatever is asked about one.
    func named(_ drugs: [String]) -> [AnswerSentence] {
        entries(drugs) + drugs.flatMap(allergies)
    }

    private func entries(_ drugs: [String]) -> [AnswerSentence] {
        let taken = speech.rows("medication", "name").filter { row in
            drugs.isEmpty || drugs.contains { row.text.lowercased().contains($0) || $0.contains(row.text.lowercased()) }
        }
        guard !taken.isEmpty else {
            guard let first = drugs.first else { return known("medicines", ["medication-status", "medication"]) }
            guard !record.withheld.contains("medication") else {
                return known("medicines", ["medication-status", "medication"])
            }
            return [
                AnswerSentence(
                    "\(first.prefix(1).uppercased() + first.dropFirst()) isn't noted among the medicines.",
                    evidence: [ProgramFact.assistant.evidence])
            ]
        }
        return taken.prefix(6).map {
            AnswerSentence(
                "The history notes “\($0.text)”.",
                evidence: [speech.line("intake.medication.\($0.number)", "Medication")])
        }
    }

    /// In one sentence what is known of a topic.
    private func known(_ name: String, _ ids: [String]) -> [AnswerSentence] {
        if ids.contains(where: record.withheld.contains) {
            return [
                AnswerSentence(
                    "You chose to keep the \(name) from me, so I can't check against them.", layout: .paragraph,
                    evidence: [speech.line("withheld", "What is withheld")])
            ]
        }
        let items = speech.told(ids)
        guard let first = items.first else {
            return [
                AnswerSentence(
                    "The history notes nothing about \(name), which doesn't mean that there are none.",
                    layout: .paragraph,
                    evidence: [ProgramFact.assistant.evidence])
            ]
        }
        return [
            AnswerSentence(
                "These \(name) are noted. Name them to whoever is asked:", layout: .paragraph,
                evidence: first.evidence)
        ] + items
    }

    // MARK: - What speaks against it

    private func allergies(against drug: String) -> [AnswerSentence] {
        speech.rows("allergies", "substance").compactMap { number, substance in
            let noted = substance.lowercased()
            let isSame = noted.contains(drug) || drug.contains(noted)
            let family = DrugClass.allergenic.first {
                $0.isAllergyTo(noted)
                    && ($0.holds(drug) || (drug.contains("antibiotic") && $0.allergyWords.contains("antibiotic")))
            }
            let isCross =
                DrugClass.penicillins.isAllergyTo(noted) && DrugClass.cephalosporins.holds(drug)
                || DrugClass.cephalosporins.isAllergyTo(noted) && DrugClass.penicillins.holds(drug)
            guard isSame || family != nil || isCross else { return nil }
            let why =
                if isSame {
                    "This is what was asked about."
                } else if isCross {
                    "Some people react to both."
                } else {
                    "\(drug.prefix(1).uppercased() + drug.dropFirst()) \(family?.holds(drug) == true ? "belongs" : "can belong") to the same family of medicines."
                }
            return AnswerSentence(
                "Careful: an allergy to “\(substance)” is noted. \(why)", layout: .paragraph,
                evidence: [
                    speech.line("intake.allergies.\(number)", "Allergies in detail"), Publication.nhsAllergies.evidence,
                ])
        }
    }

    private func interactions(of drug: String) -> [AnswerSentence] {
        var sentences: [AnswerSentence] = []
        let thins = isThinnerTold
        let taken = speech.rows("medication", "name")
        for (number, name) in taken {
            let current = name.lowercased()
            let evidence = [
                speech.line("intake.medication.\(number)", "Medication"), Publication.medlineDrugs.evidence,
            ]
            if current.contains(drug) || drug.contains(current) {
                sentences.append(
                    AnswerSentence(
                        "“\(name)” is noted as a medicine that is taken already.", layout: .paragraph,
                        evidence: evidence))
                continue
            }
            for (one, other, harm) in DrugClass.pairs
            where (one.holds(drug) && other.holds(current)) || (other.holds(drug) && one.holds(current)) {
                sentences.append(
                    AnswerSentence(
                        "Careful: “\(name)” is noted as a medicine. \(harm)", layout: .paragraph, evidence: evidence))
                break
            }
        }
        if thins, !taken.contains(where: { DrugClass.bloodThinners.holds($0.text.lowercased()) }),
            let pair = DrugClass.pairs.first(where: { $0.0.holds(drug) && $0.1.name == DrugClass.bloodThinners.name })
        {
            sentences.append(
                AnswerSentence(
                    "Careful: a blood thinner is noted. \(pair.harm)", layout: .paragraph,
                    evidence: [
                        speech.line("intake.blood-thinners", "Blood thinners"), Publication.medlineDrugs.evidence,
                    ]))
        }
        return sentences
    }

    private func illnesses(against drug: String) -> [AnswerSentence] {
        speech.rows("conditions", "name").compactMap { number, name in
            let noted = name.lowercased()
            guard
                let match = DrugClass.illnesses.first(where: { match in
                    match.0.holds(drug) && match.words.contains { noted.contains($0) }
                })
            else { return nil }
            return AnswerSentence(
                "Careful: “\(name)” is noted. \(match.harm)", layout: .paragraph,
                evidence: [speech.line("intake.conditions.\(number)", "Illnesses"), Publication.medlineDrugs.evidence])
        }
    }

    /// A child, or a pregnancy.
    private func others(_ drug: String) -> [AnswerSentence] {
        var sentences: [AnswerSentence] = []
        if drug.contains("aspirin") || drug.contains("acetylsalicyl"), case .number(let age)? = record.answers["age"],
            age < 16
        {
            sentences.append(
                AnswerSentence(
                    "Careful: aspirin can be dangerous for children and teenagers.", layout: .paragraph,
                    evidence: [speech.line("intake.age", "Age"), Publication.nhsMedicines.evidence]))
        }
        if case .text(let state)? = record.answers["pregnancy"], ["yes", "possible"].contains(state) {
            sentences.append(
                AnswerSentence(
                    "Careful: a pregnancy is noted, and many medicines are not safe then.", layout: .paragraph,
                    evidence: [speech.line("intake.pregnancy", "Pregnancy"), Publication.nhsMedicines.evidence]))
        }
        return sentences
    }
}

extension AnswerSentence {
    fileprivate var isWarning: Bool { text.hasPrefix("Careful:") }
}
