import Domain
import Foundation
import Glibc
import Testing
import WorkerProtocol

@Suite("The life of a worker")
struct LifeTests {
    static func inspect(_ worker: WorkerUnderTest, descriptor: Int32, id: UInt64 = 99) throws -> String? {
        let request = WorkerRequest.inspect(id: id, limits: Files.limits, previewEdges: [64])
        try worker.channel.send(WorkerFrame(request), passing: descriptor, deadline: WorkerUnderTest.soon)
        return HostileFileTests.code(try worker.receive())
    }

    @Test("Each of its threads is confined, not only the one that asked for it")
    func threads() throws {
        let worker = try WorkerUnderTest(threads: 4)
        try worker.ready()
        let folder = "/proc/\(worker.process)/task"
        let threads = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(threads.count >= 2)
        for thread in threads {
            let status = try String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)
            #expect(status.contains("\nSeccomp:\t2\n") && status.contains("\nNoNewPrivs:\t1\n"), "\(thread)")
        }
    }

    @Test("It starts no thread while it works")
    func threadCount() throws {
        let worker = try WorkerUnderTest(threads: 2)
        try worker.ready()
        let before = try worker.status("Threads")
        for _ in 0..<5 {
            let (answer, _) = try worker.ask(WorkerTests.film) {
                .analyse(id: $0, limits: .standard, frame: 0, adjustment: .none)
            }
            #expect(HostileFileTests.code(answer) == nil)
        }
        #expect(try worker.status("Threads") == before)
    }

    @Test("It starts no thread while it reads texts, and keeps none of their descriptors", arguments: [1, 4])
    func texts(threads: Int) throws {
        let worker = try WorkerUnderTest(threads: threads, hasSentences: true)
        try worker.ready()
        let before = try worker.status("Threads")
        // More than the sixteen descriptors that it may hold; of both lengths that the model was compiled for.
        for round in 0..<24 {
            let text = String(repeating: "I fainted. ", count: round % 2 == 0 ? 1 : 30)
            let answer = try worker.ask(Array(text.utf8)) { .encode(id: $0) }.answer
            #expect(HostileFileTests.code(answer) == nil)
        }
        #expect(try worker.status("Threads") == before)
        #expect(worker.end() == 0)
    }

    @Test("A descriptor that is no file is refused, and not waited for")
    func noFiles() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        var pipe: [Int32] = [-1, -1]
        #expect(Glibc.pipe(&pipe) == 0)
        let (one, other) = try FrameChannel.pair()
        let opened = [open("/dev/zero", O_RDONLY), open("/", O_RDONLY | O_DIRECTORY), open("/dev/null", O_WRONLY)]
        let descriptors = pipe + [one, other] + opened
        defer { for descriptor in descriptors { close(descriptor) } }
        for descriptor in descriptors {
            #expect(try Self.inspect(worker, descriptor: descriptor) == PictureFault.Code.damagedPicture.rawValue)
        }
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }

    @Test("A file that may only be written is refused, and one that nobody can find any more is read")
    func oddFiles() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try Data(Files.png).write(to: URL(filePath: path))
        let writable = open(path, O_WRONLY)
        let readable = open(path, O_RDONLY)
        unlink(path)
        defer {
            close(writable)
            close(readable)
        }
        #expect(try Self.inspect(worker, descriptor: writable) == PictureFault.Code.damagedPicture.rawValue)
        #expect(try Self.inspect(worker, descriptor: readable) == nil)
    }

    @Test(
        "A picture's descriptor is closed with the answer, also where the picture is refused",
        .enabled(if: geteuid() == 0))
    func descriptors() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        // More than the sixteen that it may hold.
        for round in 0..<40 { _ = try worker.refusal(round % 2 == 0 ? Files.png : []) }
        // The next answer comes after the last picture was closed.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker.process)/fd")
        #expect(Set(open).subtracting(["4"]) == ["0", "1", "2", "3"])
    }

    @Test("A picture over its memory ends it or is refused, tells the other side, and costs nobody else anything")
    func memoryLimit() throws {
        let first = try WorkerUnderTest()
        try first.ready()
        let needed = try first.memory("VmSize") >> 20
        // Most of it lies behind the picture; all of it takes room where the worker reads it.
        let file = Files.png + [UInt8](repeating: 0, count: 90 << 20)
        #expect(try first.refusal(file) == nil)

        let small = try WorkerUnderTest(memoryLimitMiB: needed + 16)
        try small.ready()
        do throws(WorkerProtocolFault) {
            let sealed = try PictureBytes.sealedFile(file)
            defer { close(sealed) }
            let request = WorkerRequest.inspect(id: 1, limits: .standard, previewEdges: [64])
            try small.channel.send(WorkerFrame(request), passing: sealed, deadline: WorkerUnderTest.soon)
            let answer = try small.channel.receive(WorkerReply.self, deadline: WorkerUnderTest.soon)
            let code = HostileFileTests.code(answer)
            #expect(code.flatMap(PictureFault.Code.init) != nil, "\(code ?? "read")")
        } catch {
            #expect(error.code == .closed)
            let ending = small.end()
            #expect(ending & 0x7f != 0 && ending & 0x7f != SIGSYS, "\(ending)")
        }
        #expect(try first.refusal(WorkerTests.film) == nil)
    }

    @Test("It ends by itself when its connection is closed", arguments: ["idle", "header", "working", "answering"])
    func connectionCloses(when moment: String) throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let file = try PictureBytes.sealedFile(WorkerTests.film)
        defer { close(file) }
        let request = WorkerFrame(
            WorkerRequest.analyse(id: 1, limits: .standard, frame: 0, adjustment: .none))
        switch moment {
        case "header":
            let part = Array(try request.encoded().prefix(5))
            #expect(write(worker.channel.descriptor, part, part.count) == part.count)
        case "working":
            try worker.channel.send(request, passing: file, deadline: WorkerUnderTest.soon)
        case "answering":
            try worker.channel.send(request, passing: file, deadline: WorkerUnderTest.soon)
            for step in AnalysisStep.allCases {
                #expect(try worker.receive().message == .progress(id: 1, step: step))
            }
        default: break
        }
        let ending = worker.end()
        #expect(ending == 0, "\(moment): \(ending)")
    }

    @Test("A request in pieces is put together, and two at once are answered one after the other")
    func pieces() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let file = try PictureBytes.sealedFile(Files.png)
        defer { close(file) }
        for id in [UInt64(7), 8] {
            let request = WorkerRequest.rendition(id: id, limits: Files.limits, frame: 0, adjustment: .none, edge: 64)
            try worker.channel.send(WorkerFrame(request), passing: file, deadline: WorkerUnderTest.soon)
        }
        #expect(try worker.receive().message == .rendered(id: 7))
        #expect(try worker.receive().message == .rendered(id: 8))
    }

    @Test(
        "A command line that isn't right is explained on standard error, with status 64",
        arguments: [
            [], ["--openvino"], ["--openvino", "/x"], ["--model", "/x"], ["--speed", "9"],
            ["--openvino", "/x", "--model", "/x", "--threads", "0"],
            ["--openvino", "/x", "--model", "/x", "--sentences", "/x"],
            ["--openvino", "/x", "--model", "/x", "--tokenizer", "/x"],
            ["--openvino", "/x", "--model", "/x", "--memory-limit", "much"],
            ["--openvino", "/x", "--model", "/x", "--cpu-limit", "-1"],
            // All that it needs, but nobody who started it with a connection.
            ["--openvino", "/x", "--model", "/x"],
        ])
    func commandLine(words: [String]) throws {
        let worker = Process()
        worker.executableURL = Built.folder.appending(path: "lightbox-worker")
        worker.arguments = words
        worker.environment = ["SWIFT_BACKTRACE": "enable=no"]
        let errors = Pipe()
        worker.standardError = errors
        try worker.run()
        let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        worker.waitUntilExit()
        #expect(worker.terminationReason == .exit && worker.terminationStatus == 64)
        #expect(said.contains("usage: lightbox-worker"))
    }
}
