import Domain
import Foundation
import Synchronization
import Testing
import Workflows

@Suite("A file that ends the worker that reads it")
struct ReceiveUploadTests {
    private let session = SessionID.make(at: .now)
    private let blobs = MemoryBlobs()
    private let engine = ScriptedEngine()
    private let notes = Notes()
    private let studies = MemoryStudies(MemoryReceptions())

    private static let picture = Array("\u{89}PNG and so on".utf8)
    private static let archive = Array("PK\u{3}\u{4} and so on".utf8)

    private func receive(_ bytes: [UInt8], after faults: [EngineFault?]) async throws(Fault) -> ReceiveUpload.Received {
        engine.next.withLock { $0 = faults }
        let receive = ReceiveUpload(
            studies: studies, blobs: blobs, engine: engine, read: Silence(), limits: Limits(), audit: notes,
            now: { .now })
        var incoming = try await receive.begin(in: session, announced: bytes.count)
        try await incoming.write(bytes[...])
        return try await incoming.finish(named: "a")
    }

    @Test(
        "Once is no proof: it is read again, and kept",
        arguments: [[EngineFault.workerDied("SIGSEGV"), nil], [.timedOut, nil]])
    func once(faults: [EngineFault?]) async throws {
        guard case .picture = try await receive(Self.picture, after: faults) else {
            Issue.record("it is one picture")
            return
        }
        #expect(studies.kept.withLock { $0.count } == 1)
        #expect(notes.of(.pictureQuarantined).isEmpty)
    }

    @Test("Twice is enough: nothing is kept, and it is noted", arguments: [Self.picture, Self.archive])
    func twice(bytes: [UInt8]) async throws {
        let fault = await #expect(throws: Fault.self) { try await receive(bytes, after: [.timedOut, .workerDied("")]) }
        guard case .pictureQuarantined? = fault else {
            Issue.record("\(fault as Any)")
            return
        }
        #expect(studies.kept.withLock { $0.isEmpty } && blobs.files.withLock { $0.isEmpty })
        #expect(notes.of(.pictureQuarantined).map(\.bytes) == [bytes.count])
    }

    @Test("The list of an archive and each of its files have a second chance, too")
    func archives() async throws {
        // List, list, file, file, picture, file, picture.
        let faults: [EngineFault?] = [.timedOut, nil, .timedOut, nil, nil, nil, nil]
        guard case .archive(let uploads, let refused) = try await receive(Self.archive, after: faults) else {
            Issue.record("it is an archive")
            return
        }
        #expect(uploads.count == 2 && refused.isEmpty)
        #expect(notes.of(.pictureQuarantined).isEmpty)
    }

    @Test("A file of an archive that ends two workers is refused by itself")
    func oneOfAnArchive() async throws {
        let faults: [EngineFault?] = [nil, .timedOut, .timedOut]
        guard case .archive(let uploads, let refused) = try await receive(Self.archive, after: faults) else {
            Issue.record("it is an archive")
            return
        }
        #expect(uploads.count == 1)
        #expect(refused.map(\.fileName) == ["a.png"] && refused.map(\.code) == ["picture-quarantined"])
        #expect(notes.of(.pictureQuarantined).count == 1)
    }
}
