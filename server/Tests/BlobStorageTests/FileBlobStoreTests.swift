import BlobStorage
import Crypto
import Domain
import Foundation
import Testing
import Workflows

@Suite("Files of sessions")
struct FileBlobStoreTests {
    let root = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
    let session = SessionID.make(at: .now)
    let upload = UploadID.make(at: .now)

    func files() -> [String] {
        (FileManager.default.enumerator(atPath: root.path)?.allObjects as? [String] ?? []).sorted()
    }

    @Test("A file is there under its name, whole and hashed, once it is committed, and not before")
    func commit() async throws {
        let store = try FileBlobStore(root: root.path)
        defer { try? FileManager.default.removeItem(at: root) }
        let pieces: [[UInt8]] = [Array("abc".utf8), [], Array(repeating: 7, count: 100_000)]
        let writer = try await store.begin(in: session)
        for piece in pieces { try await writer.write(piece) }
        await #expect(throws: Fault.self) { try await store.open(.picture(upload), in: session) }
        #expect(try await writer.reading().size == 100_003)
        let digest = try await writer.commit(as: .picture(upload))
        let whole = pieces.flatMap(\.self)
        #expect(digest.bytes == whole.count)
        #expect(digest.sha256 == SHA256.hash(data: whole).map { String(format: "%02x", $0) }.joined())
        #expect(try await store.read(.picture(upload), in: session) == whole)
        #expect(files() == ["\(session)", "\(session)/picture-\(upload)"])
    }

    @Test("What is abandoned leaves nothing")
    func abandon() async throws {
        let store = try FileBlobStore(root: root.path)
        defer { try? FileManager.default.removeItem(at: root) }
        let writer = try await store.begin(in: session)
        try await writer.write([1])
        await writer.abandon()
        #expect(files() == ["\(session)"])
    }

    @Test("Names of sessions, kinds and findings never meet")
    func names() async throws {
        let store = try FileBlobStore(root: root.path)
        defer { try? FileManager.default.removeItem(at: root) }
        let analysis = AnalysisID(uuid: upload.uuid)
        let names: [BlobName] = [
            .picture(upload), .preview(upload), .heatMap(analysis, finding: "a"), .heatMap(analysis, finding: "a-b"),
            .report(ReportID(uuid: upload.uuid)),
        ]
        for (index, name) in names.enumerated() { _ = try await store.put([UInt8(index)], as: name, in: session) }
        for (index, name) in names.enumerated() { #expect(try await store.read(name, in: session) == [UInt8(index)]) }
        await #expect(throws: Fault.self) { try await store.read(.picture(upload), in: .make(at: .now)) }
        #expect(files().count == names.count + 1)
    }

    @Test("The sweep removes unfinished files and those without an owner, and nothing else")
    func sweep() async throws {
        let store = try FileBlobStore(root: root.path)
        defer { try? FileManager.default.removeItem(at: root) }
        let other = UploadID.make(at: .now)
        _ = try await store.put([1], as: .picture(upload), in: session)
        _ = try await store.put([1], as: .picture(other), in: session)
        _ = try await store.begin(in: .make(at: .now)).write([1])
        let kept = upload
        let removed = try await store.sweep { name, _ throws(Fault) in name == .picture(kept) }
        #expect(removed == 2)
        #expect(files() == ["\(session)", "\(session)/picture-\(upload)"])
    }

    @Test("Erasing a session removes its folder")
    func erase() async throws {
        let store = try FileBlobStore(root: root.path)
        defer { try? FileManager.default.removeItem(at: root) }
        _ = try await store.put([1], as: .picture(upload), in: session)
        try await store.deleteAll(in: session)
        try await store.deleteAll(in: session)
        #expect(files().isEmpty)
    }
}
