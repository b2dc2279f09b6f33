import Domain
import Foundation
import Glibc
import Testing
import WorkerProtocol

@Suite("The worker as a source of pictures")
struct PictureRequestTests {
    @Test("One look gives every preview that is asked for, each edge once")
    func previews() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let (answer, _) = try worker.ask(Files.png) {
            .inspect(id: $0, limits: Files.limits, previewEdges: [16, 48, 16, 4000])
        }
        #expect(answer.attachments.map(\.name) == ["preview/16", "preview/48", "preview/4000"])
        for attachment in answer.attachments {
            let (looked, _) = try worker.ask(attachment.bytes) {
                .inspect(id: $0, limits: Files.limits, previewEdges: [])
            }
            guard case .inspected(_, let inspection) = looked.message else {
                throw WorkerUnderTest.Unexpected(message: "\(looked.message)")
            }
            #expect(looked.attachments.isEmpty)
            let edge = try #require(Int(attachment.name.dropFirst("preview/".count)))
            #expect(inspection.width == min(edge, Files.width))
        }
    }

    @Test("A rendition is turned, and an analysis is of the same turned picture")
    func rendition() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let adjustment = PictureAdjustment(turn: 90, mirror: true)
        let (answer, _) = try worker.ask(Files.png) {
            .rendition(id: $0, limits: Files.limits, frame: 0, adjustment: adjustment, edge: 48)
        }
        guard case .rendered = answer.message else { throw WorkerUnderTest.Unexpected(message: "\(answer.message)") }
        let jpeg = try #require(answer.attachment(WorkerAttachment.preview))
        let (looked, _) = try worker.ask(jpeg) { .inspect(id: $0, limits: Files.limits, previewEdges: []) }
        guard case .inspected(_, let inspection) = looked.message else {
            throw WorkerUnderTest.Unexpected(message: "\(looked.message)")
        }
        #expect(inspection.width == 40 && inspection.height == 48)

        let (analysed, _) = try worker.ask(Files.png) {
            .analyse(id: $0, limits: Files.limits, frame: 0, adjustment: adjustment)
        }
        guard case .analysed(_, let output) = analysed.message else {
            throw WorkerUnderTest.Unexpected(message: "\(analysed.message)")
        }
        #expect(output.inspection.width == Files.width && output.measurements.width == Files.height)
        let activation = try #require(output.activations.first)
        let (drawn, _) = try worker.ask([0]) {
            .heatMap(
                id: $0, activation: activation, width: output.measurements.width, height: output.measurements.height,
                longestEdge: 384)
        }
        let map = try #require(drawn.attachment(WorkerAttachment.heatMap))
        // The size in a PNG's header: the heat map is upright as the turned picture is.
        #expect(Array(map[16..<24]) == [0, 0, 1, 0x40, 0, 0, 1, 0x80])
    }

    @Test("Samples come in pieces of at most a megabyte, and are the picture with all its bits")
    func samples() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        // Noise that does not compress: more than one piece.
        var generator = SplitMix64(state: 7)
        let edge = 1200
        let pixels = (0..<(edge * edge * 2)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let file = Files.tiff(bits: 16, width: edge, height: edge, pixels)
        let (pieces, last) = try worker.pieces(file) { .samples(id: $0, limits: .standard, frame: 0) }
        guard case .sampled = last.message else { throw WorkerUnderTest.Unexpected(message: "\(last.message)") }
        #expect(pieces.count >= 2)
        #expect(pieces.dropLast().allSatisfy { $0.count == WorkerAttachment.longestPiece })
        #expect((1...WorkerAttachment.longestPiece).contains(pieces.last?.count ?? 0))
        let raw = try Self.unzipped(pieces.flatMap { $0 })
        let length = 4 + (0..<4).reduce(0) { $0 | Int(raw[$1]) << (8 * $1) }
        #expect(length % 4 == 0)
        #expect(Array(raw.dropFirst(length)) == pixels)
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(raw[4..<length])) as? [String: Any])
        #expect(json["width"] as? Int == edge && json["bytesPerSample"] as? Int == 2)
        #expect(json["maximum"] as? Int == 65535 && (json["windows"] as? [Any])?.isEmpty == true)
    }

    @Test("A frame that isn't there, and a damaged picture, are refused with a code by each request")
    func refusals() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let half = Array(Files.png.prefix(Files.png.count / 2))
        for (file, frame) in [(Files.png, 1), (Files.png, -1), (half, 0)] {
            for (_, last) in [
                try worker.pieces(file) { .samples(id: $0, limits: Files.limits, frame: frame) },
                try worker.pieces(file) {
                    .rendition(id: $0, limits: Files.limits, frame: frame, adjustment: .none, edge: 64)
                },
            ] {
                #expect(HostileFileTests.code(last) == PictureFault.Code.damagedPicture.rawValue)
            }
        }
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }

    @Test("A hundred megapixels are previewed in a small part of the memory that they would fill")
    func memory() throws {
        let edge = 10_000
        let worker = try WorkerUnderTest()
        try worker.ready()
        _ = try worker.refusal(WorkerTests.film)
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { unlink(path) }
        try Data(Files.tiff(bits: 8, width: edge, height: edge, [UInt8](repeating: 90, count: edge * edge)))
            .write(to: URL(filePath: path))
        let file = open(path, O_RDONLY)
        defer { close(file) }
        let before = try worker.memory("VmHWM")
        let limits = PictureLimits(maxBytes: 1 << 30, maxPixels: edge * edge, maxEdge: edge, minEdge: 1)
        let request = WorkerRequest.inspect(id: 77, limits: limits, previewEdges: [320, 800, 1600])
        try worker.channel.send(WorkerFrame(request), passing: file, deadline: WorkerUnderTest.soon)
        let answer = try worker.receive()
        #expect(HostileFileTests.code(answer) == nil && answer.attachments.count == 3)
        // The pixels alone are 95 MiB.
        #expect(try worker.memory("VmHWM") - before < 24 << 20)
    }

    static func unzipped(_ gzip: [UInt8]) throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gz").path()
        try Data(gzip).write(to: URL(filePath: path))
        defer { unlink(path) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["--decompress", "--stdout", path]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return [UInt8](bytes)
    }
}
