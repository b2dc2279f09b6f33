import Domain
import Foundation
import Synchronization
import Testing
import WorkerProtocol

@testable import WorkerPool

/// What several analyses have shown.
private final class Seen: Sendable {
    let steps = Mutex<[AnalysisStep]>([])
    let isFirst = Atomic(true)
}

@Suite("Waiting, cancelling, stopping and starting", .serialized)
struct QueueTests {
    private static let picture = DrawnPicture.png(width: 100, height: 100)

    /// Runs `body` while the only worker is in the middle of an analysis and does not move.
    private func whileBusy(
        _ configuration: WorkerPoolConfiguration,
        _ body: (WorkerPool, Task<EngineOutput, any Error>) async throws -> Void
    ) async throws {
        try await Parts.withPool(configuration) { pool in
            let process = try #require(pool.process)
            let (steps, continuation) = AsyncStream.makeStream(of: AnalysisStep.self)
            let running = Task {
                try await pool.analyse(Self.picture) { step in
                    if step == .decoding { kill(process, SIGSTOP) }
                    continuation.yield(step)
                }
            }
            for await _ in steps { break }
            try await body(pool, running)
        }
    }

    @Test("Analyses that wait go together; each is answered for itself, and one that can't be read costs no other")
    func together() async throws {
        var configuration = try Parts.configuration()
        configuration.batch = 4
        try await whileBusy(configuration) { pool, running in
            let seen = Seen()
            let good = (0..<3).map { index in
                Task {
                    try await pool.analyse(DrawnPicture.png(width: 100 + index, height: 90)) { step in
                        if index == 0 { seen.steps.withLock { $0.append(step) } }
                    }
                }
            }
            while pool.status.waiting < 3 { await Task.yield() }
            let bad = Task { try await pool.analyse(Array("no picture".utf8)) }
            while pool.status.waiting < 4 { await Task.yield() }
            kill(try #require(pool.process), SIGCONT)
            _ = try await running.value
            for (index, task) in good.enumerated() {
                #expect(try await task.value.inspection.width == 100 + index)
            }
            await #expect(throws: WorkerPoolError.self) { try await bad.value }
            #expect(seen.steps.withLock { $0 } == AnalysisStep.allCases)
            #expect(pool.status.workers.first?.restarts == 0 && pool.status.workers.first?.jobs == 5)
            let alone = try await pool.analyse(Self.picture)
            #expect(try await running.value.logits == alone.logits)
        }
    }

    @Test("Analyses that lose their worker to another's picture are done again, each alone")
    func togetherAndKilled() async throws {
        var configuration = try Parts.configuration()
        configuration.batch = 4
        try await whileBusy(configuration) { pool, running in
            let first = try #require(pool.process)
            let seen = Seen()
            let tasks = (0..<3).map { index in
                Task {
                    try await pool.analyse(Self.picture) { step in
                        // Once: when they are tried again, nobody does.
                        if index == 1, step == .inferring, seen.isFirst.exchange(false, ordering: .relaxed) {
                            kill(first, SIGKILL)
                        }
                    }
                }
            }
            while pool.status.waiting < 3 { await Task.yield() }
            kill(first, SIGCONT)
            _ = try await running.value
            for task in tasks { #expect(try await task.value.inspection.width == 100) }
            #expect(pool.process != first && pool.status.workers.first?.restarts == 1)
        }
    }

    @Test("What has to go alone has no company, and is nobody's")
    func alone() throws {
        var queue = JobQueue(limit: 9)
        let source = try PictureSource(bytes: Self.picture)
        for (id, isAlone) in [(1, false), (2, true), (3, false), (4, false)] as [(UInt64, Bool)] {
            let job = Job(
                kind: .analyse, request: .analyse(id: id, limits: .standard, frame: 0, adjustment: .none),
                isAlone: isAlone, limits: .standard, picture: source, piecesLimit: 0, progress: { _ in },
                finish: { _ in })
            let hasRoom = queue.append(job)
            #expect(hasRoom)
        }
        var taken: [[UInt64]] = []
        while let job = queue.next() { taken.append([job.id] + queue.companions(of: job, most: 3).map(\.id)) }
        #expect(taken == [[1], [2], [3, 4]])
    }

    @Test("A job beyond the queue's limit is refused at once")
    func queueFull() async throws {
        var configuration = try Parts.configuration()
        configuration.queueLimit = 1
        try await whileBusy(configuration) { pool, running in
            let waiting = Task { try await pool.inspect(Self.picture) }
            while pool.status.waiting == 0 { await Task.yield() }
            await #expect(throws: WorkerPoolError.queueFull) { try await pool.inspect(Self.picture) }
            kill(try #require(pool.process), SIGCONT)
            #expect(try await waiting.value.width == 100)
            _ = try await running.value
        }
    }

    @Test("A cancelled job leaves the queue; a cancelled analysis that runs ends its worker, and another takes over")
    func cancellation() async throws {
        try await whileBusy(Parts.configuration()) { pool, running in
            let waiting = Task { try await pool.analyse(Self.picture) }
            while pool.status.waiting == 0 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: WorkerPoolError.cancelled) { try await waiting.value }
            #expect(pool.status.waiting == 0)
            running.cancel()
            await #expect(throws: WorkerPoolError.cancelled) { try await running.value }
            let next = try await pool.inspect(Self.picture)
            #expect(next.width == 100)
        }
    }

    @Test("A task that was cancelled before it asked gets no worker")
    func cancelledBefore() async throws {
        try await whileBusy(Parts.configuration()) { pool, _ in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await pool.analyse(Self.picture)
            }
            await #expect(throws: WorkerPoolError.cancelled) { try await task.value }
        }
    }

    @Test("Shutting down refuses what waits, ends what runs after the grace, and refuses what comes")
    func shutdown() async throws {
        try await whileBusy(Parts.configuration()) { pool, running in
            let waiting = Task { try await pool.inspect(Self.picture) }
            while pool.status.waiting == 0 { await Task.yield() }
            await pool.shutdown(grace: .milliseconds(1))
            await #expect(throws: WorkerPoolError.shuttingDown) { try await waiting.value }
            await #expect(throws: WorkerPoolError.shuttingDown) { try await running.value }
            await #expect(throws: WorkerPoolError.shuttingDown) { try await pool.inspect(Self.picture) }
            #expect(pool.status.workers.allSatisfy { $0.state == .stopped && $0.processID == nil })
        }
    }

    @Test("Shutting down lets an analysis finish within the grace")
    func grace() async throws {
        let pool = try WorkerPool(configuration: Parts.configuration())
        try await pool.start()
        let (steps, continuation) = AsyncStream.makeStream(of: AnalysisStep.self)
        let running = Task { try await pool.analyse(Self.picture) { continuation.yield($0) } }
        for await _ in steps { break }
        await pool.shutdown(grace: .seconds(60))
        #expect(try await running.value.inspection.width == 100)
    }

    @Test("A program, model or library that is missing is said in words")
    func missing() async throws {
        var parts = [(try Parts.configuration(count: 2), "cannot be started")]
        parts[0].0.workerPath = "/nowhere/worker"
        parts.append((try Parts.configuration(count: 2), "manifest.json"))
        parts[1].0.modelDirectory = "/nowhere/model"
        parts.append((try Parts.configuration(count: 2), "OpenVINO is missing"))
        parts[2].0.openVINODirectory = "/nowhere/libraries"
        for (configuration, words) in parts {
            let pool = try WorkerPool(configuration: configuration)
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.start() }
            guard case .unavailable(let reason) = error else { throw error ?? .timedOut }
            #expect(reason.contains(words))
            #expect(pool.status.trouble?.contains(words) == true)
            await #expect(throws: WorkerPoolError.self) { try await pool.inspect(Self.picture) }
            await pool.shutdown()
        }
    }

    @Test("A program that is no worker is not accepted")
    func impostor() async throws {
        try await Parts.withImpostor(saying: Array("HTTP/1.1 200 OK\r\n\r\n".utf8), then: "sleep 60") { program in
            var configuration = try Parts.configuration()
            configuration.workerPath = program
            let pool = try WorkerPool(configuration: configuration)
            await #expect(
                throws: WorkerPoolError.unavailable(reason: "The worker's first words are not those of a worker.")
            ) { try await pool.start() }
            await pool.shutdown()
        }
    }

    @Test(
        "An answer that does not fit its request costs the job, and nothing of it is used",
        arguments: [
            WorkerFrame(
                WorkerReply.rendered(id: 1),
                attachments: [WorkerAttachment(name: "preview", bytes: [0xFF, 0xD8, 0xFF])]),
            WorkerFrame(WorkerReply.progress(id: 1, step: .decoding)),
            WorkerFrame(.inspected(id: 1, inspection: inspection(width: 100)), attachments: []),
            WorkerFrame(.inspected(id: 2, inspection: inspection(width: 100)), attachments: [jpeg]),
            WorkerFrame(.inspected(id: 1, inspection: inspection(width: 1 << 40)), attachments: [jpeg]),
            WorkerFrame(
                .inspected(id: 1, inspection: inspection(width: 100)),
                attachments: [WorkerAttachment(name: "preview/512", bytes: Array("<svg>".utf8))]),
            WorkerFrame(
                .inspected(id: 1, inspection: inspection(width: 100)),
                attachments: [WorkerAttachment(name: "preview/9", bytes: [0xFF, 0xD8, 0xFF])]),
            WorkerFrame(.piece(id: 1), attachments: [WorkerAttachment(name: "bytes", bytes: [1])]),
        ])
    func misfit(answer: WorkerFrame<WorkerReply>) async throws {
        try await Self.withImpostor(answering: answer) { pool in
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.inspect(Self.picture) }
            guard case .workerDied(let description) = error else { throw error ?? .timedOut }
            #expect(description.contains("does not fit"))
        }
    }

    private static func vector(_ count: Int) -> PackedFloats {
        PackedFloats([Float](repeating: 0.05, count: count))
    }

    @Test(
        "A vector that is none of a text, or that nobody asked for, costs the job",
        arguments: [
            WorkerFrame(WorkerReply.encoded(id: 1, vector: PackedFloats([0.5]))),
            WorkerFrame(WorkerReply.encoded(id: 2, vector: vector(384))),
            WorkerFrame(WorkerReply.encoded(id: 1, vector: vector(385))),
            WorkerFrame(WorkerReply.encoded(id: 1, vector: vector(384)), attachments: [jpeg]),
            WorkerFrame(.rendered(id: 1), attachments: [jpeg]),
        ])
    func misfitVector(answer: WorkerFrame<WorkerReply>) async throws {
        try await Self.withImpostor(answering: answer) { pool in
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.encode("A text.") }
            guard case .workerDied(let description) = error else { throw error ?? .timedOut }
            #expect(description.contains("does not fit"))
        }
    }

    @Test("A vector of the right size is an answer to a text, and to nothing else")
    func fittingVector() async throws {
        let vector = [Float](repeating: 0.05, count: 384)
        let answer = WorkerFrame(WorkerReply.encoded(id: 1, vector: PackedFloats(vector)))
        try await Self.withImpostor(answering: answer) { pool in
            let got = try await pool.encode("A text.")
            #expect(got == vector)
        }
        try await Self.withImpostor(answering: answer) { pool in
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.inspect(Self.picture) }
            guard case .workerDied = error else { throw error ?? .timedOut }
        }
    }

    @Test("A worker that is ended for its processor time is reported as that")
    func processorLimit() async throws {
        let ready = try WorkerFrame(WorkerReply.ready(Self.readiness)).encoded()
        try await Parts.withImpostor(saying: ready, then: "head -c 1 <&3 >/dev/null; kill -XCPU $$") { program in
            var configuration = try Parts.configuration()
            configuration.workerPath = program
            let incidents = Incidents()
            configuration.report = incidents.add
            try await Parts.withPool(configuration) { pool in
                let error = await #expect(throws: WorkerPoolError.self) { try await pool.inspect(Self.picture) }
                guard case .workerDied = error else { throw error ?? .timedOut }
            }
            #expect(incidents.all.first == .processorLimitReached)
        }
    }

    private static let readiness = WorkerReadiness(
        modelID: "m", modelVersion: "1", modelSHA256: "", preprocessingSHA256: "", library: "", startMilliseconds: 1)

    /// A pool whose only worker says that it is ready, and gives one and the same answer to whatever it is asked.
    private static func withImpostor(
        answering answer: WorkerFrame<WorkerReply>, _ body: (WorkerPool) async throws -> Void
    ) async throws {
        let ready = try WorkerFrame(WorkerReply.ready(readiness)).encoded()
        let folder = FileManager.default.temporaryDirectory.appending(path: "answer-\(UUID().uuidString)")
        try Data(try answer.encoded()).write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = "head -c 1 <&3 >/dev/null; cat \(folder.path()) >&3; sleep 60"
        try await Parts.withImpostor(saying: ready, then: script) { program in
            var configuration = try Parts.configuration()
            configuration.workerPath = program
            try await Parts.withPool(configuration, body)
        }
    }

    private static func inspection(width: Int) -> PictureInspection {
        PictureInspection(format: .png, width: width, height: 100, bitsPerSample: 8, channels: 1, frames: 1)
    }

    private static let jpeg = WorkerAttachment(name: "preview/512", bytes: [0xFF, 0xD8, 0xFF])
}

@Suite("Rules of the pool")
struct PoolRuleTests {
    @Test("The pause before a restart grows, and more slowly for a worker that had started")
    func pauses() {
        func pause(_ failures: Int, _ wasReady: Bool) -> Duration {
            WorkerPoolConfiguration.pause(afterFailures: failures, wasReady: wasReady)
        }
        #expect((1...4).map { pause($0, false) } == [250, 500, 1000, 2000].map { .milliseconds($0) })
        #expect(pause(60, false) == .seconds(30))
        #expect((1...5).map { pause($0, true) } == [0, 0, 0, 250, 500].map { .milliseconds($0) })
        #expect(pause(60, true) == .seconds(2))
    }

    @Test(
        "What somebody waits for goes before analyses, and these before letters, each in the order of arrival, up to the limit"
    )
    func order() throws {
        let picture = try PictureSource(bytes: [1])
        func job(_ id: UInt64, _ kind: Job.Kind) -> Job {
            Job(
                kind: kind, request: .samples(id: id, limits: .standard, frame: 0), limits: .standard, picture: picture,
                piecesLimit: 0, progress: { _ in }, finish: { _ in })
        }
        var queue = JobQueue(limit: 5)
        let kinds: [Job.Kind] = [.analyse, .readText, .inspect, .analyse, .render]
        for (index, kind) in kinds.enumerated() {
            let hadRoom = queue.append(job(UInt64(index), kind))
            #expect(hadRoom)
        }
        let hadRoom = queue.append(job(9, .inspect))
        #expect(!hadRoom)
        let removed = queue.remove(id: 0)
        #expect(removed?.id == 0 && queue.count == 4)
        let order = (0..<5).map { _ in queue.next()?.id }
        #expect(order == [2, 4, 3, 1, nil])
    }

    @Test("What a worker writes to its log becomes one printable line")
    func logLines() {
        #expect(WorkerLog.printable(Array("a\u{1B}[31mb\u{7F}é".utf8)) == "a?[31mb???")
        #expect(Conversation.sentence("a\u{0}b\nc") == "abc")
        #expect(Conversation.sentence(String(repeating: "x", count: 999)).count == 400)
    }
}
