import Domain
import Foundation
import Glibc
import Testing
import WorkerProtocol

@Suite("The worker process")
struct WorkerTests {
    static let film = DrawnFilm.png(width: 300, height: 360)

    @Test("It says what it runs, reads a picture, analyses it, and ends when it isn't needed any more")
    func work() throws {
        let worker = try WorkerUnderTest()
        let readiness = try worker.ready()
        #expect(readiness.modelID == "chest-xray")
        #expect(readiness.modelSHA256.count == 64)

        let inspected = try worker.inspect(Self.film)
        guard case .inspected(_, let inspection) = inspected.message else {
            Issue.record("\(inspected.message)")
            return
        }
        #expect(inspection.width == 300 && inspection.height == 360 && inspection.bitsPerSample == 8)
        #expect(inspected.attachment(WorkerAttachment.preview(256))?.starts(with: [0xff, 0xd8]) == true)

        let (answer, steps) = try worker.ask(Self.film) {
            .analyse(id: $0, limits: .standard, frame: 0, adjustment: .none)
        }
        #expect(steps == [.decoding, .checking, .inferring, .explaining])
        guard case .analysed(_, let output) = answer.message else {
            Issue.record("\(answer.message)")
            return
        }
        let isFinite = output.logits.allSatisfy(\.isFinite)
        #expect(isFinite)
        #expect(output.milliseconds.keys.sorted() == ["checking", "decoding", "explaining", "inferring"])
        #expect(answer.attachments.isEmpty && output.activations.count >= 5)
        for activation in output.activations {
            let (drawn, _) = try worker.ask([0]) {
                .heatMap(id: $0, activation: activation, width: 40, height: 30, longestEdge: 384)
            }
            #expect(drawn.attachment(WorkerAttachment.heatMap)?.starts(with: [0x89, 0x50, 0x4e, 0x47]) == true)
        }
        var broken = try #require(output.activations.first)
        broken.values.removeLast()
        let (refused, _) = try worker.ask([0]) {
            .heatMap(id: $0, activation: broken, width: 40, height: 30, longestEdge: 384)
        }
        guard case .failed(_, PictureFault.Code.damagedPicture.rawValue, _) = refused.message else {
            Issue.record("\(refused.message)")
            return
        }

        let status = worker.end()
        #expect(status == 0)
    }

    @Test("In its sandbox it turns texts into vectors of unit length, and still reads pictures")
    func sentences() throws {
        let worker = try WorkerUnderTest(hasSentences: true)
        try worker.ready()
        let long = String(repeating: "pain ", count: 3000)
        for text in ["I can't breathe", "", "\u{0}\u{202E}", "日本語 🫁", long] {
            let reply = try worker.ask(Array(text.utf8)) { .encode(id: $0) }.answer.message
            guard case .encoded(_, let vector) = reply else { throw WorkerUnderTest.Unexpected(message: "\(reply)") }
            let length = vector.values.reduce(0) { $0 + $1 * $1 }
            #expect(vector.values.count == 384 && abs(length - 1) < 1e-3)
        }
        let tooLong = [UInt8](repeating: 0x61, count: WorkerRequest.longestText + 1)
        let refused = try worker.ask(tooLong) { .encode(id: $0) }.answer.message
        guard case .failed(_, WorkerFailure.modelFailed.rawValue, _) = refused else {
            throw WorkerUnderTest.Unexpected(message: "\(refused)")
        }
        let refusal = try worker.refusal(Self.film)
        #expect(refusal == nil)
        let resident = try worker.memory("VmRSS")
        #expect(resident < 512 << 20)
    }

    @Test("Without a sentence model it says so")
    func noSentences() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let reply = try worker.ask(Array("A text.".utf8)) { .encode(id: $0) }.answer.message
        guard case .failed(_, WorkerFailure.noSentenceModel.rawValue, _) = reply else {
            throw WorkerUnderTest.Unexpected(message: "\(reply)")
        }
    }

    @Test("Hostile and broken files are refused with their code, by one and the same worker")
    func hostile() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let cases: [(String, [UInt8], String)] = [
            ("nothing", [], "empty-file"),
            ("a text", Array("These are some notes.".utf8), "unsupported-format"),
            ("a program", [0x7f, 0x45, 0x4c, 0x46] + [UInt8](repeating: 0, count: 200), "unsupported-format"),
            ("a PDF", Array("%PDF-1.7\n".utf8), "unsupported-format"),
            ("half a PNG", Array(Self.film.prefix(Self.film.count / 2)), "damaged-picture"),
            ("a PNG that begins only", Array(Self.film.prefix(40)), "damaged-picture"),
            ("60,000 by 60,000 pixels", DrawnFilm.header(width: 60_000, height: 60_000), "picture-too-large"),
            ("no pixels at all", DrawnFilm.header(width: 0, height: 0), "damaged-picture"),
            ("too small", DrawnFilm.png(width: 8, height: 8), "picture-too-small"),
            ("half a JPEG", [0xff, 0xd8, 0xff, 0xe0, 0, 16] + Array("JFIF".utf8), "damaged-picture"),
            ("a DICOM file without pixels", DrawnFilm.dicomWithoutPixels, "no-pixels"),
            ("a cut DICOM file", Array(DrawnFilm.dicomWithoutPixels.prefix(150)), "damaged-picture"),
        ]
        for (name, bytes, code) in cases { #expect(try worker.refusal(bytes) == code, "\(name)") }
        #expect(try worker.refusal(Self.film) == nil)
    }

    @Test("A pixel bomb costs no memory: its header is enough")
    func bomb() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        #expect(try worker.refusal(Self.film) == nil)
        let before = try worker.memory("VmHWM")
        #expect(try worker.refusal(DrawnFilm.header(width: 60_000, height: 60_000)) == "picture-too-large")
        // Its pixels would take 3.6 GB.
        #expect(try worker.memory("VmHWM") - before < 4 << 20)
    }

    @Test("Two hundred damaged pictures neither end the worker nor make it forget its work")
    func fuzz() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        var generator = SplitMix64(state: 42)
        let whole = [Self.film, DrawnFilm.dicomWithoutPixels]
        for round in 0..<200 {
            var bytes = whole[round % 2]
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            if round % 3 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count - 8, using: &generator)) }
            let code = try worker.refusal(bytes)
            #expect(code == nil || PictureFault.Code(rawValue: code ?? "") != nil, "round \(round): \(code ?? "")")
        }
        #expect(try worker.refusal(Self.film) == nil)
        #expect(worker.end() == 0)
    }

    @Test("It has given up what it doesn't need before it takes the first picture")
    func confinement() throws {
        let worker = try WorkerUnderTest(memoryLimitMiB: 2048)
        try worker.ready()
        #expect(try worker.status("NoNewPrivs") == "1")
        #expect(try worker.status("Seccomp") == "2")
        #expect(try worker.limit("Max address space") == "\(2048 << 20)")
        #expect(try worker.limit("Max core file size") == "0")
        #expect(try worker.limit("Max file size") == "0")
        #expect(try worker.limit("Max processes") == "0")
        #expect(try worker.limit("Max open files") == "16")
    }

    @Test("It holds its connection and nothing else open", .enabled(if: geteuid() == 0))
    func descriptors() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker.process)/fd").sorted()
        #expect(open == ["0", "1", "2", "3"])
    }

    @Test("Without its model or its libraries it says so in words and ends")
    func cannotStart() throws {
        for (model, libraries, words) in [
            ("/nonexistent", Built.openVINO, "manifest.json"),
            (Built.root.appending(path: "models/chest-xray").path(), "/nonexistent", "libopenvino_c.so"),
        ] {
            let worker = try WorkerUnderTest(model: model, openVINO: libraries)
            guard case .failed(0, let code, let message) = try worker.receive().message else {
                Issue.record("it started")
                continue
            }
            #expect(code == WorkerFailure.cannotStart.rawValue)
            #expect(message.contains(words))
            #expect(worker.end() == 1 << 8)
        }
    }

    @Test("Nonsense on its connection ends it, and nothing else happens")
    func nonsense() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let noise = [UInt8](repeating: 0xff, count: 64)
        #expect(write(worker.channel.descriptor, noise, noise.count) == noise.count)
        let fault = try #require(throws: WorkerProtocolFault.self) { try worker.receive() }
        #expect(fault.code == .closed)
        #expect(worker.end() == 1 << 8)
    }
}

/// Random numbers that are the same in every run (Steele, Lea, Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
