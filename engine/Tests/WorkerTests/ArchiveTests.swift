import Domain
import Foundation
import Testing
import WorkerProtocol

extension WorkerUnderTest {
    /// Asks with a file in memory, and returns the answer and the pieces that came before it, joined.
    func askForFile(
        _ file: [UInt8], _ request: (UInt64) -> WorkerRequest
    ) throws -> (answer: WorkerReply, file: [UInt8]) {
        let id: UInt64 = 4711
        let sealed = try PictureBytes.sealedFile(file)
        defer { close(sealed) }
        try channel.send(WorkerFrame(request(id)), passing: sealed, deadline: Self.soon)
        var whole: [UInt8] = []
        while true {
            let frame = try receive()
            guard case .piece(id) = frame.message else { return (frame.message, whole) }
            let piece = try #require(frame.attachment(WorkerAttachment.piece))
            #expect(!piece.isEmpty && piece.count <= WorkerAttachment.longestPiece)
            whole += piece
        }
    }
}

@Suite("Archives, letters and de-identification, in the sandbox")
struct ArchiveTests {
    /// Stored files, as APPNOTE.TXT 4.3 lays them out.
    static func zip(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in files {
            let name = Array(name.utf8)
            var shared = numbers([(20, 2), (0x800, 2), (0, 6), (Int(crc(content)), 4)])
            shared += numbers([(content.count, 4), (content.count, 4), (name.count, 2), (0, 2)])
            directory += [0x50, 0x4B, 1, 2, 20, 0]
            directory += shared
            directory += numbers([(0, 10), (archive.count, 4)])
            directory += name
            archive += [0x50, 0x4B, 3, 4]
            archive += shared
            archive += name
            archive += content
        }
        let sizes = [(0, 4), (files.count, 2), (files.count, 2), (directory.count, 4), (archive.count, 4), (0, 2)]
        return archive + directory + [0x50, 0x4B, 5, 6] + numbers(sizes)
    }

    private static func numbers(_ numbers: [(value: Int, width: Int)]) -> [UInt8] {
        numbers.flatMap { number in Files.little(number.value, number.width) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var rest: UInt32 = ~0
        for byte in bytes {
            rest ^= UInt32(byte)
            for _ in 0..<8 { rest = rest & 1 == 1 ? 0xEDB8_8320 ^ (rest >> 1) : rest >> 1 }
        }
        return ~rest
    }

    static func code(_ answer: WorkerReply) -> String? {
        if case .failed(_, let code, _) = answer { code } else { nil }
    }

    @Test("A worker lists an archive, unpacks its files in pieces, refuses a broken one and works on")
    func archives() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let large = [UInt8](repeating: 9, count: 2 * WorkerAttachment.longestPiece + 5)
        let archive = Self.zip([("film.png", Files.png), ("../Röntgen.dcm", large), ("DICOMDIR", [1])])
        let limits = PictureLimits.standard
        let listed = try worker.askForFile(archive) { .list(id: $0, limits: limits, archive: .standard) }
        #expect(
            listed.answer
                == .listed(
                    id: 4711,
                    entries: [
                        ArchiveEntry(index: 0, name: "film.png", bytes: Files.png.count),
                        ArchiveEntry(index: 1, name: "Röntgen.dcm", bytes: large.count),
                    ]))
        for (index, content) in [(0, Files.png), (1, large)] {
            let (answer, file) = try worker.askForFile(archive) {
                .extract(id: $0, limits: limits, archive: .standard, index: index)
            }
            #expect(answer == .extracted(id: 4711) && file == content)
        }
        let none = try worker.askForFile(archive) { .extract(id: $0, limits: limits, archive: .standard, index: 2) }
        #expect(Self.code(none.answer) == PictureFault.Code.damagedArchive.rawValue && none.file.isEmpty)
        let cut = Array(archive.prefix(archive.count / 2))
        let refused = try worker.askForFile(cut) { .list(id: $0, limits: limits, archive: .standard) }
        #expect(Self.code(refused.answer) == PictureFault.Code.damagedArchive.rawValue)
        var small = limits
        small.maxBytes = archive.count - 1
        let large2 = try worker.askForFile(archive) { .list(id: $0, limits: small, archive: .standard) }
        #expect(Self.code(large2.answer) == PictureFault.Code.archiveTooLarge.rawValue)
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }

    @Test("A worker de-identifies a DICOM file: its picture stays, its name goes")
    func deidentification() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let film = Files.dicom(modality: "DX")
        let (answer, file) = try worker.askForFile(film) { .deidentify(id: $0, limits: Files.limits) }
        guard case .deidentified(_, let removed) = answer else {
            throw WorkerUnderTest.Unexpected(message: "\(answer)")
        }
        #expect(removed.contains { $0.tag == "(0010,0010)" && $0.name == "PatientName" && $0.action == .emptied })
        let pixels = Data(film.suffix(Files.width * Files.height * 2))
        #expect(Data(file).range(of: pixels) != nil && Data(file).range(of: Data("script".utf8)) == nil)
        #expect(try worker.ask(file) { .inspect(id: $0, limits: Files.limits, previewEdges: [64]) }.answer.isInspected)
        let refused = try worker.askForFile(Files.png) { .deidentify(id: $0, limits: Files.limits) }
        #expect(Self.code(refused.answer) == PictureFault.Code.unsupportedFormat.rawValue && refused.file.isEmpty)
    }

    @Test("A worker reads letters on its one thread, forty times, and opens nothing for it")
    func letters() throws {
        let worker = try WorkerUnderTest()
        let readiness = try worker.ready()
        #expect(readiness.readsText)
        #expect(readiness.sandbox.contains("seccomp") && readiness.sandbox.contains("rlimits"))
        let threads = try worker.status("Threads")
        // A row of bars, which is recognised as something or nothing.
        let film = DrawnFilm.png(width: 1100, height: 900) { x, y in
            (40..<80).contains(y) && (100..<400).contains(x) && x % 20 < 6 ? 255 : 90
        }
        for file in [film, WorkerTests.film] {
            for _ in 0..<20 {
                let answer = try worker.ask(file) { .readText(id: $0, limits: .standard, frame: 0) }.answer
                guard case .textRead(_, let text) = answer.message else {
                    throw WorkerUnderTest.Unexpected(message: "\(answer.message)")
                }
                #expect(text.milliseconds > 0)
            }
        }
        #expect(try worker.status("Threads") == threads)
        let refused = try worker.ask(Array("text".utf8)) { .readText(id: $0, limits: .standard, frame: 0) }.answer
        #expect(HostileFileTests.code(refused) == PictureFault.Code.unsupportedFormat.rawValue)
    }

    @Test("Without Tesseract's data it says so, and does everything else")
    func noLetters() throws {
        let worker = try WorkerUnderTest(further: ["--text-data", "/nonexistent"])
        #expect(try worker.ready().readsText == false)
        let answer = try worker.ask(WorkerTests.film) { .readText(id: $0, limits: .standard, frame: 0) }.answer
        #expect(HostileFileTests.code(answer) == WorkerFailure.noTextReader.rawValue)
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }

    @Test("Each job has its processor time anew")
    func processorTime() throws {
        let worker = try WorkerUnderTest(further: ["--cpu-limit", "2"])
        #expect(try worker.ready().sandbox.contains("cpu-limit"))
        func limit() throws -> Int { try #require(Int(worker.limit("Max cpu time"))) }
        #expect(try worker.refusal(WorkerTests.film) == nil)
        let first = try limit()
        // More jobs than the limit of one could take.
        while try limit() < first + 2 { #expect(try worker.refusal(WorkerTests.film) == nil) }
        #expect(worker.end() == 0)
    }
}

extension WorkerFrame<WorkerReply> {
    fileprivate var isInspected: Bool {
        if case .inspected = message { true } else { false }
    }
}
