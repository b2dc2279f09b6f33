import Domain
import Foundation
import Synchronization
import Testing
import Workflows

/// What was made of the parts, for one test.
private struct Scene {
    let session = SessionID.make(at: .now)
    let blobs = MemoryBlobs()
    let receptions = MemoryReceptions()
    let engine: ScriptedEngine
    let studies: MemoryStudies
    let parts: ReceiveInParts
    let clock = Clock()

    final class Clock: Sendable {
        let now = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
    }

    init(isGated: Bool = false) {
        engine = ScriptedEngine(isGated: isGated)
        studies = MemoryStudies(receptions)
        let clock = clock
        let now: @Sendable () -> Date = { clock.now.withLock { $0 } }
        let receive = ReceiveUpload(
            studies: studies, blobs: blobs, engine: engine, read: Silence(), limits: Limits(), audit: Silence(),
            now: now)
        parts = ReceiveInParts(receive: receive, receptions: receptions, blobs: blobs, limits: Limits(), now: now)
    }

    func create(_ length: Int) async throws -> ReceptionID {
        try await parts.create(named: "a.png", length: length, in: session).id
    }

    @discardableResult
    func append(
        _ id: ReceptionID, at offset: Int, _ part: Part, checksum: (any ReceiveInParts.Checksum)? = nil
    ) async throws -> ReceiveInParts.Progress {
        try await parts.append(
            to: id, in: session, at: offset, announced: nil, checksum: checksum, hangUp: part.hangUp, part.bytes)
    }

    /// The content of the only upload.
    func keptContent() async throws -> [UInt8] {
        let upload = try #require(studies.kept.withLock { $0.count == 1 ? $0.first : nil })
        return try await blobs.read(.picture(upload.id), in: session)
    }
}

/// Bytes that come on a connection, until it ends or is ended.
private final class Part: Sendable {
    let bytes: AsyncThrowingStream<[UInt8], any Error>
    private let sender: AsyncThrowingStream<[UInt8], any Error>.Continuation
    let hangUps = Mutex(0)

    struct Lost: Error {}

    /// - Parameter ends: whether the connection ends after the bytes; otherwise it stays silent.
    init(_ bytes: [UInt8], ends: Bool = true) {
        (self.bytes, sender) = AsyncThrowingStream.makeStream()
        if !bytes.isEmpty { sender.yield(bytes) }
        if ends { sender.finish() }
    }

    func lose() { sender.finish(throwing: Lost()) }

    @Sendable func hangUp() {
        hangUps.withLock { $0 += 1 }
        lose()
    }
}

private struct Promised: ReceiveInParts.Checksum {
    let expected: [UInt8]
    var got: [UInt8] = []
    mutating func update(_ bytes: [UInt8]) { got += bytes }
    func matches() -> Bool { got == expected }
}

private func isOver(_ error: any Error) -> Bool { if case Fault.receptionOver = error { true } else { false } }

@Suite("Receiving in parts")
struct ReceiveInPartsTests {
    @Test("Parts make the whole, which is kept once")
    func whole() async throws {
        let scene = Scene()
        let id = try await scene.create(5)
        guard case .goesOn(offset: 3, _) = try await scene.append(id, at: 0, Part([1, 2, 3])) else {
            Issue.record("it goes on")
            return
        }
        guard case .finished(.picture) = try await scene.append(id, at: 3, Part([4, 5])) else {
            Issue.record("it is finished")
            return
        }
        #expect(try await scene.keptContent() == [1, 2, 3, 4, 5])
        await #expect(performing: { try await scene.append(id, at: 5, Part([])) }, throws: isOver)
        await #expect(performing: { try await scene.parts.offset(of: id, in: scene.session) }, throws: isOver)
    }

    @Test("Who comes later ends the connection of who is silent, and goes on from what came")
    func takeOver() async throws {
        let scene = Scene()
        let id = try await scene.create(6)
        let silent = Part([1, 2, 3], ends: false)
        let first = Task { try await scene.append(id, at: 0, silent) }
        while try await scene.parts.progress(of: id, in: scene.session).offset < 3 { await Task.yield() }
        #expect(try await scene.parts.offset(of: id, in: scene.session) == 3)
        #expect(silent.hangUps.withLock { $0 } == 1)
        await #expect(throws: Fault.self) { try await first.value }
        try await scene.append(id, at: 3, Part([4, 5, 6]))
        #expect(try await scene.keptContent() == [1, 2, 3, 4, 5, 6])
    }

    @Test("Of many that come at the same place at once, bytes are never mixed")
    func together() async throws {
        for _ in 0..<20 {
            let scene = Scene()
            let id = try await scene.create(9)
            await withTaskGroup(of: Void.self) { group in
                for sender in UInt8(1)...8 {
                    group.addTask { _ = try? await scene.append(id, at: 0, Part([sender, sender, sender, sender])) }
                }
            }
            let offset = try await scene.parts.offset(of: id, in: scene.session)
            #expect([0, 4].contains(offset))
            try await scene.append(id, at: offset, Part([UInt8](repeating: 9, count: 9 - offset)))
            let content = try await scene.keptContent()
            #expect(Set(content.prefix(offset)).count <= 1 && content.suffix(9 - offset).allSatisfy { $0 == 9 })
        }
    }

    @Test("Nobody touches a file while it is read: late parts are told that it is over, and how it stands is told")
    func whileChecking() async throws {
        let scene = Scene(isGated: true)
        let id = try await scene.create(3)
        let last = Task { try await scene.append(id, at: 0, Part([1, 2, 3])) }
        for await _ in scene.engine.began.stream { break }
        for part in [Part([]), Part([4])] {
            await #expect(performing: { try await scene.append(id, at: 3, part) }, throws: isOver)
        }
        #expect(try await scene.parts.offset(of: id, in: scene.session) == 3)
        #expect(try await scene.parts.reception(id, in: scene.session).state == .checking)
        await #expect(performing: { try await scene.parts.terminate(id, in: scene.session) }, throws: isOver)
        scene.engine.gate.continuation.yield()
        _ = try await last.value
        #expect(try await scene.keptContent() == [1, 2, 3])
    }

    @Test("It is read to its end when the sender goes away meanwhile")
    func senderGoes() async throws {
        let scene = Scene(isGated: true)
        let id = try await scene.create(3)
        let last = Task { try await scene.append(id, at: 0, Part([1, 2, 3])) }
        for await _ in scene.engine.began.stream { break }
        last.cancel()
        scene.engine.gate.continuation.yield()
        _ = try? await last.value
        #expect(try await scene.parts.reception(id, in: scene.session).state == .kept)
    }

    @Test("What passes by itself is no judgement: it is read again when it is asked for, and kept once")
    func transient() async throws {
        let scene = Scene()
        let id = try await scene.create(3)
        scene.engine.fault.withLock { $0 = .unavailable("no worker") }
        await #expect(throws: Fault.self) { try await scene.append(id, at: 0, Part([1, 2, 3])) }
        let present = try await scene.parts.reception(id, in: scene.session)
        #expect(present.state == .receiving)
        #expect(try await scene.parts.offset(of: id, in: scene.session) == 3)
        scene.engine.fault.withLock { $0 = nil }
        await scene.parts.judgeIfWhole(present)
        #expect(try await scene.parts.reception(id, in: scene.session).state == .kept)
        #expect(try await scene.keptContent() == [1, 2, 3])
    }

    @Test("What is no picture ends it, and says why")
    func refused() async throws {
        let scene = Scene()
        let id = try await scene.create(1)
        scene.engine.fault.withLock { $0 = .picture(PictureFault(.unsupportedFormat, "No picture.")) }
        await #expect(throws: Fault.self) { try await scene.append(id, at: 0, Part([1])) }
        let ended = try await scene.parts.reception(id, in: scene.session)
        #expect(ended.state == .refused && ended.outcome?.refused.map(\.code) == ["unsupported-format"])
    }

    @Test("A store that fails loses nothing of what came, and leaves nothing hanging")
    func failingStore() async throws {
        let scene = Scene()
        let id = try await scene.create(4)
        scene.receptions.failsUpdates.withLock { $0 = true }
        await #expect(throws: Fault.self) { try await scene.append(id, at: 0, Part([1, 2])) }
        #expect(try await scene.parts.offset(of: id, in: scene.session) == 2)
        // Also where the state can't be written in the end.
        scene.engine.fault.withLock { $0 = .unavailable("no worker") }
        await #expect(throws: Fault.self) { try await scene.append(id, at: 2, Part([3, 4])) }
        scene.receptions.failsUpdates.withLock { $0 = false }
        scene.engine.fault.withLock { $0 = nil }
        let present = try await scene.parts.reception(id, in: scene.session)
        #expect(present.state == .receiving)
        await scene.parts.judgeIfWhole(present)
        #expect(try await scene.keptContent() == [1, 2, 3, 4])
    }

    @Test("A part that breaks off stays as far as it came; with a checksum, nothing of it stays")
    func brokenOff() async throws {
        let scene = Scene()
        let id = try await scene.create(9)
        for (checksum, offset) in [(nil, 2), (Promised(expected: [1, 2, 3]), 2)] as [(Promised?, Int)] {
            let part = Part([1, 2], ends: false)
            part.lose()
            let start = checksum == nil ? 0 : 2
            await #expect(throws: Fault.self) { try await scene.append(id, at: start, part, checksum: checksum) }
            #expect(try await scene.parts.offset(of: id, in: scene.session) == offset)
        }
        await #expect(
            performing: {
                try await scene.append(id, at: 2, Part([7]), checksum: Promised(expected: [8]))
            }, throws: { if case Fault.checksumMismatch = $0 { true } else { false } })
        try await scene.append(id, at: 2, Part([8]), checksum: Promised(expected: [8]))
        #expect(try await scene.parts.offset(of: id, in: scene.session) == 3)
    }

    @Test("More than was announced is refused, and nothing of it stays")
    func tooMuch() async throws {
        let scene = Scene()
        let id = try await scene.create(3)
        await #expect(throws: Fault.self) { try await scene.append(id, at: 0, Part([1, 2, 3, 4])) }
        #expect(try await scene.parts.offset(of: id, in: scene.session) == 0)
    }

    @Test("One whose file is gone is over, and takes no other with it")
    func gone() async throws {
        let scene = Scene()
        let (lost, other) = (try await scene.create(3), try await scene.create(3))
        scene.blobs.lose(lost)
        await #expect(performing: { try await scene.append(lost, at: 0, Part([1])) }, throws: isOver)
        #expect(try await scene.parts.openReceptions(in: scene.session).map(\.id) == [other])
    }

    @Test("What was left for too long is removed, but not while it comes; every part puts the end off")
    func expiry() async throws {
        let scene = Scene()
        let (resting, coming) = (try await scene.create(3), try await scene.create(3))
        let silent = Part([1], ends: false)
        let sending = Task { try await scene.append(coming, at: 0, silent) }
        while try await scene.parts.progress(of: coming, in: scene.session).offset < 1 { await Task.yield() }
        scene.clock.now.withLock { $0 += Limits().receptionLifetime + 1 }
        #expect(try await scene.parts.sweep() == 1)
        #expect(try await scene.parts.openReceptions(in: scene.session).map(\.id) == [coming])
        await #expect(throws: Fault.self) { try await scene.parts.offset(of: resting, in: scene.session) }
        silent.lose()
        await #expect(throws: Fault.self) { try await sending.value }
        #expect(try await scene.parts.sweep() == 0)
        #expect(try await scene.parts.offset(of: coming, in: scene.session) == 1)
    }

    @Test("Another session finds nothing")
    func otherSession() async throws {
        let scene = Scene()
        let id = try await scene.create(3)
        await #expect(throws: Fault.self) { try await scene.parts.offset(of: id, in: .make(at: .now)) }
    }
}
