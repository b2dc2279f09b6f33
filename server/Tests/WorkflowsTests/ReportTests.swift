import Domain
import Foundation
import Testing

@testable import Workflows

@Suite("Names of report files")
struct ReportFileNameTests {
    @Test(
        "Of a pseudonym only letters, digits and their marks get into a name",
        arguments: [
            ("Anna", "Anna"), ("Zoë", "Zoë"), ("山田 太郎", "山田-太郎"), ("علي", "علي"), ("../../etc/passwd", "etc-passwd"),
            ("a\"; filename=\"b.exe", "a-filename-b-exe"), ("a\r\nSet-Cookie: x", "aSet-Cookie-x"),
            ("\u{202E}gnp.exe", "gnp-exe"), ("..", ""), ("   ", ""), ("😀", ""), ("-rf", "rf"),
            ("\u{0301}\u{0301}x", "x"), ("a\u{0}b", "ab"),
        ])
    func parts(pseudonym: String, part: String) {
        #expect(ReportFileName.part(of: pseudonym) == part)
    }

    @Test(
        "However long a pseudonym is, the name fits a file system",
        arguments: ["a", "é", "山", "a\u{0301}\u{0302}", "a "])
    func lengths(piece: String) {
        let part = ReportFileName.part(of: String(repeating: piece, count: 10_000))
        #expect((1...60).contains(part.utf8.count))
        #expect(!part.hasSuffix("-"))
    }

    @Test("A name tells the day, the kind, and nothing else unless it was chosen")
    func stems() throws {
        let time = Date(timeIntervalSince1970: 1_795_219_200)
        let id = try #require(ReportID("01a20953-5594-79a5-bd55-caf3503d0159"))
        #expect(
            ReportFileName.stem(at: time, for: .clinician, id: id, pseudonym: nil)
                == "lightbox-chest-x-ray-2026-11-21-3d0159")
        #expect(
            ReportFileName.stem(at: time, for: .patient, id: id, pseudonym: "Zoë /")
                == "lightbox-chest-x-ray-patient-2026-11-21-Zoë-3d0159")
    }
}

@Suite("What a report says")
struct ReportContentTests {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)
    static let session = SessionID.make(at: start)

    static func upload(_ sha256: String, at offset: TimeInterval, date: String? = nil) -> Upload {
        var inspection = PictureInspection(
            format: .dicom, width: 10, height: 10, bitsPerSample: 8, channels: 1, frames: 1)
        inspection.dicom = DicomSummary(studyDate: date)
        let time = start.addingTimeInterval(offset)
        return Upload(
            id: .make(at: time), sessionID: session, fileName: "a.dcm", bytes: 1, sha256: sha256,
            inspection: inspection, createdAt: time)
    }

    static func analysis(of upload: Upload, isCompleted: Bool = true) throws -> Analysis {
        let result = try JSONDecoder().decode(
            AnalysisResult.self,
            from: Data(
                """
                {"model": {"id": "m", "version": "1", "title": "M", "intendedUse": "None.", "sha256": "aa",
                           "preprocessingSha256": "bb"},
                 "engineVersion": "1", "quality": {"width": 10, "height": 10, "notes": []},
                 "scope": {"statement": "Adults.", "notes": []}, "notChecked": [], "findings": [], "withheld": [],
                 "milliseconds": {"all": 0.1}}
                """.utf8))
        return Analysis(
            id: .make(at: start), sessionID: session, uploadID: upload.id, createdAt: start, updatedAt: start,
            state: isCompleted ? .completed : .queued, outcome: isCompleted ? .completed(result) : nil)
    }

    @Test("Earlier studies are those from before, each once, the newest first, and none is made up")
    func earlier() throws {
        let this = Self.upload("this", at: 0, date: "20260110")
        let before = Self.upload("before", at: -10)
        let older = Self.upload("older", at: 20, date: "20250101")
        let newer = Self.upload("newer", at: -20, date: "20260301")
        let after = Self.upload("after", at: 10)
        let same = Self.upload("this", at: -30, date: "20260110")
        let waiting = Self.upload("waiting", at: -40)
        let uploads = [this, before, older, newer, after, same, waiting]
        let analyses = try uploads.map { try Self.analysis(of: $0, isCompleted: $0.id != waiting.id) }
        let found = EarlierStudy.all(before: this, of: uploads, analyses)
        #expect(found.map(\.uploadID) == [before.id, older.id])
        #expect(found.map(\.studyDate) == [nil, "2025-01-01"])
        #expect(EarlierStudy.all(before: this, of: [this], analyses) == [])
    }

    @Test("A snapshot gives back what was gathered, with the questionnaire; one of another version is refused")
    func snapshots() throws {
        let upload = Self.upload("x", at: 0)
        let analysis = try Self.analysis(of: upload)
        let content = ReportContent(
            id: .make(at: Self.start), options: .init(audience: .patient), createdAt: Self.start,
            questionnaire: .intake, answers: ["pseudonym": .text("Zoë \u{202E}"), "age": .number(54)],
            acuity: Acuity(), emergencyNumber: "112", withheld: ["age"], upload: upload, analysis: analysis,
            result: try #require(analysis.result), responsible: "R", preview: [1, 2],
            sources: ReportSources(
                picture: "x", model: "a", preprocessing: "b", thresholds: "c", context: "d", softwareVersion: "9"))
        let files = try ReportSnapshot.files(of: content, picture: [9])
        #expect(files.map(\.name) == [.reportPicture(content.id), .reportSnapshot(content.id)])
        let read = try ReportSnapshot.content(from: files[1].bytes)
        #expect(read.questionnaire == .intake)
        #expect(read.answers == content.answers)
        #expect((read.upload, read.analysis, read.result) == (content.upload, content.analysis, content.result))
        #expect((read.createdAt, read.options, read.withheld) == (content.createdAt, content.options, ["age"]))
        #expect(read.preview.isEmpty)
        #expect(try ReportSnapshot.files(of: read, picture: [9])[1].bytes == files[1].bytes)
        let other = String(decoding: files[1].bytes, as: UTF8.self).replacing("\"version\":1}", with: "\"version\":2}")
        #expect(throws: ReportSnapshot.OtherVersion.self) { try ReportSnapshot.content(from: Array(other.utf8)) }
    }

    @Test("An answer that is still being written isn't printed")
    func conversations() {
        let id = ConversationID.make(at: Self.start)
        func message(_ number: Int, _ content: ChatMessage.Content) -> ChatMessage {
            ChatMessage(
                id: .make(at: Self.start), conversationID: id, number: number, createdAt: Self.start, content: content)
        }
        func answer(_ state: ChatAnswer.State) -> ChatMessage.Content {
            .answer(ChatAnswer(state: state, speaker: .library, sentences: [], intent: "i", acuity: .routine))
        }
        let printed = ReportedConversation(
            title: "t",
            messages: [
                message(1, .question("one")), message(2, answer(.complete)), message(3, .question("two")),
                message(4, answer(.writing)),
            ])
        #expect(printed.exchanges.map(\.question) == ["one"])
    }
}

@Suite("Live state of reports")
struct ReportBoardTests {
    static func report(revision: Int = 1) -> Report {
        let now = Date(timeIntervalSince1970: 0)
        return Report(
            id: .make(at: now), sessionID: .make(at: now), analysisID: .make(at: now),
            options: .init(audience: .clinician), fileStem: "x", createdAt: now, updatedAt: now, revision: revision)
    }

    @Test("A watcher sees each step once, forwards only, and the end; one who comes back misses nothing")
    func watching() async {
        let board = ReportBoard()
        var report = Self.report()
        board.enter(report)
        let changes = board.changes(of: report, after: nil)
        for step in [Report.Step.gathering, .picture, .gathering, .drawing, .drawing] {
            board.note(step, of: report.id)
        }
        let late = board.changes(of: report, after: 2)
        #expect(board.current(report.id)?.revision == 4)
        report.state = .ready
        report.revision = 5
        board.finish(report)
        var seen: [ReportStatus] = []
        for await status in changes { seen.append(status) }
        #expect(seen.map(\.step) == [nil, .gathering, .picture, .drawing, nil])
        #expect(seen.map(\.revision) == [1, 2, 3, 4, 5])
        var missed: [Int] = []
        for await status in late { missed.append(status.revision) }
        #expect(missed == [3, 4, 5])
        board.note(.keeping, of: report.id)
        #expect(board.current(report.id) == nil)
    }
}
