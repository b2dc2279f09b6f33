import Domain
import Foundation
import Synchronization
import Testing
import WebAPI
import Workflows

@testable import lightbox

@Suite("The model's own check")
struct ClinicalCheckTests {
    /// A package with two golden pictures, and what its engine gives.
    private final class Bench: Sendable {
        let folder = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID().uuidString)")
        let answers = Mutex<[Result<[Float], EngineFault>]>([])
        let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
        let changed = Mutex(0)

        init(
            expected: String = #"{"tolerance":0.01,"files":[{"file":"a","logits":[1,2]},{"file":"b","logits":[3,4]}]}"#
        ) throws {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "golden"), withIntermediateDirectories: true)
            try Data(expected.utf8).write(to: folder.appending(path: "golden/expected.json"))
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func check() throws -> ClinicalCheck {
            let models = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../../models/chest-xray")
            let manifest = try JSONDecoder().decode(
                ModelManifest.self, from: Data(contentsOf: models.appending(path: "manifest.json")))
            let check = ClinicalCheck(
                manifest: manifest, folder: folder,
                analyse: { [self] picture in
                    let isFirst = picture.lastPathComponent == "a"
                    return try answers.withLock {
                        $0.isEmpty ? .success(isFirst ? [1, 2] : [3, 4]) : $0.removeFirst()
                    }.get()
                }, now: { [self] in time.withLock { $0 } })
            check.whenChanged { [self] in changed.withLock { $0 += 1 } }
            return check
        }

        func willGive(_ results: [Result<[Float], EngineFault>]) { answers.withLock { $0 = results } }
    }

    @Test("Before the first check nothing runs; whoever asks waits for it")
    func first() async throws {
        let bench = try Bench()
        let check = try bench.check()
        #expect(!check.isOpen && !check.isShutByCheck && check.report.status == .unchecked)
        try await check.requireTrust()
        #expect(check.isOpen && check.report.status == .passed)
        #expect(bench.changed.withLock { $0 } == 1)
    }

    @Test(
        "Another score, another number of scores, no number and a model that fails are drift",
        arguments: [
            Result<[Float], EngineFault>.success([1, 2.02]), .success([1]), .success([1, .nan]), .success([]),
            .failure(.failed("it failed")), .failure(.picture(PictureFault(.damagedPicture, "damaged"))),
        ])
    func drift(result: Result<[Float], EngineFault>) async throws {
        let bench = try Bench()
        let check = try bench.check()
        try await check.requireTrust()
        bench.willGive([result])
        #expect(await check.check().status == .drifted)
        #expect(!check.isOpen && check.isShutByCheck)
        #expect(bench.changed.withLock { $0 } == 2)
        await #expect(throws: Fault.self) { try await check.requireTrust() }
        #expect(await check.check().status == .passed)
        #expect(check.isOpen)
        #expect(!check.isShutByCheck)
        #expect(bench.changed.withLock { $0 } == 3)
    }

    @Test("Workers that are down say nothing of the model: what held goes on to hold")
    func notPossible() async throws {
        let bench = try Bench()
        let check = try bench.check()
        bench.willGive([.failure(.unavailable("none"))])
        #expect(await check.check().status == .notPossible)
        // Somebody who asks is told that it is shut, with the first check or with this one.
        #expect(!check.isOpen && check.isShutByCheck)
        #expect(bench.changed.withLock { $0 } == 1)
        #expect(await check.check().status == .passed)
        bench.willGive([.success([1, 2]), .failure(.timedOut)])
        #expect(await check.check().status == .notPossible)
        #expect(check.isOpen)
        bench.willGive([.success([9, 9])])
        #expect(await check.check().status == .drifted)
        bench.willGive([.failure(.workerDied("x"))])
        #expect(await check.check().status == .drifted)
        #expect(!check.isOpen)
    }

    @Test("A package without golden pictures isn't trusted", arguments: ["{}", #"{"tolerance":1,"files":[]}"#])
    func none(expected: String) async throws {
        let check = try Bench(expected: expected).check()
        #expect(await check.check().status == .drifted)
    }

    @Test("The next check is at that hour, or soon after one that didn't pass")
    func next() async throws {
        let bench = try Bench()
        let check = try bench.check()
        _ = await check.check()
        // 14 November 2023, 22:13:20 UTC
        #expect(check.next(hour: 3) == Date(timeIntervalSince1970: 1_700_017_200))
        #expect(check.next(hour: 23) == Date(timeIntervalSince1970: 1_700_002_800))
        bench.willGive([.success([9, 9])])
        _ = await check.check()
        #expect(check.next(hour: 3) == Date(timeIntervalSince1970: 1_700_000_300))
    }

    @Test(
        "A small disk needs less room",
        arguments: [
            (100, 10_000, 64, true), (63, 10_000, 64, false), (3, 100, 64, true), (1, 100, 64, false),
            (0, 10_000, 0, true),
        ])
    func room(free: Int, size: Int, least: Int, isEnough: Bool) throws {
        #expect(DiskSpace(free: free, size: size).hasRoom(least) == isEnough)
    }

    @Test("What hangs isn't waited for")
    func bounded() async throws {
        let (never, end) = AsyncStream<Void>.makeStream()
        #expect(
            await Bounded.run(for: .milliseconds(20)) {
                for await _ in never {}
                return 1
            } == nil)
        #expect(await Bounded.run(for: .seconds(60)) { 2 } == 2)
        end.finish()
    }
}
