import BlobStorage
import Crypto
import Domain
import Foundation
import Testing
import Workflows

/// One key for each session, in memory only.
struct FixedKeys: SessionKeys {
    func make(for session: SessionID) -> [UInt8] { [] }
    func key(of session: SessionID) async throws(Fault) -> DataKey {
        DataKey(bytes: Array(SHA256.hash(data: Data("key of \(session)".utf8))))
    }
    func forget(_ session: SessionID) {}
}

@Suite("Files of sessions")
struct FileBlobStoreTests {
    let root = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
    let session = SessionID.make(at: .now)
    let upload = UploadID.make(at: .now)

    func store() throws -> FileBlobStore { try FileBlobStore(root: root.path, keys: FixedKeys()) }

    func files() -> [String] {
        (FileManager.default.enumerator(atPath: root.path)?.allObjects as? [String] ?? []).sorted()
    }

    /// The bytes of the one file of the session.
    func stored() throws -> [UInt8] {
        let name = try #require(files().first { $0.contains("/") })
        return try [UInt8](Data(contentsOf: root.appending(path: name)))
    }

    func replace(_ bytes: [UInt8]) throws {
        let name = try #require(files().first { $0.contains("/") })
        try Data(bytes).write(to: root.appending(path: name))
    }

    static func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) } }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }

    @Test("A file is there under its name, whole and hashed, once it is committed, and not before")
    func commit() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let pieces: [[UInt8]] = [Array("abc".utf8), [], Array(repeating: 7, count: 100_000)]
        let writer = try await store.begin(in: session)
        for piece in pieces { try await writer.write(piece) }
        await #expect(throws: Fault.self) { try await store.open(.picture(upload), in: session) }
        #expect(try await writer.reading().size == 100_003)
        let digest = try await writer.commit(
            as: .picture(upload), with: [NamedBytes(.preview(upload, edge: 320), [1, 2])])
        let whole = pieces.flatMap(\.self)
        #expect(digest.bytes == whole.count)
        #expect(digest.sha256 == Self.hexadecimal(whole))
        #expect(try await store.read(.picture(upload), in: session) == whole)
        #expect(try await store.read(.preview(upload, edge: 320), in: session) == [1, 2])
        #expect(files() == ["\(session)", "\(session)/picture-\(upload)", "\(session)/preview-\(upload)-320.jpg"])
    }

    /// Around the sizes of a chunk and of what is gathered before it is written.
    static let sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 262_143, 262_144, 262_145, 327_680, 1_000_000]

    @Test("Content of every size comes back, whole and in parts, and as a file in memory", arguments: sizes)
    func everySize(size: Int) async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(size)
        let writer = try await store.begin(in: session)
        for start in stride(from: 0, to: size, by: 50_000) {
            try await writer.write(Array(content[start..<min(size, start + 50_000)]))
        }
        _ = try await writer.commit(as: .picture(upload), with: [])
        let file = try await store.open(.picture(upload), in: session)
        #expect(try await file.readAll() == content)
        for range in [0..<size, size / 3..<size / 2, max(0, size - 70_000)..<size, size..<size] {
            #expect(try await file.read(range) == Array(content[range]))
        }
        #expect(try await file.exposed().readAll() == content)
        let bytes = try stored()
        #expect(bytes.count == 40 + size + 28 * max(1, (size + 65_535) / 65_536))
    }

    @Test("Nothing of the content stands in the file, and two files of the same content differ")
    func sealed() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Array(String(repeating: "SMITH^JOHN ", count: 20_000).utf8)
        try await store.put(content, as: .picture(upload), in: session)
        let first = try stored()
        #expect(!String(decoding: first, as: UTF8.self).contains("SMITH"))
        try await store.put(content, as: .picture(upload), in: session)
        #expect(try stored() != first)
    }

    @Test("A changed, exchanged, dropped or added chunk is noticed, and so is another session's key")
    func tampering() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        try await store.put(Self.content(200_000), as: .picture(upload), in: session)
        let good = try stored()
        let chunk = 65_536 + 28
        var exchanged = good
        exchanged.replaceSubrange(40..<40 + chunk, with: good[40 + chunk..<40 + 2 * chunk])
        exchanged.replaceSubrange(40 + chunk..<40 + 2 * chunk, with: good[40..<40 + chunk])
        var spoilt: [[UInt8]] = [
            exchanged, Array(good.dropLast(good.count - 40 - 2 * chunk)), Array(good.prefix(40)),
            good + good[40..<40 + chunk], Array(good.dropLast()), Array(good.prefix(39)), [],
        ]
        for place in [0, 20, 41, 40 + chunk + 5, good.count - 1] {
            var changed = good
            changed[place] ^= 1
            spoilt.append(changed)
        }
        for bytes in spoilt {
            try replace(bytes)
            await #expect(throws: Fault.self, "\(bytes.count) bytes") {
                try await store.read(.picture(upload), in: session)
            }
        }
        try replace(good)
        let other = SessionID.make(at: .now)
        try FileManager.default.moveItem(
            at: root.appending(path: "\(session)"), to: root.appending(path: "\(other)"))
        await #expect(throws: Fault.self) { try await store.read(.picture(upload), in: other) }
    }

    @Test("A file under another name of its session doesn't open, however it was written")
    func exchanged() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let (received, inParts, other) = (upload, UploadID.make(at: .now), UploadID.make(at: .now))
        let writer = try await store.begin(in: session)
        try await writer.write(Self.content(70_000))
        _ = try await writer.commit(as: .picture(received), with: [])
        let reception = ReceptionID.make(at: .now)
        let second = try await store.begin(reception, in: session)
        try await second.write(Self.content(100))
        _ = try await second.commit(as: .picture(inParts), with: [NamedBytes(.preview(inParts, edge: 320), [1])])
        try await store.put([2], as: .picture(other), in: session)
        let folder = root.appending(path: "\(session)")
        let names: [(BlobName, String)] = [
            (.picture(received), "picture-\(received)"), (.picture(inParts), "picture-\(inParts)"),
            (.preview(inParts, edge: 320), "preview-\(inParts)-320.jpg"), (.picture(other), "picture-\(other)"),
        ]
        let files = try names.map { try Data(contentsOf: folder.appending(path: $0.1)) }
        for (index, (name, path)) in names.enumerated() {
            #expect(try await store.open(name, in: session).isBoundToName)
            for (number, file) in files.enumerated() where number != index {
                try file.write(to: folder.appending(path: path))
                await #expect(throws: Fault.self, "\(number) as \(name)") { try await store.open(name, in: session) }
            }
            // Neither its tag nor its version can be lent to another.
            for header in [files[index].prefix(40), Data("LBXF".utf8) + [1, 0, 0, 0] + files[(index + 1) % 4][8..<40]] {
                try (header + files[(index + 1) % 4].dropFirst(40)).write(to: folder.appending(path: path))
                await #expect(throws: Fault.self) { try await store.read(name, in: session) }
            }
            try files[index].write(to: folder.appending(path: path))
            _ = try await store.read(name, in: session)
        }
        // What is still being received is bound to its own name too.
        let receptions = [ReceptionID.make(at: .now), ReceptionID.make(at: .now)]
        for id in receptions {
            let writer = try await store.begin(id, in: session)
            try await writer.write([1])
            try await writer.flush()
            await writer.park()
        }
        let bytes = try Data(contentsOf: folder.appending(path: "reception-\(receptions[0])"))
        try bytes.write(to: folder.appending(path: "reception-\(receptions[1])"))
        await #expect(throws: Fault.self) { try await store.resume(receptions[1], in: session) }
    }

    /// A file as it was sealed before files were bound to their names.
    func ofVersion1(_ content: [UInt8]) async throws -> Data {
        let salt = [UInt8](repeating: 3, count: 32)
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: try await FixedKeys().key(of: session).bytes), salt: salt,
            info: Array("lightbox file".utf8), outputByteCount: 32)
        let place: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 1]
        let box = try AES.GCM.seal(content, using: key, authenticating: place)
        return Data("LBXF".utf8) + [1, 0, 0, 0] + salt + (box.combined ?? Data())
    }

    @Test("A file of version 1 opens; as a picture only if it is the one that was uploaded")
    func oldFiles() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(1000)
        try await store.put([1], as: .preview(upload, edge: 320), in: session)
        let path = root.appending(path: "\(session)/picture-\(upload)")
        try await ofVersion1(content).write(to: path)
        let file = try await store.open(.picture(upload), in: session)
        #expect(!file.isBoundToName)
        #expect(try await file.readAll() == content)
        let row = Upload(
            id: upload, sessionID: session, fileName: "a.png", bytes: 1000, sha256: Self.hexadecimal(content),
            inspection: .init(format: .png, width: 10, height: 10, bitsPerSample: 8, channels: 1, frames: 1),
            createdAt: .now)
        #expect(try await store.picture(of: row).readAll() == content)
        try await ofVersion1(Self.content(1001)).write(to: path)
        await #expect(throws: Fault.self) { try await store.picture(of: row) }
    }

    @Test("A part of a file that is read is verified, and no other chunk is touched")
    func partial() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(200_000)
        try await store.put(content, as: .picture(upload), in: session)
        var bytes = try stored()
        bytes[40 + 10] ^= 1
        try replace(bytes)
        let file = try await store.open(.picture(upload), in: session)
        #expect(try await file.read(70_000..<80_000) == Array(content[70_000..<80_000]))
        await #expect(throws: Fault.self) { try await file.read(0..<1) }
    }

    @Test("An upload in parts goes on after the process ended, wherever it stood", arguments: sizes)
    func resume(size: Int) async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(size + 10)
        let reception = ReceptionID.make(at: .now)
        let first = try await store.begin(reception, in: session)
        try await first.write(Array(content[..<size]))
        try await first.flush()
        await first.park()
        let second = try await self.store().resume(reception, in: session)
        #expect(await second.bytes == size)
        try await second.write(Array(content[size...]))
        #expect(try await second.reading().readAll() == content)
        let digest = try await second.commit(as: .picture(upload), with: [])
        #expect(digest.sha256 == Self.hexadecimal(content))
        #expect(try await store.read(.picture(upload), in: session) == content)
    }

    @Test("A chunk that was half written when the power went is given up, and no more")
    func torn() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(150_000)
        let reception = ReceptionID.make(at: .now)
        let writer = try await store.begin(reception, in: session)
        try await writer.write(content)
        try await writer.flush()
        await writer.park()
        try replace(Array(try stored().dropLast(5)))
        let resumed = try await store.resume(reception, in: session)
        #expect(await resumed.bytes == 131_072)
        try await resumed.write(Array(content[131_072...]))
        let digest = try await resumed.commit(as: .picture(upload), with: [])
        #expect(digest.sha256 == Self.hexadecimal(content))
    }

    @Test("What was whole, and not yet judged, can be gone on with")
    func finished() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(70_000)
        let reception = ReceptionID.make(at: .now)
        let writer = try await store.begin(reception, in: session)
        try await writer.write(content)
        _ = try await writer.reading()
        await writer.park()
        let resumed = try await store.resume(reception, in: session)
        #expect(await resumed.bytes == content.count)
        #expect(try await resumed.commit(as: .picture(upload), with: []).sha256 == Self.hexadecimal(content))
    }

    @Test("What is committed from parts can still be gone on with until it is abandoned, and then has one name")
    func committedReception() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(200_000)
        let reception = ReceptionID(uuid: upload.uuid)
        let writer = try await store.begin(reception, in: session)
        try await writer.write(content)
        _ = try await writer.commit(as: .picture(upload), with: [])
        // As after a start: the picture's row was never written, so that nobody owns its file.
        let kept = BlobName.reception(reception)
        let again = try self.store()
        #expect(try await again.sweep { name, _ in name == kept } == 1)
        let resumed = try await again.resume(reception, in: session)
        #expect(await resumed.bytes == content.count)
        #expect(try await resumed.commit(as: .picture(upload), with: []).sha256 == Self.hexadecimal(content))
        await resumed.abandon()
        #expect(files().filter { $0.contains("/") }.count == 1)
        #expect(try await again.read(.picture(upload), in: session) == content)
    }

    @Test("A part that is rolled back leaves nothing, neither in the content nor in the hash", arguments: sizes)
    func rollBack(size: Int) async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(size + 5)
        let writer = try await store.begin(ReceptionID.make(at: .now), in: session)
        try await writer.write(Array(content[..<size]))
        try await writer.setMark()
        try await writer.write([UInt8](repeating: 0, count: 400_000))
        try await writer.rollBack()
        #expect(await writer.bytes == size)
        try await writer.write(Array(content[size...]))
        let digest = try await writer.commit(as: .picture(upload), with: [])
        #expect(digest == BlobDigest(bytes: content.count, sha256: Self.hexadecimal(content)))
        #expect(try await store.read(.picture(upload), in: session) == content)
    }

    @Test("What was finished can't be changed any more")
    func finishedIsFinal() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let content = Self.content(70_000)
        let writer = try await store.begin(ReceptionID.make(at: .now), in: session)
        try await writer.write(content)
        try await writer.setMark()
        _ = try await writer.reading()
        await #expect(throws: Fault.self) { try await writer.write([1]) }
        await #expect(throws: Fault.self) { try await writer.flush() }
        await #expect(throws: Fault.self) { try await writer.rollBack() }
        await #expect(throws: Fault.self) { try await writer.setMark() }
        _ = try await writer.commit(as: .picture(upload), with: [])
        #expect(try await store.read(.picture(upload), in: session) == content)
    }

    @Test("What is abandoned leaves nothing")
    func abandon() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let writer = try await store.begin(in: session)
        try await writer.write([1])
        await writer.abandon()
        #expect(files() == ["\(session)"])
    }

    @Test("Names of sessions and kinds never meet")
    func names() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let names: [BlobName] = [
            .picture(upload), .preview(upload, edge: 320), .preview(upload, edge: 800), .samples(upload, frame: 0),
            .samples(upload, frame: 1),
            .report(ReportID(uuid: upload.uuid), .pdf, edition: ""),
            .report(ReportID(uuid: upload.uuid), .structuredReport, edition: "w0123456789ab"),
            .reportSnapshot(ReportID(uuid: upload.uuid)), .reportPicture(ReportID(uuid: upload.uuid)),
            .reception(ReceptionID(uuid: upload.uuid)),
        ]
        for (index, name) in names.enumerated() { try await store.put([UInt8(index)], as: name, in: session) }
        for (index, name) in names.enumerated() { #expect(try await store.read(name, in: session) == [UInt8(index)]) }
        await #expect(throws: Fault.self) { try await store.read(.picture(upload), in: .make(at: .now)) }
        #expect(files().count == names.count + 1)
        #expect(try await store.sweep { _, _ throws(Fault) in true } == 0, "each name is known again")
    }

    @Test("The sweep removes unfinished files and those without an owner, and nothing else")
    func sweep() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let other = UploadID.make(at: .now)
        try await store.put([1], as: .picture(upload), in: session)
        try await store.put([1], as: .picture(other), in: session)
        _ = try await store.begin(in: .make(at: .now)).write([1])
        let kept = upload
        let removed = try await store.sweep { name, _ throws(Fault) in name == .picture(kept) }
        #expect(removed == 2)
        #expect(files() == ["\(session)", "\(session)/picture-\(upload)"])
    }

    @Test("Files that are written at the same time are all there, each as it was")
    func together() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        let session = session
        let uploads = (0..<40).map { _ in UploadID.make(at: .now) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, id) in uploads.enumerated() {
                group.addTask { try await store.put([UInt8(index)], as: .picture(id), in: session) }
            }
            try await group.waitForAll()
        }
        for (index, id) in uploads.enumerated() {
            #expect(try await store.read(.picture(id), in: session) == [UInt8(index)])
        }
    }

    @Test("Erasing a session removes its folder")
    func erase() async throws {
        let store = try self.store()
        defer { try? FileManager.default.removeItem(at: root) }
        try await store.put([1], as: .picture(upload), in: session)
        try await store.deleteAll(in: session)
        try await store.deleteAll(in: session)
        #expect(files().isEmpty)
    }
}
