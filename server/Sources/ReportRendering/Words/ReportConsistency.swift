import Domain
import ReportDocuments
public import Workflows

/// Two documents of one content don't state the same.
public struct ReportConsistencyFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// What differs, and where; names of findings and of questions, nothing from the record.
    public var differences: [String]

    public var description: String { "The report contradicts itself: \(differences.joined(separator: "; "))." }
}

/// Proves that the pages for clinician and patient state the same findings, negations and urgency.
///
/// It doesn't trust their makers: it reads both documents back, block by block, and holds what they state against each
/// other and against ``ReportFacts``.
public enum ReportConsistency {
    public static func check(_ content: ReportContent) throws(ReportConsistencyFault) {
        try check(
            clinician: ClinicianReport(content).document, patient: PatientReport(content).document, against: content)
    }

    static func check(
        clinician: ReportDocument, patient: ReportDocument, against content: ReportContent
    ) throws(ReportConsistencyFault) {
        let facts = ReportFacts(content)
        let wanted = ReportStatements(facts)
        let clinicians = ReportStatements(
            clinician: clinician, emergencyNumber: content.emergencyNumber, isChild: facts.isChild)
        let patients = ReportStatements(
            patient: patient, emergencyNumber: content.emergencyNumber, isChild: facts.isChild)
        var found = clinicians.faults + patients.faults
        found += clinicians.differences(from: wanted).map { "the clinician's page, \($0)" }
        found += patients.differences(from: wanted).map { "the patient's page, \($0)" }
        // Follows from the two before; told by itself where a fact itself would be unreadable.
        if found.isEmpty { found += patients.differences(from: clinicians).map { "between the pages, \($0)" } }
        if disagreements(in: clinician).joined()
            != facts.disagreements.map(ReportPhrases.disagreement).joined(separator: " ")
        {
            found.append("the clinician's page tells other disagreements of clinician and model")
        }
        let alerts = facts.alerts.map { ReportDocument.KeyValue(SafeText.cleaned($0.name), SafeText.cleaned($0.words)) }
        let told = ReportSections(clinician).byHeading[ClinicianHeading.alerts.rawValue, default: []]
        if told != [.keyValues(alerts)] { found.append("the clinician's page tells other alerts") }
        found += strays(in: clinician, leaving: clinicianOwn, facts, "the clinician's page")
        found += strays(in: patient, leaving: patientOwn, facts, "the patient's page")
        guard found.isEmpty else { throw ReportConsistencyFault(differences: found) }
    }

    /// As they stand under the title that says whose reading counts more.
    private static func disagreements(in document: ReportDocument) -> [String] {
        ReportSections(document).byHeading[ClinicianHeading.impression.rawValue, default: []].flatMap { block in
            guard case .notice(ReportPhrases.disagree, let text, _) = block else { return [String]() }
            return [text]
        }
    }

    /// Sections with statements that are read above, and those where people write what they like.
    private static let clinicianOwn: Set<String> = Set(
        [
            ClinicianHeading.indication, .history, .findings, .impression, .identity, .technique,
            .conversation, .responsible, .intendedUse, .alerts,
        ].map(\.rawValue))
    private static let patientOwn: Set<String> = Set(
        [PatientHeading.marked, .unmarked, .unseen, .record, .makers, .conversation].map(\.rawValue))

    /// Sentences about a finding where none belongs.
    private static func strays(
        in document: ReportDocument, leaving sections: Set<String>, _ facts: ReportFacts, _ page: String
    ) -> [String] {
        let names = facts.findings.map { ReportPhrases.quoted($0.name) }
        var section = ""
        var found: [String] = []
        for block in document.blocks {
            if case .heading(1...2, let text) = block { section = text }
            guard !sections.contains(section) else { continue }
            for text in texts(of: block) where text.unicodeScalars.contains("“") {
                for name in names where text.contains(name) {
                    found.append("\(page) speaks of \(name) under “\(section)”")
                }
            }
        }
        return found
    }

    /// Notes and notices are left out: the reasons of people stand there, why urgency was lowered or a model withdrawn.
    private static func texts(of block: ReportDocument.Block) -> [String] {
        switch block {
        case .paragraph(let text): [text]
        case .list(let items): items
        case .heading, .note, .notice, .keyValues, .table, .figures, .code: []
        }
    }
}
