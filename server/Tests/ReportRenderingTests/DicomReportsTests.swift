import DicomDocuments
import Domain
import Foundation
import ReportDocuments
import Testing

@testable import ReportRendering
@testable import Workflows

@Suite("Reports as DICOM objects")
struct DicomReportsTests {
    static let start = ReportFixtures.start
    static let dicom = DicomSummary(
        modality: "DX", patientName: "DOE^JANE", patientID: "4711", patientSex: "F", patientBirthDate: "19720229",
        studyDate: "20261101", studyDescription: "Thorax p.a.", sopClassUID: "1.2.840.10008.5.1.4.1.1.1.1",
        sopInstanceUID: "1.2.3.1.1", studyInstanceUID: "1.2.3", seriesInstanceUID: "1.2.3.1")

    static func content(
        findings: [String]? = nil, dicom: DicomSummary? = nil, answers: Answers = ["pseudonym": .text("J. D.")],
        change: (inout ReportContent) -> Void = { _ in }
    ) throws -> ReportContent {
        var content = try ReportFixtures.content(
            findings: findings ?? [
                ReportFixtures.finding("effusion", probability: 0.4),
                ReportFixtures.finding("pleural-thickening", probability: 1.0 / 3 / 10),
            ], answers: answers)
        let old = content.upload
        content.upload = Upload(
            id: UploadID("018cc251-f400-7000-8000-000000000001") ?? old.id, sessionID: old.sessionID,
            fileName: old.fileName, bytes: old.bytes, sha256: old.sha256,
            inspection: .init(
                format: dicom == nil ? .png : .dicom, width: 640, height: 480, bitsPerSample: 8, channels: 1, frames: 1,
                dicom: dicom), createdAt: old.createdAt)
        change(&content)
        return content
    }

    static func withdrawal() -> ModelWithdrawal {
        ModelWithdrawal(
            model: "chest-xray", version: "1.0.0", reason: "Its scores were wrong.", by: "Dr. Lee", at: start)
    }

    static func reading(_ content: ReportContent, text: String = "Small effusion.", by name: String = "Dr. Lee")
        -> OwnReading
    {
        OwnReading(analysisID: content.analysis.id, clinician: name, text: text, recordedAt: start, isBlind: true)
    }

    /// All items of the tree, in order.
    static func items(_ content: ReportContent) -> [ContentItem] {
        func all(_ item: ContentItem) -> [ContentItem] { [item] + item.children.flatMap(all) }
        return all(MeasurementReport(content, DicomSubject(content)).root)
    }

    static func texts(_ concept: Code, _ content: ReportContent) -> [String] {
        items(content).compactMap { item in
            guard item.concept == concept, case .text(let text) = item.value else { return nil }
            return text
        }
    }

    static func has(_ text: String, _ document: GappedDocument) -> Bool {
        Data(document.bytes).range(of: Data(text.utf8)) != nil
    }

    static let pdf = Array("%PDF-1.7 odd".utf8) + [0]

    @Test("Within a known study, patient and study are those of the file; else as told, in a study of its own")
    func study() throws {
        let known = DicomSubject(try Self.content(dicom: Self.dicom)).context
        #expect(known.study.uid == "1.2.3" && known.patient.name?.value == "DOE^JANE" && known.patient.id == "4711")
        #expect(known.source?.instanceUID == "1.2.3.1.1")
        let answers: Answers = [
            "pseudonym": .text("J^D="), "birth-date": .text("1972-02-29"), "age": .number(54), "sex": .text("female"),
        ]
        let own = DicomSubject(try Self.content(answers: answers)).context
        #expect(own.study.uid.hasPrefix("2.25.") && own.source == nil)
        #expect(own.patient.name?.value == "J\u{FF3E}D\u{FF1D}" && own.patient.birthDate == "19720229")
        #expect(own.patient.sex == "F" && own.patient.age == "054Y")
        var broken = Self.dicom
        broken.studyInstanceUID = "1.2\\3"
        let odd = DicomSubject(try Self.content(dicom: broken)).context
        #expect(odd.study.uid == own.study.uid && odd.source == nil && odd.patient.name?.value == "J. D.")
        let month = DicomSubject(try Self.content(answers: ["birth-date": .text("1972-02")])).context
        #expect(month.patient.birthDate == nil && month.patient.name == nil)
    }

    @Test("Each finding has a group with its number, its threshold, whether it is marked, and by what it was found")
    func groups() throws {
        let groups = Self.items(try Self.content(dicom: Self.dicom)).filter { $0.concept == .measurementGroup }
        #expect(groups.count == 2)
        let first = try #require(groups.first).children
        #expect(first.contains { $0.concept == .finding && $0.value == .code(.own("effusion", "Name of effusion")) })
        #expect(first.contains { $0.concept == .probability && $0.value == .number(0.4, unit: .unity) })
        #expect(first.contains { $0.concept == .threshold && $0.value == .number(0.3, unit: .unity) })
        #expect(first.contains { $0.concept == .marked && $0.value == .code(.yes) })
        #expect(first.contains { $0.concept == .algorithmName && $0.value == .text("chest-xray") })
        #expect(first.contains { $0.concept == .algorithmVersion && $0.value == .text("1.0.0") })
        #expect(groups.last?.children.contains { $0.concept == .marked && $0.value == .code(.no) } == true)
        let tracked = groups.flatMap(\.children).filter { $0.concept == .trackingUID }.map(\.value)
        #expect(tracked.count == 2 && tracked[0] != tracked[1])
    }

    @Test("A report of a withdrawn model says so before anything else, and is never complete")
    func withdrawn() throws {
        var content = try Self.content { $0.reading = Self.reading($0) }
        #expect(DicomSubject(content).completion.isComplete)
        let before = try DicomReports.structured(content) { _ in 100 }
        content.withdrawal = Self.withdrawal()
        #expect(!DicomSubject(content).completion.isComplete)
        let first = Self.items(content).dropFirst().first { $0.relationship == .contains }
        #expect(first?.concept == .withdrawn && first?.value == .text(MeasurementReport.sentence(Self.withdrawal())))
        #expect(MeasurementReport.sentence(Self.withdrawal()).hasSuffix("by Dr. Lee: Its scores were wrong."))
        let after = try DicomReports.structured(content) { _ in 100 }
        #expect(Self.has("WITHDRAWN MODEL", after) && !Self.has("WITHDRAWN MODEL", before))
        #expect(Self.has("WITHDRAWN MODEL", try DicomReports.encapsulated(content, pdf: Self.pdf) { _ in 100 }))
    }

    @Test("A person's reading has its own observer, and none of the model's findings has that one")
    func reading() throws {
        let content = try Self.content { $0.reading = Self.reading($0) }
        let root = MeasurementReport(content, DicomSubject(content)).root
        let observers = root.children.filter { $0.concept == .observerType }.map(\.value)
        #expect(observers == [.code(.device)])
        let container = try #require(root.children.first { $0.concept == .reading }).children
        #expect(container.first?.value == .code(.person))
        #expect(container.contains { $0.value == .personName(PersonName("Dr. Lee")) })
        #expect(container.contains { $0.concept == .readingText && $0.value == .text("Small effusion.") })
        #expect(container.contains { $0.concept == .blind && $0.value == .code(.yes) })
        #expect(!Self.items(try Self.content()).contains { $0.concept == .reading })
    }

    @Test("Urgency, limits, what was not checked, comparison and hashes are told")
    func rest() throws {
        var acuity = Acuity()
        acuity.raise(by: IntakeAcuity().reasons(["red-flags": .codes(["blue-lips"])], of: .intake), at: Self.start)
        let content = try Self.content { content in
            content.acuity = acuity
            content.withheld = ["pseudonym"]
        }
        #expect(Self.texts(.urgency, content).first?.hasPrefix("emergency: This may be an emergency. Call 112") == true)
        #expect(Self.texts(.urgencyReason, content).count == 1)
        #expect(Self.texts(.notChecked, content) == ["Broken ribs", "Tuberculosis"])
        #expect(Self.texts(.notShown, content) == ["Pneumonia in children: Ages 1 to 5 only."])
        #expect(Self.texts(.previousFindings, content) == ["None available for comparison."])
        #expect(Self.texts(.withheld, content).count == 1)
        let hashes: [Code] = [.pictureHash, .modelHash, .preprocessingHash, .thresholdsHash, .contextHash]
        #expect(hashes.flatMap { Self.texts($0, content) } == ["cc33", "aa11", "bb22", "dd44", "ee55"])
        let quiet = try Self.content(findings: [ReportFixtures.finding("effusion", probability: 0.1)])
        let limits = Self.texts(.limitation, quiet)
        #expect(limits.contains("No finding reached its threshold. That doesn't mean that there is nothing."))
    }

    @Test("No code of SNOMED CT is used, and every one of our own is short enough")
    func codes() throws {
        let content = try Self.content(dicom: Self.dicom) { $0.reading = Self.reading($0) }
        let codes = Self.items(content).flatMap { item -> [Code] in
            var codes = item.concept.map { [$0] } ?? []
            if case .code(let code) = item.value { codes.append(code) }
            if case .number(_, let unit) = item.value { codes.append(unit) }
            return codes
        }
        #expect(Set(codes.map(\.scheme)) == ["DCM", "LN", "UMLS", "UCUM", "RFC5646", "99LIGHTBOX"])
        #expect(codes.filter { $0.value.count > 16 }.map(\.value) == ["pleural-thickening"])
    }

    @Test("The same content gives the same bytes; the gap is where the seal may go")
    func deterministic() throws {
        let content = try Self.content(dicom: Self.dicom)
        let one = try DicomReports.structured(content) { $0 / 100 * 2 }
        #expect(try DicomReports.structured(content) { $0 / 100 * 2 } == one)
        #expect(one.gap.count == one.gap.lowerBound / 100 * 2 && one.gap.upperBound == one.bytes.count)
        let pdf = try DicomReports.encapsulated(content, pdf: Self.pdf) { _ in 64 }
        #expect(pdf.bytes[pdf.gap].allSatisfy { $0 == 0x20 })
        #expect(Data(pdf.bytes).range(of: Data(Self.pdf)) != nil)
    }

    static let hostile: [String] = [
        "a\\b^c=d", "<script>alert(1)</script>", "\u{0}\u{1B}[2J\u{7}", "\u{202E}gnp.exe", "👩‍⚕️ Ж 漢字 عربي",
        String(repeating: "x", count: 10_000), String(repeating: "é", count: 10_000), "", "\n\n", "\u{FFFF}",
    ]

    static func hostile(_ text: String) throws -> ReportContent {
        try content(
            dicom: DicomSummary(
                patientName: text, patientID: text, patientSex: text, patientBirthDate: text, patientAge: text,
                studyDate: text, studyDescription: text, sopClassUID: text, sopInstanceUID: text,
                studyInstanceUID: "1.2.3", seriesInstanceUID: text),
            answers: ["pseudonym": .text(text), "symptoms-other": .text(text)]
        ) { content in
            content.reading = reading(content, text: text, by: text)
            content.responsible = text
            content.withdrawal = ModelWithdrawal(model: text, version: text, reason: text, by: text, at: start)
            content.result.notChecked = [text]
        }
    }

    @Test("Hostile text stays text", arguments: hostile.indices)
    func hostileText(index: Int) throws {
        let content = try Self.hostile(Self.hostile[index])
        let report = try DicomReports.structured(content) { _ in 100 }
        #expect(!Self.has("\u{1B}[", report) && !Self.has("\u{202E}", report))
        #expect(try DicomReports.encapsulated(content, pdf: Self.pdf) { _ in 100 }.gap.count == 100)
        if index == 1 { #expect(Self.has("<script>alert(1)</script>", report)) }
        if index == 5 { #expect(Self.has(String(repeating: "x", count: 10_000), report)) }
    }

    /// For tools that we did not write: `tests/api/dicom_report.py FOLDER` reads what this leaves in the folder.
    @Test(
        "Files for other readers", .enabled(if: ProcessInfo.processInfo.environment["LIGHTBOX_DICOM_FOLDER"] != nil))
    func files() throws {
        let folder = URL(filePath: ProcessInfo.processInfo.environment["LIGHTBOX_DICOM_FOLDER"] ?? "")
        var contents: [(String, ReportContent)] = [
            ("plain", try Self.content()), ("known", try Self.content(dicom: Self.dicom)),
            (
                "full",
                try Self.content(dicom: Self.dicom) { content in
                    content.reading = Self.reading(content)
                    content.withdrawal = Self.withdrawal()
                    content.earlier = [
                        EarlierStudy(
                            analysisID: content.analysis.id, uploadID: content.upload.id, studyDate: "2026-01-05",
                            receivedAt: Self.start, result: content.result)
                    ]
                }
            ),
        ]
        contents += try Self.hostile.enumerated().map { ("hostile-\($0)", try Self.hostile($1)) }
        try Data(Self.pdf).write(to: folder.appending(path: "report.pdf"))
        for (name, content) in contents {
            let report = try DicomReports.structured(content) { $0 / 100 * 2 }
            try Data(report.bytes).write(to: folder.appending(path: "\(name).sr.dcm"))
            let pdf = try DicomReports.encapsulated(content, pdf: Self.pdf) { $0 / 100 * 2 }
            try Data(pdf.bytes).write(to: folder.appending(path: "\(name).pdf.dcm"))
        }
    }
}
