import Foundation
import Testing

@testable import Domain

@Suite("Right patient, right picture")
struct RightPatientTests {
    static let today = PartialDate("2026-11-25")!

    static func agreements(
        _ answers: Answers, _ dicom: DicomSummary
    ) -> [IdentityCheck.Field: IdentityCheck.Agreement] {
        let check = IdentityCheck(answers, with: dicom, today: today)
        return Dictionary(uniqueKeysWithValues: check.rows.map { ($0.field, $0.agreement) })
    }

    static let names: [(String, String, IdentityCheck.Agreement)] = [
        ("Jane Doe", "DOE^JANE", .agrees), ("jane", "Doe^Jane^Mary", .agrees), ("Müller", "MULLER^K", .agrees),
        ("Jay", "DOE^JANE", .differs), ("J", "J^J", .differs), ("Jane", "Anonymous", .unknown),
        ("Jane", "ANON^1234", .unknown), ("Jane", "CompressedSamples^RG1", .unknown), ("Jane", "^^", .unknown),
        ("Yamada", "Yamada^Tarou=山田^太郎", .agrees),
    ]

    @Test(
        "A name agrees when the two have a part in common; a file without a real name isn't compared", arguments: names)
    func name(told: String, file: String, expected: IdentityCheck.Agreement) {
        let rows = Self.agreements(["pseudonym": .text(told)], DicomSummary(patientName: file))
        #expect(rows[.name] == expected)
    }

    static let ages: [(Int, String, String?, IdentityCheck.Agreement)] = [
        (62, "062Y", nil, .agrees), (61, "062Y", nil, .agrees), (60, "062Y", nil, .differs),
        (72, "062Y", "20160101", .agrees), (62, "062Y", "20160101", .differs), (1, "018M", nil, .agrees),
        (9, "062Y", nil, .differs),
    ]

    @Test("The age in the file counts from the day of the study, and may be one year off", arguments: ages)
    func age(told: Int, file: String, study: String?, expected: IdentityCheck.Agreement) {
        let rows = Self.agreements(
            ["age": .number(Double(told))], DicomSummary(patientAge: file, studyDate: study))
        #expect(rows[.age] == expected)
    }

    static let dates: [(String, String, IdentityCheck.Agreement)] = [
        ("1972", "19720630", .agrees), ("1972-06", "19720630", .agrees), ("1972-06-30", "19720630", .agrees),
        ("1972-07", "19720630", .differs), ("1973", "19720630", .differs), ("1972", "1972", .unknown),
        ("1972", "20231345", .unknown),
    ]

    @Test("Dates of birth agree where they can mean the same day", arguments: dates)
    func birth(told: String, file: String, expected: IdentityCheck.Agreement) {
        let rows = Self.agreements(["birth-date": .text(told)], DicomSummary(patientBirthDate: file))
        #expect(rows[.birthDate] == expected)
    }

    static let agesAndDates: [(Int, String, String?, IdentityCheck.Agreement)] = [
        (54, "19720630", nil, .agrees), (53, "19720630", nil, .agrees), (55, "19720630", nil, .agrees),
        (52, "19720630", nil, .differs), (30, "19720630", nil, .differs), (80, "19720630", "20261120", .differs),
        (54, "19720630", "20161120", .agrees), (44, "19720630", "20161120", .differs), (0, "20270101", nil, .differs),
    ]

    @Test("An age alone is compared with the date of birth in the file, a year either way", arguments: agesAndDates)
    func ageAgainstBirth(told: Int, born: String, study: String?, expected: IdentityCheck.Agreement) {
        let rows = Self.agreements(
            ["age": .number(Double(told))], DicomSummary(patientBirthDate: born, studyDate: study))
        #expect(rows[.birthDate] == expected)
        #expect(rows[.age] == nil)
    }

    @Test("A date of birth alone is compared with the age in the file")
    func birthAgainstAge() {
        let told: Answers = ["birth-date": .text("1972-06-30")]
        #expect(Self.agreements(told, DicomSummary(patientAge: "054Y"))[.age] == .agrees)
        #expect(Self.agreements(told, DicomSummary(patientAge: "080Y"))[.age] == .differs)
    }

    static let studies: [(String, IdentityCheck.Agreement)] = [
        ("20261125", .agrees), ("20261026", .agrees), ("20261025", .questioned), ("20160101", .questioned),
        ("20240229", .questioned), ("20261126", .differs),
    ]

    @Test("A picture of more than 30 days ago is questioned, one of tomorrow differs", arguments: studies)
    func old(study: String, expected: IdentityCheck.Agreement) {
        let check = IdentityCheck([:], with: DicomSummary(studyDate: study), today: Self.today)
        #expect(check.rows.map(\.agreement) == [expected])
        #expect(check.questions.count == (expected == .questioned ? 1 : 0))
        // A question doesn't stand in the way.
        #expect(check.open.isEmpty == (expected != .differs))
    }

    @Test("A picture was not taken tomorrow, nor before the birth")
    func study() {
        #expect(Self.agreements([:], DicomSummary(studyDate: "20261126"))[.studyDate] == .differs)
        let rows = IdentityCheck([:], with: DicomSummary(studyDate: "20261125"), today: Self.today).rows
        #expect(rows.map(\.told) == ["\(Self.today)"])
        #expect(Self.agreements([:], DicomSummary(studyDate: "20261125"))[.studyDate] == .agrees)
        let born: Answers = ["birth-date": .text("2000")]
        #expect(Self.agreements(born, DicomSummary(studyDate: "19991231"))[.studyDate] == .differs)
    }

    @Test("Today is told as UTC has it, and nobody's today lies ahead")
    func toldToday() throws {
        let noon = try Date("2026-11-25T12:00:00Z", strategy: .iso8601)
        let rows = IdentityCheck([:], with: DicomSummary(studyDate: "20261126"), at: noon).rows
        #expect(rows.map(\.told) == ["2026-11-25"])
        // In Kiribati it is the 26th by then.
        #expect(rows.map(\.agreement) == [.agrees])
    }

    @Test("Sex at birth is compared where both sides say one")
    func sex() {
        let male = DicomSummary(patientSex: "M")
        #expect(Self.agreements(["sex": .text("female")], male)[.sex] == .differs)
        #expect(Self.agreements(["sex": .text("declined")], male)[.sex] == .unknown)
        #expect(Self.agreements([:], DicomSummary())[.sex] == nil)
    }

    @Test("A difference is open until it is confirmed; a file without a header has none")
    func confirmation() {
        let answers: Answers = ["sex": .text("female")]
        var check = IdentityCheck(answers, with: DicomSummary(patientSex: "M"), today: Self.today)
        #expect(check.open == [.sex])
        check.confirmed = [.sex]
        #expect(check.open == [])
        #expect(check.differences == [.sex])
        #expect(IdentityCheck(answers, with: nil, today: Self.today).rows == [])
    }
}
