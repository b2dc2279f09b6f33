import Domain
import Foundation
import ReportDocuments

/// What a made document states, read back from its blocks; or what ``ReportFacts`` want stated. All lists are sorted, and
/// what is stated twice stands there twice.
struct ReportStatements: Equatable {
    var marked: [String] = []
    var unmarked: [String] = []
    /// Name and reason.
    var withheldFindings: [String] = []
    var notChecked: [String] = []
    /// Each place where the level is told must tell the same one.
    var levels: Set<AcuityLevel> = []
    var reasons: [String] = []
    var lowered: [String] = []
    var differences: [String] = []
    var quality: [String] = []
    var earlier: [String] = []
    var withheldAnswers: [String] = []
    var stamp: String?

    /// What can't be read, or stands where it must not.
    var faults: [String] = []

    /// By name, for people: where two differ.
    func differences(from other: Self) -> [String] {
        func named(_ what: String, _ path: KeyPath<Self, [String]>) -> String? {
            let (one, two) = (self[keyPath: path], other[keyPath: path])
            guard one != two else { return nil }
            // Both are sorted; what one has more often than the other is left over.
            var (extra, missing) = (one, two)
            for entry in one {
                guard let place = missing.firstIndex(of: entry), let other = extra.firstIndex(of: entry) else {
                    continue
                }
                missing.remove(at: place)
                extra.remove(at: other)
            }
            return "\(what): " + (missing.map { "lacks \($0)" } + extra.map { "adds \($0)" }).joined(separator: ", ")
        }
        var found = [
            named("marked findings", \.marked), named("findings not marked", \.unmarked),
            named("findings not shown", \.withheldFindings), named("not checked", \.notChecked),
            named("reasons of the urgency", \.reasons), named("lowered urgency", \.lowered),
            named("differences of person and picture", \.differences), named("quality", \.quality),
            named("withheld answers", \.withheldAnswers),
        ].compactMap(\.self)
        if levels != other.levels {
            func list(_ levels: Set<AcuityLevel>) -> String { levels.sorted().map(\.rawValue).joined(separator: ", ") }
            found.append("urgency: says \(list(levels)) for \(list(other.levels))")
        }
        // Dates of studies are data of a person, and stay out of faults.
        if earlier != other.earlier { found.append("earlier studies: \(earlier.count) for \(other.earlier.count)") }
        if stamp != other.stamp { found.append("the withdrawal of the model") }
        return found
    }

    fileprivate mutating func sort() {
        marked.sort()
        unmarked.sort()
        withheldFindings.sort()
        notChecked.sort()
        reasons.sort()
        lowered.sort()
        differences.sort()
        quality.sort()
        earlier.sort()
        withheldAnswers.sort()
    }

    fileprivate static func marked(
        _ name: String, _ probability: String, _ threshold: String, _ frequency: String
    ) -> String { "“\(name)” (\(probability), line \(threshold), \(frequency))" }

    fileprivate static func plain(_ text: String) -> String {
        var text = SafeText.line(text)[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return String(text)
    }
}

extension ReportStatements {
    /// What both documents must state.
    init(_ facts: ReportFacts) {
        marked = facts.marked.map { finding in
            Self.marked(
                ReportPhrases.name(finding.name), ReportNumbers.percent(finding.probability),
                ReportNumbers.percent(finding.threshold),
                finding.frequency.map { "\($0.positives) of \($0.images)" } ?? "not known")
        }
        unmarked = facts.unmarked.map { ReportPhrases.name($0.name) }
        withheldFindings = facts.withheldFindings.map {
            Self.plain("\(ReportPhrases.quoted($0.name)): \($0.why)")
        }
        notChecked = facts.notChecked.map(Self.plain)
        levels = [facts.urgency.level]
        reasons = facts.urgency.reasons.map { Self.plain($0.text) }
        lowered = facts.urgency.lowering.map { [$0.level.rawValue] } ?? []
        differences = facts.identity?.differences.map { ReportPhrases.name($0.field) } ?? []
        quality = facts.quality.map { Self.plain($0.text) }
        earlier = facts.comparison.map { Self.plain($0.when) }
        withheldAnswers = facts.withheldAnswers.map(\.label)
        stamp = facts.withdrawal.map { SafeText.line(ReportPhrases.stamp($0)) }
        sort()
    }
}

// MARK: - Reading documents

/// A document by its sections.
private struct Sections {
    let opening: [ReportDocument.Block]
    let byHeading: [String: [ReportDocument.Block]]
    let twice: [String]

    init(_ document: ReportDocument) {
        var opening: [ReportDocument.Block] = []
        var sections: [String: [ReportDocument.Block]] = [:]
        var twice: [String] = []
        var current: String?
        for block in document.blocks {
            if case .heading(2, let text) = block {
                if sections[text] != nil { twice.append(text) }
                current = text
                sections[text, default: []] += []
            } else if let current {
                sections[current, default: []].append(block)
            } else {
                opening.append(block)
            }
        }
        self.opening = opening
        byHeading = sections
        self.twice = twice
    }

    /// The entries of the lists under a heading of level 3.
    func list(under title: String, in blocks: [ReportDocument.Block]) -> [String] {
        var isUnder = false
        return blocks.flatMap { block -> [String] in
            switch block {
            case .heading(3, let text):
                isUnder = text == title
                return []
            case .list(let items): return isUnder ? items : []
            default: return []
            }
        }
    }
}

/// The texts between literal parts, or nil where a text isn't made of those parts. The first part begins the text, the
/// last one ends it.
private func parse(_ text: String, _ parts: String...) -> [String]? {
    guard let first = parts.first, let last = parts.last else { return nil }
    // By bytes, which is exact and fast: characters can merge across the borders of parts.
    var rest = Array(text.utf8)[...]
    guard rest.starts(with: first.utf8) else { return nil }
    rest = rest.dropFirst(first.utf8.count)
    var captured: [String] = []
    for part in parts.dropFirst().dropLast() {
        let wanted = Array(part.utf8)
        guard let start = rest.indices.first(where: { rest[$0] == wanted[0] && rest[$0...].starts(with: wanted) })
        else { return nil }
        captured.append(String(decoding: rest[..<start], as: UTF8.self))
        rest = rest[(start + wanted.count)...]
    }
    guard rest.count >= last.utf8.count, rest.suffix(last.utf8.count).elementsEqual(last.utf8) else { return nil }
    captured.append(String(decoding: rest.dropLast(last.utf8.count), as: UTF8.self))
    return captured
}

private func paragraphs(_ blocks: [ReportDocument.Block]) -> [String] {
    blocks.compactMap { if case .paragraph(let text) = $0 { text } else { nil } }
}

private func notes(_ blocks: [ReportDocument.Block]) -> [String] {
    blocks.compactMap { if case .note(let text) = $0 { text } else { nil } }
}

private func items(_ blocks: [ReportDocument.Block]) -> [String] {
    blocks.flatMap { if case .list(let items) = $0 { items } else { [String]() } }
}

private func loweredLevels(_ blocks: [ReportDocument.Block]) -> [String] {
    notes(blocks).compactMap { parse($0, "Lowered to “", "” on ", "")?.first }
}

/// The level whose fixed words a text consists of.
private func level(_ words: (AcuityLevel) -> String, in text: String) -> AcuityLevel? {
    AcuityLevel.allCases.first { words($0) == text }
}

extension ReportStatements {
    /// - Parameter emergencyNumber: a part of the fixed words of each level.
    init(clinician document: ReportDocument, emergencyNumber: String) {
        let sections = Sections(document)
        func blocks(_ heading: ClinicianHeading) -> [ReportDocument.Block] {
            sections.byHeading[heading.rawValue] ?? []
        }
        faults = sections.twice.map { "the clinician's page has “\($0)” twice" }
        stamp = document.stamp
        readTable(in: blocks(.findings))
        readImpression(blocks(.impression))
        withheldFindings = sections.list(under: ReportPhrases.withheldFindings, in: blocks(.findings)).map(Self.plain)
        notChecked = items(blocks(.notChecked)).map(Self.plain)
        quality = sections.list(under: ReportPhrases.quality, in: blocks(.technique)).map(Self.plain)
        readUrgency(sections, emergencyNumber)
        for block in blocks(.identity) {
            guard case .table(let table) = block else { continue }
            differences += table.rows.filter { $0.last?.hasPrefix("differs") ?? false }
                .compactMap { $0.first.map { $0.prefix(1).lowercased() + $0.dropFirst() } }
        }
        let told = sections.opening.compactMap { block -> [String]? in
            guard case .notice("Is it the right picture?", let text, _) = block else { return nil }
            return parse(text, "These do not match: ", ". ", "")?.first?.components(separatedBy: ", ")
        }.flatMap(\.self)
        if told.sorted() != differences.sorted() {
            faults.append("the clinician's page tells other differences of person and picture at its top")
        }
        for block in blocks(.comparison) {
            if case .heading(3, let text) = block, let when = parse(text, "Earlier study: ", "")?.first {
                earlier.append(Self.plain(when))
            }
        }
        if earlier.isEmpty != paragraphs(blocks(.comparison)).contains(ReportPhrases.noEarlier) {
            faults.append("the clinician's page is unclear about earlier studies")
        }
        for heading in [ClinicianHeading.indication, .history, .urgency] {
            for case .keyValues(let pairs) in blocks(heading) {
                withheldAnswers += pairs.compactMap { parse($0.key, "", ReportPhrases.withheldMark)?.first }
            }
        }
        let hasMap = blocks(.heatMaps).contains {
            if case .figures(let figures) = $0 { figures.contains { $0.overlay != nil } } else { false }
        }
        if hasMap, !paragraphs(blocks(.heatMaps)).contains(ReportPhrases.influence) {
            faults.append("the clinician's page shows heat maps without saying what they don't show")
        }
        sort()
    }

    private mutating func readTable(in blocks: [ReportDocument.Block]) {
        for case .table(let table) in blocks {
            for row in table.rows {
                guard row.count == 6 else {
                    faults.append("a row of the clinician's findings has \(row.count) cells")
                    continue
                }
                switch row[3] {
                case "marked":
                    let frequency = parse(row[4], "", " of ", " validation pictures with such a number had it")
                    marked.append(
                        Self.marked(row[0], row[1], row[2], frequency?.joined(separator: " of ") ?? row[4]))
                case "not marked": unmarked.append(row[0])
                default: faults.append("the clinician's page has an unreadable reading of “\(row[0])”")
                }
            }
        }
    }

    /// The impression must say what the table says.
    private mutating func readImpression(_ blocks: [ReportDocument.Block]) {
        var names: [String] = []
        for item in items(blocks) {
            if let parts = parse(item, "The model marked “", "” (", ", threshold ", ")."), parts.count == 3 {
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
        for text in paragraphs(blocks) where !fixed.contains(text) {
            if let list = parse(text, "Not marked: “", "”. \(ReportPhrases.rulesNothingOut)")?.first {
                below += list.components(separatedBy: "”, “")
            } else if !AcuityLevel.allCases.contains(where: { text.hasPrefix(ReportPhrases.level($0)) }) {
                faults.append("the clinician's impression has an unreadable sentence")
            }
        }
        if below.sorted() != unmarked.sorted() {
            faults.append("the clinician's impression has other findings below their threshold than the table")
        }
        if marked.isEmpty
            != paragraphs(blocks).contains(where: { $0 == ReportPhrases.noNumber || $0 == ReportPhrases.noMark })
        {
            faults.append("the clinician's impression doesn't say that nothing is ruled out")
        }
    }

    private mutating func readUrgency(_ sections: Sections, _ emergencyNumber: String) {
        func advice(_ level: AcuityLevel) -> AcuityAdvice {
            AcuityAdvice(for: level, emergencyNumber: emergencyNumber)
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
            let found = paragraphs(sections.byHeading[heading.rawValue] ?? []).compactMap { level(words, in: $0) }
            if found.isEmpty { faults.append("the clinician's page tells no urgency under “\(heading.rawValue)”") }
            levels.formUnion(found)
        }
        let atTheTop = sections.opening.compactMap { block -> AcuityLevel? in
            guard case .notice(let title, let text, _) = block else { return nil }
            return level({ SafeText.line(advice($0).title) }, in: title).flatMap { found in
                SafeText.cleaned(advice(found).steps.joined(separator: " ")) == text ? found : nil
            }
        }
        if atTheTop.isEmpty, levels.contains(where: { $0 >= .urgent }) {
            faults.append("the clinician's page doesn't tell the urgency at its top")
        }
        levels.formUnion(atTheTop)
        let blocks = sections.byHeading[ClinicianHeading.urgency.rawValue] ?? []
        reasons = sections.list(under: ReportPhrases.reasons, in: blocks).map {
            Self.plain(parse($0, "", " [", "")?.first ?? $0)
        }
        lowered = loweredLevels(blocks)
    }

    init(patient document: ReportDocument, emergencyNumber: String) {
        let sections = Sections(document)
        func blocks(_ heading: PatientHeading) -> [ReportDocument.Block] {
            sections.byHeading[heading.rawValue] ?? []
        }
        faults = sections.twice.map { "the patient's page has “\($0)” twice" }
        stamp = document.stamp
        readMarked(blocks(.marked))
        for item in items(blocks(.unmarked)) {
            if let name = parse(item, "Not marked: “", "”.", "")?.first {
                unmarked.append(name)
            } else {
                faults.append("the patient's page has an unreadable entry under “\(PatientHeading.unmarked.rawValue)”")
            }
        }
        if !paragraphs(blocks(.unmarked)).contains(where: { $0.hasPrefix(ReportPhrases.notMarkedMeans) }) {
            faults.append("the patient's page doesn't say what not marked means")
        }
        withheldFindings = sections.list(under: ReportPhrases.withheldFindings, in: blocks(.unseen)).map(Self.plain)
        notChecked = sections.list(under: ReportPhrases.notLookedFor, in: blocks(.unseen)).map(Self.plain)
        quality = sections.list(under: ReportPhrases.quality, in: blocks(.picture)).map(Self.plain)
        readNow(blocks(.now), emergencyNumber)
        reasons = sections.list(under: ReportPhrases.reasons, in: blocks(.now)).map(Self.plain)
        lowered = loweredLevels(blocks(.now))
        earlier = sections.list(under: "Earlier pictures", in: blocks(.picture)).map {
            Self.plain(parse($0, "Earlier picture: ", "")?.first ?? $0)
        }
        if earlier.isEmpty != paragraphs(blocks(.picture)).contains(ReportPhrases.noEarlierPicture) {
            faults.append("the patient's page is unclear about earlier pictures")
        }
        withheldAnswers = sections.list(under: ReportPhrases.withheldAnswers, in: blocks(.record))
        sort()
    }

    /// Each marked finding has a heading, a sentence with its numbers, and one with its natural frequency.
    private mutating func readMarked(_ blocks: [ReportDocument.Block]) {
        var heading: String?
        var pending: [String]?
        for block in blocks {
            switch block {
            case .heading(3, let text):
                if pending != nil || heading != nil { faults.append("the patient's page leaves a finding unfinished") }
                (heading, pending) = (text, nil)
            case .paragraph(let text):
                if let parts = parse(text, "The program marked “", "”. Its number is ", ", and its line is ", "."),
                    parts.count == 3
                {
                    if parts[0] != heading { faults.append("the patient's page has a finding under another name") }
                    pending = parts
                } else if let parts = pending {
                    let frequency = Self.frequency(text)
                    if frequency == nil { faults.append("the patient's page has an unreadable frequency") }
                    marked.append(Self.marked(parts[0], parts[1], parts[2], frequency ?? "?"))
                    (heading, pending) = (nil, nil)
                } else if text.unicodeScalars.contains("“"), !text.hasPrefix(ReportPhrases.wordMeans),
                    !text.hasPrefix(ReportPhrases.markMeansNot)
                {
                    faults.append("the patient's page has an unreadable statement about a finding")
                }
            default: break
            }
        }
        if pending != nil || heading != nil { faults.append("the patient's page leaves a finding unfinished") }
        if marked.isEmpty, !paragraphs(blocks).contains(where: { $0.hasSuffix(ReportPhrases.rulesNothingOut) }) {
            faults.append("the patient's page doesn't say that nothing is ruled out")
        }
    }

    private static func frequency(_ text: String) -> String? {
        if text == "How often such a number is right was not measured." { return "not known" }
        guard
            let parts = parse(
                text, "In the test there were ", " pictures of people with such a number. ", " of them had it, and ",
                " did not."), let images = Int(parts[0]), let positives = Int(parts[1]), let others = Int(parts[2]),
            images - positives == others
        else { return nil }
        return "\(positives) of \(images)"
    }

    private mutating func readNow(_ blocks: [ReportDocument.Block], _ emergencyNumber: String) {
        var told = 0
        for block in blocks {
            switch block {
            case .notice("Is it the right picture?", let text, _):
                differences += parse(text, "These do not match: ", ". ", "")?.first?.components(separatedBy: ", ") ?? []
            case .notice(let title, let text, _):
                let found = AcuityLevel.allCases.first {
                    let advice = AcuityAdvice(for: $0, emergencyNumber: emergencyNumber)
                    return SafeText.line(advice.title) == title
                        && SafeText.cleaned(advice.steps.joined(separator: " ")) == text
                }
                if let found {
                    levels.insert(found)
                    told += 1
                } else {
                    faults.append("the patient's page tells something else to do than its level asks for")
                }
            case .paragraph(let text):
                if let found = AcuityLevel.allCases.first(where: { text.hasPrefix(ReportPhrases.level($0) + " ") }) {
                    levels.insert(found)
                    told += 1
                }
            default: break
            }
        }
        if told != 2 { faults.append("the patient's page tells the urgency \(told) times instead of twice") }
    }
}
