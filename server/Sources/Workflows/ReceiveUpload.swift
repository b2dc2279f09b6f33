public import Domain
public import Foundation
import Metrics
import Tracing

/// Receives a file: streams it to the disk while it is hashed and sealed, has the worker read it to its end, and keeps it
/// only if it is a picture. Of an archive each file is judged by itself. When this returns, what was kept is durable.
public struct ReceiveUpload: Sendable {
    let studies: any StudyStore
    let blobs: any BlobStore
    let engine: any PictureEngine
    let read: any TextReading
    let limits: Limits
    let audit: any Audit
    let now: @Sendable () -> Date

    /// - Parameter read: is told of every picture that was kept, to look for letters in it.
    public init(
        studies: any StudyStore, blobs: any BlobStore, engine: any PictureEngine, read: any TextReading,
        limits: Limits, audit: any Audit, now: @escaping @Sendable () -> Date
    ) {
        self.studies = studies
        self.blobs = blobs
        self.engine = engine
        self.read = read
        self.limits = limits
        self.audit = audit
        self.now = now
    }

    /// How long the parts of keeping a picture took.
    public struct Timing: Sendable {
        /// The worker read it and made previews.
        public var check: Duration
        /// It was named, synced, and its row written.
        public var commit: Duration
    }

    /// What came of a file.
    public enum Received: Sendable {
        case picture(Upload, Timing)
        /// At least one upload.
        case archive(uploads: [Upload], refused: [RefusedFile])
    }

    /// A file on its way in. Feed it with ``write(_:)``, then call ``finish(named:)`` or ``abandon()``.
    public struct Incoming: Sendable {
        let receive: ReceiveUpload
        let session: SessionID
        let writer: any BlobWriter
        private(set) var received = 0
        private let span = startSpan("receive")

        init(_ receive: ReceiveUpload, session: SessionID, writer: any BlobWriter) {
            self.receive = receive
            self.session = session
            self.writer = writer
        }

        /// - Throws: ``Fault/payloadTooLarge(limit:)`` as soon as the limit is passed.
        public mutating func write(_ bytes: ArraySlice<UInt8>) async throws(Fault) {
            received += bytes.count
            guard received <= receive.limits.picture.maxBytes else {
                throw .payloadTooLarge(limit: receive.limits.picture.maxBytes)
            }
            try await writer.write(bytes)
        }

        public func finish(named name: String?) async throws(Fault) -> Received {
            span.end()
            return try await receive.judge(writer, of: session, named: name)
        }

        public func abandon() async {
            span.end()
            await writer.abandon()
        }
    }

    /// - Parameter announced: the size that the sender announced, if any; refused before a byte is read.
    public func begin(in session: SessionID, announced: Int?) async throws(Fault) -> Incoming {
        // Of an archive that goes on where a process ended, the last picture may be there already.
        let isGoingOn = Making.current?.before.map { !$0.parts.isEmpty } ?? false
        if !isGoingOn { try await admit(in: session, announced: announced) }
        return Incoming(self, session: session, writer: try await blobs.begin(in: session))
    }

    /// Whether a file of this size may come.
    func admit(in session: SessionID, announced: Int?) async throws(Fault) {
        if let announced, announced > limits.picture.maxBytes {
            throw .payloadTooLarge(limit: limits.picture.maxBytes)
        }
        guard try await studies.uploads(in: session).count < limits.uploadsPerSession else {
            throw .tooManyUploads(limit: limits.uploadsPerSession)
        }
    }

    /// What was written is kept if it is a picture, and unpacked if it is an archive.
    ///
    /// - Parameter reception: what ends with it. Its file stays where a fault passes by itself (``Fault/isTransient``);
    ///   in every other case where nothing is kept it is gone.
    func judge(
        _ writer: any BlobWriter, of session: SessionID, named name: String?, ending reception: Reception? = nil
    ) async throws(Fault) -> Received {
        let began = ContinuousClock.now
        var outcome = "failed"
        defer {
            Counter(label: "lightbox_uploads_total", dimensions: [("outcome", outcome)]).increment()
            Metrics.Timer(label: "lightbox_upload_seconds").recordSeconds((ContinuousClock.now - began) / .seconds(1))
        }
        do throws(Fault) {
            let file = try await writer.reading()
            Recorder(label: "lightbox_upload_bytes", aggregate: true).record(file.size)
            if try await isArchive(file) {
                let (uploads, refused) = try await unpack(try await file.inMemory(), of: session)
                await writer.abandon()
                outcome = "archive"
                return .archive(uploads: uploads, refused: refused)
            }
            let (upload, timing) = try await keep(writer, file, of: session, named: name, ending: reception)
            outcome = "kept"
            // Its row is written, and with it the end of the reception.
            if reception != nil { await writer.abandon() }
            return .picture(upload, timing)
        } catch {
            if !error.isTransient { outcome = "refused" }
            if reception == nil || !error.isTransient { await writer.abandon() }
            throw error
        }
    }

    // MARK: - One picture

    private func keep(
        _ writer: any BlobWriter, _ file: any StoredFile, of session: SessionID, named name: String?,
        ending reception: Reception? = nil
    ) async throws(Fault) -> (Upload, Timing) {
        let began = ContinuousClock.now
        let picture = try await Step.run("inspect") { () throws(Fault) in try await inspect(file) }
        let checked = ContinuousClock.now
        // What came in parts keeps its id: a file that is committed twice, because a process ended in between, is one picture.
        let id = reception.map { UploadID(uuid: $0.id.uuid) } ?? .make(at: now())
        let previews = picture.previews.sorted { $0.key < $1.key }.map {
            NamedBytes(.preview(id, edge: $0.key), $0.value)
        }
        do throws(Fault) {
            let digest = try await writer.commit(as: .picture(id), with: previews)
            let upload = Upload(
                id: id, sessionID: session,
                fileName: FileName.display(name, fallback: "picture" + picture.inspection.format.fileExtensions[0]),
                bytes: digest.bytes, sha256: digest.sha256, inspection: picture.inspection, createdAt: now())
            try await studies.insert(upload, limit: limits.uploadsPerSession, ending: reception?.id)
            audit.record(.pictureReceived, on: "upload:\(id)", bytes: digest.bytes)
            read.look(at: upload)
            return (upload, Timing(check: checked - began, commit: .now - checked))
        } catch {
            try? await blobs.delete([.picture(id)] + previews.map(\.name), in: session)
            throw error
        }
    }

    private func inspect(_ file: any StoredFile) async throws(Fault) -> InspectedPicture {
        try await engineWork(on: file) { () throws(EngineFault) in
            try await engine.inspect(file, limits: limits.picture, previewEdges: limits.previewEdges)
        }
    }

    /// A worker that dies is given a second chance, because its death may have had another cause than this file.
    private func engineWork<Value>(
        on file: any StoredFile, _ work: () async throws(EngineFault) -> Value
    ) async throws(Fault) -> Value {
        for _ in 1...2 {
            do throws(EngineFault) {
                return try await work()
            } catch {
                switch error {
                case .picture(let fault): throw .picture(fault)
                case .workerDied, .timedOut: continue
                case .unavailable, .cancelled, .failed: throw .engineUnavailable
                }
            }
        }
        audit.record(.pictureQuarantined, bytes: file.size)
        throw .pictureQuarantined
    }

    // MARK: - An archive

    /// By its first bytes, which are only compared here.
    ///
    /// - Throws: ``Fault/nothingReadable(_:)`` for one that is empty.
    private func isArchive(_ file: any StoredFile) async throws(Fault) -> Bool {
        guard file.size >= 4 else { return false }
        let beginning = try await file.read(0..<4)
        if beginning == Array("PK\u{5}\u{6}".utf8) { throw .nothingReadable([]) }
        return beginning == Array("PK\u{3}\u{4}".utf8)
    }

    private func unpack(
        _ archive: any StoredFile, of session: SessionID
    ) async throws(Fault) -> (uploads: [Upload], refused: [RefusedFile]) {
        let entries = try await engineWork(on: archive) { () throws(EngineFault) in
            try await engine.list(archive, limits: limits.picture, archive: limits.archive)
        }
        var uploads: [Upload] = []
        var refused: [RefusedFile] = []
        for (number, entry) in entries.enumerated() {
            do throws(Fault) {
                uploads.append(try await keep(entry, number, of: archive, in: session))
            } catch {
                guard !error.isTransient, let refusal = RefusedFile(entry.name, error) else {
                    for upload in uploads {
                        guard let names = try? await studies.deleteUpload(upload.id, in: session) else { continue }
                        try? await blobs.delete(names, in: session)
                    }
                    throw error
                }
                refused.append(refusal)
            }
        }
        guard !uploads.isEmpty else { throw .nothingReadable(refused) }
        return (uploads, refused)
    }

    private func keep(
        _ entry: ArchiveEntry, _ number: Int, of archive: any StoredFile, in session: SessionID
    ) async throws(Fault) -> Upload {
        if let making = Making.current {
            // The same request was interrupted after this one.
            if let id = making.before?.parts[number].flatMap({ UploadID($0) }),
                let upload = try await studies.upload(id, in: session)
            {
                return upload
            }
            making.enter(part: number)
        }
        try await admit(in: session, announced: entry.bytes)
        let unpacked = try await engineWork(on: archive) { () throws(EngineFault) in
            try await engine.extract(entry, of: archive, limits: limits.picture, archive: limits.archive)
        }
        let writer = try await blobs.begin(in: session)
        do throws(Fault) {
            var start = 0
            while start < unpacked.size {
                let end = min(unpacked.size, start + 1 << 20)
                try await writer.write(try await unpacked.read(start..<end))
                start = end
            }
            return try await keep(writer, try await writer.reading(), of: session, named: entry.name).0
        } catch {
            await writer.abandon()
            throw error
        }
    }
}

extension RefusedFile {
    public static let quarantined =
        "Reading this file stopped the reader twice, so it wasn't kept. Export it again."

    public static func tooLarge(_ limit: Int) -> String { "A file may have at most \(limit / 1_048_576) MiB." }

    public static func tooMany(_ limit: Int) -> String {
        "A session holds at most \(limit) pictures. Remove one first."
    }

    /// What a fault says of one file; nil where it says nothing of the file itself.
    init?(_ name: String, _ fault: Fault) {
        switch fault {
        case .picture(let picture): self.init(fileName: name, code: picture.code.rawValue, detail: picture.message)
        case .pictureQuarantined: self.init(fileName: name, code: "picture-quarantined", detail: Self.quarantined)
        case .payloadTooLarge(let limit):
            self.init(fileName: name, code: "payload-too-large", detail: Self.tooLarge(limit))
        case .tooManyUploads(let limit):
            self.init(fileName: name, code: "too-many-uploads", detail: Self.tooMany(limit))
        default: return nil
        }
    }
}
