import Domain
import Foundation
import ReportDocuments

extension ReportStatements {
    init(patient document: ReportDocument, emergencyNumber: String, isChild: Bool) {
        let sections = ReportSections(document)
        func blocks(_ heading: PatientHeading) -> [ReportDocument.Block] {
            sections.byHeading[heading.rawValue] ?? []
        }
        faults = sections.twice.map { "the patient's page has “\($0)” twice" }
        let call = ReportDocument.Block.notice(
            title: SafeText.line(ReportPhrases.callTitle(emergencyNumber)),
            text: ReportPhrases.callText(isChild: isChild), tone: .caution)
        if sections.opening.dropFirst().first != call {
            faults.append("the patient's page doesn't say first when to call for help")
        }
        stamp = document.stamp
        readMarked(blocks(.marked))
        isRead = blocks(.marked).contains {
            if case .notice(ReportPhrases.looked, let text, _) = $0 {
                text.hasPrefix(ReportPhrases.countsMore)
            } else {
                false
            }
        }
        for item in ReportReading.items(blocks(.unmarked)) {
            if let name = ReportReading.parse(item, "Not marked: “", "”.", "")?.first {
                unmarked.append(name)
            } else {
                faults.append("the patient's page has an unreadable entry under “\(PatientHeading.unmarked.rawValue)”")
            }
        }
        if !ReportReading.paragraphs(blocks(.unmarked)).contains(where: { $0.hasPrefix(ReportPhrases.notMarkedMeans) })
        {
            faults.append("the patient's page doesn't say what not marked means")
        }
        withheldFindings = sections.list(under: ReportPhrases.withheldFindings, in: blocks(.unseen)).map(Self.plain)
        notChecked = sections.list(under: ReportPhrases.notLookedFor, in: blocks(.unseen)).map(Self.plain)
        quality = sections.list(under: ReportPhrases.quality, in: blocks(.picture)).map(Self.plain)
        readNow(blocks(.now), emergencyNumber, isChild)
        reasons = sections.list(under: ReportPhrases.reasons, in: blocks(.now)).map(Self.plain)
        lowered = ReportReading.loweredLevels(blocks(.now))
        earlier = sections.list(under: "Earlier pictures", in: blocks(.picture)).map {
            Self.plain(ReportReading.parse($0, "Earlier picture: ", "")?.first ?? $0)
        }
        if earlier.isEmpty != ReportReading.paragraphs(blocks(.picture)).contains(ReportPhrases.noEarlierPicture) {
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
                if let parts = ReportReading.parse(
                    text, "The program marked “", "”. Its number is ", ", and its line is ", "."),
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
        if marked.isEmpty,
            !ReportReading.paragraphs(blocks).contains(where: { $0.hasSuffix(ReportPhrases.rulesNothingOut) })
        {
            faults.append("the patient's page doesn't say that nothing is ruled out")
        }
    }

    private mutating func readNow(_ blocks: [ReportDocument.Block], _ emergencyNumber: String, _ isChild: Bool) {
        var told = 0
        for block in blocks {
            switch block {
            case .notice(ReportPhrases.rightPicture, let text, _):
                readQuestions(text)
                differences +=
                    ReportReading.parse(text, "These do not match: ", ". ", "")?.first?.components(separatedBy: ", ")
                    ?? []
            case .notice(let title, let text, _):
                let found = AcuityLevel.allCases.first {
                    let advice = AcuityAdvice(for: $0, emergencyNumber: emergencyNumber, isChild: isChild)
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
