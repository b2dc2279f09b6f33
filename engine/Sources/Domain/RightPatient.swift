public import Foundation

/// Whether a picture belongs to the person of the history: what was told, beside what the file says.
public struct IdentityCheck: Codable, Sendable, Equatable {
    public enum Field: String, Codable, Sendable, CaseIterable {
        case name, sex, age
        case birthDate = "birth-date"
        case studyDate = "study-date"
    }

    public enum Agreement: String, Codable, Sendable {
        case agrees, differs
        /// Possible, but somebody has to ask: a picture that isn't new.
        case questioned
        /// One of the two isn't known.
        case unknown
    }

    public struct Row: Codable, Sendable, Equatable {
        public var field: Field
        public var told: String?
        public var file: String?
        public var agreement: Agreement

        public init(field: Field, told: String?, file: String?, agreement: Agreement) {
            self.field = field
            self.told = told
            self.file = file
            self.agreement = agreement
        }
    }

    /// What is known on at least one side, in a fixed order.
    public var rows: [Row]
    /// The differences that somebody has looked at and confirmed.
    public var confirmed: [Field]

    public init(rows: [Row], confirmed: [Field] = []) {
        self.rows = rows
        self.confirmed = confirmed
    }

    public var differences: [Field] { rows.filter { $0.agreement == .differs }.map(\.field) }
    /// What has to be asked, though nothing contradicts it.
    public var questions: [Row] { rows.filter { $0.agreement == .questioned } }
    /// What still has to be confirmed.
    public var open: [Field] { differences.filter { !confirmed.contains($0) } }
}

extension IdentityCheck {
    /// A picture that was taken longer ago is questioned: somebody may have chosen the wrong file.
    public static let daysOfNewPicture = 30

    /// - Parameters:
    ///   - answers: those that count.
    ///   - dicom: what the file's header says; nil for a file without one, which can't be compared.
    ///   - instant: now. Dates are held against the latest day that it can be for anybody, and today is told in UTC: a
    ///     European would read tomorrow's date as today's from noon on.
    public init(_ answers: Answers, with dicom: DicomSummary?, at instant: Date) {
        self.init(
            answers, with: dicom, today: PartialDate(latestAt: instant), told: PartialDate(inUTCAt: instant))
    }

    /// - Parameter told: the day that people read as today, where it isn't the one that dates are held against.
    public init(_ answers: Answers, with dicom: DicomSummary?, today: PartialDate, told: PartialDate? = nil) {
        guard let dicom else {
            self.init(rows: [])
            return
        }
        let check = IdentityComparison(answers: answers, dicom: dicom, today: today, toldToday: told ?? today)
        self.init(rows: [check.name, check.sex, check.age, check.birthDate, check.studyDate].compactMap { $0 })
    }
}

private struct IdentityComparison {
    let answers: Answers
    let dicom: DicomSummary
    let today: PartialDate
    let toldToday: PartialDate

    /// nil where neither side says anything.
    private func row(
        _ field: IdentityCheck.Field, _ told: String?, _ file: String?, agrees: Bool?
    ) -> IdentityCheck.Row? {
        guard told != nil || file != nil else { return nil }
        let agreement: IdentityCheck.Agreement = agrees.map { $0 ? .agrees : .differs } ?? .unknown
        return .init(field: field, told: told, file: file, agreement: agreement)
    }

    /// A name differs when no part of it is in the other. Whoever took a pseudonym confirms it with one click; a file
    /// without a real name is not compared.
    var name: IdentityCheck.Row? {
        let told = answers["pseudonym"]?.asText
        let file = dicom.patientName.map(Self.readable).flatMap { $0.isEmpty || Self.isAnonymous($0) ? nil : $0 }
        guard let told, let file else { return row(.name, told, file, agrees: nil) }
        let parts = Set(Self.folded(file))
        return row(.name, told, file, agrees: Self.folded(told).contains { $0.count > 1 && parts.contains($0) })
    }

    var sex: IdentityCheck.Row? {
        let told = PatientFacts(intake: answers).sex
        let file = PatientFacts(dicom: dicom).sex
        return row(.sex, told, file, agrees: told.flatMap { one in file.map { one == $0 } })
    }

    /// Today, by the age that was told or the date of birth.
    private var ageTold: Int? {
        PatientFacts(intake: answers).age
            ?? answers["birth-date"]?.asText.flatMap(PartialDate.init)?.age(on: today)?.upperBound
    }

    private var taken: PartialDate? { dicom.studyDate.flatMap(Self.date) }

    /// The age in the file is that of the day of the study. Ages may differ by one year. Where the file has a date of
    /// birth instead, that is what the age is held against.
    var age: IdentityCheck.Row? {
        let told = ageTold
        guard let file = PatientFacts(dicom: dicom).age else {
            guard dicom.patientBirthDate.flatMap(Self.date) == nil else { return nil }
            return told.flatMap { row(.age, "\($0)", nil, agrees: nil) }
        }
        let since = taken.map { max(0, today.year - $0.year) } ?? 0
        let text = since > 0 ? "\(file), \(since == 1 ? "one year" : "\(since) years") ago" : "\(file)"
        return row(.age, told.map { "\($0)" }, text, agrees: told.map { abs($0 - (file + since)) <= 1 })
    }

    var birthDate: IdentityCheck.Row? {
        let told = answers["birth-date"]?.asText
        let file = dicom.patientBirthDate.flatMap(Self.date)
        if told == nil, let file, let age = ageTold { return birthDate(file, against: age) }
        let agrees = told.flatMap(PartialDate.init).flatMap { one in
            file.map { !one.isSurely(after: $0) && !$0.isSurely(after: one) }
        }
        return row(.birthDate, told, file?.description, agrees: agrees)
    }

    /// An age alone says of a date of birth what it can: the two may differ by one year.
    private func birthDate(_ born: PartialDate, against age: Int) -> IdentityCheck.Row? {
        let then = taken.flatMap { $0.isSurely(after: today) ? nil : born.age(on: $0)?.upperBound }
        let file = then.map { "\(born), \($0) years old on the day of the picture" } ?? "\(born)"
        let agrees = born.age(on: today).map { ($0.lowerBound - 1...$0.upperBound + 1).contains(age) } ?? false
        return row(.birthDate, "\(age) years", file, agrees: agrees)
    }

    /// A picture can't have been taken before the birth, nor tomorrow: what it is held against is today. One that was
    /// taken long ago may be another than the one that is meant.
    var studyDate: IdentityCheck.Row? {
        guard let taken else { return nil }
        let birth = answers["birth-date"]?.asText.flatMap(PartialDate.init)
        let isPossible = !taken.isSurely(after: today) && !(birth.map { $0.isSurely(after: taken) } ?? false)
        var row = row(.studyDate, "\(toldToday)", "\(taken)", agrees: isPossible)
        if isPossible, let days = today.days(since: taken), days > IdentityCheck.daysOfNewPicture {
            row?.agreement = .questioned
        }
        return row
    }

    // MARK: - Reading

    /// A DICOM date, `YYYYMMDD` (PS3.5, 6.2), or the same with hyphens.
    private static func date(_ text: String) -> PartialDate? {
        let digits = text.filter(\.isNumber)
        guard digits.utf8.count == 8 else { return nil }
        return PartialDate("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")
    }

    /// A person's name `Family^Given^Middle^Prefix^Suffix` (PS3.5, 6.2.1) as people write it.
    private static func readable(_ name: String) -> String {
        let first = name.split(separator: "=", omittingEmptySubsequences: true).first.map(String.init) ?? ""
        let parts = first.split(separator: "^").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return (parts.dropFirst() + parts.prefix(1)).joined(separator: " ")
    }

    private static func folded(_ name: String) -> [String] {
        name.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil).lowercased()
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Names that stand for no name, "CompressedSamples" in the public sample files among them.
    private static func isAnonymous(_ name: String) -> Bool {
        let words = folded(name)
        return words.contains {
            $0.hasPrefix("anon") || $0.hasPrefix("deident")
                || ["unknown", "removed", "xxx", "compressedsamples"].contains($0)
        }
    }
}
