import Domain
import Foundation
import ReportDocuments

extension ReportStatements {
    /// - Parameters:
    ///   - emergencyNumber: a part of the fixed words of each level.
    ///   - isChild: another one.
    init(clinician document: ReportDocument, emergencyNumber: String, isChild: Bool) {
        let sections = ReportSections(document)
        func blocks(_ heading: ClinicianHeading) -> [ReportDocument.Block] {
            sections.byHeading[heading.rawValue] ?? []
        }
        faults = sections.twice.map { "the clinician's page has “\($0)” twice" }
        stamp = document.stamp
        readTable(in: blocks(.findings))
        readImpression(blocks(.impression))
        isRead = Self.leadsWithReading(blocks(.impression))
        withheldFindings = sections.list(under: ReportPhrases.withheldFindings, in: blocks(.findings)).map(Self.plain)
        notChecked = ReportReading.items(blocks(.notChecked)).map(Self.plain)
        quality = sections.list(under: ReportPhrases.quality, in: blocks(.technique)).map(Self.plain)
        readUrgency(sections, emergencyNumber, isChild)
        for block in blocks(.identity) {
            guard case .table(let table) = block else { continue }
            differences += table.rows.filter { $0.last?.hasPrefix("differs") ?? false }
                .compactMap { $0.first.map { $0.prefix(1).lowercased() + $0.dropFirst() } }
        }
        let told = sections.opening.compactMap { block -> [String]? in
            guard case .notice(ReportPhrases.rightPicture, let text, _) = block else { return nil }
            readQuestions(text)
            return ReportReading.parse(text, "These do not match: ", ". ", "")?.first?.components(separatedBy: ", ")
        }.flatMap(\.self)
        if told.sorted() != differences.sorted() {
            faults.append("the clinician's page tells other differences of person and picture at its top")
        }
        for block in blocks(.comparison) {
            if case .heading(3, let text) = block, let when = ReportReading.parse(text, "Earlier study: ", "")?.first {
                earlier.append(Self.plain(when))
            }
        }
        if earlier.isEmpty != ReportReading.paragraphs(blocks(.comparison)).contains(ReportPhrases.noEarlier) {
            faults.append("the clinician's page is unclear about earlier studies")
        }
        for heading in [ClinicianHeading.indication, .history, .urgency] {
            for case .keyValues(let pairs) in blocks(heading) {
                withheldAnswers += pairs.compactMap {
                    ReportReading.parse($0.key, "", ReportPhrases.withheldMark)?.first
                }
            }
        }
        let hasMap = blocks(.heatMaps).contains {
            if case .figures(let figures) = $0 { figures.contains { $0.overlay != nil } } else { false }
        }
        if hasMap, !ReportReading.paragraphs(blocks(.heatMaps)).contains(ReportPhrases.influence) {
            faults.append("the clinician's page shows heat maps without saying what they don't show")
        }
        sort()
    }

    private mutating func readTable(in blocks: [ReportDocument.Block]) {
        for case .table(let table) in blocks {
            for row in table.rows {
                guard row.count == 5 else {
                    faults.append("a row of the clinician's findings has \(row.count) cells")
                    continue
                }
                switch row[3] {
                case "marked":
                    marked.append(Self.marked(row[0], row[1], row[2], Self.frequency(row[4]) ?? row[4]))
                case "not marked": unmarked.append(row[0])
                default: faults.append("the clinician's page has an unreadable reading of “\(row[0])”")
                }
            }
        }
    }

    /// A person's own reading comes before what the model marked.
    private static func leadsWithReading(_ blocks: [ReportDocument.Block]) -> Bool {
        switch blocks.first {
        case .table(let table): table.header.first == "The clinician read"
        case .keyValues(let pairs): pairs.first?.key == "The clinician read"
        default: false
        }
    }

    /// The impression must say what the table says.
    private mutating func readImpression(_ blocks: [ReportDocument.Block]) {
        var names: [String] = []
        for item in ReportReading.items(blocks) {
            if let parts = ReportReading.parse(item, "The model marked “", "” (", ", threshold ", ")."),
                parts.count == 3
            {
                names.append("“\(parts[0])” (\(parts[1]), line \(parts[2])")
            } else {
                faults.append("the clinician's impression has an unreadable entry")
            }
        }
        // The table tells the natural frequency as well.
        let table = marked.map { $0.components(separatedBy: ", ").dropLast().joined(separator: ", ") }
        if names.sorted() != table.sorted() {
            faults.append("the clinician's impression marks other findings than the table")
        }
        var below: [String] = []
        let fixed = [ReportPhrases.modelOutput, ReportPhrases.noNumber, ReportPhrases.noMark]
        for text in ReportReading.paragraphs(blocks) where !fixed.contains(text) {
            if let list = ReportReading.parse(text, "Not marked: “", "”. \(ReportPhrases.rulesNothingOut)")?.first {
                below += list.components(separatedBy: "”, “")
            } else if !AcuityLevel.allCases.contains(where: { text.hasPrefix(ReportPhrases.level($0)) }) {
                faults.append("the clinician's impression has an unreadable sentence")
            }
        }
        if below.sorted() != unmarked.sorted() {
            faults.append("the clinician's impression has other findings below their threshold than the table")
        }
        if marked.isEmpty
            != ReportReading.paragraphs(blocks).contains(where: {
                $0 == ReportPhrases.noNumber || $0 == ReportPhrases.noMark
            })
        {
            faults.append("the clinician's impression doesn't say that nothing is ruled out")
        }
    }

    private mutating func readUrgency(_ sections: ReportSections, _ emergencyNumber: String, _ isChild: Bool) {
        func advice(_ level: AcuityLevel) -> AcuityAdvice {
            AcuityAdvice(for: level, emergencyNumber: emergencyNumber, isChild: isChild)
        }
        func short(_ level: AcuityLevel) -> String {
            SafeText.cleaned("\(ReportPhrases.level(level)) \(advice(level).title)")
        }
        func long(_ level: AcuityLevel) -> String {
            SafeText.cleaned(
                "\(ReportPhrases.level(level)) \(advice(level).title) \(advice(level).steps.joined(separator: " "))")
        }
        func recommended(_ level: AcuityLevel) -> String { ReportFacts.Urgency.recommendation(at: level) }
        for (heading, words) in [
            (ClinicianHeading.impression, short), (.recommendation, recommended), (.urgency, long),
        ] as [(ClinicianHeading, (AcuityLevel) -> String)] {
            let found = ReportReading.paragraphs(sections.byHeading[heading.rawValue] ?? []).compactMap {
                ReportReading.level(words, in: $0)
            }
            if found.isEmpty { faults.append("the clinician's page tells no urgency under “\(heading.rawValue)”") }
            levels.formUnion(found)
        }
        let atTheTop = sections.opening.compactMap { block -> AcuityLevel? in
            guard case .notice(let title, let text, _) = block else { return nil }
            return ReportReading.level({ SafeText.line(advice($0).title) }, in: title).flatMap { found in
                SafeText.cleaned(advice(found).steps.joined(separator: " ")) == text ? found : nil
            }
        }
        if atTheTop.isEmpty, levels.contains(where: { $0 >= .urgent }) {
            faults.append("the clinician's page doesn't tell the urgency at its top")
        }
        levels.formUnion(atTheTop)
        let blocks = sections.byHeading[ClinicianHeading.urgency.rawValue] ?? []
        reasons = sections.list(under: ReportPhrases.reasons, in: blocks).map {
            Self.plain(ReportReading.parse($0, "", " [", "")?.first ?? $0)
        }
        lowered = ReportReading.loweredLevels(blocks)
    }
}
