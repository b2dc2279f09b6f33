import Crypto
import Domain
import Foundation
import ReportDocuments
import Testing
import Workflows

@testable import ReportRendering

@Suite("The report as a FHIR document")
struct FHIRReportTests {
    private static let pdf = Array("%PDF-1.7 not really".utf8)

    private static func bytes(_ content: ReportContent, pdf: [UInt8]? = pdf) throws -> [UInt8] {
        try FHIRReport.bundle(content, pdf: pdf) { _ in 8 }.bytes
    }

    /// The resources of a document by type, as any reader of JSON sees them.
    private struct Document {
        let bundle: [String: Any]
        let resources: [[String: Any]]

        init(_ content: ReportContent, pdf: [UInt8]? = FHIRReportTests.pdf) throws {
            let json = try JSONSerialization.jsonObject(with: Data(FHIRReportTests.bytes(content, pdf: pdf)))
            bundle = try #require(json as? [String: Any])
            let entries = try #require(bundle["entry"] as? [[String: Any]])
            resources = entries.compactMap { $0["resource"] as? [String: Any] }
        }

        func all(_ type: String) -> [[String: Any]] { resources.filter { $0["resourceType"] as? String == type } }

        func one(_ type: String) throws -> [String: Any] { try #require(all(type).first) }

        func observation(_ code: String) throws -> [String: Any] {
            try #require(
                all("Observation").first { observation in
                    let codings = (observation["code"] as? [String: Any])?["coding"] as? [[String: Any]]
                    return codings?.contains { $0["code"] as? String == code } ?? false
                })
        }

        func component(_ code: String, of observation: [String: Any]) throws -> [String: Any] {
            try #require(
                (observation["component"] as? [[String: Any]])?.first {
                    (($0["code"] as? [String: Any])?["coding"] as? [[String: Any]])?.first?["code"] as? String == code
                })
        }
    }

    private static func sections(_ content: ReportContent) throws -> [[String: Any]] {
        try #require(Document(content).one("Composition")["section"] as? [[String: Any]])
    }

    private static func codes(_ concept: Any?) -> [String] {
        let concepts = concept as? [[String: Any]] ?? (concept as? [String: Any]).map { [$0] } ?? []
        return concepts.flatMap { $0["coding"] as? [[String: Any]] ?? [] }.compactMap { $0["code"] as? String }
    }

    private static func texts(_ value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let values as [Any]: values.flatMap(texts)
        case let members as [String: Any]: members.values.flatMap(texts)
        default: []
        }
    }

    // MARK: - The document

    @Test("The same content gives the same bytes, and another report other names")
    func deterministic() throws {
        let content = try FHIRFixtures.full()
        #expect(try Self.bytes(content) == Self.bytes(content))
        var other = content
        other.id = .make(at: FHIRFixtures.start)
        let names = Set(try Document(content).resources.compactMap { $0["id"] as? String })
        #expect(names.isDisjoint(with: try Document(other).resources.compactMap { $0["id"] as? String }))
    }

    @Test("The gap lies within the signature, is asked for the bytes around it, and everything else stays")
    func gap() throws {
        var asked: [Int] = []
        let content = try FHIRFixtures.full()
        let document = try FHIRReport.bundle(content, pdf: Self.pdf) { covered in
            asked.append(covered)
            return 100
        }
        #expect(asked == [document.bytes.count - 100])
        #expect(document.gap.count == 100)
        #expect(document.bytes[document.gap].allSatisfy { $0 == UInt8(ascii: " ") })
        var sealed = document.bytes
        let seal = Array("LIGHTBOX-SEAL-1:abc-_".utf8)
        sealed.replaceSubrange(document.gap.prefix(seal.count), with: seal)
        let bundle = try #require(try JSONSerialization.jsonObject(with: Data(sealed)) as? [String: Any])
        let signature = try #require(bundle["signature"] as? [String: Any])
        let value = try #require((signature["extension"] as? [[String: Any]])?.first?["valueString"] as? String)
        #expect(value == "LIGHTBOX-SEAL-1:abc-_" + String(repeating: " ", count: 79))
    }

    @Test("The composition comes first, with its sections in order and their codes")
    func sections() throws {
        let document = try Document(FHIRFixtures.full())
        #expect(document.resources.first?["resourceType"] as? String == "Composition")
        #expect(document.bundle["type"] as? String == "document")
        let sections = try Self.sections(FHIRFixtures.full())
        #expect(
            sections.flatMap { Self.codes($0["code"]) } == [
                "55115-0", "11329-0", "55111-9", "18834-2", "59776-5", "19005-8", "18783-1",
            ])
        #expect(sections.last?["title"] as? String == "Conversation: About the mark")
        let composition = try document.one("Composition")
        #expect(Self.codes(composition["type"]) == ["18748-4"])
        #expect(composition["confidentiality"] as? String == "R")
        #expect(composition["status"] as? String == "preliminary")
    }

    @Test("A section without an entry says why it is empty")
    func emptySections() throws {
        for section in try Self.sections(FHIRFixtures.plain()).prefix(7) {
            #expect((section["entry"] == nil) == (section["emptyReason"] != nil), "\(section["title"] ?? "")")
        }
        let comparison = try Self.sections(FHIRFixtures.plain())[3]
        #expect(Self.codes(comparison["emptyReason"]) == ["unavailable"])
        #expect(Self.texts(comparison).contains { $0.contains("None available.") })
    }

    @Test(
        "That there is no allergy is only said where it was told",
        arguments: [("none", "nilknown"), ("declined", "withheld"), ("unknown", "unavailable")])
    func allergies(told: String, reason: String) throws {
        let history = try Self.sections(FHIRFixtures.plain(answers: ["allergy-status": .text(told)]))[1]
        let lists = try #require(history["section"] as? [[String: Any]])
        #expect(Self.codes(lists[1]["emptyReason"]) == [reason])
        #expect(Self.codes(lists[0]["emptyReason"]) == ["unavailable"])
    }

    // MARK: - The record

    @Test("The person goes by the pseudonym, without any identifier")
    func patient() throws {
        let patient = try Document(FHIRFixtures.full()).one("Patient")
        #expect((patient["name"] as? [[String: Any]])?.first?["text"] as? String == "J. D.")
        #expect(patient["birthDate"] as? String == "1972-03")
        #expect(patient["gender"] as? String == "female")
        #expect(patient["identifier"] == nil)
        let session = try FHIRFixtures.full().upload.sessionID.description
        let everything = String(decoding: try Self.bytes(FHIRFixtures.full()), as: UTF8.self)
        #expect(!everything.contains(session))
    }

    @Test("What was told is unconfirmed, and stays what was told")
    func told() throws {
        let document = try Document(FHIRFixtures.full())
        #expect(document.all("AllergyIntolerance").count == 3)
        for allergy in document.all("AllergyIntolerance") {
            #expect(Self.codes(allergy["verificationStatus"]) == ["unconfirmed"])
        }
        let severities = document.all("AllergyIntolerance").map {
            ($0["reaction"] as? [[String: Any]])?.first?["severity"] as? String
        }
        #expect(severities == ["moderate", nil, "severe"])
        let conditions = document.all("Condition")
        #expect(conditions.map { Self.codes($0["clinicalStatus"]) } == [["active"], ["resolved"], []])
        #expect(conditions.allSatisfy { Self.codes($0["verificationStatus"]) == ["unconfirmed"] })
        let medication = document.all("MedicationStatement")
        #expect(medication.map { $0["status"] as? String } == ["active", "completed"])
        #expect(medication[0]["effectivePeriod"] as? [String: String] == ["start": "2001-05-02"])
        // Told as stopped before it was begun.
        #expect(medication[1]["effectivePeriod"] == nil)
        #expect(Self.texts(medication[1]).contains { $0.contains("2020-02") && $0.contains("2020-01") })
    }

    @Test("What was kept from the assistant is in the report and marked, and nothing else is")
    func withheld() throws {
        let document = try Document(FHIRFixtures.full())
        func isMarked(_ resource: [String: Any]) -> Bool {
            (resource["extension"] as? [[String: Any]])?.contains {
                $0["url"] as? String == "urn:lightbox:withheld-from-assistant" && $0["valueBoolean"] as? Bool == true
            } ?? false
        }
        #expect(document.all("MedicationStatement").allSatisfy(isMarked))
        #expect(isMarked(try document.observation("72166-2")))
        #expect(!document.all("Condition").contains(where: isMarked))
        var marked: [String] = []
        func walk(_ items: Any?) {
            for item in items as? [[String: Any]] ?? [] {
                if isMarked(item), let id = item["linkId"] as? String { marked.append(id) }
                walk(item["item"])
            }
        }
        walk(try document.one("QuestionnaireResponse")["item"])
        #expect(marked == ["medication", "medication", "smoking", "alcohol"])
        let history = Self.texts(try Self.sections(FHIRFixtures.full())[1]).joined()
        #expect(history.contains("Alcohol (withheld from the assistant)"))
    }

    // MARK: - Findings

    @Test("A finding has its number, threshold, mark and natural frequency, and is preliminary")
    func findings() throws {
        let document = try Document(FHIRFixtures.full())
        let finding = try document.observation("effusion")
        #expect(finding["status"] as? String == "preliminary")
        #expect(Self.codes(finding["code"]) == ["effusion", "RID34539"])
        #expect((finding["valueQuantity"] as? [String: Any])?["value"] as? Double == 0.3)
        let threshold = try document.component("threshold", of: finding)["valueQuantity"] as? [String: Any]
        #expect(threshold?["value"] as? Double == 0.3)
        #expect(try document.component("marked", of: finding)["valueBoolean"] as? Bool == true)
        let ratio = try document.component("frequency", of: finding)["valueRatio"] as? [String: [String: Int]]
        #expect(ratio == ["numerator": ["value": 31], "denominator": ["value": 200]])
        let other = try document.observation("mass")
        #expect(try document.component("marked", of: other)["valueBoolean"] as? Bool == false)
        #expect(!Self.texts(other).contains("frequency"))
        #expect(Self.texts(other).contains("Not marked does not mean that nothing is there."))
    }

    @Test("Numbers are decimals without noise and without an exponent")
    func decimals() throws {
        let json = String(decoding: try Self.bytes(FHIRFixtures.full()), as: UTF8.self)
        #expect(json.contains(#""value":0.3,"unit":"probability""#))
        #expect(json.contains(#""value":0.00001,"unit":"probability""#))
        #expect(json.contains(#""valueDecimal":38.4}"#))
        #expect(json.firstMatch(of: /":-?[0-9.]+[eE]/) == nil)
    }

    @Test("A finding that the model doesn't speak of has no value, and says why")
    func notSpokenOf() throws {
        let observation = try Document(FHIRFixtures.full()).observation("pneumonia-child")
        #expect(observation["valueQuantity"] == nil)
        let absent = observation["dataAbsentReason"] as? [String: Any]
        #expect(absent?["text"] as? String == "Ages 1 to 5 only.")
        #expect(Self.codes(absent) == ["not-applicable"])
    }

    @Test("No code of SNOMED CT is in it, even where a model has one")
    func noSnomed() throws {
        let json = String(decoding: try Self.bytes(FHIRFixtures.full()), as: UTF8.self)
        #expect(!json.lowercased().contains("snomed"))
    }

    @Test("The report points to its findings and holds the PDF with its size and its SHA-1")
    func diagnosticReport() throws {
        let document = try Document(FHIRFixtures.full())
        let report = try document.one("DiagnosticReport")
        #expect(report["status"] as? String == "preliminary")
        #expect(Self.codes(report["category"]) == ["RAD"])
        #expect((report["result"] as? [Any])?.count == 3)
        let form = try #require((report["presentedForm"] as? [[String: Any]])?.first)
        #expect(form["data"] as? String == Data(Self.pdf).base64EncodedString())
        #expect(form["size"] as? Int == Self.pdf.count)
        #expect(form["hash"] as? String == Data(Insecure.SHA1.hash(data: Self.pdf)).base64EncodedString())
        #expect(try Document(FHIRFixtures.full(), pdf: nil).one("DiagnosticReport")["presentedForm"] == nil)
    }

    @Test("Nothing marked is never told as nothing there")
    func nothingMarked() throws {
        var content = try FHIRFixtures.plain()
        content.result.findings.removeFirst()
        let conclusion = try Document(content).one("DiagnosticReport")["conclusion"] as? String
        #expect(conclusion == "The model marked nothing. This rules nothing out.")
        content.result.findings = []
        let silent = try Document(content).one("DiagnosticReport")["conclusion"] as? String
        #expect(silent == "The model speaks of no finding for this person or picture.")
    }

    @Test("The urgency has its level, its reasons, and who lowered it")
    func urgency() throws {
        let urgency = try Document(FHIRFixtures.full()).observation("urgency")
        #expect(Self.codes(urgency["valueCodeableConcept"]) == ["soon"])
        let notes = urgency["note"] as? [[String: Any]] ?? []
        #expect(notes.contains { $0["authorString"] as? String == "Dr. Lee" })
        var content = try FHIRFixtures.full()
        content.acuity = Acuity()
        content.acuity.raise(
            by: IntakeAcuity().reasons(["red-flags": .codes(["blue-lips"])], of: .intake), at: FHIRFixtures.start)
        let document = try Document(content)
        let raised = try document.observation("urgency")
        #expect(Self.codes(raised["valueCodeableConcept"]) == ["emergency"])
        #expect(try document.component("blue-lips", of: raised)["valueCodeableConcept"] != nil)
    }

    @Test("A person's own reading stands beside the model's findings and not among them", arguments: [true, false])
    func reading(isBlind: Bool) throws {
        var content = try FHIRFixtures.full()
        content.reading = OwnReading(
            analysisID: content.analysis.id, clinician: "Dr. Lee", text: "Clear.", recordedAt: FHIRFixtures.start,
            isBlind: isBlind)
        let document = try Document(content)
        let reading = try document.observation("18782-3")
        #expect(reading["valueString"] as? String == "Clear.")
        #expect(try document.component("blind", of: reading)["valueBoolean"] as? Bool == isBlind)
        let name = "urn:uuid:\(reading["id"] as? String ?? "")"
        #expect(!Self.texts(try document.one("DiagnosticReport")["result"] ?? []).contains(name))
        #expect(Self.texts(try Self.sections(content)[5]["entry"] ?? []).contains(name))
    }

    @Test("A picture of a file that doesn't say its kind is of DICOM's other kind, and no UID is the file's")
    func study() throws {
        func modality(_ content: ReportContent) throws -> String? {
            let series = try Document(content).all("ImagingStudy").first?["series"] as? [[String: Any]]
            return (series?.first?["modality"] as? [String: Any])?["code"] as? String
        }
        #expect(try modality(FHIRFixtures.full()) == "DX")
        #expect(try modality(FHIRFixtures.plain()) == "OT")
        var content = try FHIRFixtures.full()
        content.upload = Upload(
            id: content.upload.id, sessionID: content.upload.sessionID, fileName: "a", bytes: 1, sha256: "",
            inspection: .init(
                format: .dicom, width: 1, height: 1, bitsPerSample: 8, channels: 1, frames: 1,
                dicom: DicomSummary(modality: "<b>", studyDate: "20261399")), createdAt: FHIRFixtures.start)
        #expect(try modality(content) == "OT")
        #expect(try Document(content).one("ImagingStudy")["started"] == nil)
    }

    // MARK: - Withdrawal

    @Test(
        "Of a withdrawn model the findings are entered in error, what was told is not, and the edition has a new name")
    func withdrawn() throws {
        let before = try Document(FHIRFixtures.full())
        var content = try FHIRFixtures.full()
        content.withdrawal = FHIRFixtures.withdrawal
        let after = try Document(content)
        for code in ["effusion", "mass", "pneumonia-child"] {
            #expect(try after.observation(code)["status"] as? String == "entered-in-error")
        }
        #expect(try after.one("DiagnosticReport")["status"] as? String == "entered-in-error")
        #expect(try after.one("Composition")["status"] as? String == "amended")
        #expect(try after.observation("18782-3")["status"] as? String == "preliminary")
        #expect(after.all("Device").map { $0["status"] as? String } == ["active", "inactive"])
        let conclusion = try #require(try after.one("DiagnosticReport")["conclusion"] as? String)
        #expect(conclusion.hasPrefix("Withdrawn: version 1.0.0 of the model “chest-xray” was withdrawn on 2027-01-16."))
        #expect(conclusion.contains("Its thresholds are wrong."))
        #expect(after.bundle["id"] as? String != before.bundle["id"] as? String)
        let replaced = try #require(try after.one("Composition")["relatesTo"] as? [[String: Any]]).first
        let first = try #require(before.bundle["identifier"] as? [String: String])
        #expect(replaced?["targetIdentifier"] as? [String: String] == first)
        #expect(
            try after.one("Composition")["identifier"] as? [String: String] == before.one("Composition")["identifier"]
                as? [String: String])
    }

    // MARK: - Hostile text

    private static func hostile(_ text: String) throws -> ReportContent {
        var content = try FHIRFixtures.full(answers: [
            "pseudonym": .text(text), "reason": .text(text), "occupation": .text(text),
            "conditions": .rows([["name": .text(text)]]), "medication-status": .text("yes"),
            "medication": .rows([["name": .text(text), "dose": .text(text), "last-taken": .text(text)]]),
            "allergy-status": .text("yes"),
            "allergies": .rows([["substance": .text(text), "reaction": .text(text)]]),
        ])
        content.responsible = text
        content.reading = OwnReading(
            analysisID: content.analysis.id, clinician: text, text: text, recordedAt: FHIRFixtures.start, isBlind: false
        )
        content.conversations[0].title = text
        content.conversations[0].exchanges[0].question = text
        content.withdrawal = ModelWithdrawal(
            model: text, version: text, reason: text, by: text, at: FHIRFixtures.start)
        return content
    }

    @Test("Hostile text stays text", arguments: FHIRFixtures.hostile)
    func hostileText(text: String) throws {
        let document = try Document(Self.hostile(text))
        for string in Self.texts(document.bundle) {
            let allowed = string.unicodeScalars.allSatisfy { scalar in
                ["\n", "\r", "\t", " "].contains(scalar)
                    || !(scalar.properties.isWhitespace || scalar.properties.generalCategory == .control)
            }
            #expect(allowed, "\(string.debugDescription.prefix(200))")
            // Markup only where it is markup.
            #expect(!string.hasPrefix("<div") || !(string.contains("<script") || string.contains("<img")))
            #expect(!string.unicodeScalars.contains("\u{202E}"))
        }
    }

    // MARK: - By a library that we did not write

    private static let root = (1...4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    // Not standardised: that would follow the link to the Python that knows nothing of the environment.
    private static let python = root.appending(path: ".venv-test/bin/python")

    private static var contents: [ReportContent] {
        get throws {
            var withdrawn = try FHIRFixtures.full()
            withdrawn.withdrawal = FHIRFixtures.withdrawal
            return try [FHIRFixtures.full(), FHIRFixtures.plain(), withdrawn] + FHIRFixtures.hostile.map(hostile)
        }
    }

    @Test(
        "fhir.resources reads all of it, and writes the same again",
        .enabled(if: FileManager.default.isExecutableFile(atPath: python.path())))
    func validated() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fhir-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [String] = []
        for (number, content) in try Self.contents.enumerated() {
            let file = folder.appending(path: "\(number).json")
            try Data(Self.bytes(content)).write(to: file)
            files.append(file.path())
        }
        let check = Process()
        check.executableURL = Self.python
        check.arguments = ["-B", Self.root.appending(path: "tests/api/fhir_document.py").path()] + files
        let output = Pipe()
        check.standardOutput = output
        check.standardError = output
        try check.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        check.waitUntilExit()
        #expect(check.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }
}
