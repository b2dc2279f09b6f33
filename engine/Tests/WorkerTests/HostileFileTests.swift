import Domain
import Foundation
import Glibc
import Testing
import WorkerProtocol

@Suite("Files that lie")
struct HostileFileTests {
    /// A worker, and a JPEG that it has made.
    static func started() throws -> (WorkerUnderTest, jpeg: [UInt8]) {
        let worker = try WorkerUnderTest()
        try worker.ready()
        return (worker, try FormatTests.jpeg(worker))
    }

    static func code(_ answer: WorkerFrame<WorkerReply>) -> String? {
        if case .failed(_, let code, _) = answer.message { code } else { nil }
    }

    @Test("60,000 by 60,000 pixels are refused from the header alone in each format, in next to no memory")
    func bombs() throws {
        let (worker, jpeg) = try Self.started()
        for (name, file) in try Files.bombs(jpeg) {
            let before = try worker.memory("VmHWM")
            #expect(try worker.refusal(file) == PictureFault.Code.pictureTooLarge.rawValue, "\(name)")
            // One grey byte for each pixel would be 3.6 GB.
            #expect(try worker.memory("VmHWM") - before < 4 << 20, "\(name)")
        }
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }

    @Test("A file that ends early is refused as damaged, wherever it ends")
    func truncated() throws {
        let (worker, jpeg) = try Self.started()
        let files: [(String, [UInt8], allowed: Set<PictureFault.Code>)] = [
            ("PNG", Files.png, [.damagedPicture]), ("JPEG", jpeg, [.damagedPicture]),
            ("WebP", Files.webp, [.damagedPicture]), ("TIFF", Files.tiff(bits: 16), [.damagedPicture]),
            // Before its pixels, a data set may well be at its end.
            ("DICOM", Files.dicom(modality: "DX"), [.damagedPicture, .noPixels]),
        ]
        for (name, file, allowed) in files {
            for share in [0.02, 0.1, 0.35, 0.6, 0.85, 0.97] {
                let part = Array(file.prefix(max(20, Int(Double(file.count) * share))))
                let (answer, _) = try worker.ask(part) { .inspect(id: $0, limits: Files.limits, previewEdges: [64]) }
                let code = Self.code(answer).flatMap(PictureFault.Code.init)
                #expect(
                    allowed.union([.unsupportedFormat]).contains(code ?? .emptyFile),
                    "\(name), \(share): \(code as Any)")
            }
        }
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }

    @Test("Noise behind the beginning of each format is refused two hundred times by one worker")
    func noise() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        var generator = SplitMix64(state: 2026)
        for round in 0..<200 {
            let count = Int.random(in: 0...4096, using: &generator)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let file = Files.beginnings[round % Files.beginnings.count] + noise
            let code = try worker.refusal(file)
            #expect(code.flatMap(PictureFault.Code.init) != nil, "round \(round): \(code ?? "read")")
        }
        #expect(try worker.refusal(WorkerTests.film) == nil)
        #expect(worker.end() == 0)
    }

    @Test("Files that are two things at once are taken for what their first bytes say")
    func polyglots() throws {
        let (worker, jpeg) = try Self.started()
        let script = Array("\n<script>alert(1)</script>\nPK\u{3}\u{4}".utf8)
        // A program in a DICOM file's preamble; the preamble means nothing to a reader (PS3.10, 7.1).
        var program = Files.dicom(modality: "DX")
        program.replaceSubrange(0..<4, with: Array("MZ\u{90}\0".unicodeScalars.map { UInt8($0.value) }))
        let files = [("PNG", Files.png + script), ("JPEG", jpeg + script), ("DICOM", program)]
        for (name, file) in files {
            let (answer, _) = try worker.ask(file) { .inspect(id: $0, limits: Files.limits, previewEdges: [64]) }
            guard case .inspected = answer.message else {
                #expect(Self.code(answer).flatMap(PictureFault.Code.init) != nil, "\(name)")
                continue
            }
            // What leaves the worker is drawn anew and carries nothing of the file.
            let preview = try #require(answer.attachment(WorkerAttachment.preview(64)))
            #expect(Data(preview).range(of: Data("script".utf8)) == nil, "\(name)")
        }
        #expect(try worker.refusal(script) == PictureFault.Code.unsupportedFormat.rawValue)
    }

    @Test("Nonsense in a request is answered, not obeyed")
    func requests() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        var none = Files.limits
        none.maxBytes = 0
        var negative = Files.limits
        negative.maxPixels = -1
        for limits in [none, negative] {
            let (answer, _) = try worker.ask(Files.png) { .inspect(id: $0, limits: limits, previewEdges: [64]) }
            #expect(Self.code(answer) == PictureFault.Code.pictureTooLarge.rawValue)
        }
        for edge in [0, -1, Int.min, Int.max] {
            let (answer, _) = try worker.ask(Files.png) { .inspect(id: $0, limits: Files.limits, previewEdges: [edge]) }
            if Self.code(answer) == nil { #expect(answer.attachment(WorkerAttachment.preview(max(1, edge))) != nil) }
        }
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }
}

/// DICOM files of the package `pydicom-data`, where it is installed.
enum SampleFiles {
    static let all: [URL] = {
        let libraries = Built.root.appending(path: ".venv/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries.path())) ?? []
        let folder =
            ProcessInfo.processInfo.environment["LIGHTBOX_SAMPLES_DIRECTORY"].map { URL(filePath: $0) }
            ?? libraries.appending(path: "\(versions.first ?? "")/site-packages/data_store/data")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "dcm" }.sorted { $0.path() < $1.path() }
    }()
}

@Suite("Real DICOM files", .enabled(if: !SampleFiles.all.isEmpty))
struct SampleFileTests {
    @Test("Each is read or refused with a code by one worker, which ends in order")
    func all() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        var read: [String] = []
        for url in SampleFiles.all {
            let file = [UInt8](try Data(contentsOf: url))
            let (answer, _) = try worker.ask(file) { .inspect(id: $0, limits: Files.limits, previewEdges: [64]) }
            if case .inspected(_, let inspection) = answer.message {
                read.append(url.lastPathComponent)
                #expect(inspection.format == .dicom && inspection.dicom != nil, "\(url.lastPathComponent)")
            } else {
                let code = HostileFileTests.code(answer)
                #expect(code.flatMap(PictureFault.Code.init) != nil, "\(url.lastPathComponent): \(code ?? "")")
            }
        }
        #expect(read.count >= 10)
        #expect(worker.end() == 0)
    }

    @Test("A slice of a CT is decoded, and says that it is one")
    func slice() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let url = try #require(SampleFiles.all.first { $0.lastPathComponent == "693_UNCR.dcm" })
        let file = [UInt8](try Data(contentsOf: url))
        let (answer, _) = try worker.ask(file) {
            .analyse(id: $0, limits: .standard, frame: 0, adjustment: .none)
        }
        guard case .analysed(_, let output) = answer.message else {
            throw WorkerUnderTest.Unexpected(message: "\(answer.message)")
        }
        #expect(output.inspection.dicom?.modality == "CT")
        #expect(output.logits.allSatisfy { $0.isFinite })
    }
}
