public import Domain
public import Foundation

/// Receives one picture: streams it to the disk while it is hashed, has the worker read it to its end, and keeps it only
/// if it is a picture. When this returns, the upload is durable.
public struct ReceiveUpload: Sendable {
    let studies: any StudyStore
    let blobs: any BlobStore
    let engine: any PictureEngine
    let limits: Limits
    let now: @Sendable () -> Date

    public init(
        studies: any StudyStore, blobs: any BlobStore, engine: any PictureEngine, limits: Limits,
        now: @escaping @Sendable () -> Date
    ) {
        self.studies = studies
        self.blobs = blobs
        self.engine = engine
        self.limits = limits
        self.now = now
    }

    /// A picture on its way in. Feed it with ``write(_:)``, then call ``finish(named:)`` or ``abandon()``.
    public struct Reception: Sendable {
        let receive: ReceiveUpload
        let session: SessionID
        let writer: any BlobWriter
        private(set) var received = 0

        init(_ receive: ReceiveUpload, session: SessionID, writer: any BlobWriter) {
            self.receive = receive
            self.session = session
            self.writer = writer
        }

        /// - Throws: ``Fault/payloadTooLarge(limit:)`` as soon as the limit is passed.
        public mutating func write(_ bytes: [UInt8]) async throws(Fault) {
            received += bytes.count
            guard received <= receive.limits.picture.maxBytes else {
                throw .payloadTooLarge(limit: receive.limits.picture.maxBytes)
            }
            try await writer.write(bytes)
        }

        public func finish(named name: String?) async throws(Fault) -> Upload {
            try await receive.keep(writer, of: session, named: name)
        }

        public func abandon() async {
            await writer.abandon()
        }
    }

    /// - Parameter announced: the size that the sender announced, if any; refused before a byte is read.
    public func begin(in session: SessionID, announced: Int?) async throws(Fault) -> Reception {
        if let announced, announced > limits.picture.maxBytes {
            throw .payloadTooLarge(limit: limits.picture.maxBytes)
        }
        guard try await studies.uploads(in: session).count < limits.uploadsPerSession else {
            throw .tooManyUploads(limit: limits.uploadsPerSession)
        }
        return Reception(self, session: session, writer: try await blobs.begin(in: session))
    }

    private func keep(_ writer: any BlobWriter, of session: SessionID, named name: String?) async throws(Fault)
        -> Upload
    {
        let id = UploadID.make(at: now())
        do throws(Fault) {
            let picture = try await inspect(try await writer.reading())
            _ = try await blobs.put(picture.preview, as: .preview(id), in: session)
            let digest = try await writer.commit(as: .picture(id))
            let upload = Upload(
                id: id, sessionID: session,
                fileName: FileName.display(name, fallback: "picture" + picture.inspection.format.fileExtensions[0]),
                bytes: digest.bytes, sha256: digest.sha256, inspection: picture.inspection, createdAt: now())
            try await studies.insert(upload, limit: limits.uploadsPerSession)
            return upload
        } catch {
            await writer.abandon()
            try? await blobs.delete([.picture(id), .preview(id)], in: session)
            throw error
        }
    }

    /// A worker that dies is given a second chance, because its death may have had another cause than this picture.
    private func inspect(_ file: OpenFile) async throws(Fault) -> InspectedPicture {
        for _ in 1...2 {
            do throws(EngineFault) {
                return try await engine.inspect(file, limits: limits.picture, previewEdge: limits.previewEdge)
            } catch {
                switch error {
                case .picture(let fault): throw .picture(fault)
                case .workerDied, .timedOut: continue
                case .unavailable, .cancelled, .failed: throw .engineUnavailable
                }
            }
        }
        throw .pictureQuarantined
    }
}
