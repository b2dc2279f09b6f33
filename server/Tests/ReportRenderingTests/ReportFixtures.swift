import Domain
import Foundation
import ReportDocuments

@testable import ReportRendering
@testable import Workflows

/// Contents of reports, and what is written in documents.
enum ReportFixtures {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    static func finding(
        _ id: String, name: String? = nil, probability: Double, map: Bool = true, frequency: String? = nil
    ) -> String {
        """
        {"id": "\(id)", "name": "\(name ?? "Name of \(id)")", "plain": "plain", "means": "What \(id) means", "thresholdRule": "rule",
         "probability": \(probability), "threshold": 0.3, "flagged": \(probability >= 0.3),
         \(map ? #""activation": {"headID": "\#(id)", "columns": 2, "rows": 1, "values": [0, 1]},"# : "")
         \(frequency.map { #""frequency": \#($0),"# } ?? "")
         "measured": {"dataset": "d", "images": 200, "positives": 20, "auc": 0.81, "aucLow": 0.7, "aucHigh": 0.9,
                      "sensitivity": 0.9, "specificity": 0.412}}
        """
    }

    static func content(
        findings: [String] = [
            finding("effusion", probability: 0.4, frequency: #"{"images": 117, "positives": 34}"#),
            finding("edema", probability: 0.05),
        ],
        notes: String = "[]", answers: Answers = [:], acuity: Acuity = Acuity(), withheld: [String] = [],
        identity: IdentityCheck? = nil, frame: Int = 0, frames: Int = 1, adjustment: PictureAdjustment = .none,
        audience: Report.Audience = .clinician, format: PictureFormat = .png, dicom: DicomSummary? = nil
    ) throws -> ReportContent {
        var result = try JSONDecoder().decode(
            AnalysisResult.self,
            from: Data(
                """
                {"model": {"id": "chest-xray", "version": "1.0.0", "title": "Model", "intendedUse": "Not for care.",
                           "sha256": "aa11", "preprocessingSha256": "bb22"},
                 "engineVersion": "1", "quality": {"width": 10, "height": 10, "notes": \(notes)},
                 "scope": {"statement": "Adults only.", "notes": []}, "notChecked": ["Broken ribs", "Tuberculosis"],
                 "findings": [\(findings.joined(separator: ","))], "milliseconds": {},
                 "withheld": [{"id": "pneumonia-child", "name": "Pneumonia in children", "why": "Ages 1 to 5 only."}]}
                """.utf8))
        result.identity = identity
        return content(
            result, answers: answers, acuity: acuity, withheld: withheld, frame: frame, frames: frames,
            adjustment: adjustment, audience: audience, format: format, dicom: dicom)
    }

    static func content(
        _ result: AnalysisResult, answers: Answers = [:], acuity: Acuity = Acuity(), withheld: [String] = [],
        frame: Int = 0, frames: Int = 1, adjustment: PictureAdjustment = .none,
        audience: Report.Audience = .clinician, format: PictureFormat = .png, dicom: DicomSummary? = nil
    ) -> ReportContent {
        let upload = Upload(
            id: identifier("a2"), sessionID: identifier("a1"), fileName: "a.\(format)", bytes: 1, sha256: "cc33",
            inspection: .init(
                format: format, width: 640, height: 480, bitsPerSample: format == .dicom ? 12 : 8, channels: 1,
                frames: frames, dicom: dicom), createdAt: start)
        let analysis = Analysis(
            id: identifier("a3"), sessionID: upload.sessionID, uploadID: upload.id, frame: frame,
            adjustment: adjustment, createdAt: start, updatedAt: start)
        return ReportContent(
            id: identifier("a4"), options: .init(audience: audience), createdAt: start, questionnaire: .intake,
            answers: answers, acuity: acuity, emergencyNumber: "112", withheld: withheld, upload: upload,
            analysis: analysis, result: result, preview: [],
            sources: ReportSources(
                picture: "cc33", model: result.model.sha256, preprocessing: result.model.preprocessingSha256,
                thresholds: "dd44", context: "ee55", softwareVersion: "9"))
    }

    static func acuity(_ answers: Answers) -> Acuity {
        var acuity = Acuity()
        acuity.raise(by: IntakeAcuity().reasons(answers, of: .intake), at: start)
        return acuity
    }

    static let emergency = acuity(["red-flags": .codes(["blue-lips"])])

    static let differing = IdentityCheck(
        rows: [
            .init(field: .age, told: "54", file: "80", agreement: .differs),
            .init(field: .sex, told: "female", file: "female", agreement: .agrees),
        ], confirmed: [.age])

    /// A picture that isn't new.
    static let old = IdentityCheck(
        rows: [.init(field: .studyDate, told: "2027-01-15", file: "2019-03-02", agreement: .questioned)])

    /// A content that has all there can be.
    static func full(audience: Report.Audience = .clinician) throws -> ReportContent {
        try filled(
            content(
                findings: [
                    finding("effusion", probability: 0.4, frequency: #"{"images": 117, "positives": 34}"#),
                    finding("mass", probability: 0.35, frequency: #"{"images": 200, "positives": 9}"#),
                    finding("edema", probability: 0.05), finding("pneumothorax", probability: 0.04),
                ],
                notes: #"[{"code": "low-contrast", "text": "The picture has little contrast."}]"#,
                answers: [
                    "pseudonym": .text("J. D."), "age": .number(54), "sex": .text("female"), "reason": .text("Cough"),
                    "alcohol": .text("daily"), "allergy-status": .text("yes"),
                ],
                withheld: ["alcohol"], identity: differing, audience: audience))
    }

    /// Adds all that can come beside a history and a result.
    static func filled(_ content: ReportContent) throws -> ReportContent {
        var content = content
        content.acuity = emergency
        try content.acuity.lower(to: .soon, by: "Dr. Lee", because: "Seen in person", at: start)
        content.earlier = [earlier(of: content.result)]
        content.reading = OwnReading(
            analysisID: content.analysis.id, clinician: "Dr. Lee", text: "Blunted left angle.", recordedAt: start,
            isBlind: true)
        content.conversations = [
            ReportedConversation(
                title: "About the mark",
                exchanges: [
                    .init(
                        askedAt: start, question: "What is it?",
                        answer: ChatAnswer(
                            state: .complete, speaker: .library,
                            sentences: [AnswerSentence("**Fluid** around the lung.", evidence: [])], intent: "finding",
                            acuity: .soon))
                ])
        ]
        content.responsible = "The ward 5 study group"
        return content
    }

    static func earlier(of result: AnalysisResult, on date: String? = "2026-01-05") -> EarlierStudy {
        var before = result
        for index in before.findings.indices {
            before.findings[index].probability = 0.2
            before.findings[index].flagged = false
        }
        return EarlierStudy(
            analysisID: identifier("e1"), uploadID: identifier("e2"),
            studyDate: date, receivedAt: start.addingTimeInterval(-99), result: before)
    }

    /// The same ones each time.
    static func identifier<Entity>(_ suffix: String) -> Identifier<Entity> {
        Identifier("019f0000-0000-7000-8000-0000000000\(suffix)") ?? .make(at: start)
    }

    /// Everything that is written in it, line by line.
    static func text(_ document: ReportDocument) -> [String] { document.blocks.flatMap(text) }

    static func text(_ block: ReportDocument.Block) -> [String] {
        switch block {
        case .heading(_, let text), .paragraph(let text), .note(let text): [text]
        case .notice(let title, let text, _): [title, text]
        case .keyValues(let pairs): pairs.map { "\($0.key): \($0.value)" }
        case .list(let items): items
        case .table(let table): table.rows.map { $0.joined(separator: " | ") }
        case .figures(let figures): figures.map(\.caption)
        case .code(let code): [code.caption]
        }
    }

    /// The blocks below a heading of level 2.
    static func section(_ title: String, of document: ReportDocument) -> [ReportDocument.Block] {
        let start = document.blocks.firstIndex(of: .heading(level: 2, title)).map { $0 + 1 }
        return start.map { start in
            Array(
                document.blocks[start...].prefix {
                    if case .heading(2, _) = $0 { false } else { true }
                })
        } ?? []
    }

    static func lines(_ title: String, of document: ReportDocument) -> [String] {
        section(title, of: document).flatMap(text)
    }

    /// The model that comes with Lightbox, with a result for each of its findings.
    static func shipped(
        marked: (ModelManifest.Head) -> Bool, age: Int = 54
    ) throws -> AnalysisResult {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let manifest = try JSONDecoder().decode(
            ModelManifest.self, from: Data(contentsOf: root.appending(path: "models/chest-xray/manifest.json")))
        let heads = manifest.heads.filter { $0.purpose == .finding && $0.shown }
        let spoken = heads.filter { $0.scope?.exclusion(age: age, view: "PA") == nil }
        let findings = spoken.compactMap { head in
            AnalysisResult.Finding(
                head, probability: (head.threshold ?? 0) * (marked(head) ? 1.5 : 0.5), isFlagged: marked(head))
        }
        return AnalysisResult(
            model: .init(manifest), engineVersion: "1",
            quality: .init(
                width: 400, height: 400,
                notes: [
                    .init(
                        code: "low-resolution",
                        text: "The picture has few pixels (400 × 400). Fine detail is lost."),
                    .init(code: "low-contrast", text: "The picture has little contrast."),
                ]),
            scope: .init(
                statement: "The model looked for the findings below and for nothing else.", ageYears: age, notes: []),
            projection: .init(value: "PA", probability: 0.98, source: .model),
            findings: findings.sorted { $0.flagged && !$1.flagged },
            withheld: heads.compactMap { head in
                head.scope?.exclusion(age: age, view: "PA").map { .init(id: head.id, name: head.name ?? "", why: $0) }
            }, notChecked: manifest.notChecked, milliseconds: [:])
    }
}
